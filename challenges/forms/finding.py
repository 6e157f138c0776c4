"""The filters of the search for challenges; their names are those of a link to a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from challenges.forms.fields import sum_of_money
from challenges.rules import finding
from challenges.rules.finding import MOST_CHARACTERS, ChallengeFilter
from web.fields import (
    Length,
    OneBoxDayField,
    Optional,
    PenceField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    TextField,
    ValidationError,
)
from web.forms import Form

_WORDS = Length(max=MOST_CHARACTERS, message=f"Look for at most {MOST_CHARACTERS} characters")


def _select(label: str) -> SelectField:
    return SelectField(label, validate_choice=False, default="")


class FindForm(Form):
    """What is looked for; each part may be left empty."""

    q = TextField("Words", [_WORDS])
    category = _select("Category")
    region = _select("Region of the pilot")
    state = _select("State")
    budget_from = PenceField(
        "Budget from", [Optional(), sum_of_money], wrong="Enter the lowest budget in pounds, such as 10,000"
    )
    budget_to = PenceField(
        "Budget up to",
        [Optional(), sum_of_money],
        wrong="Enter the highest budget in pounds, such as 50,000",
    )
    due_from = OneBoxDayField(
        "Responses due from",
        [Optional()],
        wrong="Enter the earliest day as year-month-day, such as 2026-11-22",
    )
    due_to = OneBoxDayField(
        "Responses due until",
        [Optional()],
        wrong="Enter the latest day as year-month-day, such as 2026-12-31",
    )
    whose = _select("Whose")
    sort = _select("Order")

    def offer(self, **choices: Sequence[tuple[str, str]]) -> None:
        """Offer the answers of the choices, by name; another answer counts as none."""
        for name, offered in choices.items():
            field: Any = self[name]
            field.choices = [SelectChoice(value, text) for value, text in offered]
            if field.data not in {value for value, _ in offered}:
                field.data = offered[0][0]

    def validate_budget_to(self, field: Any) -> None:
        """Refuse a range that nothing can lie in."""
        first = self.budget_from.data
        if field.data is not None and first is not None and field.data < first:
            raise ValidationError("The highest budget must not be below the lowest")

    def validate_due_to(self, field: Any) -> None:
        """Refuse a range that nothing can lie in."""
        if field.data is not None and self.due_from.data is not None and field.data < self.due_from.data:
            raise ValidationError("The latest day must not be before the earliest")

    def wanted(self, own: str) -> ChallengeFilter:
        """Return what was asked for; a part that is wrong counts as not asked.

        Args:
            own: the reader's council, or what no council is called.
        """

        def said(name: str) -> Any:
            return None if self[name].errors else self[name].data

        return ChallengeFilter(
            words=said("q") or "",
            category=said("category") or "",
            region=said("region") or "",
            budget_from_pence=said("budget_from"),
            budget_to_pence=said("budget_to"),
            due_from=said("due_from"),
            due_to=said("due_to"),
            state=finding.state_asked(said("state") or ""),
            own=own if said("whose") == "own" else "",
        )
