"""Whether work of a kind is under way, whoever asked for it."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0019"
down_revision = "0018"

UP = """
create function app.job_under_way(wanted text) returns timestamptz language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select max(j.created_at) from public.job j where j.kind = wanted and j.finished_at is null $$;
revoke execute on function app.job_under_way(text) from public;
grant execute on function app.job_under_way(text) to bt_app, bt_jobs;
create index ix_job_under_way on job (kind) where finished_at is null;
"""

DOWN = """
drop index ix_job_under_way;
drop function app.job_under_way(text);
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
