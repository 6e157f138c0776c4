"""Responses to challenges: drafts of a firm, what was handed in with receipts, what firms say of themselves once."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0040"
down_revision = "0039"

TABLES = """
-- What a firm says of its own assurance, once for all that it answers.
create table assurance (
  organisation_id uuid not null constraint fk_assurance_organisation_id references organisation (id),
  code text not null constraint ck_assurance_code check (code ~ '^[a-z][a-z0-9-]*$'),
  answer text not null constraint ck_assurance_answer check (answer in ('yes','underway','no')),
  evidence text not null default '' constraint ck_assurance_evidence check (length(evidence) <= 500),
  saved_by text not null,
  saved_at timestamptz not null default statement_timestamp(),
  constraint pk_assurance primary key (organisation_id, code)
);

create table challenge_response (
  id uuid constraint pk_challenge_response primary key,
  challenge_id uuid not null constraint fk_challenge_response_challenge_id references challenge (id),
  organisation_id uuid not null constraint fk_challenge_response_organisation_id references organisation (id),
  code text not null constraint uq_challenge_response_code unique,
  product text not null default '',
  price_low_pence bigint,
  price_high_pence bigint,
  price_words text not null default '',
  readiness bigint constraint ck_challenge_response_readiness check (readiness between 1 and 9),
  team text not null default '',
  version bigint not null default 1,
  begun_by text not null,
  saved_by text not null,
  begun_at timestamptz not null default statement_timestamp(),
  saved_at timestamptz not null default statement_timestamp(),
  constraint uq_challenge_response_own unique (challenge_id, organisation_id),
  constraint ck_challenge_response_price check (
    price_low_pence >= 0 and price_high_pence >= price_low_pence)
);
create index ix_challenge_response_organisation_id on challenge_response (organisation_id);

create table challenge_answer (
  response_id uuid not null constraint fk_challenge_answer_response_id references challenge_response (id),
  position bigint not null,
  words text not null,
  version bigint not null default 1,
  saved_by text not null,
  saved_at timestamptz not null default statement_timestamp(),
  constraint pk_challenge_answer primary key (response_id, position)
);

create table challenge_submission (
  id uuid constraint pk_challenge_submission primary key,
  response_id uuid not null constraint fk_challenge_submission_response_id references challenge_response (id),
  challenge_id uuid not null constraint fk_challenge_submission_challenge_id references challenge (id),
  kind text not null constraint ck_challenge_submission_kind check (
    kind in ('submitted','replaced','withdrawn','late')),
  code text not null,
  at timestamptz not null,
  due_at timestamptz not null,
  sha256 bytea constraint ck_challenge_submission_sha256 check (octet_length(sha256) = 32),
  content jsonb,
  counts boolean not null default false,
  constraint ck_challenge_submission_content check (
    (content is null) = (kind in ('withdrawn','late')) and (content is null) = (sha256 is null)
    and (not counts or content is not null))
);
create index ix_challenge_submission_response_id on challenge_submission (response_id, at);
create unique index uq_challenge_submission_counts on challenge_submission (response_id) where counts;
create index ix_challenge_submission_challenge_id on challenge_submission (challenge_id) where counts;

-- Who responded stands apart, because row-level security hides rows and not columns.
create table challenge_identity (
  submission_id uuid constraint pk_challenge_identity primary key
    constraint fk_challenge_identity_submission_id references challenge_submission (id),
  challenge_id uuid not null constraint fk_challenge_identity_challenge_id references challenge (id),
  organisation_id uuid not null,
  firm text not null,
  person_name text not null,
  product text not null,
  team text not null
);
create index ix_challenge_identity_challenge_id on challenge_identity (challenge_id);
"""

WHOSE = """
create function app.my_responses() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(r.id), '{}') from public.challenge_response r
        where r.organisation_id = app.organisation() and app.has_role('supplier') and app.person() is not null $$;
create function app.takes_responses(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.challenge c where c.id = wanted and c.state = 'open'
        and statement_timestamp() < c.responses_due_at) $$;
-- Whose responses the session's council reads: a sponsor that approved, after the deadline, of what was not withdrawn.
create function app.my_closed_challenges() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(c.id), '{}') from public.challenge c
        where c.id = any (app.my_challenges()) and app.sponsor_stands(c.id, app.body_code())
          and c.published_at is not null and c.state <> 'withdrawn'
          and c.responses_due_at <= statement_timestamp() $$;
create function app.names_are_shown(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.challenge c where c.id = wanted and (not c.anonymous
        or exists (select from public.panel p where p.subject_id = c.id and p.names_lifted_at is not null))) $$;
-- How many responses challenges had, for everybody, once their deadline has passed: a number that is known earlier
-- would tell firms and sponsors what to expect of the others.
create function app.challenge_entries() returns table (challenge_id uuid, entries bigint)
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select s.challenge_id, count(*) from public.challenge_submission s join public.challenge c on c.id = s.challenge_id
        where s.counts and c.state <> 'withdrawn' and c.responses_due_at <= statement_timestamp()
        group by s.challenge_id $$;
"""

# The only way in: by this clock, each with a receipt, and one that comes too late is told so with a receipt too.
HANDING_IN = """
create function app.hand_in_response(receipt uuid, response uuid, known uuid, who text, digest bytea, said jsonb,
    told_product text, told_team text) returns table (receipt_id uuid, fresh boolean)
  language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  own challenge_response;
  about challenge;
  last challenge_submission;
  arrived constant timestamptz := statement_timestamp();
  what text;
