"""Forms of a statement, a page for each part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from challenges.actions.making import MOST_PARTS
from challenges.forms.fields import HOURS, LONG, SHORT, PartForm, sum_of_money
from challenges.rules.content import Content, Criterion, Section
from challenges.rules.linting import Part
from sourcing.rules.challenge_routes import routes
from spend.rules.categories import taxonomy
from web.fields import (
    BooleanField,
    CountField,
    DayField,
    LongTextField,
    Optional,
    PenceField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    TextField,
    needed,
)
from web.forms import Form

NO: Final = (False, "", "0", "false", "no", "n")


def _categories() -> list[Any]:
    return [SelectChoice(each.code, each.name) for each in taxonomy().categories]


class BeginForm(Form):
    """What a new statement is called, and where it belongs."""

    title = TextField("What should become possible?", [needed("Enter a title"), SHORT])
    category = SelectField("Category", [needed("Choose a category")], validate_choice=False, default="")

    def offer(self) -> None:
        """Offer the categories."""
        field: Any = self.category
        field.choices = [SelectChoice("", "Choose"), *_categories()]
        if field.data not in {each.code for each in taxonomy().categories}:
            field.data = ""


class ProblemForm(PartForm):
    """What is wrong, for whom, and what should be different."""

    title = TextField("Title", [needed("Enter a title"), SHORT])
    category = SelectField("Category")
    region_code = SelectField("Region where a pilot would take place", default="")
    problem = LongTextField("The problem", [LONG])
    people = LongTextField("Who has it", [LONG])
    tried = LongTextField("What was tried", [LONG])
    outcomes = LongTextField("Outcomes wanted", [LONG])

    def offer(self, regions: Sequence[tuple[str, str]]) -> None:
        """Offer categories and regions."""
        category: Any = self.category
        category.choices = _categories()
        region: Any = self.region_code
        region.choices = [SelectChoice("", "Anywhere"), *(SelectChoice(*each) for each in regions)]


class AfterForm(PartForm):
    """What there is to work with, the money, and what follows."""

    interfaces = LongTextField("Data and interfaces that can be used", [LONG])
    constraints = LongTextField("What cannot be changed", [LONG])
    after_success = LongTextField("What happens after success", [LONG])
    budget_gross_pence = PenceField(
        "Budget for a pilot, with VAT",
        [Optional(), sum_of_money],
        wrong="Enter the budget in pounds, such as 36,000",
    )
    later_gross_pence = PenceField(
        "What may follow under the same procurement, with VAT",
        [Optional(), sum_of_money],
        wrong="Enter the sum in pounds, such as 120,000",
    )


class LawForm(PartForm):
    """By which part of the law the challenge is answered and tried."""

    route = RadioField(
        "Legal route",
        choices=[SelectChoice(each.code, each.name) for each in routes()],
        validate_choice=False,
        default="",
    )
    route_reason = LongTextField("Why this route", [LONG])

    def validate_route(self, field: Any) -> None:
        """Take an unknown route as none."""
        if field.data not in {each.code for each in routes()}:
            field.data = ""


def _hour(label: str) -> SelectField:
    return SelectField(
        label, choices=[SelectChoice(value, words) for value, words in HOURS.items()], default="12:00"
    )


class DatesForm(PartForm):
    """The days of a challenge, in their order."""

    moments: ClassVar[Mapping[str, str]] = {
        "questions_until": "questions",
        "responses_due_at": "responses_due",
    }
    questions_on = DayField("Last day for questions", noun="The last day for questions")
    questions_hour = _hour("Questions count until, London time")
    responses_due_on = DayField("Last day for responses", noun="The last day for responses")
    responses_due_hour = _hour("Responses count until, London time")
    showcase_on = DayField("Day of the showcase", noun="The day of the showcase")
    showcase_where = TextField("Where or how it takes place", [SHORT])
    decision_on = DayField("Day by which you decide", noun="The day of the decision")
    pilot_from_on = DayField("First day of the pilot", noun="The first day of the pilot")
    pilot_until_on = DayField("Last day of the pilot", noun="The last day of the pilot")


class ResponseForm(Form):
    """What a response consists of, how it is judged; rows that are left empty do not count."""

    anonymous = BooleanField("Hide who responds at the first read", false_values=NO)

    @staticmethod
    def shown(content: Content) -> dict[str, Any]:
        """Return a statement's rows as the form shows them."""
        said: dict[str, Any] = {"anonymous": content.anonymous}
        for number, each in enumerate(content.sections, 1):
            said |= {
                f"section{number}": each.title,
                f"asks{number}": each.asks,
                f"words{number}": each.most_words,
            }
        for number, row in enumerate(content.criteria, 1):
            said |= {
                f"criterion{number}": row.title,
                f"means{number}": row.description,
                f"weight{number}": row.weight,
            }
        return said

    @property
    def sections(self) -> list[Section]:
        """Return the sections that were filled in."""
        found = [
            Section(*(self[f"{name}{number}"].data for name in ("section", "asks", "words")))
            for number in range(1, MOST_PARTS + 1)
        ]
        return [each for each in found if each.title]

    @property
    def criteria(self) -> list[Criterion]:
        """Return the criteria that were filled in."""
        found = [
            Criterion(*(self[f"{name}{number}"].data for name in ("criterion", "means", "weight")))
            for number in range(1, MOST_PARTS + 1)
        ]
        return [each for each in found if each.title]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask of each row that was begun also its number."""
        valid = super().validate(extra_validators)
        for number in range(1, MOST_PARTS + 1):
            for name, amount, message in (
                ("section", "words", "Say in how many words at most"),
                ("criterion", "weight", "Say how much this criterion weighs"),
            ):
                value = self[f"{amount}{number}"]
                if self[f"{name}{number}"].data and value.data is None and not value.errors:
                    self.refuse(message, f"{amount}{number}")
                    valid = False
        return valid


for _number in range(1, MOST_PARTS + 1):
    _words = f"Most words of section {_number} must be a whole number from 1 to 1,000"
    setattr(ResponseForm, f"section{_number}", TextField(f"Section {_number}", [SHORT]))
    setattr(ResponseForm, f"asks{_number}", TextField(f"What section {_number} asks", [SHORT]))
    setattr(
        ResponseForm,
        f"words{_number}",
        CountField(f"Most words in section {_number}", [Optional()], wrong=_words, least=1, most=1000),
    )
for _number in range(1, MOST_PARTS + 1):
    _words = f"Weight of criterion {_number} must be a whole number from 1 to 100"
    setattr(ResponseForm, f"criterion{_number}", TextField(f"Criterion {_number}", [SHORT]))
    setattr(ResponseForm, f"means{_number}", TextField(f"What criterion {_number} means", [SHORT]))
    setattr(
        ResponseForm,
        f"weight{_number}",
        CountField(
            f"Weight of criterion {_number} in per cent", [Optional()], wrong=_words, least=1, most=100
        ),
    )


FORMS: Final[Mapping[Part, type[PartForm]]] = {
    Part.PROBLEM: ProblemForm,
    Part.AFTER: AfterForm,
    Part.LAW: LawForm,
    Part.DATES: DatesForm,
}
