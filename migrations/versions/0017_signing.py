"""Signing: a council may sign a version again after its signature ended, and nobody signs past their authority."""

from alembic import op
from sqlalchemy.util import await_only

revision = "0017"
down_revision = "0016"

# A signature that ended stays as it was; signing the same version again is a row of its own.
TURNS = """
alter table pool_commitment drop constraint fk_pool_commitment_pool_signature;
alter table pool_commitment drop constraint pk_pool_commitment;
alter table pool_signature drop constraint pk_pool_signature;
alter table pool_signature add column turn bigint not null default 1;
alter table pool_commitment add column turn bigint not null default 1;
alter table pool_signature
  add constraint pk_pool_signature primary key (pool_id, version, body_code, turn);
alter table pool_commitment
  add constraint pk_pool_commitment primary key (pool_id, version, body_code, turn),
  add constraint fk_pool_commitment_pool_signature foreign key (pool_id, version, body_code, turn)
    references pool_signature (pool_id, version, body_code, turn);
create unique index uq_pool_signature_live on pool_signature (pool_id, version, body_code) where ended_at is null;
"""

RIGHTS = """
drop policy pool_agreement_add on pool_agreement;
create policy pool_agreement_add on pool_agreement for insert to bt_app with check (
  pool_id = any ((select app.my_led_pools())::uuid[]) and (select app.has_role('officer'))
  and pool_agreement.sha256 = sha256(convert_to(text, 'UTF8')));

-- What is signed is the last version, by the hash of its text, by somebody with an authority.
drop policy pool_signature_add on pool_signature;
create policy pool_signature_add on pool_signature for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('approver')) and person_id = (select app.person())
  and ended_at is null
  and exists (select from pool_agreement a where a.pool_id = pool_signature.pool_id
    and a.version = pool_signature.version and a.sha256 = pool_signature.sha256
    and not exists (select from pool_agreement later where later.pool_id = a.pool_id and later.version > a.version)));
-- A signature ends once, and stays ended.
drop policy pool_signature_change on pool_signature;
create policy pool_signature_change on pool_signature for update to bt_app
  using (body_code = (select app.body_code()) and (select app.of_council()) and ended_at is null)
  with check (body_code = (select app.body_code()) and ended_at is not null);

drop policy pool_commitment_add on pool_commitment;
create policy pool_commitment_add on pool_commitment for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('approver'))
  and exists (select from pool_signature s where s.pool_id = pool_commitment.pool_id
    and s.version = pool_commitment.version and s.body_code = pool_commitment.body_code
    and s.turn = pool_commitment.turn and s.person_id = (select app.person()) and s.ended_at is null)
  and exists (select from approver_authority a where a.body_code = pool_commitment.body_code
    and a.person_id = (select app.person()) and a.limit_pence >= pool_commitment.sum_pence));
"""

DOWN = """
drop policy pool_agreement_add on pool_agreement;
create policy pool_agreement_add on pool_agreement for insert to bt_app with check (
  pool_id = any ((select app.my_led_pools())::uuid[]) and (select app.has_role('officer')));
drop policy pool_signature_add on pool_signature;
create policy pool_signature_add on pool_signature for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('approver')) and person_id = (select app.person()));
drop policy pool_signature_change on pool_signature;
create policy pool_signature_change on pool_signature for update to bt_app using (
  body_code = (select app.body_code()) and (select app.of_council()));
drop policy pool_commitment_add on pool_commitment;
create policy pool_commitment_add on pool_commitment for insert to bt_app with check (
  body_code = (select app.body_code()) and (select app.has_role('approver')));

drop index uq_pool_signature_live;
delete from pool_commitment where turn > 1;
delete from pool_signature where turn > 1;
alter table pool_commitment drop constraint fk_pool_commitment_pool_signature;
alter table pool_commitment drop constraint pk_pool_commitment;
alter table pool_signature drop constraint pk_pool_signature;
alter table pool_commitment drop column turn;
alter table pool_signature drop column turn;
alter table pool_signature add constraint pk_pool_signature primary key (pool_id, version, body_code);
alter table pool_commitment
  add constraint pk_pool_commitment primary key (pool_id, version, body_code),
  add constraint fk_pool_commitment_pool_signature foreign key (pool_id, version, body_code)
    references pool_signature (pool_id, version, body_code);
"""


def _run(script: str) -> None:
    await_only(op.get_bind().connection.driver_connection.execute(script))


def upgrade() -> None:
    _run(TURNS + RIGHTS)


def downgrade() -> None:
    _run(DOWN)
