"""Pools of councils: who is in, on which terms, what was agreed and signed; jobs in two lanes."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0009"
down_revision = "0008"

LANES = """
alter table job add column lane text not null default 'long' constraint ck_job_lane check (lane in ('long','quick'));
grant insert (lane) on job to bt_app;
create or replace function app.enqueue_job() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  insert into queue.pgqueuer (priority, entrypoint, payload, status)
    values (0, case new.lane when 'quick' then 'quick' else 'job' end, convert_to(new.id::text, 'UTF8'), 'queued');
  return null;
end $$;
alter table need add column value_pence bigint constraint ck_need_value_pence check (value_pence > 0);
grant update (value_pence) on need to bt_app;
"""

TABLES = """
create table pool (
  id uuid constraint pk_pool primary key,
  title text not null,
  category text not null,
  purpose text not null,
  lead_code text not null,
  region_code text,
  vote_rule text not null constraint ck_pool_vote_rule check (vote_rule in ('council','volume')),
  quorum bigint not null,
  largest bigint not null default 12,
  cap_pence bigint not null constraint ck_pool_cap_pence check (cap_pence > 0),
  first_start_on date not null,
  last_start_on date not null,
  joins_until timestamptz not null,
  signs_until timestamptz not null,
  state text not null default 'forming' constraint ck_pool_state
    check (state in ('forming','agreeing','committed','handed_over','closed','dissolved')),
  state_reason text not null default '',
  state_changed_at timestamptz not null default statement_timestamp(),
  demonstration boolean not null default false,
  created_at timestamptz not null default statement_timestamp(),
  constraint ck_pool_quorum check (quorum >= 2 and largest >= quorum),
  constraint ck_pool_window check (first_start_on <= last_start_on),
  constraint ck_pool_dates check (joins_until < signs_until)
);
create index ix_pool_state on pool (state, category);

create table pool_member (
  pool_id uuid not null constraint fk_pool_member_pool_id references pool (id),
  body_code text not null,
  stage text not null default 'interested'
    constraint ck_pool_member_stage check (stage in ('interested','conditional','bound','withdrawn')),
  standing text constraint ck_pool_member_standing check (standing in ('in','waiting')),
  left_reason text not null default '',
  joined_at timestamptz not null default statement_timestamp(),
  stage_changed_at timestamptz not null default statement_timestamp(),
  constraint pk_pool_member primary key (pool_id, body_code)
);
create index ix_pool_member_body_code on pool_member (body_code);

create table pool_stake (
  pool_id uuid not null,
  need_id uuid not null constraint fk_pool_stake_need_id references need (id),
  body_code text not null,
  value_pence bigint not null constraint ck_pool_stake_value_pence check (value_pence > 0),
  volume bigint constraint ck_pool_stake_volume check (volume > 0),
  unit text not null default '',
  active boolean not null default true,
  changed_at timestamptz not null default statement_timestamp(),
  constraint pk_pool_stake primary key (pool_id, need_id),
  constraint fk_pool_stake_pool_member foreign key (pool_id, body_code) references pool_member (pool_id, body_code)
);
create unique index uq_pool_stake_need_id on pool_stake (need_id) where active;

create table pool_terms (
  pool_id uuid not null,
  body_code text not null,
  cap_pence bigint constraint ck_pool_terms_cap_pence check (cap_pence > 0),
  least_partners bigint not null default 0 constraint ck_pool_terms_least_partners check (least_partners >= 0),
  partners text[] not null default '{}'::text[],
  least_joint_pence bigint not null default 0
    constraint ck_pool_terms_least_joint_pence check (least_joint_pence >= 0),
  conditions text not null default '',
  conditions_met boolean not null default false,
  lacking jsonb not null default '{}'::jsonb,
  changed_at timestamptz not null default statement_timestamp(),
  constraint pk_pool_terms primary key (pool_id, body_code),
  constraint fk_pool_terms_pool_member foreign key (pool_id, body_code) references pool_member (pool_id, body_code)
);

