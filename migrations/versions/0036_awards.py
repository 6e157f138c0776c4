"""Awards that every buyer approves, assessment summaries, standstill, challenges, contracts."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0036"
down_revision = "0035"

TABLES = """
create table tender_award (
  tender_id uuid not null constraint fk_tender_award_tender_id references tender (id),
  lot_id uuid not null,
  opened_id uuid not null constraint fk_tender_award_opened_id references opened_bid (id),
  organisation_id uuid not null,
  supplier_name text not null,
  sha256 bytea not null constraint ck_tender_award_sha256 check (octet_length(sha256) = 32),
  reason text not null constraint ck_tender_award_reason check (btrim(reason) <> ''),
  decided_by text not null,
  decided_at timestamptz not null default statement_timestamp(),
  constraint pk_tender_award primary key (tender_id, lot_id),
  constraint fk_tender_award_tender_lot foreign key (tender_id, lot_id) references tender_lot (tender_id, id)
);
create table award_approval (
  tender_id uuid not null,
  body_code text not null,
  sha256 bytea not null constraint ck_award_approval_sha256 check (octet_length(sha256) = 32),
  person_id uuid not null,
  person_name text not null,
  approved_at timestamptz not null default statement_timestamp(),
  constraint pk_award_approval primary key (tender_id, body_code),
  constraint fk_award_approval_tender_buyer foreign key (tender_id, body_code)
    references tender_buyer (tender_id, body_code)
);
create table assessment_summary (
  opened_id uuid constraint pk_assessment_summary primary key
    constraint fk_assessment_summary_opened_id references opened_bid (id),
  tender_id uuid not null constraint fk_assessment_summary_tender_id references tender (id),
  organisation_id uuid not null,
  content jsonb not null,
  made_at timestamptz not null default statement_timestamp(),
  released_at timestamptz
);
create index ix_assessment_summary_tender_id on assessment_summary (tender_id);
create index ix_assessment_summary_organisation_id on assessment_summary (organisation_id);
create table tender_standstill (
  tender_id uuid constraint pk_tender_standstill primary key
    constraint fk_tender_standstill_tender_id references tender (id),
  published_on date not null,
  working_days bigint not null constraint ck_tender_standstill_working_days check (working_days >= 8),
  ends_on date not null,
  holidays_as_of date not null,
  constraint ck_tender_standstill_ends_on check (ends_on > published_on)
);
create table tender_challenge (
  id uuid constraint pk_tender_challenge primary key,
  tender_id uuid not null constraint fk_tender_challenge_tender_id references tender (id),
  words text not null constraint ck_tender_challenge_words check (btrim(words) <> ''),
  notified_on date not null,
  recorded_by text not null,
  recorded_at timestamptz not null default statement_timestamp(),
  ended_at timestamptz,
  ended_reason text not null default '',
  constraint ck_tender_challenge_ended check ((ended_at is null) = (btrim(ended_reason) = ''))
);
create index ix_tender_challenge_tender_id on tender_challenge (tender_id);
create table tender_contract (
  tender_id uuid not null,
  lot_id uuid not null,
  body_code text not null,
  reference text not null constraint ck_tender_contract_reference check (btrim(reference) <> ''),
  signed_on date not null,
  details_due_on date,
  kpis jsonb not null default '[]',
  recorded_by text not null,
  recorded_at timestamptz not null default statement_timestamp(),
  constraint pk_tender_contract primary key (tender_id, lot_id, body_code),
  constraint fk_tender_contract_tender_award foreign key (tender_id, lot_id)
    references tender_award (tender_id, lot_id),
  constraint fk_tender_contract_tender_buyer foreign key (tender_id, body_code)
    references tender_buyer (tender_id, body_code)
);
alter table tender_notice drop constraint ck_tender_notice_code;
alter table tender_notice add constraint ck_tender_notice_code check (code in ('UK4','UK6','UK12'));
"""

FUNCTIONS = """
create function app.led_in(wanted text) returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(t.id), '{}') from public.tender t
        where t.lead_code = app.body_code() and app.has_role('officer') and app.person() is not null
          and t.state = wanted $$;
-- Whether the central platform has the award notice: only then the public reads who won.
create function app.award_public(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.tender_notice n
        where n.tender_id = wanted and n.code = 'UK6' and n.state = 'confirmed') $$;
create function app.may_sign(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.tender_standstill s where s.tender_id = wanted
          and s.ends_on < (clock_timestamp() at time zone 'Europe/London')::date)
        and not exists (select from public.tender_challenge c
          where c.tender_id = wanted and c.ended_at is null) $$;

