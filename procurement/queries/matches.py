"""Matches of a need as pages show them: ranked with the weights of today, with reasons in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from analytics.similarity import ranking
from procurement.models import MatchLabel, Need, NeedLine, NeedMatch, NeedVector
from procurement.queries.fields import current_weights
from procurement.queries.needs import NeedPage
from procurement.rules import matching as rules
from procurement.rules.conflicts import lines_of
from procurement.rules.matching import Reasons, Side
from procurement.rules.needs import NeedState
from spend.rules.categories import taxonomy
from store.db import rows

# After this long without an answer a page says so, and asks no more.
PATIENCE: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A need that may go together with the one that is looked at."""

    id: UUID
    body_code: str
    body_name: str
    title: str
    demonstration: bool
    side: Side
    cosine: float
    score_points: float = 0.0
    features: tuple[float, ...] = ()

    @property
    def category_name(self) -> str:
        """The name of its category."""
        return taxonomy().named(self.side.category)


@dataclass(frozen=True, slots=True)
class MatchFilter:
    """Which matches a list shows, in which order; empty: all."""

    category: str = ""
    region: str = ""
    window: str = ""
    sort: str = "score"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Matches:
    """The matches of a need, best first.

    Attributes:
        state: "ready", "waiting" (being worked out), "late" (nobody has worked them out for long), "none"
            (the need is archived or has no category).
        not_alike: those that the reader's council has said are not alike.
    """

    own: Side
    state: str
    found: Sequence[MatchRow] = ()
    not_alike: Sequence[MatchRow] = field(default=())

    def reasons(self, match: MatchRow) -> Reasons:
        """Say why a match goes together with the need, and which lines may not."""
        return rules.reasons(self.own, match.side, match.cosine)


_SIDE: Final = (
    Need.category,
    Organisation.region_code,
    Need.earliest_start_on,
    Need.latest_start_on,
    Need.volume,
    Need.unit,
)


async def matches(db: AsyncSession, page: NeedPage, own_code: str | None) -> Matches:
    """Return the matches of a need that the reader may see, without those said not to be alike."""
    own = await _own_side(db, page)
    state = await _state(db, page)
    if state == "none":
        return Matches(own, state)
    # After a merger two matched needs may be one council's.
    others = and_(NeedMatch.need_id == page.need.id, Need.body_code != page.need.body_code)
    ranked, apart = await _ranked(db, own, own_code, others)
    return Matches(own, state, ranked, apart)


async def pair(db: AsyncSession, page: NeedPage, other_id: UUID) -> MatchRow | None:
    """Return one match of a need, as it is ranked now; None where it is none."""
    one = and_(NeedMatch.need_id == page.need.id, NeedMatch.other_id == other_id)
    ranked, _ = await _ranked(db, await _own_side(db, page), None, one)
    return ranked[0] if ranked else None


def listed(found: Sequence[MatchRow], wanted: MatchFilter) -> list[MatchRow]:
    """Return those that a filter lets through, in its order."""
    kept = [match for match in found if _passes(match, wanted)]
    return sorted(kept, key=_KEYS[wanted.sort], reverse=wanted.descending)


def _passes(match: MatchRow, wanted: MatchFilter) -> bool:
    _, window, _, sibling, _, region, *_ = match.features
    if wanted.category and bool(sibling) != (wanted.category == "sibling"):
        return False
    if wanted.region and not region:
        return False
    return not wanted.window or window > 0


def _window(match: MatchRow) -> float:
    return match.features[1]


_KEYS: Final[dict[str, Any]] = {
    "score": attrgetter("score_points"),
    "text": attrgetter("cosine"),
    "title": attrgetter("title"),
    "council": attrgetter("body_name"),
    "window": _window,
}
SORTS: Final = tuple(_KEYS)


async def _own_side(db: AsyncSession, page: NeedPage) -> Side:
    need, required = page.need, page.requirements
    region = await db.scalar(
        select(Organisation.region_code).where(Organisation.code == need.body_code).limit(1)
    )
    return Side(
        need.category,
        region,
        need.earliest_start_on,
        need.latest_start_on,
        need.volume,
        need.unit,
        lines_of(required.must, required.standards, required.interfaces),
    )


async def _state(db: AsyncSession, page: NeedPage) -> str:
    need = page.need
    if need.state == NeedState.ARCHIVED or not need.category:
        return "none"
    known = select(NeedVector.version, NeedVector.was_open, NeedVector.matched_at)
    row = (await db.execute(known.where(NeedVector.need_id == need.id))).first()
    if (
        row
        and row.matched_at
        and row.version == need.version
        and row.was_open == (need.state == NeedState.OPEN)
    ):
        return "ready"
    return "late" if datetime.now(UTC) - need.changed_at > PATIENCE else "waiting"


async def _ranked(
    db: AsyncSession, own: Side, own_code: str | None, which: ColumnElement[bool]
) -> tuple[list[MatchRow], list[MatchRow]]:
    """Return what is ranked, and what the council has taken out."""
    said = exists().where(
        MatchLabel.first_id == func.least(NeedMatch.need_id, NeedMatch.other_id),
        MatchLabel.second_id == func.greatest(NeedMatch.need_id, NeedMatch.other_id),
        MatchLabel.body_code == own_code,
    )
    query = (
        select(
            Need.id,
            Need.body_code,
            Organisation.short_name,
            Need.title,
            Need.demonstration,
            NeedMatch.cosine,
            Need.standards,
            Need.interfaces,
            said.label("said"),
            *_SIDE,
        )
        .join(Need, Need.id == NeedMatch.other_id)
        .join(Organisation, Organisation.code == Need.body_code)
        .where(which, Need.state == NeedState.OPEN)
        .order_by(Need.id)
    )
    found: Sequence[Any] = await rows(db, query)
    if not found:
        return [], []
    musts: dict[UUID, list[str]] = {}
    lines = select(NeedLine.need_id, NeedLine.text).where(
        NeedLine.kind == "must", NeedLine.need_id.in_([row.id for row in found])
    )
    for line_of, line in await rows(db, lines.order_by(NeedLine.position)):
        musts.setdefault(line_of, []).append(line)
    sides = [
        Side(*row[-len(_SIDE) :], lines=lines_of(musts.get(row.id, []), row.standards, row.interfaces))
        for row in found
    ]
    columns = rules.features(own, sides, [row.cosine for row in found])
    points = ranking.score_points(await current_weights(db) or ranking.PRIOR, columns)
    ranked = [
        MatchRow(
            row.id,
            row.body_code,
            row.short_name,
            row.title,
            row.demonstration,
            side,
            row.cosine,
            float(points[place]),
            rules.of_one(columns, place),
        )
        for place, (row, side) in enumerate(zip(found, sides, strict=True))
    ]
    taken_out = {row.id for row in found if row.said}
    ranked.sort(key=lambda match: -match.score_points)
    kept = [match for match in ranked if match.id not in taken_out]
    return kept, [match for match in ranked if match.id in taken_out]
