"""Phases are part of what sponsors approve, and nothing is published without; people hear that they judge."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0056"
down_revision = "0055"

UP = """
-- What is approved says how it is judged: another phase or place takes the fingerprint away until it is taken anew.
create function app.unfix_phases() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
begin
  update challenge c set fingerprint = null
    where c.id = coalesce(new.challenge_id, old.challenge_id) and c.state = 'statement' and c.fingerprint is not null;
  return null;
end $$;
create trigger tg_unfix_phase after insert or update or delete on challenge_phase
  for each row execute function app.unfix_phases();
create function app.check_phased() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
  if new.state = 'open' and old.state = 'statement' and not app.has_phases(new.id) then
    raise exception 'nobody has said in which phases responses are judged'
      using errcode = 'check_violation', constraint = 'challenge_phased';
  end if;
  return new;
end $$;
create trigger tg_phased_challenge before update on challenge for each row execute function app.check_phased();
revoke execute on function app.unfix_phases(), app.check_phased() from public;

alter table notice drop constraint ck_notice_reason,
  add constraint ck_notice_reason check (reason in ('mentioned','to_sign','to_approve','matched','suggested',
    'searched','buys','sponsors','follows','follows_tender','follows_challenge','bids','responds','judges'));
"""

DOWN = """
delete from notice where reason = 'judges';
alter table notice drop constraint ck_notice_reason,
  add constraint ck_notice_reason check (reason in ('mentioned','to_sign','to_approve','matched','suggested',
    'searched','buys','sponsors','follows','follows_tender','follows_challenge','bids','responds'));
drop trigger tg_phased_challenge on challenge;
drop trigger tg_unfix_phase on challenge_phase;
drop function app.check_phased(), app.unfix_phases();
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
