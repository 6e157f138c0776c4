"""Pilots: the agreement, sites, money by milestone, measures fixed beforehand, readings, decision, adoption."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0053"
down_revision = "0052"

TABLES = """
create table pilot (
  id uuid constraint pk_pilot primary key,
  challenge_id uuid not null constraint fk_pilot_challenge_id references challenge (id),
  response_id uuid not null constraint fk_pilot_response_id references challenge_response (id),
  organisation_id uuid not null constraint fk_pilot_organisation_id references organisation (id),
  firm text not null,
  product text not null,
  runs_code text not null,
  title text not null constraint ck_pilot_title check (btrim(title) <> ''),
  tries text not null default '',
  starts_on date not null,
  ends_on date not null,
  state text not null default 'draft' constraint ck_pilot_state check (
    state in ('draft','agreed','running','ended','decided','published','dropped')),
  fingerprint bytea constraint ck_pilot_fingerprint check (octet_length(fingerprint) = 32),
  approved_by text not null default '',
  approved_at timestamptz,
  frozen_sha256 bytea constraint ck_pilot_frozen_sha256 check (octet_length(frozen_sha256) = 32),
  started_at timestamptz,
  ended_at timestamptz,
  end_reason text not null default '',
  publish_by_on date,
  harms text not null default '',
  equality text not null default '',
  staff_hours bigint,
  use_gross_pence bigint,
  carries text not null default '',
  learnt text not null default '',
  ask_whom text not null default '',
  decision text not null default '',
  decision_reason text not null default '',
  decided_by text not null default '',
  decided_at timestamptz,
  published_at timestamptz,
  demonstration boolean not null default false,
  created_at timestamptz not null default statement_timestamp(),
  constraint uq_pilot_response_id unique (response_id),
  constraint ck_pilot_days check (ends_on > starts_on),
  constraint ck_pilot_sums check (staff_hours >= 0 and use_gross_pence >= 0),
  constraint ck_pilot_decision check (decision in ('','scale','change','stop')
    and (state not in ('decided','published') or decision <> '') and (decision = '') = (decision_reason = '')),
  constraint ck_pilot_published check ((published_at is not null) = (state = 'published'))
);
create index ix_pilot_challenge_id on pilot (challenge_id);
create index ix_pilot_organisation_id on pilot (organisation_id);

create table pilot_site (
  pilot_id uuid not null constraint fk_pilot_site_pilot_id references pilot (id),
  position bigint not null,
  body_code text not null,
  place text not null constraint ck_pilot_site_place check (btrim(place) <> ''),
  compares boolean not null default false,
  constraint pk_pilot_site primary key (pilot_id, position),
  constraint uq_pilot_site_place unique (pilot_id, place)
);

create table pilot_milestone (
  pilot_id uuid not null constraint fk_pilot_milestone_pilot_id references pilot (id),
  position bigint not null,
  title text not null constraint ck_pilot_milestone_title check (btrim(title) <> ''),
  due_on date not null,
  gross_pence bigint not null constraint ck_pilot_milestone_gross_pence check (gross_pence >= 0),
  paid_on date,
  evidence text not null default '',
  constraint pk_pilot_milestone primary key (pilot_id, position),
  constraint ck_pilot_milestone_paid check ((paid_on is null) = (evidence = ''))
);

create table pilot_measure (
  pilot_id uuid not null constraint fk_pilot_measure_pilot_id references pilot (id),
  position bigint not null,
  title text not null constraint ck_pilot_measure_title check (btrim(title) <> ''),
  unit text not null constraint ck_pilot_measure_unit check (btrim(unit) <> ''),
  kind text not null constraint ck_pilot_measure_kind check (kind in ('mean','share','count')),
  baseline double precision not null,
  baseline_source text not null constraint ck_pilot_measure_source check (btrim(baseline_source) <> ''),
  target double precision not null,
  method text not null constraint ck_pilot_measure_method check (
    method in ('means','pairs','ranks','shares','counts','comparison','differences','series')),
  season bigint not null default 0 constraint ck_pilot_measure_season check (season between 0 and 400),
  measured_by text not null constraint ck_pilot_measure_measured_by check (btrim(measured_by) <> ''),
  constraint pk_pilot_measure primary key (pilot_id, position),
  constraint ck_pilot_measure_target check (target <> baseline)
);

create table pilot_measure_change (
  id uuid constraint pk_pilot_measure_change primary key,
  pilot_id uuid not null,
  position bigint not null,
  target double precision not null,
  method text not null,
  reason text not null constraint ck_pilot_measure_change_reason check (btrim(reason) <> ''),
  changed_by text not null,
  changed_at timestamptz not null default statement_timestamp(),
  constraint fk_pilot_measure_change_measure foreign key (pilot_id, position)
    references pilot_measure (pilot_id, position)
);
create index ix_pilot_measure_change_pilot_id on pilot_measure_change (pilot_id, position);

