"""The form in which a firm says what it does."""

from __future__ import annotations

from typing import Any

from challenges.rules.proposing import LONGEST_OFFER, MOST_CATEGORIES
from spend.rules.categories import taxonomy
from web.fields import (
    BooleanField,
    Length,
    LongTextField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    needed,
)
from web.forms import Form

NAMES = tuple(f"category{number}" for number in range(1, MOST_CATEGORIES + 1))


class OfferForm(Form):
    """What a firm does, the categories of it, and whether councils may find it."""

    words = LongTextField(
        "What does your firm do?",
        [
            needed("Say what your firm does"),
            Length(max=LONGEST_OFFER, message=f"Say it in {LONGEST_OFFER:,} characters or less"),
        ],
    )
    category1 = SelectField("Category", default="")
    category2 = SelectField("Another category", default="")
    category3 = SelectField("A third category", default="")
    listed = BooleanField("Councils that write a challenge may find us by this")

    def offer(self) -> None:
        """Offer the categories of the taxonomy."""
        for name in NAMES:
            field: Any = self[name]
            field.choices = [
                SelectChoice("", "None"),
                *(SelectChoice(each.code, each.name) for each in taxonomy().categories),
            ]

    @property
    def categories(self) -> list[str]:
        """Return the categories that were chosen."""
        return [self[name].data for name in NAMES if self[name].data]
