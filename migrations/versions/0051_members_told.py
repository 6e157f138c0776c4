"""Members of a joint bid are told, like who leads it, when they can read how it was assessed."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0051"
down_revision = "0050"

# Who took part in which bid is known to the worker only as people to tell, and only once every bidder was told.
UP = """
create function app.told_members(wanted uuid) returns table (person_id uuid) language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select distinct p.id from public.assessment_summary s
        join public.opened_member o on o.opened_id = s.opened_id
        join public.membership m on m.organisation_id = o.organisation_id and m.role = 'supplier'
        join public.person p on p.id = m.person_id and p.disabled_at is null
        where s.tender_id = wanted and s.released_at is not null $$;
revoke execute on function app.told_members(uuid) from public;
grant execute on function app.told_members(uuid) to bt_jobs;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    op.execute("drop function app.told_members(uuid)")
