"""Forms of pilots: agreement, sites, money, measures, readings, account, decision, adoption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from challenges.forms.fields import LONG, REASON, SHORT, sum_of_money
from challenges.rules import measuring
from challenges.rules.pilots import DECISIONS, WAYS
from web.fields import (
    CountField,
    DayField,
    FileField,
    Length,
    LongTextField,
    Optional,
    PenceField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    TextField,
    ValidationError,
    needed,
)
from web.forms import Form

NUMBER: Final = "Enter a number, such as 40 or 12.5"
MOST_BYTES: Final = 400_000


def a_number(_form: object, field: Any) -> None:
    """Refuse what is no number."""
    if field.data and measuring.as_number(field.data) is None:
        raise ValidationError(NUMBER)


class StepForm(Form):
    """A form whose fields are what its action takes; `hints` explain fields, `numbers` are read as such."""

    hints: ClassVar[Mapping[str, str]] = {}
    numbers: ClassVar[Sequence[str]] = ()

    @property
    def said(self) -> dict[str, Any]:
        """Return what the action takes."""
        values = dict(self.data)
        for name in self.numbers:
            values[name] = measuring.as_number(values[name] or "")
        return values


class BeginPilotForm(Form):
    """Which chosen response is tried, and when."""

    taken: ClassVar[Mapping[str, tuple[str | None, str]]] = {
        "uq_pilot_response_id": ("response", "An agreement for this response was begun already")
    }
    response = SelectField("Whose response is tried?", [needed("Choose a response")], default="")
    starts_on = DayField("First day of the pilot", [needed("Enter the first day")], noun="The first day")
    ends_on = DayField("Last day of the pilot", [needed("Enter the last day")], noun="The last day")

    def offer(self, chosen: Sequence[tuple[UUID, str]]) -> None:
        """Offer the responses that were chosen."""
        field: Any = self.response
        field.choices = [
            SelectChoice("", "Choose"),
            *(SelectChoice(str(response_id), words) for response_id, words in chosen),
        ]


class DescribeForm(StepForm):
    """What is tried, and when."""

    title = TextField("Name of the pilot", [needed("Enter a name"), SHORT])
    tries = LongTextField("What is tried, and how", [needed("Say what is tried"), LONG])
    starts_on = DayField("First day", [needed("Enter the first day")], noun="The first day")
    ends_on = DayField("Last day", [needed("Enter the last day")], noun="The last day")


class SiteForm(StepForm):
    """A place, and whether it is tried or compared there."""

    taken: ClassVar[Mapping[str, tuple[str | None, str]]] = {
        "uq_pilot_site_place": ("place", "There is a place of this name already")
    }
    hints: ClassVar[Mapping[str, str]] = {
        "place": "Readings name it, such as Block A",
        "body_code": "For a comparison, the council that lets you have its readings",
    }
    place = TextField("Place", [needed("Enter the place"), Length(max=100)])
    body_code = SelectField("Council", [needed("Choose a council")], default="")
    compares = SelectField(
        "What happens there?",
        choices=[SelectChoice("", "It is tried there"), SelectChoice("yes", "It is read for comparison")],
        default="",
    )

    def offer(self, councils: Sequence[tuple[str, str]]) -> None:
        """Offer the councils."""
        field: Any = self.body_code
        field.choices = [SelectChoice("", "Choose"), *(SelectChoice(code, name) for code, name in councils)]

    @property
    def said(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {**self.data, "compares": self.compares.data == "yes"}


class MilestoneForm(StepForm):
    """What is paid for what."""

    title = TextField("What is reached?", [needed("Say what is reached"), SHORT])
    due_on = DayField("By when", [needed("Enter the day")], noun="The day")
    gross_pence = PenceField(
        "Paid then, with VAT",
        [needed("Enter a sum"), sum_of_money],
        wrong="Enter a sum in pounds, such as 12,000",
    )


class PaidForm(StepForm):
    """When a milestone was paid, and what showed that it was reached."""

    paid_on = DayField("Paid on", [needed("Enter the day")], noun="The day")
    evidence = LongTextField("What showed that it was reached?", [needed("Say what showed it"), REASON])


class MeasureForm(StepForm):
    """What is measured, fixed before the pilot starts."""

    hints: ClassVar[Mapping[str, str]] = {
        "unit": "Such as days, calls a week, of calls answered, falls",
        "baseline": "Of a share in per cent; of events, for each case. What it is today, from real records",
        "target": "What was promised, in the same unit",
        "method": "How the effect is told from chance. The page on methods says what each takes for granted",
        "season": "Such as 12 for monthly readings with a yearly season. For a series; else leave it empty",
    }
    numbers: ClassVar[Sequence[str]] = ("baseline", "target")
    title = TextField("What is measured?", [needed("Say what is measured"), SHORT])
    unit = TextField("Unit", [needed("Enter the unit"), Length(max=60)])
    kind = SelectField(
        "What kind of figure is it?",
        choices=[SelectChoice(each, words) for each, words in measuring.KINDS.items()],
        default="mean",
    )
    baseline = TextField("Baseline", [needed("Enter the baseline"), a_number])
    baseline_source = TextField("Source of the baseline", [needed("Say where the baseline is from"), SHORT])
    target = TextField("Target", [needed("Enter the target"), a_number])
    method = SelectField(
        "How is it compared?",
        choices=[SelectChoice(each, words) for each, words in measuring.METHODS.items()],
        default="means",
    )
    season = CountField(
        "Readings until a season comes again", [Optional()], wrong="Enter a whole number up to 400", most=400
    )
    measured_by = TextField("Who measures?", [needed("Say who measures"), SHORT])

    @property
    def said(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {**super().said, "season": self.season.data or 0}


class ChangeMeasureForm(StepForm):
    """Another target or method than was fixed."""

    numbers: ClassVar[Sequence[str]] = ("target",)
    target = TextField("Target", [needed("Enter the target"), a_number])
    method = SelectField(
        "How is it compared?",
        choices=[SelectChoice(each, words) for each, words in measuring.METHODS.items()],
    )
    reason = LongTextField("Why is it changed?", [needed("Enter a reason"), REASON])


class ReadingsForm(StepForm):
    """Readings as lines of a CSV file."""

    hints: ClassVar[Mapping[str, str]] = {
        "lines": "A line each: date, site, value, cases, evidence. Such as 2026-11-02,Block A,31,,Report of "
        "the week. Cases: out of how many, for shares and events only. You can paste from a CSV file",
    }
    lines = LongTextField(
        "Readings",
        [needed("Enter at least one line"), Length(max=MOST_BYTES, message="These are too many lines")],
    )


class ReadingsFileForm(Form):
    """A file of readings."""

    lines = FileField("File")


class CorrectForm(StepForm):
    """Another value in the place of one."""

    numbers: ClassVar[Sequence[str]] = ("value", "cases")
    value = TextField("Value", [needed("Enter the value"), a_number])
    cases = TextField("Out of how many, for shares and events only", [a_number])
    reason = LongTextField("What was wrong?", [needed("Enter a reason"), REASON])


class AccountForm(StepForm):
    """What a pilot was like, for whoever thinks of doing the same."""

    hints: ClassVar[Mapping[str, str]] = {
        "harms": "Also what nearly went wrong; say so where none was seen",
        "equality": "What you saw for people with protected characteristics, and how you looked",
        "staff_hours": "Of all councils in it, from the first meeting on",
        "use_gross_pence": "What it would cost a council a year to use it, with VAT",
        "carries": "Where would it not work, or differently?",
    }
    learnt = LongTextField("What came of it", [LONG])
    harms = LongTextField("Harms that were seen", [LONG])
    equality = LongTextField("Equality impact", [LONG])
    staff_hours = CountField("Staff hours", [Optional()], wrong="Enter a whole number of hours")
    use_gross_pence = PenceField(
        "Cost in use a year", [Optional(), sum_of_money], wrong="Enter a sum in pounds, such as 9,000"
    )
    carries = LongTextField("Where it does not carry over", [LONG])
    ask_whom = TextField("Whom others can ask", [SHORT])


class DecideForm(StepForm):
    """What becomes of it, and why."""

    decision = SelectField(
        "What do you decide?",
        [needed("Choose a decision")],
        choices=[
            SelectChoice("", "Choose"),
            *(SelectChoice(each, words) for each, (words, _) in DECISIONS.items()),
        ],
        default="",
    )
    reason = LongTextField("Why? Everybody reads it", [needed("Enter a reason"), REASON])


class AdoptForm(StepForm):
    """By which way a council takes on what was tried."""

    taken: ClassVar[Mapping[str, tuple[str | None, str]]] = {
        "uq_pilot_adoption_body_code": (None, "Your council took it on already")
    }
    way = SelectField(
        "How does your council get it?",
        [needed("Choose a way")],
        choices=[SelectChoice("", "Choose"), *(SelectChoice(each, words) for each, words in WAYS.items())],
        default="",
    )
    pool = SelectField("The pool, where it is one", default="")
    words = LongTextField(
        "Which lawful path, in a sentence or two", [needed("Say which lawful path"), REASON]
    )
    yearly_gross_pence = PenceField(
        "What it costs a year, with VAT",
        [needed("Enter a sum"), sum_of_money],
        wrong="Enter a sum in pounds, such as 9,000",
    )
    from_on = DayField("In use from", [needed("Enter the day")], noun="The day")

    def offer(self, pools: Sequence[tuple[UUID, str]]) -> None:
        """Offer the pools that the council sees."""
        field: Any = self.pool
        field.choices = [
            SelectChoice("", "None"),
            *(SelectChoice(str(pool_id), title) for pool_id, title in pools),
        ]

    @property
    def said(self) -> dict[str, Any]:
        """Return what the action takes."""
        values = dict(self.data)
        chosen = values.pop("pool")
        return {**values, "pool_id": UUID(chosen) if chosen else None}


class StillForm(StepForm):
    """Whether it is still in use, a year later."""

    still = SelectField(
        "Is it still in use?",
        [needed("Choose an answer")],
        choices=[SelectChoice("", "Choose"), SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
        default="",
    )
    words = LongTextField("Why, or why not?", [needed("Say why"), REASON])
