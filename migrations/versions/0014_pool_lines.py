"""Requirements of pools: lines, what each council says to them, votes, what suppliers said."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0014"
down_revision = "0013"

TABLES = """
create table pool_line (
  id uuid constraint pk_pool_line primary key,
  pool_id uuid not null constraint fk_pool_line_pool_id references pool (id),
  position bigint not null,
  text text not null constraint ck_pool_line_text check (text <> ''),
  body_code text not null,
  need_id uuid constraint fk_pool_line_need_id references need (id),
  outcome text constraint ck_pool_line_outcome check (outcome in ('common','lot','option','dropped')),
  lot text not null default '',
  reworded_at timestamptz,
  added_at timestamptz not null default statement_timestamp(),
  constraint uq_pool_line_position unique (pool_id, position),
  constraint uq_pool_line_id unique (pool_id, id),
  constraint ck_pool_line_lot check ((outcome is not distinct from 'lot') = (lot <> ''))
);

create table pool_stance (
  pool_id uuid not null,
  line_id uuid not null,
  body_code text not null,
  stance text not null constraint ck_pool_stance_stance check (stance in ('must','nice','accept','cannot')),
  reason text not null default '',
  person_name text not null,
  changed_at timestamptz not null default statement_timestamp(),
  constraint pk_pool_stance primary key (line_id, body_code),
  constraint fk_pool_stance_pool_line foreign key (pool_id, line_id) references pool_line (pool_id, id),
  constraint fk_pool_stance_pool_member foreign key (pool_id, body_code)
    references pool_member (pool_id, body_code)
);
create index ix_pool_stance_pool_id on pool_stance (pool_id);

create table pool_vote (
  id uuid constraint pk_pool_vote primary key,
  pool_id uuid not null,
  line_id uuid not null,
  question text not null,
  choices text[] not null constraint ck_pool_vote_choices check (
    cardinality(choices) >= 2 and choices <@ array['common','lot','option','dropped']),
  lot text not null default '',
  weighed_by text not null constraint ck_pool_vote_weighed_by check (weighed_by in ('council','volume','value')),
  weights jsonb not null,
  opened_by text not null,
  opened_at timestamptz not null default statement_timestamp(),
  closes_at timestamptz not null,
  closed_at timestamptz,
  closed_by text not null default '',
  outcome text constraint ck_pool_vote_outcome check (outcome = any (choices)),
  ending text not null default '',
  tally jsonb not null default '{}'::jsonb,
  constraint uq_pool_vote_id unique (pool_id, id),
  constraint fk_pool_vote_pool_line foreign key (pool_id, line_id) references pool_line (pool_id, id)
);
create unique index uq_pool_vote_open on pool_vote (line_id) where closed_at is null;
create index ix_pool_vote_closes_at on pool_vote (closes_at) where closed_at is null;
create index ix_pool_vote_pool_id on pool_vote (pool_id);

create table pool_ballot (
  pool_id uuid not null,
  vote_id uuid not null,
  body_code text not null,
  choice text not null,
  person_id uuid not null,
  person_name text not null,
  cast_at timestamptz not null default statement_timestamp(),
  constraint pk_pool_ballot primary key (vote_id, body_code),
  constraint fk_pool_ballot_pool_vote foreign key (pool_id, vote_id) references pool_vote (pool_id, id),
  constraint fk_pool_ballot_pool_member foreign key (pool_id, body_code)
    references pool_member (pool_id, body_code)
);

create table pool_sounding (
  id uuid constraint pk_pool_sounding primary key,
  pool_id uuid not null,
  line_id uuid not null,
  supplier_name text not null constraint ck_pool_sounding_supplier_name check (supplier_name <> ''),
  can_meet boolean not null,
  note text not null default '',
  body_code text not null,
  person_name text not null,
  said_at timestamptz not null default statement_timestamp(),
  constraint fk_pool_sounding_pool_line foreign key (pool_id, line_id) references pool_line (pool_id, id)
);
create index ix_pool_sounding_pool_id on pool_sounding (pool_id);

create table pool_line_change (
  id uuid constraint pk_pool_line_change primary key,
  pool_id uuid not null,
  line_id uuid not null,
  body_code text,
  person_id uuid,
  person_name text not null,
  what text not null constraint ck_pool_line_change_what check (
    what in ('added','reworded','stance','outcome','vote opened','vote closed')),
  before text not null default '',
  after text not null default '',
  reason text not null default '',
  at timestamptz not null default statement_timestamp(),
  constraint fk_pool_line_change_pool_line foreign key (pool_id, line_id) references pool_line (pool_id, id)
);
create index ix_pool_line_change_line_id on pool_line_change (line_id);
"""

# A hard need stays hard, whoever writes: see procurement.rules.pools.lines, which says so in words first.
HARD = """
create function app.check_line_outcome() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
declare
  barring text := case new.outcome when 'dropped' then 'must' when 'common' then 'cannot' end;
