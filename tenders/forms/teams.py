"""Forms of who bids: one's own part, other suppliers, sub-contractors, and what a member says of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tenders.rules.bidding.asked import Asked
from tenders.rules.bidding.drafts import LONGEST_ANSWER
from tenders.rules.bidding.team import Fulfilment, Said
from web.fields import (
    BooleanField,
    CountField,
    Length,
    LongTextField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectMultipleField,
    TextField,
    ValidationError,
    needed,
    needed_tick,
)
from web.forms import Form

_SHORT = Length(max=200, message="Write 200 characters or less")
_LONG = Length(max=2000, message="Write 2,000 characters or less")
_ANSWER = Length(max=LONGEST_ANSWER, message="This answer must be 20,000 characters or less")
_WRONG: Final = "Enter the percentage as a whole number, such as 30"
_MEETS: Final = [SelectChoice("yes", "Yes, we meet it"), SelectChoice("no", "No, or not by ourselves")]
_GROUND: Final = [SelectChoice("no", "No"), SelectChoice("yes", "Yes, or perhaps")]


def _percent(_form: object, field: Any) -> None:
    if field.data is not None and not 0 <= field.data <= 100:
        raise ValidationError("Enter a percentage from 0 to 100")


def _shown_where_met(number: int) -> Callable[[Any, Any], None]:
    def check(form: Any, field: Any) -> None:
        if form[f"meets_{number}"].data == "yes" and not field.data:
            raise ValidationError("Say what shows that you meet it")

    return check


def _share(label: str) -> CountField:
    return CountField(label, [needed("Enter how much of the work that is"), _percent], wrong=_WRONG)


class OwnPartForm(Form):
    """What the lead does itself."""

    part = LongTextField("What do you do yourselves?", [needed("Say what you do yourselves"), _LONG])
    share = _share("How much of the work is yours?")


class MemberForm(Form):
    """What a member does, and whether it may write."""

    part = LongTextField("What would it do?", [needed("Say what it would do"), _LONG])
    share = _share("How much of the work is that?")
    writes = BooleanField("It may write conditions, answers and prices of the bid, and not only read it")


class AskForm(MemberForm):
    """The same of a supplier that is to be asked."""

    who = TextField(
        "Name of the supplier as this service knows it, or an e-mail address",
        [needed("Enter the name of a supplier or an e-mail address"), _SHORT],
    )


def subcontractor_form(asked: Asked) -> type[Form]:
    """Return the form that names a sub-contractor, with the conditions that can be met by it."""
    choices = [SelectChoice(each.id, each.title) for each in asked.conditions]
    fields: dict[str, Any] = {
        "name": TextField("Name", [needed("Enter its name"), _SHORT]),
        "identifier": TextField("Company number or other identifier, if it has one", [_SHORT]),
        "part": LongTextField("What does it do?", [needed("Say what it does"), _LONG]),
        "share": _share("How much of the work is that?"),
    }
    if choices:
        fields["relied_on"] = SelectMultipleField(
            "Which conditions do you meet only with it?", choices=choices
        )
    return type("SubcontractorForm", (Form,), fields)


def said_form(asked: Asked) -> type[Form]:
    """Return the form by which a member joins: its own answers to the conditions, exclusion, and its word."""
    fields: dict[str, Any] = {}
    for number, each in enumerate(asked.conditions):
        fields[f"meets_{number}"] = RadioField(
            f"Do you meet “{each.title}”?",
            [needed(f"Say whether you meet “{each.title}”")],
            choices=_MEETS,
            validate_choice=False,
        )
        fields[f"evidence_{number}"] = LongTextField("What shows it?", [_shown_where_met(number), _ANSWER])
    fields["ground"] = RadioField(
        "Does a ground of exclusion apply to you, or to somebody connected with you?",
        [needed("Say whether a ground of exclusion applies")],
        choices=_GROUND,
        validate_choice=False,
    )
    fields["ground_words"] = LongTextField("Which, and what did you do about it?", [_ANSWER])
    fields["sure"] = BooleanField(
        "I may bind my organisation to this part of the bid",
        [needed_tick("Confirm that you may bind your organisation")],
    )
    return type("SaidForm", (_SaidForm,), fields)


class _SaidForm(Form):
    def validate_ground_words(self, field: Any) -> None:
        """Ask for words where a ground applies."""
        if self["ground"].data == "yes" and not field.data:
            raise ValidationError("Say which ground applies, and what you did about it")


def shown(asked: Asked, said: Said | None) -> dict[str, Any]:
    """Return what a member said of itself, by the fields of the form."""
    if said is None:
        return {}
    found: dict[str, Any] = {"ground": "yes" if said.ground else "no", "ground_words": said.ground_words}
    for number, each in enumerate(asked.conditions):
        met = said.conditions.get(each.id, Fulfilment())
        found[f"meets_{number}"] = {True: "yes", False: "no", None: None}[met.meets]
        found[f"evidence_{number}"] = met.evidence
    return found


def said_of(asked: Asked, data: Mapping[str, Any]) -> Said:
    """Return what was filled in."""
    return Said(
        conditions={
            each.id: Fulfilment(data[f"meets_{number}"] == "yes", data[f"evidence_{number}"])
            for number, each in enumerate(asked.conditions)
        },
        ground=data["ground"] == "yes",
        ground_words=data["ground_words"],
    )
