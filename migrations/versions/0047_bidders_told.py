"""Bidders are told, like everybody else, when they can read how they were assessed."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0047"
down_revision = "0046"

# Who bid is known to the worker only once every bidder was told, and what each was told never.
UP = """
grant select (tender_id, organisation_id, released_at) on assessment_summary to bt_jobs;
create policy assessment_summary_tell on assessment_summary for select to bt_jobs using (released_at is not null);
"""

DOWN = """
drop policy assessment_summary_tell on assessment_summary;
revoke select on assessment_summary from bt_jobs;
revoke select (tender_id, organisation_id, released_at) on assessment_summary from bt_jobs;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
