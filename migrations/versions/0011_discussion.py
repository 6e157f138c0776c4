"""Comments of a pool's members, and its timeline: entries of the audit trail that its members may read."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0011"
down_revision = "0010"

UP = """
create table pool_comment (
  id uuid constraint pk_pool_comment primary key,
  pool_id uuid not null constraint fk_pool_comment_pool_id references pool (id),
  line_id uuid,
  person_id uuid not null,
  person_name text not null,
  body_code text not null,
  text text not null,
  mentions text[] not null default '{}'::text[],
  written_at timestamptz not null default statement_timestamp(),
  removed_at timestamptz,
  constraint ck_pool_comment_removed check ((removed_at is null) = (text <> ''))
);
create index ix_pool_comment_pool_id on pool_comment (pool_id, written_at);
alter table pool_comment enable row level security;
grant select, insert (id, pool_id, line_id, person_id, person_name, body_code, text, mentions),
  update (text, mentions, removed_at) on pool_comment to bt_app;
grant select, insert, update on pool_comment to bt_jobs;
create policy pool_comment_jobs on pool_comment to bt_jobs using (true) with check (true);
create policy pool_comment_read on pool_comment for select to bt_app using (
  (select app.has_role('sector_lead')) or pool_id = any ((select app.my_pools())::uuid[]));
create policy pool_comment_write on pool_comment for insert to bt_app with check (
  person_id = (select app.person()) and body_code = (select app.body_code())
  and pool_id = any ((select app.my_pools())::uuid[]));
-- The one change of a comment: its writer takes it away, words and all.
create policy pool_comment_remove on pool_comment for update to bt_app
  using (person_id = (select app.person()) and removed_at is null) with check (removed_at is not null and text = '');

-- What happened in a pool is for its members and for sector leads, as far as it names no sum: those stay with
-- the council that wrote them down.
create policy audit_entry_read_pool on audit_entry for select to bt_app using (
  subject_kind = 'pool'
  and ((select app.has_role('sector_lead')) or subject_id = any ((select app.my_pools())::text[]))
  and not jsonb_path_exists(details, '$.keyvalue() ? (@.key like_regex "_pence$|budget|^cap|^sum")'));
"""

DOWN = """
drop policy audit_entry_read_pool on audit_entry;
drop table pool_comment cascade;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
