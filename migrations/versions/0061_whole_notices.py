"""A tender says all that its notice carries: languages, treaties, recurrence, an auction, limits on lots, areas."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0061"
down_revision = "0060"

# What nobody has chosen keeps what the service said before: English, no auction, no limits. Which treaties apply
# nobody has said yet of a tender that exists, so it stays unsaid.
UP = """
alter table tender
  add column languages text[] not null default '{en}'::text[] constraint ck_tender_languages check (
    cardinality(languages) >= 1 and languages <@ array['en','cy','ga','gd']),
  add column requests_how text not null default '',
  add column auction boolean not null default false,
  add column auction_words text not null default '',
  add column treaties text[] not null default '{}'::text[] constraint ck_tender_treaties check (
    treaties <@ array['gpa','cptpp','other','none'] and (treaties = '{none}' or not 'none' = any (treaties))),
  add column treaties_words text not null default '',
  add column recurs boolean not null default false,
  add column recurs_on date,
  add column recurs_words text not null default '',
  add column repeats text not null default '',
  add column specifications text not null default '',
  add column payment_terms text not null default '',
  add column most_lots_bid bigint,
  add column most_lots_won bigint,
  add column lots_order text not null default '' constraint ck_tender_lots_order check (
    lots_order in ('','value','number')),
  add constraint ck_tender_most_lots check (most_lots_bid >= 1 and most_lots_won >= 1);
alter table tender_lot
  add column areas text[] not null default '{}'::text[] constraint ck_tender_lot_areas check (
    array_to_string(areas, ' ') ~ '^(UK[C-N]([0-9][0-9A-Z]?)?( |$))*$');
grant update (languages, requests_how, auction, auction_words, treaties, treaties_words, recurs, recurs_on,
  recurs_words, repeats, specifications, payment_terms, most_lots_bid, most_lots_won, lots_order) on tender to bt_app;
"""
DOWN = """
alter table tender_lot drop column areas;
alter table tender
  drop column languages, drop column requests_how, drop column auction, drop column auction_words,
  drop column treaties, drop column treaties_words, drop column recurs, drop column recurs_on,
  drop column recurs_words, drop column repeats, drop column specifications, drop column payment_terms,
  drop column most_lots_bid, drop column most_lots_won, drop column lots_order;
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(DOWN))
