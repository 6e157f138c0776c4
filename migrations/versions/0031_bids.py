"""Sealed bids: keys, drafts, submissions with receipts, longer deadlines, opening by two, and what was opened."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0031"
down_revision = "0030"

TABLES = """
create table tender_key (
  tender_id uuid constraint pk_tender_key primary key constraint fk_tender_key_tender_id references tender (id),
  public bytea not null constraint ck_tender_key_public check (octet_length(public) = 32),
  voucher bytea not null,
  locked bytea not null,
  made_at timestamptz not null default statement_timestamp()
);

create table bid (
  id uuid constraint pk_bid primary key,
  tender_id uuid not null constraint fk_bid_tender_id references tender (id),
  organisation_id uuid not null constraint fk_bid_organisation_id references organisation (id),
  code text not null,
  public bytea not null constraint ck_bid_public check (octet_length(public) = 32),
  locked bytea not null,
  begun_by text not null,
  begun_at timestamptz not null default statement_timestamp(),
  constraint uq_bid_code unique (code),
  constraint uq_bid_tender_id unique (tender_id, organisation_id)
);
create index ix_bid_organisation_id on bid (organisation_id);

create table bid_part (
  bid_id uuid not null constraint fk_bid_part_bid_id references bid (id),
  part text not null constraint ck_bid_part_part check (part in ('lots','conditions','answers','prices')),
  version bigint not null default 1,
  header bytea not null,
  content bytea not null,
  saved_by text not null,
  saved_at timestamptz not null default statement_timestamp(),
  constraint pk_bid_part primary key (bid_id, part)
);

create table bid_file (
  id uuid constraint pk_bid_file primary key,
  bid_id uuid not null constraint fk_bid_file_bid_id references bid (id),
  about_header bytea not null,
  about bytea not null,
  header bytea not null,
  size bigint not null constraint ck_bid_file_size check (size >= 0),
  added_at timestamptz not null default statement_timestamp(),
  removed_at timestamptz
);
create index ix_bid_file_bid_id on bid_file (bid_id);

create table bid_chunk (
  file_id uuid not null constraint fk_bid_chunk_file_id references bid_file (id) on delete cascade,
  position bigint not null,
  content bytea not null,
  constraint pk_bid_chunk primary key (file_id, position)
);
-- Ciphertext does not get smaller.
alter table bid_chunk alter column content set storage external;

create table bid_receipt (
  id uuid constraint pk_bid_receipt primary key default gen_random_uuid(),
  bid_id uuid not null constraint fk_bid_receipt_bid_id references bid (id),
  position bigint not null,
  kind text not null constraint ck_bid_receipt_kind check (kind in ('submitted','withdrawn','late')),
  sha256 bytea constraint ck_bid_receipt_sha256 check (octet_length(sha256) = 32),
  at timestamptz not null,
  due_at timestamptz not null,
  person_name text not null,
  constraint uq_bid_receipt_position unique (bid_id, position),
  constraint ck_bid_receipt_hashed check (kind <> 'submitted' or sha256 is not null)
);

create table bid_submission (
  receipt_id uuid constraint pk_bid_submission primary key
    constraint fk_bid_submission_receipt_id references bid_receipt (id),
  bid_id uuid not null constraint fk_bid_submission_bid_id references bid (id),
  header bytea not null,
  content bytea not null,
  own_header bytea not null,
  own_content bytea not null
);

create table bid_submission_file (
  receipt_id uuid not null constraint fk_bid_submission_file_receipt_id references bid_submission (receipt_id),
  file_id uuid not null constraint fk_bid_submission_file_file_id references bid_file (id),
  header bytea not null,
  constraint pk_bid_submission_file primary key (receipt_id, file_id)
);
create index ix_bid_submission_file_file_id on bid_submission_file (file_id);

create table tender_extension (
  id uuid constraint pk_tender_extension primary key default gen_random_uuid(),
  tender_id uuid not null constraint fk_tender_extension_tender_id references tender (id),
  due_before timestamptz not null,
  due_at timestamptz not null,
  reason text not null constraint ck_tender_extension_reason check (btrim(reason) <> ''),
  person_name text not null,
  extended_at timestamptz not null default statement_timestamp(),
  constraint ck_tender_extension_later check (due_at > due_before)
);
create index ix_tender_extension_tender_id on tender_extension (tender_id);

