"""Saved searches, what they found and who was told; who follows a tender; notices about tenders."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0030"
down_revision = "0029"

SEARCHES = """
create table saved_search (
  id uuid constraint pk_saved_search primary key,
  person_id uuid not null constraint fk_saved_search_person_id references person (id) on delete cascade,
  kind text not null constraint ck_saved_search_kind check (kind ~ '^[a-z][a-z-]*$'),
  name text not null constraint ck_saved_search_name check (length(btrim(name)) between 1 and 100),
  query text not null,
  description text not null,
  mail text not null constraint ck_saved_search_mail check (mail in ('at_once','daily','weekly','none')),
  stop_hash bytea not null constraint uq_saved_search_stop_hash unique
    constraint ck_saved_search_stop_hash check (octet_length(stop_hash) = 32),
  mailed_at timestamptz,
  saved_at timestamptz not null default statement_timestamp(),
  constraint uq_saved_search_query unique (person_id, kind, query)
);
create index ix_saved_search_kind on saved_search (kind, query);

create table search_finding (
  search_id uuid not null constraint fk_search_finding_search_id references saved_search (id) on delete cascade,
  thing_id uuid not null,
  title text not null,
  href text not null,
  batch_id uuid not null,
  found_at timestamptz not null default statement_timestamp(),
  mailed_at timestamptz,
  constraint pk_search_finding primary key (search_id, thing_id)
);
create index ix_search_finding_batch_id on search_finding (batch_id);
create index ix_search_finding_unmailed on search_finding (search_id) where mailed_at is null;

-- Things of a kind that saved searches were held against: each once.
create table search_looked (
  thing_id uuid constraint pk_search_looked primary key,
  looked_at timestamptz not null default statement_timestamp()
);
insert into search_looked select id from tender where published_at is not null;

alter table saved_search enable row level security;
alter table search_finding enable row level security;
alter table search_looked enable row level security;
grant select (id, person_id, kind, name, query, description, mail, mailed_at, saved_at),
  insert (id, person_id, kind, name, query, description, mail, stop_hash), update (name, mail), delete
  on saved_search to bt_app;
grant select on search_finding to bt_app;
grant select, insert, update, delete on saved_search, search_finding to bt_jobs;
grant select, insert on search_looked to bt_jobs;
create policy saved_search_own on saved_search to bt_app using (person_id = (select app.person()))
  with check (person_id = (select app.person()));
create policy saved_search_jobs on saved_search to bt_jobs using (true) with check (true);
create policy search_finding_own on search_finding for select to bt_app using (
  exists (select from saved_search s where s.id = search_id));
create policy search_finding_jobs on search_finding to bt_jobs using (true) with check (true);
create policy search_looked_jobs on search_looked to bt_jobs using (true) with check (true);

-- Whoever has the secret of a mail reads the name of its search, and stops its mail; no more than that.
create function app.search_to_stop(wanted bytea) returns text language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select s.name from public.saved_search s where s.stop_hash = wanted $$;
create function app.stop_search(wanted bytea) returns uuid language sql volatile security definer
  set search_path = pg_catalog, public
  as $$ update public.saved_search s set mail = 'none' where s.stop_hash = wanted returning s.id $$;
revoke execute on function app.search_to_stop(bytea), app.stop_search(bytea) from public;
grant execute on function app.search_to_stop(bytea), app.stop_search(bytea) to bt_app;
"""

# Without a time: when somebody began to follow could tell who asked a question.
FOLLOWERS = """
create table follower (
  subject_id uuid not null constraint fk_follower_subject_id references subject (id),
  person_id uuid not null constraint fk_follower_person_id references person (id) on delete cascade,
  constraint pk_follower primary key (subject_id, person_id)
);
create index ix_follower_person_id on follower (person_id);
alter table follower enable row level security;
grant select, insert, delete on follower to bt_app;
grant select, insert, delete on follower to bt_jobs;
create policy follower_own on follower to bt_app using (person_id = (select app.person()))
  with check (person_id = (select app.person()) and exists (select from subject s where s.id = subject_id));
create policy follower_jobs on follower to bt_jobs using (true) with check (true);
"""

NOTICES = """
alter table notice add column tender_id uuid,
  drop constraint ck_notice_about,
  add constraint ck_notice_about check (num_nonnulls(pool_id, need_id, tender_id) = 1),
  drop constraint ck_notice_reason,
  add constraint ck_notice_reason check (
    reason in ('mentioned','to_sign','matched','suggested','searched','follows','follows_tender')),
  drop constraint uq_notice_person_id_entry_id_need_id,
  add constraint uq_notice_about unique nulls not distinct (person_id, entry_id, need_id, tender_id);
"""

BACK = """
delete from notice where tender_id is not null;
alter table notice drop constraint uq_notice_about,
  add constraint uq_notice_person_id_entry_id_need_id unique nulls not distinct (person_id, entry_id, need_id),
  drop constraint ck_notice_reason,
  add constraint ck_notice_reason check (reason in ('mentioned','to_sign','matched','suggested','follows')),
  drop constraint ck_notice_about, drop column tender_id,
  add constraint ck_notice_about check (num_nonnulls(pool_id, need_id) = 1);
drop table follower, search_looked, search_finding, saved_search cascade;
drop function app.search_to_stop(bytea), app.stop_search(bytea);
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(SEARCHES + FOLLOWERS + NOTICES)


def downgrade() -> None:
    _run(BACK)
