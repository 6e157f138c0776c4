"""Scores that each assessor gives alone, the consensus of a panel, and what a panel may become."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0027"
down_revision = "0026"

TABLES = """
create table score (
  candidate_id uuid not null constraint fk_score_candidate_id references candidate (id),
  question_id uuid not null constraint fk_score_question_id references scored_question (id),
  person_id uuid not null,
  subject_id uuid not null,
  points bigint not null constraint ck_score_points check (points >= 0),
  reason text not null constraint ck_score_reason check (btrim(reason) <> ''),
  written_at timestamptz not null default statement_timestamp(),
  locked_at timestamptz,
  constraint pk_score primary key (candidate_id, question_id, person_id),
  constraint fk_score_panel_member foreign key (subject_id, person_id)
    references panel_member (subject_id, person_id)
);
create index ix_score_subject_id on score (subject_id);

create table consensus (
  candidate_id uuid not null constraint fk_consensus_candidate_id references candidate (id),
  question_id uuid not null constraint fk_consensus_question_id references scored_question (id),
  version bigint not null,
  subject_id uuid not null constraint fk_consensus_subject_id references panel (subject_id),
  points bigint not null constraint ck_consensus_points check (points >= 0),
  reason text not null constraint ck_consensus_reason check (btrim(reason) <> ''),
  chair_id uuid not null,
  chair_name text not null,
  agreed_at timestamptz not null default statement_timestamp(),
  constraint pk_consensus primary key (candidate_id, question_id, version)
);
create index ix_consensus_subject_id on consensus (subject_id);
"""

FUNCTIONS = """
-- Everybody on a panel with every candidate that is in, and whether they may deal with it. No score is in it.
create function app.panel_standings(wanted uuid)
  returns table (person_id uuid, assesses boolean, candidate_id uuid, standing text)
  language sql stable security definer set search_path = pg_catalog, public rows 20
  as $$ select m.person_id, m.assesses, c.id, app.standing(c.id, m.person_id)
        from panel_member m join candidate c on c.subject_id = m.subject_id and c.out_at is null
        where m.subject_id = wanted and m.released_at is null $$;