create table pilot_reading (
  id uuid constraint pk_pilot_reading primary key,
  pilot_id uuid not null,
  position bigint not null,
  site bigint not null,
  read_on date not null,
  value double precision not null,
  cases double precision,
  evidence text not null constraint ck_pilot_reading_evidence check (btrim(evidence) <> ''),
  corrects uuid constraint fk_pilot_reading_corrects references pilot_reading (id),
  reason text not null default '',
  read_by text not null,
  read_at timestamptz not null default statement_timestamp(),
  constraint fk_pilot_reading_measure foreign key (pilot_id, position) references pilot_measure (pilot_id, position),
  constraint fk_pilot_reading_site foreign key (pilot_id, site) references pilot_site (pilot_id, position),
  constraint uq_pilot_reading_corrects unique (corrects),
  constraint ck_pilot_reading_corrects check ((corrects is null) = (reason = ''))
);
create index ix_pilot_reading_pilot_id on pilot_reading (pilot_id, position);

create table pilot_adoption (
  id uuid constraint pk_pilot_adoption primary key,
  pilot_id uuid not null constraint fk_pilot_adoption_pilot_id references pilot (id),
  body_code text not null,
  way text not null constraint ck_pilot_adoption_way check (way in ('pool','award','own')),
  pool_id uuid constraint fk_pilot_adoption_pool_id references pool (id),
  words text not null constraint ck_pilot_adoption_words check (btrim(words) <> ''),
  yearly_gross_pence bigint not null constraint ck_pilot_adoption_sum check (yearly_gross_pence >= 0),
  from_on date not null,
  adopted_by text not null,
  adopted_at timestamptz not null default statement_timestamp(),
  still text not null default '' constraint ck_pilot_adoption_still check (still in ('','yes','no')),
  still_words text not null default '',
  still_at timestamptz,
  constraint uq_pilot_adoption_body_code unique (pilot_id, body_code),
  constraint ck_pilot_adoption_pool check (pool_id is null or way = 'pool')
);
"""

# What challenges.rules.pilots says, once more: moves, who makes each, what is fixed from when on.
GUARD = """
create function app.pilot_moves() returns text[] language sql immutable as $$ select array[
  'draft agreed', 'draft dropped', 'agreed draft', 'agreed running', 'agreed dropped', 'running ended',
  'ended decided', 'decided published'] $$;
create function app.leads_challenge(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.challenge c where c.id = wanted and c.lead_code = app.body_code()) $$;
create function app.my_pilots() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(p.id), '{}') from public.pilot p
        where p.runs_code = app.body_code() and app.has_role('officer') $$;
create function app.pilot_state(wanted uuid) returns text language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select p.state from public.pilot p where p.id = wanted $$;
create function app.is_reading(wanted uuid, about uuid, measure bigint) returns boolean language sql stable
  security definer set search_path = pg_catalog, public
  as $$ select exists (select from public.pilot_reading r
        where r.id = wanted and r.pilot_id = about and r.position = measure) $$;
