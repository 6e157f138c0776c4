"""Whether a contract may be changed, on which way, and whether a contract change notice comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sourcing.rules.law import ChangeRule, Law
from sourcing.rules.thresholds import ContractKind, threshold
from values.money import format_pence
from values.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A contract before a change.

    Attributes:
        value_gross_pence: its estimated value now, with VAT, options and extensions.
        maximum_term_months: the longest term that it provided for on award.
        commenced_on: when its procurement commenced, which decides the threshold.
        below_threshold_pence: by how much earlier below-threshold changes increased it, together.
    """

    value_gross_pence: int
    maximum_term_months: int
    commenced_on: date
    kind: ContractKind = ContractKind.GOODS_OR_SERVICES
    light_touch: bool = False
    below_threshold_pence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change as an officer describes it; what the law asks to be judged is judged by the officer.

    Attributes:
        value_pence: by how much the estimated value with VAT rises or falls.
        term_months: by how much the term does.
        widens_scope: supplies of a kind that the contract did not provide for.
        favours_supplier: the economic balance shifts materially to the supplier.
        alters_nature: the overall nature of the contract changes.
        ground: of Schedule 8, by its code, whose conditions the officer holds to be met; or empty.
        made_with: earlier changes that could reasonably have been made together with this one.
    """

    value_pence: int = 0
    term_months: int = 0
    widens_scope: bool = False
    favours_supplier: bool = False
    alters_nature: bool = False
    changes_supplier: bool = False
    ground: str = ""
    made_with: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways on which a change may be lawful: whether it is open, and why or why not."""

    code: str
    name: str
    is_open: bool
    because: str
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows for a change.

    Attributes:
        ways: each way, open or not, with its reason.
        notice_because: why a contract change notice comes first, or why not.
        text_is_published: the changed contract or the change is published within 90 days.
    """

    allowed: bool
    ways: tuple[Way, ...]
    needs_notice: bool
    notice_because: str
    text_is_published: bool
    on: date


# Grounds of which the law asks that the overall nature stays the same.
SAME_NATURE = ("provided-for", "unforeseeable")


def check(law: Law, standing: Standing, change: Change, *, on: date) -> Verdict:
    """Return whether a change is allowed and needs a contract change notice first.

    Splitting a change does not help: together with those that could reasonably have been made with it, it is
    judged once more as one (sections 74(7), 74(8), 75(4) and 75(5)).

    Args:
        law: the tables.
        standing: the contract before the change.
        change: what is to be changed.
        on: the day of the change.

    Raises:
        Refused: the contract has no value or term to measure against, or the ground is none of Schedule 8.
    """
    if standing.value_gross_pence <= 0 or standing.maximum_term_months <= 0:
        raise Refused("A change is measured against the contract's value and its maximum term: give both.")
    ways = _ways(law, standing, change, on)
    needs, because = _notice(law, standing, change, on)
    if change.made_with:
        before, whole = _together(standing, change)
        joined = _ways(law, before, whole, on)
        if not any(way.is_open for way in joined) and any(way.is_open for way in ways):
            ways = tuple(_closed(way) for way in ways)
        if not needs:
            needs, why = _notice(law, before, whole, on)
            because = f"Together with earlier changes: {why[0].lower()}{why[1:]}" if needs else because
    copied = law.sum("change-copy", on)
    after = standing.value_gross_pence + change.value_pence
    return Verdict(
        any(way.is_open for way in ways),
        ways,
        needs,
        because,
        needs and copied.is_reached(value_gross_pence=after),
        on,
    )


def _ways(law: Law, standing: Standing, change: Change, on: date) -> tuple[Way, ...]:
    if standing.light_touch and not change.changes_supplier:
        said, source = "A light touch contract may be changed", "Procurement Act 2023, section 74(2)"
        return (Way("light-touch", "Light touch contract", is_open=True, because=said, source=source),)
    ground = _by_ground(law, standing, change, on)
    minor = _not_substantial(law, standing, change, on)
    small = _below_threshold(law, standing, change, on, taken=ground.is_open or minor.is_open)
    return (ground, minor, small)


def _by_ground(law: Law, standing: Standing, change: Change, on: date) -> Way:
    name = "Permitted by Schedule 8"
    if not change.ground:
        source = "Procurement Act 2023, section 74(1)(a)"
        return Way("ground", name, is_open=False, because="No ground is relied on", source=source)
    if change.ground not in {row.code for row in law.changes if row.kind == "ground"}:
        raise Refused(f"There is no ground of changing a contract called “{change.ground}”.", "ground")
    rule = law.change(change.ground, on)
    because = _against(rule, standing, change)
    said = because or f"{rule.name}, whose conditions the officer holds to be met"
    return Way("ground", name, is_open=not because, because=said, source=rule.basis.source)


def _against(rule: ChangeRule, standing: Standing, change: Change) -> str:
    """Return why a ground does not carry a change, or nothing."""
    if change.changes_supplier and rule.code != "restructuring":
        return "Only a corporate restructuring lets the supplier change (section 74(9))"
    if change.alters_nature and rule.code in SAME_NATURE:
        return "The overall nature of the contract would change"
    if rule.percent is not None and _exceeds(change.value_pence, rule.percent, standing.value_gross_pence):
        most = format_pence(standing.value_gross_pence * rule.percent // 100)
        return f"The value would rise by more than {rule.percent}%, which is {most}"
    return ""


def _not_substantial(law: Law, standing: Standing, change: Change, on: date) -> Way:
    rule = law.change("substantial-term", on)
    against: list[str] = []
    if _exceeds(abs(change.term_months), rule.percent, standing.maximum_term_months):
        against.append(f"the term changes by more than {rule.percent}% of the maximum on award")
    if change.widens_scope:
        against.append("the scope changes materially")
    if change.favours_supplier:
        against.append("the economic balance shifts to the supplier")
    if change.changes_supplier:
        against.append("the supplier changes")
    said = _sentence(against) or f"The term changes by at most {rule.percent}%, scope and balance stay"
    source = "Procurement Act 2023, section 74(3)"
    return Way("minor", "Not substantial", is_open=not against, because=said, source=source)


def _below_threshold(law: Law, standing: Standing, change: Change, on: date, *, taken: bool) -> Way:
    works = standing.kind is ContractKind.WORKS
    rule = law.change("small-works" if works else "small-goods-services", on)
    against: list[str] = []
    if _exceeds(abs(change.value_pence), rule.percent, standing.value_gross_pence):
        against.append(f"the value changes by more than {rule.percent}%")
    least = threshold(
        law, standing.kind, light_touch=standing.light_touch, commenced_on=standing.commenced_on
    )
    # Our reading (modifications.csv, increases-add-up): a decrease makes no room for later increases.
    together = standing.below_threshold_pence + max(change.value_pence, 0)
    if together >= least.value_gross_pence:
        against.append(
            f"below-threshold changes would come to {format_pence(together)}, not less than the threshold of "
            f"{format_pence(least.value_gross_pence)}"
        )
    if change.widens_scope:
        against.append("the scope changes materially")
    if change.changes_supplier:
        against.append("the supplier changes")
    if taken and not against:
        against.append("another way is open, and this one is for changes that have none")
    said = (
        _sentence(against) or "The value changes little, and such changes together stay below the threshold"
    )
    source = "Procurement Act 2023, section 74(4)"
    return Way("small", "Below-threshold change", is_open=not against, because=said, source=source)


def _notice(law: Law, standing: Standing, change: Change, on: date) -> tuple[bool, str]:
    """Return whether a contract change notice comes before the change, and why."""
    if standing.light_touch:
        return False, "A light touch contract needs none (section 75(6))"
    if change.ground == "restructuring":
        return True, "A transfer on restructuring always needs one (section 75(2))"
    works = standing.kind is ContractKind.WORKS
    value = law.change("notice-works" if works else "notice-goods-services", on)
    term = law.change("notice-term", on)
    over: list[str] = []
    if _exceeds(abs(change.value_pence), value.percent, standing.value_gross_pence):
        over.append(f"the value changes by more than {value.percent}% (section 75(2)(a))")
    if _exceeds(abs(change.term_months), term.percent, standing.maximum_term_months):
        over.append(f"the term changes by more than {term.percent}% (section 75(2)(b))")
    within = f"The value changes by at most {value.percent}% and the term by at most {term.percent}%"
    return bool(over), _sentence(over) or f"{within} (section 75(2))"


def _together(standing: Standing, change: Change) -> tuple[Standing, Change]:
    """Return the contract before the first of the changes, and all of them as one."""
    all_: Sequence[Change] = (*change.made_with, change)
    earlier = sum(each.value_pence for each in change.made_with)
    before = Standing(
        value_gross_pence=standing.value_gross_pence - earlier,
        maximum_term_months=standing.maximum_term_months,
        commenced_on=standing.commenced_on,
        kind=standing.kind,
        light_touch=standing.light_touch,
        below_threshold_pence=max(
            standing.below_threshold_pence - sum(max(each.value_pence, 0) for each in change.made_with), 0
        ),
    )
    whole = Change(
        value_pence=sum(each.value_pence for each in all_),
        term_months=sum(each.term_months for each in all_),
        widens_scope=any(each.widens_scope for each in all_),
        favours_supplier=any(each.favours_supplier for each in all_),
        alters_nature=any(each.alters_nature for each in all_),
        changes_supplier=any(each.changes_supplier for each in all_),
        ground=change.ground,
    )
    return before, whole


def _closed(way: Way) -> Way:
    if not way.is_open:
        return way
    said = "It could have been made together with earlier changes, and that single change is not permitted"
    source = "Procurement Act 2023, section 74(7) and (8)"
    return Way(way.code, way.name, is_open=False, because=said, source=source)


def _exceeds(part: int, percent: int | None, whole: int) -> bool:
    return percent is not None and part * 100 > percent * whole


def _sentence(parts: Sequence[str]) -> str:
    joined = ", and ".join(parts)
    return joined[:1].upper() + joined[1:]
