"""Notices that come before the tender notice: what they say stands in rows of their own, public once confirmed."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0062"
down_revision = "0061"

TABLE = """
create table early_notice (
  id uuid constraint pk_early_notice primary key,
  tender_id uuid not null constraint fk_early_notice_tender_id references tender (id),
  code text not null constraint ck_early_notice_code check (code in ('UK2','UK3')),
  number bigint not null constraint ck_early_notice_number check (number >= 1),
  lead_code text not null,
  title text not null constraint ck_early_notice_title check (btrim(title) <> ''),
  category text not null,
  gross_pence bigint,
  suits_small_firms boolean not null default false,
  region_codes text[] not null default '{}'::text[],
  words tsvector,
  fields jsonb not null,
  facts jsonb not null,
  demonstration boolean not null default false,
  state text not null default 'prepared' constraint ck_early_notice_state check (
    state in ('prepared','confirmed','discarded')),
  prepared_at timestamptz not null default statement_timestamp(),
  reference text not null default '',
  published_at timestamptz,
  confirmed_at timestamptz,
  replaced_at timestamptz,
  ended_at timestamptz,
  constraint ck_early_notice_confirmed check (
    (state = 'confirmed') = (reference <> '' and published_at is not null and confirmed_at is not null)),
  constraint ck_early_notice_over check (state = 'confirmed' or num_nonnulls(replaced_at, ended_at) = 0),
  constraint uq_early_notice_number unique (tender_id, code, number)
);
create unique index uq_early_notice_prepared on early_notice (tender_id, code) where state = 'prepared';
create unique index uq_early_notice_current on early_notice (tender_id, code)
  where state = 'confirmed' and replaced_at is null;
create index ix_early_notice_confirmed_at on early_notice (confirmed_at) where state = 'confirmed';
"""

# The confirmation of a newer version replaces the earlier one; a draft that is given up ends what was planned.
KEEPING = """
create function app.replace_early_notice() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  update early_notice e set replaced_at = statement_timestamp()
    where e.tender_id = new.tender_id and e.code = new.code and e.id <> new.id
      and e.state = 'confirmed' and e.replaced_at is null;
  return new;
end $$;
create trigger tg_replace_early_notice before update of state on early_notice for each row
  when (new.state = 'confirmed' and old.state = 'prepared') execute function app.replace_early_notice();
create function app.end_early_notices() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  update early_notice e set ended_at = statement_timestamp()
    where e.tender_id = new.id and e.state = 'confirmed' and e.ended_at is null;
  return null;
end $$;
create trigger tg_end_early_notices after update of state on tender for each row
  when (new.state = 'terminated' and old.state <> 'terminated' and new.published_at is null)
  execute function app.end_early_notices();
revoke execute on function app.replace_early_notice(), app.end_early_notices() from public;
"""

RIGHTS = """
alter table early_notice enable row level security;
grant select, insert on early_notice to bt_app;
grant update (state, reference, published_at, confirmed_at) on early_notice to bt_app;
grant select, insert, update, delete on early_notice to bt_jobs;
create policy early_notice_jobs on early_notice to bt_jobs using (true) with check (true);
-- What the central platform published is for everybody, also while the tender is a draft of its buyers.
create policy early_notice_read on early_notice for select to bt_app using (
  state = 'confirmed' or tender_id = any ((select app.my_tenders())::uuid[]) or (select app.has_role('sector_lead')));
create policy early_notice_add on early_notice for insert to bt_app with check (
  state = 'prepared' and lead_code = (select app.body_code())
  and tender_id = any ((select app.my_open_tenders())::uuid[]));
create policy early_notice_settle on early_notice for update to bt_app
  using (state = 'prepared' and tender_id = any ((select app.my_open_tenders())::uuid[]))
  with check (state <> 'prepared');
create policy follower_planned on follower for insert to bt_app with check (
  person_id = (select app.person())
  and exists (select from early_notice e where e.tender_id = subject_id and e.state = 'confirmed'));
"""

DOWN = """
drop policy follower_planned on follower;
drop trigger tg_end_early_notices on tender;
drop table early_notice;
drop function app.replace_early_notice(), app.end_early_notices();
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(TABLE + KEEPING + RIGHTS)


def downgrade() -> None:
    _run(DOWN)
