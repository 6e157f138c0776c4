"""Invented tenders past their publication: one in each state, walked there by what people do.

The people have accounts, so that whoever tries the service goes on from where each tender stands.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update

from accounts.models import Credential
from procurement.actions.demonstration.pools import InventedPool, walk_pool
from procurement.rules.pools.states import PoolState
from store.db import Sessions, transaction
from tenders.actions import approving, awarding, making, notices, terminating
from tenders.actions import demonstration_panel as panel
from tenders.actions.bidding import opening, sealed
from tenders.actions.demonstration import LEAD, USE, InventedLot, InventedTender, fill
from tenders.actions.demonstration_bidders import BIDDERS, GRANTVALE, NORTHMOOR, enter_bidders, hand_in
from tenders.actions.demonstration_clock import RecordedTimes
from tenders.actions.demonstration_contracts import Signing
from tenders.actions.demonstration_panel import CHAIR, OFFICER, OTHER, THIRD, account, act
from tenders.models import Tender
from tenders.queries import assessments, openings, tenders
from tenders.rules.notices import Code
from tenders.rules.states import TenderState
from values.actors import Actor
from values.years import LONDON

APPROVERS: Final = {LEAD: CHAIR, "CMD": OTHER, "SLF": THIRD}
# Days after publication: the deadline stands in the tender, the others are when people go on.
DUE, OPENED, ASSESSED, DECIDED, TOLD, NOTICED = 42, 44, 58, 62, 64, 66
GIVEN_UP: Final = 30


@dataclass(frozen=True, slots=True)
class InventedCourse:
    """A tender that was published so many days ago, and came to its state since."""

    tender: InventedTender
    days_ago: int

    @property
    def state(self) -> TenderState:
        """The state that it came to."""
        return self.tender.state


def _short(
    title: str,
    category: str,
    purpose: str,
    state: TenderState,
    days_ago: int,
    lots: tuple[InventedLot, ...] = (),
) -> InventedCourse:
    """Return a course whose tender asks for little, so that it is quick to load."""
    members = ((LEAD, 690, 41_000), ("CMD", 450, 27_000), ("SLF", 330, 19_000))
    pool = InventedPool(title, category, purpose, PoolState.COMMITTED, members)
    tender = InventedTender(
        pool, state, tuple(APPROVERS), criteria=((*USE, 60),), kpis=(), files=(), lots=lots
    )
    return InventedCourse(tender, days_ago)


COURSES: Final = (
    InventedCourse(
        InventedTender(
            InventedPool(
                "Library lending and catalogue",
                "library-systems",
                "Readers find, reserve and renew in one place, in every branch",
                PoolState.COMMITTED,
                ((LEAD, 690, 410_000), ("CMD", 450, 270_000), ("SLF", 330, 190_000)),
            ),
            TenderState.CONTRACTS,
            tuple(APPROVERS),
        ),
        110,
    ),
    _short(
        "Trading standards case files",
        "document-systems",
        "Officers see one history of a business across council borders",
        TenderState.TERMINATED,
        75,
    ),
    _short(
        "Council tax and benefits",
        "revenues-benefits-systems",
        "Residents see what they owe and why, and tell us once when something changes",
        TenderState.STANDSTILL,
        NOTICED + 2,
        lots=(
            InventedLot("Billing and benefits", "What is owed and paid, by whom, and what changes it", 65),
            InventedLot("Letters and self-service", "Letters and forms, on paper and on screens", 35),
        ),
    ),
    _short(
        "Streetworks permits",
        "gis-systems",
        "Works are coordinated on one map, and residents hear of them before they begin",
        TenderState.AWARDED,
        TOLD + 1,
    ),
    _short(
        "Waste rounds in the cab",
        "software-other",
        "Crews see their round on a screen, and a missed bin is known the same day",
        TenderState.ASSESSED,
        DECIDED + 2,
    ),
    _short(
        "Case notes for social workers",
        "social-care-systems",
        "A visit is written up once, on the way, and read by whoever needs it",
        TenderState.OPENED,
        OPENED + 4,
    ),
    _short(
        "Bookings for leisure centres",
        "customer-digital-systems",
        "A court or a class is booked in a minute, and a cancelled one is offered again",
        TenderState.CLOSED,
        DUE + 3,
    ),
    _short(
        "Payroll for schools",
        "finance-hr-systems",
        "Schools of all three councils are paid by one service",
        TenderState.APPROVED,
        0,
    ),
)


async def load_demonstration_courses(
    jobs: Sessions, app: Sessions, owner: Sessions, *, master: bytes, anchor: date
) -> int:
    """Walk invented tenders to their states; return how many are new. Safe to repeat.

    Args:
        jobs: sessions of the jobs role, which walks their pools.
        app: sessions of the application's role, in which people act.
        owner: sessions of the role that owns the tables, which moves recorded times.
        master: the master key.
        anchor: the day on which the world stands.
    """
    async with transaction(jobs, Actor()) as db:
        known = set(await db.scalars(select(Tender.title).where(Tender.demonstration)))
        await enter_bidders(db)
    new = [each for each in COURSES if each.tender.pool.title not in known]
    for each in new:
        await Walk(jobs, app, RecordedTimes(owner), master, each, anchor).whole()
    return len(new)


@dataclass(slots=True)
class Walk:
    """One invented tender on its way."""

    jobs: Sessions
    app: Sessions
    times: RecordedTimes
    master: bytes
    course: InventedCourse
    anchor: date
    tender_id: UUID = field(init=False)

    def at(self, days: int) -> datetime:
        """Return the morning so many days after the publication, and no time to come."""
        day = self.anchor - timedelta(days=self.course.days_ago) + timedelta(days=days)
        return min(datetime.combine(day, time(10), LONDON), datetime.now(UTC))

    async def whole(self) -> None:
        """Go step by step until the tender is in its state."""
        await self._approved()
        steps: Mapping[TenderState, tuple[Callable[[], Awaitable[None]], ...]] = {
            TenderState.APPROVED: (),
            TenderState.TERMINATED: (self._published, self._terminated),
            TenderState.CLOSED: (self._published, self._bids, self._proposed),
        }
        along = (
            (TenderState.OPENED, self._opened),
            (TenderState.ASSESSED, self._assessed),
            (TenderState.AWARDED, self._awarded),
            (TenderState.STANDSTILL, self._standstill),
            (TenderState.CONTRACTS, self._contracts),
        )
        found = steps.get(self.course.state)
        if found is None:
            last = [state for state, _ in along].index(self.course.state)
            found = (self._published, self._bids, *(step for _, step in along[: last + 1]))
        for step in found:
            await step()

    async def _approved(self) -> None:
        tender, published = self.course.tender, self.at(0)
        since = datetime.now(UTC)
        pool_id = await walk_pool(self.jobs, tender.pool, published.date(), now=published)
        self.tender_id = await act(self.app, OFFICER, making.make_tender, pool_id)
        officer = account(OFFICER)
        async with transaction(self.app, officer) as db:
            await fill(db, officer, self.tender_id, tender, published.date())
            await approving.submit(db, officer, self.tender_id, now=published)
            seen = (await tenders.tender_row(db, self.tender_id)).fingerprint or b""
        for code in tender.approved:
            await act(self.app, APPROVERS[code], approving.approve, self.tender_id, seen=seen)
        if self.course.state is not TenderState.APPROVED:
            await self.times.move(self.tender_id, published, since)

    async def _published(self) -> None:
        await self._notice(Code.TENDER, "000000-0000 (invented)", self.at(0))
        async with self.times.as_of(self.tender_id, self.at(0)):
            await act(self.app, OFFICER, sealed.make_key, self.tender_id, master=self.master)

    async def _notice(self, code: Code, reference: str, at: datetime) -> None:
        async with self.times.as_of(self.tender_id, at):
            notice_id = await act(self.app, OFFICER, notices.prepare, self.tender_id, code, now=at)
        async with self.times.as_of(self.tender_id, at):
            await act(
                self.app,
                OFFICER,
                notices.confirm,
                self.tender_id,
                notice_id,
                reference=reference,
                published_at=at,
                now=at,
            )

    async def _terminated(self) -> None:
        async with self.times.as_of(self.tender_id, self.at(GIVEN_UP)):
            reason = "Two of the councils become one, and buy anew (invented)"
            await act(self.app, OFFICER, terminating.terminate, self.tender_id, reason=reason)
        await self._notice(Code.TERMINATION, "000000-0012 (invented)", self.at(GIVEN_UP + 1))

    async def _bids(self) -> None:
        async with (
            self.times.as_of(self.tender_id, self.at(DUE - 1)),
            self.times.before_deadline(self.tender_id),
        ):
            # Three in the tender that came furthest; two keep the others quick to load.
            several = self.course.state is TenderState.CONTRACTS
            bidders = BIDDERS if several else (NORTHMOOR, GRANTVALE)
            for each in bidders:
                await hand_in(self.app, each, self.tender_id, self.course.tender, master=self.master)

    async def _proposed(self) -> None:
        await self._by_two(CHAIR, opening.propose)

    async def _opened(self) -> None:
        async with self.times.as_of(self.tender_id, self.at(OPENED)):
            await self._proposed()
            await self._by_two(OTHER, partial(opening.confirm, master=self.master))
        async with self.times.as_of(self.tender_id, self.at(OPENED + 1)):
            await panel.begin(self.app, self.tender_id)

    async def _by_two(self, email: str, action: Callable[..., Awaitable[object]]) -> None:
        """Do what asks for a code of the second factor just before, as if it had been given."""
        actor = account(email)
        step = func.floor(func.extract("epoch", func.clock_timestamp()) / 30)
        await self._code_given(actor, step)
        async with transaction(self.app, actor) as db:
            tender = await tenders.tender_row(db, self.tender_id)
            code = next(code for code, each in APPROVERS.items() if each == email)
            found = await openings.circumstances(db, tender, own_code=code, takes_part=True)
            await action(db, actor, self.tender_id, found)
        await self._code_given(actor, None)

    async def _code_given(self, actor: Actor, step: object) -> None:
        async with transaction(self.jobs, Actor()) as db:
            of = Credential.person_id == actor.person_id
            await db.execute(update(Credential).where(of).values(totp_last_step=step))

    async def _assessed(self) -> None:
        async with self.times.as_of(self.tender_id, self.at(ASSESSED)):
            marks = {each.id: each.marks for each in BIDDERS}
            await panel.settle(self.app, self.tender_id, marks)
        async with self.times.as_of(self.tender_id, self.at(DECIDED)):
            reason = "As it was computed (invented)"
            await act(self.app, OFFICER, awarding.decide, self.tender_id, reason=reason)
            seen = await self._made()
            await act(self.app, CHAIR, awarding.approve, self.tender_id, seen=seen)

    async def _made(self) -> bytes:
        """Return the hash of the assessment, which approvers of an award see."""
        async with transaction(self.app, account(OFFICER)) as db:
            made = await assessments.made(db, self.tender_id)
        return made.sha256 if made else b""

    async def _awarded(self) -> None:
        async with self.times.as_of(self.tender_id, self.at(TOLD)):
            seen = await self._made()
            for code in self.course.tender.approved[1:]:
                await act(self.app, APPROVERS[code], awarding.approve, self.tender_id, seen=seen)
            await act(self.app, OFFICER, awarding.conclude, self.tender_id)
            await act(self.app, OFFICER, awarding.release, self.tender_id)

    async def _standstill(self) -> None:
        await self._notice(Code.AWARD, "000000-0006 (invented)", self.at(NOTICED))

    async def _contracts(self) -> None:
        signing = Signing(self.app, self.times, self.tender_id, self.course.tender, self.at)
        await signing.whole()
