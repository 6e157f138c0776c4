"""Whoever has a conflict with a response or a bid reads nothing of it until it is decided; what was decided stays."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0055"
down_revision = "0054"

KEPT = """
create index ix_declaration_person_id on declaration (person_id) where conflict;

-- The responses that the session's person is kept from, in whatever role they come: they declared a conflict that waits
-- for a decision, or were barred. The last conflict counts, and it outlives its phase: until the challenge is judged, or
-- the response went no further.
create function app.kept_responses() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(x.response_id), '{}') from (
          select distinct on (e.response_id) e.response_id, e.challenge_id, d.candidate_id
          from public.declaration d join public.challenge_entrant e on e.candidate_id = d.candidate_id
          where d.person_id = app.person() and d.conflict
          order by e.response_id, d.declared_at desc, d.id desc) x
        join public.challenge c on c.id = x.challenge_id and c.state = 'open'
        where app.standing(x.candidate_id, app.person()) in ('waiting', 'barred') and not exists (
          select from public.challenge_outcome o where o.response_id = x.response_id and not o.goes_on) $$;
-- The same as candidates of panels; of a tender until it is assessed.
create function app.kept_candidates() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(x.id), '{}') from (
          select d.candidate_id as id from public.declaration d
            where d.person_id = app.person() and d.conflict
              and app.standing(d.candidate_id, app.person()) in ('waiting', 'barred')
              and not exists (select from public.challenge_phase f where f.id = d.subject_id)
              and not exists (select from public.tender_assessment a where a.tender_id = d.subject_id)
          union select e.candidate_id from public.challenge_entrant e
            where e.response_id = any (app.kept_responses())) x $$;
