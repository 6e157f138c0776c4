"""Forms of questions about a subject and of their answers."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from sourcing.rules.questions import GROUND_WORDS, MOST_CHARACTERS, Ground
from values.years import LONDON
from web.fields import (
    BooleanField,
    DayField,
    Length,
    LongTextField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectMultipleField,
    TextField,
    ValidationError,
    needed,
)
from web.forms import Form

_LONG = Length(max=10_000, message="This text must be 10,000 characters or less")
_SHORT = Length(max=300, message="This must be 300 characters or less")
_LENGTH = Length(max=MOST_CHARACTERS, message=f"Ask in at most {MOST_CHARACTERS:,} characters")


class AskForm(Form):
    """A question, and whether its asker wants to hear of answers."""

    words = LongTextField("Your question", [needed("Enter a question"), _LENGTH])
    sensitive = LongTextField("Why should the answer not go to all?", [_LONG])
    follow = BooleanField("Tell me when answers are published")


class AnswerForm(Form):
    """An answer, the question as all may read it, and on what ground it stays private."""

    words = LongTextField("The question as all will read it", [needed("Enter the question"), _LONG])
    answer = LongTextField("Answer", [needed("Enter an answer"), _LONG])
    ground = RadioField(
        "Who reads the answer?",
        choices=[
            SelectChoice("", "Everybody"),
            *(SelectChoice(each.value, f"The asker alone. {words}") for each, words in GROUND_WORDS.items()),
        ],
        default="",
    )
    basis = LongTextField("What makes that ground hold here?", [_LONG])
    checked = BooleanField("I have looked: these words do not tell who asked")

    @property
    def private_ground(self) -> Ground | None:
        """Return the ground on which the answer stays private, if it does."""
        return Ground(self.ground.data) if self.ground.data else None


class PublishForm(Form):
    """Which drafts are published."""

    only = SelectMultipleField("Answers to publish", [needed("Choose at least one answer")])

    def offer(self, drafts: list[tuple[str, str]]) -> None:
        """Offer the drafts, by id and words."""
        self.only.choices = [SelectChoice(value, text) for value, text in drafts]


class UntilForm(Form):
    """The last time for questions."""

    questions_until = DayField("Last day for questions", [needed("Enter the last day")], noun="The last day")
    at = TextField("Time", [needed("Enter the time, such as 12:00"), _SHORT])

    def validate_at(self, field: Any) -> None:
        """Refuse what is no time of day."""
        if field.data and not re.fullmatch(r"([01]?[0-9]|2[0-3])[:.][0-5][0-9]", field.data):
            raise ValidationError("Enter the time as hours and minutes, such as 14:30")

    @property
    def until(self) -> datetime:
        """Return the moment."""
        hour, minute = re.split(r"[:.]", self.at.data or "0:0")
        day = self.questions_until.data
        if day is None:
            raise LookupError("the form was not validated")
        return datetime.combine(day, time(int(hour), int(minute)), LONDON)
