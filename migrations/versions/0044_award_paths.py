"""Awards off the common path: below the threshold, ties and lots that are drawn, withheld parts of summaries."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0044"
down_revision = "0043"

# A rule that was not published before is none: tenders that exist keep an empty one.
TABLES = """
alter table tender add column tie_break text not null default ''
  constraint ck_tender_tie_break check (tie_break in ('','quality','heaviest','lot'));
alter table tender alter column tie_break set default 'quality';
grant update (tie_break) on tender to bt_app;

create table tie_draw (
  tender_id uuid not null,
  lot_id uuid not null,
  sha256 bytea not null constraint ck_tie_draw_sha256 check (octet_length(sha256) = 32),
  candidates text[] not null constraint ck_tie_draw_candidates check (cardinality(candidates) > 1),
  proposed_by_id uuid not null,
  proposed_by text not null,
  proposed_code text not null,
  proposed_at timestamptz not null default statement_timestamp(),
  confirmed_by_id uuid,
  confirmed_by text not null default '',
  confirmed_code text not null default '',
  drawn_at timestamptz,
  seed bytea,
  drawn text,
  constraint pk_tie_draw primary key (tender_id, lot_id),
  constraint fk_tie_draw_tender_lot foreign key (tender_id, lot_id) references tender_lot (tender_id, id),
  constraint ck_tie_draw_drawn check (num_nulls(confirmed_by_id, drawn_at, seed, drawn) in (0, 4)),
  constraint ck_tie_draw_two_people check (confirmed_by_id <> proposed_by_id)
);
create table summary_withheld (
  id uuid constraint pk_summary_withheld primary key,
  tender_id uuid not null constraint fk_summary_withheld_tender_id references tender (id),
  lot text not null,
  criterion text not null,
  words text not null constraint ck_summary_withheld_words check (btrim(words) <> ''),
  instead text not null constraint ck_summary_withheld_instead check (btrim(instead) <> ''),
  reason text not null constraint ck_summary_withheld_reason check (btrim(reason) <> ''),
  withheld_by text not null,
  withheld_at timestamptz not null default statement_timestamp()
);
create index ix_summary_withheld_tender_id on summary_withheld (tender_id);
"""

MOVES = """
create or replace function app.tender_moves() returns text[] language sql immutable as $$ select array[
  'draft in_approval', 'draft terminated', 'in_approval draft', 'in_approval approved', 'in_approval terminated',
  'approved draft', 'approved published', 'approved terminated', 'published closed', 'published terminated',
  'closed opened', 'closed terminated', 'opened assessed', 'opened terminated', 'assessed awarded',
  'assessed terminated', 'awarded standstill', {more}'awarded terminated', 'standstill contracts',
  'standstill terminated'] $$;
"""

# Below the threshold there is no award notice and no standstill but one that the buyers choose to keep; who won
# is public with the first details notice. Everybody is told first all the same.
FUNCTIONS = """
create function app.below_threshold(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.tender t where t.id = wanted and t.procedure = 'below-threshold') $$;
create function app.all_told(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.assessment_summary s where s.tender_id = wanted)
        and not exists (select from public.assessment_summary s
          where s.tender_id = wanted and s.released_at is null) $$;
create function app.may_sign_on(wanted uuid, day date) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select not exists (select from public.tender_challenge c where c.tender_id = wanted and c.ended_at is null)
        and case when exists (select from public.tender_standstill s where s.tender_id = wanted)
          then exists (select from public.tender_standstill s where s.tender_id = wanted and s.ends_on < day)
          else app.below_threshold(wanted) and app.all_told(wanted) end $$;
