"""The life of a contract: its facts, notices, documents, performance, payments, changes, breaches, ends."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0039"
down_revision = "0038"

FACTS = """
alter table tender_contract
  add column id uuid not null default gen_random_uuid() constraint uq_tender_contract_id unique,
  add column value_gross_pence bigint not null default 0
    constraint ck_tender_contract_value_gross_pence check (value_gross_pence >= 0),
  add column starts_on date,
  add column ends_on date,
  add column extended_until date,
  add column options text not null default '',
  add constraint ck_tender_contract_span check (ends_on >= starts_on and extended_until >= ends_on);
update tender_contract c set value_gross_pence = coalesce(l.gross_pence, 0), options = l.options,
  starts_on = t.starts_on, ends_on = t.ends_on, extended_until = t.extended_until
  from tender t, tender_lot l where t.id = c.tender_id and l.id = c.lot_id;
alter table tender_contract alter column id drop default, alter column value_gross_pence drop default;
"""

TABLES = """
create table contract_notice (
  id uuid constraint pk_contract_notice primary key,
  contract_id uuid not null constraint fk_contract_notice_contract_id references tender_contract (id),
  code text not null constraint ck_contract_notice_code check (code in ('UK7','UK9','UK10','UK11')),
  about_id uuid not null,
  fields jsonb not null,
  state text not null default 'prepared'
    constraint ck_contract_notice_state check (state in ('prepared','confirmed','discarded')),
  prepared_by text not null,
  prepared_at timestamptz not null default statement_timestamp(),
  reference text not null default '',
  published_at timestamptz,
  confirmed_by text not null default '',
  confirmed_at timestamptz,
  constraint ck_contract_notice_confirmed check (
    (state = 'confirmed') = (reference <> '' and published_at is not null))
);
create index ix_contract_notice_contract_id on contract_notice (contract_id);
create unique index uq_contract_notice_prepared on contract_notice (contract_id, code, about_id)
  where state <> 'discarded';

create table contract_document (
  id uuid constraint pk_contract_document primary key,
  contract_id uuid not null constraint fk_contract_document_contract_id references tender_contract (id),
  kind text not null constraint ck_contract_document_kind check (kind in ('contract','change','evidence')),
  about_id uuid not null,
  title text not null constraint ck_contract_document_title check (btrim(title) <> ''),
  sha256 bytea not null constraint fk_contract_document_sha256 references stored_file (sha256),
  name text not null,
  file_kind text not null,
  size bigint not null,
  withheld text not null default '',
  added_by text not null,
  added_at timestamptz not null default statement_timestamp(),
  reference text not null default '',
  published_on date,
  constraint ck_contract_document_published check ((published_on is null) = (reference = '')),
  constraint ck_contract_document_inside check (kind <> 'evidence' or published_on is null)
);
create index ix_contract_document_contract_id on contract_document (contract_id);
create index ix_contract_document_sha256 on contract_document (sha256);

create table kpi_reading (
  id uuid constraint pk_kpi_reading primary key,
  contract_id uuid not null constraint fk_kpi_reading_contract_id references tender_contract (id),
  kpi_number bigint not null,
  from_on date not null,
  until_on date not null,
  value text not null constraint ck_kpi_reading_value check (btrim(value) <> ''),
  rating text not null constraint ck_kpi_reading_rating check (
    rating in ('good','approaching','improvement','inadequate','other')),
  evidence text not null constraint ck_kpi_reading_evidence check (btrim(evidence) <> ''),
  recorded_by text not null,
  recorded_at timestamptz not null default statement_timestamp(),
  constraint ck_kpi_reading_period check (until_on >= from_on)
);
create index ix_kpi_reading_contract_id on kpi_reading (contract_id);

create table contract_assessment (
  id uuid constraint pk_contract_assessment primary key,
  contract_id uuid not null constraint fk_contract_assessment_contract_id references tender_contract (id),
  from_on date not null,
  until_on date not null,
  last boolean not null,
  made_by text not null,
  made_at timestamptz not null default statement_timestamp(),
  constraint uq_contract_assessment_until unique (contract_id, until_on),
  constraint ck_contract_assessment_period check (until_on >= from_on)
);