create function app.undeclared(wanted uuid) returns bigint
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select count(*) from app.panel_standings(wanted) s where s.standing in ('undeclared', 'waiting') $$;
create function app.all_declared(wanted uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select not exists (select from candidate c, app.panel_standings(c.subject_id) s
        where c.id = wanted and s.candidate_id = wanted and s.standing in ('undeclared', 'waiting')) $$;
-- How many scores are still to be locked; and how many answers nobody scored who may.
create function app.scores_due(wanted uuid) returns bigint
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select count(*) from app.panel_standings(wanted) s
          join scored_question q on q.subject_id = wanted
          left join score x on x.candidate_id = s.candidate_id and x.question_id = q.id
            and x.person_id = s.person_id
        where s.assesses and s.standing <> 'barred' and x.locked_at is null $$;
create function app.unscored(wanted uuid) returns bigint
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select count(*) from candidate c join scored_question q on q.subject_id = c.subject_id
        where c.subject_id = wanted and c.out_at is null and not exists (
          select from score x join panel_member m on m.subject_id = wanted and m.person_id = x.person_id
            and m.assesses and m.released_at is null
          where x.candidate_id = c.id and x.question_id = q.id and x.locked_at is not null
            and app.standing(c.id, x.person_id) <> 'barred') $$;
create function app.unsettled(wanted uuid) returns bigint
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select count(*) from candidate c join scored_question q on q.subject_id = c.subject_id
        where c.subject_id = wanted and c.out_at is null and not exists (
          select from consensus x where x.candidate_id = c.id and x.question_id = q.id) $$;
-- What is lacking, for the buyers: the counts themselves would tell others how many are assessed.
create function app.panel_lacks(wanted uuid)
  returns table (undeclared bigint, due bigint, unscored bigint, unsettled bigint)
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select app.undeclared(wanted), app.scores_due(wanted), app.unscored(wanted), app.unsettled(wanted)
        where wanted = any (app.my_subjects()) $$;
-- Who is behind, by numbers alone: for the buyers, who may not read the scores yet.
create function app.panel_progress(wanted uuid)
  returns table (person_id uuid, due bigint, written bigint, locked bigint, undeclared bigint, waiting bigint)
  language sql stable security definer set search_path = pg_catalog, public
  as $$ with standings as materialized (select * from app.panel_standings(wanted)),
        scored as (select s.person_id, count(*) as due, count(x.written_at) as written, count(x.locked_at) as locked
          from standings s join scored_question q on q.subject_id = wanted
            left join score x on x.candidate_id = s.candidate_id and x.question_id = q.id
              and x.person_id = s.person_id
          where s.assesses and s.standing <> 'barred' group by s.person_id)
        select s.person_id, coalesce(max(d.due), 0), coalesce(max(d.written), 0), coalesce(max(d.locked), 0),
          count(*) filter (where s.standing = 'undeclared'), count(*) filter (where s.standing = 'waiting')
        from standings s left join scored d on d.person_id = s.person_id
        where wanted = any (app.my_subjects()) group by s.person_id $$;

-- What may follow what; sourcing.rules.panels says the same, and a test compares them.
create function app.panel_moves() returns text[] language sql immutable as $$ select array[
  'forming scoring', 'scoring moderating', 'moderating settled', 'settled moderating'] $$;
"""

MOVES = """
-- Without a person it is the worker: row-level security lets nobody else get here.
create function app.check_panel() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
declare
  chairs constant boolean := app.person() is null or new.subject_id = any (app.my_chaired());
  leads constant boolean := app.person() is null
    or (new.subject_id = any (app.my_led_subjects()) and app.has_role('officer'));
begin
  if new.chair_id <> old.chair_id then
    if not leads or old.state = 'settled' then
      raise exception 'only the lead hands over the chair, and not at the end' using errcode = '42501';
    end if;
    if not exists (select from panel_member m where m.subject_id = new.subject_id and m.person_id = new.chair_id
        and m.released_at is null) then
      raise exception 'the chair is one of the panel' using errcode = '23514', constraint = 'panel_chair';
    end if;
  end if;
  if new.names_lifted_at is distinct from old.names_lifted_at
      or new.names_lifted_reason <> old.names_lifted_reason
      or new.names_lifted_by_name <> old.names_lifted_by_name then
    if not chairs or old.names_lifted_at is not null then
      raise exception 'only the chair lifts names, once' using errcode = '42501';
    end if;
    if old.state = 'forming' or app.undeclared(new.subject_id) > 0 then
      raise exception 'not all declared' using errcode = '23514', constraint = 'panel_declared';
    end if;
    new.names_lifted_at := statement_timestamp();
  end if;
  if new.state = old.state then
    new.state_reason := old.state_reason;
    new.state_changed_at := old.state_changed_at;
    return new;
  end if;
  if not (old.state || ' ' || new.state) = any (app.panel_moves()) then
    raise exception 'a panel cannot go from % to %', old.state, new.state
      using errcode = '23514', constraint = 'panel_move';
  end if;
  if not chairs then
    raise exception 'only the chair moves a panel' using errcode = '42501';
  end if;
  if (new.state = 'scoring' and (
        not exists (select from scored_question q where q.subject_id = new.subject_id)
        or not exists (select from candidate c where c.subject_id = new.subject_id and c.out_at is null)
        or (select count(*) from panel_member m where m.subject_id = new.subject_id and m.assesses
          and m.released_at is null) < 2))
      or (old.state = 'scoring' and app.scores_due(new.subject_id) + app.unscored(new.subject_id) > 0)
      or (new.state = 'settled' and app.unsettled(new.subject_id) + app.undeclared(new.subject_id) > 0)
      or (old.state = 'settled' and btrim(new.state_reason) = '') then
    raise exception 'a panel is not ready to go from % to %', old.state, new.state
      using errcode = '23514', constraint = 'panel_ready';
  end if;
  new.state_changed_at := statement_timestamp();
  return new;
end $$;
create trigger tg_panel before update on panel for each row execute function app.check_panel();
"""

RIGHTS = """
alter table score enable row level security;
alter table consensus enable row level security;
create policy score_jobs on score to bt_jobs using (true) with check (true);
create policy consensus_jobs on consensus to bt_jobs using (true) with check (true);
grant select, insert, update on score to bt_jobs;
grant select, insert on consensus to bt_jobs;

grant select, insert (candidate_id, question_id, person_id, subject_id, points, reason),
  update (points, reason, written_at, locked_at) on score to bt_app;
-- Alone: others read a score once all that are due are locked, and people beside the panel once it has settled.
create policy score_read on score for select to bt_app using (
  (person_id = (select app.person()) and subject_id = any ((select app.my_subjects())::uuid[]))
  or (subject_id = any ((select app.my_panels())::uuid[])
    and app.panel_state(subject_id) in ('moderating', 'settled'))
  or (subject_id = any ((select app.my_subjects())::uuid[]) and app.panel_state(subject_id) = 'settled'));
create policy score_add on score for insert to bt_app with check (
  person_id = (select app.person()) and subject_id = any ((select app.my_panels())::uuid[])
  and app.panel_state(subject_id) = 'scoring'
  and app.standing(candidate_id, person_id) in ('clear', 'may', 'mitigated')
  and exists (select from panel_member m where m.subject_id = score.subject_id and m.person_id = score.person_id
    and m.assesses)
  and exists (select from candidate c where c.id = candidate_id and c.subject_id = score.subject_id
    and c.out_at is null)
  and exists (select from scored_question q where q.id = question_id and q.subject_id = score.subject_id
    and score.points <= q.highest));
create policy score_change on score for update to bt_app
  using (person_id = (select app.person()) and locked_at is null
    and subject_id = any ((select app.my_panels())::uuid[]) and app.panel_state(subject_id) = 'scoring'
    and app.standing(candidate_id, person_id) in ('clear', 'may', 'mitigated'))
  with check ((locked_at is null or locked_at = statement_timestamp())
    and exists (select from scored_question q where q.id = question_id and score.points <= q.highest));

grant select, insert (candidate_id, question_id, version, subject_id, points, reason, chair_id, chair_name)
  on consensus to bt_app;
create policy consensus_read on consensus for select to bt_app using (
  subject_id = any ((select app.my_panels())::uuid[])
  or (subject_id = any ((select app.my_subjects())::uuid[]) and app.panel_state(subject_id) = 'settled'));
create policy consensus_add on consensus for insert to bt_app with check (
  chair_id = (select app.person()) and subject_id = any ((select app.my_chaired())::uuid[])
  and app.panel_state(subject_id) = 'moderating'
  and app.all_declared(candidate_id)
  and app.standing(candidate_id, chair_id) in ('clear', 'may', 'mitigated')
  and exists (select from candidate c where c.id = candidate_id and c.subject_id = consensus.subject_id
    and c.out_at is null)
  and exists (select from scored_question q where q.id = question_id and q.subject_id = consensus.subject_id
    and consensus.points <= q.highest));
"""

# What only other functions call, and what the application and the worker do.
INNER = (
    "panel_standings(uuid)",
    "undeclared(uuid)",
    "scores_due(uuid)",
    "unscored(uuid)",
    "unsettled(uuid)",
)
CALLED = ("all_declared(uuid)", "panel_lacks(uuid)", "panel_progress(uuid)", "panel_moves()")


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(TABLES + FUNCTIONS + MOVES)
    for function in (*INNER, *CALLED, "check_panel()"):
        op.execute(f"revoke execute on function app.{function} from public")
    for function in CALLED:
        op.execute(f"grant execute on function app.{function} to bt_app, bt_jobs")
    _run(RIGHTS)


def downgrade() -> None:
    _run("drop trigger tg_panel on panel; drop function app.check_panel(); drop table consensus, score cascade;")
    for function in reversed((*INNER, *CALLED)):
        op.execute(f"drop function app.{function}")
