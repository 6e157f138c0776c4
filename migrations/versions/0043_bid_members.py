"""Suppliers bid together: members of a bid, who was asked, what each says of itself; parties of an award."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0043"
down_revision = "0042"

TABLES = """
create table bid_member (
  id uuid constraint pk_bid_member primary key,
  bid_id uuid not null constraint fk_bid_member_bid_id references bid (id),
  organisation_id uuid constraint fk_bid_member_organisation_id references organisation (id),
  secret_hash bytea constraint ck_bid_member_secret_hash check (octet_length(secret_hash) = 32),
  state text not null default 'invited'
    constraint ck_bid_member_state check (state in ('invited','accepted','declined','left','removed')),
  writes boolean not null default false,
  header bytea not null,
  content bytea not null,
  own_header bytea,
  own_content bytea,
  invited_at timestamptz not null default statement_timestamp(),
  answered_at timestamptz,
  constraint uq_bid_member_secret_hash unique (secret_hash),
  constraint ck_bid_member_own check ((own_header is null) = (own_content is null)),
  constraint ck_bid_member_known check (state in ('invited','removed') or organisation_id is not null),
  constraint ck_bid_member_accepted check (state <> 'accepted' or own_content is not null)
);
create index ix_bid_member_bid_id on bid_member (bid_id);
create index ix_bid_member_organisation_id on bid_member (organisation_id);
create unique index uq_bid_member_live on bid_member (bid_id, organisation_id) where state in ('invited','accepted');

create table opened_member (
  opened_id uuid not null constraint fk_opened_member_opened_id references opened_bid (id),
  position bigint not null,
  tender_id uuid not null constraint fk_opened_member_tender_id references tender (id),
  kind text not null constraint ck_opened_member_kind check (kind in ('member','subcontractor')),
  organisation_id uuid,
  name text not null,
  constraint pk_opened_member primary key (opened_id, position),
  constraint ck_opened_member_known check ((kind = 'member') = (organisation_id is not null))
);
create index ix_opened_member_organisation_id on opened_member (organisation_id);

create table award_party (
  tender_id uuid not null,
  lot_id uuid not null,
  organisation_id uuid not null,
  position bigint not null constraint ck_award_party_position check (position >= 1),
  name text not null,
  constraint pk_award_party primary key (tender_id, lot_id, organisation_id),
  constraint fk_award_party_tender_award foreign key (tender_id, lot_id) references tender_award (tender_id, lot_id)
);

alter table bid_part drop constraint ck_bid_part_part;
alter table bid_part add constraint ck_bid_part_part
  check (part in ('team','lots','conditions','answers','prices'));
alter table tender add column several_bids boolean not null default false;
"""

# In which bids the session's organisation was asked or takes part, and what of it can change now.
WHO = """
create function app.asked_bids() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(m.bid_id), '{}') from public.bid_member m
        where m.organisation_id = app.organisation() and m.state in ('invited', 'accepted')
          and app.for_supplier() $$;
create function app.joined_bids() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(m.bid_id), '{}') from public.bid_member m
        where m.organisation_id = app.organisation() and m.state = 'accepted' and app.for_supplier() $$;
create function app.written_bids() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(m.bid_id), '{}') from public.bid_member m
        where m.organisation_id = app.organisation() and m.state = 'accepted' and m.writes
          and app.for_supplier() $$;
