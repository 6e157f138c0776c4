"""The states of a pilot, who may move it, and what was agreed and fixed before it started.

The table of moves stands once more in the migration, as a trigger; a test compares the two.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Final

from values.actors import Actor, Role
from values.money import format_pence
from values.refusals import NotAllowed, Refused

# A pilot that ended is published by then, however it went: our rule, so that failures are not left lying.
PUBLISH_DAYS: Final = 60
# After that long in use, a council is asked whether it still is.
ASK_DAYS: Final = 365


class PilotState(enum.StrEnum):
    """How far a pilot is."""

    DRAFT = "draft"
    AGREED = "agreed"
    RUNNING = "running"
    ENDED = "ended"
    DECIDED = "decided"
    PUBLISHED = "published"
    DROPPED = "dropped"


PILOT_MOVES: Final[Mapping[PilotState, tuple[PilotState, ...]]] = {
    PilotState.DRAFT: (PilotState.AGREED, PilotState.DROPPED),
    # Taken back to be changed: what was agreed falls with it.
    PilotState.AGREED: (PilotState.DRAFT, PilotState.RUNNING, PilotState.DROPPED),
    PilotState.RUNNING: (PilotState.ENDED,),
    PilotState.ENDED: (PilotState.DECIDED,),
    PilotState.DECIDED: (PilotState.PUBLISHED,),
    PilotState.PUBLISHED: (),
    PilotState.DROPPED: (),
}
PILOT_WORDS: Final[Mapping[PilotState, tuple[str, str]]] = {
    PilotState.DRAFT: ("Being agreed", "grey"),
    PilotState.AGREED: ("Agreed", "blue"),
    PilotState.RUNNING: ("Running", "purple"),
    PilotState.ENDED: ("Ended", "yellow"),
    PilotState.DECIDED: ("Decided", "teal"),
    PilotState.PUBLISHED: ("Published", "green"),
    PilotState.DROPPED: ("Not started", "grey"),
}
DECISIONS: Final[Mapping[str, tuple[str, str]]] = {
    "scale": ("Scale it up", "green"),
    "change": ("Change it", "yellow"),
    "stop": ("Stop", "red"),
}
WAYS: Final[Mapping[str, str]] = {
    "pool": "Through a pool of councils, which tenders for all",
    "award": "A lawful award of its own, such as the contract's option or a direct award",
    "own": "Its own purchase below the threshold, or without buying",
}


@dataclass(frozen=True, slots=True)
class Site:
    """A place of a council; `compares`: it is read for comparison, and nothing is tried there."""

    position: int
    body_code: str
    place: str
    compares: bool


@dataclass(frozen=True, slots=True)
class Milestone:
    """What is paid when something is reached."""

    position: int
    title: str
    due_on: date
    gross_pence: int


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured: see `PilotMeasure`."""

    position: int
    title: str
    unit: str
    kind: str
    baseline: float
    baseline_source: str
    target: float
    method: str
    season: int
    measured_by: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """All that an approver agrees to."""

    firm: str
    product: str
    runs_code: str
    title: str
    tries: str
    starts_on: date
    ends_on: date
    sites: Sequence[Site]
    milestones: Sequence[Milestone]
    measures: Sequence[Measure]

    @property
    def gross_pence(self) -> int:
        """What it costs in all."""
        return sum(each.gross_pence for each in self.milestones)


def fingerprint(agreement: Agreement) -> bytes:
    """Return the SHA-256 of all that an agreement says."""
    return _hashed(asdict(agreement))


def frozen(measures: Sequence[Measure]) -> bytes:
    """Return the SHA-256 of measures as they are fixed at the start."""
    return _hashed([asdict(each) for each in measures])


def _hashed(said: object) -> bytes:
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def missing(agreement: Agreement) -> list[str]:
    """Return what an agreement lacks before it can be approved."""
    found = [
        (not agreement.tries, "Say what is tried"),
        (not [each for each in agreement.sites if not each.compares], "Name a site where it is tried"),
        (not agreement.milestones, "Say what is paid, and for what"),
        (not agreement.measures, "Fix at least one measure"),
    ]
    compared = [each for each in agreement.sites if each.compares]
    for measure in agreement.measures:
        wants = measure.method in ("comparison", "differences")
        found.append((wants and not compared, f"Name places to compare with, for “{measure.title}”"))
    return [words for lacking, words in found if lacking]


def check_move(state: str, to: PilotState) -> None:
    """Refuse a change of state that the table does not have.

    Raises:
        Refused: the pilot is in another state by now.
    """
    if to not in PILOT_MOVES[PilotState(state)]:
        now, then = PILOT_WORDS[PilotState(state)][0].lower(), PILOT_WORDS[to][0].lower()
        raise Refused(f"A pilot in the state “{now}” cannot go to “{then}”.")


def check_runs(actor: Actor, runs_code: str, own_code: str | None, role: Role = Role.OFFICER) -> None:
    """Refuse whoever does not run a pilot.

    Raises:
        NotAllowed: of another council, or in another role.
    """
    if own_code != runs_code or not actor.has(role):
        raise NotAllowed(f"Only an {role.value} of the council that runs the pilot can do this.")


def check_state(state: str, *wanted: PilotState) -> None:
    """Refuse a change that a pilot's state does not allow.

    Raises:
        Refused: with its state.
    """
    if PilotState(state) not in wanted:
        raise Refused(f"The pilot is in the state “{PILOT_WORDS[PilotState(state)][0].lower()}” by now.")


def check_can_agree(agreement: Agreement, limit_pence: int | None) -> None:
    """Refuse an approval of what is not complete, or beyond the approver's limit.

    Raises:
        Refused: with what is in the way.
    """
    if lacks := missing(agreement):
        raise Refused(f"The agreement is not complete: {lacks[0][0].lower()}{lacks[0][1:]}.")
    if limit_pence is None:
        raise Refused("Nobody has said up to which sum you may commit your council.")
    if limit_pence < agreement.gross_pence:
        raise Refused(
            f"You may commit your council up to {format_pence(limit_pence)}, and this pilot costs "
            f"{format_pence(agreement.gross_pence)}."
        )


def check_can_start(starts_on: date, today: date) -> None:
    """Refuse a start before its day: measures would be fixed while the baseline is still read.

    Raises:
        Refused: it is too early.
    """
    if today < starts_on:
        raise Refused(f"The pilot starts on {starts_on:%-d %B %Y}: until then, the baseline is read.")


def check_account(harms: str, equality: str, carries: str, learnt: str, ask_whom: str) -> None:
    """Refuse a decision before the account is given that others read.

    Raises:
        Refused: with what is missing.
    """
    for said, what in (
        (harms, "which harms were seen"),
        (equality, "how it touched people with protected characteristics"),
        (carries, "where it does not carry over"),
        (learnt, "what came of it"),
        (ask_whom, "whom others can ask"),
    ):
        if not said:
            raise Refused(f"The account does not say yet {what}.")


def publish_by(ended_on: date) -> date:
    """Return the last day on which a result is published in time."""
    return ended_on + timedelta(days=PUBLISH_DAYS)


def asked_from(from_on: date) -> date:
    """Return from when on a council is asked whether it still uses what it took on."""
    return from_on + timedelta(days=ASK_DAYS)


def check_still(from_on: date, today: date) -> None:
    """Refuse to say after a few weeks that something is still in use.

    Raises:
        Refused: a year has not passed.
    """
    if today < (asked := asked_from(from_on)):
        raise Refused(f"This is asked from {asked:%-d %B %Y} on, a year after it came into use.")
