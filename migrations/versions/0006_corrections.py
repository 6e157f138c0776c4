"""Officers may take back a correction of columns; it is read again without it."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("grant delete on column_mapping to bt_app")
    # The policy for all commands lets everybody of the body see its corrections; only officers remove one.
    op.execute("""
        create policy column_mapping_remove on column_mapping as restrictive for delete to bt_app
          using ((select app.has_role('operator')) or (select app.has_role('officer')))
    """)


def downgrade() -> None:
    op.execute("drop policy column_mapping_remove on column_mapping")
    op.execute("revoke delete on column_mapping from bt_app")
