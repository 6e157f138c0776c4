"""Forms of the requirements of a pool. Several stand on one page, so no two fields have the same name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from procurement.rules.pools.lines import OUTCOME_WORDS, STANCE_WORDS, Outcome, Stance
from web.fields import (
    DayField,
    Length,
    LongTextField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectMultipleField,
    TextField,
    needed,
)
from web.forms import Form

_REASON: Final = Length(max=1000, message="The reason must be 1,000 characters or less")
_LINE: Final = Length(max=1000, message="A requirement must be 1,000 characters or less")
_LOT: Final = Length(max=100, message="The name of the lot must be 100 characters or less")


def _outcomes(outcomes: Iterable[Outcome]) -> list[Any]:
    return [SelectChoice(outcome.value, OUTCOME_WORDS[outcome]) for outcome in outcomes]


class ProposeLine(Form):
    """A line that no need has yet."""

    text = LongTextField("Requirement", [needed("Enter the requirement"), _LINE])
    kind = RadioField(
        "What is it to your council?",
        [needed("Say what it is to your council")],
        choices=[SelectChoice(each.value, STANCE_WORDS[each]) for each in (Stance.MUST, Stance.NICE)],
    )


class TakeStance(Form):
    """What a council says to a line."""

    stance = RadioField(
        "What is this line to your council?",
        [needed("Say what this line is to your council")],
        choices=[SelectChoice(each.value, words) for each, words in STANCE_WORDS.items()],
    )
    stance_reason = LongTextField("Why", [_REASON])


class Settle(Form):
    """What becomes of a line, as the lead council decides."""

    outcome = RadioField("What becomes of this line?", [needed("Choose what becomes of this line")])
    lot = TextField("Name of the lot", [_LOT])
    outcome_reason = LongTextField("Why", [needed("Give a reason that members will read"), _REASON])

    def offer(self, outcomes: Iterable[Outcome]) -> None:
        """Let the lead council choose among these."""
        self.outcome.choices = _outcomes(outcomes)


class Reword(Form):
    """A line in other words."""

    wording = LongTextField("Requirement", [needed("Enter the requirement"), _LINE])
    wording_reason = LongTextField(
        "Why the words change", [needed("Give a reason that members will read"), _REASON]
    )


class OpenVote(Form):
    """A vote on a line."""

    question = TextField(
        "Question",
        [
            needed("Enter the question"),
            Length(max=300, message="The question must be 300 characters or less"),
        ],
    )
    choices = SelectMultipleField(
        "Answers to choose from", [needed("Choose at least two answers to vote on")]
    )
    vote_lot = TextField("Name of the lot, where a lot is among the answers", [_LOT])
    closes_on = DayField(
        "Last day of the vote", [needed("Enter the last day of the vote")], noun="The last day of the vote"
    )

    def offer(self, outcomes: Iterable[Outcome]) -> None:
        """Let the lead council put these to the vote."""
        self.choices.choices = _outcomes(outcomes)


class CastBallot(Form):
    """A council's choice in a vote."""

    choice = RadioField("Your council’s answer", [needed("Choose your council’s answer")])

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Let a council choose among the answers of a vote: value, words."""
        self.choice.choices = [SelectChoice(value, words) for value, words in choices]


class RecordSounding(Form):
    """What a supplier said in preliminary market engagement."""

    supplier = TextField(
        "Supplier",
        [
            needed("Enter the supplier"),
            Length(max=200, message="The name must be 200 characters or less"),
        ],
    )
    failing = SelectMultipleField("Lines that it cannot meet")
    note = LongTextField(
        "What it said", [Length(max=2000, message="The note must be 2,000 characters or less")]
    )

    def offer(self, lines: Iterable[tuple[UUID, str]]) -> None:
        """Let a person choose among the lines of a pool."""
        self.failing.choices = [SelectChoice(str(line_id), text) for line_id, text in lines]
