"""The market report: releases, cells, years of bodies, measures."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0005"
down_revision = "0004"

UP = """
create table market_release (
  id uuid constraint pk_market_release primary key,
  made_at timestamptz not null default statement_timestamp(),
  fingerprint text not null,
  versions jsonb not null,
  first_year smallint,
  last_year smallint
);
create table market_release_part (
  release_id uuid not null constraint fk_market_release_part_release_id
    references market_release (id) on delete cascade,
  marking_id uuid not null constraint fk_market_release_part_marking_id references marking (id),
  constraint pk_market_release_part primary key (release_id, marking_id)
);
create table market_cell (
  marking_id uuid not null constraint fk_market_cell_marking_id references marking (id) on delete cascade,
  category text not null,
  year smallint not null,
  supplier_id uuid not null,
  pence bigint not null,
  lines integer not null,
  constraint pk_market_cell primary key (marking_id, category, year, supplier_id)
);
create index ix_market_cell_category on market_cell (category, year, marking_id);
create index ix_market_cell_supplier_id on market_cell (supplier_id);
create table market_body_year (
  marking_id uuid not null constraint fk_market_body_year_marking_id references marking (id) on delete cascade,
  year smallint not null,
  months smallint not null,
  lines integer not null,
  pence bigint not null,
  kinds jsonb not null,
  constraint pk_market_body_year primary key (marking_id, year)
);
create table market_measure (
  release_id uuid not null constraint fk_market_measure_release_id
    references market_release (id) on delete cascade,
  category text not null,
  area text not null,
  year smallint not null,
  measures jsonb not null,
  constraint pk_market_measure primary key (release_id, category, area, year)
);
grant select on market_release, market_release_part, market_cell, market_body_year, market_measure to bt_app;
grant select, insert, update, delete
  on market_release, market_release_part, market_cell, market_body_year, market_measure to bt_jobs;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    for table in ("measure", "body_year", "cell", "release_part", "release"):
        op.drop_table(f"market_{table}")
