"""Notices about challenges: for the people of sponsors, for those who follow one, and what searches found."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0042"
down_revision = "0041"

UP = """
alter table notice add column challenge_id uuid,
  drop constraint ck_notice_about,
  add constraint ck_notice_about check (num_nonnulls(pool_id, need_id, tender_id, challenge_id) = 1),
  drop constraint ck_notice_reason,
  add constraint ck_notice_reason check (reason in ('mentioned','to_sign','to_approve','matched','suggested',
    'searched','buys','sponsors','follows','follows_tender','follows_challenge')),
  drop constraint uq_notice_about,
  add constraint uq_notice_about unique nulls not distinct (person_id, entry_id, need_id, tender_id, challenge_id);
"""

DOWN = """
delete from notice where challenge_id is not null;
alter table notice drop constraint uq_notice_about,
  add constraint uq_notice_about unique nulls not distinct (person_id, entry_id, need_id, tender_id),
  drop constraint ck_notice_reason,
  add constraint ck_notice_reason check (reason in ('mentioned','to_sign','to_approve','matched','suggested',
    'searched','buys','follows','follows_tender')),
  drop constraint ck_notice_about, drop column challenge_id,
  add constraint ck_notice_about check (num_nonnulls(pool_id, need_id, tender_id) = 1);
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
