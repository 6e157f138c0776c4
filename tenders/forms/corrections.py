"""Forms of a correction: why, how much time, and one value at a time."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any, Final

from tenders.forms.deciding import LENGTH
from tenders.forms.fields import LONG, SHORT, codes_of, codes_of_areas, sum_of_money
from tenders.forms.terms import choices, one_answer
from tenders.rules.correcting import places
from tenders.rules.correcting.places import Correctable, Kind
from tenders.rules.terms import LANGUAGES, TREATIES
from values.years import LONDON
from web.fields import (
    DayField,
    Length,
    LongTextField,
    PenceField,
    PercentField,
    SelectMultipleField,
    TextField,
    ValidationError,
    needed,
)
from web.forms import Form

_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_WHY: Final = "Why is the tender corrected?"


class BeginForm(Form):
    """Why a tender is corrected."""

    reason = LongTextField(_WHY, [needed("Say why the tender is corrected"), LENGTH])


class TimeForm(Form):
    """Why a tender is corrected, and how much time suppliers are left."""

    reason = LongTextField(_WHY, [needed("Say why the tender is corrected"), LENGTH])
    day = DayField("New last day for tenders, if it moves", noun="The new last day")
    hour = TextField("Time of day, in London", [Length(max=5)])
    enough = LongTextField("Why is the time enough that is left?", [LENGTH])

    def validate_hour(self, field: Any) -> None:
        """Refuse what is no time of day, and a day without one."""
        if self.day.data and not _TIME.fullmatch(field.data or ""):
            raise ValidationError("Enter the time as hours and minutes, such as 17:00")

    @property
    def until(self) -> datetime | None:
        """The new deadline; None where it stays."""
        found = _TIME.fullmatch(self.hour.data or "")
        if self.day.data is None or found is None:
            return None
        return datetime.combine(self.day.data, time(int(found[1]), int(found[2])), LONDON)


class AreasField(TextField):
    """Codes of areas with spaces between them."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read codes in any case, with commas or without."""
        super().process_formdata([" ".join(codes_of(text)) for text in valuelist])


def stored(field: Correctable, text: str) -> Any:
    """Return a value that a change keeps as its form shows it."""
    return text if field.kind is Kind.AREAS else places.from_text(field.kind, text)


def value_form(field: Correctable) -> type[Form]:
    """Return the form for one value."""
    fields: dict[Kind, Any] = {
        Kind.LINE: TextField(field.words, [SHORT]),
        Kind.TEXT: LongTextField(field.words, [LONG]),
        Kind.PENCE: PenceField(field.words, [sum_of_money], wrong="Enter the sum in pounds, such as 120,000"),
        Kind.WEIGHT: PercentField(field.words, [], wrong="Enter a percentage from 0 to 100"),
        Kind.DAY: DayField(field.words, noun="The day"),
        Kind.LANGUAGES: SelectMultipleField(
            field.words, [needed("Choose at least one language")], choices=choices(LANGUAGES)
        ),
        Kind.TREATIES: SelectMultipleField(
            field.words,
            [needed("Choose the agreements that apply, or “None of these”"), one_answer],
            choices=choices(TREATIES),
        ),
        Kind.AREAS: AreasField(field.words, [needed("Enter at least one code of an area"), codes_of_areas]),
    }
    return type("ValueForm", (Form,), {"value": fields[field.kind]})


def said(form: Form) -> str:
    """Return what was entered as a change keeps it; lines end in one way."""
    return places.as_text(form.data["value"]).replace("\r\n", "\n").strip()
