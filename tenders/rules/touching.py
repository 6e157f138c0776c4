"""Which duties that a council has whatever it buys are touched by a contract that this service knows.

A pipeline notice hangs on what the council expects to pay in all, which no contract tells: one that it
would list is taken as a sign to look.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sourcing.rules.duties import Duty
from sourcing.rules.law import Law
from sourcing.rules.timetables.asked import Procedure
from tenders.rules.contracts.life import Facts

# What a contract is to come to for it to touch a duty, by the duty: a row of the sums of the law.
_SUMS: Final = {"pipeline": "pipeline-contract", "payment-information": "payment-information"}


def touches(duty: Duty, facts: Facts, law: Law) -> bool:
    """Tell whether a contract of the council is one that a duty is about.

    It was signed by the day with which the time for the duty begins. Below the threshold it is no public
    contract.
    """
    if duty.due_on is None or duty.body_code != facts.body_code:
        return False
    limit = law.limit(duty.code, duty.due_on)
    begins_on = duty.due_on - timedelta(days=limit.amount - 1)
    if facts.signed_on > begins_on or facts.procedure is Procedure.BELOW_THRESHOLD:
        return False
    least = _SUMS.get(duty.code)
    if least is None:
        return True
    return law.sum(least, begins_on).is_reached(value_gross_pence=facts.value_gross_pence)


def trigger(duty: Duty, law: Law) -> str:
    """Return on what a duty hangs, in the words of the table of notices; empty where it has none."""
    if not duty.notice or duty.due_on is None:
        return ""
    return law.notice(duty.notice, duty.due_on).trigger