create function app.guard_award() returns trigger language plpgsql security definer
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
  if new.state = 'standstill' and (not app.award_public(new.id)
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
create trigger tg_guard_award before update on tender for each row execute function app.guard_award();
"""

RIGHTS = """
grant select, insert (tender_id, lot_id, opened_id, organisation_id, supplier_name, sha256, reason, decided_by)
  on tender_award to bt_app;
create policy tender_award_read on tender_award for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]) or app.award_public(tender_id));
create policy tender_award_add on tender_award for insert to bt_app with check (
  tender_id = any ((select app.led_in('assessed'))::uuid[])
  and exists (select from opened_name n where n.opened_id = tender_award.opened_id
    and n.tender_id = tender_award.tender_id and n.organisation_id = tender_award.organisation_id)
  and exists (select from tender_assessment s where s.tender_id = tender_award.tender_id
    and s.sha256 = tender_award.sha256));

grant select, insert (tender_id, body_code, sha256, person_id, person_name) on award_approval to bt_app;
create policy award_approval_read on award_approval for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]));
create policy award_approval_add on award_approval for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('approver')) and person_id = (select app.person())
  and tender_id = any ((select app.my_tenders())::uuid[])
  and exists (select from tender t where t.id = tender_id and t.state = 'assessed')
  and exists (select from tender_award a where a.tender_id = award_approval.tender_id
    and a.sha256 = award_approval.sha256));

-- Each bidder reads its own alone, once all were released.
grant select, insert (opened_id, tender_id, organisation_id, content), update (released_at)
  on assessment_summary to bt_app;
create policy assessment_summary_read on assessment_summary for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[])
  or (released_at is not null and organisation_id = (select app.organisation())
    and (select app.has_role('supplier')) and (select app.person()) is not null));
create policy assessment_summary_add on assessment_summary for insert to bt_app with check (
  tender_id = any ((select app.led_in('awarded'))::uuid[])
  and exists (select from opened_name n where n.opened_id = assessment_summary.opened_id
    and n.tender_id = assessment_summary.tender_id
    and n.organisation_id = assessment_summary.organisation_id));
create policy assessment_summary_release on assessment_summary for update to bt_app
  using (tender_id = any ((select app.led_in('awarded'))::uuid[]) and released_at is null)
  with check (released_at = statement_timestamp());

grant select, insert on tender_standstill to bt_app;
create policy tender_standstill_read on tender_standstill for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]) or app.award_public(tender_id));
create policy tender_standstill_add on tender_standstill for insert to bt_app with check (
  tender_id = any ((select app.led_in('awarded'))::uuid[]) and app.award_public(tender_id));

grant select, insert (id, tender_id, words, notified_on, recorded_by), update (ended_at, ended_reason)
  on tender_challenge to bt_app;
create policy tender_challenge_read on tender_challenge for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]));
create policy tender_challenge_add on tender_challenge for insert to bt_app with check (
  tender_id = any ((select app.led_in('standstill'))::uuid[]));
create policy tender_challenge_end on tender_challenge for update to bt_app
  using (tender_id = any ((select app.led_in('standstill'))::uuid[]) and ended_at is null)
  with check (ended_at = statement_timestamp());

-- Each council records its own contract. Others read it with the award, which is public by then.
grant select, insert (tender_id, lot_id, body_code, reference, signed_on, details_due_on, kpis, recorded_by)
  on tender_contract to bt_app;
create policy tender_contract_read on tender_contract for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]));
create policy tender_contract_add on tender_contract for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('officer'))
  and tender_id = any ((select app.my_tenders())::uuid[]) and app.may_sign(tender_id)
  and exists (select from tender t where t.id = tender_id and t.state in ('standstill', 'contracts'))
  and exists (select from tender_standstill s where s.tender_id = tender_contract.tender_id
    and s.ends_on < tender_contract.signed_on)
  and signed_on <= (clock_timestamp() at time zone 'Europe/London')::date);
"""

GUARDED = (
    "tender_award",
    "award_approval",
    "assessment_summary",
    "tender_standstill",
    "tender_challenge",
    "tender_contract",
)
CALLED = ("led_in(text)", "award_public(uuid)", "may_sign(uuid)")


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(TABLES + FUNCTIONS + "".join(f"alter table {each} enable row level security;" for each in GUARDED))
    for function in (*CALLED, "guard_award()"):
        op.execute(f"revoke execute on function app.{function} from public")
    for function in CALLED:
        op.execute(f"grant execute on function app.{function} to bt_app")
    _run(RIGHTS)


def downgrade() -> None:
    op.execute("drop trigger tg_guard_award on tender")
    op.execute("drop function app.guard_award()")
    for table in reversed(GUARDED):
        op.execute(f"drop table {table} cascade")
    for function in reversed(CALLED):
        op.execute(f"drop function app.{function}")
    op.execute("delete from tender_notice where code = 'UK6'")
    op.execute("alter table tender_notice drop constraint ck_tender_notice_code")
    op.execute(
        "alter table tender_notice add constraint ck_tender_notice_code check (code in ('UK4','UK12'))"
    )
