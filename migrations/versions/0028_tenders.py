"""Tenders: what a pool is bought by, from draft to publication; the content of files in chunks."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0028"
down_revision = "0027"

FILES = """
create table stored_file (
  sha256 bytea constraint pk_stored_file primary key
    constraint ck_stored_file_sha256 check (octet_length(sha256) = 32),
  size bigint not null constraint ck_stored_file_size check (size >= 0),
  stored_at timestamptz not null default statement_timestamp()
);
create table stored_chunk (
  sha256 bytea not null constraint fk_stored_chunk_sha256 references stored_file (sha256),
  position bigint not null,
  content bytea not null,
  constraint pk_stored_chunk primary key (sha256, position)
);
-- Files come packed already, or are small.
alter table stored_chunk alter column content set storage external;
"""

TABLES = """
create table tender (
  id uuid constraint pk_tender primary key,
  pool_id uuid not null constraint fk_tender_pool_id references pool (id),
  lead_code text not null,
  title text not null,
  description text not null default '',
  category text not null,
  procedure text not null constraint ck_tender_procedure check (
    procedure in ('open','competitive-flexible','below-threshold')),
  model text not null constraint ck_tender_model check (model in ('one','parallel','framework')),
  contract_kind text not null constraint ck_tender_contract_kind check (
    contract_kind in ('goods-or-services','works','concession')),
  light_touch boolean not null default false,
  preselected boolean not null default false,
  negotiated boolean not null default false,
  urgent boolean not null default false,
  urgency_reason text not null default '',
  documents_later boolean not null default false,
  stages text not null default '',
  term_reason text not null default '',
  engagement text constraint ck_tender_engagement check (engagement in ('notice','reason','none')),
  engagement_words text not null default '',
  no_lots_reason text not null default '',
  risks text not null default '',
  method text not null default '',
  price_weight numeric(5, 2) constraint ck_tender_price_weight check (price_weight between 0 and 100),
  price_formula text not null default 'lowest over price' constraint ck_tender_price_formula check (
    price_formula in ('lowest over price','above lowest','below reference')),
  reference_pence bigint,
  no_kpis_reason text not null default '',
  publish_on date,
  planned_notice_on date,
  requests_due_on date,
  invite_on date,
  tenders_due_at timestamptz,
  award_on date,
  starts_on date,
  ends_on date,
  extended_until date,
  version bigint not null default 1,
  fingerprint bytea constraint ck_tender_fingerprint check (octet_length(fingerprint) = 32),
  state text not null default 'draft' constraint ck_tender_state check (
    state in ('draft','in_approval','approved','published','closed','opened','assessed','awarded','standstill',
    'contracts','terminated')),
  state_reason text not null default '',
  state_changed_at timestamptz not null default statement_timestamp(),
  published_at timestamptz,
  demonstration boolean not null default false,
  created_at timestamptz not null default statement_timestamp()
);
create unique index uq_tender_pool_id on tender (pool_id) where state <> 'terminated';
create index ix_tender_state on tender (state, category);

create table tender_record (
  tender_id uuid constraint pk_tender_record primary key
    constraint fk_tender_record_tender_id references tender (id),
  small_firms text not null default '',
  policy text not null default '',
  conflicts_on date,
  conflicts text not null default '',
  necessity text not null default ''
);

create table tender_buyer (
  tender_id uuid not null constraint fk_tender_buyer_tender_id references tender (id),
  body_code text not null,
  address text not null default '',
  email text not null default '',
  identifier text not null default '',
  constraint pk_tender_buyer primary key (tender_id, body_code)
);
create index ix_tender_buyer_body_code on tender_buyer (body_code);

create table tender_share (
  tender_id uuid not null,
  body_code text not null,
  value_pence bigint not null constraint ck_tender_share_value_pence check (value_pence >= 0),
  volume bigint,
  unit text not null default '',
  constraint pk_tender_share primary key (tender_id, body_code),
  constraint fk_tender_share_tender_buyer foreign key (tender_id, body_code)
    references tender_buyer (tender_id, body_code)
);