-- How many pilots began, and when the first did: for everybody, as the state of the challenge is.
create function app.challenge_pilots() returns table (challenge_id uuid, begun bigint, first_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select p.challenge_id, count(*), min(p.started_at) from public.pilot p
        where p.started_at is not null group by p.challenge_id $$;

create function app.guard_pilot() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
  told constant text[] := array['harms','equality','staff_hours','use_gross_pence','carries','learnt','ask_whom'];
  course constant text[] := array['state','fingerprint','approved_by','approved_at','frozen_sha256','started_at',
    'ended_at','end_reason','publish_by_on','decision','decision_reason','decided_by','decided_at','published_at'];
  agreed_same constant boolean := to_jsonb(new) - told - course = to_jsonb(old) - told - course;
begin
  if new.state <> old.state and not (old.state || ' ' || new.state) = any (app.pilot_moves()) then
    raise exception 'a pilot cannot go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'pilot_move';
  end if;
  if not agreed_same and old.state <> 'draft' then
    raise exception 'an agreement that is % cannot be changed', old.state
      using errcode = 'check_violation', constraint = 'pilot_change';
  end if;
  if old.state = 'published' or old.state = 'dropped' then
    raise exception 'a pilot that is % cannot be changed', old.state
      using errcode = 'check_violation', constraint = 'pilot_change';
  end if;
  if new.state = 'running' and old.state = 'agreed' and (new.frozen_sha256 is null or not exists (
      select from pilot_measure m where m.pilot_id = new.id)) then
    raise exception 'measures are fixed before a pilot starts'
      using errcode = 'check_violation', constraint = 'pilot_measured';
  end if;
  if old.frozen_sha256 is not null and new.frozen_sha256 is distinct from old.frozen_sha256 then
    raise exception 'measures are fixed' using errcode = 'check_violation', constraint = 'pilot_measured';
  end if;
  if new.state = 'ended' and new.publish_by_on is null then
    raise exception 'a pilot that ended has a day by which it is published'
      using errcode = 'check_violation', constraint = 'pilot_publish_by';
  end if;
  if current_user <> 'bt_app' then
    return new;
  end if;
  if new.state = 'agreed' and old.state = 'draft' then
    if not (old.runs_code = app.body_code() and app.has_role('approver')) then
      raise exception 'an approver of the council that runs it agrees' using errcode = 'insufficient_privilege';
    end if;
  elsif new.state = 'decided' and old.state = 'ended' then
    if not (app.leads_challenge(old.challenge_id) and app.has_role('approver')) then
      raise exception 'an approver of the lead decides' using errcode = 'insufficient_privilege';
    end if;
  elsif not (old.runs_code = app.body_code() and app.has_role('officer')) then
    raise exception 'an officer of the council that runs it does this' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger tg_guard_pilot before update on pilot for each row execute function app.guard_pilot();

-- Sites, money and measures are part of what was agreed; that a milestone was paid is said later.
create function app.guard_pilot_part() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
declare
  about constant uuid := case when tg_op = 'DELETE' then old.pilot_id else new.pilot_id end;
  standing constant text := app.pilot_state(about);
begin
  if tg_table_name = 'pilot_milestone' and tg_op = 'UPDATE' then
    if to_jsonb(new) - array['paid_on','evidence'] = to_jsonb(old) - array['paid_on','evidence']
       and old.paid_on is null and standing in ('running','ended','decided') then
      return new;
    end if;
  end if;
  if standing <> 'draft' then
    raise exception 'what was agreed is fixed' using errcode = 'check_violation', constraint = 'pilot_fixed';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger tg_guard_pilot_site before insert or update or delete on pilot_site
  for each row execute function app.guard_pilot_part();
create trigger tg_guard_pilot_milestone before insert or update or delete on pilot_milestone
  for each row execute function app.guard_pilot_part();
create trigger tg_guard_pilot_measure before insert or update or delete on pilot_measure
  for each row execute function app.guard_pilot_part();

-- A challenge follows its pilots: one runs, all ended, all were decided, all were told to be stopped.
create function app.follow_pilot() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
declare
  about constant challenge := (select c from challenge c where c.id = new.challenge_id for update);
  next_state text;
begin
  if new.state = old.state then
    return null;
  end if;
  if new.state = 'running' and about.state not in ('judged','pilot') then
    raise exception 'a pilot starts once the challenge is judged'
      using errcode = 'check_violation', constraint = 'pilot_judged';
  end if;
  if new.state = 'running' and about.state = 'judged' then
    next_state := 'pilot';
  elsif new.state = 'ended' and about.state = 'pilot' and not exists (select from pilot p
      where p.challenge_id = about.id and p.state in ('draft','agreed','running')) then
    next_state := 'measured';
  elsif new.state = 'decided' and about.state = 'measured' and not exists (select from pilot p
      where p.challenge_id = about.id and p.state in ('draft','agreed','running','ended')) then
    next_state := 'decision';
  elsif new.state = 'published' and about.state = 'decision' and not exists (select from pilot p
      where p.challenge_id = about.id and p.state <> 'dropped' and not (p.state = 'published' and p.decision = 'stop')) then
    next_state := 'ended';
  end if;
  if next_state is not null then
    update challenge c set state = next_state, state_changed_at = statement_timestamp() where c.id = about.id;
  end if;
  return null;
end $$;
create trigger tg_follow_pilot after update on pilot for each row execute function app.follow_pilot();
create function app.follow_adoption() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  update challenge c set state = 'route', state_changed_at = statement_timestamp()
    from pilot p where p.id = new.pilot_id and c.id = p.challenge_id and c.state = 'decision';
  return null;
end $$;
create trigger tg_follow_adoption after insert on pilot_adoption for each row execute function app.follow_adoption();
revoke execute on function app.guard_pilot(), app.guard_pilot_part(), app.follow_pilot(), app.follow_adoption()
  from public;
"""

RIGHTS = """
grant select on pilot, pilot_site, pilot_milestone, pilot_measure, pilot_measure_change, pilot_reading,
  pilot_adoption to bt_app;
grant insert (id, challenge_id, response_id, organisation_id, firm, product, runs_code, title, starts_on, ends_on,
  demonstration) on pilot to bt_app;
grant update (title, tries, starts_on, ends_on, state, fingerprint, approved_by, approved_at, frozen_sha256,
  started_at, ended_at, end_reason, publish_by_on, harms, equality, staff_hours, use_gross_pence, carries, learnt,
  ask_whom, decision, decision_reason, decided_by, decided_at, published_at) on pilot to bt_app;
grant insert, delete on pilot_site, pilot_milestone, pilot_measure to bt_app;
grant update (paid_on, evidence) on pilot_milestone to bt_app;
grant insert (id, pilot_id, position, target, method, reason, changed_by) on pilot_measure_change to bt_app;
grant insert (id, pilot_id, position, site, read_on, value, cases, evidence, corrects, reason, read_by)
  on pilot_reading to bt_app;
grant insert (id, pilot_id, body_code, way, pool_id, words, yearly_gross_pence, from_on, adopted_by),
  update (still, still_words, still_at) on pilot_adoption to bt_app;

-- Sponsors and the firm itself read a pilot; everybody once its result is published.
create policy pilot_read on pilot for select to bt_app using (
  published_at is not null or challenge_id = any ((select app.my_challenges())::uuid[])
  or (select app.has_role('sector_lead'))
  or (organisation_id = (select app.organisation()) and (select app.has_role('supplier'))
    and (select app.person()) is not null and state <> 'draft'));
create policy pilot_add on pilot for insert to bt_app with check (
  runs_code = (select app.body_code()) and (select app.has_role('officer'))
  and challenge_id = any ((select app.my_challenges())::uuid[]) and exists (
    select from challenge_outcome o join challenge_phase f on f.id = o.phase_id
    where o.challenge_id = pilot.challenge_id and o.response_id = pilot.response_id and o.goes_on
      and f.kind = 'pilot'));
create policy pilot_change on pilot for update to bt_app using (
  (runs_code = (select app.body_code()) and ((select app.has_role('officer')) or (select app.has_role('approver'))))
  or ((select app.has_role('approver')) and app.leads_challenge(challenge_id)));

create policy pilot_measure_change_add on pilot_measure_change for insert to bt_app with check (
  pilot_id = any ((select app.my_pilots())::uuid[]) and app.pilot_state(pilot_id) = 'running');
create policy pilot_reading_add on pilot_reading for insert to bt_app with check (
  pilot_id = any ((select app.my_pilots())::uuid[]) and app.pilot_state(pilot_id) in ('agreed','running','ended')
  and (corrects is null or app.is_reading(corrects, pilot_id, position)));
create policy pilot_milestone_pay on pilot_milestone for update to bt_app using (
  pilot_id = any ((select app.my_pilots())::uuid[]));

create policy pilot_adoption_add on pilot_adoption for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer'))
  and exists (select from pilot p where p.id = pilot_id and p.state = 'published' and p.decision <> 'stop'));
