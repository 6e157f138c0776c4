"""Judging of challenges: phases, which response is in which, what was decided, and what each firm is told."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0048"
down_revision = "0047"

TABLES = """
create table challenge_phase (
  id uuid constraint pk_challenge_phase primary key,
  challenge_id uuid not null constraint fk_challenge_phase_challenge_id references challenge (id),
  kind text not null constraint ck_challenge_phase_kind check (kind in ('shortlist','showcase','pilot')),
  position bigint not null,
  places bigint not null constraint ck_challenge_phase_places check (places between 1 and 100),
  fixed_at timestamptz not null default statement_timestamp(),
  constraint uq_challenge_phase_kind unique (challenge_id, kind),
  constraint ck_challenge_phase_position check (
    position = case kind when 'shortlist' then 1 when 'showcase' then 2 else 3 end)
);

create table challenge_entrant (
  phase_id uuid not null constraint fk_challenge_entrant_phase_id references challenge_phase (id),
  response_id uuid not null constraint fk_challenge_entrant_response_id references challenge_response (id),
  challenge_id uuid not null constraint fk_challenge_entrant_challenge_id references challenge (id),
  submission_id uuid not null constraint fk_challenge_entrant_submission_id references challenge_submission (id),
  candidate_id uuid not null constraint fk_challenge_entrant_candidate_id references candidate (id),
  entered_at timestamptz not null default statement_timestamp(),
  constraint pk_challenge_entrant primary key (phase_id, response_id),
  constraint uq_challenge_entrant_candidate_id unique (candidate_id)
);
create index ix_challenge_entrant_challenge_id on challenge_entrant (challenge_id);

create table challenge_outcome (
  phase_id uuid not null,
  response_id uuid not null,
  challenge_id uuid not null constraint fk_challenge_outcome_challenge_id references challenge (id),
  rank bigint constraint ck_challenge_outcome_rank check (rank >= 1),
  total numeric(5,2) constraint ck_challenge_outcome_total check (total between 0 and 100),
  goes_on boolean not null,
  departure text not null default '',
  reason text not null constraint ck_challenge_outcome_reason check (btrim(reason) <> ''),
  decided_by text not null,
  decided_at timestamptz not null default statement_timestamp(),
  constraint pk_challenge_outcome primary key (phase_id, response_id),
  constraint fk_challenge_outcome_challenge_entrant foreign key (phase_id, response_id)
    references challenge_entrant (phase_id, response_id),
  constraint ck_challenge_outcome_judged check (
    (rank is null) = (total is null) and (rank is not null or not goes_on))
);
create index ix_challenge_outcome_challenge_id on challenge_outcome (challenge_id);

create table challenge_mark (
  phase_id uuid not null,
  response_id uuid not null,
  position bigint not null,
  title text not null,
  weight bigint not null,
  points bigint not null,
  highest bigint not null,
  reason text not null constraint ck_challenge_mark_reason check (btrim(reason) <> ''),
  constraint pk_challenge_mark primary key (phase_id, response_id, position),
  constraint fk_challenge_mark_challenge_outcome foreign key (phase_id, response_id)
    references challenge_outcome (phase_id, response_id),
  constraint ck_challenge_mark_points check (points between 0 and highest)
);

-- That a firm chosen for a pilot may be named. What stands here, everybody reads.
create table challenge_consent (
  response_id uuid constraint pk_challenge_consent primary key
    constraint fk_challenge_consent_response_id references challenge_response (id),
  challenge_id uuid not null constraint fk_challenge_consent_challenge_id references challenge (id),
  firm text not null,
  said_at timestamptz not null default statement_timestamp()
);
create index ix_challenge_consent_challenge_id on challenge_consent (challenge_id);
"""

FUNCTIONS = """
create function app.has_phases(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.challenge_phase f where f.challenge_id = wanted) $$;
create function app.challenge_of_phase(wanted uuid) returns uuid language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select f.challenge_id from public.challenge_phase f where f.id = wanted $$;
-- The challenges that the session's person judges for the lead: due, and neither judged nor withdrawn yet.
create function app.my_judged_challenges() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(c.id), '{}') from public.challenge c
        where c.lead_code = app.body_code() and app.has_role('officer') and c.state = 'open'
          and c.responses_due_at <= statement_timestamp() $$;
create or replace function app.names_are_shown(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.challenge c where c.id = wanted and (not c.anonymous
        or exists (select from public.challenge_phase f join public.panel p on p.subject_id = f.id
          where f.challenge_id = c.id and p.names_lifted_at is not null))) $$;
