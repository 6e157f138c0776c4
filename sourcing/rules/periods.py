"""The shortest lawful participation or tendering period: of all entries that apply, the shortest counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sourcing.rules.counting import months_later
from sourcing.rules.law import Law, Period, in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What of a council's procurement decides its periods (Procurement Act 2023, section 54)."""

    light_touch: bool = False
    urgent: bool = False
    preselected: bool = False
    negotiated: bool = False
    planned_notice: bool = False
    dynamic_market: bool = False
    electronic: bool = True
    documents_at_once: bool = True


# Which entry applies when. Entries 2 and 3 are open to councils, because they are no central government.
APPLIES: Final[Mapping[str, Callable[[Circumstances], bool]]] = {
    "participation-light-touch": lambda at: at.light_touch,
    "participation-urgency": lambda at: at.urgent,
    "participation": lambda at: not (at.light_touch or at.urgent),
    "tendering-1": lambda at: at.light_touch,
    "tendering-2": lambda at: at.negotiated,
    "tendering-3": lambda at: at.preselected or at.negotiated,
    "tendering-4": lambda at: at.planned_notice,
    "tendering-5": lambda at: at.urgent,
    "tendering-6": lambda at: at.dynamic_market,
    "tendering-7": lambda at: at.electronic and at.documents_at_once,
    "tendering-8": lambda at: at.electronic and not at.documents_at_once,
    "tendering-9": lambda at: not at.electronic and at.documents_at_once,
    "tendering-10": lambda at: not at.electronic and not at.documents_at_once,
}


def shortest(law: Law, stage: str, at: Circumstances, *, on: date) -> Period:
    """Return the entry that governs a stage, "participation" or "tendering"; of equal ones the first."""
    codes = [code for code in APPLIES if code.startswith(f"{stage}-") or code == stage]
    applying = [in_force(law.periods, code, on) for code in codes if APPLIES[code](at)]
    return min(applying, key=lambda period: (period.days or 0, period.entry))


def planned_notice_qualifies(law: Law, *, planned_on: date, tender_notice_on: date) -> bool:
    """Tell whether a planned procurement notice lets a council invite tenders within ten days.

    At least 40 days and not more than 12 months before the tender notice (section 15(3)). "At least 40 days
    before" may mean 40 clear days, so we ask for the number in the table's reading.
    """
    least = law.limit("planned-notice-counted", tender_notice_on).amount
    most = law.limit("planned-notice-most", tender_notice_on).amount
    return (tender_notice_on - planned_on).days >= least and tender_notice_on <= months_later(
        planned_on, most
    )
