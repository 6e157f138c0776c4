"""Which needs go together; and what an open need requires is read by other councils.

Requirements, standards, interfaces and the kind of data are what a joint specification is made of, so people of
councils read them once a need is open. Budget, contract and owner stay in need_detail, which is the council's own.
"""

from alembic import op
from sqlalchemy.util import await_only

revision = "0016"
down_revision = "0015"

REQUIREMENTS = """
alter table need
  add column standards text not null default '',
  add column interfaces text not null default '',
  add column data_held text not null default 'none';
update need n set standards = d.standards, interfaces = d.interfaces, data_held = d.data_held
  from need_detail d where d.need_id = n.id;
alter table need alter column standards drop default, alter column interfaces drop default,
  alter column data_held drop default,
  add constraint ck_need_data_held check (data_held in ('none','personal','special category'));
alter table need_detail drop column standards, drop column interfaces, drop column data_held;
grant update (standards, interfaces, data_held) on need to bt_app;

-- Whoever may read the need may read what it requires: the need's own policy decides.
drop policy need_line_read on need_line;
create policy need_line_read on need_line for select to bt_app using (
  exists (select from need n where n.id = need_id));
"""

MATCHES = """
create table match_model (
  id uuid constraint pk_match_model primary key,
  sha256 bytea not null,
  dimensions bigint not null,
  facts jsonb not null,
  fitted_at timestamptz not null default statement_timestamp()
);

create table need_vector (
  need_id uuid constraint pk_need_vector primary key constraint fk_need_vector_need_id references need (id),
  model_id uuid not null constraint fk_need_vector_model_id references match_model (id),
  version bigint not null,
  vector bytea not null,
  wants bytea not null,
  refuses bytea not null,
  least_log_odds real,
  was_open boolean not null,
  matched_at timestamptz
);

-- No foreign keys: millions of rows are written at once from ids that were just read, and needs are never removed.
create table need_match (
  need_id uuid not null,
  other_id uuid not null,
  cosine real not null,
  constraint pk_need_match primary key (need_id, other_id)
);
create index ix_need_match_other_id on need_match (other_id);

create table match_label (
  first_id uuid not null constraint fk_match_label_first_id references need (id),
  second_id uuid not null constraint fk_match_label_second_id references need (id),
  body_code text not null,
  features real[] not null,
  person_name text not null,
  said_at timestamptz not null default statement_timestamp(),
  constraint pk_match_label primary key (first_id, second_id, body_code),
  constraint ck_match_label_order check (first_id < second_id)
);
create index ix_match_label_second_id on match_label (second_id);

create table match_weights (
  id uuid constraint pk_match_weights primary key,
  weights double precision[] not null,
  label_count bigint not null,
  learnt_at timestamptz not null default statement_timestamp()
);
"""

RIGHTS = """
alter table match_model enable row level security;
alter table need_vector enable row level security;
alter table need_match enable row level security;
alter table match_label enable row level security;
alter table match_weights enable row level security;
grant select, insert, delete on match_model to bt_jobs;
grant select, insert, update, delete on need_vector, need_match to bt_jobs;
grant select on match_label to bt_jobs;
grant select, insert on match_weights to bt_jobs;
grant select (need_id, version, was_open, matched_at) on need_vector to bt_app;
grant select on need_match, match_weights to bt_app;
grant select, insert, delete on match_label to bt_app;
create policy match_model_jobs on match_model to bt_jobs using (true) with check (true);
create policy need_vector_jobs on need_vector to bt_jobs using (true) with check (true);
create policy need_match_jobs on need_match to bt_jobs using (true) with check (true);
create policy match_label_jobs on match_label to bt_jobs using (true) with check (true);
create policy match_weights_jobs on match_weights to bt_jobs using (true) with check (true);

-- A match shows to whoever may read both needs; the needs' own policy decides about each.
create policy need_match_read on need_match for select to bt_app using (
  exists (select from need n where n.id = need_id) and exists (select from need n where n.id = other_id));
create policy need_vector_read on need_vector for select to bt_app using (
  exists (select from need n where n.id = need_id));
create policy match_weights_read on match_weights for select to bt_app using (
  (select app.has_role('officer')) or (select app.has_role('approver')) or (select app.has_role('sector_lead')));

-- What a council said of a pair is its own; one of the two needs must be its own too.
create policy match_label_read on match_label for select to bt_app using (
  body_code = (select app.body_code()) and ((select app.has_role('officer')) or (select app.has_role('approver'))));
create policy match_label_add on match_label for insert to bt_app with check (
  body_code = (select app.body_code()) and ((select app.has_role('officer')) or (select app.has_role('approver')))
  and exists (select from need n where n.id in (first_id, second_id) and n.body_code = (select app.body_code()))
  and exists (select from need n where n.id = first_id) and exists (select from need n where n.id = second_id));
create policy match_label_remove on match_label for delete to bt_app using (
  body_code = (select app.body_code()) and ((select app.has_role('officer')) or (select app.has_role('approver'))));
"""

# Needs that are there already get their matches from the first worker that runs.
FIRST = """
insert into job (id, kind, args, actor_name)
  select gen_random_uuid(), 'procurement.refit_matches', '{}', 'migration' from need limit 1;
"""

BACK = """
drop table match_weights, match_label, need_match, need_vector, match_model;
drop policy need_line_read on need_line;
create policy need_line_read on need_line for select to bt_app using (
  ((select app.has_role('officer')) or (select app.has_role('approver')))
  and exists (select from need n where n.id = need_id and n.body_code = (select app.body_code())));
alter table need_detail
  add column data_held text not null default 'none',
  add column standards text not null default '',
  add column interfaces text not null default '';
update need_detail d set standards = n.standards, interfaces = n.interfaces, data_held = n.data_held
  from need n where n.id = d.need_id;
alter table need_detail alter column standards drop default, alter column interfaces drop default,
  alter column data_held drop default,
  add constraint ck_need_detail_data_held check (data_held in ('none','personal','special category'));
grant update (standards, interfaces, data_held) on need_detail to bt_app;
alter table need drop column standards, drop column interfaces, drop column data_held;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(REQUIREMENTS + MATCHES + RIGHTS + FIRST))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(BACK))