create table tender_approval (
  id uuid constraint pk_tender_approval primary key,
  tender_id uuid not null,
  body_code text not null,
  version bigint not null,
  fingerprint bytea not null constraint ck_tender_approval_fingerprint check (octet_length(fingerprint) = 32),
  decision text not null constraint ck_tender_approval_decision check (decision in ('approved','refused')),
  reason text not null default '',
  person_id uuid not null,
  person_name text not null,
  decided_at timestamptz not null default statement_timestamp(),
  ended_at timestamptz,
  ended_reason text not null default '',
  constraint fk_tender_approval_tender_buyer foreign key (tender_id, body_code)
    references tender_buyer (tender_id, body_code)
);
create unique index uq_tender_approval_live on tender_approval (tender_id, body_code)
  where ended_at is null and decision = 'approved';

create table tender_notice (
  id uuid constraint pk_tender_notice primary key,
  tender_id uuid not null constraint fk_tender_notice_tender_id references tender (id),
  code text not null constraint ck_tender_notice_code check (code in ('UK4','UK12')),
  version bigint not null,
  fingerprint bytea not null,
  fields jsonb not null,
  state text not null default 'prepared'
    constraint ck_tender_notice_state check (state in ('prepared','confirmed','discarded')),
  prepared_by text not null,
  prepared_at timestamptz not null default statement_timestamp(),
  reference text not null default '',
  published_at timestamptz,
  confirmed_by text not null default '',
  confirmed_at timestamptz,
  constraint ck_tender_notice_confirmed check (
    (state = 'confirmed') = (reference <> '' and published_at is not null))
);
create index ix_tender_notice_tender_id on tender_notice (tender_id);
create unique index uq_tender_notice_prepared on tender_notice (tender_id, code) where state <> 'discarded';

create table tender_lot (
  id uuid constraint pk_tender_lot primary key,
  tender_id uuid not null constraint fk_tender_lot_tender_id references tender (id),
  position bigint not null,
  title text not null constraint ck_tender_lot_title check (title <> ''),
  description text not null default '',
  cpv text not null default '',
  net_pence bigint,
  options_pence bigint,
  options text not null default '',
  gross_pence bigint,
  unit text not null default '',
  low_units bigint,
  expected_units bigint,
  full_units bigint,
  low_weight bigint not null default 1,
  expected_weight bigint not null default 1,
  full_weight bigint not null default 1,
  tier_starts bigint[] not null default '{0}'::bigint[],
  counting text not null default 'units in tier'
    constraint ck_tender_lot_counting check (counting in ('all units','units in tier')),
  small_firms boolean not null default false,
  constraint uq_tender_lot_id unique (tender_id, id),
  constraint ck_tender_lot_values check (net_pence >= 0 and options_pence >= 0 and gross_pence >= 0),
  constraint ck_tender_lot_units check (low_units >= 0 and expected_units >= 0 and full_units >= 0),
  constraint ck_tender_lot_weights check (low_weight >= 0 and expected_weight >= 0 and full_weight >= 0)
);

create table tender_requirement (
  tender_id uuid not null constraint fk_tender_requirement_tender_id references tender (id),
  position bigint not null,
  lot_id uuid,
  kind text not null constraint ck_tender_requirement_kind check (kind in ('must','nice','option')),
  text text not null constraint ck_tender_requirement_text check (text <> ''),
  constraint pk_tender_requirement primary key (tender_id, position),
  constraint fk_tender_requirement_tender_lot foreign key (tender_id, lot_id) references tender_lot (tender_id, id)
);

create table tender_criterion (
  id uuid constraint pk_tender_criterion primary key,
  tender_id uuid not null constraint fk_tender_criterion_tender_id references tender (id),
  kind text not null constraint ck_tender_criterion_kind check (kind in ('condition','award')),
  parent_id uuid,
  position bigint not null,
  title text not null constraint ck_tender_criterion_title check (title <> ''),
  description text not null default '',
  weight numeric(5, 2) constraint ck_tender_criterion_weight check (weight between 0 and 100),
  highest bigint,
  least bigint,
  passes_or_fails boolean not null default false,
  standard text not null default '',
  reason text not null default '',
  constraint uq_tender_criterion_id unique (tender_id, id),
  constraint fk_tender_criterion_parent foreign key (tender_id, parent_id)
    references tender_criterion (tender_id, id) on delete cascade,
  constraint ck_tender_criterion_marks check (highest >= 1 and least >= 0),
  constraint ck_tender_criterion_parent check (parent_id is null or kind = 'award')
);

