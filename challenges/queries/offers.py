"""What firms offer, which open challenges there are to propose, and which a firm set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.models import Challenge, ChallengeDismissal, FirmOffer
from challenges.rules.proposing import Proposed, Thing, proposed
from values.actors import Actor

# More than are ever open at once; the next due come first.
MOST_READ: Final = 500


@dataclass(frozen=True, slots=True)
class OfferRow:
    """What a firm does, in its own words."""

    organisation_id: UUID
    firm: str
    words: str
    categories: tuple[str, ...]
    listed: bool

    @property
    def thing(self) -> Thing:
        """The same as it is proposed, or proposed to."""
        return Thing(self.organisation_id, self.words, frozenset(self.categories))


@dataclass(frozen=True, slots=True)
class ProposedChallenge:
    """An open challenge that is worth a look for a firm, and why."""

    id: UUID
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """What is proposed to a firm above the list of all.

    Attributes:
        offer: what it says of itself; None where it has said nothing yet.
        aside: id and title of the open challenges that it set aside.
    """

    offer: OfferRow | None
    first: Sequence[ProposedChallenge]
    aside: Sequence[tuple[UUID, str]]


async def own_offer(db: AsyncSession, actor: Actor) -> OfferRow | None:
    """Return what the actor's firm says that it does."""
    found = await db.scalar(
        select(FirmOffer)
        .where(FirmOffer.organisation_id == actor.organisation_id)
        .execution_options(populate_existing=True)
    )
    return _row(found) if found else None


async def listed(db: AsyncSession) -> Sequence[OfferRow]:
    """Return what firms offer that want to be found by councils, by name; none for anybody else."""
    rows = await db.scalars(
        select(FirmOffer).where(FirmOffer.listed).order_by(FirmOffer.firm, FirmOffer.organisation_id)
    )
    return [_row(each) for each in rows]


async def proposals(db: AsyncSession, actor: Actor, most: int) -> Proposals:
    """Return the open challenges that fit what the actor's firm does, the best first."""
    offer = await own_offer(db, actor)
    if offer is None:
        return Proposals(None, [], [])
    rows = await db.execute(
        select(
            Challenge.id,
            Challenge.title,
            Challenge.category,
            func.concat_ws(
                " ", Challenge.problem, Challenge.people, Challenge.outcomes, Challenge.interfaces
            ),
            ChallengeDismissal.challenge_id.is_not(None),
        )
        .outerjoin(
            ChallengeDismissal,
            (ChallengeDismissal.challenge_id == Challenge.id)
            & (ChallengeDismissal.organisation_id == actor.organisation_id),
        )
        .where(
            Challenge.state == "open",
            Challenge.published_at.is_not(None),
            Challenge.responses_due_at > func.statement_timestamp(),
        )
        .order_by(Challenge.responses_due_at, Challenge.id)
        .limit(MOST_READ)
    )
    found = rows.all()
    titles = {row[0]: row[1] for row in found}
    things = [
        Thing(row[0], f"{row[1]}. {row[1]}. {row[3]}", frozenset({row[2]})) for row in found if not row[4]
    ]
    best = [each for each in proposed(offer.thing, things) if each.worth_a_look][:most]
    return Proposals(
        offer,
        [ProposedChallenge(each.id, titles[each.id], each.reason) for each in best],
        [(row[0], row[1]) for row in found if row[4]],
    )


async def firms_for(db: AsyncSession, challenge_id: UUID) -> Sequence[tuple[OfferRow, Proposed]]:
    """Return all firms that want to be found, the best fit for a challenge first."""
    said = (
        await db.execute(
            select(
                Challenge.title,
                func.concat_ws(
                    " ", Challenge.problem, Challenge.people, Challenge.outcomes, Challenge.interfaces
                ),
                Challenge.category,
            ).where(Challenge.id == challenge_id)
        )
    ).one()
    asked = Thing(challenge_id, f"{said[0]}. {said[0]}. {said[1]}", frozenset({said[2]}))
    offers = {each.organisation_id: each for each in await listed(db)}
    return [(offers[each.id], each) for each in proposed(asked, [row.thing for row in offers.values()])]


def _row(found: FirmOffer) -> OfferRow:
    return OfferRow(found.organisation_id, found.firm, found.words, tuple(found.categories), found.listed)