create table pool_pulse (
  pool_id uuid constraint pk_pool_pulse primary key constraint fk_pool_pulse_pool_id references pool (id),
  changed bigint not null default 1,
  settled bigint not null default 0
);

create table pool_outlook (
  pool_id uuid constraint pk_pool_outlook primary key constraint fk_pool_outlook_pool_id references pool (id),
  settled bigint not null,
  settled_at timestamptz not null default statement_timestamp(),
  holds boolean not null,
  quorum_lacking bigint not null,
  inside text[] not null,
  waiting jsonb not null default '[]'::jsonb
);

create table pool_agreement (
  pool_id uuid not null constraint fk_pool_agreement_pool_id references pool (id),
  version bigint not null,
  text text not null,
  sha256 bytea not null constraint ck_pool_agreement_sha256 check (octet_length(sha256) = 32),
  choices jsonb not null default '{}'::jsonb,
  reason text not null default '',
  person_name text not null,
  made_at timestamptz not null default statement_timestamp(),
  constraint pk_pool_agreement primary key (pool_id, version)
);

create table pool_signature (
  pool_id uuid not null,
  version bigint not null,
  body_code text not null,
  sha256 bytea not null,
  person_id uuid not null,
  person_name text not null,
  signed_at timestamptz not null default statement_timestamp(),
  ended_at timestamptz,
  ended_reason text not null default '',
  constraint pk_pool_signature primary key (pool_id, version, body_code),
  constraint fk_pool_signature_pool_agreement foreign key (pool_id, version)
    references pool_agreement (pool_id, version),
  constraint fk_pool_signature_pool_member foreign key (pool_id, body_code)
    references pool_member (pool_id, body_code)
);

create table pool_commitment (
  pool_id uuid not null,
  version bigint not null,
  body_code text not null,
  sum_pence bigint not null constraint ck_pool_commitment_sum_pence check (sum_pence > 0),
  until_on date not null,
  constraint pk_pool_commitment primary key (pool_id, version, body_code),
  constraint fk_pool_commitment_pool_signature foreign key (pool_id, version, body_code)
    references pool_signature (pool_id, version, body_code)
);

create table approver_authority (
  body_code text not null,
  person_id uuid not null,
  limit_pence bigint not null constraint ck_approver_authority_limit_pence check (limit_pence >= 0),
  set_by_id uuid,
  set_by_name text not null,
  set_at timestamptz not null default statement_timestamp(),
  constraint pk_approver_authority primary key (body_code, person_id)
);

create table pool_person (
  pool_id uuid not null constraint fk_pool_person_pool_id references pool (id),
  person_id uuid not null,
  person_name text not null,
  body_code text not null,
  follows boolean not null default true,
  since timestamptz not null default statement_timestamp(),
  constraint pk_pool_person primary key (pool_id, person_id)
);
"""

# What procurement.rules.pools says, once more where nobody can pass it by; a test compares the two.
MOVES = """
create function app.pool_moves() returns text[] language sql immutable as $$ select array[
  'forming agreeing', 'forming dissolved', 'agreeing committed', 'agreeing dissolved', 'committed agreeing',
  'committed handed_over', 'committed dissolved', 'handed_over closed', 'handed_over dissolved'] $$;
create function app.check_pool_move() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
  if new.state <> old.state and not (old.state || ' ' || new.state) = any (app.pool_moves()) then
    raise exception 'a pool cannot go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'pool_move';
  end if;
  return new;
end $$;
create trigger tg_pool_move before update of state on pool for each row execute function app.check_pool_move();

create function app.stage_moves() returns text[] language sql immutable as $$ select array[
  'interested conditional', 'interested bound', 'interested withdrawn', 'conditional interested',
  'conditional bound', 'conditional withdrawn', 'bound conditional', 'bound withdrawn',
  'withdrawn interested'] $$;
create function app.check_stage_move() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
  if new.stage <> old.stage and not (old.stage || ' ' || new.stage) = any (app.stage_moves()) then
    raise exception 'a member cannot go from % to %', old.stage, new.stage
      using errcode = 'check_violation', constraint = 'stage_move';
  end if;
  return new;
