"""A need whose pool was closed has been bought: it is not looked at for another pool."""

from alembic import op

revision = "0023"
down_revision = "0022"

IN_POOLS = """
create or replace function app.needs_in_pools() returns setof uuid language sql stable security definer
  set search_path = pg_catalog, public
  as $$ select s.need_id from public.pool_stake s join public.pool p on p.id = s.pool_id
        where s.active and p.state in ({states}) $$
"""
ALIVE = "'forming','agreeing','committed','handed_over'"


def upgrade() -> None:
    op.execute(IN_POOLS.format(states=f"{ALIVE},'closed'"))


def downgrade() -> None:
    op.execute(IN_POOLS.format(states=ALIVE))