-- Whether the session's person may decide about all candidates of a panel together: they are kept from none.
create function app.kept_from_none(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select not exists (select from public.candidate c
        where c.subject_id = wanted and c.id = any (app.kept_candidates())) $$;
-- What a panel agreed on was acted on: the tender is assessed, or it was decided who goes on.
create function app.panel_is_decided(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.tender_assessment a where a.tender_id = wanted)
          or exists (select from public.challenge_outcome o where o.phase_id = wanted) $$;

create or replace function app.phase_ranking(wanted uuid) returns table (candidate_id uuid, total numeric, rank bigint)
  language sql stable security definer set search_path = pg_catalog, public
  as $$ with agreed as (
          select distinct on (x.candidate_id, x.question_id) x.candidate_id, x.question_id, x.points
          from consensus x where x.subject_id = wanted order by x.candidate_id, x.question_id, x.version desc),
        totals as (
          select c.id, round(sum(w.weight * a.points::numeric / q.highest), 2) as total
          from candidate c join agreed a on a.candidate_id = c.id join scored_question q on q.id = a.question_id
            join challenge_criterion w on w.challenge_id = app.challenge_of_phase(wanted) and w.position::text = q.code
          where c.subject_id = wanted and c.out_at is null group by c.id),
        ranks as (select t.id, t.total, rank() over (order by t.total desc) as rank from totals t)
        select r.id, r.total, r.rank from ranks r
        where wanted = any (app.my_subjects()) and app.panel_state(wanted) = 'settled'
          and r.id <> all (app.kept_candidates()) $$;
create or replace function app.settled_bids(wanted uuid) returns table (opened_id uuid, number bigint, lots jsonb,
    conditions jsonb, prices jsonb)
  language sql stable security definer set search_path = pg_catalog, public as $$
  select o.id, o.number, c.content -> 'lots', c.content -> 'conditions', c.content -> 'prices'
    from opened_bid o join opened_content c on c.opened_id = o.id
    where o.tender_id = wanted and wanted = any (app.my_tenders()) and app.person() is not null
      and app.panel_state(wanted) = 'settled' and o.id <> all (app.kept_candidates()) order by o.number $$;

-- A bar of an earlier phase is not declared away in a later one: the conflict is declared again, and the chair decides.
create function app.guard_declaration() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  if not new.conflict and exists (select from challenge_entrant e
      where e.candidate_id = new.candidate_id and e.response_id = any (app.kept_responses())) then
    raise exception 'a conflict of an earlier phase stands' using errcode = 'check_violation', constraint = 'declaration_kept';
  end if;
  return new;
end $$;
create trigger tg_guard_declaration before insert on declaration for each row execute function app.guard_declaration();

-- What was decided stands on what the panel agreed: it is not opened again after that, and nobody's scores fall away.
create or replace function app.guard_settled() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  if old.state = 'settled' and new.state <> old.state and app.panel_is_decided(new.subject_id) then
    raise exception 'what the panel agreed on was acted on'
      using errcode = 'check_violation', constraint = 'panel_decided';
  end if;
  return new;
end $$;
create function app.guard_released() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  if app.panel_is_decided(new.subject_id) then
    raise exception 'what the panel agreed on was acted on'
      using errcode = 'check_violation', constraint = 'panel_decided';
  end if;
  return new;
end $$;
create trigger tg_guard_released before update on panel_member for each row execute function app.guard_released();
"""

UNKEPT = """
drop trigger tg_guard_released on panel_member;
drop trigger tg_guard_declaration on declaration;
create or replace function app.guard_settled() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  if old.state = 'settled' and new.state <> old.state and exists (
    select from tender_assessment a where a.tender_id = new.subject_id) then
    raise exception 'the tender is assessed' using errcode = 'check_violation', constraint = 'panel_assessed';
  end if;
  return new;
end $$;
create or replace function app.settled_bids(wanted uuid) returns table (opened_id uuid, number bigint, lots jsonb,
    conditions jsonb, prices jsonb)
  language sql stable security definer set search_path = pg_catalog, public as $$
  select o.id, o.number, c.content -> 'lots', c.content -> 'conditions', c.content -> 'prices'
    from opened_bid o join opened_content c on c.opened_id = o.id
    where o.tender_id = wanted and wanted = any (app.my_tenders()) and app.person() is not null
      and app.panel_state(wanted) = 'settled' order by o.number $$;
create or replace function app.phase_ranking(wanted uuid) returns table (candidate_id uuid, total numeric, rank bigint)
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
drop function app.guard_released(), app.guard_declaration(), app.panel_is_decided(uuid), app.kept_from_none(uuid),
  app.kept_candidates(), app.kept_responses();
drop index ix_declaration_person_id;
"""

# Each policy as it was, and what it asks for besides: (policy, table, using or with check, as it was, besides).
_CANDIDATE = "<> all ((select app.kept_candidates())::uuid[])"
_RESPONSE = "<> all ((select app.kept_responses())::uuid[])"
_OWN = "response_id = any ((select app.my_responses())::uuid[])"
POLICIES = (
    (
        "score_read",
        "score",
        "using",
        """(person_id = (select app.person()) and subject_id = any ((select app.my_subjects())::uuid[]))
  or (subject_id = any ((select app.my_panels())::uuid[])
    and app.panel_state(subject_id) in ('moderating', 'settled'))
  or (subject_id = any ((select app.my_subjects())::uuid[]) and app.panel_state(subject_id) = 'settled')""",
        f"(person_id = (select app.person()) or candidate_id {_CANDIDATE})",
    ),
    (
        "candidate_out",
        "candidate",
        "using",
        """out_at is null and app.panel_state(subject_id) <> 'settled'
    and (subject_id = any ((select app.my_chaired())::uuid[])
      or (subject_id = any ((select app.my_led_subjects())::uuid[]) and (select app.has_role('officer'))))""",
        f"id {_CANDIDATE}",
    ),
    (
        "consensus_read",
        "consensus",
        "using",
        """subject_id = any ((select app.my_panels())::uuid[])
  or (subject_id = any ((select app.my_subjects())::uuid[]) and app.panel_state(subject_id) = 'settled')""",
        f"candidate_id {_CANDIDATE}",
    ),
    (
        "challenge_submission_read",
        "challenge_submission",
        "using",
        f"""{_OWN}
  or (counts and challenge_id = any ((select app.my_closed_challenges())::uuid[]))""",
        f"({_OWN} or response_id {_RESPONSE})",
    ),
    (
        "challenge_outcome_read",
        "challenge_outcome",
        "using",
        f"challenge_id = any ((select app.my_closed_challenges())::uuid[]) or {_OWN}",
        f"({_OWN} or response_id {_RESPONSE})",
    ),
    (
        "challenge_slot_read",
        "challenge_slot",
        "using",
        f"challenge_id = any ((select app.my_closed_challenges())::uuid[]) or {_OWN}",
        f"({_OWN} or response_id {_RESPONSE})",
    ),
    (
        "challenge_note_own",
        "challenge_note",
        "with check",
        "person_id = (select app.person()) and phase_id = any ((select app.my_panels())::uuid[])",
        f"response_id {_RESPONSE}",
    ),
    (
        "challenge_slot_add",
        "challenge_slot",
        "with check",
        """challenge_id = any ((select app.my_judged_challenges())::uuid[])
  and challenge_id = app.challenge_of_phase(phase_id)""",
        "app.kept_from_none(phase_id) and not app.panel_is_decided(phase_id)",
    ),
    (
        "challenge_slot_end",
        "challenge_slot",
        "using",
        "challenge_id = any ((select app.my_judged_challenges())::uuid[])",
        "app.kept_from_none(phase_id) and not app.panel_is_decided(phase_id)",
    ),
    (
        "challenge_outcome_add",
        "challenge_outcome",
        "with check",
        """challenge_id = any ((select app.my_judged_challenges())::uuid[])
  and challenge_id = app.challenge_of_phase(phase_id) and app.panel_state(phase_id) = 'settled'
  and exists (select from challenge_entrant e left join app.phase_ranking(e.phase_id) r
      on r.candidate_id = e.candidate_id
    where e.phase_id = challenge_outcome.phase_id and e.response_id = challenge_outcome.response_id
      and r.total is not distinct from challenge_outcome.total
      and r.rank is not distinct from challenge_outcome.rank)""",
        "app.kept_from_none(phase_id)",
    ),
    (
        "bid_check_read",
        "bid_check",
        "using",
        "tender_id = any ((select app.my_tenders())::uuid[])",
        f"opened_id {_CANDIDATE}",
    ),
    (
        "bid_check_add",
        "bid_check",
        "with check",
        """tender_id = any ((select app.my_assessing())::uuid[]) and person_id = (select app.person())
  and exists (select from opened_bid o where o.id = opened_id and o.tender_id = bid_check.tender_id)""",
        f"opened_id {_CANDIDATE}",
    ),
    (
        "tender_assessment_add",
        "tender_assessment",
        "with check",
        "tender_id = any ((select app.my_assessing())::uuid[]) and app.panel_state(tender_id) = 'settled'",
        "app.kept_from_none(tender_id)",
    ),
)
CALLED = ("kept_responses()", "kept_candidates()", "kept_from_none(uuid)", "panel_is_decided(uuid)")


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    called = ", ".join(f"app.{name}" for name in CALLED)
    _run(KEPT)
    _run(f"revoke execute on function {called}, app.guard_declaration(), app.guard_released() from public")
    _run(f"grant execute on function {called} to bt_app, bt_jobs")
    for policy, table, clause, was, besides in POLICIES:
        op.execute(f"alter policy {policy} on {table} {clause} (({was}) and {besides})")


def downgrade() -> None:
    for policy, table, clause, was, _ in POLICIES:
        op.execute(f"alter policy {policy} on {table} {clause} ({was})")
    _run(UNKEPT)
