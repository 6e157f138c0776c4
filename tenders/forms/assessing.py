"""The form of a step about one bid."""

from __future__ import annotations

from uuid import UUID

from tenders.forms.deciding import LENGTH
from tenders.rules.bidding.asked import AskedQuestion
from tenders.rules.checks import KIND_WORDS, STEP_WORDS, CheckKind, Step
from values.refusals import Missing
from web.fields import (
    LongTextField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    needed,
)
from web.forms import Form


class CheckForm(Form):
    """What is looked at, how far it is, and why."""

    about = SelectField("What is looked at?", [needed("Choose what is looked at")], choices=[])
    step = RadioField(
        "What is recorded?",
        [needed("Choose what is recorded")],
        choices=[SelectChoice(each.value, words) for each, words in STEP_WORDS.items()],
        validate_choice=False,
    )
    reason = LongTextField("Reason", [needed("Give a reason: the bidder will read why"), LENGTH])

    def offer(self, conditions: tuple[AskedQuestion, ...]) -> None:
        """Offer the conditions of a tender, and the grounds on which a bid may be disregarded."""
        grounds = [each for each in CheckKind if each is not CheckKind.CONDITION]
        self.about.choices = [
            *(SelectChoice(each.id, f"Condition: {each.title}") for each in conditions),
            *(SelectChoice(each.value, KIND_WORDS[each]) for each in grounds),
        ]

    @property
    def said(self) -> tuple[CheckKind, UUID | None, Step]:
        """Return what was chosen.

        Raises:
            Missing: a step that is none.
        """
        about = str(self.about.data)
        step = next((each for each in Step if each == self.step.data), None)
        if step is None:
            raise Missing("step")
        kind = next((each for each in CheckKind if each == about), None)
        return (kind, None, step) if kind else (CheckKind.CONDITION, UUID(about), step)
