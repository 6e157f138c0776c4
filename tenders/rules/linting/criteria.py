"""Conditions of participation (section 22), award criteria (section 23) and the price schedule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from analytics.assessment.prices import Formula, Schedule
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Procedure
from tenders.rules.content import Content, Criterion, Lot
from tenders.rules.linting.findings import ACT, OURS, Finding, Part, blocks, look

WHOLE: Final = Decimal(100)
_AWARD: Final = f"{ACT}section 23"
_CONDITIONS: Final = f"{ACT}section 22"
# Words that often stand for what section 22 forbids; a rule of words knows no circumstances.
FORBIDDEN: Final = (
    (
        "audited-accounts",
        re.compile(r"\baudited\b[^.;]*\baccounts?\b|\baccounts?\b[^.;]*\baudited\b", re.IGNORECASE),
        "Audited accounts may not be asked of suppliers that need not have their accounts audited.",
    ),
    (
        "insurance",
        re.compile(r"\binsurances?\b|\binsured\b", re.IGNORECASE),
        "Insurance may not be asked to be in place before the award.",
    ),
    (
        "earlier-contract",
        re.compile(
            r"\b(?:previous|prior|earlier|existing|past) contracts? with (?:an? |the |this |our )?"
            r"(?:council|authority|buyer)|\bworked (?:for|with) (?:us|this council)\b",
            re.IGNORECASE,
        ),
        "A contract with a particular authority before may not be asked for.",
    ),
)
_CERTIFICATE: Final = re.compile(r"\bISO[ /]?(?:IEC )?\d+|\bCyber Essentials\b|\bcertif\w+", re.IGNORECASE)
_EQUIVALENT: Final = re.compile(r"\bequivalents?\b", re.IGNORECASE)
_AFTER_AWARD: Final = re.compile(
    r"\b(?:by|from|on|before) (?:the )?(?:start|signature|signing)\b", re.IGNORECASE
)


def findings(content: Content) -> Iterator[Finding]:
    """Yield what is wrong with conditions, award criteria and prices."""
    for condition in content.conditions:
        yield from _condition(condition)
    course = content.course
    below = course.procedure is Procedure.BELOW_THRESHOLD and course.kind is not ContractKind.WORKS
    if below and content.conditions:
        yield look(
            "suitability-stage",
            Part.CONDITIONS,
            "Below the threshold, whether a supplier is suitable may not decide who is invited to tender.",
            f"{ACT}section 85",
        )
    yield from _award(content)
    yield from _price(content)
    for lot in content.lots:
        yield from _schedule(lot)


def _condition(condition: Criterion) -> Iterator[Finding]:
    said = f"{condition.title}. {condition.description}"
    if not condition.reason:
        yield blocks(
            "condition-unreasoned",
            Part.CONDITIONS,
            f"“{condition.title}”: say why this is a proportionate way to ensure that suppliers can perform.",
            _CONDITIONS,
        )
    for code, pattern, words in FORBIDDEN:
        if pattern.search(said) and not (code == "insurance" and _AFTER_AWARD.search(said)):
            yield look(code, Part.CONDITIONS, f"“{condition.title}”: {words}", _CONDITIONS)
    if _CERTIFICATE.search(said) and not _EQUIVALENT.search(said):
        yield look(
            "no-equivalent",
            Part.CONDITIONS,
            f"“{condition.title}”: equivalents of a certificate must be accepted. Say so.",
            f"{ACT}section 22(4)(c)",
        )


def _award(content: Content) -> Iterator[Finding]:
    award, price = content.award, content.price.weight
    if not award:
        yield blocks("no-criteria", Part.AWARD, "Add at least one award criterion.", _AWARD)
    if not content.method:
        yield blocks(
            "no-method",
            Part.AWARD,
            "Describe in words how tenders are assessed, and whether failing a criterion disqualifies.",
            _AWARD,
        )
    if not content.tie_break:
        yield look(
            "no-tie-break",
            Part.AWARD,
            "Say what breaks a tie: without a published rule nothing is awarded where totals are equal.",
            _AWARD,
        )
    weighed = [each for each in award if not each.passes_or_fails]
    total = _sum(weighed) + (price or 0)
    if award and total != WHOLE:
        yield blocks(
            "weights",
            Part.AWARD,
            f"The weights of the criteria and of price come to {_plain(total)}, not to 100.",
            _AWARD,
        )
    for each in award:
        yield from _criterion(content, each)


def _criterion(content: Content, each: Criterion) -> Iterator[Finding]:
    name = f"“{each.title}”"
    if not each.description:
        yield blocks(
            "criterion-unclear", Part.AWARD, f"{name}: say clearly and specifically what is assessed.", _AWARD
        )
    if each.passes_or_fails and not each.standard:
        yield blocks("no-standard", Part.AWARD, f"{name}: say what passes.", _AWARD)
    if not each.passes_or_fails and (each.weight is None or each.highest is None):
        yield blocks("no-weight", Part.AWARD, f"{name}: give its weight and its best mark.", _AWARD)
    if each.least is not None and each.highest is not None and each.least > each.highest:
        yield blocks("least-mark", Part.AWARD, f"{name}: its least mark is above its best mark.", _AWARD)
    parts = content.parts_of(each.number)
    if parts and _sum(parts) != WHOLE:
        yield blocks(
            "part-weights",
            Part.AWARD,
            f"{name}: the weights of its parts come to {_plain(_sum(parts))}, not to 100.",
            _AWARD,
        )


def _price(content: Content) -> Iterator[Finding]:
    price = content.price
    if price.weight is None:
        yield blocks(
            "no-price-weight", Part.AWARD, "Say how much of the whole price counts; it may be 0.", _AWARD
        )
    if price.formula is Formula.BELOW_REFERENCE and not price.reference_pence:
        yield blocks(
            "no-reference", Part.AWARD, "The formula holds prices against a published sum. Enter it.", OURS
        )


def _schedule(lot: Lot) -> Iterator[Finding]:
    where = f"Lot {lot.number}"
    if not lot.unit or not lot.volumes:
        yield blocks(
            "no-volumes",
            Part.LOTS,
            f"{where}: say the unit, and the low, expected and full take-up at which prices are compared.",
            OURS,
        )
    elif not lot.volumes[0].units <= lot.volumes[1].units <= lot.volumes[2].units:
        yield blocks(
            "volumes-order", Part.LOTS, f"{where}: low, expected and full take-up must not descend.", OURS
        )
    elif not sum(volume.weight for volume in lot.volumes):
        yield blocks("volume-weights", Part.LOTS, f"{where}: at least one take-up must have a weight.", OURS)
    try:
        Schedule(0, tuple((start, 0) for start in lot.tier_starts))
    except ValueError:
        yield blocks(
            "tiers",
            Part.LOTS,
            f"{where}: the first tier of prices begins at 0, and each above the last.",
            OURS,
        )


def _sum(criteria: Sequence[Criterion]) -> Decimal:
    return sum((each.weight or Decimal(0) for each in criteria), Decimal(0))


def _plain(weight: Decimal) -> str:
    return format(weight.normalize(), "f")
