"""Lists cost what they show: a set-aside line carries its body, the register is read in its usual order."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0008"
down_revision = "0007"

# The policy compared each line's file with every file of the body, so a page cost more with every import.
UP = """
alter table published_file add constraint uq_published_file_id_body_code unique (id, body_code);
alter table set_aside_line add column body_code text;
update set_aside_line l set body_code = f.body_code from published_file f where f.id = l.file_id;
alter table set_aside_line alter column body_code set not null,
  drop constraint fk_set_aside_line_file_id,
  add constraint fk_set_aside_line_file_id_body_code
    foreign key (file_id, body_code) references published_file (id, body_code);
drop policy set_aside_line_read on set_aside_line;
create policy set_aside_line_read on set_aside_line for select to bt_app
  using ((select app.has_role('operator')) or (select app.has_role('sector_lead'))
    or body_code = (select app.body_code()));

create index ix_published_file_imported_at on published_file (imported_at desc nulls last, id);
create index ix_published_file_state_body_code on published_file (state, body_code)
  include (lines, read, set_aside, amount_read_pence);
"""
DOWN = """
drop index ix_published_file_state_body_code;
drop index ix_published_file_imported_at;
drop policy set_aside_line_read on set_aside_line;
alter table set_aside_line drop constraint fk_set_aside_line_file_id_body_code,
  add constraint fk_set_aside_line_file_id foreign key (file_id) references published_file (id),
  drop column body_code;
alter table published_file drop constraint uq_published_file_id_body_code;
create policy set_aside_line_read on set_aside_line for select to bt_app
  using ((select app.has_role('operator')) or (select app.has_role('sector_lead'))
    or file_id in (select f.id from published_file f where f.body_code = (select app.body_code())));
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
