"""A published tender can be corrected: every buyer approves, the platform has the notice, earlier words stay."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0049"
down_revision = "0048"

TABLES = """
create table tender_correction (
  id uuid constraint pk_tender_correction primary key,
  tender_id uuid not null constraint fk_tender_correction_tender_id references tender (id),
  number bigint not null constraint ck_tender_correction_number check (number >= 1),
  state text not null default 'draft' constraint ck_tender_correction_state check (
    state in ('draft','in_approval','approved','publishing','published','withdrawn')),
  reason text not null constraint ck_tender_correction_reason check (btrim(reason) <> ''),
  until timestamptz,
  enough text not null default '',
  fingerprint bytea constraint ck_tender_correction_fingerprint check (octet_length(fingerprint) = 32),
  made_by text not null,
  made_at timestamptz not null default statement_timestamp(),
  ended_reason text not null default '',
  fields jsonb not null default '[]'::jsonb,
  prepared_at timestamptz,
  reference text not null default '',
  published_at timestamptz,
  recorded_at timestamptz,
  constraint ck_tender_correction_recorded check ((state = 'published') = (recorded_at is not null)),
  constraint uq_tender_correction_number unique (tender_id, number),
  constraint uq_tender_correction_id unique (tender_id, id)
);
create unique index uq_tender_correction_open on tender_correction (tender_id)
  where state not in ('published','withdrawn');

create table tender_correction_change (
  correction_id uuid not null,
  place text not null constraint ck_tender_correction_change_place check (
    place in ('tender','lot','requirement','criterion','kpi','document')),
  number bigint not null,
  name text not null,
  tender_id uuid not null,
  before text not null,
  after text not null,
  sha256 bytea constraint fk_tender_correction_change_sha256 references stored_file (sha256),
  constraint pk_tender_correction_change primary key (correction_id, place, number, name),
  constraint ck_tender_correction_change_file check ((place = 'document') = (sha256 is not null)),
  constraint fk_tender_correction_change_tender_correction foreign key (tender_id, correction_id)
    references tender_correction (tender_id, id)
);
create index ix_tender_correction_change_sha256 on tender_correction_change (sha256) where sha256 is not null;

create table tender_correction_approval (
  id uuid constraint pk_tender_correction_approval primary key,
  correction_id uuid not null,
  tender_id uuid not null,
  body_code text not null,
  fingerprint bytea not null constraint ck_tender_correction_approval_fingerprint check (
    octet_length(fingerprint) = 32),
  decision text not null constraint ck_tender_correction_approval_decision check (
    decision in ('approved','refused')),
  reason text not null default '',
  person_id uuid not null,
  person_name text not null,
  decided_at timestamptz not null default statement_timestamp(),
  ended_at timestamptz,
  constraint fk_tender_correction_approval_tender_correction foreign key (tender_id, correction_id)
    references tender_correction (tender_id, id)
);
create unique index uq_tender_correction_approval_live on tender_correction_approval (correction_id, body_code)
  where ended_at is null and decision = 'approved';
"""

# Within the one transaction that publishes a correction, the lead writes what the buyers approved into the
# tender; nothing is committed before the tender says exactly that.
GUARDS = """
create function app.correcting(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.tender_correction c
          where c.tender_id = wanted and c.state = 'publishing') $$;
create function app.may_correct(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select app.has_role('officer') and exists (select from public.tender t
          where t.id = wanted and t.lead_code = app.body_code() and t.state = 'published') $$;
create or replace function app.my_open_tenders() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(t.id), '{}') from public.tender t
        where t.lead_code = app.body_code() and app.has_role('officer')
          and (t.state in ('draft','in_approval','approved') or app.correcting(t.id)) $$;

create function app.guard_correction() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
  moves constant text[] := array['draft in_approval', 'draft withdrawn', 'in_approval draft',
    'in_approval approved', 'in_approval withdrawn', 'approved draft', 'approved publishing',
    'approved withdrawn', 'publishing published'];
  same constant boolean := to_jsonb(new) - 'state' = to_jsonb(old) - 'state';
begin
  if old.state in ('published', 'withdrawn') then
    raise exception 'a correction that is over stays as it is'
      using errcode = 'check_violation', constraint = 'correction_over';
  end if;
  if new.state <> old.state and not (old.state || ' ' || new.state) = any (moves) then
    raise exception 'a correction cannot go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'correction_move';
  end if;
  if current_user = 'bt_app' and not app.may_correct(old.tender_id)
     and not (same and old.state = 'in_approval' and new.state in ('draft', 'approved')) then
    raise exception 'only the lead corrects a tender' using errcode = 'insufficient_privilege';
  end if;
  if old.state <> 'draft' and (new.reason, new.until, new.enough, new.fingerprint)
     is distinct from (old.reason, old.until, old.enough, old.fingerprint) then
    raise exception 'what the buyers are asked about stays as it is'
      using errcode = 'check_violation', constraint = 'correction_change';
  end if;
  if new.state = 'approved' and old.state <> 'approved' and exists (
    select from tender_buyer b where b.tender_id = new.tender_id and not exists (
      select from tender_correction_approval a where a.correction_id = new.id and a.body_code = b.body_code
        and a.decision = 'approved' and a.ended_at is null and a.fingerprint = new.fingerprint)) then
    raise exception 'not every buyer has approved this correction'
      using errcode = 'check_violation', constraint = 'correction_approved';
  end if;
  if new.state = 'publishing' and (new.reference = '' or new.published_at is null or not exists (
    select from tender t where t.id = new.tender_id and t.state = 'published'
      and clock_timestamp() < t.tenders_due_at)) then
    raise exception 'a correction needs its notice, and comes before the deadline'
      using errcode = 'check_violation', constraint = 'correction_published';
  end if;
  if new.state = 'published' and not exists (
    select from tender t where t.id = new.tender_id and t.fingerprint = new.fingerprint) then
    raise exception 'the tender does not say what the buyers approved'
      using errcode = 'check_violation', constraint = 'correction_published';
  end if;
  return new;
