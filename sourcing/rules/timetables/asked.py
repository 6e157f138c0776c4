"""What a timetable is asked for, and which questions cannot be answered together."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from sourcing.rules.holidays import in_words
from sourcing.rules.thresholds import ContractKind
from values.refusals import Refused


class Procedure(enum.StrEnum):
    """How a contract is awarded."""

    OPEN = "open"
    COMPETITIVE_FLEXIBLE = "competitive-flexible"
    FRAMEWORK = "framework"
    DYNAMIC_MARKET = "dynamic-market"
    DIRECT = "direct"
    BELOW_THRESHOLD = "below-threshold"


WORDS: Final = {
    Procedure.OPEN: "open procedure",
    Procedure.COMPETITIVE_FLEXIBLE: "competitive flexible procedure",
    Procedure.FRAMEWORK: "call-off under a framework",
    Procedure.DYNAMIC_MARKET: "award by reference to a dynamic market",
    Procedure.DIRECT: "direct award",
    Procedure.BELOW_THRESHOLD: "competition below the threshold",
}
FIRST_YEAR, LAST_YEAR = 2000, 2100
FIRST_DAY: Final = date(FIRST_YEAR, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A procurement as far as its calendar depends on it. Names are those of options and form fields.

    Attributes:
        publish: when the first notice is published, or a framework's suppliers are invited.
        award_notice: when the contract award notice is published; below the threshold, when it is decided.
        requests_due, invite, tenders_due, sign: days that somebody chose; each is checked.
        ends: when the contract ends; the notices of its life are counted as far.
        planned_notice: when a planned procurement notice was published.
        value_gross: estimated value in pence with VAT, options and extensions.
        documents_later: not all documents come with the notice.
        not_electronic: tenders cannot be submitted electronically.
        assessment_days: calendar days that assessing takes, over the least that is possible.
        standstill_days: working days, where more than the law's are promised, or any where it asks for none.
        ground: of a direct award, by its code.
    """

    procedure: Procedure
    publish: date | None = None
    award_notice: date | None = None
    requests_due: date | None = None
    invite: date | None = None
    tenders_due: date | None = None
    sign: date | None = None
    ends: date | None = None
    planned_notice: date | None = None
    value_gross: int | None = None
    contract: ContractKind = ContractKind.GOODS_OR_SERVICES
    light_touch: bool = False
    urgent: bool = False
    documents_later: bool = False
    not_electronic: bool = False
    preselected: bool = False
    negotiated: bool = False
    assessment_days: int = 0
    standstill_days: int | None = None
    ground: str = ""

    @property
    def begins(self) -> date:
        """The day whose law counts: of the first notice, or of the first day that was given instead."""
        return self.publish or self.award_notice or self.sign or FIRST_DAY


COMPETED: Final = (Procedure.OPEN, Procedure.COMPETITIVE_FLEXIBLE)
FROM_THRESHOLD: Final = tuple(each for each in Procedure if each is not Procedure.BELOW_THRESHOLD)
# Where an answer means something, and what to say where it does not.
MEANT: Final[Sequence[tuple[str, Sequence[Procedure], str]]] = (
    (
        "requests_due",
        (Procedure.COMPETITIVE_FLEXIBLE,),
        "Only a competitive flexible procedure has requests to participate.",
    ),
    (
        "invite",
        (Procedure.COMPETITIVE_FLEXIBLE,),
        "Only a competitive flexible procedure has a second invitation, to those who asked to participate.",
    ),
    (
        "preselected",
        (Procedure.COMPETITIVE_FLEXIBLE,),
        "Suppliers are pre-selected in a competitive flexible procedure only.",
    ),
    (
        "negotiated",
        (Procedure.COMPETITIVE_FLEXIBLE,),
        "A period is agreed with pre-selected suppliers in a competitive flexible procedure only.",
    ),
    (
        "planned_notice",
        COMPETED,
        "A planned procurement notice shortens the period of an open or competitive flexible procedure only.",
    ),
    (
        "documents_later",
        COMPETED,
        "When documents come changes the period of an open or competitive flexible procedure only.",
    ),
    (
        "not_electronic",
        COMPETED,
        "How tenders are submitted changes the period of an open or competitive flexible procedure only.",
    ),
    (
        "urgent",
        (*COMPETED, Procedure.DIRECT),
        "Urgency changes the dates of an open or competitive flexible procedure and of a direct award only.",
    ),
    ("ground", (Procedure.DIRECT,), "Only a direct award has a ground."),
    (
        "tenders_due",
        tuple(each for each in Procedure if each is not Procedure.DIRECT),
        "A direct award invites no tenders.",
    ),
    (
        "standstill_days",
        FROM_THRESHOLD,
        "Below the threshold the Act knows no standstill.",
    ),
    (
        "ends",
        FROM_THRESHOLD,
        "Below the threshold the Act asks for no notice when a contract ends.",
    ),
)
COUNTED_FROM_NOTICE: Final = ("planned_notice", "requests_due", "invite", "tenders_due")
ORDER: Final = (
    ("planned_notice", "the planned procurement notice"),
    ("publish", "the first notice"),
    ("requests_due", "the last day for requests to participate"),
    ("invite", "the invitation to tender"),
    ("tenders_due", "the last day for tenders"),
    ("award_notice", "the contract award notice"),
    ("sign", "the signature"),
    ("ends", "the end of the contract"),
)


def check(asked: Asked) -> None:
    """Refuse what cannot be answered, with words for a person and the field that they belong to.

    Raises:
        Refused: something contradicts, or there is no day to count from.
    """
    for name, procedures, sentence in MEANT:
        if getattr(asked, name) and asked.procedure not in procedures:
            raise Refused(sentence, name)
    _check_numbers(asked)
    if not (asked.publish or asked.award_notice or asked.sign):
        raise Refused("Give the day of the first notice or of the contract award notice.", "publish")
    for name in COUNTED_FROM_NOTICE:
        if getattr(asked, name) and not asked.publish:
            raise Refused("Give the day of the first notice too: this day is counted from it.", "publish")
    if asked.urgent and asked.ground not in ("", "extreme-urgency"):
        raise Refused("A direct award rests on one ground: extreme urgency, or the one you chose.", "ground")
    _check_order(asked)


def _check_numbers(asked: Asked) -> None:
    for each in fields(asked):
        value = getattr(asked, each.name)
        if isinstance(value, date) and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise Refused(f"Give a year from {FIRST_YEAR} to {LAST_YEAR}.", each.name)
    if asked.value_gross is not None and asked.value_gross < 0:
        raise Refused("An estimated value is not below zero.", "value_gross")
    if not 0 <= asked.assessment_days <= 1000:
        raise Refused("Days for assessing are a number from 0 to 1,000.", "assessment_days")
    if asked.standstill_days is not None and not 0 < asked.standstill_days <= 250:
        raise Refused("Working days of standstill are a number from 1 to 250.", "standstill_days")


def _check_order(asked: Asked) -> None:
    given = [(name, words, day) for name, words in ORDER if (day := getattr(asked, name)) is not None]
    for (_, before, earlier), (name, words, later) in itertools.pairwise(given):
        if later < earlier:
            raise Refused(
                f"{words[0].upper()}{words[1:]} ({in_words(later)}) cannot come before "
                f"{before} ({in_words(earlier)}).",
                name,
            )
