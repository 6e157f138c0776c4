"""What buyers must consider and say before they invite: lots, small firms, policy, conflicts, engagement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sourcing.rules.counting import months_later
from sourcing.rules.law import Law
from sourcing.rules.timetables.asked import Procedure
from tenders.rules.content import Buyer, Content, Engagement, Model
from tenders.rules.linting import value
from tenders.rules.linting.findings import ACT, REGULATIONS, Finding, Part, blocks, look

LEAST_INDICATORS = 3  # Procurement Act 2023, section 52(1)


def findings(content: Content, law: Law, today: date) -> Iterator[Finding]:
    """Yield the duties that nothing shows to be fulfilled."""
    covered = content.course.procedure is not Procedure.BELOW_THRESHOLD
    yield from _buyers(content)
    yield from _small_firms(content, covered=covered)
    if covered:
        yield from _lots(content)
        yield from _considered(content, today)
        yield from _engagement(content)
    yield from _indicators(content, law, today)
    yield from _framework(content, law, today)


def _buyers(content: Content) -> Iterator[Finding]:
    source = f"{REGULATIONS}regulation 13"
    if content.lead is None:
        yield blocks("no-lead", Part.BUYERS, "A joint notice names one lead council.", source)
    if len(content.buyers) < 2:
        yield look("one-buyer", Part.BUYERS, "Only one council is left: this is no joint tender.", source)
    for buyer in content.buyers:
        lacking = _lacking(buyer)
        if lacking:
            yield blocks(
                "buyer-unknown",
                Part.BUYERS,
                f"{buyer.name}: add {', '.join(lacking)}. A joint notice has them of each council.",
                source,
            )


def _lacking(buyer: Buyer) -> list[str]:
    said = (
        ("its postal address", buyer.address),
        ("its e-mail address", buyer.email),
        ("its identifier on the central platform", buyer.identifier),
    )
    return [words for words, found in said if not found]


def _small_firms(content: Content, *, covered: bool) -> Iterator[Finding]:
    section = "section 12(4)" if covered else "section 86"
    if not content.considered.small_firms:
        yield blocks(
            "small-firms",
            Part.CONSIDERED,
            "Write down which barriers small and medium-sized firms face here, and whether they can "
            "be removed.",
            ACT + section,
        )


def _lots(content: Content) -> Iterator[Finding]:
    # Regulation 18(2)(q) asks for the reason, though not of light touch contracts.
    if len(content.lots) == 1 and not content.no_lots_reason and not content.course.light_touch:
        yield blocks(
            "no-lots-reason",
            Part.BASICS,
            "The contract is not divided into lots. Divide it, or give the reason that the notice will show.",
            f"{ACT}section 18; {REGULATIONS}regulation 18(2)(q)",
        )


def _considered(content: Content, today: date) -> Iterator[Finding]:
    considered = content.considered
    if not considered.policy:
        yield blocks(
            "policy",
            Part.CONSIDERED,
            "Say how regard was had to the National Procurement Policy Statement.",
            f"{ACT}section 13(9)",
        )
    source = f"{ACT}section 83"
    if considered.conflicts_on is None or not considered.conflicts:
        yield blocks(
            "conflicts",
            Part.CONSIDERED,
            "Prepare the conflicts assessment before the tender notice: the notice confirms that it was.",
            source,
        )
    elif considered.conflicts_on > content.notice_on(today):
        yield blocks(
            "conflicts-late",
            Part.CONSIDERED,
            "The conflicts assessment is dated after the day of the tender notice. It comes before it.",
            source,
        )


def _engagement(content: Content) -> Iterator[Finding]:
    source = f"{ACT}sections 16 and 17"
    if content.engagement is None:
        yield blocks(
            "engagement",
            Part.PROCEDURE,
            "Say whether suppliers were engaged beforehand. If they were, a preliminary market "
            "engagement notice "
            "(UK2) came first, or the tender notice says why not.",
            source,
        )
    elif content.engagement is Engagement.REASON and not content.engagement_words:
        yield blocks(
            "engagement-reason",
            Part.PROCEDURE,
            "Suppliers were engaged without a notice: give the reason that the tender notice will show.",
            source,
        )
    elif content.engagement is Engagement.NOTICE and not content.engagement_words:
        yield blocks(
            "engagement-reference",
            Part.PROCEDURE,
            "Enter the reference of the preliminary market engagement notice (UK2).",
            source,
        )


def _indicators(content: Content, law: Law, today: date) -> Iterator[Finding]:
    on = content.dates.starts_on or content.notice_on(today)
    source = f"{ACT}section 52"
    if value.needs_indicators(content, law, on) and len(content.kpis) < LEAST_INDICATORS:
        yield blocks(
            "indicators",
            Part.KPIS,
            f"A contract over £5 million has at least {LEAST_INDICATORS} key performance indicators, "
            f"and there are "
            f"{len(content.kpis)}. Add them, or say why performance cannot appropriately be assessed so.",
            source,
        )
    for kpi in content.kpis:
        if not kpi.measure or not kpi.target:
            yield blocks(
                "indicator-unmeasured",
                Part.KPIS,
                f"“{kpi.title}”: say how it is measured and its target.",
                source,
            )


def _framework(content: Content, law: Law, today: date) -> Iterator[Finding]:
    dates = content.dates
    ends = dates.extended_until or dates.ends_on
    if content.course.model is not Model.FRAMEWORK or dates.starts_on is None or ends is None:
        return
    limit = law.limit("framework-term", content.notice_on(today))
    if ends >= months_later(dates.starts_on, 12 * limit.amount) and not content.course.term_reason:
        yield blocks(
            "framework-term",
            Part.PROCEDURE,
            f"A framework lasts at most {limit.amount} years unless the notice gives a reason.",
            limit.basis.source,
        )