-- Totals of 100 and ranks as they follow from what the panel agreed on: nobody types them. For the buyers, once settled.
create function app.phase_ranking(wanted uuid) returns table (candidate_id uuid, total numeric, rank bigint)
  language sql stable security definer set search_path = pg_catalog, public
  as $$ with agreed as (
          select distinct on (x.candidate_id, x.question_id) x.candidate_id, x.question_id, x.points
          from consensus x where x.subject_id = wanted order by x.candidate_id, x.question_id, x.version desc),
        totals as (
          select c.id, round(sum(w.weight * a.points::numeric / q.highest), 2) as total
          from candidate c join agreed a on a.candidate_id = c.id join scored_question q on q.id = a.question_id
            join challenge_criterion w on w.challenge_id = app.challenge_of_phase(wanted) and w.position::text = q.code
          where c.subject_id = wanted and c.out_at is null group by c.id)
        select t.id, t.total, rank() over (order by t.total desc) from totals t
        where wanted = any (app.my_subjects()) and app.panel_state(wanted) = 'settled' $$;
-- How many were in each phase that was decided, and how many of them went on: for everybody.
create function app.challenge_course()
  returns table (phase_id uuid, challenge_id uuid, kind text, places bigint, entered bigint, went_on bigint)
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select f.id, f.challenge_id, f.kind, f.places, count(*), count(*) filter (where o.goes_on)
        from challenge_outcome o join challenge_phase f on f.id = o.phase_id
          join challenge c on c.id = f.challenge_id
        where c.state <> 'withdrawn' group by f.id $$;
-- Judging is over once the pilots were chosen, or nobody went on; or where there was nothing to judge.
create function app.judging_is_over(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from challenge_phase f where f.challenge_id = wanted
          and exists (select from challenge_entrant e where e.phase_id = f.id)
          and not exists (select from challenge_entrant e where e.phase_id = f.id and not exists (
            select from challenge_outcome o where o.phase_id = e.phase_id and o.response_id = e.response_id))
          and (f.kind = 'pilot' or not exists (
            select from challenge_outcome o where o.phase_id = f.id and o.goes_on)))
        or not exists (select from challenge_submission s where s.challenge_id = wanted and s.counts) $$;

create function app.check_judged() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
  if new.state = 'judged' and old.state = 'open' and not app.judging_is_over(new.id) then
    raise exception 'judging is not over' using errcode = 'check_violation', constraint = 'challenge_judged';
  end if;
  return new;
end $$;
create trigger tg_judged_challenge before update on challenge for each row execute function app.check_judged();

-- A first read without names ends with what the panel agreed, and not before.
create function app.check_phase_names() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  if new.names_lifted_at is not null and old.names_lifted_at is null
      and exists (select from challenge_phase f where f.id = new.subject_id)
      and (new.state not in ('moderating', 'settled') or app.unsettled(new.subject_id) > 0) then
    raise exception 'the panel has not agreed yet' using errcode = 'check_violation', constraint = 'phase_names';
  end if;
  return new;
end $$;
create trigger tg_phase_names before update on panel for each row execute function app.check_phase_names();
"""

RIGHTS = """
grant select, insert (id, challenge_id, kind, position, places), delete on challenge_phase to bt_app;
create policy challenge_phase_read on challenge_phase for select to bt_app using (
  exists (select from challenge c where c.id = challenge_id));
-- Written with the statement; where none were, fixed once while it is open, before anybody is judged.
create policy challenge_phase_add on challenge_phase for insert to bt_app with check (
  challenge_id = any ((select app.my_open_statements())::uuid[])
  or (not app.has_phases(challenge_id) and (select app.has_role('officer')) and exists (
    select from challenge c where c.id = challenge_id and c.state = 'open'
      and c.lead_code = (select app.body_code()))));
create policy challenge_phase_end on challenge_phase for delete to bt_app using (
  challenge_id = any ((select app.my_open_statements())::uuid[]));

grant select, insert (phase_id, response_id, challenge_id, submission_id, candidate_id) on challenge_entrant to bt_app;
create policy challenge_entrant_read on challenge_entrant for select to bt_app using (
  challenge_id = any ((select app.my_closed_challenges())::uuid[])
  or response_id = any ((select app.my_responses())::uuid[]));
create policy challenge_entrant_add on challenge_entrant for insert to bt_app with check (
  challenge_id = any ((select app.my_judged_challenges())::uuid[])
  and challenge_id = app.challenge_of_phase(phase_id) and app.panel_state(phase_id) = 'forming'
  and exists (select from candidate c where c.id = candidate_id and c.subject_id = phase_id)
  and exists (select from challenge_submission s where s.id = submission_id and s.counts
    and s.response_id = challenge_entrant.response_id and s.challenge_id = challenge_entrant.challenge_id));