begin
  if exists (
    select from pool_stance s join pool_member m on m.pool_id = s.pool_id and m.body_code = s.body_code
    where s.line_id = new.id and s.stance = barring and m.stage <> 'withdrawn') then
    raise exception 'a council says %, so the line cannot be %', barring, new.outcome
      using errcode = 'check_violation', constraint = 'line_outcome';
  end if;
  return new;
end $$;
create trigger tg_line_outcome before insert or update of outcome on pool_line
  for each row when (new.outcome is not null) execute function app.check_line_outcome();
revoke execute on function app.check_line_outcome() from public;
"""

RIGHTS = """
grant select, insert on pool_line, pool_stance, pool_vote, pool_ballot, pool_sounding, pool_line_change to bt_app;
grant update (text, outcome, lot, reworded_at) on pool_line to bt_app;
grant update (stance, reason, person_name, changed_at) on pool_stance to bt_app;
grant update (closed_at, closed_by, outcome, ending, tally) on pool_vote to bt_app;
grant update (choice, person_id, person_name, cast_at) on pool_ballot to bt_app;
grant select, insert, update on pool_line, pool_stance, pool_vote, pool_ballot to bt_jobs;
grant select, insert on pool_sounding, pool_line_change to bt_jobs;

create policy pool_line_add on pool_line for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer'))
  and pool_id = any ((select app.my_pools())::uuid[]) and outcome is null);
create policy pool_line_change on pool_line for update to bt_app using (
  pool_id = any ((select app.my_led_pools())::uuid[]) and (select app.has_role('officer')));

create policy pool_stance_add on pool_stance for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer'))
  and pool_id = any ((select app.my_pools())::uuid[]));
create policy pool_stance_change on pool_stance for update to bt_app using (
  body_code = (select app.body_code()) and (select app.has_role('officer'))
  and pool_id = any ((select app.my_pools())::uuid[]));

create policy pool_vote_add on pool_vote for insert to bt_app with check (
  pool_id = any ((select app.my_led_pools())::uuid[]) and (select app.has_role('officer'))
  and closed_at is null and closes_at > statement_timestamp());
create policy pool_vote_change on pool_vote for update to bt_app using (
  pool_id = any ((select app.my_led_pools())::uuid[]) and (select app.has_role('officer')) and closed_at is null)
  with check (pool_id = any ((select app.my_led_pools())::uuid[]));

-- By the database's clock: a ballot that comes late is refused whatever the clock of the page says.
create policy pool_ballot_add on pool_ballot for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer')) and person_id = (select app.person())
  and pool_id = any ((select app.my_pools())::uuid[])
  and exists (select from pool_vote v where v.id = vote_id and v.closed_at is null
    and v.closes_at > statement_timestamp() and choice = any (v.choices) and v.weights ? pool_ballot.body_code));
create policy pool_ballot_change on pool_ballot for update to bt_app
  using (body_code = (select app.body_code()) and (select app.has_role('officer'))
    and pool_id = any ((select app.my_pools())::uuid[]))
  with check (body_code = (select app.body_code()) and person_id = (select app.person())
    and exists (select from pool_vote v where v.id = vote_id and v.closed_at is null
      and v.closes_at > statement_timestamp() and choice = any (v.choices)));

create policy pool_sounding_add on pool_sounding for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer'))
  and pool_id = any ((select app.my_pools())::uuid[]));

create policy pool_line_change_add on pool_line_change for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer')) and person_id = (select app.person())
  and pool_id = any ((select app.my_pools())::uuid[]));
"""

LINE_TABLES = ("pool_line", "pool_stance", "pool_vote", "pool_ballot", "pool_sounding", "pool_line_change")
GUARDED = """
alter table {table} enable row level security;
create policy {table}_jobs on {table} to bt_jobs using (true) with check (true);
create policy {table}_read on {table} for select to bt_app using (
  (select app.has_role('sector_lead')) or pool_id = any ((select app.my_pools())::uuid[]));
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(TABLES + HARD + "".join(GUARDED.format(table=table) for table in LINE_TABLES) + RIGHTS)


def downgrade() -> None:
    for table in reversed(LINE_TABLES):
        op.execute(f"drop table {table} cascade")
    op.execute("drop function app.check_line_outcome()")
