"""Following a reorganisation: what belongs to a council goes over to the one that takes over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Membership
from procurement.actions.pools.pulse import SETTLE
from procurement.actions.succeeding import (
    hand_over_labels,
    hand_over_lines,
    hand_over_offer,
    hand_over_suggestions,
)
from procurement.models import (
    Contract,
    Need,
    Pool,
    PoolCommitment,
    PoolMember,
    PoolPerson,
    PoolPulse,
    PoolSignature,
    PoolStake,
    PoolTerms,
    SuccessionChoice,
    SuccessionFollowed,
)
from procurement.queries import succession as queries
from procurement.queries.succession import Succession
from procurement.rules.needs import check_may_change
from procurement.rules.pools.states import Stage
from procurement.rules.succession import joined_stage
from spend.queries import own_code
from store import audit, jobs
from values.actors import Actor
from values.refusals import Refused
from values.years import london_today


@dataclass(slots=True)
class Moved:
    """How much went over."""

    contracts: int = 0
    needs: int = 0
    pools: int = 0
    people: int = 0

    def as_json(self) -> dict[str, int]:
        """Return the counts by name."""
        return {name: getattr(self, name) for name in self.__slots__}


async def choose(db: AsyncSession, actor: Actor, kind: str, subject_id: UUID, successor_code: str) -> None:
    """Say which of several successors takes over a contract or a need of the own council.

    Raises:
        Refused: that council does not take over from this one.
    """
    code = await own_code(db, actor)
    owner = await queries.owner_of(db, kind, subject_id)
    check_may_change(actor, owner, code)
    if successor_code not in {each.code for each in await queries.successors(db, owner)}:
        raise Refused("Choose one of the councils that take over from yours", "successor")
    values = {"successor_code": successor_code, "person_name": actor.name}
    await db.execute(
        insert(SuccessionChoice)
        .values(kind=kind, subject_id=subject_id, body_code=owner, **values)
        .on_conflict_do_update(
            index_elements=[SuccessionChoice.kind, SuccessionChoice.subject_id],
            set_={**values, "chosen_at": func.statement_timestamp()},
        )
    )
    await audit.record(db, actor, "succession.chosen", kind, subject_id, successor=successor_code)


async def follow(db: AsyncSession, actor: Actor, *, today: date | None = None) -> list[Succession]:
    """Hand over what belongs to councils whose last day has passed; return whose it was. Safe to repeat.

    Where several councils take over, what nobody chose a successor for waits. Needs the jobs role.
    """
    done: list[Succession] = []
    for each in await queries.due(db, today or london_today()):
        moved = Moved()
        wanted = await _chosen(db, each)
        moved.contracts = await _hand_over(db, Contract, each, wanted["contract"])
        moved.needs = await _hand_over(db, Need, each, wanted["need"])
        if moved.needs:
            await hand_over_suggestions(db, each)
            await hand_over_labels(db, each)
        if each.only:
            moved.people = await _people(db, each)
            moved.pools = await _memberships(db, actor, each)
        if not any(moved.as_json().values()) and each.followed:
            continue
        await db.execute(
            insert(SuccessionFollowed)
            .values(predecessor_code=each.predecessor, successor_code=each.successor, moved=moved.as_json())
            .on_conflict_do_update(
                index_elements=[SuccessionFollowed.predecessor_code, SuccessionFollowed.successor_code],
                set_={"moved": moved.as_json(), "followed_at": func.statement_timestamp()},
            )
        )
        await audit.record(
            db, actor, "succession.followed", "body", each.successor, predecessor=each.predecessor,
            **moved.as_json(),
        )  # fmt: skip
        done.append(each)
    return done


async def _chosen(db: AsyncSession, each: Succession) -> dict[str, list[UUID] | None]:
    """Return what goes to this successor by choice; None: everything, because there is only one."""
    if each.only:
        return {"contract": None, "need": None}
    rows = await db.execute(
        select(SuccessionChoice.kind, SuccessionChoice.subject_id).where(
            SuccessionChoice.body_code == each.predecessor,
            SuccessionChoice.successor_code == each.successor,
        )
    )
    found: dict[str, list[UUID]] = {"contract": [], "need": []}
    for kind, subject_id in rows:
        found[kind].append(subject_id)
    return dict(found)


async def _hand_over(db: AsyncSession, table: Any, each: Succession, ids: list[UUID] | None) -> int:
    """Give rows another owner, and remember whose they were."""
    change = (
        update(table)
        .where(table.body_code == each.predecessor)
        .values(body_code=each.successor, from_code=func.coalesce(table.from_code, each.predecessor))
    )
    if ids is not None:
        change = change.where(table.id.in_(ids))
    # A list that both councils imported would clash on its own key.
    clash = select(table.source_key).where(table.body_code == each.successor)
    change = change.where((table.source_key.is_(None)) | (table.source_key.not_in(clash)))
    return len((await db.execute(change.returning(table.id))).all())


async def _people(db: AsyncSession, each: Succession) -> int:
    """Let the people of a council act for the one that takes over, in the same roles."""
    theirs = select(Membership.person_id, Membership.role).where(
        Membership.organisation_id == each.predecessor_id
    )
    rows = [
        {"person_id": person_id, "organisation_id": each.successor_id, "role": role}
        for person_id, role in await db.execute(theirs)
    ]
    if not rows:
        return 0
    new = insert(Membership).values(rows).on_conflict_do_nothing().returning(Membership.person_id)
    return len((await db.execute(new)).all())


async def _memberships(db: AsyncSession, actor: Actor, each: Succession) -> int:
    """Give a council's place in pools to the one that takes over, which may have one there already."""
    pools = list(
        await db.scalars(
            select(PoolMember.pool_id).where(
                PoolMember.body_code == each.predecessor, PoolMember.stage != Stage.WITHDRAWN
            )
        )
    )
    for pool_id in pools:
        await db.execute(select(PoolPulse.pool_id).where(PoolPulse.pool_id == pool_id).with_for_update())
        await _membership(db, pool_id, each)
        await db.execute(
            update(PoolPulse).where(PoolPulse.pool_id == pool_id).values(changed=PoolPulse.changed + 1)
        )
        await audit.record(
            db, actor, "pool.member_succeeded", "pool", pool_id, body_code=each.successor,
            predecessor=each.predecessor,
        )  # fmt: skip
        await jobs.enqueue_once(db, actor, SETTLE, lane="quick", pool_id=str(pool_id))
    await db.execute(update(Pool).where(Pool.lead_code == each.predecessor).values(lead_code=each.successor))
    return len(pools)


