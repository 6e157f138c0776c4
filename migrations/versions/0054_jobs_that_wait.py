"""A change that asks for work which waits already asks for it once."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0054"
down_revision = "0053"

# Whoever starts the job locks its row: it begins after the transaction that counts on it has ended.
UP = """
create function app.job_waits(wanted text, given jsonb) returns boolean language sql volatile security definer
  set search_path = pg_catalog, public
  as $$ select exists (select from (
    select from public.job j
    where j.kind = wanted and j.args = given and j.state = 'queued' and j.cancel_requested_at is null
    limit 1 for share skip locked) as waiting) $$;
revoke execute on function app.job_waits(text, jsonb) from public;
grant execute on function app.job_waits(text, jsonb) to bt_app, bt_jobs;
"""

DOWN = """
drop function app.job_waits(text, jsonb);
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
