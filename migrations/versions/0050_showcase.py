"""Times at a showcase, notes of judges that are theirs alone, and notices to firms of what came of their response."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0050"
down_revision = "0049"

UP = """
create table challenge_slot (
  phase_id uuid not null,
  response_id uuid not null,
  challenge_id uuid not null constraint fk_challenge_slot_challenge_id references challenge (id),
  starts_at timestamptz not null,
  minutes bigint not null constraint ck_challenge_slot_minutes check (minutes between 5 and 240),
  place text not null,
  drawn_at timestamptz not null default statement_timestamp(),
  constraint pk_challenge_slot primary key (phase_id, response_id),
  constraint fk_challenge_slot_challenge_entrant foreign key (phase_id, response_id)
    references challenge_entrant (phase_id, response_id)
);
create index ix_challenge_slot_challenge_id on challenge_slot (challenge_id);
alter table challenge_slot enable row level security;
grant select, insert (phase_id, response_id, challenge_id, starts_at, minutes, place), delete
  on challenge_slot to bt_app;
create policy challenge_slot_read on challenge_slot for select to bt_app using (
  challenge_id = any ((select app.my_closed_challenges())::uuid[])
  or response_id = any ((select app.my_responses())::uuid[]));
create policy challenge_slot_add on challenge_slot for insert to bt_app with check (
  challenge_id = any ((select app.my_judged_challenges())::uuid[])
  and challenge_id = app.challenge_of_phase(phase_id));
create policy challenge_slot_end on challenge_slot for delete to bt_app using (
  challenge_id = any ((select app.my_judged_challenges())::uuid[]));

-- What a judge writes down for themselves, on the day: nobody else reads it, not even after the lock.
create table challenge_note (
  phase_id uuid not null,
  response_id uuid not null,
  person_id uuid not null,
  words text not null constraint ck_challenge_note_words check (length(words) <= 4000),
  saved_at timestamptz not null default statement_timestamp(),
  constraint pk_challenge_note primary key (phase_id, response_id, person_id),
  constraint fk_challenge_note_challenge_entrant foreign key (phase_id, response_id)
    references challenge_entrant (phase_id, response_id)
);
alter table challenge_note enable row level security;
grant select, insert (phase_id, response_id, person_id, words), update (words, saved_at) on challenge_note to bt_app;
create policy challenge_note_own on challenge_note to bt_app
  using (person_id = (select app.person()) and phase_id = any ((select app.my_panels())::uuid[]))
  with check (person_id = (select app.person()) and phase_id = any ((select app.my_panels())::uuid[]));

-- Whom the worker tells that something was decided about their response: ids of people, and nothing of what it is.
create function app.people_of_entrants(wanted uuid) returns table (person_id uuid)
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select distinct m.person_id from challenge_entrant e join challenge_response r on r.id = e.response_id
          join membership m on m.organisation_id = r.organisation_id and m.role = 'supplier'
          join person p on p.id = m.person_id and p.disabled_at is null
        where e.phase_id = wanted $$;
revoke execute on function app.people_of_entrants(uuid) from public;
grant execute on function app.people_of_entrants(uuid) to bt_jobs;

alter table notice drop constraint ck_notice_reason,
  add constraint ck_notice_reason check (reason in ('mentioned','to_sign','to_approve','matched','suggested',
    'searched','buys','sponsors','follows','follows_tender','follows_challenge','bids','responds'));
"""

DOWN = """
delete from notice where reason = 'responds';
alter table notice drop constraint ck_notice_reason,
  add constraint ck_notice_reason check (reason in ('mentioned','to_sign','to_approve','matched','suggested',
    'searched','buys','sponsors','follows','follows_tender','follows_challenge','bids'));
drop function app.people_of_entrants(uuid);
drop table challenge_note, challenge_slot;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
