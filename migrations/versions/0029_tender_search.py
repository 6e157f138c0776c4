"""What a search for tenders reads, on the tender's own row: its words, value, size and regions."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0029"
down_revision = "0028"

UP = """
alter table tender add words tsvector, add gross_pence bigint, add suits_small_firms boolean not null default false,
  add region_codes text[] not null default '{}'::text[];
create index ix_tender_words on tender using gin (words);
create index ix_tender_published_at on tender (published_at) where published_at is not null;
grant update (words, gross_pence, suits_small_firms, region_codes) on tender to bt_app;

-- Tenders of before; from now on whoever changes one writes it. A published one cannot be changed, but by this.
alter table tender disable trigger tg_guard_tender;
update tender t set
  words = setweight(to_tsvector('english', t.title), 'A') || setweight(to_tsvector('english', t.description
    || coalesce((select string_agg(' ' || l.title || ' ' || l.description, '') from tender_lot l
                 where l.tender_id = t.id), '')), 'B')
    || setweight(to_tsvector('english', coalesce((select string_agg(r.text, ' ') from tender_requirement r
                                                  where r.tender_id = t.id), '')), 'C'),
  gross_pence = (select case when count(*) = count(l.gross_pence) then sum(l.gross_pence) end
    from tender_lot l where l.tender_id = t.id),
  suits_small_firms = exists (select from tender_lot l where l.tender_id = t.id and l.small_firms),
  region_codes = coalesce((select array_agg(distinct o.region_code order by o.region_code)
    from tender_buyer b join organisation o on o.code = b.body_code
    where b.tender_id = t.id and o.region_code is not null), '{}');
alter table tender enable trigger tg_guard_tender;
"""

DOWN = """
drop index ix_tender_published_at, ix_tender_words;
alter table tender drop words, drop gross_pence, drop suits_small_firms, drop region_codes;
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(UP)


def downgrade() -> None:
    _run(DOWN)
