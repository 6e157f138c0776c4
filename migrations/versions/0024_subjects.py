"""What tenders and challenges share: subjects with their buyers, and what officers set in place of the law's tables."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0024"
down_revision = "0023"

TABLES = """
create table subject (
  id uuid constraint pk_subject primary key,
  kind text not null constraint ck_subject_kind check (kind ~ '^[a-z][a-z-]*$'),
  questions_until timestamptz,
  registered_at timestamptz not null default statement_timestamp()
);

create table subject_buyer (
  subject_id uuid not null constraint fk_subject_buyer_subject_id references subject (id),
  organisation_id uuid not null constraint fk_subject_buyer_organisation_id references organisation (id),
  leads boolean not null default false,
  since timestamptz not null default statement_timestamp(),
  constraint pk_subject_buyer primary key (subject_id, organisation_id)
);
create index ix_subject_buyer_organisation_id on subject_buyer (organisation_id);
create unique index uq_subject_buyer_lead on subject_buyer (subject_id) where leads;

create table law_override (
  id uuid constraint pk_law_override primary key,
  subject_id uuid not null constraint fk_law_override_subject_id references subject (id),
  code text not null,
  on_day date,
  days bigint constraint ck_law_override_days check (days >= 0),
  reason text not null,
  officer_id uuid not null,
  officer_name text not null,
  organisation_id uuid not null,
  set_at timestamptz not null default statement_timestamp(),
  withdrawn_at timestamptz,
  withdrawn_by_id uuid,
  withdrawn_by_name text not null default '',
  withdrawn_reason text not null default '',
  constraint ck_law_override_value check (num_nonnulls(on_day, days) = 1),
  constraint ck_law_override_reason check (btrim(reason) <> '' and btrim(officer_name) <> ''),
  constraint ck_law_override_withdrawn check (
    (withdrawn_at is null) = (withdrawn_by_id is null)
    and (withdrawn_at is null) = (withdrawn_by_name = '')
    and (withdrawn_at is null) = (btrim(withdrawn_reason) = ''))
);
create unique index uq_law_override_live on law_override (subject_id, code) where withdrawn_at is null;
create index ix_law_override_subject_id on law_override (subject_id, set_at);
"""

RIGHTS = """
-- The subjects that the session's body acts for. Taking part decides what one may read, also of who takes part.
create function app.my_subjects() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(b.subject_id), '{}') from public.subject_buyer b
        where b.organisation_id = app.organisation() and app.of_council() $$;
create function app.my_led_subjects() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(b.subject_id), '{}') from public.subject_buyer b
        where b.leads and b.organisation_id = app.organisation() and app.of_council() $$;
create function app.has_buyers(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.subject_buyer b where b.subject_id = wanted) $$;
revoke execute on function app.my_subjects(), app.my_led_subjects(), app.has_buyers(uuid) from public;
grant execute on function app.my_subjects(), app.my_led_subjects(), app.has_buyers(uuid) to bt_app, bt_jobs;

alter table subject enable row level security;
alter table subject_buyer enable row level security;
alter table law_override enable row level security;
create policy subject_jobs on subject to bt_jobs using (true) with check (true);
create policy subject_buyer_jobs on subject_buyer to bt_jobs using (true) with check (true);
create policy law_override_jobs on law_override to bt_jobs using (true) with check (true);
grant select, insert, update on subject, law_override to bt_jobs;
grant select, insert, update, delete on subject_buyer to bt_jobs;

grant select, insert (id, kind), update (questions_until) on subject to bt_app;
create policy subject_read on subject for select to bt_app using (
  questions_until is not null or id = any ((select app.my_subjects())::uuid[]));
create policy subject_add on subject for insert to bt_app with check ((select app.has_role('officer')));
create policy subject_change on subject for update to bt_app using (
  id = any ((select app.my_led_subjects())::uuid[]));

grant select, insert (subject_id, organisation_id, leads), delete on subject_buyer to bt_app;
create policy subject_buyer_read on subject_buyer for select to bt_app using (
  subject_id = any ((select app.my_subjects())::uuid[]));
-- Whoever registers a subject leads it; only the lead adds others, and nobody adds themselves to another's.
create policy subject_buyer_add on subject_buyer for insert to bt_app with check (
  (select app.has_role('officer')) and case when leads
    then organisation_id = (select app.organisation()) and not app.has_buyers(subject_id)
    else subject_id = any (app.my_led_subjects()) end);
create policy subject_buyer_end on subject_buyer for delete to bt_app using (
  not leads and (select app.has_role('officer')) and subject_id = any ((select app.my_led_subjects())::uuid[]));

grant select, insert (id, subject_id, code, on_day, days, reason, officer_id, officer_name, organisation_id),
  update (withdrawn_at, withdrawn_by_id, withdrawn_by_name, withdrawn_reason) on law_override to bt_app;
create policy law_override_read on law_override for select to bt_app using (
  subject_id = any ((select app.my_subjects())::uuid[]));
create policy law_override_add on law_override for insert to bt_app with check (
  subject_id = any ((select app.my_subjects())::uuid[]) and (select app.has_role('officer'))
  and officer_id = (select app.person()) and organisation_id = (select app.organisation()));
-- Withdrawn once, by the database's clock, and never back again.
create policy law_override_withdraw on law_override for update to bt_app
  using (subject_id = any ((select app.my_subjects())::uuid[]) and (select app.has_role('officer'))
    and withdrawn_at is null)
  with check (withdrawn_at = statement_timestamp() and withdrawn_by_id = (select app.person()));
"""

DOWN = """
drop table law_override, subject_buyer, subject cascade;
drop function app.my_subjects(), app.my_led_subjects(), app.has_buyers(uuid);
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(TABLES + RIGHTS)


def downgrade() -> None:
    _run(DOWN)
