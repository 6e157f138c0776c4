"""Bodies and people: register, sign-in, invitations, mail."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0002"
down_revision = "0001"

TABLES = """
create table organisation (
  id uuid constraint pk_organisation primary key,
  kind text not null constraint ck_organisation_kind check (kind in
    ('council','former_council','combined_authority','purchasing_body','sector_body','supplier')),
  name text not null,
  short_name text not null,
  code text constraint uq_organisation_code unique constraint ck_organisation_code check (code = upper(code)),
  gss_code text constraint uq_organisation_gss_code unique,
  former_gss_codes text[] not null default '{}'::text[],
  type_name text not null,
  region_code text,
  region_name text,
  county_code text,
  population bigint,
  valid_from date,
  valid_until date,
  demonstration boolean not null default false
);
create index ix_organisation_former_gss_codes on organisation using gin (former_gss_codes);
create index ix_organisation_kind_name on organisation (kind, name);

create table organisation_succession (
  predecessor_id uuid not null constraint fk_organisation_succession_predecessor_id references organisation (id),
  successor_id uuid not null constraint fk_organisation_succession_successor_id references organisation (id),
  "on" date not null,
  constraint pk_organisation_succession primary key (predecessor_id, successor_id)
);
create index ix_organisation_succession_successor_id on organisation_succession (successor_id);

create table person (
  id uuid constraint pk_person primary key,
  email text not null constraint uq_person_email unique constraint ck_person_email check (email = lower(email)),
  name text not null,
  demonstration boolean not null default false,
  created_at timestamptz not null default statement_timestamp(),
  second_factor_at timestamptz,
  disabled_at timestamptz
);

create table credential (
  person_id uuid constraint pk_credential primary key
    constraint fk_credential_person_id references person (id) on delete cascade,
  password_hash text not null,
  password_changed_at timestamptz not null default statement_timestamp(),
  totp_secret bytea,
  totp_last_step bigint,
  recovery_hashes bytea[] not null default '{}'::bytea[]
);

create table membership (
  person_id uuid not null constraint fk_membership_person_id references person (id) on delete cascade,
  organisation_id uuid not null constraint fk_membership_organisation_id references organisation (id),
  role text not null
    constraint ck_membership_role check (role in ('officer','approver','sector_lead','supplier','operator')),
  created_at timestamptz not null default statement_timestamp(),
  constraint pk_membership primary key (person_id, organisation_id, role)
);
create index ix_membership_organisation_id on membership (organisation_id);

create table session (
  id uuid constraint pk_session primary key,
  token_hash bytea not null constraint uq_session_token_hash unique,
  person_id uuid not null constraint fk_session_person_id references person (id) on delete cascade,
  organisation_id uuid not null constraint fk_session_organisation_id references organisation (id),
  created_at timestamptz not null default statement_timestamp(),
  seen_at timestamptz not null default statement_timestamp(),
  second_factor_at timestamptz,
  agent text not null default ''
);
create index ix_session_person_id on session (person_id);

create table token (
  id uuid constraint pk_token primary key,
  kind text not null constraint ck_token_kind check (kind in ('invitation','password_reset')),
  token_hash bytea not null constraint uq_token_token_hash unique,
  email text not null constraint ck_token_email check (email = lower(email)),
  person_id uuid constraint fk_token_person_id references person (id) on delete cascade,
  organisation_id uuid constraint fk_token_organisation_id references organisation (id),
  role text constraint ck_token_role check (role in ('officer','approver','sector_lead','supplier','operator')),
  invited_by uuid,
  created_at timestamptz not null default statement_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint ck_token_invitation check ((kind = 'invitation') = (organisation_id is not null and role is not null)),
  constraint ck_token_password_reset check ((kind = 'password_reset') = (person_id is not null))
);
create index ix_token_organisation_id on token (organisation_id);
create index ix_token_person_id on token (person_id);

create unlogged table throttle (
  key text constraint pk_throttle primary key,
  hits bigint not null,
  until timestamptz not null
);

