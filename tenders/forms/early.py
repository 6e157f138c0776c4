"""Forms of notices that come before the tender notice."""

from __future__ import annotations

from typing import Any

from tenders.forms.fields import LONG
from tenders.rules.early_notices import Engaging
from tenders.rules.finding import MOST_CHARACTERS
from web.fields import DayField, Length, LongTextField, SelectField, TextField, needed
from web.forms import Form


class PlannedForm(Form):
    """A planned procurement notice says what the draft says: nothing more is asked for."""

    @property
    def engaging(self) -> Engaging | None:
        """Return nothing: suppliers are not asked anything by this notice."""
        return None


class EngagementForm(Form):
    """What suppliers are asked, how they take part, and when."""

    about = LongTextField(
        "What do you want to hear from suppliers?", [needed("Say what you want to hear from suppliers"), LONG]
    )
    how = LongTextField("How do they take part?", [needed("Say how suppliers take part"), LONG])
    starts_on = DayField("First day", [needed("Enter the first day")], noun="The first day")
    ends_on = DayField("Last day", [needed("Enter the last day")], noun="The last day")

    @property
    def engaging(self) -> Engaging | None:
        """Return what was filled in, once it is whole."""
        starts, ends = self.starts_on.data, self.ends_on.data
        if starts is None or ends is None:
            return None
        return Engaging(self.about.data or "", self.how.data or "", starts, ends)


class FindPlannedForm(Form):
    """What is looked for among planned procurements; each part may be left empty."""

    q = TextField(
        "Words",
        [Length(max=MOST_CHARACTERS, message=f"Look for at most {MOST_CHARACTERS} characters")],
    )
    category = SelectField("Category", validate_choice=False, default="")
    region = SelectField("Region of a buyer", validate_choice=False, default="")

    def said(self, name: str) -> str:
        """Return what was asked for; a part that is wrong counts as not asked."""
        field: Any = self[name]
        return "" if field.errors else (field.data or "").strip()