create policy pilot_adoption_say on pilot_adoption for update to bt_app using (
  body_code = (select app.body_code()) and (select app.has_role('officer')));

grant select on pilot, pilot_adoption to bt_jobs;
create policy pilot_jobs on pilot for select to bt_jobs using (true);
create policy pilot_adoption_jobs on pilot_adoption for select to bt_jobs using (true);

create policy audit_entry_read_pilot on audit_entry for select to bt_app using (
  subject_kind = 'pilot' and exists (select from pilot p where p.id::text = subject_id
    and (p.challenge_id = any ((select app.my_challenges())::uuid[]) or (select app.has_role('sector_lead')))));
"""

ALL = ("pilot", "pilot_site", "pilot_milestone", "pilot_measure", "pilot_measure_change", "pilot_reading",
       "pilot_adoption")
READ_WITH = """
create policy {table}_read on {table} for select to bt_app using (exists (select from pilot p where p.id = pilot_id));
"""
AGREED = """
create policy {table}_add on {table} for insert to bt_app with check (pilot_id = any ((select app.my_pilots())::uuid[]));
create policy {table}_end on {table} for delete to bt_app using (pilot_id = any ((select app.my_pilots())::uuid[]));
"""
CALLED = ("pilot_moves()", "leads_challenge(uuid)", "my_pilots()", "pilot_state(uuid)", "challenge_pilots()",
          "is_reading(uuid, uuid, bigint)")


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    called = ", ".join(f"app.{name}" for name in CALLED)
    _run(TABLES + GUARD + "".join(f"alter table {table} enable row level security;" for table in ALL))
    _run(f"revoke execute on function {called} from public; grant execute on function {called} to bt_app, bt_jobs")
    _run(RIGHTS + "".join(READ_WITH.format(table=table) for table in ALL[1:]))
    _run("".join(AGREED.format(table=table) for table in ALL[1:4]))


def downgrade() -> None:
    op.execute("drop policy audit_entry_read_pilot on audit_entry")
    for table in reversed(ALL):
        op.execute(f"drop table {table} cascade")
    for name in (*CALLED, "guard_pilot()", "guard_pilot_part()", "follow_pilot()",
                 "follow_adoption()"):
        op.execute(f"drop function app.{name}")
