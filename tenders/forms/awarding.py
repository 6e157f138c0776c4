"""Forms of an award: a challenge, a text that summaries do not tell."""

from __future__ import annotations

from collections.abc import Sequence

from tenders.forms.deciding import LENGTH
from tenders.rules.withholding import GROUND_WORDS
from web.fields import (
    DayField,
    LongTextField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    needed,
)
from web.forms import Form


class ChallengeForm(Form):
    """Proceedings of which the buyers were told."""

    words = LongTextField("What was begun, and where?", [needed("Say what was begun"), LENGTH])
    notified_on = DayField(
        "Day on which the buyers were told", [needed("Enter the day")], noun="The day of the notification"
    )


class WithholdForm(Form):
    """Which text about the winning bid is withheld, on which ground, and why."""

    what = RadioField("Which text about the winning bid", choices=[])
    ground = RadioField(
        "On which ground", choices=[SelectChoice(each.value, words) for each, words in GROUND_WORDS.items()]
    )
    reason = LongTextField("Why, for the buyers’ own record", [needed("Say why"), LENGTH])

    def offer(self, texts: Sequence[tuple[str, str]]) -> None:
        """Offer the texts that summaries tell of winning bids, by lot and criterion."""
        self._texts = list(texts)
        self.what.choices = [
            SelectChoice(str(number), f"{lot}: {criterion}") for number, (lot, criterion) in enumerate(texts)
        ]

    @property
    def chosen(self) -> tuple[str, str]:
        """Lot and criterion of the text that was chosen."""
        return self._texts[int(self.what.data or 0)]