begin
  select r.* into own from challenge_response r where r.id = response and r.id = any (app.my_responses()) for update;
  if own.id is null then
    raise exception 'no such response' using errcode = 'insufficient_privilege';
  end if;
  select c.* into about from challenge c where c.id = own.challenge_id;
  select s.* into last from challenge_submission s where s.response_id = own.id order by s.at desc, s.id desc limit 1;
  -- A form that was sent twice gets the receipt of the first time.
  if last.id is distinct from known then
    return query select last.id, false;
    return;
  end if;
  if about.state <> 'open' or arrived >= about.responses_due_at then
    what := 'late';
  elsif said is null then
    if not exists (select from challenge_submission s where s.response_id = own.id and s.counts) then
      raise exception 'nothing was handed in' using errcode = 'check_violation', constraint = 'response_withdraw';
    end if;
    what := 'withdrawn';
  else
    what := case when exists (select from challenge_submission s where s.response_id = own.id and s.counts)
      then 'replaced' else 'submitted' end;
  end if;
  if what <> 'late' then
    update challenge_submission s set counts = false where s.response_id = own.id and s.counts;
  end if;
  insert into challenge_submission (id, response_id, challenge_id, kind, code, at, due_at, sha256, content, counts)
    values (receipt, own.id, own.challenge_id, what, own.code, arrived, about.responses_due_at,
      case when what in ('submitted','replaced') then digest end,
      case when what in ('submitted','replaced') then said end, what in ('submitted','replaced'));
  if what in ('submitted','replaced') then
    insert into challenge_identity (submission_id, challenge_id, organisation_id, firm, person_name, product, team)
      select receipt, own.challenge_id, o.id, o.name, who, told_product, told_team
        from organisation o where o.id = own.organisation_id;
  end if;
  return query select receipt, true;
end $$;
revoke execute on function app.my_responses(), app.takes_responses(uuid), app.my_closed_challenges(),
  app.names_are_shown(uuid), app.challenge_entries(),
  app.hand_in_response(uuid, uuid, uuid, text, bytea, jsonb, text, text) from public;
grant execute on function app.my_responses(), app.takes_responses(uuid), app.my_closed_challenges(),
  app.names_are_shown(uuid), app.challenge_entries() to bt_app, bt_jobs;
grant execute on function app.hand_in_response(uuid, uuid, uuid, text, bytea, jsonb, text, text) to bt_app;
"""

RIGHTS = """
grant select, insert (organisation_id, code, answer, evidence, saved_by),
  update (answer, evidence, saved_by, saved_at), delete on assurance to bt_app;
create policy assurance_own on assurance to bt_app
  using (organisation_id = (select app.organisation()) and (select app.has_role('supplier')))
  with check (organisation_id = (select app.organisation()) and (select app.has_role('supplier')));

grant select, insert (id, challenge_id, organisation_id, code, begun_by, saved_by),
  update (product, price_low_pence, price_high_pence, price_words, readiness, team, version, saved_by, saved_at)
  on challenge_response to bt_app;
create policy challenge_response_own on challenge_response for select to bt_app using (
  organisation_id = (select app.organisation()) and (select app.has_role('supplier'))
  and (select app.person()) is not null);
create policy challenge_response_begin on challenge_response for insert to bt_app with check (
  organisation_id = (select app.organisation()) and (select app.has_role('supplier'))
  and (select app.person()) is not null and app.takes_responses(challenge_id));
create policy challenge_response_change on challenge_response for update to bt_app using (
  id = any ((select app.my_responses())::uuid[]) and app.takes_responses(challenge_id));

grant select, insert (response_id, position, words, saved_by), update (words, version, saved_by, saved_at)
  on challenge_answer to bt_app;
create policy challenge_answer_own on challenge_answer for select to bt_app using (
  response_id = any ((select app.my_responses())::uuid[]));
create policy challenge_answer_add on challenge_answer for insert to bt_app with check (
  exists (select from challenge_response r where r.id = response_id and app.takes_responses(r.challenge_id)));
create policy challenge_answer_change on challenge_answer for update to bt_app using (
  exists (select from challenge_response r where r.id = response_id and app.takes_responses(r.challenge_id)));

grant select on challenge_submission, challenge_identity to bt_app;
create policy challenge_submission_read on challenge_submission for select to bt_app using (
  response_id = any ((select app.my_responses())::uuid[])
  or (counts and challenge_id = any ((select app.my_closed_challenges())::uuid[])));
create policy challenge_identity_read on challenge_identity for select to bt_app using (
  exists (select from challenge_submission s where s.id = submission_id and (
    s.response_id = any ((select app.my_responses())::uuid[])
    or (s.counts and app.names_are_shown(s.challenge_id)))));

-- The worker brings the demonstration world's in, and reads none.
grant insert on assurance, challenge_response, challenge_answer, challenge_submission, challenge_identity to bt_jobs;
"""

ALL = ("assurance", "challenge_response", "challenge_answer", "challenge_submission", "challenge_identity")
GUARDED = """
alter table {table} enable row level security;
create policy {table}_jobs on {table} for insert to bt_jobs with check (true);
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(TABLES + WHOSE + HANDING_IN + "".join(GUARDED.format(table=table) for table in ALL) + RIGHTS)


def downgrade() -> None:
    for table in reversed(ALL):
        op.execute(f"drop table {table} cascade")
    for name in ("hand_in_response(uuid, uuid, uuid, text, bytea, jsonb, text, text)", "challenge_entries()",
                 "names_are_shown(uuid)", "my_closed_challenges()", "takes_responses(uuid)", "my_responses()"):
        op.execute(f"drop function app.{name}")
