"""Whether a contract may be changed as somebody proposes, on which way, how far the caps reach."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sourcing.rules import modifications
from sourcing.rules.law import Law
from sourcing.rules.modifications import Change, Standing, Verdict, Way
from sourcing.rules.thresholds import ContractKind, threshold
from tenders.rules.contracts.life import Changed, Life
from values.money import format_pence
from values.refusals import Refused


class ChangeState(enum.StrEnum):
    """How far a change is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MADE = "made"


STATE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "proposed": ("Waits for an approver", "yellow"),
    "approved": ("Approved, not made yet", "blue"),
    "refused": ("Refused", "orange"),
    "withdrawn": ("Withdrawn", "grey"),
    "made": ("Made", "green"),
}
PART_6: Final = "part-6"
NO_GROUND: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change as an officer proposes it.

    Attributes:
        new_supplier: who takes the contract over, or empty where the supplier stays.
        ground: of Schedule 8, by its code, or empty where none is relied on.
        made_with: numbers of earlier changes that could reasonably have been made together with this one.
    """

    words: str
    reason: str
    value_pence: int = 0
    term_months: int = 0
    widens_scope: bool = False
    favours_supplier: bool = False
    alters_nature: bool = False
    new_supplier: str = ""
    ground: str = NO_GROUND
    made_with: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cap:
    """How far a limit of the law reaches: for this contract, and by how much the change comes to it."""

    name: str
    most: str
    asked: str
    kept: bool
    source: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What follows for a proposal.

    Attributes:
        way: the code of the way on which it is lawful, or empty where none is open.
        commits_pence: by how much this and earlier changes raise the value that was signed, together.
    """

    verdict: Verdict
    way: str
    caps: tuple[Cap, ...]
    commits_pence: int

    @property
    def refusal(self) -> str:
        """Why no way is open, in one text."""
        against = "; ".join(
            f"{each.name}: {each.because[:1].lower()}{each.because[1:]}" for each in self.verdict.ways
        )
        return f"The law does not permit this change. {against}."


def judge(law: Law, life: Life, proposal: Proposal, *, on: date) -> Judged:
    """Return what the law says of a proposal on a day.

    A contract below the threshold may be changed freely as long as it stays there; one that a change brings
    to the threshold is judged like a public contract (section 74(1), a convertible contract).

    Raises:
        Refused: the contract has no value or term to measure against, or a change that is named is none.
    """
    earlier = _named(life, proposal.made_with)
    change = Change(
        value_pence=proposal.value_pence,
        term_months=proposal.term_months,
        widens_scope=proposal.widens_scope,
        favours_supplier=proposal.favours_supplier,
        alters_nature=proposal.alters_nature,
        changes_supplier=bool(proposal.new_supplier),
        ground=proposal.ground,
        made_with=tuple(_as_change(each) for each in earlier),
    )
    standing = _standing(life)
    raised = sum(each.value_pence for each in life.made if each.value_pence > 0)
    commits = raised + max(proposal.value_pence, 0)
    if not life.facts.covered and (free := _stays_below(law, life, proposal, on)):
        return Judged(free, PART_6, (), commits)
    verdict = modifications.check(law, standing, change, on=on)
    way = next((each.code for each in verdict.ways if each.is_open), "")
    return Judged(verdict, way, _caps(law, standing, change, on), commits)


def check(judged: Judged) -> None:
    """Refuse a change that no ground and no limit permits.

    Raises:
        Refused: with what is against it on each way (section 74).
    """
    if not judged.way:
        raise Refused(judged.refusal, "ground")


def check_can_propose(life: Life, proposal: Proposal) -> None:
    """Refuse a proposal while another waits, after the end, or of nothing.

    Raises:
        Refused: with what is in the way.
    """
    if life.ended:
        raise Refused("The contract has ended: it cannot be changed any more.")
    if life.waiting:
        raise Refused(f"Change {life.waiting.number} is not made yet. Make it or withdraw it first.")
    ends = life.facts.ends_on
    if proposal.term_months and ends is None:
        raise Refused("This contract has no last day that could move.", "term_months")
    if life.value_gross_pence + proposal.value_pence < 0:
        raise Refused("The value cannot fall below nothing.", "value_pence")