create table contract_breach (
  id uuid constraint pk_contract_breach primary key,
  contract_id uuid not null constraint fk_contract_breach_contract_id references tender_contract (id),
  applies_on date not null,
  consequence text not null constraint ck_contract_breach_consequence check (
    consequence in ('terminated','partly-terminated','damages','settlement','not-improved')),
  words text not null constraint ck_contract_breach_words check (btrim(words) <> ''),
  recorded_by text not null,
  recorded_at timestamptz not null default statement_timestamp()
);
create index ix_contract_breach_contract_id on contract_breach (contract_id);

create table contract_change (
  id uuid constraint pk_contract_change primary key,
  contract_id uuid not null constraint fk_contract_change_contract_id references tender_contract (id),
  number bigint not null,
  words text not null constraint ck_contract_change_words check (btrim(words) <> ''),
  reason text not null constraint ck_contract_change_reason check (btrim(reason) <> ''),
  value_pence bigint not null,
  term_months bigint not null,
  widens_scope boolean not null,
  favours_supplier boolean not null,
  alters_nature boolean not null,
  new_supplier text not null default '',
  ground text not null default '',
  made_with bigint[] not null default '{}'::bigint[],
  way text not null constraint ck_contract_change_way check (way in ('light-touch','ground','minor','small','part-6')),
  verdict jsonb not null,
  needs_notice boolean not null,
  text_is_published boolean not null,
  commits_pence bigint not null constraint ck_contract_change_commits_pence check (commits_pence >= 0),
  state text not null default 'proposed' constraint ck_contract_change_state check (
    state in ('proposed','approved','refused','withdrawn','made')),
  proposed_by text not null,
  proposed_at timestamptz not null default statement_timestamp(),
  decided_by_id uuid,
  decided_by text not null default '',
  decided_at timestamptz,
  decided_reason text not null default '',
  made_on date,
  made_by text not null default '',
  constraint uq_contract_change_number unique (contract_id, number),
  constraint ck_contract_change_decided check (
    (state in ('proposed','withdrawn')) or (decided_by_id is not null and decided_at is not null)),
  constraint ck_contract_change_made check ((state = 'made') = (made_on is not null))
);
create unique index uq_contract_change_waiting on contract_change (contract_id)
  where state in ('proposed','approved');

create table contract_ending (
  id uuid constraint pk_contract_ending primary key,
  contract_id uuid not null constraint fk_contract_ending_contract_id references tender_contract (id),
  whole boolean not null,
  kind text not null constraint ck_contract_ending_kind check (
    kind in ('expired','performed','agreed','breach','implied','other-term','set-aside')),
  ended_on date not null,
  words text not null constraint ck_contract_ending_words check (btrim(words) <> ''),
  recorded_by text not null,
  recorded_at timestamptz not null default statement_timestamp(),
  constraint ck_contract_ending_part check (whole or kind not in ('expired','performed'))
);
create index ix_contract_ending_contract_id on contract_ending (contract_id);
create unique index uq_contract_ending_whole on contract_ending (contract_id) where whole;

create table contract_manager (
  contract_id uuid constraint pk_contract_manager primary key
    constraint fk_contract_manager_contract_id references tender_contract (id),
  person_id uuid not null,
  person_name text not null,
  taken_on_at timestamptz not null default statement_timestamp()
);

create table contract_payment (
  id uuid constraint pk_contract_payment primary key,
  contract_id uuid not null constraint fk_contract_payment_contract_id references tender_contract (id),
  invoice text not null constraint ck_contract_payment_invoice check (btrim(invoice) <> ''),
  sum_pence bigint not null constraint ck_contract_payment_sum_pence check (sum_pence > 0),
  received_on date not null,
  falls_due_on date,
  disputed boolean not null default false,
  paid_on date,
  recorded_by text not null,
  recorded_at timestamptz not null default statement_timestamp(),
  constraint uq_contract_payment_invoice unique (contract_id, invoice)
);
"""

# What rules say of a change, once more where nobody can pass it by.
FUNCTIONS = """
create function app.my_contracts() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(c.id), '{}') from public.tender_contract c
        where c.tender_id = any ((select app.my_tenders())::uuid[]) $$;
