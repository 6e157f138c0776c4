"""Forms of a panel: its people, their declarations, their scores, on what it agrees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sourcing.rules.panels import DECISION_WORDS
from web.fields import (
    BooleanField,
    CountField,
    Length,
    LongTextField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    needed,
)
from web.forms import Form

LENGTH: Final = Length(max=2_000, message="The reason must be 2,000 characters or less")


class PersonForm(Form):
    """Somebody of one's own council, and whether they score."""

    person = SelectField("Person", [needed("Choose a person")], choices=[])
    assesses = BooleanField("Scores as well")

    def offer(self, people: Sequence[tuple[str, str]]) -> None:
        """Offer the people of a council."""
        self.person.choices = [SelectChoice(person_id, name) for person_id, name in people]

    @property
    def person_id(self) -> UUID:
        """Return whom was chosen."""
        return UUID(str(self.person.data))


class DeclareForm(Form):
    """Whether there is a conflict with one candidate, and of which kind."""

    conflict = RadioField(
        "Do you have a conflict of interest here, or could others think so?",
        [needed("Say whether you have a conflict")],
        choices=[SelectChoice("no", "No"), SelectChoice("yes", "Yes")],
        validate_choice=False,
    )
    nature = LongTextField("If so, what is it?", [LENGTH])


class DecideForm(Form):
    """Whether somebody who declared a conflict may score."""

    decision = RadioField(
        "Decision",
        [needed("Choose a decision")],
        choices=[SelectChoice(each.value, words) for each, words in DECISION_WORDS.items()],
        validate_choice=False,
    )
    reason = LongTextField("Reason", [needed("Enter a reason"), LENGTH])


class PointsForm(Form):
    """Points for one answer, and why: of an assessor, or on which the panel agreed."""

    points = CountField("Points", [needed("Enter the points")], wrong="Enter the points as a whole number")
    reason = LongTextField("Reason", [needed("Give a reason: the bidder will read why"), LENGTH])
