"""Checks of opened bids, and the assessment of a tender as it was computed."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0035"
down_revision = "0034"

TABLES = """
create table bid_check (
  id uuid constraint pk_bid_check primary key,
  tender_id uuid not null constraint fk_bid_check_tender_id references tender (id),
  opened_id uuid not null constraint fk_bid_check_opened_id references opened_bid (id),
  kind text not null constraint ck_bid_check_kind check (
    kind in ('condition','excluded','excludable','low-price','breach')),
  criterion_id uuid,
  step text not null constraint ck_bid_check_step check (
    step in ('passes','fails','asked','answered','kept','disregarded')),
  reason text not null constraint ck_bid_check_reason check (btrim(reason) <> ''),
  person_id uuid not null,
  person_name text not null,
  recorded_at timestamptz not null default statement_timestamp(),
  constraint fk_bid_check_tender_criterion foreign key (tender_id, criterion_id)
    references tender_criterion (tender_id, id),
  constraint ck_bid_check_criterion check ((kind = 'condition') = (criterion_id is not null))
);
create index ix_bid_check_tender_id on bid_check (tender_id, opened_id);

create table tender_assessment (
  tender_id uuid constraint pk_tender_assessment primary key
    constraint fk_tender_assessment_tender_id references tender (id),
  kept jsonb not null,
  sha256 bytea not null constraint ck_tender_assessment_sha256 check (octet_length(sha256) = 32),
  person_name text not null,
  made_at timestamptz not null default statement_timestamp()
);
alter table bid_check enable row level security;
alter table tender_assessment enable row level security;
"""

FUNCTIONS = """
-- What bids ask for and say of conditions, for the buyers' people once their panel has settled.
create function app.settled_bids(wanted uuid) returns table (opened_id uuid, number bigint, lots jsonb,
    conditions jsonb, prices jsonb)
  language sql stable security definer set search_path = pg_catalog, public as $$
  select o.id, o.number, c.content -> 'lots', c.content -> 'conditions', c.content -> 'prices'
    from opened_bid o join opened_content c on c.opened_id = o.id
    where o.tender_id = wanted and wanted = any (app.my_tenders()) and app.person() is not null
      and app.panel_state(wanted) = 'settled' order by o.number $$;
-- The tenders that the session's person leads and whose bids are open and not assessed yet.
create function app.my_assessing() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(t.id), '{}') from public.tender t
        where t.lead_code = app.body_code() and app.has_role('officer') and app.person() is not null
          and t.state = 'opened' $$;

create function app.guard_assessment() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  if new.state = 'assessed' and old.state <> 'assessed' and not exists (
    select from tender_assessment a where a.tender_id = new.id) then
    raise exception 'nothing was assessed' using errcode = 'check_violation', constraint = 'tender_assessed';
  end if;
  return new;
end $$;
create trigger tg_guard_assessment before update on tender for each row execute function app.guard_assessment();

-- What was assessed stands on what the panel agreed: it is not opened again after that.
create function app.guard_settled() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  if old.state = 'settled' and new.state <> old.state and exists (
    select from tender_assessment a where a.tender_id = new.subject_id) then
    raise exception 'the tender is assessed' using errcode = 'check_violation', constraint = 'panel_assessed';
  end if;
  return new;
end $$;
create trigger tg_guard_settled before update on panel for each row execute function app.guard_settled();
"""

RIGHTS = """
grant select, insert (id, tender_id, opened_id, kind, criterion_id, step, reason, person_id, person_name)
  on bid_check to bt_app;
create policy bid_check_read on bid_check for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]));
create policy bid_check_add on bid_check for insert to bt_app with check (
  tender_id = any ((select app.my_assessing())::uuid[]) and person_id = (select app.person())
  and exists (select from opened_bid o where o.id = opened_id and o.tender_id = bid_check.tender_id));
grant select, insert (tender_id, kept, sha256, person_name) on tender_assessment to bt_app;
create policy tender_assessment_read on tender_assessment for select to bt_app using (
  tender_id = any ((select app.my_tenders())::uuid[]));
create policy tender_assessment_add on tender_assessment for insert to bt_app with check (
  tender_id = any ((select app.my_assessing())::uuid[]) and app.panel_state(tender_id) = 'settled');
"""

CALLED = ("settled_bids(uuid)", "my_assessing()")
INNER = ("guard_assessment()", "guard_settled()")


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(TABLES + FUNCTIONS)
    for function in (*CALLED, *INNER):
        op.execute(f"revoke execute on function app.{function} from public")
    for function in CALLED:
        op.execute(f"grant execute on function app.{function} to bt_app")
    _run(RIGHTS)


def downgrade() -> None:
    _run(
        "drop trigger tg_guard_settled on panel; drop trigger tg_guard_assessment on tender;"
        " drop table tender_assessment; drop table bid_check;"
    )
    for function in (*INNER, *CALLED):
        op.execute(f"drop function app.{function}")
