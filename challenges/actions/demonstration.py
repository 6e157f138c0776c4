"""Invented challenges: one in each state, and one whose deadline has passed while its panel still scores.

They are walked there by the people of the demonstration, as the application's role and by the product's own
actions. Only that a deadline has passed cannot be walked: the owner of the tables sets it, for an invented
challenge alone, and says so here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import DateTime, case, cast, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions.demonstration import PEOPLE, SUPPLIER_ID
from accounts.models import BodyKind, Organisation
from accounts.rules.register import NAMESPACE, body_id
from challenges.actions import approving, judging, making, offering, responding, sponsoring
from challenges.actions.demonstration_judging import PLACES, Judges
from challenges.actions.demonstration_pilots import (
    ASKED_OF_A_ROBOT,
    AT_THE_DOOR,
    CALLED,
    CHANGED,
    FAILED,
    RUNNING,
    TOLD_AT_NIGHT,
    WORKED,
    InventedPilot,
    Piloting,
)
from challenges.actions.demonstration_texts import (
    ARREARS,
    CHASING,
    CLOSED,
    GIVEN_UP,
    JUDGED,
    LAMPS,
    OPEN,
    REPAIRS,
    VISITS,
    WRITING,
    Invented,
)
from challenges.models import Challenge, ChallengeSubmission, Pilot
from challenges.queries import challenges
from challenges.queries import responses as response_queries
from challenges.rules.content import FIRST_CRITERIA, FIRST_SECTIONS
from challenges.rules.linting import Part
from challenges.rules.phases import PhaseKind
from challenges.rules.responding import Particulars
from sourcing.actions import following, questions
from sourcing.models import Subject
from store.db import Sessions, transaction
from suppliers.actions import enter_invented_numbers, enter_invented_sizes, save_assurance
from suppliers.rules import Answer, Declared, Registered, Size
from values.actors import Actor, Role
from values.refusals import Refused
from values.years import LONDON

PILOTS: Final = (
    (REPAIRS, (WORKED, FAILED)),
    (ARREARS, (CHANGED, RUNNING)),
    (VISITS, (AT_THE_DOOR, CALLED)),
    (CHASING, (TOLD_AT_NIGHT, ASKED_OF_A_ROBOT)),
)
WITHDRAWN: Final = "The maker of the lamps now builds this in, and no pilot is needed (invented)"
GAVE_UP: Final = "Another council shares its booking page with us (invented)"
OTHER_FIRM: Final = uuid5(NAMESPACE, "demonstration firm of challenges")
OTHER_NAME: Final = "Clearwall Sensing Ltd (invented)"
OFFER: Final[Mapping[str, Any]] = {
    "words": "We find damp in flats before it can be seen, with sensors in outer walls, and tell inspectors "
    "where to look first. (invented)",
    "categories": ["housing-systems"],
    "listed": True,
}


def _somebody(email: str) -> Actor:
    person = next(each for each in PEOPLE if each.email == email)
    organisation_id = body_id(person.body) if person.body else SUPPLIER_ID
    return Actor(uuid5(NAMESPACE, email), organisation_id, frozenset({person.role}), person.name)


OFFICER: Final = _somebody("officer.leeds@example.org")
APPROVER: Final = _somebody("approver.leeds@example.org")
SPONSOR: Final = _somebody("officer.camden@example.org")
SPONSOR_APPROVER: Final = _somebody("approver.camden@example.org")
FIRM: Final = _somebody("supplier@example.org")
OTHER: Final = Actor(
    uuid5(NAMESPACE, "demonstration author of challenges"),
    OTHER_FIRM,
    frozenset({Role.SUPPLIER}),
    "Clio Farrant (invented)",
)


async def load_demonstration_challenges(
    sessions: Sessions, app: Sessions, owner: Sessions | None, anchor: date
) -> int:
    """Make the invented challenges; return how many are new. Safe to repeat.

    Args:
        sessions: of the jobs role, which may add a firm.
        app: of the application's role.
        owner: of the role that owns the tables; without it, none is closed.
        anchor: today.
    """
    async with transaction(app, OFFICER) as db:
        known = set(await db.scalars(select(Challenge.title).where(Challenge.demonstration)))
    made = 0
    if CLOSED.title not in known and owner is not None:
        await _firm(sessions)
        challenge_id, _ = await _closed(app, owner, CLOSED, anchor, ("Permitly", "Kerb"))
        judges = _judges(app)
        await judges.score(await judges.begin(challenge_id, PhaseKind.SHORTLIST), APPROVER, 3)
        made += 1
    if JUDGED.title not in known and owner is not None:
        await _firm(sessions)
        challenge_id, codes = await _closed(app, owner, JUDGED, anchor, ("Siltline", "Gullywise"))
        await _judges(app).judge(challenge_id, codes[0])
        made += 1
    for invented, tried in PILOTS:
        if invented.title not in known and owner is not None:
            await _firm(sessions)
            await _piloted(app, owner, invented, anchor, tried)
            made += 1
    made += await _stopped(app, anchor, known)
    if OPEN.title not in known:
        await _opened(app, anchor)
        async with transaction(app, FIRM) as db:
            await offering.save_offer(db, FIRM, **OFFER)
        made += 1
    if WRITING.title not in known:
        async with transaction(app, OFFICER) as db:
            challenge_id = await _begun(db, WRITING)
            await sponsoring.seek(db, OFFICER, challenge_id, wanted=True)
        made += 1
    return made


async def _stopped(app: Sessions, anchor: date, known: Collection[str]) -> int:
    """Make one that is withdrawn after it was published, and one that is given up before."""
    made = 0
    if LAMPS.title not in known:
        challenge_id = await _published(app, LAMPS, anchor)
        async with transaction(app, OFFICER) as db:
            await approving.withdraw(db, OFFICER, challenge_id, reason=WITHDRAWN)
        made += 1
    if GIVEN_UP.title not in known:
        async with transaction(app, OFFICER) as db:
            await making.give_up(db, OFFICER, await _begun(db, GIVEN_UP), reason=GAVE_UP)
        made += 1
    return made


async def _piloted(
    app: Sessions, owner: Sessions, invented: Invented, anchor: date, tried: tuple[InventedPilot, ...]
) -> None:
    """Let two firms respond, choose both, and walk a pilot of each as far as it got."""
    challenge_id, codes = await _closed(app, owner, invented, anchor, tuple(each.product for each in tried))
    await _judges(app).choose_all(challenge_id, codes)
    await Piloting(app, officer=OFFICER, approver=APPROVER, adopter=SPONSOR).walk(challenge_id, tried)
    # Moments follow the days that were agreed: an invented pilot took as long as it says.
    async with transaction(owner, Actor()) as db:
        await db.execute(text("alter table pilot disable trigger tg_guard_pilot"))
        await db.execute(
            update(Pilot)
            .where(Pilot.challenge_id == challenge_id, Pilot.demonstration)
            .values(
                started_at=cast(Pilot.starts_on, DateTime(timezone=True)),
                ended_at=case((Pilot.ended_at.is_not(None), cast(Pilot.ends_on, DateTime(timezone=True)))),
            )
        )
        await db.execute(text("alter table pilot enable trigger tg_guard_pilot"))


def _judges(app: Sessions) -> Judges:
    return Judges(app, officer=OFFICER, chair=APPROVER, sponsor=SPONSOR, other=SPONSOR_APPROVER)


async def _firm(sessions: Sessions) -> None:
    async with transaction(sessions, Actor()) as db:
        known = await db.scalar(select(Organisation.id).where(Organisation.id == OTHER_FIRM))
        if known is None:
            await db.execute(
                insert(Organisation)
                .values(
                    id=OTHER_FIRM,
                    kind=BodyKind.SUPPLIER,
                    name=OTHER_NAME,
                    short_name="Clearwall (invented)",
                    type_name="Supplier",
                    demonstration=True,
                )
                .inline()
            )
            declared = Declared(Size.MICRO, voluntary=False, supported=False)
            await enter_invented_sizes(db, {OTHER_FIRM: declared}, OTHER.name)
            await enter_invented_numbers(db, {OTHER_FIRM: Registered(none_because="Invented")}, OTHER.name)


async def _begun(db: AsyncSession, invented: Invented) -> UUID:
    challenge_id = await making.begin(
        db, OFFICER, title=invented.title, category=invented.category, demonstration=True
    )
    problem = {name: said for name, said in invented.texts.items() if name in _PROBLEM}
    await making.save(db, OFFICER, challenge_id, Part.PROBLEM, problem)
    return challenge_id


_PROBLEM: Final = ("problem", "people", "tried", "outcomes")


async def _published(app: Sessions, invented: Invented, anchor: date) -> UUID:
    async with transaction(app, OFFICER) as db:
        challenge_id = await _begun(db, invented)
        after = {name: said for name, said in invented.texts.items() if name not in _PROBLEM}
        sums = {"budget_gross_pence": 36_000_00, "later_gross_pence": 90_000_00}
        await making.save(db, OFFICER, challenge_id, Part.AFTER, {**after, **sums})
        reason = "Pilot and what may follow stay below the threshold (invented)"
        law = {"route": "below-threshold", "route_reason": reason}
        await making.save(db, OFFICER, challenge_id, Part.LAW, law)
        await making.save(db, OFFICER, challenge_id, Part.DATES, _dates(anchor))
        await making.save_response(
            db,
            OFFICER,
            challenge_id,
            sections=FIRST_SECTIONS,
            criteria=FIRST_CRITERIA,
            anonymous=not invented.one_phase,
        )
        places = {PhaseKind.PILOT: 2} if invented.one_phase else PLACES
        await judging.fix_phases(db, OFFICER, challenge_id, places)
        await sponsoring.seek(db, OFFICER, challenge_id, wanted=bool(invented.line))
    if invented.line:
        async with transaction(app, SPONSOR) as db:
            await sponsoring.join(db, SPONSOR, challenge_id, line=invented.line, need_id=None)
    for approver in (APPROVER, SPONSOR_APPROVER) if invented.line else (APPROVER,):
        async with transaction(app, approver) as db:
            row = await challenges.challenge_row(db, challenge_id)
            await approving.approve(db, approver, challenge_id, seen=row.fingerprint or b"")
    async with transaction(app, OFFICER) as db:
        row = await challenges.challenge_row(db, challenge_id)
        await approving.record_notice(
            db,
            OFFICER,
            challenge_id,
            code=row.needs_notice,
            reference="000000-0000 (invented)",
            published_at=row.now,
        )
        await approving.publish(db, OFFICER, challenge_id)
    return challenge_id


def _dates(anchor: date) -> dict[str, Any]:
    def at(days: int) -> datetime:
        return datetime.combine(anchor + timedelta(days=days), time(12), LONDON)

    return {
        "questions_until": at(18),
        "responses_due_at": at(28),
        "showcase_on": anchor + timedelta(days=41),
        "showcase_where": "Town hall, or by video; travel is paid (invented)",
        "decision_on": anchor + timedelta(days=48),
        "pilot_from_on": anchor + timedelta(days=75),
        "pilot_until_on": anchor + timedelta(days=180),
    }


async def _opened(app: Sessions, anchor: date) -> None:
    challenge_id = await _published(app, OPEN, anchor)
    asked = "May a sensor stay in the wall after the pilot? (invented)"
    async with transaction(app, FIRM) as db:
        question_id = await questions.ask(db, FIRM, challenge_id, words=asked)
        await following.follow(db, FIRM, challenge_id)
        await save_assurance(db, FIRM, {"cyber-essentials": (Answer.YES, "Renewed each spring (invented)")})
    async with transaction(app, OFFICER) as db:
        await questions.draft_answer(
            db, OFFICER, challenge_id, question_id, words=asked, answer="Yes, for two years. (invented)"
        )
        await questions.publish_answers(db, OFFICER, challenge_id)
    words = {1: "A thermometer in each outer wall tells where it is too cold to stay dry. (invented)"}
    said = Particulars("Wallwatch (invented)", None, None, "", None, "")
    await _respond(app, FIRM, challenge_id, said, words)


async def _respond(
    app: Sessions, actor: Actor, challenge_id: UUID, said: Particulars, words: Mapping[int, str]
) -> None:
    async with transaction(app, actor) as db:
        await responding.begin(db, actor, challenge_id)
        draft = await response_queries.own_draft(db, actor, challenge_id)
        await responding.save(db, actor, challenge_id, said, words, seen=draft.version, seen_answers={})


async def _closed(
    app: Sessions, owner: Sessions, invented: Invented, anchor: date, products: Sequence[str]
) -> tuple[UUID, list[str]]:
    """Publish one, let two firms respond with these products, and its deadline pass; return the codes too."""
    challenge_id = await _published(app, invented, anchor)
    codes = []
    for actor, product, price in ((FIRM, products[0], 28_000_00), (OTHER, products[1], 21_000_00)):
        named = f"{product} (invented)"
        said = Particulars(named, price, price + 6_000_00, "How many there are (invented)", 7, actor.name)
        words = {
            position: f"What we would do about “{each.title.lower()}”: we begin with what you have, and in "
            "two weeks people notice. (invented)"
            for position, each in enumerate(FIRST_SECTIONS, 1)
        }
        await _respond(app, actor, challenge_id, said, words)
        async with transaction(app, actor) as db:
            await responding.submit(db, actor, challenge_id, known=None)
            codes.append((await response_queries.own_draft(db, actor, challenge_id)).code)
    await _let_the_deadline_pass(owner, challenge_id, anchor, timedelta(days=invented.days_ago))
    return challenge_id, codes


async def _let_the_deadline_pass(
    owner: Sessions, challenge_id: UUID, anchor: date, earlier: timedelta
) -> None:
    """Let all of an invented challenge have happened so much earlier, past its guard."""
    dates = _dates(anchor - earlier)
    async with transaction(owner, Actor()) as db:
        await db.execute(text("alter table challenge disable trigger tg_guard_challenge"))
        moved = await db.execute(
            update(Challenge)
            .where(Challenge.id == challenge_id, Challenge.demonstration)
            .values(
                **dates,
                published_at=Challenge.published_at - earlier,
                state_changed_at=Challenge.state_changed_at - earlier,
            )
            .returning(Challenge.id)
        )
        await db.execute(text("alter table challenge enable trigger tg_guard_challenge"))
        if moved.first() is None:
            raise Refused("Only times of invented challenges are moved.")
        await db.execute(
            update(ChallengeSubmission)
            .where(ChallengeSubmission.challenge_id == challenge_id)
            .values(at=ChallengeSubmission.at - earlier, due_at=dates["responses_due_at"])
        )
        await db.execute(
            update(Subject).where(Subject.id == challenge_id).values(questions_until=dates["questions_until"])
        )
