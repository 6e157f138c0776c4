"""Why a bid is disregarded, by which section, and what comes first: an explanation is asked for and heard."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from values.refusals import Refused


class CheckKind(enum.StrEnum):
    """What is looked at."""

    CONDITION = "condition"
    EXCLUDED = "excluded"
    EXCLUDABLE = "excludable"
    LOW_PRICE = "low-price"
    BREACH = "breach"


class Step(enum.StrEnum):
    """How far it is. `PASSES` and `FAILS` are for conditions, the others for all else."""

    PASSES = "passes"
    FAILS = "fails"
    ASKED = "asked"
    ANSWERED = "answered"
    KEPT = "kept"
    DISREGARDED = "disregarded"


KIND_WORDS: Final[Mapping[CheckKind, str]] = {
    CheckKind.CONDITION: "Condition of participation",
    CheckKind.EXCLUDED: "Mandatory ground of exclusion (Schedule 6)",
    CheckKind.EXCLUDABLE: "Discretionary ground of exclusion (Schedule 7)",
    CheckKind.LOW_PRICE: "Abnormally low price",
    CheckKind.BREACH: "Breach of a procedural requirement",
}
BASIS: Final[Mapping[CheckKind, str]] = {
    CheckKind.CONDITION: "Procurement Act 2023, sections 19 and 22",
    CheckKind.EXCLUDED: "Procurement Act 2023, sections 26, 57 and 58",
    CheckKind.EXCLUDABLE: "Procurement Act 2023, sections 26, 57 and 58",
    CheckKind.LOW_PRICE: "Procurement Act 2023, section 19",
    CheckKind.BREACH: "Procurement Act 2023, section 19",
}
STEP_WORDS: Final[Mapping[Step, str]] = {
    Step.PASSES: "Passes",
    Step.FAILS: "Fails: the bid is disregarded",
    Step.ASKED: "The supplier was told and asked to explain",
    Step.ANSWERED: "What the supplier answered, or that no answer came in time",
    Step.KEPT: "The bid is kept",
    Step.DISREGARDED: "The bid is disregarded",
}
_OF_CONDITIONS: Final = "For a condition of participation"
_OF_GROUNDS: Final = "For a ground to disregard a bid"
STEP_HINTS: Final[Mapping[str, str]] = {
    step.value: _OF_CONDITIONS if step in (Step.PASSES, Step.FAILS) else _OF_GROUNDS for step in Step
}
# Before these are decided the supplier is heard.
HEARD: Final = frozenset({CheckKind.EXCLUDED, CheckKind.EXCLUDABLE, CheckKind.LOW_PRICE})
_OF_CONDITION: Final = frozenset({Step.PASSES, Step.FAILS})
_DECIDED: Final = frozenset({Step.KEPT, Step.DISREGARDED})


@dataclass(frozen=True, slots=True)
class Check:
    """One step that was recorded about one bid."""

    opened_id: UUID
    kind: CheckKind
    criterion_id: UUID | None
    step: Step
    reason: str
    person_name: str
    recorded_at: datetime

    @property
    def about(self) -> tuple[CheckKind, UUID | None]:
        """What it is a step of."""
        return self.kind, self.criterion_id


def latest(checks: Sequence[Check]) -> Mapping[tuple[CheckKind, UUID | None], Check]:
    """Return the last step of each thing that was looked at in one bid; `checks` in their order."""
    return {each.about: each for each in checks}


def check_step(before: Step | None, kind: CheckKind, step: Step, reason: str) -> None:
    """Refuse a step that the law puts later, or that says nothing.

    Raises:
        Refused: with what comes first.
    """
    if (kind is CheckKind.CONDITION) != (step in _OF_CONDITION):
        raise Refused("A condition passes or fails; of all else say how far it is.", "step")
    if not reason.strip():
        raise Refused("Give a reason: the bidder will read why.", "reason")
    if kind in HEARD and step in _DECIDED and before is not Step.ANSWERED:
        raise Refused(f"First ask the supplier to explain, and record the answer ({BASIS[kind]}).", "step")
    if step is Step.ANSWERED and before is not Step.ASKED:
        raise Refused("Record first that the supplier was asked.", "step")


def out_because(checks: Sequence[Check]) -> str:
    """Return why one bid is disregarded, with the section, or nothing."""
    for each in latest(checks).values():
        if each.step in (Step.FAILS, Step.DISREGARDED):
            return f"{KIND_WORDS[each.kind]}: {each.reason} ({BASIS[each.kind]})"
    return ""


def lacking(checks: Sequence[Check], conditions: Sequence[UUID]) -> int:
    """Return how much of one bid is still to be decided; nothing, once it is disregarded."""
    if out_because(checks):
        return 0
    known = latest(checks)
    undecided = sum((CheckKind.CONDITION, each) not in known for each in conditions)
    return undecided + sum(each.step in (Step.ASKED, Step.ANSWERED) for each in known.values())
