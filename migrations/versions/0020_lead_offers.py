"""Another council can take the lead of a pool, where the lead council offers it."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0020"
down_revision = "0019"

UP = """
-- A version of the agreement that was made before names another lead.
alter table pool add column lead_since timestamptz not null default statement_timestamp();
update pool set lead_since = created_at;

create table pool_lead_offer (
  pool_id uuid constraint pk_pool_lead_offer primary key constraint fk_pool_lead_offer_pool_id references pool (id),
  body_code text not null,
  person_name text not null,
  offered_at timestamptz not null default statement_timestamp(),
  constraint fk_pool_lead_offer_pool_member foreign key (pool_id, body_code)
    references pool_member (pool_id, body_code)
);
alter table pool_lead_offer enable row level security;
grant select, insert, delete on pool_lead_offer to bt_app;
grant select, insert, update, delete on pool_lead_offer to bt_jobs;
create policy pool_lead_offer_jobs on pool_lead_offer to bt_jobs using (true) with check (true);
create policy pool_lead_offer_read on pool_lead_offer for select to bt_app using (
  (select app.has_role('sector_lead')) or pool_id = any ((select app.my_pools())::uuid[]));
create policy pool_lead_offer_add on pool_lead_offer for insert to bt_app with check (
  pool_id = any ((select app.my_led_pools())::uuid[]) and (select app.has_role('officer'))
  and body_code <> (select app.body_code()));
create policy pool_lead_offer_end on pool_lead_offer for delete to bt_app using (
  (select app.of_council())
  and (body_code = (select app.body_code()) or pool_id = any ((select app.my_led_pools())::uuid[])));

-- Whoever is to lead cannot change the pool before it does, so this checks what is asked and does it at once.
-- Nobody is bound any more: what was signed names another lead. Returns null where nothing was offered.
create function app.take_lead(wanted uuid) returns bigint language plpgsql security definer
  set search_path = pg_catalog, public as $$
declare
  own text := app.body_code();
  unbound bigint;
begin
  if not app.has_role('officer') or not exists (
      select from pool_lead_offer o join pool p on p.id = o.pool_id
        join pool_member m on m.pool_id = o.pool_id and m.body_code = o.body_code
      where o.pool_id = wanted and o.body_code = own and m.stage <> 'withdrawn'
        and p.state in ('forming', 'agreeing')) then
    return null;
  end if;
  update pool set lead_code = own, lead_since = statement_timestamp() where id = wanted;
  delete from pool_lead_offer where pool_id = wanted;
  update pool_signature set ended_at = statement_timestamp(), ended_reason = 'Another council took the lead'
    where pool_id = wanted and ended_at is null;
  update pool_member set stage = 'conditional', stage_changed_at = statement_timestamp()
    where pool_id = wanted and stage = 'bound';
  get diagnostics unbound = row_count;
  return unbound;
end $$;
revoke execute on function app.take_lead(uuid) from public;
grant execute on function app.take_lead(uuid) to bt_app;
"""

DOWN = """
drop function app.take_lead(uuid);
drop table pool_lead_offer;
alter table pool drop column lead_since;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