end $$;
create trigger tg_guard_correction before update on tender_correction
  for each row execute function app.guard_correction();

create function app.correction_is_whole() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  if app.correcting(new.tender_id) then
    raise exception 'a correction is published whole or not at all'
      using errcode = 'check_violation', constraint = 'correction_whole';
  end if;
  return null;
end $$;
create constraint trigger tg_correction_is_whole after update on tender_correction
  deferrable initially deferred for each row execute function app.correction_is_whole();
revoke execute on function app.correcting(uuid), app.may_correct(uuid), app.guard_correction(),
  app.correction_is_whole() from public;
grant execute on function app.correcting(uuid), app.may_correct(uuid) to bt_app, bt_jobs;
"""

RIGHTS = """
grant select, insert on tender_correction, tender_correction_change, tender_correction_approval to bt_app;
grant update (state, reason, until, enough, fingerprint, ended_reason, fields, prepared_at, reference,
  published_at, recorded_at) on tender_correction to bt_app;
grant delete on tender_correction_change to bt_app;
grant update (text) on tender_requirement to bt_app;
grant update (ended_at) on tender_correction_approval to bt_app;
grant select, insert, update, delete on tender_correction, tender_correction_change, tender_correction_approval
  to bt_jobs;

create policy tender_correction_read on tender_correction for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]) or (select app.has_role('sector_lead'))
  or (state = 'published' and app.public_tender(tender_id)));
create policy tender_correction_add on tender_correction for insert to bt_app with check (
  state = 'draft' and app.may_correct(tender_id));
create policy tender_correction_step on tender_correction for update to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]));

-- A change is seen by whoever sees its correction, and made by the lead while that is a draft.
create policy tender_correction_change_read on tender_correction_change for select to bt_app using (
  exists (select from tender_correction c where c.id = correction_id));
create policy tender_correction_change_add on tender_correction_change for insert to bt_app with check (
  app.may_correct(tender_id)
  and exists (select from tender_correction c where c.id = correction_id and c.state = 'draft'));
create policy tender_correction_change_remove on tender_correction_change for delete to bt_app using (
  app.may_correct(tender_id)
  and exists (select from tender_correction c where c.id = correction_id and c.state = 'draft'));

create policy tender_correction_approval_read on tender_correction_approval for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]) or (select app.has_role('sector_lead')));
create policy tender_correction_approval_add on tender_correction_approval for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('approver')) and person_id = (select app.person())
  and ended_at is null
  and exists (select from tender_correction c where c.id = correction_id and c.state = 'in_approval'
    and c.fingerprint = tender_correction_approval.fingerprint)
  and (decision = 'refused' or exists (select from approver_authority a
    where a.body_code = tender_correction_approval.body_code and a.person_id = (select app.person())
      and a.limit_pence >= coalesce((select s.value_pence from tender_share s
        where s.tender_id = tender_correction_approval.tender_id
          and s.body_code = tender_correction_approval.body_code), 0))));
create policy tender_correction_approval_end on tender_correction_approval for update to bt_app
  using (tender_id = any ((select app.my_tenders())::uuid[]) and ended_at is null)
  with check (ended_at is not null);

create policy stored_file_read_correction on stored_file for select to bt_app using (
  exists (select from tender_correction_change c where c.sha256 = stored_file.sha256));
create policy stored_chunk_read_correction on stored_chunk for select to bt_app using (
  exists (select from tender_correction_change c where c.sha256 = stored_chunk.sha256));
"""

GUARDED = ("tender_correction", "tender_correction_change", "tender_correction_approval")
# The guard of tenders as it stands, with one more exception from what a published one refuses.
GUARD = """
do $$ begin
  execute replace(pg_get_functiondef('app.guard_tender()'::regprocedure), '{before}', '{after}');
end $$;
"""
BEFORE = "and not extended and old.state"
AFTER = "and not extended and not app.correcting(old.id) and old.state"
OPEN_TENDERS = """
create or replace function app.my_open_tenders() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(t.id), '{}') from public.tender t
        where t.lead_code = app.body_code() and app.has_role('officer')
          and t.state in ('draft','in_approval','approved') $$;
revoke update (text) on tender_requirement from bt_app;
drop policy stored_file_read_correction on stored_file;
drop policy stored_chunk_read_correction on stored_chunk;
drop table tender_correction_approval, tender_correction_change, tender_correction;
drop function app.guard_correction(), app.correction_is_whole(), app.may_correct(uuid), app.correcting(uuid);
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(TABLES + GUARDS + GUARD.format(before=BEFORE, after=AFTER))
    for table in GUARDED:
        _run(
            f"alter table {table} enable row level security;"
            f" create policy {table}_jobs on {table} to bt_jobs using (true) with check (true);"
        )
    _run(RIGHTS)


def downgrade() -> None:
    _run(GUARD.format(before=AFTER, after=BEFORE) + OPEN_TENDERS)