async def _membership(db: AsyncSession, pool_id: UUID, each: Succession) -> None:
    both = (each.predecessor, each.successor)
    rows = await db.execute(
        select(PoolMember.body_code, PoolMember.stage).where(
            PoolMember.pool_id == pool_id, PoolMember.body_code.in_(both)
        )
    )
    stages = {row.body_code: row.stage for row in rows}
    there = each.successor in stages
    stage = joined_stage(stages.values())
    if not there:
        await db.execute(insert(PoolMember).values(pool_id=pool_id, body_code=each.successor))
        await db.execute(insert(PoolTerms).values(pool_id=pool_id, body_code=each.successor))
    here = (PoolMember.pool_id == pool_id, PoolMember.body_code == each.successor)
    await _terms(db, pool_id, each, there=there)
    await db.execute(
        update(PoolStake)
        .where(PoolStake.pool_id == pool_id, PoolStake.body_code == each.predecessor)
        .values(body_code=each.successor)
    )
    await hand_over_lines(db, pool_id, each)
    await hand_over_offer(db, pool_id, each)
    if stage is Stage.BOUND:
        await _signatures(db, pool_id, each)
    if stages.get(each.successor) == Stage.WITHDRAWN:
        await db.execute(update(PoolMember).where(*here).values(stage=Stage.INTERESTED))
    await db.execute(
        update(PoolMember).where(*here).values(stage=stage, stage_changed_at=func.statement_timestamp())
    )
    await db.execute(
        update(PoolMember)
        .where(PoolMember.pool_id == pool_id, PoolMember.body_code == each.predecessor)
        .values(
            stage=Stage.WITHDRAWN,
            standing=None,
            left_reason=f"{each.successor_name} took over on {each.on:%d %B %Y}",
            stage_changed_at=func.statement_timestamp(),
        )
    )
    await db.execute(
        update(PoolPerson)
        .where(PoolPerson.pool_id == pool_id, PoolPerson.body_code == each.predecessor)
        .values(body_code=each.successor)
    )


async def _terms(db: AsyncSession, pool_id: UUID, each: Succession, *, there: bool) -> None:
    """Join the terms: caps add up where both had one, of the rest the stricter counts."""
    rows = await db.scalars(
        select(PoolTerms).where(
            PoolTerms.pool_id == pool_id, PoolTerms.body_code.in_((each.predecessor, each.successor))
        )
    )
    terms = {row.body_code: row for row in rows}
    old, new = terms.get(each.predecessor), terms[each.successor]
    if old is None:
        return
    if not there:
        new.cap_pence = old.cap_pence
    elif new.cap_pence is not None and old.cap_pence is not None:
        new.cap_pence += old.cap_pence
    else:
        new.cap_pence = None
    own = {each.predecessor, each.successor}
    new.least_partners = max(new.least_partners, old.least_partners)
    new.least_joint_pence = max(new.least_joint_pence, old.least_joint_pence)
    new.partners = sorted({*new.partners, *old.partners} - own)
    new.conditions = "\n".join(filter(None, (new.conditions, old.conditions)))
    new.conditions_met = new.conditions_met and old.conditions_met if there else old.conditions_met
    await db.flush()


async def _signatures(db: AsyncSession, pool_id: UUID, each: Succession) -> None:
    """Let what the predecessor signed, and up to which sum, hold for the council that takes over."""
    signed = await db.scalars(
        select(PoolSignature).where(
            PoolSignature.pool_id == pool_id,
            PoolSignature.body_code == each.predecessor,
            PoolSignature.ended_at.is_(None),
        )
    )
    for row in signed:
        key = {"pool_id": pool_id, "version": row.version, "body_code": each.successor}
        turns = select(PoolSignature.turn).filter_by(**key)
        turn = await db.scalar(turns.where(PoolSignature.ended_at.is_(None)))
        if turn is None:
            turn = (await db.scalar(turns.order_by(PoolSignature.turn.desc()).limit(1)) or 0) + 1
        key["turn"] = turn
        await db.execute(
            insert(PoolSignature)
            .values(
                **key,
                sha256=row.sha256,
                person_id=row.person_id,
                person_name=f"{row.person_name}, for {each.predecessor_name}",
                signed_at=row.signed_at,
            )
            .on_conflict_do_nothing()
        )
        sums = (PoolCommitment.pool_id == pool_id, PoolCommitment.version == row.version)
        old = await db.scalar(
            select(PoolCommitment).where(
                *sums, PoolCommitment.body_code == each.predecessor, PoolCommitment.turn == row.turn
            )
        )
        if old is None:
            continue
        await db.execute(
            insert(PoolCommitment)
            .values(**key, sum_pence=old.sum_pence, until_on=old.until_on)
            .on_conflict_do_update(
                constraint="pk_pool_commitment",
                set_={
                    "sum_pence": PoolCommitment.sum_pence + old.sum_pence,
                    "until_on": func.least(PoolCommitment.until_on, old.until_on),
                },
            )
        )
