"""Panels that assess: their people, questions and candidates under numbers, and declared conflicts."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0026"
down_revision = "0025"

TABLES = """
create table panel (
  subject_id uuid constraint pk_panel primary key constraint fk_panel_subject_id references subject (id),
  chair_id uuid not null,
  state text not null default 'forming'
    constraint ck_panel_state check (state in ('forming','scoring','moderating','settled')),
  state_reason text not null default '',
  state_changed_at timestamptz not null default statement_timestamp(),
  names_lifted_at timestamptz,
  names_lifted_by_name text not null default '',
  names_lifted_reason text not null default '',
  constraint ck_panel_names_lifted check (
    (names_lifted_at is null) = (btrim(names_lifted_reason) = '')
    and (names_lifted_at is null) = (names_lifted_by_name = ''))
);

create table panel_member (
  subject_id uuid not null constraint fk_panel_member_subject_id references panel (subject_id),
  person_id uuid not null,
  person_name text not null,
  organisation_id uuid not null,
  assesses boolean not null default true,
  named_at timestamptz not null default statement_timestamp(),
  released_at timestamptz,
  released_reason text not null default '',
  constraint pk_panel_member primary key (subject_id, person_id),
  constraint ck_panel_member_released check ((released_at is null) = (btrim(released_reason) = ''))
);
create index ix_panel_member_person_id on panel_member (person_id);

create table scored_question (
  id uuid constraint pk_scored_question primary key,
  subject_id uuid not null constraint fk_scored_question_subject_id references panel (subject_id),
  position bigint not null,
  code text not null,
  title text not null,
  highest bigint not null constraint ck_scored_question_highest check (highest >= 1),
  least bigint constraint ck_scored_question_least check (least between 0 and highest)
);
create unique index uq_scored_question_code on scored_question (subject_id, code);

create table candidate (
  id uuid constraint pk_candidate primary key,
  subject_id uuid not null constraint fk_candidate_subject_id references panel (subject_id),
  number bigint not null constraint ck_candidate_number check (number >= 1),
  out_at timestamptz,
  out_reason text not null default '',
  constraint ck_candidate_out check ((out_at is null) = (btrim(out_reason) = ''))
);
create unique index uq_candidate_number on candidate (subject_id, number);

create table candidate_name (
  candidate_id uuid constraint pk_candidate_name primary key
    constraint fk_candidate_name_candidate_id references candidate (id),
  subject_id uuid not null constraint fk_candidate_name_subject_id references panel (subject_id),
  name text not null,
  organisation_id uuid,
  reference uuid
);

create table declaration (
  id uuid constraint pk_declaration primary key,
  subject_id uuid not null,
  candidate_id uuid not null constraint fk_declaration_candidate_id references candidate (id),
  person_id uuid not null,
  organisation_id uuid not null,
  named boolean not null,
  conflict boolean not null,
  nature text not null default '',
  declared_at timestamptz not null default statement_timestamp(),
  constraint fk_declaration_panel_member foreign key (subject_id, person_id)
    references panel_member (subject_id, person_id),
  constraint ck_declaration_nature check (conflict = (btrim(nature) <> ''))
);
create index ix_declaration_candidate_id on declaration (candidate_id, person_id, declared_at);

create table declaration_decision (
  declaration_id uuid constraint pk_declaration_decision primary key
    constraint fk_declaration_decision_declaration_id references declaration (id),
  decision text not null
    constraint ck_declaration_decision_decision check (decision in ('may','may-not','mitigated')),
  reason text not null constraint ck_declaration_decision_reason check (btrim(reason) <> ''),
  decided_by_id uuid not null,
  decided_by_name text not null,
  decided_at timestamptz not null default statement_timestamp()
);
"""

FUNCTIONS = """
-- The panels that the session's person is on, for a body that still buys; and those that they chair.
create function app.my_panels() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(m.subject_id), '{}') from public.panel_member m
        join public.subject_buyer b on b.subject_id = m.subject_id and b.organisation_id = m.organisation_id
        where m.person_id = app.person() and m.organisation_id = app.organisation()
          and m.released_at is null and app.of_council() $$;
create function app.my_chaired() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(p.subject_id), '{}') from public.panel p
        where p.chair_id = app.person() and p.subject_id = any (app.my_panels()) $$;