create table tender_opening (
  id uuid constraint pk_tender_opening primary key default gen_random_uuid(),
  tender_id uuid not null constraint fk_tender_opening_tender_id references tender (id),
  proposed_by uuid not null,
  proposed_name text not null,
  proposed_body text not null,
  proposed_at timestamptz not null,
  confirmed_by uuid,
  confirmed_name text not null default '',
  confirmed_body text not null default '',
  confirmed_at timestamptz,
  constraint ck_tender_opening_two check (confirmed_by <> proposed_by),
  constraint ck_tender_opening_confirmed check ((confirmed_at is null) = (confirmed_by is null)
    and (confirmed_at is null) = (confirmed_name = '') and (confirmed_at is null) = (confirmed_body = ''))
);
create index ix_tender_opening_tender_id on tender_opening (tender_id);
create unique index uq_tender_opening_confirmed on tender_opening (tender_id) where confirmed_at is not null;

create table opened_bid (
  id uuid constraint pk_opened_bid primary key,
  tender_id uuid not null constraint fk_opened_bid_tender_id references tender (id),
  number bigint not null constraint ck_opened_bid_number check (number >= 1),
  whole boolean not null,
  damage text not null default '',
  constraint uq_opened_bid_number unique (tender_id, number),
  constraint ck_opened_bid_damage check (whole = (damage = ''))
);

create table opened_content (
  opened_id uuid constraint pk_opened_content primary key
    constraint fk_opened_content_opened_id references opened_bid (id),
  tender_id uuid not null constraint fk_opened_content_tender_id references tender (id),
  content jsonb not null
);

create table opened_file (
  file_id uuid constraint pk_opened_file primary key constraint fk_opened_file_file_id references bid_file (id),
  opened_id uuid not null constraint fk_opened_file_opened_id references opened_bid (id),
  tender_id uuid not null constraint fk_opened_file_tender_id references tender (id),
  position bigint not null,
  name text not null,
  kind text not null,
  size bigint not null,
  sha256 bytea not null constraint ck_opened_file_sha256 check (octet_length(sha256) = 32),
  context bytea not null,
  key bytea not null
);
create index ix_opened_file_opened_id on opened_file (opened_id);

create table opened_name (
  opened_id uuid constraint pk_opened_name primary key
    constraint fk_opened_name_opened_id references opened_bid (id),
  tender_id uuid not null constraint fk_opened_name_tender_id references tender (id),
  bid_id uuid not null constraint fk_opened_name_bid_id references bid (id),
  organisation_id uuid not null,
  name text not null,
  receipt_id uuid not null constraint fk_opened_name_receipt_id references bid_receipt (id),
  constraint uq_opened_name_bid_id unique (bid_id)
);
"""

# Whose bids; who may open; which of it is due.
WHO = """
create function app.my_bids() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(b.id), '{}') from public.bid b
        where b.organisation_id = app.organisation() and app.has_role('supplier') and app.person() is not null $$;

create function app.may_open(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select app.person() is not null and (app.has_role('officer') or app.has_role('approver'))
        and wanted = any (app.my_tenders()) $$;

-- Whether the session's person gave a code of their second factor within the last two minutes. A step is 30 seconds.
create function app.gave_code() returns boolean language sql volatile security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.credential c where c.person_id = app.person()
        and c.totp_last_step >= floor(extract(epoch from clock_timestamp()) / 30) - 4) $$;

-- Whether the session's person is just opening a tender: confirmed by them, and not finished.
create function app.opening(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.tender_opening o join public.tender t on t.id = o.tender_id
        where o.tender_id = wanted and o.confirmed_by = app.person() and t.state = 'closed') $$;
"""

# Nobody but these functions writes a receipt, a submission, a longer deadline or an opening.
HANDING_IN = """
-- Records a submission, or a withdrawal where there is no hash, at the time at which it arrived whole. `known` is the
-- receipt that the bidder saw last: who sends a form twice gets the receipt of the first time. What comes too late gets
-- a receipt that says so, and nothing of it is kept.
create function app.hand_in(which uuid, known uuid, arrived timestamptz, who text, digest bytea, sealed_header bytea,
    sealed bytea, copy_header bytea, copy bytea, files uuid[], headers bytea[])
  returns table (receipt_id uuid, fresh boolean)
  language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  found_bid public.bid;
  subject public.tender;
  newest public.bid_receipt;
  standing text;
  moment timestamptz;
  made uuid;