end $$;
create trigger tg_stage_move before update of stage on pool_member
  for each row execute function app.check_stage_move();
"""

RIGHTS = """
create function app.of_council() returns boolean language sql stable
  as $$ select app.has_role('officer') or app.has_role('approver') $$;
-- The pools that the session's body is in. Membership decides what one may read, also of the memberships.
create function app.my_pools() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(m.pool_id), '{}') from public.pool_member m
        where m.stage <> 'withdrawn' and m.body_code = app.body_code() and app.of_council() $$;
create function app.my_led_pools() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(p.id), '{}') from public.pool p
        where p.lead_code = app.body_code() and app.of_council() $$;
revoke execute on function app.of_council(), app.my_pools(), app.my_led_pools(), app.pool_moves(),
  app.stage_moves(), app.check_pool_move(), app.check_stage_move() from public;
grant execute on function app.of_council(), app.my_pools(), app.my_led_pools() to bt_app, bt_jobs;
grant execute on function app.pool_moves(), app.stage_moves() to bt_app, bt_jobs;

grant select, insert on pool, pool_member, pool_stake, pool_terms, pool_pulse, pool_agreement, pool_signature,
  pool_commitment, approver_authority, pool_person to bt_app;
grant select on pool_outlook to bt_app;
grant update (title, purpose, quorum, largest, cap_pence, first_start_on, last_start_on, joins_until, signs_until,
  state, state_reason, state_changed_at) on pool to bt_app;
grant update (stage, standing, left_reason, stage_changed_at) on pool_member to bt_app;
grant update (value_pence, volume, unit, active, changed_at) on pool_stake to bt_app;
grant update (cap_pence, least_partners, partners, least_joint_pence, conditions, conditions_met, changed_at)
  on pool_terms to bt_app;
grant update (changed) on pool_pulse to bt_app;
grant update (ended_at, ended_reason) on pool_signature to bt_app;
grant update (limit_pence, set_by_id, set_by_name, set_at) on approver_authority to bt_app;
grant update (follows) on pool_person to bt_app;
grant select, insert, update on pool, pool_member, pool_stake, pool_terms, pool_pulse, pool_outlook,
  pool_agreement, pool_signature, pool_commitment, approver_authority, pool_person to bt_jobs;

create policy pool_read on pool for select to bt_app using (
  (select app.of_council()) or (select app.has_role('sector_lead'))
  or state in ('agreeing','committed','handed_over','closed'));
create policy pool_add on pool for insert to bt_app with check (
  lead_code = (select app.body_code()) and (select app.has_role('officer')) and state = 'forming');
create policy pool_change on pool for update to bt_app using (
  lead_code = (select app.body_code()) and (select app.of_council()));

create policy pool_member_read on pool_member for select to bt_app using (
  (select app.of_council()) or (select app.has_role('sector_lead'))
  or exists (select from pool p where p.id = pool_id and p.state in ('committed','handed_over','closed')));
create policy pool_member_add on pool_member for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer')) and stage = 'interested');
-- Bound is who signed the last version of the agreement, and nobody else.
create policy pool_member_change on pool_member for update to bt_app
  using (body_code = (select app.body_code()) and (select app.of_council()))
  with check (body_code = (select app.body_code()) and (stage <> 'bound' or exists (
    select from pool_signature s where s.pool_id = pool_member.pool_id and s.body_code = pool_member.body_code
      and s.ended_at is null
      and s.version = (select max(a.version) from pool_agreement a where a.pool_id = s.pool_id))));

create policy pool_stake_read on pool_stake for select to bt_app using (
  (body_code = (select app.body_code()) and (select app.of_council()))
  or (select app.has_role('sector_lead')) or pool_id = any ((select app.my_pools())::uuid[]));
create policy pool_stake_add on pool_stake for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer'))
  and exists (select from need n where n.id = need_id and n.body_code = pool_stake.body_code));
create policy pool_stake_change on pool_stake for update to bt_app using (
  body_code = (select app.body_code()) and (select app.of_council()));

