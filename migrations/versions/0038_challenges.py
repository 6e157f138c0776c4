"""Challenges: the statement of a problem, what responses say, sponsors, approvals, notices that came first."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0038"
down_revision = "0037"

TABLES = """
create table challenge (
  id uuid constraint pk_challenge primary key,
  lead_code text not null,
  title text not null constraint ck_challenge_title check (btrim(title) <> ''),
  problem text not null default '',
  people text not null default '',
  tried text not null default '',
  outcomes text not null default '',
  interfaces text not null default '',
  constraints text not null default '',
  after_success text not null default '',
  category text not null,
  region_code text not null default '',
  budget_gross_pence bigint,
  later_gross_pence bigint,
  route text not null default '',
  route_reason text not null default '',
  questions_until timestamptz,
  responses_due_at timestamptz,
  showcase_on date,
  showcase_where text not null default '',
  decision_on date,
  pilot_from_on date,
  pilot_until_on date,
  anonymous boolean not null default false,
  seeks_sponsors boolean not null default false,
  version bigint not null default 1,
  fingerprint bytea constraint ck_challenge_fingerprint check (octet_length(fingerprint) = 32),
  needs_notice text not null default '',
  words tsvector,
  state text not null default 'statement' constraint ck_challenge_state check (
    state in ('statement','open','judged','pilot','measured','decision','route','withdrawn','ended')),
  state_reason text not null default '',
  state_changed_at timestamptz not null default statement_timestamp(),
  published_at timestamptz,
  demonstration boolean not null default false,
  created_at timestamptz not null default statement_timestamp(),
  constraint ck_challenge_sums check (budget_gross_pence >= 0 and later_gross_pence >= 0)
);
create index ix_challenge_state on challenge (state, category);
create index ix_challenge_words on challenge using gin (words);
create index ix_challenge_published_at on challenge (published_at) where published_at is not null;

create table challenge_section (
  challenge_id uuid not null constraint fk_challenge_section_challenge_id references challenge (id),
  position bigint not null,
  title text not null constraint ck_challenge_section_title check (btrim(title) <> ''),
  asks text not null default '',
  most_words bigint not null constraint ck_challenge_section_most_words check (most_words between 1 and 1000),
  constraint pk_challenge_section primary key (challenge_id, position)
);

create table challenge_criterion (
  challenge_id uuid not null constraint fk_challenge_criterion_challenge_id references challenge (id),
  position bigint not null,
  title text not null constraint ck_challenge_criterion_title check (btrim(title) <> ''),
  description text not null default '',
  weight bigint not null constraint ck_challenge_criterion_weight check (weight between 1 and 100),
  constraint pk_challenge_criterion primary key (challenge_id, position)
);

create table challenge_sponsor (
  challenge_id uuid not null constraint fk_challenge_sponsor_challenge_id references challenge (id),
  body_code text not null,
  line text not null default '' constraint ck_challenge_sponsor_line check (length(line) <= 500),
  need_id uuid constraint fk_challenge_sponsor_need_id references need (id),
  joined_by text not null,
  joined_at timestamptz not null default statement_timestamp(),
  constraint pk_challenge_sponsor primary key (challenge_id, body_code)
);
create index ix_challenge_sponsor_body_code on challenge_sponsor (body_code);

create table challenge_approval (
  id uuid constraint pk_challenge_approval primary key,
  challenge_id uuid not null,
  body_code text not null,
  version bigint not null,
  fingerprint bytea not null constraint ck_challenge_approval_fingerprint check (octet_length(fingerprint) = 32),
  decision text not null constraint ck_challenge_approval_decision check (decision in ('approved','refused')),
  reason text not null default '',
  person_id uuid not null,
  person_name text not null,
  decided_at timestamptz not null default statement_timestamp(),
  constraint ck_challenge_approval_reason check ((decision = 'refused') = (btrim(reason) <> '')),
  constraint fk_challenge_approval_challenge_sponsor foreign key (challenge_id, body_code)
    references challenge_sponsor (challenge_id, body_code) on delete cascade
);
create index ix_challenge_approval_challenge_id on challenge_approval (challenge_id, body_code);

