"""Invented pools of the demonstration world, one in each state, walked there by what people do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.rules.register import NAMESPACE, body_id
from procurement.actions.demonstration import lines
from procurement.actions.needs import write_need
from procurement.actions.pools import joining, leading, leaving, starting
from procurement.actions.pools.joining import WantedTerms
from procurement.actions.pools.settling import settle
from procurement.models import (
    Need,
    Pool,
    PoolAgreement,
    PoolCommitment,
    PoolMember,
    PoolSignature,
)
from procurement.queries.pools import agreements
from procurement.queries.pools import pool as pools
from procurement.rules.needs import DataHeld, NeedState, Wanted
from procurement.rules.pools import agreement
from procurement.rules.pools.agreement import Choices
from procurement.rules.pools.joining import Charter
from procurement.rules.pools.states import PoolState, Stage, VoteRule
from procurement.rules.proposals import add_months
from spend.rules.categories import taxonomy
from store.db import Sessions, transaction
from values.actors import Actor, Role

PENCE_IN_THOUSAND: Final = 100_000


@dataclass(frozen=True, slots=True)
class InventedPool:
    """A pool to be walked to a state; the first member leads.

    Attributes:
        members: council, thousands of pounds, volume.
        terms: on what some of them are in.
        left: who leaves again, with a reason.
    """

    title: str
    category: str
    purpose: str
    state: PoolState
    members: tuple[tuple[str, int, int], ...]
    terms: tuple[tuple[str, WantedTerms], ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    vote_rule: VoteRule = VoteRule.COUNCIL


POOLS: Final = (
    # The example of a pool that does not pay: three small needs save less than taking part costs.
    InventedPool(
        "Museum and archive catalogue",
        "library-systems",
        "One catalogue that visitors of all our museums and archives can search",
        PoolState.FORMING,
        (("LDS", 420, 900_000), ("CMD", 260, 400_000), ("SLF", 180, 240_000)),
        (("CMD", WantedTerms(least_partners=3, conditions="Our archive keeps its own reading room system")),),
    ),
    InventedPool(
        "Planning and building control",
        "planning-systems",
        "Applicants and neighbours follow a case without calling",
        PoolState.AGREEING,
        (("CMD", 610, 320), ("LDS", 880, 480), ("BST", 540, 260), ("CON", 470, 300), ("NOW", 350, 180)),
        (("LDS", WantedTerms(cap_pence=85_000_000, least_partners=2)),),
    ),
    InventedPool(
        "Electoral registers",
        "electoral-systems",
        "Electors correct their entry online, and postal votes are checked faster",
        PoolState.COMMITTED,
        (("SLF", 390, 180_000), ("LDS", 680, 560_000), ("SND", 470, 210_000), ("CMD", 430, 150_000)),
    ),
    InventedPool(
        "Maps for all staff",
        "gis-systems",
        "Everybody finds what the council owns on one map",
        PoolState.HANDED_OVER,
        (("LDS", 620, 700), ("BST", 480, 420), ("NOW", 330, 310), ("CMD", 450, 380)),
    ),
    InventedPool(
        "Telephones and contact centre",
        "networks-telephony",
        "A caller is answered by the team that can help",
        PoolState.CLOSED,
        (("CMD", 520, 2_100), ("LDS", 940, 5_200), ("SND", 460, 1_800)),
    ),
    InventedPool(
        "Laptops for councillors",
        "devices-hardware",
        "Councillors read papers and vote from anywhere",
        PoolState.DISSOLVED,
        (("NOW", 120, 90), ("LEE", 110, 70), ("CON", 180, 120)),
        left=(("LEE", "Our budget for this year was cut"),),
    ),
)


async def load_demonstration_pools(sessions: Sessions, anchor: date) -> int:
    """Walk invented pools to their states; return how many are new. Safe to repeat.

    Needs the rights of the jobs role.
    """
    async with transaction(sessions, Actor()) as db:
        known = set(await db.scalars(select(Pool.title).where(Pool.demonstration)))
    new = [pool for pool in POOLS if pool.title not in known]
    for pool in new:
        await walk_pool(sessions, pool, anchor)
    return len(new)


async def walk_pool(
    sessions: Sessions, pool: InventedPool, anchor: date, *, now: datetime | None = None
) -> UUID:
    """Walk one invented pool to its state by what people do; return its id. `now` is when they do it."""
    lead = pool.members[0][0]
    now = now or datetime.now(UTC)
    async with transaction(sessions, officer_of(lead)) as db:
        need_id = await _need(db, pool, pool.members[0], anchor)
        pool_id = await starting.start_pool(
            db,
            officer_of(lead),
            need_id,
            _charter(pool, anchor),
            vote_rule=pool.vote_rule,
            own_region=False,
            now=now,
        )
        await db.execute(update(Pool).where(Pool.id == pool_id).values(demonstration=True))
    for member in pool.members[1:]:
        async with transaction(sessions, officer_of(member[0])) as db:
            need_id = await _need(db, pool, member, anchor)
            await joining.join_pool(db, officer_of(member[0]), pool_id, need_id, now=now)
    for code, terms in pool.terms:
        async with transaction(sessions, officer_of(code)) as db:
            await joining.set_terms(db, officer_of(code), pool_id, terms)
    for code, reason in pool.left:
        async with transaction(sessions, officer_of(code)) as db:
            await leaving.withdraw(db, officer_of(code), pool_id, reason=reason)
    codes = [code for code, *_ in pool.members if code not in dict(pool.left)]
    await lines.bring_lines(sessions, pool_id, codes, officer_of)
    if pool.state is PoolState.AGREEING:
        await lines.disagree(sessions, pool_id, codes, officer_of)
    await _settled(sessions, pool_id, now)
    await _moved(sessions, pool, pool_id, lead, now)
    return pool_id


async def _moved(sessions: Sessions, pool: InventedPool, pool_id: UUID, lead: str, now: datetime) -> None:
    """Take a pool that is forming to its state."""
    if pool.state is PoolState.FORMING:
        return
    if pool.state is PoolState.DISSOLVED:
        async with transaction(sessions, officer_of(lead)) as db:
            reason = "Too few councils were left"
            await leading.dissolve(db, officer_of(lead), pool_id, reason=reason)
        await _settled(sessions, pool_id, now)
        return
    async with transaction(sessions, officer_of(lead)) as db:
        await leading.open_agreeing(db, officer_of(lead), pool_id)
    await _settled(sessions, pool_id, now)
    async with transaction(sessions, officer_of(lead)) as db:
        await _agree(db, pool_id)
    if pool.state is PoolState.AGREEING:
        return
    for code, thousands, _ in pool.members:
        async with transaction(sessions, approver_of(code)) as db:
            await _sign(db, pool_id, code, thousands)
    await _settled(sessions, pool_id, now)
    for step in (leading.hand_over, leading.close):
        if pool.state is PoolState.COMMITTED or (
            step is leading.close and pool.state is not PoolState.CLOSED
        ):
            return
        async with transaction(sessions, officer_of(lead)) as db:
            await step(db, officer_of(lead), pool_id)
        await _settled(sessions, pool_id, now)


async def _settled(sessions: Sessions, pool_id: UUID, now: datetime) -> None:
    async with transaction(sessions, Actor()) as db:
        await settle(db, pool_id, now)


async def _need(db: AsyncSession, pool: InventedPool, member: tuple[str, int, int], anchor: date) -> UUID:
    code, thousands, volume = member
    category = next(each for each in taxonomy().categories if each.code == pool.category)
    earliest = add_months(anchor, 8)
    wanted = Wanted(
        pool.title,
        category=pool.category,
        outcomes=pool.purpose,
        volume=volume,
        unit=category.unit,
        value_pence=thousands * PENCE_IN_THOUSAND,
        budget_high_pence=thousands * PENCE_IN_THOUSAND * 11 // 10,
        earliest_start_on=earliest,
        latest_start_on=add_months(earliest, 9),
        data_held=DataHeld.PERSONAL,
        must=("All records can be exported in an open format", "Works with our single sign-on"),
        nice=("Staff learn it within a day",),
    )
    source_key = f"demonstration pool {pool.title}"
    need_id = await write_need(db, officer_of(code), code, wanted, source_key=source_key, demonstration=True)
    await db.execute(update(Need).where(Need.id == need_id).values(state=NeedState.OPEN.value))
    return need_id


def _charter(pool: InventedPool, anchor: date) -> Charter:
    first = add_months(anchor, 8)
    return Charter(
        title=pool.title,
        purpose=pool.purpose,
        quorum=3,
        largest=12,
        cap_pence=400_000_000,
        first_start_on=first,
        last_start_on=add_months(first, 9),
        joins_until=_noon(anchor + timedelta(days=30)),
        signs_until=_noon(anchor + timedelta(days=75)),
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


async def _agree(db: AsyncSession, pool_id: UUID) -> None:
    facts = await agreements.facts(db, pool_id)
    text = agreement.fill(facts, Choices(), 1)
    await db.execute(
        insert(PoolAgreement).values(
            pool_id=pool_id,
            version=1,
            text=text,
            sha256=agreement.digest(text),
            choices={**Choices().as_json(), "parties": [party.code for party in facts.parties]},
            reason="First version",
            person_name="Invented officer",
        )
    )


async def _sign(db: AsyncSession, pool_id: UUID, code: str, thousands: int) -> None:
    # As a real signature does: a settling at the same moment reads signatures and stages one after the other.
    await pools.locked_pool(db, pool_id)
    approver = approver_of(code)
    key = {"pool_id": pool_id, "version": 1, "body_code": code}
    await db.execute(
        insert(PoolSignature).values(
            **key,
            sha256=select(PoolAgreement.sha256).filter_by(pool_id=pool_id, version=1).scalar_subquery(),
            person_id=approver.person_id,
            person_name=approver.name,
        )
    )
    await db.execute(
        insert(PoolCommitment).values(
            **key,
            sum_pence=thousands * PENCE_IN_THOUSAND * 11 // 10,
            until_on=add_months(datetime.now(UTC).date(), 18),
        )
    )
    await db.execute(
        update(PoolMember)
        .where(PoolMember.pool_id == pool_id, PoolMember.body_code == code)
        .values(stage=Stage.BOUND)
    )


def officer_of(code: str) -> Actor:
    """Return the invented officer of a council."""
    return _invented(code, Role.OFFICER, "officer")


def approver_of(code: str) -> Actor:
    """Return the invented approver of a council."""
    return _invented(code, Role.APPROVER, "approver")


def _invented(code: str, role: Role, word: str) -> Actor:
    """Return somebody who does not exist, and whose name says so."""
    person_id = uuid5(NAMESPACE, f"demonstration {word} {code}")
    return Actor(person_id, body_id(code), frozenset({role}), f"Invented {word} ({code})")
