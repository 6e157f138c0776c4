"""What a firm says of its own size and kind; an award keeps what its suppliers had said by then."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0058"
down_revision = "0057"

UP = """
create table firm_size (
  organisation_id uuid constraint pk_firm_size primary key
    constraint fk_firm_size_organisation_id references organisation (id),
  size text not null constraint ck_firm_size_size check (size in ('micro','small','medium','large')),
  voluntary boolean,
  supported boolean,
  declared_by text not null,
  declared_at timestamptz not null default statement_timestamp()
);
alter table firm_size enable row level security;
grant select, insert (organisation_id, size, voluntary, supported, declared_by),
  update (size, voluntary, supported, declared_by, declared_at) on firm_size to bt_app;
create policy firm_size_own on firm_size to bt_app
  using (organisation_id = (select app.organisation()) and (select app.has_role('supplier')))
  with check (organisation_id = (select app.organisation()) and (select app.has_role('supplier')));
-- Buyers read it of suppliers whose names they read: after the opening, once the chair has shown them.
create policy firm_size_opened on firm_size for select to bt_app using (
  exists (select from opened_name n where n.organisation_id = firm_size.organisation_id)
  or exists (select from opened_member m where m.organisation_id = firm_size.organisation_id));
-- The worker brings the demonstration world's in, and reads none.
grant insert on firm_size to bt_jobs;
create policy firm_size_jobs on firm_size for insert to bt_jobs with check (true);

alter table award_party
  add column size text constraint ck_award_party_size check (size in ('micro','small','medium','large')),
  add column voluntary boolean,
  add column supported boolean;

-- How many responses to challenges come from small and medium-sized firms, for everybody. Challenges are counted in the
-- order of their deadlines, and always so many at once that four firms are in them: two counts, one taken from the
-- other, then tell nothing of a firm.
create function app.sizes_of_entrants() returns table (responses bigint, small bigint, large bigint)
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
declare
  one uuid;
  waiting uuid[] := '{}';
  told uuid[] := '{}';
begin
  for one in select c.id from challenge c
      where c.published_at is not null and c.state <> 'withdrawn' and c.responses_due_at <= statement_timestamp()
      order by c.responses_due_at, c.id loop
    waiting := waiting || one;
    if (select count(distinct r.organisation_id) >= 4 from challenge_submission s
        join challenge_response r on r.id = s.response_id
        where s.counts and s.challenge_id = any (waiting)) then
      told := told || waiting;
      waiting := '{}';
    end if;
  end loop;
  return query select count(*), count(*) filter (where f.size <> 'large'), count(*) filter (where f.size = 'large')
    from challenge_submission s join challenge_response r on r.id = s.response_id
    left join firm_size f on f.organisation_id = r.organisation_id
    where s.counts and s.challenge_id = any (told);
end $$;
revoke execute on function app.sizes_of_entrants() from public;
grant execute on function app.sizes_of_entrants() to bt_app;
"""

DOWN = """
drop function app.sizes_of_entrants();
alter table award_party drop column supported, drop column voluntary, drop column size;
drop table firm_size;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
