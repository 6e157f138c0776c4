"""A challenge goes on also where its last open pilot was dropped, or where one was taken on before all were decided."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0059"
down_revision = "0058"

UP = """
create or replace function app.follow_pilot() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
declare
  about constant challenge := (select c from challenge c where c.id = new.challenge_id for update);
  standing text := about.state;
  open_states constant text[] := array['draft','agreed','running'];
begin
  if new.state = old.state then
    return null;
  end if;
  if new.state = 'running' and standing not in ('judged','pilot') then
    raise exception 'a pilot starts once the challenge is judged'
      using errcode = 'check_violation', constraint = 'pilot_judged';
  end if;
  if new.state = 'running' and standing = 'judged' then
    standing := 'pilot';
    update challenge c set state = standing, state_changed_at = statement_timestamp() where c.id = about.id;
  end if;
  if new.state in ('ended','dropped') and standing = 'pilot' and not exists (select from pilot p
      where p.challenge_id = about.id and p.state = any (open_states)) then
    standing := 'measured';
    update challenge c set state = standing, state_changed_at = statement_timestamp() where c.id = about.id;
  end if;
  if new.state in ('decided','dropped') and standing = 'measured' and not exists (select from pilot p
      where p.challenge_id = about.id and p.state = any (open_states || array['ended'])) then
    standing := 'decision';
    update challenge c set state = standing, state_changed_at = statement_timestamp() where c.id = about.id;
  end if;
  if standing = 'decision' and exists (select from pilot_adoption a join pilot p on p.id = a.pilot_id
      where p.challenge_id = about.id) then
    update challenge c set state = 'route', state_changed_at = statement_timestamp() where c.id = about.id;
  elsif standing = 'decision' and not exists (select from pilot p where p.challenge_id = about.id
      and p.state <> 'dropped' and not (p.state = 'published' and p.decision = 'stop')) then
    update challenge c set state = 'ended', state_changed_at = statement_timestamp() where c.id = about.id;
  end if;
  return null;
end $$;
"""

DOWN = """
create or replace function app.follow_pilot() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public as $$
declare
  about constant challenge := (select c from challenge c where c.id = new.challenge_id for update);
  next_state text;
begin
  if new.state = old.state then
    return null;
  end if;
  if new.state = 'running' and about.state not in ('judged','pilot') then
    raise exception 'a pilot starts once the challenge is judged'
      using errcode = 'check_violation', constraint = 'pilot_judged';
  end if;
  if new.state = 'running' and about.state = 'judged' then
    next_state := 'pilot';
  elsif new.state = 'ended' and about.state = 'pilot' and not exists (select from pilot p
      where p.challenge_id = about.id and p.state in ('draft','agreed','running')) then
    next_state := 'measured';
  elsif new.state = 'decided' and about.state = 'measured' and not exists (select from pilot p
      where p.challenge_id = about.id and p.state in ('draft','agreed','running','ended')) then
    next_state := 'decision';
  elsif new.state = 'published' and about.state = 'decision' and not exists (select from pilot p
      where p.challenge_id = about.id and p.state <> 'dropped' and not (p.state = 'published' and p.decision = 'stop')) then
    next_state := 'ended';
  end if;
  if next_state is not null then
    update challenge c set state = next_state, state_changed_at = statement_timestamp() where c.id = about.id;
  end if;
  return null;
end $$;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