begin
  select b.* into found_bid from bid b where b.id = which and b.id = any (app.my_bids()) for update;
  if found_bid.id is null then
    return;
  end if;
  -- Whoever opens waits for all who hand in.
  perform pg_advisory_xact_lock_shared(hashtextextended(found_bid.tender_id::text, 29));
  select t.* into subject from tender t where t.id = found_bid.tender_id;
  select r.* into newest from bid_receipt r where r.bid_id = which order by r.position desc limit 1;
  if newest.id is distinct from known then
    return query select newest.id, false;
    return;
  end if;
  moment := clock_timestamp();
  -- A request that had arrived whole is not late because it waited here; nobody can claim more than a minute.
  if arrived between greatest(transaction_timestamp(), moment - interval '1 minute') and moment then
    moment := arrived;
  end if;
  select r.kind into standing from bid_receipt r
    where r.bid_id = which and r.kind <> 'late' order by r.position desc limit 1;
  if digest is null and standing is distinct from 'submitted' then
    raise exception 'nothing was submitted' using errcode = 'check_violation', constraint = 'bid_withdrawn';
  end if;
  insert into bid_receipt (bid_id, position, kind, sha256, at, due_at, person_name)
    values (which, coalesce(newest.position, 0) + 1,
      case when subject.state in ('published', 'closed') and moment < subject.tenders_due_at
        then case when digest is null then 'withdrawn' else 'submitted' end else 'late' end,
      digest, moment, coalesce(subject.tenders_due_at, moment), who)
    returning id, kind into made, standing;
  if standing = 'submitted' then
    insert into bid_submission (receipt_id, bid_id, header, content, own_header, own_content)
      values (made, which, sealed_header, sealed, copy_header, copy);
    insert into bid_submission_file (receipt_id, file_id, header)
      select made, f.id, x.header from unnest(files, headers) as x (file, header)
        join bid_file f on f.id = x.file and f.bid_id = which;
    if (select count(*) from bid_submission_file s where s.receipt_id = made) <> cardinality(files) then
      raise exception 'a file is not of this bid' using errcode = 'check_violation', constraint = 'bid_file';
    end if;
  end if;
  return query select made, true;
end $$;

-- Whether a receipt with this hash was given, for whoever holds both: neither whose it is nor for what.
create function app.receipt_holds(wanted uuid, digest bytea) returns table (kind text, at timestamptz)
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select r.kind, r.at from public.bid_receipt r
        where r.id = wanted and r.sha256 is not distinct from digest $$;

create function app.extend_deadline(wanted uuid, until timestamptz, why text, who text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  subject public.tender;
begin
  select t.* into subject from tender t where t.id = wanted for update;
  if subject.id is null or subject.lead_code is distinct from app.body_code() or not app.has_role('officer')
     or app.person() is null then
    raise exception 'only the lead moves a deadline' using errcode = 'insufficient_privilege';
  end if;
  if subject.state <> 'published' or until <= subject.tenders_due_at or until <= clock_timestamp() then
    return false;
  end if;
  insert into tender_extension (tender_id, due_before, due_at, reason, person_name)
    values (wanted, subject.tenders_due_at, until, why, who);
  update tender set tenders_due_at = until where id = wanted;
  return true;
end $$;
"""

OPENING = """
-- The first of two. From now on the deadline stands.
create function app.propose_opening(wanted uuid, who text) returns uuid
  language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  subject public.tender;
  made uuid;
begin
  if not app.may_open(wanted) then
    raise exception 'not of a buyer' using errcode = 'insufficient_privilege';
  end if;
  if not app.gave_code() then
    raise exception 'no code was given' using errcode = 'check_violation', constraint = 'opening_code';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(wanted::text, 29));
  select t.* into subject from tender t where t.id = wanted for update;
  if subject.state not in ('published', 'closed') or subject.tenders_due_at is null
     or clock_timestamp() < subject.tenders_due_at then
    raise exception 'it is too early to open' using errcode = 'check_violation', constraint = 'opening_early';
  end if;
  if exists (select from tender_opening o where o.tender_id = wanted
    and (o.confirmed_at is not null or o.proposed_at > clock_timestamp() - interval '1 day')) then
    raise exception 'it was proposed already' using errcode = 'check_violation', constraint = 'opening_proposed';
  end if;
  if subject.state = 'published' then
    update tender set state = 'closed', state_reason = '', state_changed_at = clock_timestamp() where id = wanted;
  end if;
  insert into tender_opening (tender_id, proposed_by, proposed_name, proposed_body, proposed_at)
    values (wanted, app.person(), who, app.body_code(), clock_timestamp()) returning id into made;
  return made;
