"""Whether a contract is a public contract: its estimated value with VAT beside the threshold of the day."""

from __future__ import annotations

import enum
from datetime import date

from sourcing.rules.holidays import in_words
from sourcing.rules.law import Law, Threshold
from values.refusals import Refused


class ContractKind(enum.StrEnum):
    """What a contract is for, as far as thresholds and limits of change differ."""

    GOODS_OR_SERVICES = "goods-or-services"
    WORKS = "works"
    CONCESSION = "concession"


def threshold(law: Law, kind: ContractKind, *, light_touch: bool, commenced_on: date) -> Threshold:
    """Return the threshold for a council's contract on the day its procurement commenced.

    A procurement commences with its tender notice, transparency notice or below-threshold tender notice
    (SI 2025/1200, regulation 3(2)).

    Raises:
        Refused: works cannot be light touch, or the tables know no threshold for that day.
    """
    code = _code(kind, light_touch=light_touch)
    for row in law.thresholds:
        if row.code == code and row.basis.holds(commenced_on):
            return row
    known = [row.basis for row in law.thresholds if row.code == code]
    ends = max((basis.valid_until for basis in known if basis.valid_until), default=None)
    first = in_words(min(basis.valid_from for basis in known))
    reach = f"from {first} to {in_words(ends)}" if ends else f"from {first} on"
    raise Refused(
        f"The table of thresholds reaches {reach}, and a procurement that commences on "
        f"{in_words(commenced_on)} cannot be compared with it."
    )


def is_public_contract(
    law: Law, kind: ContractKind, *, light_touch: bool, commenced_on: date, value_gross_pence: int
) -> bool:
    """Tell whether an estimated value, VAT, options and extensions included, reaches the threshold.

    "Not less than the threshold" is enough (section 3(2)). A value without VAT must not be given: published
    data has both, and the smaller one would let contracts through.

    Raises:
        Refused: the value is negative, or the tables know no threshold for that day.
    """
    if value_gross_pence < 0:
        raise Refused("An estimated value is not below zero.", "value_gross")
    found = threshold(law, kind, light_touch=light_touch, commenced_on=commenced_on)
    return value_gross_pence >= found.value_gross_pence


def _code(kind: ContractKind, *, light_touch: bool) -> str:
    if kind is ContractKind.WORKS and light_touch:
        raise Refused("Works cannot be a light touch contract: light touch is for services.", "light_touch")
    if kind is ContractKind.CONCESSION:
        return "light-touch-concession" if light_touch else "concession"
    if kind is ContractKind.WORKS:
        return "works"
    return "light-touch" if light_touch else "goods-services-sub-central"