create table mail (
  id uuid constraint pk_mail primary key,
  to_address text not null,
  subject text not null,
  body text not null,
  created_at timestamptz not null default statement_timestamp(),
  tried_at timestamptz,
  sent_at timestamptz,
  attempts bigint not null default 0,
  error text
);
create index ix_mail_unsent on mail (created_at) where sent_at is null;
"""

# What each role may touch at all. Organisations are public and the application cannot write them by itself: the short
# list in the tests names both tables.
RIGHTS = """
grant select on organisation, organisation_succession to bt_app, bt_jobs;
grant insert, update on organisation, organisation_succession to bt_jobs;

alter table person enable row level security;
alter table credential enable row level security;
alter table membership enable row level security;
alter table session enable row level security;
alter table token enable row level security;
alter table throttle enable row level security;
alter table mail enable row level security;

grant select, update (name, disabled_at) on person to bt_app;
grant select, insert, delete on membership to bt_app;
grant select (id, person_id, organisation_id, created_at, seen_at, second_factor_at, agent),
  update (organisation_id), delete on session to bt_app;
grant select (id, kind, email, organisation_id, role, invited_by, created_at, expires_at, used_at),
  insert (id, kind, token_hash, email, organisation_id, role, invited_by, expires_at), delete on token to bt_app;
grant select, insert (id, to_address, subject, body) on mail to bt_app;

-- The worker sends mail, makes reset tokens and loads people; it never reads a password or a secret.
grant select, insert, update on person, membership to bt_jobs;
grant select (person_id), insert, update on credential to bt_jobs;
grant select (id, kind, email, person_id, created_at, expires_at, used_at),
  insert (id, kind, token_hash, email, person_id, expires_at), delete on token to bt_jobs;
grant select (id, person_id, created_at, seen_at), delete on session to bt_jobs;
grant select, delete on throttle to bt_jobs;
grant select, insert, update, delete on mail to bt_jobs;
"""

POLICIES = """
create function app.colleagues() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select coalesce(array_agg(distinct m.person_id), '{}') from public.membership m
        where m.organisation_id = app.organisation() $$;
-- Which roles the session's own roles may hand out; accounts.rules.roles says the same, and a test compares them.
create function app.grantable_roles() returns text[] language sql stable
  as $$ select case
      when app.has_role('operator') then array['officer','approver','sector_lead','supplier','operator']
      else (case when app.has_role('approver') then array['officer','approver'] else '{}'::text[] end)
        || (case when app.has_role('sector_lead') then array['sector_lead'] else '{}'::text[] end)
        || (case when app.has_role('supplier') then array['supplier'] else '{}'::text[] end)
    end $$;

create policy person_read on person for select to bt_app using (
  id = (select app.person()) or id = any ((select app.colleagues())::uuid[]) or (select app.has_role('operator')));
create policy person_self on person for update to bt_app
  using (id = (select app.person()) or (select app.has_role('operator')));
create policy person_jobs on person to bt_jobs using (true) with check (true);
create policy credential_jobs on credential to bt_jobs using (true) with check (true);

create policy membership_read on membership for select to bt_app using (
  person_id = (select app.person()) or organisation_id = (select app.organisation())
  or (select app.has_role('operator')));
create policy membership_grant on membership for insert to bt_app with check (
  role = any ((select app.grantable_roles())::text[]) and ((select app.has_role('operator'))
    or (organisation_id = (select app.organisation()) and person_id = any ((select app.colleagues())::uuid[]))));
create policy membership_withdraw on membership for delete to bt_app using (
  role = any ((select app.grantable_roles())::text[]) and ((select app.has_role('operator'))
    or organisation_id = (select app.organisation())));
create policy membership_jobs on membership to bt_jobs using (true) with check (true);

create policy session_own on session for select to bt_app using (person_id = (select app.person()));
create policy session_end on session for delete to bt_app using (person_id = (select app.person()));
create policy session_switch on session for update to bt_app using (person_id = (select app.person()))
  with check (person_id = (select app.person()) and exists (select from membership m
    where m.person_id = session.person_id and m.organisation_id = session.organisation_id));
