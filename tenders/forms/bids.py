"""Forms of a bid's parts, made of what the tender asks; of handing in, of receipts, of openings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, ClassVar, Final

from tenders.rules.bidding.asked import Asked, AskedLot
from tenders.rules.bidding.drafts import LONGEST_ANSWER, MOST_PENCE, BidPart, Draft, chosen, too_many
from tenders.rules.opening import REFUSALS
from values.years import LONDON
from web.fields import (
    BooleanField,
    DayField,
    FileField,
    Length,
    LongTextField,
    PenceField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectMultipleField,
    TextField,
    ValidationError,
    needed,
    needed_tick,
)
from web.forms import Form

_ANSWER = Length(max=LONGEST_ANSWER, message="This answer must be 20,000 characters or less")
_MEETS: Final = [SelectChoice("yes", "Yes, we meet it"), SelectChoice("no", "No")]
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong to one thing that is asked: what it is, and what is looked for."""

    title: str
    description: str
    note: str
    fields: Sequence[Any]


def _price(_form: object, field: Any) -> None:
    if field.data is not None and not 0 <= field.data <= MOST_PENCE:
        raise ValidationError("Enter a sum from £0 to £200,000,000,000")


def _not_too_many(asked: Asked) -> Any:
    def check(_form: object, field: Any) -> None:
        if beyond := too_many(asked, len(field.data or ())):
            raise ValidationError(beyond)

    return check


def form_of(part: BidPart, asked: Asked, draft: Draft) -> type[Form]:
    """Return the form of a part: one that is not filled in yet can be saved as it is."""
    fields: dict[str, Any] = {}
    if part is BidPart.LOTS:
        choices = [SelectChoice(lot.id, lot.title) for lot in asked.lots]
        fields["lots"] = SelectMultipleField(
            "Which lots do you bid for?", [_not_too_many(asked)], choices=choices
        )
    elif part is BidPart.CONDITIONS:
        for number, each in enumerate(asked.conditions):
            fields[f"meets_{number}"] = RadioField(
                f"Do you meet “{each.title}”?", choices=_MEETS, validate_choice=False
            )
            fields[f"evidence_{number}"] = LongTextField("What shows it?", [_ANSWER])
    elif part is BidPart.ANSWERS:
        for number, each in enumerate(asked.questions):
            fields[f"answer_{number}"] = LongTextField(f"Your answer to “{each.title}”", [_ANSWER])
    else:
        for number, lot in enumerate(chosen(asked, draft)):
            fields[f"fixed_{number}"] = PenceField(
                f"Fixed sum for {lot.title}", [_price], wrong="Enter the sum in pounds, such as 12,000"
            )
            for tier, words in enumerate(lot.tiers):
                fields[f"tier_{number}_{tier}"] = PenceField(
                    f"Price for {words}", [_price], wrong="Enter the price in pounds, such as 1.50"
                )
    return type("PartOfBidForm", (Form,), fields)


def filled(part: BidPart, asked: Asked, draft: Draft) -> dict[str, Any]:
    """Return what was saved of a part, by the fields of its form."""
    if part is BidPart.LOTS:
        return {"lots": list(draft.lots)}
    if part is BidPart.ANSWERS:
        return {f"answer_{at}": draft.answers.get(each.id) for at, each in enumerate(asked.questions)}
    found: dict[str, Any] = {}
    if part is BidPart.CONDITIONS:
        for number, each in enumerate(asked.conditions):
            if said := draft.conditions.get(each.id):
                found[f"meets_{number}"] = {True: "yes", False: "no", None: None}[said.meets]
                found[f"evidence_{number}"] = said.evidence
        return found
    for number, lot in enumerate(chosen(asked, draft)):
        if schedule := draft.prices.get(lot.id):
            found[f"fixed_{number}"] = schedule.fixed_pence
            found |= {f"tier_{number}_{tier}": pence for tier, pence in enumerate(schedule.tiers)}
    return found


