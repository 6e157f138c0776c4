"""Notices of close matches and suggested pools, once each; how many notices wait, with the session."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0018"
down_revision = "0017"

FINDINGS = """
create table need_finding (
  need_id uuid not null constraint fk_need_finding_need_id references need (id),
  other_id uuid not null constraint fk_need_finding_other_id references need (id),
  kind text not null constraint ck_need_finding_kind check (kind in ('match','suggested')),
  batch_id uuid not null,
  constraint pk_need_finding primary key (need_id, other_id, kind)
);
create index ix_need_finding_batch_id on need_finding (batch_id);
alter table need_finding enable row level security;
grant select, insert, update (batch_id) on need_finding to bt_jobs;
create policy need_finding_jobs on need_finding to bt_jobs using (true) with check (true);

-- What pages have shown for long is no news.
insert into need_finding
  select m.need_id, m.other_id, 'match', '00000000-0000-0000-0000-000000000000'
  from need_match m join need n on n.id = m.need_id join need o on o.id = m.other_id where m.cosine >= 0.55;
insert into need_finding
  select s.need_id, o.need_id, 'suggested', '00000000-0000-0000-0000-000000000000'
  from suggested_need s join suggested_need o on o.pool_id = s.pool_id and o.need_id <> s.need_id
  on conflict do nothing;
"""

NOTICES = """
alter table notice rename column pool_title to title;
alter table notice alter column pool_id drop not null, add column need_id uuid,
  add constraint ck_notice_about check (num_nonnulls(pool_id, need_id) = 1),
  drop constraint ck_notice_reason,
  add constraint ck_notice_reason
    check (reason in ('mentioned','to_sign','matched','suggested','follows')),
  drop constraint uq_notice_person_id_entry_id,
  add constraint uq_notice_person_id_entry_id_need_id unique nulls not distinct (person_id, entry_id, need_id);
create index ix_notice_unread on notice (person_id) where read_at is null;
"""

BACK = """
drop index ix_notice_unread;
delete from notice where need_id is not null;
alter table notice drop constraint uq_notice_person_id_entry_id_need_id,
  add constraint uq_notice_person_id_entry_id unique (person_id, entry_id),
  drop constraint ck_notice_reason,
  add constraint ck_notice_reason check (reason in ('mentioned','to_sign','follows')),
  drop constraint ck_notice_about, drop column need_id, alter column pool_id set not null;
alter table notice rename column title to pool_title;
drop table need_finding;
"""

# As in 0002, with how many notices wait: every page of somebody who is signed in shows that, without a
# statement of its own. Nobody reads an exact number above 99.
FIND = """
drop function app.find_session(bytea);
create function app.find_session(token bytea) returns table (
    session_id uuid, person_id uuid, organisation_id uuid, name text, organisation_name text, roles text[],
    enrolled boolean, second_factor_at timestamptz{column})
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
declare
  seen timestamptz;
begin
  select s.id, s.person_id, s.organisation_id, p.name, o.short_name, s.second_factor_at,
      p.second_factor_at is not null, s.seen_at,
      array(select m.role from membership m
        where m.person_id = s.person_id and m.organisation_id = s.organisation_id){count}
    into session_id, person_id, organisation_id, name, organisation_name, second_factor_at, enrolled, seen,
      roles{into}
    from session s join person p on p.id = s.person_id join organisation o on o.id = s.organisation_id
    where s.token_hash = token and p.disabled_at is null
      and s.created_at > statement_timestamp() - interval '12 hours'
      and s.seen_at > statement_timestamp() - interval '1 hour';
  if session_id is null or roles = '{{}}' then
    return;
  end if;
  if seen < statement_timestamp() - interval '1 minute' then
    update session s set seen_at = statement_timestamp() where s.id = session_id;
  end if;
  return next;
end $$;
revoke execute on function app.find_session(bytea) from public;
grant execute on function app.find_session(bytea) to bt_app;
"""
COUNT = """,
      (select count(*) from (select from notice n
        where n.person_id = s.person_id and n.read_at is null limit 100) waiting)"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    find = FIND.format(column=",\n    unread_count bigint", count=COUNT, into=", unread_count")
    _run(FINDINGS + NOTICES + find)


def downgrade() -> None:
    _run(FIND.format(column="", count="", into="") + BACK)
