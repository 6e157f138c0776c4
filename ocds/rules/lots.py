"""Lots and items: what is bought, each part with its value and how it is priced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from ocds.rules import criteria
from ocds.rules.saying import Json, first_of, last_of, said, value
from tenders.rules import areas
from tenders.rules.content import Content, Lot

# Of the Common Procurement Vocabulary (Regulation (EC) 213/2008): divisions 3 to 44 and 48 are supplies, 45
# is works, 50 to 98 are services.
WORKS: Final = 45
SUPPLIES: Final = frozenset({*range(3, 45), 48})


def lots(content: Content, status: str) -> list[Json]:
    """Return the lots; a tender that is not divided has one."""
    shared = said(
        awardCriteria=criteria.award(content),
        contractPeriod=said(
            startDate=first_of(content.dates.starts_on),
            endDate=last_of(content.dates.ends_on),
            maxExtentDate=last_of(content.dates.extended_until),
        ),
        hasRenewal=bool(content.dates.extended_until),
    )
    return [{**_lot(lot, status), **shared} for lot in content.lots]


def items(content: Content, region_codes: Sequence[str]) -> list[Json]:
    """Return an item for each lot: its code, the volume that is expected, and where it goes."""
    buyers = [area.notice_code for area in areas.areas(region_codes)]
    return [
        {
            **_item(content, lot),
            **said(deliveryAddresses=[said(region=code) for code in lot.areas or buyers]),
        }
        for lot in content.lots
    ]


def category(content: Content) -> str | None:
    """Return goods, services or works, by the lots of a tender."""
    return main_category([lot.cpv for lot in content.lots])


def main_category(cpv: Sequence[str]) -> str | None:
    """Return goods, services or works: what most lots are by their codes; None where none has a code."""
    kinds = Counter(_kind(code) for code in cpv if code[:2].isdigit())
    return max(kinds, key=lambda kind: kinds[kind]) if kinds else None


def net_pence(lot: Lot) -> int | None:
    """Return the value of a lot without VAT, with its options and extensions."""
    return None if lot.net_pence is None else lot.net_pence + (lot.options_pence or 0)


def _lot(lot: Lot, status: str) -> Json:
    return said(
        id=str(lot.number),
        title=lot.title,
        description=lot.description,
        status=status,
        value=value(net_pence(lot), lot.gross_pence),
        hasOptions=bool(lot.options or lot.options_pence),
        options=said(description=lot.options),
        suitability={"sme": lot.small_firms, "vcse": lot.small_firms},
        buyTogether=said(
            optionsValue=value(lot.options_pence),
            priceSchedule=_schedule(lot),
            ownAreas=bool(lot.areas) or None,
        ),
    )


def _schedule(lot: Lot) -> Json:
    units = (
        ("low", lot.low_units, lot.low_weight),
        ("expected", lot.expected_units, lot.expected_weight),
        ("full", lot.full_units, lot.full_weight),
    )
    return said(
        unit=lot.unit,
        takeUp=[said(name=name, units=count, weight=weight) for name, count, weight in units],
        tierStarts=list(lot.tier_starts),
        counting=lot.counting.value,
    )


def _item(content: Content, lot: Lot) -> Json:
    return said(
        id=str(lot.number),
        description=lot.title,
        relatedLot=str(lot.number),
        classification=said(scheme="CPV", id=lot.cpv) if lot.cpv else None,
        additionalClassifications=[
            said(scheme="buytogether", id=content.category, description=content.category_name)
        ],
        quantity=lot.expected_units,
        unit=said(name=lot.unit),
    )


def _kind(cpv: str) -> str:
    division = int(cpv[:2])
    if division == WORKS:
        return "works"
    return "goods" if division in SUPPLIES else "services"