create table tender_kpi (
  id uuid constraint pk_tender_kpi primary key,
  tender_id uuid not null constraint fk_tender_kpi_tender_id references tender (id),
  position bigint not null,
  title text not null constraint ck_tender_kpi_title check (title <> ''),
  measure text not null default '',
  target text not null default ''
);

create table tender_document (
  id uuid constraint pk_tender_document primary key,
  tender_id uuid not null constraint fk_tender_document_tender_id references tender (id),
  position bigint not null,
  title text not null constraint ck_tender_document_title check (title <> ''),
  removed_at timestamptz,
  constraint uq_tender_document_id unique (tender_id, id)
);

create table tender_document_version (
  document_id uuid not null,
  version bigint not null,
  tender_id uuid not null,
  sha256 bytea not null constraint fk_tender_document_version_sha256 references stored_file (sha256),
  name text not null,
  kind text not null,
  size bigint not null,
  person_name text not null,
  added_at timestamptz not null default statement_timestamp(),
  constraint pk_tender_document_version primary key (document_id, version),
  constraint fk_tender_document_version_tender_document foreign key (tender_id, document_id)
    references tender_document (tender_id, id)
);
create index ix_tender_document_version_sha256 on tender_document_version (sha256);
"""

# The tenders that the session's body buys by, leads, and may still change.
WHOSE = """
create function app.my_tenders() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(b.tender_id), '{}') from public.tender_buyer b
        where b.body_code = app.body_code() and app.of_council() $$;
create function app.my_open_tenders() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(t.id), '{}') from public.tender t
        where t.lead_code = app.body_code() and app.has_role('officer')
          and t.state in ('draft','in_approval','approved') $$;
create function app.public_tender(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.tender t where t.id = wanted and t.published_at is not null) $$;
create function app.tender_moves() returns text[] language sql immutable as $$ select array[
  'draft in_approval', 'draft terminated', 'in_approval draft', 'in_approval approved', 'in_approval terminated',
  'approved draft', 'approved published', 'approved terminated', 'published closed', 'published terminated',
  'closed opened', 'closed terminated', 'opened assessed', 'opened terminated', 'assessed awarded',
  'assessed terminated', 'awarded standstill', 'awarded terminated', 'standstill contracts',
  'standstill terminated'] $$;
revoke execute on function app.my_tenders(), app.my_open_tenders(), app.public_tender(uuid), app.tender_moves()
  from public;
grant execute on function app.my_tenders(), app.my_open_tenders(), app.public_tender(uuid), app.tender_moves()
  to bt_app, bt_jobs;
"""

# What tenders.rules says, once more where nobody can pass it by: moves, what each needs, who changes what.
GUARD = """
create function app.guard_tender() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
  moving constant text[] := array['state','state_reason','state_changed_at','version','fingerprint','published_at'];
  same constant boolean := to_jsonb(new) - moving = to_jsonb(old) - moving;
begin
  if new.state <> old.state and not (old.state || ' ' || new.state) = any (app.tender_moves()) then
    raise exception 'a tender cannot go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'tender_move';
  end if;
  if not same and old.state not in ('draft','in_approval','approved') then
    raise exception 'a tender that is % cannot be changed', old.state
      using errcode = 'check_violation', constraint = 'tender_change';
  end if;
  if current_user = 'bt_app' and not (old.lead_code = app.body_code() and app.has_role('officer'))
     and not (same and new.state in (old.state, 'draft', 'approved')) then
    raise exception 'only the lead changes a tender' using errcode = 'insufficient_privilege';
  end if;
  if new.state = 'approved' and old.state <> 'approved' and exists (
    select from tender_buyer b where b.tender_id = new.id and not exists (
      select from tender_approval a where a.tender_id = b.tender_id and a.body_code = b.body_code
        and a.decision = 'approved' and a.ended_at is null and a.fingerprint = new.fingerprint)) then
    raise exception 'not every buyer has approved this content'
      using errcode = 'check_violation', constraint = 'tender_approved';
  end if;
  if new.published_at is distinct from old.published_at and not (
    new.state = 'published' and old.state = 'approved') then
    raise exception 'a tender is published once' using errcode = 'check_violation', constraint = 'tender_published';
  end if;
  if new.state = 'published' and old.state <> 'published' and (new.published_at is null or not exists (
    select from tender_notice n where n.tender_id = new.id and n.code = 'UK4' and n.state = 'confirmed'
      and n.fingerprint = new.fingerprint)) then
    raise exception 'the central platform has not confirmed the notice of this content'
      using errcode = 'check_violation', constraint = 'tender_published';
  end if;
  return new;
