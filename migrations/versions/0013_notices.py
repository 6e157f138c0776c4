"""Notices made from the audit trail, how people want to hear of them, and addresses of calendars."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0013"
down_revision = "0012"

UP = """
create table notice (
  id uuid constraint pk_notice primary key,
  person_id uuid not null constraint fk_notice_person_id references person (id) on delete cascade,
  entry_id bigint not null constraint fk_notice_entry_id references audit_entry (id),
  pool_id uuid not null,
  pool_title text not null,
  reason text not null constraint ck_notice_reason check (reason in ('mentioned','to_sign','follows')),
  text text not null,
  href text not null,
  at timestamptz not null,
  read_at timestamptz,
  mailed_at timestamptz,
  constraint uq_notice_person_id_entry_id unique (person_id, entry_id)
);
create index ix_notice_person_id on notice (person_id, at);
create index ix_notice_unmailed on notice (person_id) where mailed_at is null and read_at is null;

create table notice_setting (
  person_id uuid constraint pk_notice_setting primary key
    constraint fk_notice_setting_person_id references person (id) on delete cascade,
  mail text not null default 'daily' constraint ck_notice_setting_mail check (mail in ('each','daily','none')),
  summary_on date
);

-- One row: up to which link of the audit trail's chain people were told.
create table notice_bookmark (
  id bigint constraint pk_notice_bookmark primary key constraint ck_notice_bookmark_id check (id = 1),
  position bigint not null
);
insert into notice_bookmark select 1, coalesce(max(position), 0) from audit_seal;

create table calendar_feed (
  id uuid constraint pk_calendar_feed primary key,
  person_id uuid not null constraint fk_calendar_feed_person_id references person (id) on delete cascade,
  organisation_id uuid not null constraint fk_calendar_feed_organisation_id references organisation (id),
  token_hash bytea not null constraint uq_calendar_feed_token_hash unique,
  made_at timestamptz not null default statement_timestamp(),
  constraint uq_calendar_feed_person_id_organisation_id unique (person_id, organisation_id)
);

alter table notice enable row level security;
alter table notice_setting enable row level security;
alter table notice_bookmark enable row level security;
alter table calendar_feed enable row level security;

grant select, update (read_at) on notice to bt_app;
grant select, insert (person_id, mail), update (mail) on notice_setting to bt_app;
grant select (id, person_id, organisation_id, made_at), insert (id, person_id, organisation_id, token_hash), delete
  on calendar_feed to bt_app;
grant select, insert, update on notice, notice_setting to bt_jobs;
grant select, update on notice_bookmark to bt_jobs;

create policy notice_own on notice for select to bt_app using (person_id = (select app.person()));
create policy notice_mark on notice for update to bt_app using (person_id = (select app.person()));
create policy notice_jobs on notice to bt_jobs using (true) with check (true);
create policy notice_setting_own on notice_setting to bt_app using (person_id = (select app.person()))
  with check (person_id = (select app.person()));
create policy notice_setting_jobs on notice_setting to bt_jobs using (true) with check (true);
create policy notice_bookmark_jobs on notice_bookmark to bt_jobs using (true) with check (true);
create policy calendar_feed_own on calendar_feed to bt_app
  using (person_id = (select app.person()) and organisation_id = (select app.organisation()))
  with check (person_id = (select app.person()) and organisation_id = (select app.organisation()));

-- Whose calendar a token opens, with the roles that they have for that council today; none for somebody who left.
create function app.find_calendar(token bytea)
  returns table (person_id uuid, organisation_id uuid, name text, organisation_name text, roles text[])
  language sql stable security definer set search_path = pg_catalog, public as $$
  select f.person_id, f.organisation_id, p.name, o.short_name, array_agg(m.role order by m.role)
    from calendar_feed f join person p on p.id = f.person_id join organisation o on o.id = f.organisation_id
      join membership m on m.person_id = f.person_id and m.organisation_id = f.organisation_id
    where f.token_hash = token and p.disabled_at is null and m.role in ('officer', 'approver')
    group by f.person_id, f.organisation_id, p.name, o.short_name $$;
revoke execute on function app.find_calendar(bytea) from public;
grant execute on function app.find_calendar(bytea) to bt_app;
"""

DOWN = """
drop function app.find_calendar(bytea);
drop table calendar_feed, notice_bookmark, notice_setting, notice cascade;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
