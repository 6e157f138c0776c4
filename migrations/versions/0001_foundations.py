"""Foundations: who is asking, the audit trail, jobs and their queue."""

from alembic import op
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from pgqueuer.domain.settings import DBSettings
from sqlalchemy.util import await_only

revision = "0001"
down_revision = None

UP = """
create schema app;
grant usage on schema app to bt_app, bt_jobs;

-- '' and not null is left behind on a pooled connection, so nullif is a must.
create function app.person() returns uuid language sql stable
  as $$ select nullif(current_setting('app.person', true), '')::uuid $$;
create function app.organisation() returns uuid language sql stable
  as $$ select nullif(current_setting('app.organisation', true), '')::uuid $$;
create function app.has_role(role text) returns boolean language sql stable
  as $$ select role = any(string_to_array(coalesce(current_setting('app.roles', true), ''), ',')) $$;

create table audit_entry (
  id bigint generated always as identity constraint pk_audit_entry primary key,
  at timestamptz not null default statement_timestamp(),
  person_id uuid,
  organisation_id uuid,
  actor_name text not null,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  details jsonb not null
);
create index ix_audit_entry_subject on audit_entry (subject_kind, subject_id);
create index ix_audit_entry_organisation_id on audit_entry (organisation_id, id);
create table audit_seal (
  position bigint constraint pk_audit_seal primary key,
  entry_id bigint not null constraint uq_audit_seal_entry_id unique
    constraint fk_audit_seal_entry_id references audit_entry (id),
  hash bytea not null
);
alter table audit_entry enable row level security;
alter table audit_seal enable row level security;
-- Nobody may change or remove an entry; the application may not forge whose it is, nor its time.
grant insert (person_id, organisation_id, actor_name, action, subject_kind, subject_id, details)
  on audit_entry to bt_app, bt_jobs;
grant select on audit_entry to bt_app, bt_jobs;
grant select, insert on audit_seal to bt_jobs;
create policy audit_entry_write on audit_entry for insert to bt_app
  with check (person_id is not distinct from (select app.person()));
create policy audit_entry_read on audit_entry for select to bt_app
  using (organisation_id = (select app.organisation()) or (select app.has_role('operator')));
create policy audit_entry_jobs on audit_entry to bt_jobs using (true) with check (true);
create policy audit_seal_jobs on audit_seal to bt_jobs using (true) with check (true);

create table job (
  id uuid constraint pk_job primary key,
  kind text not null,
  args jsonb not null,
  person_id uuid,
  organisation_id uuid,
  roles text not null default '',
  actor_name text not null default '',
  state text not null default 'queued'
    constraint ck_job_state check (state in ('queued','running','done','failed','cancelled')),
  done bigint not null default 0,
  total bigint,
  doing text not null default '',
  error text,
  result jsonb,
  attempts bigint not null default 0,
  created_at timestamptz not null default statement_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  cancel_requested_at timestamptz
);
create index ix_job_person_id on job (person_id, created_at);
alter table job enable row level security;
grant select on job to bt_app;
grant insert (id, kind, args, person_id, organisation_id, roles, actor_name) on job to bt_app;
grant update (cancel_requested_at) on job to bt_app;
grant select, insert, update on job to bt_jobs;
create policy job_read on job for select to bt_app
  using (person_id = (select app.person()) or (select app.has_role('operator')));
-- A job runs with its asker's roles, so nobody may ask with other roles than the session's own.
create policy job_ask on job for insert to bt_app
  with check (person_id is not distinct from (select app.person())
    and roles = coalesce(current_setting('app.roles', true), ''));
create policy job_cancel on job for update to bt_app
  using (person_id = (select app.person()) or (select app.has_role('operator')));
create policy job_jobs on job to bt_jobs using (true) with check (true);
"""

QUEUE = """
grant usage on schema queue to bt_jobs;
grant select, insert, update, delete, truncate on all tables in schema queue to bt_jobs;
grant usage on all sequences in schema queue to bt_jobs;

-- The application asks for work by writing a job; the queue takes it from there.
create function app.enqueue_job() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  insert into queue.pgqueuer (priority, entrypoint, payload, status)
    values (0, 'job', convert_to(new.id::text, 'UTF8'), 'queued');
  return null;
end $$;
create trigger tg_job_enqueue after insert on job for each row execute function app.enqueue_job();
"""


def script(sql: str) -> None:
    """Run several statements at once, which asyncpg refuses inside op.execute."""
    await_only(op.get_bind().connection.driver_connection.execute(sql))


def upgrade() -> None:
    script(UP)
    script(QueryBuilderEnvironment(DBSettings(db_schema="queue")).build_install_query())
    script(QUEUE)


def downgrade() -> None:
    script("""
        drop table job, audit_seal, audit_entry cascade;
        drop schema queue cascade;
        drop schema app cascade;
    """)