create table challenge_notice (
  challenge_id uuid not null constraint fk_challenge_notice_challenge_id references challenge (id),
  code text not null constraint ck_challenge_notice_code check (code ~ '^UK[0-9]+$'),
  version bigint not null,
  fingerprint bytea not null constraint ck_challenge_notice_fingerprint check (octet_length(fingerprint) = 32),
  reference text not null constraint ck_challenge_notice_reference check (btrim(reference) <> ''),
  published_at timestamptz not null,
  recorded_by text not null,
  recorded_at timestamptz not null default statement_timestamp(),
  constraint pk_challenge_notice primary key (challenge_id, code)
);
"""

# The challenges that the session's council sponsors or leads, and whose approval of a statement stands.
WHOSE = """
create function app.my_challenges() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(s.challenge_id), '{}') from public.challenge_sponsor s
        where s.body_code = app.body_code() and app.of_council() $$;
create function app.my_open_statements() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(c.id), '{}') from public.challenge c
        where c.lead_code = app.body_code() and app.has_role('officer') and c.state = 'statement' $$;
create function app.public_challenge(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.challenge c where c.id = wanted and c.published_at is not null) $$;
create function app.sponsor_stands(wanted uuid, council text) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce((select a.decision = 'approved' and a.fingerprint = c.fingerprint
          from public.challenge_approval a join public.challenge c on c.id = a.challenge_id
          where a.challenge_id = wanted and a.body_code = council
          order by a.decided_at desc, a.id desc limit 1), false) $$;
create function app.challenge_moves() returns text[] language sql immutable as $$ select array[
  'statement open', 'statement ended', 'open judged', 'open withdrawn', 'judged pilot', 'judged ended',
  'pilot measured', 'measured decision', 'decision route', 'decision ended'] $$;
revoke execute on function app.my_challenges(), app.my_open_statements(), app.public_challenge(uuid),
  app.sponsor_stands(uuid, text), app.challenge_moves() from public;
grant execute on function app.my_challenges(), app.my_open_statements(), app.public_challenge(uuid),
  app.sponsor_stands(uuid, text), app.challenge_moves() to bt_app, bt_jobs;
"""

# What challenges.rules says, once more where nobody can pass it by: moves, what each needs, who changes what.
GUARD = """
create function app.guard_challenge() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
  moving constant text[] := array['state','state_reason','state_changed_at','version','fingerprint','needs_notice',
    'words','published_at','seeks_sponsors'];
  same constant boolean := to_jsonb(new) - moving = to_jsonb(old) - moving;
begin
  if new.state <> old.state and not (old.state || ' ' || new.state) = any (app.challenge_moves()) then
    raise exception 'a challenge cannot go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'challenge_move';
  end if;
  if (not same or new.fingerprint is distinct from old.fingerprint) and old.state <> 'statement' then
    raise exception 'a statement that is % cannot be changed', old.state
      using errcode = 'check_violation', constraint = 'challenge_change';
  end if;
  if current_user = 'bt_app' and not (old.lead_code = app.body_code() and app.has_role('officer')) then
    raise exception 'only the lead changes a challenge' using errcode = 'insufficient_privilege';
  end if;
  -- What was approved is what stands: a change takes the fingerprint away until it is taken anew.
  if not same and new.fingerprint is not distinct from old.fingerprint then
    new.fingerprint := null;
  end if;
  if new.published_at is distinct from old.published_at and not (new.state = 'open' and old.state = 'statement') then
    raise exception 'a challenge is published once' using errcode = 'check_violation', constraint = 'challenge_published';
  end if;
  if new.state = 'open' and old.state = 'statement' then
    if new.published_at is null or not app.sponsor_stands(new.id, new.lead_code) then
      raise exception 'the lead has not approved this statement'
        using errcode = 'check_violation', constraint = 'challenge_approved';
    end if;
    if new.responses_due_at is null or new.responses_due_at <= statement_timestamp() then
      raise exception 'the deadline has passed' using errcode = 'check_violation', constraint = 'challenge_due';
    end if;
    if new.needs_notice <> '' and not exists (select from challenge_notice n
        where n.challenge_id = new.id and n.code = new.needs_notice and n.fingerprint = new.fingerprint) then
      raise exception 'the notice that comes first is not confirmed'
        using errcode = 'check_violation', constraint = 'challenge_notice_first';
    end if;
  end if;
  if new.state = 'judged' and old.state = 'open' and statement_timestamp() < old.responses_due_at then
    raise exception 'responses are not due yet' using errcode = 'check_violation', constraint = 'challenge_due';
  end if;
  return new;
