"""What a supplier thinks of a tender before it answers: for that supplier alone."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0032"
down_revision = "0031"

UP = """
create table tender_fit (
  tender_id uuid not null constraint fk_tender_fit_tender_id references tender (id),
  organisation_id uuid not null constraint fk_tender_fit_organisation_id references organisation (id),
  key text not null constraint ck_tender_fit_key check (key ~ '^[a-z]+(_[0-9]+)?$'),
  answer text not null default '' constraint ck_tender_fit_answer check (answer in ('','yes','not_yet','cannot')),
  note text not null default '',
  person_name text not null,
  changed_at timestamptz not null default statement_timestamp(),
  constraint pk_tender_fit primary key (tender_id, organisation_id, key)
);
alter table tender_fit enable row level security;
grant select, insert, update (answer, note, person_name, changed_at), delete on tender_fit to bt_app;
create policy tender_fit_own on tender_fit to bt_app
  using (organisation_id = (select app.organisation()) and (select app.has_role('supplier')))
  with check (organisation_id = (select app.organisation()) and (select app.has_role('supplier'))
    and app.public_tender(tender_id));
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    op.execute("drop table tender_fit")
