"""What the measures of a published pilot showed, computed once when its result is published."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0064"
down_revision = "0063"

UP = """
create table pilot_effect (
  pilot_id uuid not null,
  position bigint not null,
  estimate double precision,
  low double precision,
  high double precision,
  readings bigint not null constraint ck_pilot_effect_readings check (readings >= 0),
  constraint pk_pilot_effect primary key (pilot_id, position),
  constraint fk_pilot_effect_measure foreign key (pilot_id, position) references pilot_measure (pilot_id, position)
);
alter table pilot_effect enable row level security;
grant select, insert on pilot_effect to bt_app;
create policy pilot_effect_read on pilot_effect for select to bt_app using (
  exists (select from pilot p where p.id = pilot_id));
create policy pilot_effect_add on pilot_effect for insert to bt_app with check (
  pilot_id = any ((select app.my_pilots())::uuid[]) and app.pilot_state(pilot_id) = 'published');
"""

DOWN = """
drop table pilot_effect;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
