"""What pools are worth: baselines, outcomes, and the totals that the market is told."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0010"
down_revision = "0009"

UP = """
create table pool_baseline (
  pool_id uuid not null constraint fk_pool_baseline_pool_id references pool (id),
  number bigint not null,
  made_at timestamptz not null default statement_timestamp(),
  saving_pence bigint not null,
  low_pence bigint not null,
  high_pence bigint not null,
  model jsonb not null,
  members jsonb not null,
  constraint pk_pool_baseline primary key (pool_id, number)
);
create table pool_outcome (
  pool_id uuid not null,
  body_code text not null,
  before_pence bigint not null constraint ck_pool_outcome_before_pence check (before_pence > 0),
  after_pence bigint not null constraint ck_pool_outcome_after_pence check (after_pence > 0),
  person_name text not null,
  told_at timestamptz not null default statement_timestamp(),
  constraint pk_pool_outcome primary key (pool_id, body_code),
  constraint fk_pool_outcome_pool_member foreign key (pool_id, body_code)
    references pool_member (pool_id, body_code)
);
create table pool_total (
  pool_id uuid not null constraint fk_pool_total_pool_id references pool (id),
  number bigint not null,
  council_count bigint not null,
  value_pence bigint not null,
  told_at timestamptz not null default statement_timestamp(),
  constraint pk_pool_total primary key (pool_id, number)
);
create table pool_total_basis (
  pool_id uuid not null,
  number bigint not null,
  contributors text[] not null,
  constraint pk_pool_total_basis primary key (pool_id, number),
  constraint fk_pool_total_basis_pool_total foreign key (pool_id, number) references pool_total (pool_id, number)
);

alter table pool_baseline enable row level security;
alter table pool_outcome enable row level security;
alter table pool_total enable row level security;
alter table pool_total_basis enable row level security;
grant select on pool_baseline, pool_total to bt_app;
grant select, insert on pool_outcome to bt_app;
grant update (before_pence, after_pence, person_name, told_at) on pool_outcome to bt_app;
grant select, insert on pool_baseline, pool_outcome, pool_total, pool_total_basis to bt_jobs;
create policy pool_baseline_jobs on pool_baseline to bt_jobs using (true) with check (true);
create policy pool_outcome_jobs on pool_outcome to bt_jobs using (true) with check (true);
create policy pool_total_jobs on pool_total to bt_jobs using (true) with check (true);
create policy pool_total_basis_jobs on pool_total_basis to bt_jobs using (true) with check (true);

create policy pool_baseline_read on pool_baseline for select to bt_app using (
  (select app.has_role('sector_lead')) or pool_id = any ((select app.my_pools())::uuid[]));
create policy pool_outcome_read on pool_outcome for select to bt_app using (
  (select app.has_role('sector_lead')) or pool_id = any ((select app.my_pools())::uuid[]));
create policy pool_outcome_add on pool_outcome for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer')));
create policy pool_outcome_change on pool_outcome for update to bt_app using (
  body_code = (select app.body_code()) and (select app.has_role('officer')));
-- Whoever may read a pool may read what the market is told of it.
create policy pool_total_read on pool_total for select to bt_app using (
  exists (select from pool p where p.id = pool_id));

-- What pools that are through tell about the volume curve: ratios alone, never whose.
create function app.pool_observations(wanted text) returns table (volume_ratio double precision,
    price_ratio double precision)
  language sql stable security definer set search_path = pg_catalog, public as $$
  with brought as (
    select s.pool_id, s.body_code, sum(s.value_pence)::double precision as own,
        sum(sum(s.value_pence)) over (partition by s.pool_id)::double precision as joint
      from pool_stake s join pool_member m on m.pool_id = s.pool_id and m.body_code = s.body_code
      where s.active and m.stage = 'bound' group by s.pool_id, s.body_code)
  select b.joint / b.own, o.after_pence::double precision / o.before_pence
    from pool_outcome o join pool p on p.id = o.pool_id
      join brought b on b.pool_id = o.pool_id and b.body_code = o.body_code
    where p.category = wanted and p.state in ('handed_over','closed') and not p.demonstration
    order by 1, 2
$$;
revoke execute on function app.pool_observations(text) from public;
grant execute on function app.pool_observations(text) to bt_app, bt_jobs;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    op.execute("drop function app.pool_observations(text)")
    for table in ("pool_total_basis", "pool_total", "pool_outcome", "pool_baseline"):
        op.drop_table(table)
