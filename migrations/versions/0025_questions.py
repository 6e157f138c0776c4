"""Questions of suppliers, which nobody can trace to their asker, and the answers of buyers."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0025"
down_revision = "0024"

TABLES = """
create table question (
  id uuid constraint pk_question primary key default gen_random_uuid(),
  subject_id uuid not null constraint fk_question_subject_id references subject (id),
  words text not null constraint ck_question_words check (length(btrim(words)) between 1 and 4000),
  sensitive text not null default '',
  asked_on date not null,
  withdrawn_on date
);
create index ix_question_subject_id on question (subject_id, asked_on);

create table question_asker (
  question_id uuid constraint pk_question_asker primary key
    constraint fk_question_asker_question_id references question (id),
  organisation_id uuid not null,
  person_id uuid not null,
  asked_at timestamptz not null default statement_timestamp()
);
create index ix_question_asker_organisation_id on question_asker (organisation_id);

create table question_answer (
  question_id uuid constraint pk_question_answer primary key
    constraint fk_question_answer_question_id references question (id),
  subject_id uuid not null constraint fk_question_answer_subject_id references subject (id),
  words text not null,
  answer text not null,
  ground text not null default ''
    constraint ck_question_answer_ground check (ground in ('','commercial','national-security')),
  basis text not null default '',
  number bigint,
  published_at timestamptz,
  changed_at timestamptz not null default statement_timestamp(),
  constraint ck_question_answer_basis check ((ground = '') = (btrim(basis) = '')),
  constraint ck_question_answer_words check (btrim(words) <> '' and btrim(answer) <> ''),
  constraint ck_question_answer_number check ((published_at is null) = (number is null))
);
create unique index uq_question_answer_number on question_answer (subject_id, number);

create table question_withheld (
  question_id uuid constraint pk_question_withheld primary key
    constraint fk_question_withheld_question_id references question_answer (question_id),
  subject_id uuid not null constraint fk_question_withheld_subject_id references subject (id),
  number bigint not null,
  ground text not null,
  basis text not null,
  withheld_at timestamptz not null default statement_timestamp()
);
"""

# The application writes neither a question nor its asker by itself, so that both are written together or not at all.
ASKING = """
create function app.my_questions() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(a.question_id), '{}') from public.question_asker a
        where a.organisation_id = app.organisation() and app.has_role('supplier') $$;

-- Returns null where the session's person may not ask, or not any more: by this clock, and no other.
create function app.ask_question(about uuid, asked text, why_sensitive text) returns uuid
  language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  made uuid;
begin
  if not app.has_role('supplier') or app.person() is null or app.organisation() is null or not exists (
      select from subject s where s.id = about and statement_timestamp() < s.questions_until) then
    return null;
  end if;
  insert into question (subject_id, words, sensitive, asked_on)
    values (about, asked, why_sensitive, (statement_timestamp() at time zone 'Europe/London')::date)
    returning id into made;
  insert into question_asker (question_id, organisation_id, person_id)
    values (made, app.organisation(), app.person());
  return made;
end $$;

create function app.withdraw_question(wanted uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  update question q set withdrawn_on = (statement_timestamp() at time zone 'Europe/London')::date
    where q.id = wanted and q.id = any (app.my_questions()) and q.withdrawn_on is null
      and not exists (select from question_answer a where a.question_id = q.id and a.published_at is not null);
  return found;
end $$;

revoke execute on function app.my_questions(), app.ask_question(uuid, text, text), app.withdraw_question(uuid)
  from public;
grant execute on function app.my_questions() to bt_app, bt_jobs;
grant execute on function app.ask_question(uuid, text, text), app.withdraw_question(uuid) to bt_app;
"""

RIGHTS = """
alter table question enable row level security;
alter table question_asker enable row level security;
alter table question_answer enable row level security;
alter table question_withheld enable row level security;
create policy question_jobs on question to bt_jobs using (true) with check (true);
create policy question_answer_jobs on question_answer to bt_jobs using (true) with check (true);
create policy question_withheld_jobs on question_withheld to bt_jobs using (true) with check (true);
grant select on question, question_answer, question_withheld to bt_jobs;

grant select on question, question_asker to bt_app;
create policy question_read on question for select to bt_app using (
  subject_id = any ((select app.my_subjects())::uuid[]) or id = any ((select app.my_questions())::uuid[]));
create policy question_asker_read on question_asker for select to bt_app using (
  organisation_id = (select app.organisation()) and (select app.has_role('supplier')));

grant select, insert (question_id, subject_id, words, answer, ground, basis),
  update (words, answer, ground, basis, number, published_at, changed_at) on question_answer to bt_app;
create policy question_answer_read on question_answer for select to bt_app using (
  subject_id = any ((select app.my_subjects())::uuid[])
  or (published_at is not null and (ground = '' or question_id = any ((select app.my_questions())::uuid[]))));
create policy question_answer_add on question_answer for insert to bt_app with check (
  subject_id = any ((select app.my_subjects())::uuid[]) and (select app.has_role('officer'))
  and exists (select from question q where q.id = question_id and q.subject_id = question_answer.subject_id
    and q.withdrawn_on is null));
-- Any buyer drafts; the lead publishes, at the database's time. What is published stays as it is.
create policy question_answer_change on question_answer for update to bt_app
  using (subject_id = any ((select app.my_subjects())::uuid[]) and (select app.has_role('officer'))
    and published_at is null)
  with check (published_at is null or (published_at = statement_timestamp()
    and subject_id = any ((select app.my_led_subjects())::uuid[])
    and exists (select from question q where q.id = question_id and q.withdrawn_on is null)));

grant select, insert (question_id, subject_id, number, ground, basis, withheld_at) on question_withheld to bt_app;
create policy question_withheld_read on question_withheld for select to bt_app using (
  exists (select from subject s where s.id = subject_id));
create policy question_withheld_add on question_withheld for insert to bt_app with check (
  subject_id = any ((select app.my_led_subjects())::uuid[]) and (select app.has_role('officer'))
  and exists (select from question_answer a where a.question_id = question_withheld.question_id
    and a.subject_id = question_withheld.subject_id and a.number = question_withheld.number
    and a.ground = question_withheld.ground and a.ground <> '' and a.basis = question_withheld.basis
    and a.published_at = question_withheld.withheld_at));
"""

DOWN = """
drop table question_withheld, question_answer, question_asker, question cascade;
drop function app.ask_question(uuid, text, text), app.withdraw_question(uuid), app.my_questions();
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(TABLES + ASKING + RIGHTS)


def downgrade() -> None:
    _run(DOWN)
