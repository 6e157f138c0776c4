"""Forms of a contract: what was signed, readings, breaches, changes, ends, payments, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from tenders.forms.deciding import LENGTH
from tenders.forms.fields import MOST_PENCE, SHORT, sum_of_money
from tenders.rules.contracts import ending, performing
from tenders.rules.contracts.life import Changed
from web.fields import (
    BooleanField,
    CountField,
    DayField,
    FileField,
    LongTextField,
    Optional,
    PenceField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    SelectMultipleField,
    TextField,
    ValidationError,
    needed,
)
from web.forms import Form

_WRONG_MONEY: Final = "Enter the sum in pounds, such as 250,000"
# Longer than any contract of a council runs.
MOST_MONTHS: Final = 1200


class Hinted(Form):
    """A form with something said below labels, by the field's name."""

    hints: ClassVar[Mapping[str, str]] = {}


def _choices(words: Mapping[str, str]) -> list[Any]:
    return [SelectChoice(code, said) for code, said in words.items()]


class SignedForm(Hinted):
    """A contract that a council signed."""

    # Sent twice, or by two officers at the same moment.
    taken: ClassVar = {
        "pk_tender_contract": (None, "Your council’s contract for this lot is recorded already")
    }

    hints: ClassVar[Mapping[str, str]] = {
        "value_gross_pence": "With VAT, options and extensions. Leave it empty to take the lot’s value",
        "starts_on": "Leave the days empty to take those of the tender",
    }
    reference = TextField("Reference of the contract", [needed("Enter its reference"), SHORT])
    signed_on = DayField("Day of the signature", [needed("Enter the day")], noun="The day of the signature")
    value_gross_pence = PenceField("Estimated value", [Optional(), sum_of_money], wrong=_WRONG_MONEY)
    starts_on = DayField("First day", noun="The first day")
    ends_on = DayField("Last day, without extensions", noun="The last day")
    extended_until = DayField("Last day with all extensions", noun="The last day with extensions")


class ReadingForm(Hinted):
    """What was measured of an indicator."""

    hints: ClassVar[Mapping[str, str]] = {
        "value": "As it was measured, such as 99.7 %",
        "rating": "The ratings of regulation 39(5)",
        "evidence": "Where it can be looked up: a report, a log, minutes. It stays with the buyers",
    }
    kpi_number = SelectField("Indicator", choices=[], coerce=int)
    from_on = DayField("First day", [needed("Enter the first day")], noun="The first day")
    until_on = DayField("Last day", [needed("Enter the last day")], noun="The last day")
    value = TextField("What was measured", [needed("Enter what was measured"), SHORT])
    rating = RadioField("Rating", choices=_choices(performing.RATING_WORDS))
    evidence = LongTextField("Evidence", [needed("Say where it can be looked up"), LENGTH])

    def offer(self, kpis: Sequence[tuple[int, str]]) -> None:
        """Offer the indicators of the contract."""
        self.kpi_number.choices = [SelectChoice(number, title) for number, title in kpis]


class AssessForm(Hinted):
    """The days that an assessment is about."""

    from_on = DayField("First day", [needed("Enter the first day")], noun="The first day")
    until_on = DayField("Last day", [needed("Enter the last day")], noun="The last day")


class BreachForm(Hinted):
    """A breach with a consequence, or a failure after a proper chance to improve."""

    hints: ClassVar[Mapping[str, str]] = {
        "applies_on": "The earliest of the termination, the award of damages, the settlement, or the day on "
        "which it was clear that performance had not improved",
        "words": "It is published",
    }
    consequence = RadioField("What came of it", choices=_choices(performing.CONSEQUENCE_WORDS))
    applies_on = DayField("Since which day", [needed("Enter the day")], noun="The day")
    words = LongTextField("What happened", [needed("Say what happened"), LENGTH])


class EndForm(Hinted):
    """How and when a contract ended."""

    hints: ClassVar[Mapping[str, str]] = {"words": "It is published"}
    kind = RadioField(
        "How it ended", choices=[SelectChoice(code, x.words) for code, x in ending.KINDS.items()]
    )
    whole = RadioField(
        "How much of it",
        choices=[SelectChoice("whole", "All of it"), SelectChoice("part", "A part; the rest goes on")],
        default="whole",
    )
    ended_on = DayField("Last day", [needed("Enter the last day")], noun="The last day")
    words = LongTextField("In more words", [needed("Say how it came to this"), LENGTH])