create function app.panel_state(wanted uuid) returns text language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select p.state from public.panel p where p.subject_id = wanted $$;
create function app.panel_chair(wanted uuid) returns uuid language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select p.chair_id from public.panel p where p.subject_id = wanted $$;
create function app.names_lifted(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.panel p
        where p.subject_id = wanted and p.names_lifted_at is not null) $$;

-- Whether somebody may deal with a candidate: 'undeclared', 'waiting' for a decision, 'clear', 'may', 'mitigated',
-- or 'barred', which stays. Once names are lifted, only what was declared since then counts.
create function app.standing(wanted uuid, who uuid) returns text language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select case
      when exists (select from public.declaration d join public.declaration_decision x on x.declaration_id = d.id
        where d.candidate_id = wanted and d.person_id = who and x.decision = 'may-not') then 'barred'
      else coalesce((select case when d.conflict then coalesce(x.decision, 'waiting') else 'clear' end
        from public.declaration d left join public.declaration_decision x on x.declaration_id = d.id
        where d.candidate_id = wanted and d.person_id = who and d.named = app.names_lifted(d.subject_id)
        order by d.declared_at desc, d.id desc limit 1), 'undeclared') end $$;
-- For slices above: whether the session's person may read what a candidate answered.
create function app.cleared_for(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.candidate c where c.id = wanted and c.subject_id = any (app.my_panels()))
        and app.standing(wanted, app.person()) in ('clear', 'may', 'mitigated') $$;
"""

RIGHTS = """
grant select on panel, panel_member, scored_question, candidate, candidate_name to bt_app;

grant insert (subject_id, chair_id), update (chair_id, state, state_reason, state_changed_at, names_lifted_at,
  names_lifted_by_name, names_lifted_reason) on panel to bt_app;
create policy panel_read on panel for select to bt_app using (subject_id = any ((select app.my_subjects())::uuid[]));
create policy panel_add on panel for insert to bt_app with check (
  subject_id = any ((select app.my_led_subjects())::uuid[]) and (select app.has_role('officer'))
  and chair_id = any ((select app.colleagues())::uuid[]));
-- What of it each may change, a trigger says: policies know rows, and not what becomes of them.
create policy panel_change on panel for update to bt_app using (
  subject_id = any ((select app.my_chaired())::uuid[])
  or (subject_id = any ((select app.my_led_subjects())::uuid[]) and (select app.has_role('officer'))));

-- Each body names its own people, and nobody comes once scores may be seen.
grant insert (subject_id, person_id, person_name, organisation_id, assesses),
  update (released_at, released_reason) on panel_member to bt_app;
create policy panel_member_read on panel_member for select to bt_app using (
  subject_id = any ((select app.my_subjects())::uuid[]));
create policy panel_member_add on panel_member for insert to bt_app with check (
  subject_id = any ((select app.my_subjects())::uuid[]) and (select app.has_role('officer'))
  and organisation_id = (select app.organisation()) and person_id = any ((select app.colleagues())::uuid[])
  and app.panel_state(subject_id) in ('forming', 'scoring') and not app.names_lifted(subject_id));
create policy panel_member_release on panel_member for update to bt_app
  using (released_at is null and person_id <> app.panel_chair(subject_id)
    and (subject_id = any ((select app.my_chaired())::uuid[])
      or (subject_id = any ((select app.my_subjects())::uuid[]) and (select app.has_role('officer'))
        and organisation_id = (select app.organisation()))))
  with check (released_at = statement_timestamp());

grant insert, delete on scored_question to bt_app;
create policy scored_question_read on scored_question for select to bt_app using (
  subject_id = any ((select app.my_subjects())::uuid[]));
create policy scored_question_add on scored_question for insert to bt_app with check (
  subject_id = any ((select app.my_led_subjects())::uuid[]) and (select app.has_role('officer'))
  and app.panel_state(subject_id) = 'forming');
create policy scored_question_end on scored_question for delete to bt_app using (
  subject_id = any ((select app.my_led_subjects())::uuid[]) and (select app.has_role('officer'))
  and app.panel_state(subject_id) = 'forming');

grant insert (id, subject_id, number), update (out_at, out_reason) on candidate to bt_app;
create policy candidate_read on candidate for select to bt_app using (
  subject_id = any ((select app.my_subjects())::uuid[]));
