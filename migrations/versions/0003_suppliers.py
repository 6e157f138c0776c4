"""Suppliers, their identifiers and names; private individuals are kept from the application."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0003"
down_revision = "0002"

UP = """
create table supplier (
  id uuid constraint pk_supplier primary key,
  name text not null,
  individual boolean not null default false,
  public_body boolean not null default false,
  created_at timestamptz not null default statement_timestamp()
);
create index ix_supplier_name on supplier (name);
create table supplier_identifier (
  id uuid constraint pk_supplier_identifier primary key,
  supplier_id uuid not null constraint fk_supplier_identifier_supplier_id references supplier (id),
  scheme text not null,
  identifier text not null,
  seen_in text not null,
  constraint uq_supplier_identifier_scheme_identifier unique (scheme, identifier)
);
create index ix_supplier_identifier_supplier_id on supplier_identifier (supplier_id);
create table supplier_name (
  id uuid constraint pk_supplier_name primary key,
  supplier_id uuid not null constraint fk_supplier_name_supplier_id references supplier (id),
  key text not null,
  name text not null,
  individual boolean not null default false,
  seen_in text not null,
  constraint uq_supplier_name_key unique (key, name)
);
create index ix_supplier_name_supplier_id on supplier_name (supplier_id);

alter table supplier enable row level security;
alter table supplier_identifier enable row level security;
alter table supplier_name enable row level security;
grant select on supplier, supplier_identifier, supplier_name to bt_app;
grant select, insert, update on supplier, supplier_identifier, supplier_name to bt_jobs;
-- A private individual is counted and never named: no role of the application may read the row.
create policy supplier_read on supplier for select to bt_app using (not individual);
create policy supplier_identifier_read on supplier_identifier for select to bt_app using (scheme <> 'person');
create policy supplier_name_read on supplier_name for select to bt_app using (not individual);
create policy supplier_jobs on supplier to bt_jobs using (true) with check (true);
create policy supplier_identifier_jobs on supplier_identifier to bt_jobs using (true) with check (true);
create policy supplier_name_jobs on supplier_name to bt_jobs using (true) with check (true);
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    for table in ("supplier_name", "supplier_identifier", "supplier"):
        op.drop_table(table)