end $$;
create trigger tg_guard_challenge before update on challenge for each row execute function app.guard_challenge();

create function app.unfix_challenge() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  update challenge c set fingerprint = null
    where c.id = coalesce(new.challenge_id, old.challenge_id) and c.fingerprint is not null;
  return null;
end $$;
create trigger tg_unfix_section after insert or update or delete on challenge_section
  for each row execute function app.unfix_challenge();
create trigger tg_unfix_criterion after insert or update or delete on challenge_criterion
  for each row execute function app.unfix_challenge();
revoke execute on function app.guard_challenge(), app.unfix_challenge() from public;
"""

RIGHTS = """
grant select on challenge, challenge_section, challenge_criterion, challenge_sponsor, challenge_approval,
  challenge_notice to bt_app;
grant insert on challenge, challenge_section, challenge_criterion to bt_app;
grant insert (challenge_id, body_code, line, need_id, joined_by), update (line, need_id), delete
  on challenge_sponsor to bt_app;
grant insert (id, challenge_id, body_code, version, fingerprint, decision, reason, person_id, person_name)
  on challenge_approval to bt_app;
grant insert (challenge_id, code, version, fingerprint, reference, published_at, recorded_by)
  on challenge_notice to bt_app;
grant update (fingerprint, version, reference, published_at, recorded_by) on challenge_notice to bt_app;
grant update (title, problem, people, tried, outcomes, interfaces, constraints, after_success, category, region_code,
  budget_gross_pence, later_gross_pence, route, route_reason, questions_until, responses_due_at, showcase_on,
  showcase_where, decision_on, pilot_from_on, pilot_until_on, anonymous, seeks_sponsors, version, fingerprint,
  needs_notice, words, state, state_reason, state_changed_at, published_at) on challenge to bt_app;
grant delete on challenge_section, challenge_criterion to bt_app;
grant select, insert, update, delete on challenge, challenge_section, challenge_criterion, challenge_sponsor,
  challenge_approval, challenge_notice to bt_jobs;

-- Before publication for its sponsors, and for all councils where the lead looks for more of them.
create policy challenge_read on challenge for select to bt_app using (
  published_at is not null or (select app.has_role('sector_lead'))
  or (lead_code = (select app.body_code()) and (select app.of_council()))
  or id = any ((select app.my_challenges())::uuid[])
  or (seeks_sponsors and state = 'statement' and (select app.of_council())));
create policy challenge_add on challenge for insert to bt_app with check (
  lead_code = (select app.body_code()) and (select app.has_role('officer')) and state = 'statement'
  and published_at is null);
create policy challenge_change on challenge for update to bt_app using (
  lead_code = (select app.body_code()) and (select app.has_role('officer')));

create policy challenge_sponsor_read on challenge_sponsor for select to bt_app using (
  challenge_id = any ((select app.my_challenges())::uuid[]) or (select app.has_role('sector_lead'))
  or app.sponsor_stands(challenge_id, body_code) and app.public_challenge(challenge_id)
  or exists (select from challenge c where c.id = challenge_id and c.state = 'statement'));
-- The lead comes with the challenge; others while the lead looks for them, or until responses are due.
create policy challenge_sponsor_join on challenge_sponsor for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer'))
  and exists (select from challenge c where c.id = challenge_id and (
    (c.state = 'statement' and (c.lead_code = challenge_sponsor.body_code or c.seeks_sponsors))
    or (c.state = 'open' and statement_timestamp() < c.responses_due_at)))
  and (need_id is null or exists (select from need n
    where n.id = need_id and n.body_code = challenge_sponsor.body_code)));
create policy challenge_sponsor_change on challenge_sponsor for update to bt_app
  using (body_code = (select app.body_code()) and (select app.has_role('officer')))
  with check (need_id is null or exists (select from need n
    where n.id = need_id and n.body_code = challenge_sponsor.body_code));