create function app.bid_open(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select (wanted = any (app.my_bids()) or wanted = any (app.asked_bids()))
        and exists (select from public.bid b join public.tender t on t.id = b.tender_id
        where b.id = wanted and t.state = 'published' and clock_timestamp() < t.tenders_due_at) $$;
create function app.bid_submitted(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select (wanted = any (app.my_bids()) or wanted = any (app.asked_bids()))
        and coalesce((select r.kind = 'submitted' from public.bid_receipt r where r.bid_id = wanted
          and r.kind <> 'late' order by r.position desc limit 1), false) $$;
create function app.joined_opened() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(o.opened_id), '{}') from public.opened_member o
        where o.organisation_id = app.organisation() and app.for_supplier() $$;

-- Takes up an invitation by mail for the session's organisation. Null: it was taken up, ended, or is for another.
create function app.claim_membership(hash bytea) returns uuid
  language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  found_member public.bid_member;
begin
  if not app.for_supplier() then
    return null;
  end if;
  select m.* into found_member from bid_member m where m.secret_hash = hash and m.state = 'invited' for update;
  if found_member.id is null or found_member.bid_id = any (app.my_bids())
     or exists (select from bid_member m where m.bid_id = found_member.bid_id and m.state in ('invited','accepted')
       and m.organisation_id = app.organisation()) then
    return null;
  end if;
  update bid_member set organisation_id = app.organisation(), secret_hash = null where id = found_member.id;
  return found_member.bid_id;
end $$;

-- Writes to the people of an organisation that the session's organisation has just asked; it reads no address.
create function app.write_to_member(wanted uuid, mail_subject text, mail_body text) returns bigint
  language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  written bigint;
begin
  insert into mail (id, to_address, subject, body)
    select gen_random_uuid(), p.email, mail_subject, mail_body from bid_member m
      join membership s on s.organisation_id = m.organisation_id and s.role = 'supplier'
      join person p on p.id = s.person_id and p.disabled_at is null
      where m.id = wanted and m.state = 'invited' and m.bid_id = any (app.my_bids());
  get diagnostics written = row_count;
  return written;
end $$;

-- Who accepted, for whoever is just opening the tender.
create function app.sealed_members(wanted uuid, bid uuid) returns table (organisation_id uuid, name text)
  language sql stable security definer set search_path = pg_catalog, public as $$
  select m.organisation_id, o.name from public.bid_member m join public.bid b on b.id = m.bid_id
    join public.organisation o on o.id = m.organisation_id
    where b.tender_id = wanted and b.id = bid and m.state = 'accepted' and app.opening(wanted) $$;
"""

GUARDS = """
-- What the lead may do with a member, and what the member: a member is in a bid by its own word alone, and stays as it
-- is while what was submitted counts.
create function app.guard_bid_member() returns trigger language plpgsql
  set search_path = pg_catalog, public as $$
declare
  of_lead boolean;
begin
  if current_user <> 'bt_app' then
    return new;
  end if;
  if not app.bid_open(new.bid_id) then
    raise exception 'the bid takes no change' using errcode = 'check_violation', constraint = 'bid_member_open';
  end if;
  if tg_op = 'INSERT' then
    if new.state <> 'invited' or new.own_content is not null then
      raise exception 'nobody accepts for another' using errcode = 'insufficient_privilege';
    end if;
    return new;
  end if;
  if old.state = 'accepted' and to_jsonb(new) - 'writes' is distinct from to_jsonb(old) - 'writes'
     and app.bid_submitted(new.bid_id) then
    raise exception 'the bid is submitted' using errcode = 'check_violation', constraint = 'bid_member_submitted';
  end if;
  of_lead := old.bid_id = any (app.my_bids());
  if of_lead and old.state in ('invited', 'accepted') and (
       (new.state = old.state and (new.header, new.content) = (old.header, old.content)
         and new.own_content is not distinct from old.own_content)
       or (new.state in ('invited', 'removed') and new.own_content is null)) then
    return new;
  end if;
  if not of_lead and old.organisation_id = app.organisation() and new.writes = old.writes
     and (new.header, new.content) = (old.header, old.content)
     and old.state || ' ' || new.state
       in ('invited accepted', 'invited declined', 'accepted accepted', 'accepted left') then
    return new;
  end if;
  raise exception 'this is not theirs to change' using errcode = 'insufficient_privilege';
end $$;
create trigger tg_guard_bid_member before insert or update on bid_member
  for each row execute function app.guard_bid_member();

-- Nothing is handed in for somebody who was asked and has not said yes.
create function app.guard_bid_submission() returns trigger language plpgsql
  set search_path = pg_catalog, public as $$
begin
  if exists (select from bid_member m where m.bid_id = new.bid_id and m.state = 'invited') then
    raise exception 'somebody was asked and has not answered'
      using errcode = 'check_violation', constraint = 'bid_member_waiting';
  end if;
  return new;
end $$;
create trigger tg_guard_bid_submission before insert on bid_submission
  for each row execute function app.guard_bid_submission();
revoke execute on function app.guard_bid_member(), app.guard_bid_submission() from public;
"""

RIGHTS = """
-- The worker may bring invented members in, and reads none.
grant insert on bid_member to bt_jobs;
create policy bid_member_jobs on bid_member for insert to bt_jobs with check (true);

grant select, insert (id, bid_id, organisation_id, secret_hash, writes, header, content),
  update (state, writes, header, content, own_header, own_content, answered_at) on bid_member to bt_app;
create policy bid_member_read on bid_member for select to bt_app using (
  bid_id = any ((select app.my_bids())::uuid[]) or bid_id = any ((select app.joined_bids())::uuid[])
  or (organisation_id = (select app.organisation()) and (select app.for_supplier())));
create policy bid_member_invite on bid_member for insert to bt_app with check (
  bid_id = any ((select app.my_bids())::uuid[]) and organisation_id is distinct from (select app.organisation())
  and (organisation_id is null) = (secret_hash is not null)
  and (organisation_id is null or exists (
    select from organisation o where o.id = organisation_id and o.kind = 'supplier')));
create policy bid_member_change on bid_member for update to bt_app using (
  bid_id = any ((select app.my_bids())::uuid[])
  or (organisation_id = (select app.organisation()) and (select app.for_supplier())));

-- Whoever was asked sees that there is a bid, its lead and its lots; whoever joined reads it, and writes if let.
create policy bid_asked on bid for select to bt_app using (id = any ((select app.asked_bids())::uuid[]));
create policy bid_part_asked on bid_part for select to bt_app using (
  part = 'lots' and bid_id = any ((select app.asked_bids())::uuid[]));
create policy bid_part_joined on bid_part for select to bt_app using (
  bid_id = any ((select app.joined_bids())::uuid[]));
create policy bid_part_add_joined on bid_part for insert to bt_app with check (
  part in ('conditions','answers','prices') and bid_id = any ((select app.written_bids())::uuid[])
  and app.bid_open(bid_id));
create policy bid_part_change_joined on bid_part for update to bt_app
  using (part in ('conditions','answers','prices') and bid_id = any ((select app.written_bids())::uuid[])
    and app.bid_open(bid_id));
create policy bid_file_joined on bid_file for select to bt_app using (
  bid_id = any ((select app.joined_bids())::uuid[]));
drop policy bid_chunk_own on bid_chunk;
create policy bid_chunk_read on bid_chunk for select to bt_app using (
  exists (select from bid_file f where f.id = file_id)
  or exists (select from opened_file f where f.file_id = bid_chunk.file_id));
create policy bid_chunk_add on bid_chunk for insert to bt_app with check (
  exists (select from bid_file f where f.id = file_id and f.bid_id = any ((select app.my_bids())::uuid[])));
create policy bid_receipt_joined on bid_receipt for select to bt_app using (
  bid_id = any ((select app.joined_bids())::uuid[]));
create policy bid_submission_joined on bid_submission for select to bt_app using (
  bid_id = any ((select app.joined_bids())::uuid[]));

grant select, insert on opened_member to bt_app;
create policy opened_member_read on opened_member for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]) and app.names_lifted(tender_id));
create policy opened_member_add on opened_member for insert to bt_app with check (app.opening(tender_id));