def check_can_make(change: Changed, life: Life, made_on: date, today: date) -> None:
    """Refuse to make a change that nobody approved, or before the notice that the law asks for.

    Raises:
        Refused: with what comes first.
    """
    if change.state != ChangeState.APPROVED:
        raise Refused("An approver of the council approves the change first.")
    if made_on > today:
        raise Refused("The day of the change cannot be in the future", "made_on")
    if made_on < life.facts.signed_on:
        raise Refused("The contract was not signed by that day", "made_on")
    if not change.needs_notice:
        return
    notice = life.published("UK10", change.id)
    if notice is None or notice.on is None:
        raise Refused("The contract change notice (UK10) is published before the change (section 75).")
    if made_on < notice.on:
        raise Refused(f"The change notice was published on {notice.on:%-d %B %Y}: not before it", "made_on")


def as_kept(judged: Judged) -> dict[str, Any]:
    """Return a verdict as it is kept with the change, so that it can be read when the tables are others."""
    return {
        "on": judged.verdict.on.isoformat(),
        "ways": [
            {
                "code": each.code,
                "name": each.name,
                "open": each.is_open,
                "because": each.because,
                "source": each.source,
            }
            for each in judged.verdict.ways
        ],
        "notice_because": judged.verdict.notice_because,
        "caps": [
            {
                "name": each.name,
                "most": each.most,
                "asked": each.asked,
                "kept": each.kept,
                "source": each.source,
            }
            for each in judged.caps
        ],
    }


def _named(life: Life, numbers: Sequence[int]) -> list[Changed]:
    known = {each.number: each for each in life.made}
    if missing := [number for number in numbers if number not in known]:
        raise Refused(f"There is no change {missing[0]} that was made.", "made_with")
    return [known[number] for number in sorted(set(numbers))]


def _as_change(each: Changed) -> Change:
    return Change(
        value_pence=each.value_pence,
        term_months=each.term_months,
        widens_scope=each.widens_scope,
        favours_supplier=each.favours_supplier,
        alters_nature=each.alters_nature,
        changes_supplier=bool(each.new_supplier),
        ground=each.ground,
    )


def _standing(life: Life) -> Standing:
    facts = life.facts
    return Standing(
        value_gross_pence=life.value_gross_pence,
        maximum_term_months=facts.maximum_term_months,
        commenced_on=facts.commenced_on,
        kind=facts.kind,
        light_touch=facts.light_touch,
        below_threshold_pence=sum(max(each.value_pence, 0) for each in life.made if each.way == "small"),
    )


def _stays_below(law: Law, life: Life, proposal: Proposal, on: date) -> Verdict | None:
    """Return what is said of a contract that stays below the threshold, or None where it does not."""
    facts = life.facts
    least = threshold(law, facts.kind, light_touch=facts.light_touch, commenced_on=facts.commenced_on)
    after = life.value_gross_pence + proposal.value_pence
    if after >= least.value_gross_pence:
        return None
    said = f"Its value stays below the threshold of {format_pence(least.value_gross_pence)}"
    source = "Procurement Act 2023, section 74(1)"
    way = Way(PART_6, "Contract below the threshold", is_open=True, because=said, source=source)
    return Verdict(True, (way,), False, "Below the threshold none is asked for", False, on)


def _caps(law: Law, standing: Standing, change: Change, on: date) -> tuple[Cap, ...]:
    """Return the limits of section 74 and Schedule 8 as sums and months of this contract."""
    value, term = standing.value_gross_pence, standing.maximum_term_months
    works = standing.kind is ContractKind.WORKS
    small = law.change("small-works" if works else "small-goods-services", on)
    long = law.change("substantial-term", on)
    together = standing.below_threshold_pence + max(change.value_pence, 0)
    least = threshold(
        law, standing.kind, light_touch=standing.light_touch, commenced_on=standing.commenced_on
    )
    found = [
        _share(long.name, long.percent, term, abs(change.term_months), long.basis.source, _months),
        _share(small.name, small.percent, value, abs(change.value_pence), small.basis.source, format_pence),
        Cap(
            "Below-threshold changes together",
            f"less than {format_pence(least.value_gross_pence)}",
            format_pence(together),
            together < least.value_gross_pence,
            "Procurement Act 2023, section 74(4)(b)",
        ),
    ]
    if change.ground:
        rule = law.change(change.ground, on)
        if rule.percent is not None:
            found.append(
                _share(
                    rule.name,
                    rule.percent,
                    value,
                    max(change.value_pence, 0),
                    rule.basis.source,
                    format_pence,
                )
            )
    return tuple(found)


def _share(name: str, percent: int | None, whole: int, asked: int, source: str, said: Any) -> Cap:
    part = percent or 0
    return Cap(
        name,
        f"{part}%, which is {said(whole * part // 100)}",
        said(asked),
        asked * 100 <= part * whole,
        source,
    )


def _months(count: int) -> str:
    return f"{count} month" if count == 1 else f"{count} months"
