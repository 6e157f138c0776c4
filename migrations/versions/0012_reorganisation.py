"""Councils that merge: who is to come, whose contracts follow whom, and what merging councils may read."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0012"
down_revision = "0011"

UP = """
alter table organisation drop constraint ck_organisation_kind;
alter table organisation add constraint ck_organisation_kind check (kind in ('council','planned_council',
  'former_council','combined_authority','purchasing_body','sector_body','supplier'));

-- Whose it was before a council took over from another.
alter table need add column from_code text;
alter table contract add column from_code text;

create table succession_choice (
  kind text not null constraint ck_succession_choice_kind check (kind in ('contract','need')),
  subject_id uuid not null,
  body_code text not null,
  successor_code text not null,
  person_name text not null,
  chosen_at timestamptz not null default statement_timestamp(),
  constraint pk_succession_choice primary key (kind, subject_id)
);
create table succession_followed (
  predecessor_code text not null,
  successor_code text not null,
  followed_at timestamptz not null default statement_timestamp(),
  moved jsonb not null,
  constraint pk_succession_followed primary key (predecessor_code, successor_code)
);

-- Today's councils that will be, or are, one with the session's own: those that share a successor with it, the
-- successor itself, and for a successor its predecessors.
create function app.merging_codes() returns text[] language sql stable security definer
  set search_path = pg_catalog, public as $$
  with own as (select id from organisation where id = app.organisation()),
    successors as (select successor_id from organisation_succession where predecessor_id in (select id from own)
      union select id from own where exists (select from organisation_succession s where s.successor_id = own.id)),
    all_in as (select predecessor_id as id from organisation_succession
      where successor_id in (select successor_id from successors)
      union select successor_id from successors)
  select coalesce(array_agg(o.code), '{}') from organisation o
    where o.id in (select id from all_in) and app.of_council() $$;
revoke execute on function app.merging_codes() from public;
grant execute on function app.merging_codes() to bt_app, bt_jobs;

alter table succession_choice enable row level security;
alter table succession_followed enable row level security;
grant select, insert on succession_choice to bt_app;
grant update (successor_code, person_name, chosen_at) on succession_choice to bt_app;
grant select on succession_followed to bt_app;
grant select, insert, update on succession_choice, succession_followed to bt_jobs;
create policy succession_choice_jobs on succession_choice to bt_jobs using (true) with check (true);
create policy succession_followed_jobs on succession_followed to bt_jobs using (true) with check (true);
create policy succession_choice_read on succession_choice for select to bt_app using (
  body_code = any ((select app.merging_codes())::text[]));
create policy succession_choice_add on succession_choice for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer')));
create policy succession_choice_change on succession_choice for update to bt_app using (
  body_code = (select app.body_code()) and (select app.has_role('officer')));
create policy succession_followed_read on succession_followed for select to bt_app using (
  (select app.of_council()) or (select app.has_role('sector_lead')) or (select app.has_role('operator')));

-- Councils that become one look at their contracts together before they do.
create policy contract_merging on contract for select to bt_app using (
  body_code = any ((select app.merging_codes())::text[]));
"""
DOWN = """
drop policy contract_merging on contract;
drop table succession_followed;
drop table succession_choice;
drop function app.merging_codes();
alter table need drop column from_code;
alter table contract drop column from_code;
delete from organisation_succession where successor_id in (select id from organisation where kind = 'planned_council');
delete from organisation where kind = 'planned_council';
alter table organisation drop constraint ck_organisation_kind;
alter table organisation add constraint ck_organisation_kind check (kind in ('council','former_council',
  'combined_authority','purchasing_body','sector_body','supplier'));
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(UP)


def downgrade() -> None:
    _run(DOWN)