create or replace function app.may_sign(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select app.may_sign_on(wanted, (clock_timestamp() at time zone 'Europe/London')::date) $$;
create or replace function app.award_public(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.tender_notice n
          where n.tender_id = wanted and n.code = 'UK6' and n.state = 'confirmed')
        or exists (select from public.contract_notice n join public.tender_contract c on c.id = n.contract_id
          where c.tender_id = wanted and n.code = 'UK7' and n.state = 'confirmed') $$;

create function app.draw_lot(wanted uuid, wanted_lot uuid, name text) returns text language plpgsql
  security definer set search_path = pg_catalog, public as $$
declare
  found_draw tie_draw%rowtype;
  fresh bytea;
  place bigint;
begin
  select * into found_draw from tie_draw d where d.tender_id = wanted and d.lot_id = wanted_lot for update;
  if found_draw.tender_id is null or found_draw.drawn is not null then
    raise exception 'there is no draw to confirm' using errcode = 'check_violation', constraint = 'tie_draw_open';
  end if;
  if app.person() is null or not app.of_council() or not wanted = any (app.my_tenders()) then
    raise exception 'a buyer confirms a draw' using errcode = 'insufficient_privilege';
  end if;
  if found_draw.proposed_by_id = app.person() or (found_draw.proposed_code = app.body_code()
    and (select count(*) from tender_buyer b where b.tender_id = wanted) > 1) then
    raise exception 'a second person of another buyer confirms a draw'
      using errcode = 'check_violation', constraint = 'tie_draw_two';
  end if;
  fresh := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  place := ('x' || encode(substr(sha256(fresh || found_draw.sha256), 1, 4), 'hex'))::bit(32)::bigint;
  update tie_draw d set confirmed_by_id = app.person(), confirmed_by = name, confirmed_code = app.body_code(),
    drawn_at = statement_timestamp(), seed = fresh,
    drawn = found_draw.candidates[1 + place % cardinality(found_draw.candidates)]
    where d.tender_id = wanted and d.lot_id = wanted_lot;
  return (select d.drawn from tie_draw d where d.tender_id = wanted and d.lot_id = wanted_lot);
end $$;
"""

# Who handed in a bid that could not be opened hears of it: its people by the worker, which reads no name else.
DAMAGED = """
create function app.damaged_bidders(wanted uuid) returns table (person_id uuid, damage text) language sql stable
  security definer set search_path = pg_catalog, public
  as $$ select m.person_id, b.damage from opened_bid b join opened_name n on n.opened_id = b.id
        join membership m on m.role = 'supplier' and (m.organisation_id = n.organisation_id or exists (
          select from opened_member o where o.opened_id = b.id and o.organisation_id = m.organisation_id))
        join person p on p.id = m.person_id and p.disabled_at is null
        where b.tender_id = wanted and not b.whole $$;
create function app.own_damage(wanted uuid) returns text language sql stable
  security definer set search_path = pg_catalog, public
  as $$ select coalesce(max(b.damage), '') from opened_bid b join opened_name n on n.opened_id = b.id
        where b.tender_id = wanted and not b.whole and (n.organisation_id = app.organisation() or exists (
            select from opened_member o where o.opened_id = b.id and o.organisation_id = app.organisation()))
          and app.has_role('supplier') and app.person() is not null $$;
revoke execute on function app.damaged_bidders(uuid), app.own_damage(uuid) from public;
grant execute on function app.damaged_bidders(uuid) to bt_jobs;
grant execute on function app.own_damage(uuid) to bt_app;
"""
REASONS = """
alter table notice drop constraint ck_notice_reason;
alter table notice add constraint ck_notice_reason check (reason in ({reasons}));
"""
REASONS_BEFORE = (
    "'mentioned','to_sign','to_approve','matched','suggested','searched','buys','sponsors','follows',"
    "'follows_tender','follows_challenge'"
)

GUARD = """
create or replace function app.guard_award() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  if new.state = old.state then
    return new;
  end if;
  if new.state = 'awarded' and (not exists (select from tender_award a where a.tender_id = new.id)
    or exists (select from tender_buyer b where b.tender_id = new.id and not exists (
      select from award_approval a join tender_assessment s on s.tender_id = a.tender_id and s.sha256 = a.sha256
        where a.tender_id = b.tender_id and a.body_code = b.body_code))) then
    raise exception 'not every buyer has approved the award'
      using errcode = 'check_violation', constraint = 'tender_awarded';
  end if;
  if new.state = 'standstill' and (not {notice}
    or not exists (select from tender_standstill s where s.tender_id = new.id)
    or exists (select from candidate c where c.subject_id = new.id and not exists (
      select from assessment_summary s where s.opened_id = c.id and s.released_at is not null))) then
    raise exception 'summaries and the award notice come first'
      using errcode = 'check_violation', constraint = 'tender_standstill';
  end if;
  if new.state = 'contracts' and not (app.may_sign(new.id)
    and exists (select from tender_contract c where c.tender_id = new.id)) then
    raise exception 'nothing can be signed yet' using errcode = 'check_violation', constraint = 'tender_signed';
  end if;
  return new;
end $$;
"""

RIGHTS = """
alter table tie_draw enable row level security;
alter table summary_withheld enable row level security;
grant select, insert (tender_id, lot_id, sha256, candidates, proposed_by_id, proposed_by, proposed_code)
  on tie_draw to bt_app;
create policy tie_draw_read on tie_draw for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]));
create policy tie_draw_add on tie_draw for insert to bt_app with check (
  tender_id = any ((select app.my_tenders())::uuid[]) and proposed_by_id = (select app.person())
  and proposed_code = (select app.body_code())
  and exists (select from tender t where t.id = tender_id and t.state = 'assessed')
  and exists (select from tender_assessment s where s.tender_id = tie_draw.tender_id
    and s.sha256 = tie_draw.sha256));
