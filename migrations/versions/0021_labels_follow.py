"""What a council said of matches follows where another council takes over."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.execute("grant update (body_code), delete on match_label to bt_jobs")


def downgrade() -> None:
    op.execute("revoke update (body_code), delete on match_label from bt_jobs")