create policy session_jobs on session to bt_jobs using (true) with check (true);

create policy token_read on token for select to bt_app using (kind = 'invitation'
  and ((select app.has_role('operator')) or organisation_id = (select app.organisation())));
create policy token_invite on token for insert to bt_app with check (
  kind = 'invitation' and invited_by = (select app.person()) and role = any ((select app.grantable_roles())::text[])
  and ((select app.has_role('operator')) or organisation_id = (select app.organisation())));
create policy token_withdraw on token for delete to bt_app using (
  kind = 'invitation' and role = any ((select app.grantable_roles())::text[])
  and ((select app.has_role('operator')) or organisation_id = (select app.organisation())));
create policy token_jobs on token to bt_jobs using (true) with check (true);

create policy throttle_jobs on throttle to bt_jobs using (true);
create policy mail_write on mail for insert to bt_app with check (sent_at is null);
create policy mail_read on mail for select to bt_app using ((select app.has_role('operator')));
create policy mail_jobs on mail to bt_jobs using (true) with check (true);
"""

SESSIONS = """
-- On the path of every page. Idle for an hour, or twelve hours old: gone. `seen_at` is written once a minute at most,
-- so that reading a page does not write. Without a role left in the organisation there is no session either.
create function app.find_session(token bytea) returns table (
    session_id uuid, person_id uuid, organisation_id uuid, name text, organisation_name text, roles text[],
    enrolled boolean, second_factor_at timestamptz)
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
declare
  seen timestamptz;
begin
  select s.id, s.person_id, s.organisation_id, p.name, o.short_name, s.second_factor_at,
      p.second_factor_at is not null, s.seen_at,
      array(select m.role from membership m
        where m.person_id = s.person_id and m.organisation_id = s.organisation_id)
    into session_id, person_id, organisation_id, name, organisation_name, second_factor_at, enrolled, seen, roles
    from session s join person p on p.id = s.person_id join organisation o on o.id = s.organisation_id
    where s.token_hash = token and p.disabled_at is null
      and s.created_at > statement_timestamp() - interval '12 hours'
      and s.seen_at > statement_timestamp() - interval '1 hour';
  if session_id is null or roles = '{}' then
    return;
  end if;
  if seen < statement_timestamp() - interval '1 minute' then
    update session s set seen_at = statement_timestamp() where s.id = session_id;
  end if;
  return next;
end $$;

create function app.password_facts(address text) returns table (person_id uuid, password_hash text, name text)
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select p.id, c.password_hash, p.name from person p join credential c on c.person_id = p.id
        where p.email = lower(address) and p.disabled_at is null $$;

create function app.own_password() returns text
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select c.password_hash from credential c where c.person_id = app.person() $$;

-- Opens a session of the person that this transaction acts as, for the organisation of their last session or else of
-- their first membership, and drops what ran out. Returns that organisation, or null where they belong to none.
create function app.open_session(session_id uuid, token bytea, agent text) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
declare
  chosen uuid;
begin
  select m.organisation_id into chosen from membership m
    left join session s on s.person_id = m.person_id and s.organisation_id = m.organisation_id
    where m.person_id = app.person()
    order by s.created_at desc nulls last, m.created_at, m.organisation_id limit 1;
  if chosen is null then
    return null;
  end if;
  delete from session s where s.person_id = app.person()
    and (s.created_at < statement_timestamp() - interval '12 hours'
      or s.seen_at < statement_timestamp() - interval '1 hour');
  insert into session (id, token_hash, person_id, organisation_id, agent)
    values (session_id, token, app.person(), chosen, agent);
  return chosen;
end $$;