grant select, insert (phase_id, response_id, challenge_id, rank, total, goes_on, departure, reason, decided_by)
  on challenge_outcome to bt_app;
create policy challenge_outcome_read on challenge_outcome for select to bt_app using (
  challenge_id = any ((select app.my_closed_challenges())::uuid[])
  or response_id = any ((select app.my_responses())::uuid[]));
create policy challenge_outcome_add on challenge_outcome for insert to bt_app with check (
  challenge_id = any ((select app.my_judged_challenges())::uuid[])
  and challenge_id = app.challenge_of_phase(phase_id) and app.panel_state(phase_id) = 'settled'
  and exists (select from challenge_entrant e left join app.phase_ranking(e.phase_id) r
      on r.candidate_id = e.candidate_id
    where e.phase_id = challenge_outcome.phase_id and e.response_id = challenge_outcome.response_id
      and r.total is not distinct from challenge_outcome.total
      and r.rank is not distinct from challenge_outcome.rank));

grant select, insert on challenge_mark to bt_app;
create policy challenge_mark_read on challenge_mark for select to bt_app using (
  exists (select from challenge_outcome o where o.phase_id = challenge_mark.phase_id
    and o.response_id = challenge_mark.response_id));
create policy challenge_mark_add on challenge_mark for insert to bt_app with check (
  app.challenge_of_phase(phase_id) = any ((select app.my_judged_challenges())::uuid[])
  and points = (select x.points from consensus x join scored_question q on q.id = x.question_id
      join challenge_entrant e on e.candidate_id = x.candidate_id
    where e.phase_id = challenge_mark.phase_id and e.response_id = challenge_mark.response_id
      and q.code = challenge_mark.position::text order by x.version desc limit 1));

grant select, insert (response_id, challenge_id, firm), delete on challenge_consent to bt_app;
create policy challenge_consent_read on challenge_consent for select to bt_app using (
  app.public_challenge(challenge_id));
create policy challenge_consent_say on challenge_consent for insert to bt_app with check (
  response_id = any ((select app.my_responses())::uuid[])
  and firm = (select o.name from organisation o where o.id = (select app.organisation()))
  and exists (select from challenge_outcome o join challenge_phase f on f.id = o.phase_id
    where o.response_id = challenge_consent.response_id and o.challenge_id = challenge_consent.challenge_id
      and o.goes_on and f.kind = 'pilot'));
create policy challenge_consent_end on challenge_consent for delete to bt_app using (
  response_id = any ((select app.my_responses())::uuid[]));

create policy audit_entry_read_phase on audit_entry for select to bt_app using (
  subject_kind = 'challenge-phase' and subject_id in (select f.id::text from challenge_phase f
    where f.challenge_id = any ((select app.my_challenges())::uuid[])));
"""

ALL = ("challenge_phase", "challenge_entrant", "challenge_outcome", "challenge_mark", "challenge_consent")
# The worker reads which phases there are, and nothing of who is in them.
GUARDED = """
alter table {table} enable row level security;
"""
WORKER = """
create policy challenge_phase_jobs on challenge_phase for select to bt_jobs using (true);
grant select on challenge_phase to bt_jobs;
"""
CALLED = (
    "has_phases(uuid)",
    "challenge_of_phase(uuid)",
    "my_judged_challenges()",
    "phase_ranking(uuid)",
    "challenge_course()",
    "judging_is_over(uuid)",
)
NAMES_BEFORE = """
create or replace function app.names_are_shown(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.challenge c where c.id = wanted and (not c.anonymous
        or exists (select from public.panel p where p.subject_id = c.id and p.names_lifted_at is not null))) $$;
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    called = ", ".join(f"app.{name}" for name in CALLED)
    _run(TABLES + FUNCTIONS + "".join(GUARDED.format(table=table) for table in ALL))
    _run(f"revoke execute on function {called}, app.check_judged(), app.check_phase_names() from public")
    _run(f"grant execute on function {called} to bt_app, bt_jobs")
    _run(RIGHTS + WORKER)


def downgrade() -> None:
    op.execute("drop policy audit_entry_read_phase on audit_entry")
    op.execute("drop trigger tg_judged_challenge on challenge")
    op.execute("drop trigger tg_phase_names on panel")
    _run(NAMES_BEFORE)
    for table in reversed(ALL):
        op.execute(f"drop table {table} cascade")
    for name in (*reversed(CALLED), "check_judged()", "check_phase_names()"):
        op.execute(f"drop function app.{name}")
