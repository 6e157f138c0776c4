"""The notices of a contract's life, from its signature to its end."""

from __future__ import annotations

from datetime import date
from typing import Final

from sourcing.rules import obligations
from sourcing.rules.holidays import in_words
from sourcing.rules.obligations import Contract, Obligation
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Asked
from sourcing.rules.timetables.steps import Course, Rule
from values.refusals import Refused

SHOWN: Final = ("performance", "termination")
NO_VALUE: Final = (
    "Without a value no assessments of performance are counted. A contract over £5 million owes one in each "
    "twelve months (section 71)."
)


def take_life(course: Course, asked: Asked) -> None:
    """Take the yearly assessments and the notice of the end, where the end was asked for.

    Raises:
        Refused: the contract would end before it can be signed.
    """
    if asked.ends is None:
        return
    signed = next((step.on for step in course.steps if step.code == "signature"), None)
    if signed is None:
        course.warnings.append("What follows the signature was not counted, because its day could not be.")
        return
    if signed > asked.ends:
        raise Refused(f"The contract would end before it can be signed, on {in_words(signed)}.", "ends")
    if asked.value_gross is None:
        course.warnings.append(NO_VALUE)
    contract = Contract(
        entered_on=signed,
        value_gross_pence=asked.value_gross or 0,
        light_touch=asked.light_touch,
        concession=asked.contract is ContractKind.CONCESSION,
        ends_on=asked.ends,
    )
    found = obligations.of_contract(course.law, contract, until=asked.ends)
    shown = [each for each in found if each.code in SHOWN]
    for number, owed in enumerate(shown, start=1):
        if owed.due_on:
            course.latest(_rule(owed, number), owed.due_on, _same)


def _rule(owed: Obligation, number: int) -> Rule:
    name = f"{owed.name[0].lower()}{owed.name[1:]} due"
    code = f"{owed.code}-{number}" if owed.code == "performance" else owed.code
    words = f"{owed.notice}: {owed.rule[0].lower()}{owed.rule[1:]}"
    return Rule(code, name, words, owed.basis, owed.note, owed.code)


def _same(day: date) -> date:
    return day
