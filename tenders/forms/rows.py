"""Forms of the parts of a tender that are lists: lots, conditions, award criteria, indicators; and buyers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from analytics.assessment.prices import Tiers
from tenders.forms.fields import (
    LONG,
    SHORT,
    PartForm,
    codes_of,
    codes_of_areas,
    few_lines,
    lines_of,
    sum_of_money,
)
from tenders.rules.areas import REGIONS
from tenders.rules.content import COUNTING_WORDS, FORMULA_WORDS
from tenders.rules.linting.findings import Part
from tenders.rules.linting.shapes import CPV, EMAIL, IDENTIFIER
from tenders.rules.ties import TIE_WORDS
from web.fields import (
    BooleanField,
    CountField,
    LongTextField,
    Optional,
    PenceField,
    PercentField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    SelectMultipleField,
    TextField,
    ValidationError,
    needed,
)

_WRONG_MONEY: Final = "Enter the sum in pounds, such as 250,000"
_WRONG_COUNT: Final = "Enter a whole number, such as 12,000"
_WRONG_WEIGHT: Final = "Enter a percentage from 0 to 100, such as 12.5"
_NAMED: Final = [needed("Enter a title"), SHORT]


def _money(label: str) -> PenceField:
    return PenceField(label, [Optional(), sum_of_money], wrong=_WRONG_MONEY)


def _count(label: str) -> CountField:
    return CountField(label, [Optional()], wrong=_WRONG_COUNT)


def _take_up(label: str) -> CountField:
    return CountField(label, [needed("Enter a weight")], wrong=_WRONG_COUNT, most=1000)


class LotForm(PartForm):
    """A lot: its value, the take-up at which prices are compared, the tiers of its price schedule."""

    hints: ClassVar[Mapping[str, str]] = {
        "cpv": "Eight digits, such as 48000000",
        "net_pence": "Over the whole contract",
        "options_pence": "What options, extensions and renewals would add. Enter 0 if there are none",
        "gross_pence": "All of it, as thresholds are compared with it",
        "regions": "Only if this lot is performed elsewhere than where the buyers are",
        "finer": "Codes of the International Territorial Levels with UK in front, such as UKE4 or UKE42",
        "unit": "What prices are for, such as a user",
        "tiers": "From so many units on another price, beginning with 0: such as 0, 1,000 and 5,000 "
        "with a space "
        "between them",
        "low_weight": "Prices are compared at three volumes. 1 for each weighs them alike",
        "must": "Required in this lot alone, one a line",
    }
    title = TextField("Title", _NAMED)
    description = LongTextField("Description", [LONG])
    cpv = TextField("CPV code", [SHORT])
    net_pence = _money("Estimated value without VAT")
    options_pence = _money("Options and extensions without VAT")
    options = LongTextField("What the options and extensions are", [LONG])
    gross_pence = _money("Estimated value with VAT, options and extensions")
    small_firms = BooleanField("Suitable for small and medium-sized firms or voluntary bodies")
    regions = SelectMultipleField(
        "Where is it performed?", choices=[SelectChoice(code, name) for code, name in REGIONS.items()]
    )
    finer = TextField("More exact areas", [SHORT, codes_of_areas])
    unit = TextField("Unit", [SHORT])
    low_units = _count("Low take-up, in units")
    expected_units = _count("Expected take-up, in units")
    full_units = _count("Full take-up, in units")
    low_weight = _take_up("Weight of the low take-up")
    expected_weight = _take_up("Weight of the expected take-up")
    full_weight = _take_up("Weight of the full take-up")
    tiers = TextField(
        "Where tiers of the price schedule begin", [needed("Enter 0 if there is one price"), SHORT]
    )
    counting = RadioField(
        "How a tier counts",
        choices=[SelectChoice(each.value, words) for each, words in COUNTING_WORDS.items()],
    )
    must = LongTextField("Must have in this lot", [LONG, few_lines])
    nice = LongTextField("Nice to have in this lot", [LONG, few_lines])
    option = LongTextField("Options of this lot", [LONG, few_lines])

    def validate_cpv(self, field: Any) -> None:
        """Refuse what is no CPV code; a check digit may follow."""
        if field.data and not CPV.fullmatch(field.data):
            raise ValidationError("Enter the CPV code as eight digits, such as 48000000")

    def validate_tiers(self, field: Any) -> None:
        """Refuse what are no ascending numbers from 0 on."""
        starts = _starts(field.data)
        if not starts or starts[0] != 0 or starts != sorted(set(starts)) or len(starts) > 20:
            raise ValidationError("Enter at most 20 whole numbers that ascend, beginning with 0")

    @property
    def values(self) -> dict[str, Any]:
        """Return what was filled in, by column."""
        said = dict(self.data)
        starts = _starts(said.pop("tiers"))
        areas = sorted({*said.pop("regions"), *codes_of(said.pop("finer"))})
        for name in ("must", "nice", "option"):
            said.pop(name)
        return {**said, "tier_starts": starts, "areas": areas}

    @property
    def requirements(self) -> dict[str, list[str]]:
        """Return the lot's own requirements by kind."""
        return {kind: lines_of(self[kind].data) for kind in ("must", "nice", "option")}

    @staticmethod
    def shown(stored: Mapping[str, Any], requirements: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """Return a stored lot as the form shows it."""
        starts = " ".join(f"{start:,}" for start in stored["tier_starts"])
        regions = [code for code in stored["areas"] if code in REGIONS]
        finer = " ".join(code for code in stored["areas"] if code not in REGIONS)
        areas = {"regions": regions, "finer": finer}
        return {
            **stored,
            "tiers": starts,
            **areas,
            **{kind: "\n".join(lines) for kind, lines in requirements.items()},
        }


EMPTY_LOT: Final = {
    "low_weight": 1,
    "expected_weight": 1,
    "full_weight": 1,
    "tiers": "0",
    "counting": Tiers.UNITS_IN_TIER.value,
}


def _starts(text: str | None) -> list[int] | None:
    parts = (text or "").replace(",", "").split()
    if not all(re.fullmatch(r"[0-9]{1,10}", part) for part in parts):
        return None
    return [int(part) for part in parts]


class ConditionForm(PartForm):
    """A condition of participation."""

    hints: ClassVar[Mapping[str, str]] = {
        "description": "Suppliers that need no audited accounts may not be asked for them, and "
        "insurance not before the "
        "award. Equivalents of a certificate are accepted: say so",
        "standard": "What passes",
        "reason": "Why it is a proportionate way to ensure that a supplier can perform",
    }
    title = TextField("Title", _NAMED)
    description = LongTextField("What suppliers must meet", [LONG])
    standard = LongTextField("How it is met", [LONG])
    reason = LongTextField("Why it is proportionate", [LONG])

    @property
    def values(self) -> dict[str, Any]:
        """Return what was filled in; a condition passes or fails."""
        return {**self.data, "passes_or_fails": True}


class CriterionForm(PartForm):
    """An award criterion, or a part of one."""

    hints: ClassVar[Mapping[str, str]] = {
        "description": "About what is bought: clear, measurable and specific",
        "parent": "A part has a percentage of its criterion, not of the whole",
        "weight": "Its percentage. Nothing where it passes or fails",
        "highest": "Marks are given from 0 to this, such as 5",
        "least": "A tender with a lower mark is disqualified. Leave it empty if none is",
        "standard": "For a mark: what earns which. For pass or fail: what passes",
    }
    offered: frozenset[str] = frozenset()
    title = TextField("Title", _NAMED)
    parent = SelectField("Part of", [Optional()], choices=[], default="", validate_choice=False)
    description = LongTextField("What is assessed", [LONG])
    passes_or_fails = BooleanField("It passes or fails")
    weight = PercentField("Weight", [Optional()], wrong=_WRONG_WEIGHT)
    highest = CountField(
        "Best mark", [Optional()], wrong="Enter a whole number from 1 to 1,000", least=1, most=1000
    )
    least = CountField("Least mark", [Optional()], wrong="Enter a whole number from 0 to 1,000", most=1000)
    standard = LongTextField("How it is marked", [LONG])

    def offer(self, criteria: Sequence[Mapping[str, Any]], own: UUID | None) -> None:
        """Offer the criteria that this one can be a part of."""
        found = [each for each in criteria if each["parent_id"] is None and each["id"] != own]
        self.offered = frozenset(str(each["id"]) for each in found)
        self.parent.choices = [
            SelectChoice("", "None: it is a criterion of its own"),
            *(SelectChoice(str(each["id"]), each["title"]) for each in found),
        ]

    @property
    def values(self) -> dict[str, Any]:
        """Return what was filled in, by column."""
        said = dict(self.data)
        parent = said.pop("parent")
        return {**said, "parent_id": UUID(parent) if parent in self.offered else None}


class MethodForm(PartForm):
    """How tenders are assessed, and how a price becomes points."""

    hints: ClassVar[Mapping[str, str]] = {
        "method": "How marks are agreed on, how totals are made, what happens when they are equal, "
        "and whether failing "
        "a criterion disqualifies",
        "price_weight": "With the weights of the criteria it comes to 100",
        "reference_pence": "Only for the last formula",
    }
    method = LongTextField("The method in words", [LONG])
    price_weight = PercentField("Weight of the price", [Optional()], wrong=_WRONG_WEIGHT)
    price_formula = RadioField(
        "How a price becomes points",
        choices=[SelectChoice(each.value, words) for each, words in FORMULA_WORDS.items()],
    )
    reference_pence = _money("Published sum that prices are held against")
    tie_break = RadioField(
        "What breaks a tie",
        choices=[SelectChoice(code, words) for code, words in TIE_WORDS.items()],
        default="quality",
    )


class KpiForm(PartForm):
    """A key performance indicator."""

    hints: ClassVar[Mapping[str, str]] = {"target": "What is good, as a number if it can be one"}
    title = TextField("Title", _NAMED)
    measure = LongTextField("How it is measured, and how often", [LONG])
    target = TextField("Target", [SHORT])


class NoKpisForm(PartForm):
    """Why there are no indicators."""

    hints: ClassVar[Mapping[str, str]] = {"no_kpis_reason": "The contract details notice will show it"}
    no_kpis_reason = LongTextField("Why performance cannot appropriately be assessed by indicators", [LONG])


class BuyerForm(PartForm):
    """How a buyer is reached."""

    hints: ClassVar[Mapping[str, str]] = {
        "identifier": "Its unique identifier on the central digital platform, such as PBBB-1111-DDDD",
        "email": "A shared address, not a person’s",
    }
    address = LongTextField("Postal address", [LONG])
    email = TextField("E-mail address", [SHORT])
    identifier = TextField("Identifier", [SHORT])

    def validate_email(self, field: Any) -> None:
        """Refuse what cannot be an address."""
        if field.data and not EMAIL.fullmatch(field.data):
            raise ValidationError("Enter an e-mail address such as procurement@example.org")

    def validate_identifier(self, field: Any) -> None:
        """Refuse what cannot be an identifier."""
        if field.data and not IDENTIFIER.fullmatch(field.data):
            raise ValidationError("Enter the identifier as letters and digits, such as PBBB-1111-DDDD")


ROW_FORMS: Final[Mapping[Part, type[PartForm]]] = {
    Part.LOTS: LotForm,
    Part.CONDITIONS: ConditionForm,
    Part.AWARD: CriterionForm,
    Part.KPIS: KpiForm,
}
