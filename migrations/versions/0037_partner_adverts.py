"""Suppliers look for partners: adverts without a name, answers, contact for both once both agree, reports."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0037"
down_revision = "0036"

TABLES = """
create table partner_advert (
  id uuid constraint pk_partner_advert primary key default gen_random_uuid(),
  subject_id uuid not null constraint fk_partner_advert_subject_id references subject (id),
  brings text not null constraint ck_partner_advert_brings check (length(btrim(brings)) between 1 and 2000),
  seeks text not null constraint ck_partner_advert_seeks check (length(btrim(seeks)) between 1 and 2000),
  open_until timestamptz not null,
  demonstration boolean not null default false,
  withdrawn_on date,
  taken_down_on date,
  taken_down_reason text not null default '',
  constraint ck_partner_advert_taken_down check ((taken_down_on is null) = (btrim(taken_down_reason) = ''))
);
create index ix_partner_advert_subject_id on partner_advert (subject_id);

create table partner_poster (
  advert_id uuid constraint pk_partner_poster primary key
    constraint fk_partner_poster_advert_id references partner_advert (id),
  organisation_id uuid not null constraint fk_partner_poster_organisation_id references organisation (id),
  person_name text not null,
  email text not null,
  posted_at timestamptz not null default statement_timestamp()
);
create index ix_partner_poster_organisation_id on partner_poster (organisation_id);

create table partner_answer (
  id uuid constraint pk_partner_answer primary key default gen_random_uuid(),
  advert_id uuid not null constraint fk_partner_answer_advert_id references partner_advert (id),
  words text not null constraint ck_partner_answer_words check (length(btrim(words)) between 1 and 2000),
  state text not null default 'sent'
    constraint ck_partner_answer_state check (state in ('sent','agreed','declined','withdrawn')),
  answered_on date not null
);
create index ix_partner_answer_advert_id on partner_answer (advert_id);

create table partner_answerer (
  answer_id uuid constraint pk_partner_answerer primary key
    constraint fk_partner_answerer_answer_id references partner_answer (id),
  organisation_id uuid not null constraint fk_partner_answerer_organisation_id references organisation (id),
  person_name text not null,
  email text not null,
  answered_at timestamptz not null default statement_timestamp()
);
create index ix_partner_answerer_organisation_id on partner_answerer (organisation_id);

create table partner_report (
  id uuid constraint pk_partner_report primary key default gen_random_uuid(),
  advert_id uuid not null constraint fk_partner_report_advert_id references partner_advert (id),
  reason text not null constraint ck_partner_report_reason check (length(btrim(reason)) between 1 and 2000),
  reported_on date not null,
  decision text not null default '' constraint ck_partner_report_decision check (decision in ('','left','taken down'))
);
create unique index uq_partner_report_open on partner_report (advert_id) where decision = '';
"""

# Whose advert, whose answer, and which of them both sides agreed to.
WHO = """
create function app.for_supplier() returns boolean language sql stable
  set search_path = pg_catalog, public
  as $$ select app.has_role('supplier') and app.person() is not null and app.organisation() is not null $$;
create function app.my_adverts() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(p.advert_id), '{}') from public.partner_poster p
        where p.organisation_id = app.organisation() and app.for_supplier() $$;
create function app.my_partner_answers() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(a.answer_id), '{}') from public.partner_answerer a
        where a.organisation_id = app.organisation() and app.for_supplier() $$;
create function app.answered_adverts() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(a.advert_id), '{}') from public.partner_answer a
        where a.id = any (app.my_partner_answers()) $$;
create function app.agreed_adverts() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(a.advert_id), '{}') from public.partner_answer a
        where a.id = any (app.my_partner_answers()) and a.state = 'agreed' $$;
create function app.agreed_answers() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(a.id), '{}') from public.partner_answer a
        where a.advert_id = any (app.my_adverts()) and a.state = 'agreed' $$;
create function app.reported_adverts() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(r.advert_id), '{}') from public.partner_report r
        where app.has_role('operator') and app.person() is not null and r.decision = '' $$;
create function app.advert_open(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.partner_advert a where a.id = wanted and a.withdrawn_on is null
        and a.taken_down_on is null and statement_timestamp() < a.open_until) $$;
"""

# Nobody but these functions writes any of it: the words and whose they are come together, contact is that of the
# session's person, and mail goes to an address that the writer does not read. Null or false: not theirs, or too late.
DOING = """
create function app.post_advert(about uuid, offered text, wanted text, until timestamptz) returns uuid
  language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  made uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended(about::text || coalesce(app.organisation()::text, ''), 37));
  if not app.for_supplier() or until <= statement_timestamp()
     or not exists (select from subject s where s.id = about and s.questions_until is not null)
     or exists (select from partner_advert a join partner_poster p on p.advert_id = a.id
       where a.subject_id = about and p.organisation_id = app.organisation() and app.advert_open(a.id)) then
    return null;
  end if;
  insert into partner_advert (subject_id, brings, seeks, open_until, demonstration)
    select about, offered, wanted, until, o.demonstration from organisation o where o.id = app.organisation()
    returning id into made;
  insert into partner_poster (advert_id, organisation_id, person_name, email)
    select made, app.organisation(), p.name, p.email from person p where p.id = app.person();
  return made;
end $$;