create policy pool_terms_read on pool_terms for select to bt_app using (
  body_code = (select app.body_code()) and (select app.of_council()));
create policy pool_terms_add on pool_terms for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer')));
create policy pool_terms_change on pool_terms for update to bt_app using (
  body_code = (select app.body_code()) and (select app.has_role('officer')));

create policy pool_pulse_read on pool_pulse for select to bt_app using (
  (select app.of_council()) or (select app.has_role('sector_lead')));
create policy pool_pulse_add on pool_pulse for insert to bt_app with check (
  pool_id = any ((select app.my_led_pools())::uuid[]));
create policy pool_pulse_change on pool_pulse for update to bt_app using ((select app.of_council()));

create policy pool_outlook_read on pool_outlook for select to bt_app using (
  (select app.has_role('sector_lead')) or pool_id = any ((select app.my_pools())::uuid[]));

create policy pool_agreement_read on pool_agreement for select to bt_app using (
  (select app.has_role('sector_lead')) or pool_id = any ((select app.my_pools())::uuid[]));
create policy pool_agreement_add on pool_agreement for insert to bt_app with check (
  pool_id = any ((select app.my_led_pools())::uuid[]) and (select app.has_role('officer')));

create policy pool_signature_read on pool_signature for select to bt_app using (
  (body_code = (select app.body_code()) and (select app.of_council()))
  or (select app.has_role('sector_lead')) or pool_id = any ((select app.my_pools())::uuid[]));
create policy pool_signature_add on pool_signature for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('approver')) and person_id = (select app.person()));
create policy pool_signature_change on pool_signature for update to bt_app using (
  body_code = (select app.body_code()) and (select app.of_council()));

create policy pool_commitment_read on pool_commitment for select to bt_app using (
  body_code = (select app.body_code()) and (select app.of_council()));
create policy pool_commitment_add on pool_commitment for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('approver')));

create policy approver_authority_read on approver_authority for select to bt_app using (
  (select app.has_role('operator')) or (body_code = (select app.body_code()) and (select app.of_council())));
-- Nobody sets their own limit.
create policy approver_authority_add on approver_authority for insert to bt_app with check (
  person_id <> (select app.person()) and ((select app.has_role('operator'))
    or (body_code = (select app.body_code()) and (select app.has_role('approver')))));
create policy approver_authority_change on approver_authority for update to bt_app using (
  person_id <> (select app.person()) and ((select app.has_role('operator'))
    or (body_code = (select app.body_code()) and (select app.has_role('approver')))));

create policy pool_person_read on pool_person for select to bt_app using (
  (select app.has_role('sector_lead')) or pool_id = any ((select app.my_pools())::uuid[]));
create policy pool_person_add on pool_person for insert to bt_app with check (
  person_id = (select app.person()) and body_code = (select app.body_code()));
create policy pool_person_change on pool_person for update to bt_app using (person_id = (select app.person()));
"""

POOL_TABLES = (
    "pool",
    "pool_member",
    "pool_stake",
    "pool_terms",
    "pool_pulse",
    "pool_outlook",
    "pool_agreement",
    "pool_signature",
    "pool_commitment",
    "approver_authority",
    "pool_person",
)
GUARDED = """
alter table {table} enable row level security;
create policy {table}_jobs on {table} to bt_jobs using (true) with check (true);
"""

DOWN = """
drop function app.check_pool_move(), app.check_stage_move(), app.pool_moves(), app.stage_moves(), app.my_pools(),
  app.my_led_pools(), app.of_council();
alter table need drop column value_pence;
create or replace function app.enqueue_job() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  insert into queue.pgqueuer (priority, entrypoint, payload, status)
    values (0, 'job', convert_to(new.id::text, 'UTF8'), 'queued');
  return null;
end $$;
alter table job drop column lane;
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(LANES + TABLES + MOVES + "".join(GUARDED.format(table=table) for table in POOL_TABLES) + RIGHTS)


def downgrade() -> None:
    for table in reversed(POOL_TABLES):
        op.execute(f"drop table {table} cascade")
    _run(DOWN)
