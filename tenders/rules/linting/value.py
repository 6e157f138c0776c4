"""The estimated value: is it whole, which side of the threshold, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sourcing.rules import obligations
from sourcing.rules.law import Law, Threshold
from sourcing.rules.obligations import Contract
from sourcing.rules.thresholds import is_public_contract, threshold
from sourcing.rules.timetables.asked import Procedure
from tenders.rules.content import Content, Lot, Model
from tenders.rules.linting.findings import ACT, OURS, Finding, Part, blocks, look
from values.money import format_pence
from values.refusals import Refused


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a tender stands to the threshold on the day of its notice.

    Attributes:
        row: the threshold, or None where the tables have none for that day.
        public: whether it is reached; None where value or threshold is not known.
    """

    on: date
    row: Threshold | None
    public: bool | None


def standing(content: Content, law: Law, today: date) -> Standing:
    """Return where a tender stands to the threshold on the day that its notice is planned for."""
    on = content.notice_on(today)
    course, value = content.course, content.gross_pence
    try:
        row = threshold(law, course.kind, light_touch=course.light_touch, commenced_on=on)
        public = None
        if value is not None:
            public = is_public_contract(
                law, course.kind, light_touch=course.light_touch, commenced_on=on, value_gross_pence=value
            )
    except Refused:
        return Standing(on, None, None)
    return Standing(on, row, public)


def needs_indicators(content: Content, law: Law, on: date) -> bool:
    """Tell whether at least three key performance indicators are set (section 52)."""
    value = content.gross_pence
    return value is not None and obligations.needs_indicators(
        law,
        Contract(
            entered_on=on,
            value_gross_pence=value,
            public=content.course.procedure is not Procedure.BELOW_THRESHOLD,
            light_touch=content.course.light_touch,
            framework=content.course.model is Model.FRAMEWORK,
            indicators_apply=not content.no_kpis_reason,
        ),
    )


def findings(content: Content, law: Law, today: date) -> Iterator[Finding]:
    """Yield what is wrong with values, and with the procedure beside them."""
    if not content.lots:
        yield blocks("no-lot", Part.LOTS, "Add at least one lot: the whole, if it is not divided.", OURS)
    for lot in content.lots:
        yield from _lot(lot)
    yield from _threshold(content, standing(content, law, today))


def _lot(lot: Lot) -> Iterator[Finding]:
    where = f"Lot {lot.number}"
    if lot.gross_pence is None or lot.net_pence is None:
        yield blocks(
            "no-value",
            Part.LOTS,
            f"{where}: estimate the value, without VAT and with VAT, options and extensions. Thresholds are "
            "compared with the sum that has all of them.",
            f"{ACT}section 123(2) and Schedule 3",
        )
    elif lot.gross_pence < lot.net_pence + (lot.options_pence or 0):
        yield blocks(
            "gross-below-net",
            Part.LOTS,
            f"{where}: the value with VAT and options ({format_pence(lot.gross_pence)}) is below the "
            f"value and "
            f"options without VAT ({format_pence(lot.net_pence + (lot.options_pence or 0))}).",
            f"{ACT}section 123(2)",
        )
    if lot.options_pence is None:
        yield blocks(
            "no-options",
            Part.LOTS,
            f"{where}: say what options, extensions and renewals would add, or enter 0.",
            f"{ACT}section 4 and Schedule 3",
        )
    elif lot.options_pence and not lot.options:
        yield blocks(
            "options-undescribed",
            Part.LOTS,
            f"{where}: describe the options and extensions that the value counts.",
            "Procurement Regulations 2024, regulation 18(2)",
        )


def _threshold(content: Content, found: Standing) -> Iterator[Finding]:
    if found.public is None or found.row is None or content.gross_pence is None:
        return
    below = content.course.procedure is Procedure.BELOW_THRESHOLD
    value, least = format_pence(content.gross_pence), format_pence(found.row.value_gross_pence)
    if found.public and below:
        yield blocks(
            "above-threshold",
            Part.PROCEDURE,
            f"{value} with VAT reaches the threshold of {least}. Choose the open or the competitive flexible "
            "procedure.",
            found.row.basis.source,
        )
    elif not found.public and not below:
        yield look(
            "below-threshold",
            Part.PROCEDURE,
            f"{value} with VAT is below the threshold of {least}: the lighter rules below it would be "
            f"enough.",
            found.row.basis.source,
        )