class ChangeForm(Hinted):
    """A change of a contract, and what its officer says of it."""

    hints: ClassVar[Mapping[str, str]] = {
        "words": "What is another than before. It is published where a notice is due",
        "value_pence": "By how much the estimated value with VAT rises; with a minus where it falls",
        "term_months": "By how many months; with a minus where it ends earlier",
        "ground": "Whose conditions you hold to be met. Without one the change must be small, or not "
        "substantial",
        "made_with": "Together they are judged as one (sections 74(7) and 75(4))",
        "new_supplier": "Only where the contract passes to somebody else",
    }
    words = LongTextField("What is changed", [needed("Say what is changed"), LENGTH])
    reason = LongTextField("Why", [needed("Say why"), LENGTH])
    value_pence = PenceField("Value", [Optional()], wrong=_WRONG_MONEY)
    term_months = CountField(
        "Term",
        [Optional()],
        wrong="Enter a whole number of months, such as 6",
        least=-MOST_MONTHS,
        most=MOST_MONTHS,
    )
    widens_scope = BooleanField(
        "It brings goods, services or works of a kind that the contract did not provide for"
    )
    favours_supplier = BooleanField("It shifts the economic balance to the supplier materially")
    alters_nature = BooleanField("It changes the overall nature of the contract")
    new_supplier = TextField("New supplier", [SHORT])
    ground = SelectField("Ground of Schedule 8", choices=[], default="")
    made_with = SelectMultipleField(
        "Earlier changes that could reasonably have been made together with it", choices=[], coerce=int
    )

    def offer(self, grounds: Sequence[tuple[str, str]], made: Sequence[Changed]) -> None:
        """Offer the grounds of the law, and the changes that were made."""
        self.ground.choices = [
            SelectChoice("", "None"),
            *(SelectChoice(code, name) for code, name in grounds),
        ]
        self.made_with.choices = [
            SelectChoice(each.number, f"Change {each.number}: {each.words[:80]}") for each in made
        ]

    def validate_value_pence(self, field: Any) -> None:
        """Refuse a sum beyond all sense."""
        if field.data is not None and abs(field.data) > MOST_PENCE:
            raise ValidationError("Enter a sum up to £200,000,000,000")


class MadeForm(Hinted):
    """When a change was made."""

    made_on = DayField("Day of the change", [needed("Enter the day")], noun="The day of the change")


class PaymentForm(Hinted):
    """An invoice under a contract."""

    hints: ClassVar[Mapping[str, str]] = {
        "sum_pence": "With VAT",
        "received_on": "The day on which a valid invoice came",
        "falls_due_on": "Only where the contract names a later day",
        "paid_on": "Leave it empty until it is paid",
    }
    invoice = TextField("Number of the invoice", [needed("Enter its number"), SHORT])
    sum_pence = PenceField("Sum", [needed("Enter the sum"), sum_of_money], wrong=_WRONG_MONEY)
    received_on = DayField("Received on", [needed("Enter the day")], noun="The day of receipt")
    falls_due_on = DayField("Falls due on", noun="The day on which it falls due")
    paid_on = DayField("Paid on", noun="The day of payment")
    disputed = BooleanField("It is invalid or in dispute, and the supplier was told")


class PaidForm(Hinted):
    """When an invoice was paid."""

    paid_on = DayField("Paid on", [needed("Enter the day")], noun="The day of payment")


class PaperForm(Hinted):
    """A file of a contract, and what was left out of it."""

    kind = RadioField(
        "What is it?",
        choices=[
            SelectChoice("contract", "The contract, to be published"),
            SelectChoice("change", "The text of a change, to be published"),
            SelectChoice("evidence", "Evidence, which stays with the buyers"),
        ],
        default="contract",
    )
    change = SelectField("Which change", choices=[], default="")
    title = TextField("Title", [needed("Enter a title"), SHORT])
    withheld = LongTextField("What was left out, and on which ground of section 94", [LENGTH])
    files = FileField("File")

    def offer(self, made: Sequence[Changed]) -> None:
        """Offer the changes of the contract."""
        self.change.choices = [
            SelectChoice("", "None"),
            *(SelectChoice(str(each.id), f"Change {each.number}") for each in made),
        ]


class PublishedForm(Hinted):
    """Where and when a text was published."""

    reference = TextField("Reference on the central platform", [needed("Enter the reference"), SHORT])
    published_on = DayField("Day of publication", [needed("Enter the day")], noun="The day of publication")