create function app.own_contracts() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(c.id), '{}') from public.tender_contract c
        where c.body_code = app.body_code() and app.has_role('officer') and app.person() is not null $$;
-- Whether the central platform has the details notice: only then the public reads the contract.
create function app.contract_public(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.contract_notice n
        where n.contract_id = wanted and n.code = 'UK7' and n.state = 'confirmed') $$;
create function app.contract_limit(wanted uuid) returns bigint language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(max(a.limit_pence), -1) from public.approver_authority a
        join public.tender_contract c on c.body_code = a.body_code
        where c.id = wanted and c.body_code = app.body_code() and a.person_id = app.person() $$;

create function app.guard_contract_change() returns trigger language plpgsql
  set search_path = pg_catalog, public as $$
begin
  if to_jsonb(new) - array['state','decided_by_id','decided_by','decided_at','decided_reason','made_on','made_by']
     <> to_jsonb(old) - array['state','decided_by_id','decided_by','decided_at','decided_reason','made_on','made_by']
  then
    raise exception 'what was proposed stays as it was' using errcode = 'check_violation', constraint = 'change_kept';
  end if;
  if not (old.state || ' ' || new.state) = any (array['proposed approved','proposed refused','proposed withdrawn',
     'approved withdrawn','approved made']) then
    raise exception 'a change cannot go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'change_move';
  end if;
  if current_user <> 'bt_app' then
    return new;
  end if;
  if new.state in ('approved','refused') and not (app.has_role('approver') and new.decided_by_id = app.person()) then
    raise exception 'an approver decides a change' using errcode = 'insufficient_privilege';
  end if;
  if new.state = 'approved' and app.contract_limit(new.contract_id) < new.commits_pence then
    raise exception 'the change goes beyond the limit of the approver'
      using errcode = 'check_violation', constraint = 'change_limit';
  end if;
  if new.state in ('withdrawn','made') and not app.has_role('officer') then
    raise exception 'an officer does this' using errcode = 'insufficient_privilege';
  end if;
  if new.state = 'made' and new.needs_notice and not exists (select from contract_notice n
    where n.about_id = new.id and n.code = 'UK10' and n.state = 'confirmed'
      and (n.published_at at time zone 'Europe/London')::date <= new.made_on) then
    raise exception 'the contract change notice comes before the change'
      using errcode = 'check_violation', constraint = 'change_notice';
  end if;
  return new;
end $$;
create trigger tg_guard_contract_change before update on contract_change
  for each row execute function app.guard_contract_change();
"""

RIGHTS = """
grant insert (id, value_gross_pence, starts_on, ends_on, extended_until, options) on tender_contract to bt_app;
grant select on tender_contract, tender_award, tender_standstill to bt_jobs;
create policy tender_contract_jobs on tender_contract for select to bt_jobs using (true);
create policy tender_award_jobs on tender_award for select to bt_jobs using (true);
create policy tender_standstill_jobs on tender_standstill for select to bt_jobs using (true);
create policy tender_contract_public on tender_contract for select to bt_app using (
  app.contract_public(id) or (select app.has_role('sector_lead')));

grant select, insert (id, contract_id, code, about_id, fields, prepared_by),
  update (state, reference, published_at, confirmed_by, confirmed_at) on contract_notice to bt_app;
create policy contract_notice_public on contract_notice for select to bt_app using (state = 'confirmed');
create policy contract_notice_change on contract_notice for update to bt_app
  using (state = 'prepared' and contract_id = any ((select app.own_contracts())::uuid[]))
  with check (state <> 'prepared');

grant select, insert (id, contract_id, kind, about_id, title, sha256, name, file_kind, size, withheld, added_by),
  update (reference, published_on) on contract_document to bt_app;
create policy contract_document_public on contract_document for select to bt_app using (published_on is not null);
create policy contract_document_publish on contract_document for update to bt_app
  using (published_on is null and contract_id = any ((select app.own_contracts())::uuid[]))
  with check (published_on is not null);
create policy stored_file_read_contract on stored_file for select to bt_app using (
  exists (select from contract_document d where d.sha256 = stored_file.sha256));
