"""Duties of challenges, pilots and adoptions, read in one statement however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Select, cast, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from accounts.models import Organisation
from challenges.models import Challenge, ChallengeNotice, ChallengeSponsor, Pilot, PilotAdoption
from challenges.rules import duties as rules
from challenges.rules.duties import AdoptionFacts, Body, ChallengeFacts, PilotFacts, Told
from challenges.rules.pilots import PilotState
from challenges.rules.states import ChallengeState
from sourcing.rules.duties import Duty
from sourcing.rules.law import law

LEAD: Final = aliased(Organisation)
BODY: Final = aliased(Organisation)
Said = Mapping[str, Any]


async def duties(db: AsyncSession, today: date, *, body_code: str = "") -> Sequence[Duty]:
    """Return the duties of a council and the notices of challenges that it sponsors; of all without a code.

    Row-level security leaves out what the reader may not see.
    """
    found: list[Duty] = []
    rows = await db.execute(union_all(_challenges(body_code), _pilots(body_code), _adoptions(body_code)))
    for kind, row_id, title, lead_code, lead_name, said in rows:
        lead = Body(lead_code, lead_name)
        if kind == "challenge":
            found += rules.of_challenge(_challenge(row_id, title, lead, said), law(), today)
        elif kind == "pilot":
            found += rules.of_pilot(_pilot(row_id, title, lead, said), today)
        else:
            found += rules.of_adoption(_adoption(row_id, title, said), today)
    return [each for each in found if not body_code or each.body_code == body_code or each.notice]


def _row(kind: str, row_id: Any, title: Any, **said: Any) -> Select[*tuple[Any, ...]]:
    """Return what each part of the union selects: `said` is what differs, as JSON."""
    pairs = [part for name, column in said.items() for part in (literal(name), column)]
    return (
        select(literal(kind), row_id, title, Challenge.lead_code, LEAD.name, func.jsonb_build_object(*pairs))
        .select_from(Challenge)
        .join(LEAD, LEAD.code == Challenge.lead_code)
    )


def _day(at: Any) -> Any:
    """Return the day of a moment in London."""
    return cast(func.timezone("Europe/London", at), Date)


def _challenges(body_code: str) -> Select[*tuple[Any, ...]]:
    told = func.jsonb_build_array(ChallengeNotice.reference, _day(ChallengeNotice.published_at))
    notices = (
        select(func.jsonb_object_agg(ChallengeNotice.code, told))
        .where(ChallengeNotice.challenge_id == Challenge.id)
        .scalar_subquery()
    )
    agreed = (
        select(func.min(_day(Pilot.approved_at)))
        .where(Pilot.challenge_id == Challenge.id, Pilot.state != PilotState.DROPPED)
        .scalar_subquery()
    )
    started = (
        select(Pilot.id).where(Pilot.challenge_id == Challenge.id, Pilot.started_at.is_not(None)).exists()
    )
    query = _row(
        "challenge",
        Challenge.id,
        Challenge.title,
        state=Challenge.state,
        route=Challenge.route,
        pence=func.coalesce(Challenge.budget_gross_pence, 0) + func.coalesce(Challenge.later_gross_pence, 0),
        first=Challenge.needs_notice,
        published=_day(Challenge.published_at),
        due=_day(Challenge.responses_due_at),
        showcase=Challenge.showcase_on,
        decision=Challenge.decision_on,
        notices=notices,
        agreed=agreed,
        started=started,
    ).where(
        Challenge.state != ChallengeState.WITHDRAWN,
        or_(Challenge.state != ChallengeState.ENDED, Challenge.published_at.is_not(None)),
    )
    mine = select(ChallengeSponsor.challenge_id).where(ChallengeSponsor.body_code == body_code)
    return query.where(Challenge.id.in_(mine)) if body_code else query


def _pilots(body_code: str) -> Select[*tuple[Any, ...]]:
    query = (
        _row(
            "pilot",
            Pilot.id,
            Pilot.title,
            challenge=Pilot.challenge_id,
            code=Pilot.runs_code,
            name=BODY.name,
            state=Pilot.state,
            ends=Pilot.ends_on,
            ended=_day(Pilot.ended_at),
            publish_by=Pilot.publish_by_on,
            decided=_day(Pilot.decided_at),
            published=_day(Pilot.published_at),
        )
        .join(Pilot, Pilot.challenge_id == Challenge.id)
        .join(BODY, BODY.code == Pilot.runs_code)
        .where(Pilot.state.not_in([PilotState.DRAFT, PilotState.DROPPED]))
    )
    if not body_code:
        return query
    return query.where(or_(Pilot.runs_code == body_code, Challenge.lead_code == body_code))


def _adoptions(body_code: str) -> Select[*tuple[Any, ...]]:
    query = (
        _row(
            "adoption",
            Pilot.id,
            Pilot.title,
            challenge=Pilot.challenge_id,
            code=PilotAdoption.body_code,
            name=BODY.name,
            from_on=PilotAdoption.from_on,
            still=PilotAdoption.still,
            still_on=_day(PilotAdoption.still_at),
        )
        .join(Pilot, Pilot.challenge_id == Challenge.id)
        .join(PilotAdoption, PilotAdoption.pilot_id == Pilot.id)
        .join(BODY, BODY.code == PilotAdoption.body_code)
    )
    return query.where(PilotAdoption.body_code == body_code) if body_code else query


def _challenge(row_id: UUID, title: str, lead: Body, said: Said) -> ChallengeFacts:
    return ChallengeFacts(
        id=row_id,
        title=title,
        lead=lead,
        state=ChallengeState(said["state"]),
        route=said["route"],
        gross_pence=said["pence"],
        first_notice=said["first"],
        published_on=_read(said["published"]),
        due_on=_read(said["due"]),
        showcase_on=_read(said["showcase"]),
        decision_on=_read(said["decision"]),
        notices={
            code: Told(reference, date.fromisoformat(on))
            for code, (reference, on) in (said["notices"] or {}).items()
        },
        agreed_on=_read(said["agreed"]),
        started=said["started"],
    )


def _pilot(row_id: UUID, title: str, lead: Body, said: Said) -> PilotFacts:
    return PilotFacts(
        id=row_id,
        challenge_id=UUID(said["challenge"]),
        title=title,
        runs=Body(said["code"], said["name"]),
        lead=lead,
        state=PilotState(said["state"]),
        ends_on=date.fromisoformat(said["ends"]),
        ended_on=_read(said["ended"]),
        publish_by_on=_read(said["publish_by"]),
        decided_on=_read(said["decided"]),
        published_on=_read(said["published"]),
    )


def _adoption(row_id: UUID, title: str, said: Said) -> AdoptionFacts:
    return AdoptionFacts(
        pilot_id=row_id,
        challenge_id=UUID(said["challenge"]),
        title=title,
        by=Body(said["code"], said["name"]),
        from_on=date.fromisoformat(said["from_on"]),
        still=said["still"],
        still_on=_read(said["still_on"]),
    )


def _read(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
