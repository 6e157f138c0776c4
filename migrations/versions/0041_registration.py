"""A firm registers itself: an address by mail, and then an organisation with its first person."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0041"
down_revision = "0040"

UP = """
create table registration (
  id uuid constraint pk_registration primary key,
  token_hash bytea not null constraint uq_registration_token_hash unique,
  email text not null constraint ck_registration_email check (email = lower(email)),
  firm text not null constraint ck_registration_firm check (length(btrim(firm)) between 2 and 100),
  created_at timestamptz not null default statement_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz
);
-- The application writes what somebody asked for and reads none of it: only who has the token learns what it is for.
alter table registration enable row level security;
grant insert (id, token_hash, email, firm, expires_at) on registration to bt_app;
create policy registration_ask on registration for insert to bt_app with check (
  used_at is null and expires_at <= statement_timestamp() + interval '8 days');

create function app.registration_facts(token bytea) returns table (email text, firm text, known boolean)
  language sql stable security definer set search_path = pg_catalog, public as $$
  select r.email, r.firm, exists (select from person p where p.email = r.email)
    from registration r where r.token_hash = token and r.used_at is null and r.expires_at > statement_timestamp() $$;

-- Takes the token and makes the firm, with the person as its first member. Somebody who is known keeps name and
-- password. Null for a token that is not good; a firm of that name that is here already is a unique violation.
create function app.use_registration(token bytea, firm_id uuid, new_id uuid, new_name text, hash text)
  returns table (person_id uuid, firm text)
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
declare
  asked public.registration;
  who uuid;
begin
  update registration r set used_at = statement_timestamp() where r.token_hash = token and r.used_at is null
    and r.expires_at > statement_timestamp() returning r.* into asked;
  if asked.id is null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(lower(btrim(asked.firm)), 40));
  if exists (select from organisation o where o.kind = 'supplier' and lower(o.name) = lower(btrim(asked.firm))) then
    raise exception 'this firm is here already' using errcode = 'unique_violation', constraint = 'registered_firm';
  end if;
  insert into organisation (id, kind, name, short_name, type_name)
    values (firm_id, 'supplier', btrim(asked.firm), btrim(asked.firm), 'Supplier');
  select p.id into who from person p where p.email = asked.email;
  if who is null then
    if new_name = '' or hash is null then
      raise exception 'a new person needs a name and a password' using errcode = 'check_violation';
    end if;
    insert into person (id, email, name) values (new_id, asked.email, new_name) returning id into who;
    insert into credential (person_id, password_hash) values (who, hash);
  end if;
  insert into membership (person_id, organisation_id, role) values (who, firm_id, 'supplier');
  return query select who, btrim(asked.firm);
end $$;
revoke execute on function app.registration_facts(bytea), app.use_registration(bytea, uuid, uuid, text, text)
  from public;
grant execute on function app.registration_facts(bytea), app.use_registration(bytea, uuid, uuid, text, text) to bt_app;
"""

DOWN = """
drop function app.registration_facts(bytea), app.use_registration(bytea, uuid, uuid, text, text);
drop table registration cascade;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
