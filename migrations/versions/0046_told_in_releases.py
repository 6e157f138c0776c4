"""What open data tell of a tender, as it was at its time: last times for questions, and what a notice says as facts."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0046"
down_revision = "0045"

SCRIPT = """
alter table tender_notice add column facts jsonb not null default '{}'::jsonb;

create table question_time (
  subject_id uuid not null constraint fk_question_time_subject_id references subject (id),
  until timestamptz not null,
  given_at timestamptz not null default transaction_timestamp(),
  constraint pk_question_time primary key (subject_id, until)
);
insert into question_time (subject_id, until, given_at)
  select s.id, s.questions_until, coalesce((select n.confirmed_at from tender_notice n
    where n.tender_id = s.id and n.code = 'UK4' and n.state = 'confirmed'), s.registered_at)
  from subject s where s.questions_until is not null;

-- Whoever gives or moves the time, it is kept; nobody writes it past this.
create function app.keep_question_time() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  if new.questions_until is not null then
    insert into question_time (subject_id, until) values (new.id, new.questions_until) on conflict do nothing;
  end if;
  return new;
end $$;
revoke execute on function app.keep_question_time() from public;
create trigger tg_question_time after insert or update of questions_until on subject
  for each row execute function app.keep_question_time();

alter table question_time enable row level security;
grant select on question_time to bt_app, bt_jobs;
create policy question_time_jobs on question_time for select to bt_jobs using (true);
-- Whoever may read the subject.
create policy question_time_read on question_time for select to bt_app using (
  exists (select from subject s where s.id = subject_id));
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(SCRIPT)


def downgrade() -> None:
    op.execute("drop trigger tg_question_time on subject")
    op.execute("drop table question_time")
    op.execute("drop function app.keep_question_time()")
    op.execute("alter table tender_notice drop column facts")
