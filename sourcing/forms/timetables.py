"""What a person answers to get dates, by the names that links use; about searches and partners."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields as fields_of
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from sourcing.rules.law import law
from sourcing.rules.searches import LONGEST_NAME, MAIL_WORDS, SearchMail
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import WORDS, Asked, Procedure
from values.refusals import Refused
from web.fields import (
    BooleanField,
    CountField,
    DayField,
    Length,
    LongTextField,
    Optional,
    PenceField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    TextField,
    ValidationError,
    needed,
    needed_tick,
)
from web.forms import Form

CONTRACTS: Final = {
    ContractKind.GOODS_OR_SERVICES: "Goods or services",
    ContractKind.WORKS: "Works",
    ContractKind.CONCESSION: "A concession",
}
PROCEDURES: Final = [SelectChoice(each.value, words[0].upper() + words[1:]) for each, words in WORDS.items()]
NO: Final = (False, "", "0", "false", "no", "n")


def _known_procedure(_form: object, field: Any) -> None:
    if field.data not in {each.value for each in Procedure}:
        raise ValidationError("Choose one of the answers that are offered")


def _tick(label: str) -> BooleanField:
    return BooleanField(label, false_values=NO)


class TimetableForm(Form):
    """The questions, in the order of the page; their names are those of `Asked`."""

    procedure = RadioField(
        "Procedure",
        [needed("Choose how the contract is awarded"), _known_procedure],
        choices=PROCEDURES,
        # WTForms would say of an empty answer that it is none of those offered.
        validate_choice=False,
    )
    publish = DayField("Day of the first notice", noun="The day of the first notice")
    award_notice = DayField("Day of the contract award notice", noun="The day of the contract award notice")
    value_gross = PenceField(
        "Estimated value with VAT, options and extensions",
        [Optional()],
        wrong="Enter the value in pounds, such as 1,200,000",
    )
    contract = SelectField(
        "What it is for",
        [Optional()],
        choices=[SelectChoice(each.value, words) for each, words in CONTRACTS.items()],
        default=ContractKind.GOODS_OR_SERVICES.value,
    )
    light_touch = _tick("Light touch services")
    urgent = _tick("Urgent")
    documents_later = _tick("Not all documents come with the notice")
    not_electronic = _tick("Tenders cannot be submitted electronically")
    preselected = _tick("Only pre-selected suppliers may tender")
    negotiated = _tick("They have agreed the period for tenders")
    planned_notice = DayField(
        "Day of a planned procurement notice", noun="The day of the planned procurement notice"
    )
    ground = SelectField(
        "Ground of a direct award",
        [Optional()],
        choices=[
            SelectChoice("", "Not said"),
            *(SelectChoice(each.code, each.name) for each in law().grounds),
        ],
        default="",
    )
    requests_due = DayField(
        "Last day for requests to participate", noun="The last day for requests to participate"
    )
    invite = DayField("Day of the invitation to tender", noun="The day of the invitation to tender")
    tenders_due = DayField("Last day for tenders", noun="The last day for tenders")
    assessment_days = CountField(
        "Days for assessing", [Optional()], wrong="Enter the days for assessing as a whole number"
    )
    standstill_days = CountField(
        "Working days of standstill", [Optional()], wrong="Enter the working days as a whole number"
    )
    sign = DayField("Day of the signature", noun="The day of the signature")
    ends = DayField("Last day of the contract", noun="The last day of the contract")

    def asked(self) -> Asked:
        """Return what was answered, once it is valid."""
        answers: dict[str, Any] = {each.name: self[each.name].data for each in fields_of(Asked)}
        answers["procedure"] = Procedure(answers["procedure"])
        answers["contract"] = ContractKind(answers["contract"] or ContractKind.GOODS_OR_SERVICES)
        answers["assessment_days"] = answers["assessment_days"] or 0
        return Asked(**answers)


class SearchForm(Form):
    """What a saved search is called, and when it writes mail."""

    taken: ClassVar = {"uq_saved_search_query": (None, "You have saved this search already")}
    name = TextField(
        "Name of the search",
        [
            needed("Enter a name for the search"),
            Length(max=LONGEST_NAME, message=f"The name must be {LONGEST_NAME} characters or less"),
        ],
    )
    mail = RadioField(
        "When should it write you an e-mail about new ones?",
        choices=[SelectChoice(each.value, words) for each, words in MAIL_WORDS.items()],
        default=SearchMail.DAILY.value,
    )


def check_names(asked: Collection[str]) -> None:
    """Refuse names that are no questions: a slip in one would give other dates without a word.

    Raises:
        Refused: there is one.
    """
    known = {each.name for each in fields_of(Asked)}
    parts = {f"{name}-{part}" for name in known for part in ("day", "month", "year")}
    for name in asked:
        if name not in known | parts:
            raise Refused(f"There is no question called “{name[:40]}”.", name[:40])


def query_of(asked: Asked) -> str:
    """Return the shortest query that asks the same."""
    plain = Asked(procedure=asked.procedure)
    answers = [("procedure", asked.procedure.value)]
    for each in fields_of(Asked):
        value = getattr(asked, each.name)
        if each.name != "procedure" and value != getattr(plain, each.name):
            answers.append((each.name, _written(each.name, value)))
    return urlencode(answers)


def _written(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, date):
        return value.isoformat()
    if name == "value_gross":
        return f"{Decimal(value) / 100:.2f}"
    return str(value)


class AdvertForm(Form):
    """What a supplier brings and seeks, and until when."""

    brings = LongTextField("What do you bring?", [needed("Say what you bring")])
    seeks = LongTextField("What do you look for in a partner?", [needed("Say what you look for")])
    until = DayField(
        "Until when is it shown?", [needed("Enter the last day on which it is shown")], noun="The last day"
    )
    aware = BooleanField(
        "We will agree with nobody but our own partners on whether or how to bid, or on prices",
        [needed_tick("Confirm that you agree with nobody but your own partners on bids or prices")],
    )


class PartnerAnswerForm(Form):
    """What one writes to whoever looks for a partner."""

    words = LongTextField("Your answer", [needed("Write an answer")])


class ReportForm(Form):
    """Why an advert should not be there."""

    reason = LongTextField(
        "What is wrong with it?",
        [needed("Say what is wrong with it"), Length(max=2000, message="Write 2,000 characters or less")],
    )
