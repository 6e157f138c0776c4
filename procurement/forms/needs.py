"""Forms of needs and contracts."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from procurement.models import Contract
from procurement.rules.needs import DataHeld, Wanted
from spend.rules.categories import taxonomy
from web.fields import (
    CountField,
    DayField,
    FileField,
    Length,
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

DATA_WORDS: Final = {
    DataHeld.NONE: "No data about people",
    DataHeld.PERSONAL: "Personal data",
    DataHeld.SPECIAL: "Special category data, such as health",
}
_LONG: Final = Length(max=5000, message="This text must be 5,000 characters or less")
_WRONG_MONEY: Final = "Enter the budget in pounds, such as 40,000"


class NeedForm(Form):
    """All that is said about a need, on one page; a draft needs only a title."""

    title = TextField(
        "Title",
        [needed("Enter a title"), Length(max=200, message="The title must be 200 characters or less")],
    )
    category = SelectField("Category", [Optional()], default="", choices=[])
    outcomes = LongTextField("Outcomes", [_LONG])
    volume = CountField("Volume", [Optional()], wrong="Enter the volume as a whole number, such as 12,000")
    unit = TextField("Unit", [Length(max=60, message="The unit must be 60 characters or less")])
    value_pence = PenceField(
        "Estimated value", [Optional()], wrong="Enter the value in pounds, such as 250,000"
    )
    budget_low_pence = PenceField("Budget from", [Optional()], wrong=_WRONG_MONEY)
    budget_high_pence = PenceField("Budget to", [Optional()], wrong=_WRONG_MONEY)
    earliest_start_on = DayField("Earliest start", noun="The earliest start")
    latest_start_on = DayField("Latest start", noun="The latest start")
    contract_id = SelectField("Current contract", [Optional()], default="", choices=[])
    must = LongTextField("Must have", [_LONG])
    nice = LongTextField("Nice to have", [_LONG])
    standards = LongTextField("Standards required", [_LONG])
    interfaces = LongTextField("Interfaces required", [_LONG])
    data_held = RadioField(
        "Data held",
        default=DataHeld.NONE.value,
        choices=[SelectChoice(held.value, words) for held, words in DATA_WORDS.items()],
    )

    def offer(self, contracts: list[Contract]) -> None:
        """Let a person choose among the categories and these contracts."""
        named = [SelectChoice(each.code, each.name) for each in taxonomy().categories]
        self.category.choices = [SelectChoice("", "Not chosen yet"), *named]
        titles = [SelectChoice(str(each.id), each.title[:100]) for each in contracts]
        self.contract_id.choices = [SelectChoice("", "None"), *titles]

    def wanted(self) -> Wanted:
        """Return what was typed."""
        typed: dict[str, Any] = {name: self[name].data for name in Wanted.__slots__}
        category = next((each for each in taxonomy().categories if each.code == typed["category"]), None)
        if category and not typed["unit"]:
            typed["unit"] = category.unit
        typed |= {name: _lines(typed[name]) for name in ("must", "nice")}
        # A browser parts lines with a carriage return and a line feed.
        typed |= {name: typed[name].replace("\r\n", "\n") for name in ("outcomes", "standards", "interfaces")}
        typed["contract_id"] = UUID(typed["contract_id"]) if typed["contract_id"] else None
        return Wanted(**typed)


def typed_need(wanted: Wanted) -> dict[str, Any]:
    """Return a need as the form shows it."""
    shown: dict[str, Any] = {name: getattr(wanted, name) for name in Wanted.__slots__}
    return {
        **shown,
        "must": "\n".join(wanted.must),
        "nice": "\n".join(wanted.nice),
        "contract_id": str(wanted.contract_id or ""),
    }


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class Upload(Form):
    """A file to import."""

    files = FileField("File")


class EndDate(Form):
    """When a contract ends, where the register does not say."""

    end_on = DayField(
        "When does the contract end?",
        [needed("Enter when the contract ends")],
        noun="The end of the contract",
    )
