"""The deadline of an open challenge can be moved to later, and nothing else of what is published."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0045"
down_revision = "0044"

UP = """
create or replace function app.guard_challenge() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
  moving constant text[] := array['state','state_reason','state_changed_at','version','fingerprint','needs_notice',
    'words','published_at','seeks_sponsors'];
  same constant boolean := to_jsonb(new) - moving = to_jsonb(old) - moving;
  later boolean := false;
begin
  if new.state <> old.state and not (old.state || ' ' || new.state) = any (app.challenge_moves()) then
    raise exception 'a challenge cannot go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'challenge_move';
  end if;
  -- Of what is published, the deadline alone moves: to later, and before it has passed.
  if old.state = 'open' and to_jsonb(new) - moving - 'responses_due_at' = to_jsonb(old) - moving - 'responses_due_at'
     and new.responses_due_at > old.responses_due_at and old.responses_due_at > statement_timestamp()
     and new.fingerprint is not distinct from old.fingerprint then
    later := true;
  end if;
  if (not same or new.fingerprint is distinct from old.fingerprint) and old.state <> 'statement' and not later then
    raise exception 'a statement that is % cannot be changed', old.state
      using errcode = 'check_violation', constraint = 'challenge_change';
  end if;
  if current_user = 'bt_app' and not (old.lead_code = app.body_code() and app.has_role('officer')) then
    raise exception 'only the lead changes a challenge' using errcode = 'insufficient_privilege';
  end if;
  -- What was approved is what stands: a change takes the fingerprint away until it is taken anew.
  if not same and not later and new.fingerprint is not distinct from old.fingerprint then
    new.fingerprint := null;
  end if;
  if new.published_at is distinct from old.published_at and not (new.state = 'open' and old.state = 'statement') then
    raise exception 'a challenge is published once' using errcode = 'check_violation', constraint = 'challenge_published';
  end if;
  if new.state = 'open' and old.state = 'statement' then
    if new.published_at is null or not app.sponsor_stands(new.id, new.lead_code) then
      raise exception 'the lead has not approved this statement'
        using errcode = 'check_violation', constraint = 'challenge_approved';
    end if;
    if new.responses_due_at is null or new.responses_due_at <= statement_timestamp() then
      raise exception 'the deadline has passed' using errcode = 'check_violation', constraint = 'challenge_due';
    end if;
    if new.needs_notice <> '' and not exists (select from challenge_notice n
        where n.challenge_id = new.id and n.code = new.needs_notice and n.fingerprint = new.fingerprint) then
      raise exception 'the notice that comes first is not confirmed'
        using errcode = 'check_violation', constraint = 'challenge_notice_first';
    end if;
  end if;
  if new.state = 'judged' and old.state = 'open' and statement_timestamp() < old.responses_due_at then
    raise exception 'responses are not due yet' using errcode = 'check_violation', constraint = 'challenge_due';
  end if;
  return new;
end $$;
"""

DOWN = """
create or replace function app.guard_challenge() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
  moving constant text[] := array['state','state_reason','state_changed_at','version','fingerprint','needs_notice',
    'words','published_at','seeks_sponsors'];
  same constant boolean := to_jsonb(new) - moving = to_jsonb(old) - moving;
begin
  if new.state <> old.state and not (old.state || ' ' || new.state) = any (app.challenge_moves()) then
    raise exception 'a challenge cannot go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'challenge_move';
  end if;
  if (not same or new.fingerprint is distinct from old.fingerprint) and old.state <> 'statement' then
    raise exception 'a statement that is % cannot be changed', old.state
      using errcode = 'check_violation', constraint = 'challenge_change';
  end if;
  if current_user = 'bt_app' and not (old.lead_code = app.body_code() and app.has_role('officer')) then
    raise exception 'only the lead changes a challenge' using errcode = 'insufficient_privilege';
  end if;
  -- What was approved is what stands: a change takes the fingerprint away until it is taken anew.
  if not same and new.fingerprint is not distinct from old.fingerprint then
    new.fingerprint := null;
  end if;
  if new.published_at is distinct from old.published_at and not (new.state = 'open' and old.state = 'statement') then
    raise exception 'a challenge is published once' using errcode = 'check_violation', constraint = 'challenge_published';
  end if;
  if new.state = 'open' and old.state = 'statement' then
    if new.published_at is null or not app.sponsor_stands(new.id, new.lead_code) then
      raise exception 'the lead has not approved this statement'
        using errcode = 'check_violation', constraint = 'challenge_approved';
    end if;
    if new.responses_due_at is null or new.responses_due_at <= statement_timestamp() then
      raise exception 'the deadline has passed' using errcode = 'check_violation', constraint = 'challenge_due';
    end if;
    if new.needs_notice <> '' and not exists (select from challenge_notice n
        where n.challenge_id = new.id and n.code = new.needs_notice and n.fingerprint = new.fingerprint) then
      raise exception 'the notice that comes first is not confirmed'
        using errcode = 'check_violation', constraint = 'challenge_notice_first';
    end if;
  end if;
  if new.state = 'judged' and old.state = 'open' and statement_timestamp() < old.responses_due_at then
    raise exception 'responses are not due yet' using errcode = 'check_violation', constraint = 'challenge_due';
  end if;
  return new;
end $$;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
