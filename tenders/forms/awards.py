"""The filters of the search for awards; their names are those of a link to a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tenders.rules.awarded import MOST_CHARACTERS, AwardFilter
from web.fields import (
    Length,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    TextField,
)
from web.forms import Form

_WORDS = Length(max=MOST_CHARACTERS, message=f"Look for at most {MOST_CHARACTERS} characters")


class AwardsForm(Form):
    """What is looked for; each part may be left empty."""

    q = TextField("Words", [_WORDS])
    supplier = TextField("Supplier", [_WORDS])
    category = SelectField("Category", validate_choice=False, default="")
    buyer = SelectField("Council", validate_choice=False, default="")

    def offer(self, name: str, first: str, offered: Sequence[tuple[str, str]]) -> None:
        """Offer the answers of a choice, the first for all of them; another answer counts as none."""
        field: Any = self[name]
        field.choices = [SelectChoice(value, text) for value, text in (("", first), *offered)]
        if field.data not in {value for value, _ in offered}:
            field.data = ""

    def wanted(self) -> AwardFilter:
        """Return what was asked for; a part that is wrong counts as not asked."""

        def said(name: str) -> str:
            return "" if self[name].errors else (self[name].data or "").strip()

        return AwardFilter(said("q"), said("category"), said("buyer"), said("supplier"))
