"""What councils recorded of their own duties: done, or not owed."""

from alembic import op

revision = "0034"
down_revision = "0033"

UP = """
create table duty_record (
  body_code text not null,
  code text not null,
  due_on date not null,
  outcome text not null constraint ck_duty_record_outcome check (outcome in ('done','not_owed')),
  words text not null constraint ck_duty_record_words check (btrim(words) <> ''),
  person_name text not null,
  recorded_at timestamptz not null default statement_timestamp(),
  constraint pk_duty_record primary key (body_code, code, due_on)
);
alter table duty_record enable row level security;
grant select, insert, delete on duty_record to bt_app;
grant select on duty_record to bt_jobs;
create policy duty_record_jobs on duty_record for select to bt_jobs using (true);
create policy duty_record_read on duty_record for select to bt_app using (
  (select app.has_role('sector_lead')) or (body_code = (select app.body_code()) and (select app.of_council())));
create policy duty_record_add on duty_record for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer')));
create policy duty_record_remove on duty_record for delete to bt_app using (
  body_code = (select app.body_code()) and (select app.has_role('officer')));
"""


def upgrade() -> None:
    for statement in UP.strip().split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop table duty_record")
