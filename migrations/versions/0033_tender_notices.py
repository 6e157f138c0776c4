"""Notices for a tender's buyers: who is to approve it, and whose council buys by it."""

from alembic import op

revision = "0033"
down_revision = "0032"

REASON = """
alter table notice drop constraint ck_notice_reason;
alter table notice add constraint ck_notice_reason check (reason in ({reasons}));
"""
BEFORE = "'mentioned','to_sign','matched','suggested','searched','follows','follows_tender'"
AFTER = (
    "'mentioned','to_sign','to_approve','matched','suggested','searched','buys','follows','follows_tender'"
)


def upgrade() -> None:
    for statement in REASON.format(reasons=AFTER).strip().splitlines():
        op.execute(statement)


def downgrade() -> None:
    op.execute("delete from notice where reason in ('to_approve','buys')")
    for statement in REASON.format(reasons=BEFORE).strip().splitlines():
        op.execute(statement)
