"""What notices of a contract tell as values, and which payments under it were published."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0063"
down_revision = "0062"

UP = """
alter table contract_notice add column facts jsonb not null default '{}';
grant insert (facts) on contract_notice to bt_app;

create table payment_information (
  id uuid constraint pk_payment_information primary key,
  contract_id uuid not null constraint fk_payment_information_contract_id references tender_contract (id),
  reference text not null constraint ck_payment_information_reference check (btrim(reference) <> ''),
  published_on date not null,
  payments jsonb not null constraint ck_payment_information_payments check (jsonb_array_length(payments) > 0),
  recorded_at timestamptz not null default statement_timestamp()
);
create index ix_payment_information_contract_id on payment_information (contract_id);
alter table payment_information enable row level security;
grant select, insert (id, contract_id, reference, published_on, payments) on payment_information to bt_app;
create policy payment_information_read on payment_information for select to bt_app using (
  contract_id = any ((select app.my_contracts())::uuid[]) or app.contract_public(contract_id)
  or (select app.has_role('sector_lead')));
-- The worker makes the same data as the public.
grant select on payment_information to bt_jobs;
create policy payment_information_jobs on payment_information for select to bt_jobs using (true);
create policy payment_information_add on payment_information for insert to bt_app with check (
  contract_id = any ((select app.own_contracts())::uuid[]));
"""

DOWN = """
drop table payment_information;
alter table contract_notice drop column facts;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