end $$;
revoke execute on function app.guard_tender() from public;
create trigger tg_guard_tender before update on tender for each row execute function app.guard_tender();
"""

RIGHTS = """
grant select, insert on tender, tender_record, tender_buyer, tender_share, tender_approval, tender_notice,
  tender_lot, tender_requirement, tender_criterion, tender_kpi, tender_document, tender_document_version,
  stored_file, stored_chunk to bt_app;
grant update (title, description, procedure, model, contract_kind, light_touch, preselected, negotiated, urgent,
  urgency_reason, documents_later, stages, term_reason, engagement, engagement_words, no_lots_reason, risks, method,
  price_weight, price_formula, reference_pence, no_kpis_reason, publish_on, planned_notice_on, requests_due_on,
  invite_on, tenders_due_at, award_on, starts_on, ends_on, extended_until, version, fingerprint, state, state_reason,
  state_changed_at, published_at) on tender to bt_app;
grant update on tender_record, tender_lot, tender_criterion, tender_kpi to bt_app;
grant delete on tender_lot, tender_requirement, tender_criterion, tender_kpi to bt_app;
grant update (address, email, identifier) on tender_buyer to bt_app;
grant update (ended_at, ended_reason) on tender_approval to bt_app;
grant update (state, reference, published_at, confirmed_by, confirmed_at) on tender_notice to bt_app;
grant update (removed_at) on tender_document to bt_app;
grant select, insert, update, delete on tender, tender_record, tender_buyer, tender_share, tender_approval,
  tender_notice, tender_lot, tender_requirement, tender_criterion, tender_kpi, tender_document,
  tender_document_version to bt_jobs;
grant select, insert on stored_file, stored_chunk to bt_jobs;

create policy tender_read on tender for select to bt_app using (
  published_at is not null or (select app.has_role('sector_lead')) or id = any ((select app.my_tenders())::uuid[])
  or (lead_code = (select app.body_code()) and (select app.of_council())));
create policy tender_add on tender for insert to bt_app with check (
  lead_code = (select app.body_code()) and (select app.has_role('officer')) and state = 'draft'
  and published_at is null and pool_id = any ((select app.my_led_pools())::uuid[]));
create policy tender_change on tender for update to bt_app using (id = any ((select app.my_tenders())::uuid[]));

create policy tender_buyer_read on tender_buyer for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]) or (select app.has_role('sector_lead'))
  or app.public_tender(tender_id));
-- A buyer is a council that is bound in the pool.
create policy tender_buyer_add on tender_buyer for insert to bt_app with check (
  tender_id = any ((select app.my_open_tenders())::uuid[])
  and exists (select from tender t join pool_member m on m.pool_id = t.pool_id
    where t.id = tender_id and m.body_code = tender_buyer.body_code and m.stage = 'bound'));
create policy tender_buyer_change on tender_buyer for update to bt_app using (
  (select app.has_role('officer')) and (tender_id = any ((select app.my_open_tenders())::uuid[])
    or (body_code = (select app.body_code()) and exists (select from tender t where t.id = tender_id
      and t.state in ('draft','in_approval','approved')))));

