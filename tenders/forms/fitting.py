"""The form of “does it fit us?”: for each point an answer and a note, made from the points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from tenders.rules.fitting import FIT_WORDS, Answer, Fit, Point
from web.fields import (
    Length,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    TextField,
)
from web.forms import Form

_NOTE = Length(max=1000, message="A note must be 1,000 characters or less")
# Empty where nobody has answered: a point need not be.
_CHOICES = [SelectChoice(each.value, words) for each, words in FIT_WORDS.items()]


def fit_form(points: Sequence[Point], typed: Any = None, answers: Mapping[str, Answer] | None = None) -> Form:
    """Return the form of some points, filled in with what was typed or else with what was kept."""
    fields: dict[str, Any] = {}
    for point in points:
        fields[point.key] = RadioField(point.question, choices=_CHOICES, validate_choice=False)
        fields[f"{point.key}_note"] = TextField("Note for yourselves", [_NOTE])
    kept: dict[str, str] = {}
    for key, answer in (answers or {}).items():
        kept |= {key: answer.fit.value if answer.fit else "", f"{key}_note": answer.note}
    made = cast("type[Form]", type("FitForm", (Form,), fields))
    return made(typed, data=kept)


def answers_of(form: Any, points: Sequence[Point]) -> dict[str, Answer]:
    """Return what was answered; an answer that is not offered counts as none."""
    return {
        point.key: Answer(_fit(form[point.key].data), form[f"{point.key}_note"].data or "")
        for point in points
    }


def _fit(text: str | None) -> Fit | None:
    return Fit(text) if text in tuple(Fit) else None
