"""What a register of files comes to is kept as it grows, so that a page of it does not count all files."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0022"
down_revision = "0021"

TABLE = """
create table published_file_total (
  body_code text not null,
  state text not null,
  files bigint not null,
  lines bigint not null,
  read bigint not null,
  set_aside bigint not null,
  amount_read_pence bigint not null,
  constraint pk_published_file_total primary key (body_code, state)
);
grant select on published_file_total to bt_app, bt_jobs;
"""
# Each statement adds what it changed, in its own transaction; in one order, so that none waits in a ring.
ADD = """
insert into published_file_total as t
  select body_code, state, sum(sign), sum(sign * lines), sum(sign * read), sum(sign * set_aside),
    sum(sign * amount_read_pence)
  from ({changed}) c group by body_code, state order by body_code, state
on conflict (body_code, state) do update set
  files = t.files + excluded.files, lines = t.lines + excluded.lines, read = t.read + excluded.read,
  set_aside = t.set_aside + excluded.set_aside,
  amount_read_pence = t.amount_read_pence + excluded.amount_read_pence;
"""
ADDED, GONE = "select *, 1 as sign from added", "select *, -1 as sign from gone"
TRIGGER = """
create function app.{event}_published_file_total() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  {add}
  return null;
end $$;
revoke all on function app.{event}_published_file_total() from public;
create trigger published_file_total_{event} after {event} on published_file referencing {tables}
  for each statement execute function app.{event}_published_file_total();
"""
EVENTS = {
    "insert": (ADDED, "new table as added"),
    "update": (f"{ADDED} union all {GONE}", "new table as added old table as gone"),
    "delete": (GONE, "old table as gone"),
}
UP = (
    TABLE
    + ADD.format(changed="select *, 1 as sign from published_file")
    + "".join(
        TRIGGER.format(event=event, add=ADD.format(changed=changed), tables=tables)
        for event, (changed, tables) in EVENTS.items()
    )
)
DOWN = (
    "".join(
        f"drop trigger published_file_total_{event} on published_file;"
        f" drop function app.{event}_published_file_total();"
        for event in EVENTS
    )
    + "drop table published_file_total;"
)


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