end $$;

-- The second of two: another person, of another buyer where there is one.
create function app.confirm_opening(wanted uuid, who text) returns uuid
  language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  subject public.tender;
  proposal public.tender_opening;
begin
  if not app.may_open(wanted) then
    raise exception 'not of a buyer' using errcode = 'insufficient_privilege';
  end if;
  if not app.gave_code() then
    raise exception 'no code was given' using errcode = 'check_violation', constraint = 'opening_code';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(wanted::text, 29));
  select t.* into subject from tender t where t.id = wanted for update;
  -- A minute later than the deadline: until then what arrived before it may still be on its way in.
  if subject.state <> 'closed' or clock_timestamp() < subject.tenders_due_at + interval '1 minute' then
    raise exception 'it is too early to open' using errcode = 'check_violation', constraint = 'opening_early';
  end if;
  select o.* into proposal from tender_opening o where o.tender_id = wanted and o.confirmed_at is null
    and o.proposed_at > clock_timestamp() - interval '1 day' order by o.proposed_at desc limit 1 for update;
  if proposal.id is null then
    raise exception 'nobody proposed it' using errcode = 'check_violation', constraint = 'opening_alone';
  end if;
  if proposal.proposed_by = app.person() then
    raise exception 'one person alone' using errcode = 'check_violation', constraint = 'opening_alone';
  end if;
  if proposal.proposed_body = app.body_code()
     and (select count(*) from tender_buyer b where b.tender_id = wanted) > 1 then
    raise exception 'two of one buyer' using errcode = 'check_violation', constraint = 'opening_one_buyer';
  end if;
  update tender_opening set confirmed_by = app.person(), confirmed_name = who, confirmed_body = app.body_code(),
    confirmed_at = clock_timestamp() where id = proposal.id;
  return proposal.id;
end $$;

-- What whoever confirmed is given until the tender is opened; all of it ciphertext.
create function app.locked_key(wanted uuid) returns table (public bytea, locked bytea)
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select k.public, k.locked from public.tender_key k where k.tender_id = wanted and app.opening(wanted) $$;
create function app.sealed_bids(wanted uuid) returns table (bid_id uuid, organisation_id uuid, name text,
    receipt_id uuid, sha256 bytea, header bytea, content bytea)
  language sql stable security definer set search_path = pg_catalog, public as $$
  select b.id, b.organisation_id, o.name, r.id, r.sha256, s.header, s.content
    from public.bid b join public.organisation o on o.id = b.organisation_id
    join lateral (select * from public.bid_receipt r where r.bid_id = b.id and r.kind <> 'late'
      order by r.position desc limit 1) r on r.kind = 'submitted'
    join public.bid_submission s on s.receipt_id = r.id
    where b.tender_id = wanted and app.opening(wanted) $$;
create function app.sealed_files(wanted uuid, receipt uuid) returns table (file_id uuid, header bytea)
  language sql stable security definer set search_path = pg_catalog, public as $$
  select f.file_id, f.header from public.bid_submission_file f
    join public.bid_submission s on s.receipt_id = f.receipt_id join public.bid b on b.id = s.bid_id
    where f.receipt_id = receipt and b.tender_id = wanted and app.opening(wanted) $$;
create function app.sealed_chunks(wanted uuid, file uuid) returns table (content bytea)
  language sql stable security definer set search_path = pg_catalog, public as $$
  select c.content from public.bid_chunk c join public.bid_file f on f.id = c.file_id
    join public.bid b on b.id = f.bid_id
    where c.file_id = file and b.tender_id = wanted and app.opening(wanted) order by c.position $$;

