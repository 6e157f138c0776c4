"""What a firm offers, in its own words, so that challenges are proposed to it; and which it set aside."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0052"
down_revision = "0051"

UP = """
create table firm_offer (
  organisation_id uuid constraint pk_firm_offer primary key
    constraint fk_firm_offer_organisation_id references organisation (id),
  firm text not null,
  words text not null constraint ck_firm_offer_words check (length(btrim(words)) between 1 and 2000),
  categories text[] not null default '{}',
  listed boolean not null default false,
  saved_by text not null,
  saved_at timestamptz not null default statement_timestamp()
);
alter table firm_offer enable row level security;
grant select, insert (organisation_id, firm, words, categories, listed, saved_by),
  update (firm, words, categories, listed, saved_by, saved_at), delete on firm_offer to bt_app;
create policy firm_offer_own on firm_offer to bt_app
  using (organisation_id = (select app.organisation()) and (select app.has_role('supplier')))
  with check (organisation_id = (select app.organisation()) and (select app.has_role('supplier'))
    and firm = (select o.name from organisation o where o.id = organisation_id));
-- Councils read an offer where its firm wants to be found by them.
create policy firm_offer_listed on firm_offer for select to bt_app using (listed and (select app.of_council()));

create table challenge_dismissal (
  challenge_id uuid not null constraint fk_challenge_dismissal_challenge_id references challenge (id),
  organisation_id uuid not null constraint fk_challenge_dismissal_organisation_id references organisation (id),
  set_by text not null,
  set_at timestamptz not null default statement_timestamp(),
  constraint pk_challenge_dismissal primary key (challenge_id, organisation_id)
);
alter table challenge_dismissal enable row level security;
grant select, insert (challenge_id, organisation_id, set_by), delete on challenge_dismissal to bt_app;
create policy challenge_dismissal_own on challenge_dismissal to bt_app
  using (organisation_id = (select app.organisation()) and (select app.has_role('supplier')))
  with check (organisation_id = (select app.organisation()) and (select app.has_role('supplier'))
    and app.public_challenge(challenge_id));
"""


def upgrade() -> None:
    await_only(op.get_bind().connection.driver_connection.execute(UP))


def downgrade() -> None:
    op.execute("drop table challenge_dismissal, firm_offer")