-- A sponsor leaves before publication, or while it has not approved; until publication the lead can let it go.
create policy challenge_sponsor_leave on challenge_sponsor for delete to bt_app using (
  (select app.has_role('officer')) and exists (select from challenge c where c.id = challenge_id
    and c.lead_code <> challenge_sponsor.body_code and (
      (c.state = 'statement' and (select app.body_code()) in (c.lead_code, challenge_sponsor.body_code))
      or (c.state = 'open' and challenge_sponsor.body_code = (select app.body_code())
        and not app.sponsor_stands(challenge_id, challenge_sponsor.body_code)))));

create policy challenge_approval_read on challenge_approval for select to bt_app using (
  challenge_id = any ((select app.my_challenges())::uuid[]) or (select app.has_role('sector_lead')));
-- An answer is to the statement as it stands, by an approver; the lead's by one whose limit covers the budget.
create policy challenge_approval_add on challenge_approval for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('approver')) and person_id = (select app.person())
  and exists (select from challenge c where c.id = challenge_id and c.fingerprint = challenge_approval.fingerprint
    and (c.state = 'statement' or (c.state = 'open' and c.lead_code <> challenge_approval.body_code
      and statement_timestamp() < c.responses_due_at))
    and (decision = 'refused' or c.lead_code <> challenge_approval.body_code
      or exists (select from approver_authority a where a.body_code = challenge_approval.body_code
        and a.person_id = (select app.person()) and a.limit_pence >= coalesce(c.budget_gross_pence, 0)))));

create policy challenge_notice_read on challenge_notice for select to bt_app using (
  challenge_id = any ((select app.my_challenges())::uuid[]) or (select app.has_role('sector_lead'))
  or app.public_challenge(challenge_id));
create policy challenge_notice_add on challenge_notice for insert to bt_app with check (
  (select app.has_role('officer')) and exists (select from challenge c where c.id = challenge_id
    and c.lead_code = (select app.body_code()) and c.fingerprint = challenge_notice.fingerprint));
create policy challenge_notice_change on challenge_notice for update to bt_app
  using (challenge_id = any ((select app.my_open_statements())::uuid[]))
  with check (exists (select from challenge c where c.id = challenge_id
    and c.fingerprint = challenge_notice.fingerprint));

create policy audit_entry_read_challenge on audit_entry for select to bt_app using (
  subject_kind = 'challenge'
  and ((select app.has_role('sector_lead')) or subject_id = any ((select app.my_challenges())::text[])));

-- A council that sponsors a challenge acts for it, and no longer once it has left.
create policy subject_buyer_sponsor on subject_buyer for insert to bt_app with check (
  not leads and organisation_id = (select app.organisation()) and (select app.has_role('officer'))
  and subject_id = any ((select app.my_challenges())::uuid[]));
create policy subject_buyer_leave on subject_buyer for delete to bt_app using (
  not leads and organisation_id = (select app.organisation()) and (select app.has_role('officer'))
  and not subject_id = any ((select app.my_challenges())::uuid[])
  and exists (select from subject s where s.id = subject_id and s.kind = 'challenge'));
"""

PARTS = ("challenge_section", "challenge_criterion")
ALL = ("challenge", *PARTS, "challenge_sponsor", "challenge_approval", "challenge_notice")
GUARDED = """
alter table {table} enable row level security;
create policy {table}_jobs on {table} to bt_jobs using (true) with check (true);
"""
PART = """
create policy {table}_read on {table} for select to bt_app using (
  exists (select from challenge c where c.id = challenge_id));
create policy {table}_add on {table} for insert to bt_app with check (
  challenge_id = any ((select app.my_open_statements())::uuid[]));
create policy {table}_remove on {table} for delete to bt_app using (
  challenge_id = any ((select app.my_open_statements())::uuid[]));
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    guarded = "".join(GUARDED.format(table=table) for table in ALL)
    parts = "".join(PART.format(table=table) for table in PARTS)
    _run(TABLES + WHOSE + GUARD + guarded + parts + RIGHTS)


def downgrade() -> None:
    op.execute("drop policy audit_entry_read_challenge on audit_entry")
    for name in ("subject_buyer_sponsor", "subject_buyer_leave"):
        op.execute(f"drop policy {name} on subject_buyer")
    for table in reversed(ALL):
        op.execute(f"drop table {table} cascade")
    for name in ("guard_challenge()", "unfix_challenge()", "my_challenges()", "my_open_statements()",
                 "public_challenge(uuid)", "sponsor_stands(uuid, text)", "challenge_moves()"):
        op.execute(f"drop function app.{name}")