def said(part: BidPart, asked: Asked, draft: Draft, form: Form) -> dict[str, Any]:
    """Return what was filled in, as it is kept."""
    data = form.data
    if part is BidPart.LOTS:
        return {"lots": data["lots"] or []}
    if part is BidPart.ANSWERS:
        return {each.id: data[f"answer_{at}"] for at, each in enumerate(asked.questions)}
    if part is BidPart.CONDITIONS:
        return {
            each.id: {
                "meets": {"yes": True, "no": False}.get(data[f"meets_{at}"]),
                "evidence": data[f"evidence_{at}"],
            }
            for at, each in enumerate(asked.conditions)
        }
    return {
        lot.id: {
            "fixed_pence": data[f"fixed_{at}"],
            "tiers": [data[f"tier_{at}_{tier}"] for tier in range(len(lot.tier_starts))],
        }
        for at, lot in enumerate(chosen(asked, draft))
    }


def groups(part: BidPart, asked: Asked, draft: Draft, form: Form) -> list[Group]:
    """Return the fields of a part's form by what they are about."""
    if part is BidPart.LOTS:
        return [Group("", "", asked.limits_words, list(form))]
    if part is BidPart.PRICES:
        return [_priced(at, lot, form) for at, lot in enumerate(chosen(asked, draft))]
    if part is BidPart.ANSWERS:
        return [
            Group(f"{each.title} ({each.weight})" if each.weight else each.title, each.description,
                  each.standard, [form[f"answer_{at}"]])
            for at, each in enumerate(asked.questions)
        ]  # fmt: skip
    return [
        Group(each.title, each.description, each.standard, [form[f"meets_{at}"], form[f"evidence_{at}"]])
        for at, each in enumerate(asked.conditions)
    ]


def _priced(at: int, lot: AskedLot, form: Form) -> Group:
    counting = {
        "all units": "All units cost what the tier costs that the whole number falls into.",
        "units in tier": "Each unit costs what the tier costs that it falls into.",
    }
    note = counting[lot.counting] if len(lot.tier_starts) > 1 else ""
    names = (f"fixed_{at}", *(f"tier_{at}_{tier}" for tier in range(len(lot.tier_starts))))
    return Group(lot.title, lot.description, note, [form[name] for name in names])


class BidFileForm(Form):
    """A file of a bid."""

    files = FileField("File")


class BeginForm(Form):
    """To begin a bid, and whether its beginner hears what becomes of the tender."""

    follow = BooleanField("Tell me of answers, corrections and a later deadline")


class SubmitForm(Form):
    """That somebody may hand in for their organisation, and means to."""

    sure = BooleanField(
        "I may submit this bid for my organisation, and it is complete",
        [needed_tick("Confirm that you may submit this bid, and that it is complete")],
    )


class ReceiptForm(Form):
    """A receipt, pasted whole."""

    text = LongTextField("The whole receipt", [needed("Paste a receipt"), Length(max=5000)])


class OpeningForm(Form):
    """The second factor, for this step of an opening alone."""

    taken: ClassVar = {name: (None, words) for name, words in REFUSALS.items()}
    code = TextField("Code from your app", [needed("Enter the code that your app shows"), Length(max=20)])


class ExtendForm(Form):
    """A later deadline, and why."""

    day = DayField("New last day", [needed("Enter the new last day")], noun="The new last day")
    hour = TextField("Time of day, in London", [needed("Enter a time of day"), Length(max=5)])
    reason = LongTextField(
        "Why is the deadline moved?",
        [needed("Say why the deadline is moved"), Length(max=2000, message="Write 2,000 characters or less")],
    )

    def validate_hour(self, field: Any) -> None:
        """Refuse what is no time of day."""
        if field.data and not _TIME.fullmatch(field.data):
            raise ValidationError("Enter the time as hours and minutes, such as 17:00")

    @property
    def until(self) -> datetime:
        """The new deadline."""
        found = _TIME.fullmatch(self.hour.data or "")
        if found is None or self.day.data is None:
            raise LookupError("the form was not validated")
        return datetime.combine(self.day.data, time(int(found[1]), int(found[2])), LONDON)
