"""Forms of judging: phases and places, the scores of a response, and who goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from challenges.forms.fields import REASON, SHORT
from challenges.rules.phases import HIGHEST, MOST_PLACES, ORDER, Choice, PhaseKind, Ranked
from sourcing.queries.panels import QuestionScored
from values.years import LONDON
from web.fields import (
    BooleanField,
    CountField,
    DayField,
    Length,
    LongTextField,
    TextField,
    ValidationError,
    needed,
)
from web.forms import Form

_PLACES: Final = f"Enter the places as a whole number from 1 to {MOST_PLACES}"


class PhasesForm(Form):
    """How many go on from each phase; a phase without places is left out."""

    shortlist = CountField("Short-list: how many at most?", wrong=_PLACES, least=1, most=MOST_PLACES)
    showcase = CountField(
        "Judged at the showcase: how many go on at most?", wrong=_PLACES, least=1, most=MOST_PLACES
    )
    pilot = CountField(
        "Chosen for a pilot: how many at most?",
        [needed("Say how many can be chosen for a pilot")],
        wrong=_PLACES,
        least=1,
        most=MOST_PLACES,
    )

    @property
    def wanted(self) -> dict[PhaseKind, int]:
        """Return the places of the phases that are there."""
        return {kind: self[kind.value].data for kind in ORDER if self[kind.value].data}


class ScoresForm(Form):
    """Points and a reason for each criterion of one response; `of` adds the criteria."""

    @classmethod
    def of(cls, questions: Sequence[QuestionScored]) -> type[ScoresForm]:
        """Return the form for these criteria."""
        fields: dict[str, Any] = {}
        for each in questions:
            fields[f"points{each.code}"] = CountField(
                f"Points for “{each.title}”",
                [needed(f"Enter the points for “{each.title}”")],
                wrong=f"Enter the points for “{each.title}” as a whole number from 0 to {HIGHEST}",
                most=HIGHEST,
            )
            fields[f"reason{each.code}"] = LongTextField(
                f"Why, for “{each.title}”",
                [needed(f"Say why, for “{each.title}”: the firm reads it"), REASON],
            )
        return type("ScoresForm", (cls,), fields)

    @staticmethod
    def shown(given: Mapping[str, tuple[int, str]]) -> dict[str, Any]:
        """Return what was given, by the code of a criterion, as the form shows it."""
        return {f"points{code}": points for code, (points, _) in given.items()} | {
            f"reason{code}": reason for code, (_, reason) in given.items()
        }

    def given(self, code: str) -> tuple[int, str]:
        """Return points and reason of a criterion."""
        return int(self[f"points{code}"].data or 0), self[f"reason{code}"].data or ""


class OutcomeForm(Form):
    """Who goes on, with a reason for each firm; `of` adds the responses."""

    @classmethod
    def of(cls, ranked: Sequence[Ranked]) -> type[OutcomeForm]:
        """Return the form for these responses."""
        fields: dict[str, Any] = {}
        for each in ranked:
            fields[f"goes_on_{each.code}"] = BooleanField(f"Response {each.code} goes on")
            fields[f"reason_{each.code}"] = LongTextField(
                f"What the firm of {each.code} reads",
                [needed(f"Give response {each.code} a reason: its firm reads it"), REASON],
            )
            fields[f"departure_{each.code}"] = TextField(
                f"Why {each.code} goes on, or not, against its rank", [SHORT]
            )
        return type("OutcomeForm", (cls,), fields)

    def choices(self, ranked: Sequence[Ranked]) -> dict[UUID, Choice]:
        """Return what was decided for each response."""
        return {
            each.response_id: Choice(
                bool(self[f"goes_on_{each.code}"].data),
                self[f"reason_{each.code}"].data or "",
                self[f"departure_{each.code}"].data or "",
            )
            for each in ranked
        }


class TimesForm(Form):
    """When the first begins, and how long each has."""

    first_on = DayField("Day of the showcase", [needed("Enter the day")], noun="The day")
    first_time = TextField("When does the first begin?", [needed("Enter when the first begins"), SHORT])
    minutes = CountField(
        "Minutes for each",
        [needed("Enter the minutes for each")],
        wrong="Enter the minutes as a whole number",
    )
    pause = CountField("Minutes of break after each", wrong="Enter the break as a whole number of minutes")
    place = TextField("Where", [needed("Say where it is"), SHORT])

    def validate_first_time(self, field: Any) -> None:
        """Refuse what is no time of day."""
        if field.data and not re.fullmatch(r"([01]?[0-9]|2[0-3])[:.][0-5][0-9]", field.data):
            raise ValidationError("Enter the time as hours and minutes, such as 09:30")

    @property
    def first_at(self) -> datetime:
        """Return when the first begins."""
        hour, minute = re.split(r"[:.]", self.first_time.data or "0:0")
        day = self.first_on.data
        if day is None:
            raise LookupError("the form was not validated")
        return datetime.combine(day, time(int(hour), int(minute)), LONDON)


class NoteForm(Form):
    """What a judge notes for themselves."""

    note = LongTextField("Your notes", [Length(max=4_000, message="Notes must be 4,000 characters or less")])
