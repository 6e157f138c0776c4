"""Who is in if who is in: rows turned into terms, terms solved together, what is lacking in words.

What solving gives of one council (`Waits`) is for that council alone: it may tell a cap. Others learn only
that the council waits on its own terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from analytics.pooling import commitment
from analytics.pooling.commitment import Lacking, Terms
from analytics.pooling.needs import Model
from procurement.rules.pools.states import Stage
from values.money import format_pence
from values.refusals import Refused

ELASTICITY: Final = Model().elasticity


@dataclass(frozen=True, slots=True)
class Member:
    """A council that has not left a pool, with all that solving needs to know of it.

    Attributes:
        value_pence: what its stake is worth by itself; nought where it brings nothing yet.
        cap_pence: the most that it will pay, or None.
        signed_pence: the sum up to which it is bound, or None.
        unmet: whether it has conditions in its own words and has not said that they are met.
    """

    code: str
    stage: Stage
    value_pence: int
    cap_pence: int | None = None
    least_partners: int = 0
    partners: frozenset[str] = frozenset()
    least_joint_pence: int = 0
    signed_pence: int | None = None
    unmet: bool = False

    @property
    def terms(self) -> Terms:
        """Its terms as the solver reads them; it pays neither above its cap nor above what it signed for."""
        caps = [cap for cap in (self.cap_pence, self.signed_pence) if cap is not None]
        return Terms(
            self.code,
            self.value_pence,
            cap_pence=min(caps) if caps else None,
            least_partners=self.least_partners,
            partners=self.partners,
            least_joint_pence=self.least_joint_pence,
        )

    @property
    def ready(self) -> bool:
        """Whether it depends on nothing but the others."""
        return self.value_pence > 0 and not self.unmet


@dataclass(frozen=True, slots=True)
class Waits:
    """What one council waits for, with those who are in as its company; empty where it is content."""

    partner_count: int = 0
    partners: tuple[str, ...] = ()
    joint_pence: int = 0
    over_cap_pence: int = 0
    own_words: bool = False
    stake: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return what is kept for the council: only what it does wait for."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Waits:
        """Return what was kept."""
        known: dict[str, Any] = {**kept, "partners": tuple(kept.get("partners", ()))}
        return cls(**known)

    @property
    def words(self) -> Sequence[str]:
        """What must come besides named partners, a sentence each."""
        more = "council" if self.partner_count == 1 else "councils"
        said = (
            (self.partner_count, f"{self.partner_count} more {more} must be in"),
            (self.joint_pence, f"The joint value must rise by {format_pence(self.joint_pence)}"),
            (
                self.over_cap_pence,
                f"Your share is still {format_pence(self.over_cap_pence)} above the most you would pay",
            ),
            (self.own_words, "Your conditions in your own words are not met yet"),
            (self.stake, "Your council brings no need yet"),
        )
        return [words for lacking, words in said if lacking]


@dataclass(frozen=True, slots=True)
class Solved:
    """All terms of a pool solved together.

    Attributes:
        inside: who is in, in the order given.
        waiting: what each of the others waits for.
        quorum_lacking: how many more councils the pool needs.
        lead_inside: whether the lead council is in; without it no pool holds.
    """

    inside: tuple[str, ...]
    waiting: Mapping[str, Waits]
    quorum_lacking: int
    lead_inside: bool

    @property
    def holds(self) -> bool:
        """Whether the pool can go ahead with those who are in."""
        return self.quorum_lacking == 0 and self.lead_inside


def solve(members: Sequence[Member], *, lead_code: str, quorum: int) -> Solved:
    """Return the largest company in which everybody's terms hold, and what the others wait for."""
    ready = [member.terms for member in members if member.ready]
    company = commitment.solve(ready, elasticity=ELASTICITY, quorum=quorum)
    waiting = {each.id: _waits(each) for each in company.waiting}
    inside = [terms for terms in ready if terms.id in company.inside]
    for member in members:
        if not member.ready:
            waiting[member.code] = _not_ready(member, inside, quorum)
    return Solved(company.inside, waiting, company.quorum_lacking, lead_code in company.inside)


def _not_ready(member: Member, inside: Sequence[Terms], quorum: int) -> Waits:
    """Return what a council lacks that would be no part of the company even if all else held."""
    if member.value_pence <= 0:
        return Waits(stake=True, own_words=member.unmet)
    company = commitment.solve([*inside, member.terms], elasticity=ELASTICITY, quorum=quorum)
    found = next((each for each in company.waiting if each.id == member.code), None)
    return _waits(found, own_words=True) if found else Waits(own_words=True)


def _waits(lacking: Lacking, *, own_words: bool = False) -> Waits:
    return Waits(
        lacking.partner_count, lacking.partners, lacking.joint_pence, lacking.over_cap_pence, own_words
    )


def check_terms(
    member: Member, *, partners_known: frozenset[str], largest: int, conditions: str, met: bool
) -> None:
    """Refuse terms that no company could ever keep, or that say nothing clear.

    Raises:
        Refused: with the field that is wrong.
    """
    if member.cap_pence is not None and member.cap_pence <= 0:
        raise Refused("The most you would pay must be more than £0", "cap_pence")
    if member.least_joint_pence < 0:
        raise Refused("The least joint value must not be below £0", "least_joint_pence")
    if member.least_partners >= largest:
        raise Refused(f"The pool takes {largest} councils at most, your own among them", "least_partners")
    if member.code in member.partners:
        raise Refused("Choose other councils than your own", "partners")
    if not member.partners <= partners_known:
        raise Refused("Choose only from the councils of this pool", "partners")
    if met and not conditions:
        raise Refused("Write your conditions down before you say that they are met", "conditions_met")


def said(member: Member, conditions: str, names: Mapping[str, str]) -> Sequence[str]:
    """Return a council's own terms in words, for itself; empty where it has none."""
    lines: list[str] = []
    if member.cap_pence is not None:
        lines.append(f"It pays {format_pence(member.cap_pence)} at most")
    if member.least_partners:
        more = "council" if member.least_partners == 1 else "councils"
        lines.append(f"At least {member.least_partners} other {more} must be in")
    if member.partners:
        named = ", ".join(sorted(names.get(code, code) for code in member.partners))
        lines.append(f"These must be in: {named}")
    if member.least_joint_pence:
        lines.append(f"The joint value is at least {format_pence(member.least_joint_pence)}")
    if conditions:
        lines.append(f"{conditions} ({'not met yet' if member.unmet else 'met'})")
    return lines


def lacking_words(kept: Mapping[str, Any], names: Mapping[str, str]) -> Sequence[str]:
    """Return what a council waits for in words, for itself."""
    waits = Waits.from_json(kept)
    missing = [f"{names.get(code, code)} must be in" for code in waits.partners]
    return [*missing, *waits.words]
