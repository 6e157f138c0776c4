"""Published payment files, what was set aside, mappings and markings."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0004"
down_revision = "0003"

UP = """
create function app.body_code() returns text language sql stable
  as $$ select code from organisation where id = app.organisation() $$;

create table published_file (
  id uuid constraint pk_published_file primary key,
  body_code text not null,
  name text not null,
  sha256 bytea not null,
  lines_name text not null,
  size_bytes bigint not null,
  state text not null default 'current'
    constraint ck_published_file_state check (state in ('current','replaced','withdrawn')),
  replaces_id uuid constraint fk_published_file_replaces_id references published_file (id),
  lines bigint not null,
  read bigint not null,
  set_aside bigint not null,
  amount_read_pence bigint not null,
  amount_basis text not null,
  first_on date,
  last_on date,
  decisions jsonb not null,
  mapping jsonb,
  difference jsonb,
  imported_at timestamptz not null default statement_timestamp(),
  imported_by uuid,
  ended_at timestamptz,
  -- Nothing is dropped silently: what was read and what was set aside are all the lines there were.
  constraint ck_published_file_reconciles check (read + set_aside = lines)
);
create index ix_published_file_body_code on published_file (body_code, state, name);
create unique index uq_published_file_current on published_file (body_code, sha256) where state = 'current';
create table set_aside_line (
  file_id uuid not null constraint fk_set_aside_line_file_id references published_file (id),
  line_no bigint not null,
  reason text not null,
  raw text not null,
  constraint pk_set_aside_line primary key (file_id, line_no)
);
create table column_mapping (
  id uuid constraint pk_column_mapping primary key,
  body_code text not null,
  fingerprint text not null,
  mapping jsonb not null,
  person_id uuid,
  changed_at timestamptz not null default statement_timestamp(),
  constraint uq_column_mapping_body_code_fingerprint unique (body_code, fingerprint)
);
create table marking (
  id uuid constraint pk_marking primary key,
  body_code text not null,
  fingerprint text not null,
  versions jsonb not null,
  counts jsonb not null,
  marked_at timestamptz not null default statement_timestamp(),
  constraint uq_marking_body_code_fingerprint unique (body_code, fingerprint)
);

-- The register of files and the markings are published data about published data: everybody may read them.
grant select on published_file, marking to bt_app;
grant select, insert, update on published_file to bt_jobs;
grant select, insert, update, delete on marking to bt_jobs;

-- A line that could not be read may hold anything, names too: the body's own people and those who look after
-- the whole may see it.
alter table set_aside_line enable row level security;
grant select on set_aside_line to bt_app;
grant select, insert on set_aside_line to bt_jobs;
create policy set_aside_line_read on set_aside_line for select to bt_app
  using ((select app.has_role('operator')) or (select app.has_role('sector_lead'))
    or file_id in (select f.id from published_file f where f.body_code = (select app.body_code())));
create policy set_aside_line_jobs on set_aside_line to bt_jobs using (true) with check (true);

alter table column_mapping enable row level security;
grant select, insert, update on column_mapping to bt_app;
grant select, insert, update on column_mapping to bt_jobs;
create policy column_mapping_own on column_mapping to bt_app
  using ((select app.has_role('operator')) or body_code = (select app.body_code()))
  with check ((select app.has_role('operator'))
    or (body_code = (select app.body_code()) and (select app.has_role('officer'))));
create policy column_mapping_jobs on column_mapping to bt_jobs using (true) with check (true);
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    for table in ("marking", "column_mapping", "set_aside_line", "published_file"):
        op.drop_table(table)
    op.execute("drop function app.body_code()")