create function app.withdraw_advert(wanted uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  update partner_advert a set withdrawn_on = (statement_timestamp() at time zone 'Europe/London')::date
    where a.id = wanted and a.id = any (app.my_adverts()) and a.withdrawn_on is null;
  return found;
end $$;

create function app.answer_advert(wanted uuid, said text, mail_subject text, mail_body text) returns uuid
  language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  made uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended(wanted::text || coalesce(app.organisation()::text, ''), 37));
  if not app.for_supplier() or not app.advert_open(wanted) or wanted = any (app.my_adverts())
     or exists (select from partner_answer a where a.advert_id = wanted and a.state <> 'withdrawn'
       and a.id = any (app.my_partner_answers())) then
    return null;
  end if;
  insert into partner_answer (advert_id, words, answered_on)
    values (wanted, said, (statement_timestamp() at time zone 'Europe/London')::date) returning id into made;
  insert into partner_answerer (answer_id, organisation_id, person_name, email)
    select made, app.organisation(), p.name, p.email from person p where p.id = app.person();
  insert into mail (id, to_address, subject, body)
    select gen_random_uuid(), p.email, mail_subject, mail_body from partner_poster p where p.advert_id = wanted;
  return made;
end $$;

create function app.withdraw_partner_answer(wanted uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  update partner_answer a set state = 'withdrawn'
    where a.id = wanted and a.id = any (app.my_partner_answers()) and a.state = 'sent';
  return found;
end $$;

create function app.decide_partner_answer(wanted uuid, agrees boolean, mail_subject text, mail_body text)
  returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  update partner_answer a set state = case when agrees then 'agreed' else 'declined' end
    where a.id = wanted and a.advert_id = any (app.my_adverts()) and a.state = 'sent';
  if not found then
    return false;
  end if;
  insert into mail (id, to_address, subject, body)
    select gen_random_uuid(), p.email, mail_subject, mail_body from partner_answerer p where p.answer_id = wanted;
  return true;
end $$;

create function app.report_advert(wanted uuid, why text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  if not app.for_supplier() or not app.advert_open(wanted) or wanted = any (app.my_adverts()) then
    return false;
  end if;
  insert into partner_report (advert_id, reason, reported_on)
    values (wanted, why, (statement_timestamp() at time zone 'Europe/London')::date)
    on conflict (advert_id) where decision = '' do nothing;
  return found;
end $$;

create function app.decide_report(wanted uuid, takes_down boolean, why text, mail_subject text, mail_body text)
  returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  if not wanted = any (app.reported_adverts()) then
    return false;
  end if;
  update partner_report r set decision = case when takes_down then 'taken down' else 'left' end
    where r.advert_id = wanted and r.decision = '';
  if takes_down then
    update partner_advert a set taken_down_on = (statement_timestamp() at time zone 'Europe/London')::date,
      taken_down_reason = why where a.id = wanted and a.taken_down_on is null;
    insert into mail (id, to_address, subject, body)
      select gen_random_uuid(), p.email, mail_subject, mail_body from partner_poster p where p.advert_id = wanted;
  end if;
  return true;
end $$;
"""

RIGHTS = """
grant select on partner_advert, partner_poster, partner_answer, partner_answerer, partner_report to bt_app;
-- Suppliers alone: who looks for partners may bid. An operator reads what was reported, and not whose it is.
create policy partner_advert_read on partner_advert for select to bt_app using (
  id = any ((select app.my_adverts())::uuid[]) or id = any ((select app.answered_adverts())::uuid[])
  or id = any ((select app.reported_adverts())::uuid[])
  or ((select app.for_supplier()) and withdrawn_on is null and taken_down_on is null
    and statement_timestamp() < open_until and exists (select from subject s where s.id = subject_id)));
create policy partner_poster_read on partner_poster for select to bt_app using (
  advert_id = any ((select app.my_adverts())::uuid[]) or advert_id = any ((select app.agreed_adverts())::uuid[]));
create policy partner_answer_read on partner_answer for select to bt_app using (
  id = any ((select app.my_partner_answers())::uuid[])
  or (advert_id = any ((select app.my_adverts())::uuid[]) and state <> 'withdrawn'));
create policy partner_answerer_read on partner_answerer for select to bt_app using (
  answer_id = any ((select app.my_partner_answers())::uuid[])
  or answer_id = any ((select app.agreed_answers())::uuid[]));
create policy partner_report_read on partner_report for select to bt_app using (
  (select app.has_role('operator')) and (select app.person()) is not null);
"""

GUARDED = ("partner_advert", "partner_poster", "partner_answer", "partner_answerer", "partner_report")
CALLED = (
    "for_supplier()",
    "my_adverts()",
    "my_partner_answers()",
    "answered_adverts()",
    "agreed_adverts()",
    "agreed_answers()",
    "reported_adverts()",
    "advert_open(uuid)",
    "post_advert(uuid, text, text, timestamptz)",
    "withdraw_advert(uuid)",
    "answer_advert(uuid, text, text, text)",
    "withdraw_partner_answer(uuid)",
    "decide_partner_answer(uuid, boolean, text, text)",
    "report_advert(uuid, text)",
    "decide_report(uuid, boolean, text, text, text)",
)


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    functions = ", ".join(f"app.{function}" for function in CALLED)
    _run(TABLES + WHO + DOING)
    _run("".join(f"alter table {table} enable row level security;" for table in GUARDED))
    _run(
        f"revoke execute on function {functions} from public;"
        f" grant execute on function {functions} to bt_app"
    )
    _run(RIGHTS)


def downgrade() -> None:
    for table in reversed(GUARDED):
        op.execute(f"drop table {table} cascade")
    for function in reversed(CALLED):
        op.execute(f"drop function app.{function}")