create function app.belongs_to(organisation uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select exists (select from membership m
        where m.person_id = app.person() and m.organisation_id = organisation) $$;

-- Counts one more try under a key and says how many there were within the window.
create function app.throttle(what text, seconds bigint) returns bigint
  language sql volatile security definer set search_path = pg_catalog, public as $$
  insert into throttle as t (key, hits, until)
    values (what, 1, statement_timestamp() + seconds * interval '1 second')
    on conflict (key) do update set
      hits = case when t.until < statement_timestamp() then 1 else t.hits + 1 end,
      until = case when t.until < statement_timestamp() then excluded.until else t.until end
    returning hits $$;
create function app.forgive(what text) returns void
  language sql volatile security definer set search_path = pg_catalog, public
  as $$ delete from throttle where key = what $$;
"""

PASSWORDS = """
-- A new password ends every other session of the person.
create function app.change_password(hash text, kept_session uuid) returns void
  language sql volatile security definer set search_path = pg_catalog, public as $$
  update credential set password_hash = hash, password_changed_at = statement_timestamp()
    where person_id = app.person();
  delete from session where person_id = app.person() and id is distinct from kept_session;
  delete from token where person_id = app.person() and used_at is null;
$$;

-- The same password in a stronger hash, after it was verified.
create function app.renew_hash(hash text) returns void
  language sql volatile security definer set search_path = pg_catalog, public
  as $$ update credential set password_hash = hash where person_id = app.person() $$;

create function app.token_facts(wanted text, token bytea) returns table (
    email text, name text, organisation_id uuid, organisation_name text, role text, known boolean)
  language sql stable security definer set search_path = pg_catalog, public as $$
  select t.email, coalesce(p.name, ''), t.organisation_id, coalesce(o.name, ''), t.role, p.id is not null
    from token t left join person p on p.email = t.email left join organisation o on o.id = t.organisation_id
    where t.token_hash = token and t.kind = wanted and t.used_at is null and t.expires_at > statement_timestamp()
$$;

-- Takes the token, sets the password and ends all sessions. Returns the person, or null for a token that is not good.
create function app.use_reset(token bytea, hash text) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
declare
  who uuid;
begin
  update token t set used_at = statement_timestamp() where t.token_hash = token and t.kind = 'password_reset'
    and t.used_at is null and t.expires_at > statement_timestamp() returning t.person_id into who;
  if who is null then
    return null;
  end if;
  update credential set password_hash = hash, password_changed_at = statement_timestamp() where person_id = who;
  delete from session where person_id = who;
  delete from token t where t.person_id = who and t.used_at is null;
  return who;
end $$;

-- Takes the token and makes the person a member. Somebody who is known keeps name and password: the token shows that
-- they read their mail, not that they know their password.
create function app.use_invitation(token bytea, new_id uuid, new_name text, hash text) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
declare
  invitation public.token;
  who uuid;
begin
  update token t set used_at = statement_timestamp() where t.token_hash = token and t.kind = 'invitation'
    and t.used_at is null and t.expires_at > statement_timestamp() returning t.* into invitation;
  if invitation.id is null then
    return null;
  end if;
  select p.id into who from person p where p.email = invitation.email;
  if who is null then
    if new_name = '' or hash is null then
      raise exception 'a new person needs a name and a password' using errcode = 'check_violation';
    end if;
    insert into person (id, email, name) values (new_id, invitation.email, new_name) returning id into who;
    insert into credential (person_id, password_hash) values (who, hash);
  end if;
  insert into membership (person_id, organisation_id, role)
    values (who, invitation.organisation_id, invitation.role) on conflict do nothing;
  return who;
end $$;
"""

SECOND_FACTOR = """
create function app.totp_facts() returns table (secret bytea, last_step bigint, recovery_count integer)
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select c.totp_secret, c.totp_last_step, cardinality(c.recovery_hashes) from credential c
        where c.person_id = app.person() $$;

-- The session gets a new token with every step up, so that one that was seen before is worth nothing.
create function app.step_up(session uuid, new_token bytea) returns void
  language sql volatile security definer set search_path = pg_catalog, public as $$
  update session s set second_factor_at = statement_timestamp(), token_hash = new_token
    where s.id = step_up.session and s.person_id = app.person() $$;

-- Takes a time step once: of two that come at the same time, one is refused.
create function app.use_totp(step bigint, session uuid, new_token bytea) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
begin
  update credential c set totp_last_step = step where c.person_id = app.person() and c.totp_secret is not null
    and (c.totp_last_step is null or c.totp_last_step < step);
  if not found then
    return false;
  end if;
  perform app.step_up(session, new_token);
  return true;
end $$;

create function app.use_recovery_code(code bytea, session uuid, new_token bytea) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
begin
  update credential c set recovery_hashes = array_remove(c.recovery_hashes, code)
    where c.person_id = app.person() and code = any (c.recovery_hashes);
  if not found then
    return false;
  end if;
  perform app.step_up(session, new_token);
  return true;
end $$;

create function app.enrol_totp(new_secret bytea, codes bytea[], step bigint, session uuid, new_token bytea)
  returns void language sql volatile security definer set search_path = pg_catalog, public as $$
  update credential set totp_secret = new_secret, recovery_hashes = codes, totp_last_step = step
    where person_id = app.person();
  update person set second_factor_at = statement_timestamp() where id = app.person();
  delete from session s where s.person_id = app.person() and s.id <> enrol_totp.session;
  select app.step_up(session, new_token);
$$;

-- In any of the person's organisations, not only in the one of this session.
create function app.has_powerful_role() returns boolean
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select exists (select from membership m
        where m.person_id = app.person() and m.role in ('approver', 'operator')) $$;

create function app.drop_totp() returns void
  language sql volatile security definer set search_path = pg_catalog, public as $$
  update credential set totp_secret = null, totp_last_step = null, recovery_hashes = '{}'
    where person_id = app.person();
  update person set second_factor_at = null where id = app.person();
$$;
"""

# By default everybody may call a function; what hands an exemption back is for the roles that need it.
CALLS = """
revoke execute on all functions in schema app from public;
grant execute on function app.person(), app.organisation(), app.has_role(text) to bt_app, bt_jobs;
grant execute on function app.colleagues(), app.grantable_roles() to bt_app;
grant execute on function
  app.find_session(bytea), app.password_facts(text), app.own_password(), app.open_session(uuid, bytea, text),
  app.belongs_to(uuid), app.throttle(text, bigint), app.forgive(text), app.change_password(text, uuid),
  app.renew_hash(text), app.has_powerful_role(), app.token_facts(text, bytea), app.use_reset(bytea, text), app.use_invitation(bytea, uuid, text, text),
  app.totp_facts(), app.use_totp(bigint, uuid, bytea), app.use_recovery_code(bytea, uuid, bytea),
  app.enrol_totp(bytea, bytea[], bigint, uuid, bytea), app.drop_totp()
  to bt_app;
"""


def script(sql: str) -> None:
    """Run several statements at once, which asyncpg refuses inside op.execute."""
    await_only(op.get_bind().connection.driver_connection.execute(sql))


def upgrade() -> None:
    for part in (TABLES, RIGHTS, POLICIES, SESSIONS, PASSWORDS, SECOND_FACTOR, CALLS):
        script(part)


def downgrade() -> None:
    script("""
        drop table mail, throttle, token, session, membership, credential, person, organisation_succession,
          organisation cascade;
        drop function app.colleagues(), app.grantable_roles(), app.find_session(bytea), app.password_facts(text),
          app.own_password(), app.open_session(uuid, bytea, text), app.throttle(text, bigint), app.forgive(text),
          app.belongs_to(uuid), app.has_powerful_role(), app.change_password(text, uuid), app.renew_hash(text), app.token_facts(text, bytea),
          app.use_reset(bytea, text), app.use_invitation(bytea, uuid, text, text), app.totp_facts(),
          app.step_up(uuid, bytea), app.use_totp(bigint, uuid, bytea), app.use_recovery_code(bytea, uuid, bytea),
          app.enrol_totp(bytea, bytea[], bigint, uuid, bytea), app.drop_totp();
    """)
