"""A supplier's bid: begun, its task list, its parts. Everybody of the supplier works on the one bid."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from sourcing.actions import following
from suppliers.queries import own_numbers, own_size
from tenders.actions.bidding import drafting, sealed
from tenders.actions.bidding.sealed import Opened
from tenders.forms import bids as forms
from tenders.queries import bids as queries
from tenders.queries import corrections, openings, teams, tenders
from tenders.queries.bids import BidRow, ReceiptRow
from tenders.routes.showing import master_key
from tenders.rules.bidding import drafts, standing
from tenders.rules.bidding.asked import Asked
from tenders.rules.bidding.drafts import PART_WORDS, BidPart
from tenders.rules.bidding.standing import BidState
from values.actors import Actor
from values.refusals import Missing
from web.forms import Form
from web.pages import AnyRequest, Page, to

# Nothing of a bid stays in a browser's cache, where the next person at the machine would find it.
PRIVATE: Final[Mapping[str, str]] = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Task:
    """A part of a bid as a line of its task list."""

    name: str
    href: str
    status: tuple[str, str]
    saved: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A bid as its bidder's people work on it; `joined`: they are of a member, not of its lead."""

    bid: BidRow
    asked: Asked
    opened: Opened
    receipts: Sequence[ReceiptRow]
    joined: bool = False

    @property
    def place(self) -> str:
        """The address of its pages: the lead's, or those of somebody who joined it."""
        return f"/bids/{self.bid.id}" if self.joined else f"/tenders/{self.bid.tender_id}/bid"

    @property
    def state(self) -> BidState:
        """Whether something counts."""
        return standing.bid_state([each.kind for each in reversed(self.receipts)])

    @property
    def state_words(self) -> tuple[str, str]:
        """The same in words, and the colour of the tag."""
        return standing.STATE_WORDS[self.state]

    @property
    def last(self) -> ReceiptRow | None:
        """The newest receipt."""
        return self.receipts[0] if self.receipts else None

    @property
    def counting(self) -> ReceiptRow | None:
        """The receipt of what counts, if anything does."""
        submitted = (each for each in self.receipts if each.kind == standing.ReceiptKind.SUBMITTED)
        return next(submitted, None) if self.state is BidState.SUBMITTED else None

    @property
    def gaps(self) -> list[drafts.Gap]:
        """What the draft lacks."""
        return drafts.gaps(self.asked, self.opened.draft)

    def parts(self) -> list[BidPart]:
        """The parts that this tender asks for."""
        asked = {
            BidPart.TEAM: True,
            BidPart.LOTS: len(self.asked.lots) > 1,
            BidPart.CONDITIONS: bool(self.asked.conditions),
            BidPart.ANSWERS: bool(self.asked.questions),
            BidPart.PRICES: self.asked.priced and bool(drafts.chosen(self.asked, self.opened.draft)),
        }
        return [part for part in BidPart if asked[part]]

    def tasks(self) -> list[Task]:
        """The task list."""
        missing = [gap.part for gap in self.gaps]
        found: list[Task] = []
        for part in self.parts():
            count = missing.count(part)
            status = (f"{count} missing", "yellow") if count else ("Complete", "green")
            if part is BidPart.TEAM and self.opened.draft.team.alone:
                status = ("You alone", "grey")
            row = self.opened.parts.get(part.value)
            href = f"{self.place}/{part.value}"
            found.append(Task(PART_WORDS[part], href, status, row.saved_by if row else ""))
        return found


async def desk(db: AsyncSession, actor: Actor, request: AnyRequest, tender_id: UUID) -> Desk:
    """Return the bid that the actor's organisation has for a tender.

    Raises:
        NotAllowed: not of a supplier.
        Missing: it has none.
    """
    standing.check_may_bid(actor)
    return await desk_of(db, request, await queries.own_bid(db, actor, tender_id))


async def desk_of(db: AsyncSession, request: AnyRequest, bid: BidRow, *, joined: bool = False) -> Desk:
    """Return a bid that the reader's organisation leads or has joined."""
    return Desk(
        bid,
        await queries.asked(db, bid.tender_id),
        await sealed.open_draft(db, bid, master=master_key(request)),
        await queries.receipts(db, bid.id),
        joined,
    )


