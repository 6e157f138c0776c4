"""Numbers under which registers know a firm, and whether it is a public service mutual; an award keeps both."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0060"
down_revision = "0059"

UP = """
create table firm_registration (
  organisation_id uuid constraint pk_firm_registration primary key
    constraint fk_firm_registration_organisation_id references organisation (id),
  company_number text constraint uq_firm_registration_company_number unique,
  charity_number text constraint uq_firm_registration_charity_number unique,
  ppon text constraint uq_firm_registration_ppon unique,
  none_because text constraint ck_firm_registration_none_because check (btrim(none_because) <> ''),
  declared_by text not null,
  declared_at timestamptz not null default statement_timestamp(),
  constraint ck_firm_registration_said check (
    (none_because is null) = (coalesce(company_number, charity_number, ppon) is not null))
);
alter table firm_registration enable row level security;
grant select, insert (organisation_id, company_number, charity_number, ppon, none_because, declared_by),
  update (company_number, charity_number, ppon, none_because, declared_by, declared_at) on firm_registration to bt_app;
create policy firm_registration_own on firm_registration to bt_app
  using (organisation_id = (select app.organisation()) and (select app.has_role('supplier')))
  with check (organisation_id = (select app.organisation()) and (select app.has_role('supplier')));
-- Buyers read it of suppliers whose names they read, as with what firms say of their size.
create policy firm_registration_opened on firm_registration for select to bt_app using (
  exists (select from opened_name n where n.organisation_id = firm_registration.organisation_id)
  or exists (select from opened_member m where m.organisation_id = firm_registration.organisation_id));
grant insert on firm_registration to bt_jobs;
create policy firm_registration_jobs on firm_registration for insert to bt_jobs with check (true);

alter table firm_size add column mutual boolean;
grant insert (mutual), update (mutual) on firm_size to bt_app;

alter table award_party
  add column mutual boolean,
  add column company_number text,
  add column charity_number text,
  add column ppon text,
  add column none_because text;
-- A number that a supplier declares after the award is filled in before a notice; only what it declared itself, and
-- never in the place of another number.
grant update (company_number, charity_number, ppon, none_because) on award_party to bt_app;
create policy award_party_number on award_party for update to bt_app
  using (tender_id = any ((select app.my_tenders())::uuid[])
    and coalesce(company_number, charity_number, ppon) is null)
  with check (exists (select from firm_registration f where f.organisation_id = award_party.organisation_id
    and f.company_number is not distinct from award_party.company_number
    and f.charity_number is not distinct from award_party.charity_number
    and f.ppon is not distinct from award_party.ppon
    and f.none_because is not distinct from award_party.none_because));
"""

DOWN = """
drop policy award_party_number on award_party;
revoke update (company_number, charity_number, ppon, none_because) on award_party from bt_app;
alter table award_party drop column none_because, drop column ppon, drop column charity_number,
  drop column company_number, drop column mutual;
alter table firm_size drop column mutual;
drop table firm_registration;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
