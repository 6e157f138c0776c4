"""Contracts of councils and what they need; budgets and drafts stay with the council."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0007"
down_revision = "0006"

TABLES = """
create table contract (
  id uuid constraint pk_contract primary key,
  body_code text not null,
  reference text not null,
  title text not null,
  supplier_name text not null,
  supplier_id uuid constraint fk_contract_supplier_id references supplier (id),
  company_number text,
  category text,
  start_on date,
  end_on date,
  notice_on date,
  extension_options text not null,
  extension_months bigint,
  value_pence bigint,
  annual_value_pence bigint,
  notes text[] not null,
  source_file text not null,
  source_line bigint not null,
  source_key text not null,
  demonstration boolean not null default false,
  imported_at timestamptz not null default statement_timestamp(),
  constraint uq_contract_body_code_source_key unique (body_code, source_key)
);
create index ix_contract_body_code on contract (body_code, end_on);

create table contract_set_aside (
  file_sha256 bytea not null,
  line_no bigint not null,
  body_code text,
  source_file text not null,
  reason text not null,
  raw text not null,
  constraint pk_contract_set_aside primary key (file_sha256, line_no)
);

create table need (
  id uuid constraint pk_need primary key,
  body_code text not null,
  title text not null,
  category text not null,
  outcomes text not null,
  volume bigint,
  unit text not null,
  earliest_start_on date,
  latest_start_on date,
  state text not null default 'draft' constraint ck_need_state check (state in ('draft','open','archived')),
  version bigint not null default 1,
  source_key text,
  demonstration boolean not null default false,
  changed_at timestamptz not null default statement_timestamp(),
  constraint ck_need_window check (earliest_start_on <= latest_start_on),
  constraint uq_need_body_code_source_key unique (body_code, source_key)
);
create index ix_need_body_code on need (body_code, state);
create index ix_need_open on need (category, earliest_start_on) where state = 'open';

create table need_detail (
  need_id uuid constraint pk_need_detail primary key constraint fk_need_detail_need_id references need (id),
  owner_id uuid,
  owner_name text not null,
  budget_low_pence bigint,
  budget_high_pence bigint,
  contract_id uuid constraint fk_need_detail_contract_id references contract (id),
  data_held text not null
    constraint ck_need_detail_data_held check (data_held in ('none','personal','special category')),
  standards text not null,
  interfaces text not null,
  constraint ck_need_detail_budget check (budget_low_pence <= budget_high_pence)
);

create table need_line (
  need_id uuid not null constraint fk_need_line_need_id references need (id),
  position bigint not null,
  kind text not null constraint ck_need_line_kind check (kind in ('must','nice')),
  text text not null,
  constraint pk_need_line primary key (need_id, position)
);

create table need_version (
  need_id uuid not null constraint fk_need_version_need_id references need (id),
  version bigint not null,
  snapshot jsonb not null,
  person_name text not null,
  saved_at timestamptz not null default statement_timestamp(),
  constraint pk_need_version primary key (need_id, version)
);
"""

RIGHTS = """
alter table contract enable row level security;
alter table contract_set_aside enable row level security;
alter table need enable row level security;
alter table need_detail enable row level security;
alter table need_line enable row level security;
alter table need_version enable row level security;
grant select, insert on contract, contract_set_aside, need_detail, need_version to bt_app;
grant update (end_on, notice_on, category) on contract to bt_app;
grant select, insert, delete on need_line to bt_app;
grant select, insert on need to bt_app;
grant update (title, category, outcomes, volume, unit, earliest_start_on, latest_start_on, state, version, changed_at)
  on need to bt_app;
grant update (budget_low_pence, budget_high_pence, contract_id, data_held, standards, interfaces)
  on need_detail to bt_app;
grant select, insert, update on contract, contract_set_aside, need, need_detail, need_line, need_version to bt_jobs;
grant delete on need_line to bt_jobs;
create policy contract_jobs on contract to bt_jobs using (true) with check (true);
create policy contract_set_aside_jobs on contract_set_aside to bt_jobs using (true) with check (true);
create policy need_jobs on need to bt_jobs using (true) with check (true);
create policy need_detail_jobs on need_detail to bt_jobs using (true) with check (true);
create policy need_line_jobs on need_line to bt_jobs using (true) with check (true);
create policy need_version_jobs on need_version to bt_jobs using (true) with check (true);

-- Officers and approvers read all that is their council's; only officers write.
create policy contract_read on contract for select to bt_app using (
  body_code = (select app.body_code()) and ((select app.has_role('officer')) or (select app.has_role('approver'))));
create policy contract_add on contract for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer')));
create policy contract_change on contract for update to bt_app using (
  body_code = (select app.body_code()) and (select app.has_role('officer')));
create policy contract_set_aside_read on contract_set_aside for select to bt_app using (
  body_code = (select app.body_code()) and ((select app.has_role('officer')) or (select app.has_role('approver'))));
create policy contract_set_aside_add on contract_set_aside for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer')));

create policy need_read on need for select to bt_app using (
  (body_code = (select app.body_code()) and ((select app.has_role('officer')) or (select app.has_role('approver'))))
  or (state = 'open' and ((select app.has_role('officer')) or (select app.has_role('approver'))
    or (select app.has_role('sector_lead')))));
create policy need_add on need for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer')));
create policy need_change on need for update to bt_app using (
  body_code = (select app.body_code()) and (select app.has_role('officer')));
"""

# The rest of a need is its council's alone, open or not.
OWN = """
create policy {table}_read on {table} for select to bt_app using (
  ((select app.has_role('officer')) or (select app.has_role('approver')))
  and exists (select from need n where n.id = need_id and n.body_code = (select app.body_code())));
create policy {table}_add on {table} for insert to bt_app with check (
  (select app.has_role('officer'))
  and exists (select from need n where n.id = need_id and n.body_code = (select app.body_code())));
create policy {table}_change on {table} for update to bt_app using (
  (select app.has_role('officer'))
  and exists (select from need n where n.id = need_id and n.body_code = (select app.body_code())));
create policy {table}_remove on {table} for delete to bt_app using (
  (select app.has_role('officer'))
  and exists (select from need n where n.id = need_id and n.body_code = (select app.body_code())));
"""
TABLES_OF_OWN = ("need_detail", "need_line", "need_version")


def upgrade() -> None:
    script = TABLES + RIGHTS + "".join(OWN.format(table=table) for table in TABLES_OF_OWN)
    await_only(op.get_bind().connection.driver_connection.execute(script))


def downgrade() -> None:
    for table in ("need_version", "need_line", "need_detail", "need", "contract_set_aside", "contract"):
        op.drop_table(table)