@get("/bids", name="tenders.bids")
async def bids(db: Db, actor: Someone) -> Page:
    """List the bids of the reader's organisation."""
    standing.check_may_bid(actor)
    found = [(row, standing.STATE_WORDS[state]) for row, state in await queries.own_bids(db, actor)]
    joined = await teams.own_memberships(db, actor)
    context = {"bids": found, "joined": joined, "size": await own_size(db, actor)}
    return Page("tenders/bids.html", context=context, headers=dict(PRIVATE))


@get("/tenders/{tender_id:uuid}/bid", name="tenders.bid")
async def bid(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show the bid with what is done and missing, or how to begin one."""
    standing.check_may_bid(actor)
    if await queries.maybe_own_bid(db, actor, tender_id) is None:
        return await _before(db, tender_id, forms.BeginForm(data={"follow": True}))
    found = await desk(db, actor, request, tender_id)
    context = {
        "desk": found,
        "extensions": await queries.extensions(db, tender_id),
        "corrections": await corrections.published(db, tender_id),
        "damage": await openings.own_damage(db, tender_id),
        "size": await own_size(db, actor),
        "numbers": await own_numbers(db, actor),
    }
    return Page("tenders/bid.html", context=context, headers=dict(PRIVATE))


async def _before(db: AsyncSession, tender_id: UUID, form: Form) -> Page:
    tender = await tenders.tender_row(db, tender_id)
    if not tender.published:
        raise Missing("tender")
    context = {"tender": tender, "form": form}
    return Page("tenders/bid_begin.html", context=context, status_code=422 if form.error_list else 200)


@post("/tenders/{tender_id:uuid}/bid", name="tenders.begin_bid", status_code=200)
async def begin(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Begin a bid."""
    form = forms.BeginForm(await request.form())
    async with form.attempt(db):
        if form.follow.data:
            await following.follow(db, actor, tender_id)
        await drafting.begin(db, actor, tender_id, master=master_key(request))
        return to(request, f"/tenders/{tender_id}/bid")
    return await _before(db, tender_id, form)


# Who bids has pages of its own.
PARTS: Final = [part for part in BidPart if part is not BidPart.TEAM]
PATHS: Final = [f"/tenders/{{tender_id:uuid}}/bid/{part.value}" for part in PARTS]


def part_of(request: AnyRequest) -> BidPart:
    """Return the part of a bid that an address ends with."""
    return BidPart(str(request.scope["path"]).rstrip("/").rsplit("/", 1)[-1])


def filled_page(found: Desk, part: BidPart) -> Page:
    """Return the page on which a part is filled in, with what was saved of it."""
    draft = found.opened.draft
    form = forms.form_of(part, found.asked, draft)(data=forms.filled(part, found.asked, draft))
    return _part_page(found, part, form, found.opened.versions.get(part.value, 0))


Save = Callable[[Mapping[str, object], int], Awaitable[None]]


async def sent_part(
    request: AnyRequest, db: AsyncSession, found: Desk, part: BidPart, save: Save
) -> Page | Redirect:
    """Save what was sent of a part, or show it again with what is wrong."""
    typed = await request.form()
    seen = str(typed.get("seen", ""))
    version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    draft = found.opened.draft
    form = forms.form_of(part, found.asked, draft)(typed)
    if form.validate():
        async with form.attempt(db):
            await save(forms.said(part, found.asked, draft, form), version)
            return to(request, found.place, notice=f"{PART_WORDS[part]}: saved")
    return _part_page(found, part, form, version)


def _part_page(found: Desk, part: BidPart, form: Form, seen: int) -> Page:
    return Page(
        "tenders/bid_part.html",
        context={
            "desk": found,
            "form": form,
            "heading": PART_WORDS[part],
            "part": part,
            "groups": forms.groups(part, found.asked, found.opened.draft, form),
            "seen": seen,
        },
        status_code=422 if form.error_list else 200,
        headers=dict(PRIVATE),
    )


@get(PATHS, name="tenders.bid_part")
async def part_page(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show a part of the bid to be filled in."""
    return filled_page(await desk(db, actor, request, tender_id), part_of(request))


@post(PATHS, name="tenders.save_bid_part", status_code=200)
async def save_part(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]
) -> Page | Redirect:
    """Save a part of the bid."""
    part = part_of(request)

    async def save(said: Mapping[str, object], seen: int) -> None:
        await drafting.save_part(db, actor, tender_id, part, said, seen=seen)

    return await sent_part(request, db, await desk(db, actor, request, tender_id), part, save)


router = Router("/", route_handlers=[bids, bid, begin, part_page, save_part], include_in_schema=False)
