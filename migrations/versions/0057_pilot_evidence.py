"""Files that show readings of a pilot: who added them, which readings they show, who may open them."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0057"
down_revision = "0056"

TABLES = """
create table pilot_evidence (
  id uuid constraint pk_pilot_evidence primary key,
  pilot_id uuid not null,
  position bigint not null,
  words text not null constraint ck_pilot_evidence_words check (btrim(words) <> ''),
  sha256 bytea not null constraint fk_pilot_evidence_sha256 references stored_file (sha256),
  name text not null,
  file_kind text not null,
  size bigint not null,
  for_public boolean not null default false,
  checked_by text not null default '',
  added_by text not null,
  added_at timestamptz not null default statement_timestamp(),
  constraint fk_pilot_evidence_measure foreign key (pilot_id, position)
    references pilot_measure (pilot_id, position),
  constraint ck_pilot_evidence_checked check (for_public = (checked_by <> ''))
);
create index ix_pilot_evidence_pilot_id on pilot_evidence (pilot_id, position);
create index ix_pilot_evidence_sha256 on pilot_evidence (sha256);

create table pilot_reading_evidence (
  reading_id uuid not null constraint fk_pilot_reading_evidence_reading_id references pilot_reading (id),
  evidence_id uuid not null constraint fk_pilot_reading_evidence_evidence_id references pilot_evidence (id),
  constraint pk_pilot_reading_evidence primary key (reading_id, evidence_id)
);
create index ix_pilot_reading_evidence_evidence_id on pilot_reading_evidence (evidence_id);
"""

# Who reads all of a pilot also before its result is published, as the policy `pilot_read` has it.
RIGHTS = """
create function app.is_pilot_party(wanted uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from public.pilot p where p.id = wanted
        and (p.challenge_id = any (app.my_challenges()) or app.has_role('sector_lead')
          or (p.organisation_id = app.organisation() and app.has_role('supplier')
            and app.person() is not null and p.state <> 'draft'))) $$;
revoke execute on function app.is_pilot_party(uuid) from public;
grant execute on function app.is_pilot_party(uuid) to bt_app, bt_jobs;

alter table pilot_evidence enable row level security;
alter table pilot_reading_evidence enable row level security;
grant select, insert (id, pilot_id, position, words, sha256, name, file_kind, size, for_public, checked_by, added_by),
  update (for_public, checked_by) on pilot_evidence to bt_app;
grant select, insert (reading_id, evidence_id) on pilot_reading_evidence to bt_app;

-- Everybody opens what was marked fit for that, once the result is published; the parties all of it.
create policy pilot_evidence_read on pilot_evidence for select to bt_app using (
  (for_public and exists (select from pilot p where p.id = pilot_id and p.published_at is not null))
  or app.is_pilot_party(pilot_id));
create policy pilot_evidence_add on pilot_evidence for insert to bt_app with check (
  pilot_id = any ((select app.my_pilots())::uuid[]) and app.pilot_state(pilot_id) in ('agreed','running','ended'));
-- Also after publication: what turns out to hold personal data is closed at once.
create policy pilot_evidence_mark on pilot_evidence for update to bt_app using (
  pilot_id = any ((select app.my_pilots())::uuid[]));
create policy pilot_reading_evidence_read on pilot_reading_evidence for select to bt_app using (
  exists (select from pilot_evidence e where e.id = evidence_id));
create policy pilot_reading_evidence_add on pilot_reading_evidence for insert to bt_app with check (
  exists (select from pilot_evidence e where e.id = evidence_id
    and e.pilot_id = any ((select app.my_pilots())::uuid[])
    and app.pilot_state(e.pilot_id) in ('agreed','running','ended')
    and app.is_reading(reading_id, e.pilot_id, e.position)));

create policy stored_file_read_evidence on stored_file for select to bt_app using (
  exists (select from pilot_evidence e where e.sha256 = stored_file.sha256));
create policy stored_chunk_read_evidence on stored_chunk for select to bt_app using (
  exists (select from pilot_evidence e where e.sha256 = stored_chunk.sha256));
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(TABLES + RIGHTS)


def downgrade() -> None:
    op.execute("drop policy stored_file_read_evidence on stored_file")
    op.execute("drop policy stored_chunk_read_evidence on stored_chunk")
    op.execute("drop table pilot_reading_evidence")
    op.execute("drop table pilot_evidence")
    op.execute("drop function app.is_pilot_party(uuid)")
