"""What notices about challenges are made from: entries, who follows, and the people of sponsors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.types import Uuid

from accounts.models import Membership, Organisation, Person
from challenges.models import Challenge, ChallengeSponsor
from notifications.rules.challenges import ANSWERED, FOLLOWED, TOLD, Challenged, Sponsoring
from sourcing.models import Follower
from store.models import AuditEntry, AuditSeal
from values.actors import Role

_OF = aliased(Organisation)
_ABOUT = aliased(Organisation)


async def challenged(db: AsyncSession, after: int, upto: int) -> Sequence[Challenged]:
    """Return the entries about challenges that somebody hears of, in the order of the chain."""
    followers = (
        select(func.array_agg(Person.id))
        .join(Follower, Follower.person_id == Person.id)
        .where(
            Follower.subject_id == Challenge.id,
            Person.disabled_at.is_(None),
            Challenge.published_at.is_not(None),
        )
        .correlate(Challenge)
        .scalar_subquery()
    )
    rows: Any = await db.execute(
        select(
            AuditEntry.id,
            AuditEntry.at,
            Challenge.id,
            Challenge.title,
            AuditEntry.person_id,
            AuditEntry.actor_name,
            AuditEntry.action,
            AuditEntry.details,
            func.coalesce(_ABOUT.short_name, ""),
            func.coalesce(_OF.short_name, ""),
            func.coalesce(followers, cast([], ARRAY(Uuid))),
        )
        .join(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .join(Challenge, cast(Challenge.id, String) == AuditEntry.subject_id)
        .outerjoin(_OF, _OF.id == AuditEntry.organisation_id)
        .outerjoin(_ABOUT, _ABOUT.code == AuditEntry.details["body_code"].astext)
        .where(
            AuditSeal.position > after,
            AuditSeal.position <= upto,
            AuditEntry.subject_kind == "challenge",
            AuditEntry.action.in_([*TOLD, *FOLLOWED]),
        )
        .order_by(AuditSeal.position)
    )
    return [Challenged(*told, followers=tuple(sorted(followers))) for *told, followers in rows]


async def sponsoring(db: AsyncSession, challenge_ids: set[UUID]) -> Sequence[Sponsoring]:
    """Return the officers and approvers of the sponsors of some challenges, as they are today."""
    rows: Any = await db.execute(
        select(ChallengeSponsor.challenge_id, Person.id)
        .join(Organisation, Organisation.code == ChallengeSponsor.body_code)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(Person, and_(Person.id == Membership.person_id, Person.disabled_at.is_(None)))
        .where(
            ChallengeSponsor.challenge_id.in_(challenge_ids),
            Membership.role.in_([Role.OFFICER, Role.APPROVER]),
        )
        .distinct()
        .order_by(ChallengeSponsor.challenge_id, Person.id)
    )
    return [Sponsoring(*row) for row in rows]


async def entrants(db: AsyncSession, entries: Sequence[Challenged]) -> Mapping[str, Sequence[UUID]]:
    """Return the people of firms whose responses are in the phases that entries name, by the phase's id."""
    wanted = {
        each.details["phase_id"] for each in entries if each.action in ANSWERED and "phase_id" in each.details
    }
    found: dict[str, Sequence[UUID]] = {}
    for phase_id in wanted:
        people = func.app.people_of_entrants(cast(phase_id, Uuid)).table_valued("person_id")
        found[phase_id] = list(await db.scalars(select(people.c.person_id).order_by(people.c.person_id)))
    return found