create function app.finish_opening(wanted uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  if not app.opening(wanted) then
    raise exception 'it was not confirmed by this person' using errcode = 'insufficient_privilege';
  end if;
  update tender set state = 'opened', state_reason = '', state_changed_at = clock_timestamp() where id = wanted;
  return true;
end $$;

-- Gives the panel its candidates under the numbers of the opening; whoever asks for it learns no name.
create function app.enter_opened(wanted uuid) returns bigint
  language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  entered bigint;
begin
  if not (wanted = any (app.my_led_subjects()) and app.has_role('officer') and app.person() is not null)
     or app.panel_state(wanted) is distinct from 'forming'
     or exists (select from candidate c where c.subject_id = wanted) then
    return null;
  end if;
  insert into candidate (id, subject_id, number)
    select o.id, o.tender_id, o.number from opened_bid o where o.tender_id = wanted and o.whole order by o.number;
  get diagnostics entered = row_count;
  insert into candidate_name (candidate_id, subject_id, name, organisation_id, reference)
    select o.id, o.tender_id, n.name, n.organisation_id, n.bid_id
      from opened_bid o join opened_name n on n.opened_id = o.id
      where o.tender_id = wanted and o.whole order by o.number;
  return entered;
end $$;
"""

# What guards tenders, as 0028 made it; what is new stands in for the comments.
GUARD = """
create or replace function app.guard_tender() returns trigger language plpgsql
  set search_path = pg_catalog, public as $$
declare
  moving constant text[] := array['state','state_reason','state_changed_at','version','fingerprint','published_at'];
  same constant boolean := to_jsonb(new) - moving = to_jsonb(old) - moving;/* declared */
begin
  if new.state <> old.state and not (old.state || ' ' || new.state) = any (app.tender_moves()) then
    raise exception 'a tender cannot go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'tender_move';
  end if;
  if not same/* asked */ and old.state not in ('draft','in_approval','approved') then
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
/* opened */  return new;
end $$;
"""

# A published tender's deadline moves to later with a reason that is kept; two people open it, after the deadline.
DECLARED = """
  extended constant boolean := not same and old.state = 'published' and new.state = old.state
    and to_jsonb(new) - moving - 'tenders_due_at' = to_jsonb(old) - moving - 'tenders_due_at'
    and exists (select from tender_extension e where e.tender_id = new.id and e.due_before = old.tenders_due_at
      and e.due_at = new.tenders_due_at);"""
ASKED = " and not extended"
OPENED = """  if new.state = 'closed' and old.state <> 'closed' and (old.tenders_due_at is null
    or clock_timestamp() < old.tenders_due_at) then
    raise exception 'tenders can still come in' using errcode = 'check_violation', constraint = 'opening_early';
  end if;
  if new.state = 'opened' and old.state <> 'opened' and not exists (
    select from tender_opening o where o.tender_id = new.id and o.confirmed_at is not null) then
    raise exception 'two people open a tender' using errcode = 'check_violation', constraint = 'opening_alone';
  end if;
"""

RIGHTS = """
grant select (tender_id, public, voucher, made_at), insert (tender_id, public, voucher, locked)
  on tender_key to bt_app, bt_jobs;
create policy tender_key_jobs on tender_key to bt_jobs using (true) with check (true);
create policy tender_key_read on tender_key for select to bt_app using (
  app.public_tender(tender_id) or tender_id = any ((select app.my_tenders())::uuid[]));
create policy tender_key_add on tender_key for insert to bt_app with check (
  (select app.has_role('officer')) and exists (select from tender t where t.id = tender_id
    and t.lead_code = (select app.body_code())));

-- The bidder's own. The worker may bring an invented draft in, and reads none.
grant select, insert on bid, bid_file, bid_chunk to bt_app;
grant select, insert, update on bid_part to bt_app;
grant update (removed_at), delete on bid_file to bt_app;
grant select on bid_receipt, bid_submission, bid_submission_file to bt_app;
grant insert on bid, bid_part to bt_jobs;
create policy bid_jobs on bid for insert to bt_jobs with check (true);
create policy bid_part_jobs on bid_part for insert to bt_jobs with check (true);

create policy bid_own on bid for select to bt_app using (
  organisation_id = (select app.organisation()) and (select app.has_role('supplier'))
  and (select app.person()) is not null);
create policy bid_begin on bid for insert to bt_app with check (
  organisation_id = (select app.organisation()) and (select app.has_role('supplier'))
  and (select app.person()) is not null
  and exists (select from tender t where t.id = tender_id and t.state = 'published'));
create policy bid_part_own on bid_part to bt_app using (bid_id = any ((select app.my_bids())::uuid[]))
  with check (bid_id = any ((select app.my_bids())::uuid[]));
create policy bid_file_own on bid_file to bt_app using (bid_id = any ((select app.my_bids())::uuid[]))
  with check (bid_id = any ((select app.my_bids())::uuid[]));
create policy bid_chunk_own on bid_chunk to bt_app
  using (exists (select from bid_file f where f.id = file_id)
    or exists (select from opened_file f where f.file_id = bid_chunk.file_id))
  with check (exists (select from bid_file f where f.id = file_id));
create policy bid_receipt_own on bid_receipt for select to bt_app using (
  bid_id = any ((select app.my_bids())::uuid[]));
create policy bid_submission_own on bid_submission for select to bt_app using (
  bid_id = any ((select app.my_bids())::uuid[]));
create policy bid_submission_file_own on bid_submission_file for select to bt_app using (
  exists (select from bid_submission s where s.receipt_id = bid_submission_file.receipt_id));

grant select on tender_extension to bt_app, bt_jobs;
create policy tender_extension_jobs on tender_extension for select to bt_jobs using (true);
create policy tender_extension_read on tender_extension for select to bt_app using (
  app.public_tender(tender_id) or tender_id = any ((select app.my_tenders())::uuid[]));

grant select on tender_opening to bt_app, bt_jobs;
create policy tender_opening_jobs on tender_opening for select to bt_jobs using (true);
create policy tender_opening_read on tender_opening for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]) or (select app.has_role('sector_lead')));