create policy candidate_add on candidate for insert to bt_app with check (
  subject_id = any ((select app.my_led_subjects())::uuid[]) and (select app.has_role('officer'))
  and app.panel_state(subject_id) = 'forming');
create policy candidate_out on candidate for update to bt_app
  using (out_at is null and app.panel_state(subject_id) <> 'settled'
    and (subject_id = any ((select app.my_chaired())::uuid[])
      or (subject_id = any ((select app.my_led_subjects())::uuid[]) and (select app.has_role('officer')))))
  with check (out_at = statement_timestamp());

grant insert on candidate_name to bt_app;
create policy candidate_name_read on candidate_name for select to bt_app using (
  subject_id = any ((select app.my_subjects())::uuid[]) and app.names_lifted(subject_id));
create policy candidate_name_add on candidate_name for insert to bt_app with check (
  subject_id = any ((select app.my_led_subjects())::uuid[]) and (select app.has_role('officer'))
  and app.panel_state(subject_id) = 'forming'
  and exists (select from candidate c where c.id = candidate_id and c.subject_id = candidate_name.subject_id));

-- One's own, the chair's to decide, and one's own body's to keep; the chair's own are decided by the lead's approvers.
grant select, insert (id, subject_id, candidate_id, person_id, organisation_id, named, conflict, nature)
  on declaration to bt_app;
create policy declaration_read on declaration for select to bt_app using (
  person_id = (select app.person()) or subject_id = any ((select app.my_chaired())::uuid[])
  or (organisation_id = (select app.organisation()) and subject_id = any ((select app.my_subjects())::uuid[]))
  or (person_id = app.panel_chair(subject_id) and subject_id = any ((select app.my_led_subjects())::uuid[])));
create policy declaration_add on declaration for insert to bt_app with check (
  person_id = (select app.person()) and organisation_id = (select app.organisation())
  and subject_id = any ((select app.my_panels())::uuid[])
  and app.panel_state(subject_id) in ('scoring', 'moderating') and named = app.names_lifted(subject_id)
  and exists (select from candidate c where c.id = candidate_id and c.subject_id = declaration.subject_id)
  and app.standing(candidate_id, person_id) not in ('waiting', 'barred'));

grant select, insert (declaration_id, decision, reason, decided_by_id, decided_by_name)
  on declaration_decision to bt_app;
create policy declaration_decision_read on declaration_decision for select to bt_app using (
  exists (select from declaration d where d.id = declaration_id));
create policy declaration_decision_add on declaration_decision for insert to bt_app with check (
  decided_by_id = (select app.person()) and exists (select from declaration d
    where d.id = declaration_id and d.conflict and d.person_id <> (select app.person())
      and (d.subject_id = any ((select app.my_chaired())::uuid[])
        or (d.person_id = app.panel_chair(d.subject_id) and (select app.has_role('approver'))
          and d.subject_id = any ((select app.my_led_subjects())::uuid[])))));
"""

GUARDED = """
alter table {table} enable row level security;
create policy {table}_jobs on {table} to bt_jobs using (true) with check (true);
grant select, insert, update on {table} to bt_jobs;
"""
GUARDED_TABLES = (
    "panel",
    "panel_member",
    "scored_question",
    "candidate",
    "candidate_name",
    "declaration",
    "declaration_decision",
)
# The worker may bring names in, and reads none.
WORKER = "revoke select, update on candidate_name from bt_jobs;"
CALLED = (
    "my_panels()",
    "my_chaired()",
    "panel_state(uuid)",
    "panel_chair(uuid)",
    "names_lifted(uuid)",
    "standing(uuid, uuid)",
    "cleared_for(uuid)",
)


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    functions = ", ".join(f"app.{function}" for function in CALLED)
    _run(TABLES + FUNCTIONS + "".join(GUARDED.format(table=table) for table in GUARDED_TABLES))
    _run(f"revoke execute on function {functions} from public")
    _run(f"grant execute on function {functions} to bt_app, bt_jobs")
    _run(RIGHTS + WORKER)


def downgrade() -> None:
    for table in reversed(GUARDED_TABLES):
        op.execute(f"drop table {table} cascade")
    for function in reversed(CALLED):
        op.execute(f"drop function app.{function}")