grant select, insert (id, tender_id, lot, criterion, words, instead, reason, withheld_by)
  on summary_withheld to bt_app;
create policy summary_withheld_read on summary_withheld for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]));
create policy summary_withheld_add on summary_withheld for insert to bt_app with check (
  tender_id = any ((select app.led_in('awarded'))::uuid[]));
grant update (content) on assessment_summary to bt_app;
create policy assessment_summary_withhold on assessment_summary for update to bt_app
  using (tender_id = any ((select app.led_in('awarded'))::uuid[]) and released_at is null)
  with check (released_at is null);

drop policy tender_standstill_add on tender_standstill;
create policy tender_standstill_add on tender_standstill for insert to bt_app with check (
  tender_id = any ((select app.led_in('awarded'))::uuid[])
  and (app.award_public(tender_id) or (app.below_threshold(tender_id) and app.all_told(tender_id))));
drop policy tender_contract_add on tender_contract;
create policy tender_contract_add on tender_contract for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer'))
  and tender_id = any ((select app.my_tenders())::uuid[]) and app.may_sign(tender_id)
  and exists (select from tender t where t.id = tender_id and t.state in ('awarded', 'standstill', 'contracts'))
  and app.may_sign_on(tender_id, signed_on)
  and signed_on <= (clock_timestamp() at time zone 'Europe/London')::date);
"""

BACK = """
drop policy assessment_summary_withhold on assessment_summary;
revoke update (content) on assessment_summary from bt_app;
drop policy tender_standstill_add on tender_standstill;
create policy tender_standstill_add on tender_standstill for insert to bt_app with check (
  tender_id = any ((select app.led_in('awarded'))::uuid[]) and app.award_public(tender_id));
drop policy tender_contract_add on tender_contract;
create policy tender_contract_add on tender_contract for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer'))
  and tender_id = any ((select app.my_tenders())::uuid[]) and app.may_sign(tender_id)
  and exists (select from tender t where t.id = tender_id and t.state in ('standstill', 'contracts'))
  and exists (select from tender_standstill s where s.tender_id = tender_contract.tender_id
    and s.ends_on < tender_contract.signed_on)
  and signed_on <= (clock_timestamp() at time zone 'Europe/London')::date);
drop table summary_withheld;
drop table tie_draw;
create or replace function app.may_sign(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.tender_standstill s where s.tender_id = wanted
          and s.ends_on < (clock_timestamp() at time zone 'Europe/London')::date)
        and not exists (select from public.tender_challenge c
          where c.tender_id = wanted and c.ended_at is null) $$;
create or replace function app.award_public(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.tender_notice n
        where n.tender_id = wanted and n.code = 'UK6' and n.state = 'confirmed') $$;
drop function app.draw_lot(uuid, uuid, text);
drop function app.may_sign_on(uuid, date);
drop function app.all_told(uuid);
drop function app.below_threshold(uuid);
alter table tender drop column tie_break;
"""
CALLED = ("below_threshold(uuid)", "all_told(uuid)", "may_sign_on(uuid, date)", "draw_lot(uuid, uuid, text)")


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    notice = "(app.award_public(new.id) or app.below_threshold(new.id))"
    _run(TABLES + MOVES.format(more="'awarded contracts', ") + FUNCTIONS + GUARD.format(notice=notice))
    for function in CALLED:
        op.execute(f"revoke execute on function app.{function} from public")
        op.execute(f"grant execute on function app.{function} to bt_app")
    _run(RIGHTS + DAMAGED + REASONS.format(reasons=f"{REASONS_BEFORE},'bids'"))


def downgrade() -> None:
    op.execute("delete from notice where reason = 'bids'")
    _run(REASONS.format(reasons=REASONS_BEFORE))
    _run("drop function app.damaged_bidders(uuid); drop function app.own_damage(uuid);")
    _run(BACK + MOVES.format(more="") + GUARD.format(notice="app.award_public(new.id)"))