create policy stored_chunk_read_contract on stored_chunk for select to bt_app using (
  exists (select from contract_document d where d.sha256 = stored_chunk.sha256));

grant select, insert (id, contract_id, kpi_number, from_on, until_on, value, rating, evidence, recorded_by)
  on kpi_reading to bt_app;
grant select, insert (id, contract_id, from_on, until_on, last, made_by) on contract_assessment to bt_app;
grant select, insert (id, contract_id, applies_on, consequence, words, recorded_by) on contract_breach to bt_app;
grant select, insert (id, contract_id, whole, kind, ended_on, words, recorded_by) on contract_ending to bt_app;
grant select, insert (id, contract_id, number, words, reason, value_pence, term_months, widens_scope,
  favours_supplier, alters_nature, new_supplier, ground, made_with, way, verdict, needs_notice, text_is_published,
  commits_pence, proposed_by), update (state, decided_by_id, decided_by, decided_at, decided_reason, made_on, made_by)
  on contract_change to bt_app;
create policy contract_change_move on contract_change for update to bt_app using (
  exists (select from tender_contract c where c.id = contract_id and c.body_code = (select app.body_code()))
  and (select app.of_council()));
grant select, insert (contract_id, person_id, person_name), update (person_id, person_name, taken_on_at)
  on contract_manager to bt_app;
create policy contract_manager_change on contract_manager for update to bt_app
  using (contract_id = any ((select app.own_contracts())::uuid[]))
  with check (person_id = (select app.person()));
grant select, insert (id, contract_id, invoice, sum_pence, received_on, falls_due_on, disputed, paid_on, recorded_by),
  update (paid_on, disputed) on contract_payment to bt_app;
create policy contract_payment_pay on contract_payment for update to bt_app
  using (paid_on is null and contract_id = any ((select app.own_contracts())::uuid[]))
  with check (contract_id = any ((select app.own_contracts())::uuid[]));
"""

# Read by the councils of the tender and sector leads, written by officers of the council that signed.
PARTS = (
    "contract_notice",
    "contract_document",
    "kpi_reading",
    "contract_assessment",
    "contract_breach",
    "contract_change",
    "contract_ending",
    "contract_manager",
    "contract_payment",
)
FIRST = {"contract_notice": "state = 'prepared'", "contract_change": "state = 'proposed'"}
FIRST["contract_manager"] = "person_id = (select app.person())"
PART = """
alter table {table} enable row level security;
grant select on {table} to bt_jobs;
create policy {table}_jobs on {table} for select to bt_jobs using (true);
create policy {table}_read on {table} for select to bt_app using (
  contract_id = any ((select app.my_contracts())::uuid[]) or (select app.has_role('sector_lead')));
create policy {table}_add on {table} for insert to bt_app with check (
  contract_id = any ((select app.own_contracts())::uuid[]) and {first});
"""
CALLED = ("my_contracts()", "own_contracts()", "contract_public(uuid)", "contract_limit(uuid)")
OPENED = ("tender_contract", "tender_award", "tender_standstill")


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(FACTS + TABLES + FUNCTIONS)
    for function in (*CALLED, "guard_contract_change()"):
        op.execute(f"revoke execute on function app.{function} from public")
    for function in CALLED:
        op.execute(f"grant execute on function app.{function} to bt_app, bt_jobs")
    _run("".join(PART.format(table=each, first=FIRST.get(each, "true")) for each in PARTS) + RIGHTS)


def downgrade() -> None:
    op.execute("drop policy tender_contract_public on tender_contract")
    op.execute("drop policy stored_file_read_contract on stored_file")
    op.execute("drop policy stored_chunk_read_contract on stored_chunk")
    for table in OPENED:
        op.execute(f"drop policy {table}_jobs on {table}")
        op.execute(f"revoke select on {table} from bt_jobs")
    for table in reversed(PARTS):
        op.execute(f"drop table {table} cascade")
    op.execute("drop function app.guard_contract_change()")
    for function in reversed(CALLED):
        op.execute(f"drop function app.{function}")
    op.execute(
        "alter table tender_contract drop constraint ck_tender_contract_span, drop column id,"
        " drop column value_gross_pence, drop column starts_on, drop column ends_on,"
        " drop column extended_until, drop column options"
    )