-- What was opened: under numbers for the buyers, content for whoever is cleared, names once they are lifted.
grant select, insert on opened_bid, opened_content, opened_file, opened_name to bt_app;
create policy opened_bid_read on opened_bid for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]));
create policy opened_bid_add on opened_bid for insert to bt_app with check (app.opening(tender_id));
create policy opened_content_read on opened_content for select to bt_app using (app.cleared_for(opened_id));
create policy opened_content_add on opened_content for insert to bt_app with check (app.opening(tender_id));
create policy opened_file_read on opened_file for select to bt_app using (app.cleared_for(opened_id));
create policy opened_file_add on opened_file for insert to bt_app with check (app.opening(tender_id));
create policy opened_name_read on opened_name for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]) and app.names_lifted(tender_id));
create policy opened_name_add on opened_name for insert to bt_app with check (app.opening(tender_id));
"""

GUARDED = (
    "tender_key",
    "bid",
    "bid_part",
    "bid_file",
    "bid_chunk",
    "bid_receipt",
    "bid_submission",
    "bid_submission_file",
    "tender_extension",
    "tender_opening",
    "opened_bid",
    "opened_content",
    "opened_file",
    "opened_name",
)
CALLED = (
    "my_bids()",
    "may_open(uuid)",
    "gave_code()",
    "opening(uuid)",
    "hand_in(uuid, uuid, timestamptz, text, bytea, bytea, bytea, bytea, bytea, uuid[], bytea[])",
    "receipt_holds(uuid, bytea)",
    "extend_deadline(uuid, timestamptz, text, text)",
    "propose_opening(uuid, text)",
    "confirm_opening(uuid, text)",
    "locked_key(uuid)",
    "sealed_bids(uuid)",
    "sealed_files(uuid, uuid)",
    "sealed_chunks(uuid, uuid)",
    "finish_opening(uuid)",
    "enter_opened(uuid)",
)


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def _guard(declared: str, asked: str, opened: str) -> str:
    guard = GUARD.replace("/* declared */", declared).replace("/* asked */", asked)
    return guard.replace("/* opened */", opened)


def upgrade() -> None:
    functions = ", ".join(f"app.{function}" for function in CALLED)
    _run(TABLES + WHO + HANDING_IN + OPENING + _guard(DECLARED, ASKED, OPENED))
    _run("".join(f"alter table {table} enable row level security;" for table in GUARDED))
    _run(
        f"revoke execute on function {functions} from public;"
        f" grant execute on function {functions} to bt_app"
    )
    _run(RIGHTS)


def downgrade() -> None:
    _run(_guard("", "", ""))
    for table in reversed(GUARDED):
        op.execute(f"drop table {table} cascade")
    for function in reversed(CALLED):
        op.execute(f"drop function app.{function}")