grant select, insert on award_party to bt_app;
create policy award_party_read on award_party for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]) or app.award_public(tender_id));
create policy award_party_add on award_party for insert to bt_app with check (
  tender_id = any ((select app.led_in('assessed'))::uuid[]) and exists (
    select from tender_award a where a.tender_id = award_party.tender_id and a.lot_id = award_party.lot_id
      and (a.organisation_id = award_party.organisation_id or exists (
        select from opened_member m where m.opened_id = a.opened_id
          and m.organisation_id = award_party.organisation_id))));

create policy assessment_summary_joined on assessment_summary for select to bt_app using (
  released_at is not null and opened_id = any ((select app.joined_opened())::uuid[]));
grant update (several_bids) on tender to bt_app;
"""

GUARDED = ("bid_member", "opened_member", "award_party")
CALLED = (
    "asked_bids()",
    "joined_bids()",
    "written_bids()",
    "bid_open(uuid)",
    "bid_submitted(uuid)",
    "joined_opened()",
    "claim_membership(bytea)",
    "write_to_member(uuid, text, text)",
    "sealed_members(uuid, uuid)",
)
POLICIES = (
    ("bid_asked", "bid"),
    ("bid_part_asked", "bid_part"),
    ("bid_part_joined", "bid_part"),
    ("bid_part_add_joined", "bid_part"),
    ("bid_part_change_joined", "bid_part"),
    ("bid_file_joined", "bid_file"),
    ("bid_chunk_read", "bid_chunk"),
    ("bid_chunk_add", "bid_chunk"),
    ("bid_receipt_joined", "bid_receipt"),
    ("bid_submission_joined", "bid_submission"),
    ("assessment_summary_joined", "assessment_summary"),
)
BEFORE = """
create policy bid_chunk_own on bid_chunk to bt_app
  using (exists (select from bid_file f where f.id = file_id)
    or exists (select from opened_file f where f.file_id = bid_chunk.file_id))
  with check (exists (select from bid_file f where f.id = file_id));
delete from bid_part where part = 'team';
alter table bid_part drop constraint ck_bid_part_part;
alter table bid_part add constraint ck_bid_part_part check (part in ('lots','conditions','answers','prices'));
alter table tender drop column several_bids;
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    functions = ", ".join(f"app.{function}" for function in CALLED)
    _run(TABLES + WHO + GUARDS)
    _run("".join(f"alter table {table} enable row level security;" for table in GUARDED))
    _run(
        f"revoke execute on function {functions} from public;"
        f" grant execute on function {functions} to bt_app"
    )
    _run(RIGHTS)


def downgrade() -> None:
    for policy, table in POLICIES:
        op.execute(f"drop policy {policy} on {table}")
    op.execute("drop trigger tg_guard_bid_submission on bid_submission")
    for table in reversed(GUARDED):
        op.execute(f"drop table {table} cascade")
    for function in (*reversed(CALLED), "guard_bid_member()", "guard_bid_submission()"):
        op.execute(f"drop function app.{function}")
    _run(BEFORE)
