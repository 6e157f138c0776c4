"""Suggested pools: runs of the search, what each proposes, and what people wish of the next."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0015"
down_revision = "0014"

TABLES = """
create table suggestion_run (
  id uuid constraint pk_suggestion_run primary key,
  made_at timestamptz not null default statement_timestamp(),
  seconds double precision not null,
  need_count bigint not null,
  pooled_count bigint not null,
  pool_count bigint not null,
  left_out jsonb not null,
  objective_pence bigint not null,
  bound_pence bigint not null,
  gap_share double precision not null,
  greedy_pence bigint not null,
  part_count bigint not null,
  settled_count bigint not null,
  searched_count bigint not null,
  wish_count bigint not null,
  model jsonb not null
);
create index ix_suggestion_run_made_at on suggestion_run (made_at);

create table suggestion_kept (
  run_id uuid constraint pk_suggestion_kept primary key
    constraint fk_suggestion_kept_run_id references suggestion_run (id) on delete cascade,
  kept jsonb not null
);

create table suggested_pool (
  id uuid constraint pk_suggested_pool primary key,
  run_id uuid not null constraint fk_suggested_pool_run_id references suggestion_run (id) on delete cascade,
  category text not null,
  region_code text,
  first_start_on date not null,
  last_start_on date not null,
  need_count bigint not null,
  council_count bigint not null,
  joint_value_pence bigint not null,
  saving_pence bigint not null,
  saving_low_pence bigint not null,
  saving_high_pence bigint not null,
  demonstration boolean not null default false
);
create index ix_suggested_pool_run_id on suggested_pool (run_id, category);

create table suggested_need (
  pool_id uuid not null constraint fk_suggested_need_pool_id references suggested_pool (id) on delete cascade,
  need_id uuid not null constraint fk_suggested_need_need_id references need (id),
  body_code text not null,
  value_pence bigint not null,
  first_start_on date not null,
  last_start_on date not null,
  fair_pence bigint not null,
  proportional_pence bigint not null,
  constraint pk_suggested_need primary key (pool_id, need_id)
);
create index ix_suggested_need_need_id on suggested_need (need_id);
create index ix_suggested_need_body_code on suggested_need (body_code);

create table suggestion_wish (
  id uuid constraint pk_suggestion_wish primary key,
  kind text not null constraint ck_suggestion_wish_kind check (kind in ('together','inside','apart','out')),
  need_ids uuid[] not null,
  body_code text not null,
  body_codes text[] not null,
  person_id uuid not null,
  person_name text not null,
  reason text not null constraint ck_suggestion_wish_reason check (reason <> ''),
  set_aside text not null default '',
  made_at timestamptz not null default statement_timestamp(),
  ended_at timestamptz,
  ended_by_name text not null default '',
  constraint ck_suggestion_wish_need_ids check (cardinality(need_ids) between 1 and 12)
);
create index ix_suggestion_wish_body_codes on suggestion_wish using gin (body_codes) where ended_at is null;
"""

RIGHTS = """
-- Which needs are in a pool that is alive: ids only, so that nobody is proposed what is bought elsewhere.
create function app.needs_in_pools() returns setof uuid language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select s.need_id from public.pool_stake s join public.pool p on p.id = s.pool_id
        where s.active and p.state in ('forming','agreeing','committed','handed_over') $$;
revoke execute on function app.needs_in_pools() from public;
grant execute on function app.needs_in_pools() to bt_app, bt_jobs;

alter table suggestion_run enable row level security;
alter table suggestion_kept enable row level security;
alter table suggested_pool enable row level security;
alter table suggested_need enable row level security;
alter table suggestion_wish enable row level security;
grant select on suggestion_run, suggested_pool, suggested_need, suggestion_wish to bt_app;
grant insert on suggestion_wish to bt_app;
grant update (ended_at, ended_by_name) on suggestion_wish to bt_app;
grant select, insert, update, delete on suggestion_run, suggestion_kept, suggested_pool, suggested_need to bt_jobs;
grant select, insert, update on suggestion_wish to bt_jobs;
create policy suggestion_run_jobs on suggestion_run to bt_jobs using (true) with check (true);
create policy suggestion_kept_jobs on suggestion_kept to bt_jobs using (true) with check (true);
create policy suggested_pool_jobs on suggested_pool to bt_jobs using (true) with check (true);
create policy suggested_need_jobs on suggested_need to bt_jobs using (true) with check (true);
create policy suggestion_wish_jobs on suggestion_wish to bt_jobs using (true) with check (true);

create policy suggestion_run_read on suggestion_run for select to bt_app using (
  (select app.of_council()) or (select app.has_role('sector_lead')));
create policy suggested_pool_read on suggested_pool for select to bt_app using (
  (select app.of_council()) or (select app.has_role('sector_lead')));
-- A need that its council took back is no longer shown: the policy of needs decides once more.
create policy suggested_need_read on suggested_need for select to bt_app using (
  ((select app.of_council()) or (select app.has_role('sector_lead')))
  and exists (select from need n where n.id = need_id and n.state = 'open'));

-- Whoever's need a wish names may read it, and end it.
create policy suggestion_wish_read on suggestion_wish for select to bt_app using (
  (select app.has_role('sector_lead'))
  or ((select app.of_council()) and body_codes @> array[(select app.body_code())]));
create policy suggestion_wish_add on suggestion_wish for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer'))
  and person_id = (select app.person()) and ended_at is null
  and exists (select from need n where n.id = any (need_ids) and n.body_code = suggestion_wish.body_code)
  and (select count(*) from need n where n.id = any (need_ids)) = cardinality(need_ids)
  and body_codes @> array(select n.body_code from need n where n.id = any (need_ids))
  and body_codes <@ array(select n.body_code from need n where n.id = any (need_ids)));
create policy suggestion_wish_end on suggestion_wish for update to bt_app using (
  (select app.has_role('officer')) and body_codes @> array[(select app.body_code())]);
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(TABLES + RIGHTS)


def downgrade() -> None:
    for table in ("suggestion_wish", "suggested_need", "suggested_pool", "suggestion_kept", "suggestion_run"):
        op.drop_table(table)
    op.execute("drop function app.needs_in_pools()")
