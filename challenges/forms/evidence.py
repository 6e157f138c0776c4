"""Forms of files that show readings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from challenges.forms.fields import SHORT
from challenges.rules.evidence import PUBLIC, READERS, Reach
from challenges.rules.pilots import Site
from web.fields import (
    BooleanField,
    DayField,
    FileField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    TextField,
    needed,
)
from web.forms import Form

CHECKED = "I have opened the file, and there are no personal data in it"


class ReadersForm(Form):
    """Who may open a file."""

    readers = SelectField(
        "Who may open it?",
        choices=[SelectChoice(each, words) for each, words in READERS.items()],
        default="",
    )
    checked = BooleanField(CHECKED)

    @property
    def for_public(self) -> bool:
        """Whether everybody may, once the result is published."""
        return self.readers.data == PUBLIC


class EvidenceForm(Form):
    """A file, what it shows, and of which readings."""

    files = FileField("File")
    words = TextField("What does it show?", [needed("Say what the file shows"), SHORT])
    first_on = DayField("Readings from", [needed("Enter the first day")], noun="The first day")
    last_on = DayField("Readings until", [needed("Enter the last day")], noun="The last day")
    site = SelectField("Where?", default="")
    readers = SelectField(
        "Who may open it?",
        choices=[SelectChoice(each, words) for each, words in READERS.items()],
        default="",
    )
    checked = BooleanField(CHECKED)

    def offer(self, sites: Sequence[Site]) -> None:
        """Offer the places of the pilot."""
        field: Any = self.site
        field.choices = [
            SelectChoice("", "At all places"),
            *(SelectChoice(str(each.position), each.place) for each in sites),
        ]

    @property
    def for_public(self) -> bool:
        """Whether everybody may open it, once the result is published."""
        return self.readers.data == PUBLIC

    @property
    def reach(self) -> Reach | None:
        """Which readings it shows; None while a day is missing."""
        if self.first_on.data is None or self.last_on.data is None:
            return None
        return Reach(self.first_on.data, self.last_on.data, int(self.site.data) if self.site.data else None)