create policy tender_approval_read on tender_approval for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]) or (select app.has_role('sector_lead')));
-- An answer is to the content as it stands, by an approver; a yes by one whose limit covers the share.
create policy tender_approval_add on tender_approval for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('approver')) and person_id = (select app.person())
  and ended_at is null
  and exists (select from tender t where t.id = tender_id and t.state = 'in_approval'
    and t.fingerprint = tender_approval.fingerprint)
  and (decision = 'refused' or exists (select from approver_authority a
    where a.body_code = tender_approval.body_code and a.person_id = (select app.person())
      and a.limit_pence >= coalesce((select s.value_pence from tender_share s
        where s.tender_id = tender_approval.tender_id and s.body_code = tender_approval.body_code), 0))));
create policy tender_approval_change on tender_approval for update to bt_app
  using (tender_id = any ((select app.my_tenders())::uuid[]) and ended_at is null)
  with check (ended_at is not null);

create policy tender_notice_read on tender_notice for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]) or (select app.has_role('sector_lead'))
  or (state = 'confirmed' and app.public_tender(tender_id)));
create policy tender_notice_add on tender_notice for insert to bt_app with check (
  state = 'prepared' and (select app.has_role('officer')) and exists (
    select from tender t where t.id = tender_id and t.lead_code = (select app.body_code())
      and t.fingerprint = tender_notice.fingerprint));
create policy tender_notice_change on tender_notice for update to bt_app
  using (state = 'prepared' and (select app.has_role('officer')) and exists (
    select from tender t where t.id = tender_id and t.lead_code = (select app.body_code())))
  with check (state <> 'prepared');

create policy audit_entry_read_tender on audit_entry for select to bt_app using (
  subject_kind = 'tender'
  and ((select app.has_role('sector_lead')) or subject_id = any ((select app.my_tenders())::text[])));

alter table stored_file enable row level security;
alter table stored_chunk enable row level security;
create policy stored_file_jobs on stored_file to bt_jobs using (true) with check (true);
create policy stored_chunk_jobs on stored_chunk to bt_jobs using (true) with check (true);
-- A file is read by whoever may read a row that names it.
create policy stored_file_read on stored_file for select to bt_app using (
  exists (select from tender_document_version v where v.sha256 = stored_file.sha256));
create policy stored_chunk_read on stored_chunk for select to bt_app using (
  exists (select from tender_document_version v where v.sha256 = stored_chunk.sha256));
create policy stored_file_add on stored_file for insert to bt_app with check ((select app.has_role('officer')));
create policy stored_chunk_add on stored_chunk for insert to bt_app with check ((select app.has_role('officer')));
"""

# For the buyers and sector leads alone, also after publication.
INNER = ("tender_record", "tender_share")
# For everybody, once the tender is published.
SHOWN = (
    "tender_lot",
    "tender_requirement",
    "tender_criterion",
    "tender_kpi",
    "tender_document",
    "tender_document_version",
)
REST = ("tender", "tender_buyer", "tender_approval", "tender_notice")
GUARDED = """
alter table {table} enable row level security;
create policy {table}_jobs on {table} to bt_jobs using (true) with check (true);
"""
PART = """
create policy {table}_read on {table} for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]) or (select app.has_role('sector_lead')){also});
create policy {table}_add on {table} for insert to bt_app with check (
  tender_id = any ((select app.my_open_tenders())::uuid[]));
create policy {table}_change on {table} for update to bt_app using (
  tender_id = any ((select app.my_open_tenders())::uuid[]));
create policy {table}_remove on {table} for delete to bt_app using (
  tender_id = any ((select app.my_open_tenders())::uuid[]));
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    parts = "".join(PART.format(table=table, also="") for table in INNER)
    parts += "".join(PART.format(table=table, also=" or app.public_tender(tender_id)") for table in SHOWN)
    guarded = "".join(GUARDED.format(table=table) for table in (*INNER, *SHOWN, *REST))
    _run(FILES + TABLES + WHOSE + GUARD + guarded + parts + RIGHTS)


def downgrade() -> None:
    op.execute("drop policy audit_entry_read_tender on audit_entry")
    for table in (*reversed(SHOWN), *INNER, *reversed(REST), "stored_chunk", "stored_file"):
        op.execute(f"drop table {table} cascade")
    for name in ("guard_tender()", "my_tenders()", "my_open_tenders()", "public_tender(uuid)", "tender_moves()"):
        op.execute(f"drop function app.{name}")
