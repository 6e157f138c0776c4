"""The councils that sponsor a challenge, what they answered, and how the reader's own stands to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from challenges.models import Challenge, ChallengeApproval, ChallengeSponsor
from challenges.queries.challenges import ChallengeRow
from challenges.rules.approving import Standing
from procurement.models import Need, Pool, PoolStake
from procurement.queries import authority
from values.actors import Actor


@dataclass(frozen=True, slots=True)
class SponsorRow:
    """A sponsor; `stands`: it approved the statement as it is. Ids as far as the reader may see."""

    code: str
    organisation_id: UUID
    name: str
    short_name: str
    line: str
    need_id: UUID | None
    need_title: str
    pool_id: UUID | None
    pool_title: str
    joined_by: str
    joined_at: datetime
    stands: bool


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What a sponsor answered to a statement."""

    code: str
    short_name: str
    version: int
    fingerprint: bytes
    decision: str
    reason: str
    person_name: str
    decided_at: datetime


async def sponsors(db: AsyncSession, challenge_id: UUID) -> Sequence[SponsorRow]:
    """Return the sponsors that the reader may know of, the lead first.

    A need and its pool are shown to whoever may read them.
    """
    stands = func.app.sponsor_stands(ChallengeSponsor.challenge_id, ChallengeSponsor.body_code)
    rows = await db.execute(
        select(
            ChallengeSponsor.body_code,
            Organisation.id,
            Organisation.name,
            Organisation.short_name,
            ChallengeSponsor.line,
            Need.id,
            func.coalesce(Need.title, ""),
            Pool.id,
            func.coalesce(Pool.title, ""),
            ChallengeSponsor.joined_by,
            ChallengeSponsor.joined_at,
            stands,
        )
        .join(Organisation, Organisation.code == ChallengeSponsor.body_code)
        .join(Challenge, Challenge.id == ChallengeSponsor.challenge_id)
        .outerjoin(Need, Need.id == ChallengeSponsor.need_id)
        .outerjoin(PoolStake, (PoolStake.need_id == Need.id) & PoolStake.active)
        .outerjoin(Pool, Pool.id == PoolStake.pool_id)
        .where(ChallengeSponsor.challenge_id == challenge_id)
        .order_by(ChallengeSponsor.body_code != Challenge.lead_code, Organisation.name)
    )
    return [SponsorRow(*row) for row in rows]


async def names_of(db: AsyncSession, challenge_ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """Return the short names of the sponsors of several challenges."""
    rows = await db.execute(
        select(ChallengeSponsor.challenge_id, Organisation.short_name)
        .join(Organisation, Organisation.code == ChallengeSponsor.body_code)
        .where(ChallengeSponsor.challenge_id.in_(challenge_ids))
        .order_by(Organisation.short_name)
    )
    found: dict[UUID, list[str]] = {}
    for challenge_id, name in rows:
        found.setdefault(challenge_id, []).append(name)
    return found


async def answers(db: AsyncSession, challenge_id: UUID) -> Sequence[AnswerRow]:
    """Return all that sponsors answered, the newest first; none for whoever is outside."""
    rows = await db.execute(
        select(
            ChallengeApproval.body_code,
            Organisation.short_name,
            ChallengeApproval.version,
            ChallengeApproval.fingerprint,
            ChallengeApproval.decision,
            ChallengeApproval.reason,
            ChallengeApproval.person_name,
            ChallengeApproval.decided_at,
        )
        .join(Organisation, Organisation.code == ChallengeApproval.body_code)
        .where(ChallengeApproval.challenge_id == challenge_id)
        .order_by(ChallengeApproval.decided_at.desc(), ChallengeApproval.id.desc())
    )
    return [AnswerRow(*row) for row in rows]


async def standing(db: AsyncSession, actor: Actor, challenge: ChallengeRow, own_code: str | None) -> Standing:
    """Return how the actor's council stands to a challenge."""
    own = [each for each in await sponsors(db, challenge.id) if each.code == own_code]
    return Standing(
        state=challenge.state,
        sponsor=bool(own),
        leads=own_code == challenge.lead_code,
        fingerprint=challenge.fingerprint or b"",
        stands=bool(own) and own[0].stands,
        takes_responses=challenge.takes_responses,
        budget_pence=challenge.budget_gross_pence,
        limit_pence=await authority.own_limit(db, actor),
    )


async def own_needs(db: AsyncSession, own_code: str) -> Sequence[tuple[UUID, str]]:
    """Return the needs of a council that it could link, by title."""
    rows = await db.execute(
        select(Need.id, Need.title)
        .where(Need.body_code == own_code, Need.state != "archived")
        .order_by(Need.title)
    )
    return [(need_id, title) for need_id, title in rows]
