"""What people wish of suggested pools, as the search takes it; what contradicts, in a sentence."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from analytics.pooling.needs import Model, Need, Wishes
from analytics.pooling.parts import components
from procurement.rules.pools.candidates import Candidate
from values.refusals import Refused


class WishKind(enum.StrEnum):
    """What is wished."""

    TOGETHER = "together"
    INSIDE = "inside"
    APART = "apart"
    OUT = "out"


WORDS: Final[Mapping[WishKind, str]] = {
    WishKind.TOGETHER: "Together in one pool",
    WishKind.INSIDE: "In some pool",
    WishKind.APART: "Never in one pool",
    WishKind.OUT: "In no pool",
}
MOST_TOGETHER: Final = 12


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish that counts; `set_aside` is why the last run could not keep it, or empty."""

    id: UUID
    kind: WishKind
    need_ids: tuple[UUID, ...]
    body_code: str
    body_name: str
    person_name: str
    reason: str
    made_at: datetime
    set_aside: str = ""

    @property
    def names(self) -> frozenset[str]:
        """The needs by the search's ids."""
        return frozenset(map(str, self.need_ids))

    @property
    def words(self) -> str:
        """What is wished, in words."""
        return WORDS[self.kind]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The wishes that a run keeps, and why others are set aside, by their id."""

    wishes: Wishes
    kept: tuple[Wish, ...]
    set_aside: Mapping[UUID, str]


def check_shape(kind: WishKind, need_ids: Sequence[UUID]) -> None:
    """Refuse a wish that names too few needs, or too many.

    Raises:
        Refused: what to choose.
    """
    count = len(set(need_ids))
    if kind is WishKind.TOGETHER and not 2 <= count <= MOST_TOGETHER:
        raise Refused(f"Choose between 1 and {MOST_TOGETHER - 1} other needs.", "others")
    if kind is WishKind.APART and count != 2:
        raise Refused("Choose one other need.", "others")


def joined(wishes: Iterable[tuple[WishKind, frozenset[str]]]) -> Wishes:
    """Return wishes as the search reads them."""
    each = list(wishes)
    return Wishes(
        together=tuple(names for kind, names in each if kind in (WishKind.TOGETHER, WishKind.INSIDE)),
        apart=frozenset(names for kind, names in each if kind is WishKind.APART),
        out=frozenset[str]().union(*(names for kind, names in each if kind is WishKind.OUT)),
    )


def in_words(sentence: str, by_id: Mapping[str, Candidate]) -> str:
    """Return a sentence of the search with the needs' titles in place of their ids."""
    for name, candidate in by_id.items():
        if name in sentence:
            sentence = sentence.replace(name, candidate.told)
    return sentence


def check_together(
    needs: Sequence[Need],
    wishes: Iterable[tuple[WishKind, frozenset[str]]],
    *,
    by_id: Mapping[str, Candidate],
    model: Model,
) -> None:
    """Refuse wishes that contradict each other or that no lawful pool could keep.

    Raises:
        Refused: the search's own sentence, with titles in it.
    """
    try:
        components(needs, model, joined(wishes))
    except Refused as refusal:
        raise Refused(in_words(refusal.message, by_id)) from refusal


def accepted(
    needs: Sequence[Need], wished: Sequence[Wish], *, by_id: Mapping[str, Candidate], model: Model
) -> Accepted:
    """Return the wishes that can be kept together, the older first; those whose needs are gone wait.

    A need can have changed since: what was possible then may contradict now.
    """
    markets: dict[tuple[str, str], list[Need]] = {}
    market_of: dict[str, tuple[str, str]] = {}
    for need in needs:
        markets.setdefault(need.market, []).append(need)
        market_of[need.id] = need.market
    kept: list[Wish] = []
    aside: dict[UUID, str] = {}
    for wish in sorted(wished, key=lambda each: (each.made_at, each.id)):
        if not all(name in market_of for name in wish.names):
            aside[wish.id] = "A need that it names is not open, or is in a pool already."
            continue
        touched = {market_of[name] for name in wish.names}
        before = [each for each in kept if touched & {market_of[name] for name in each.names}]
        reached = touched.union(*({market_of[name] for name in each.names} for each in before))
        near = [need for market in sorted(reached) for need in markets[market]]
        try:
            check_together(
                near, [(each.kind, each.names) for each in (*before, wish)], by_id=by_id, model=model
            )
        except Refused as refusal:
            aside[wish.id] = refusal.message
        else:
            kept.append(wish)
    return Accepted(joined((each.kind, each.names) for each in kept), tuple(kept), aside)
