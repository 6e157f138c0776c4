"""Who wins which lots where one supplier may win only so many: by the rule that the tender published.

Lots are awarded one after the other, in the published order. Each goes to the best bid whose suppliers (the
lead and the members that bid with it) have not won that many lots before. Where the method leaves such bids
equal, the published rule breaks the tie, or a lot; until it is drawn, the turn of later lots has not come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenders.rules import ties
from tenders.rules.ties import Tie


@dataclass(frozen=True, slots=True)
class Limit:
    """How many lots one supplier may win.

    Attributes:
        order: ids of the lots as they are awarded.
        suppliers: number of a bid → the ids of all who bid with it.
    """

    most: int
    order: Sequence[str]
    suppliers: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Standings:
    """How lots come out.

    Attributes:
        ties: those that the method left among bids that could win, broken or open.
        winners: lot → number of the bid that wins it.
        passed: lot → bids that came before the winner, or equal to it, and had won their most.
    """

    ties: Sequence[Tie]
    winners: Mapping[str, str]
    passed: Mapping[str, Sequence[str]]


def order(lots: Iterable[tuple[str, int | None]], rule: str) -> list[str]:
    """Return the ids of lots in the order in which they are awarded.

    Args:
        lots: id and estimated value of each, in the order of their numbers.
        rule: "value" for the highest value first, else as they are numbered.
    """
    found = list(lots)
    if rule == "value":
        found.sort(key=lambda lot: -(lot[1] or 0))
    return [lot_id for lot_id, _ in found]


def settle(
    kept: Mapping[str, Any],
    rule: str,
    titles: Mapping[str, str],
    drawn: Mapping[str, str],
    limit: Limit | None,
) -> Standings:
    """Return who wins each lot, as far as ties are broken.

    Args:
        kept: the assessment.
        rule: what the tender published for ties.
        titles: criterion → its title.
        drawn: lot → the bid that a draw gave.
        limit: how many lots one supplier may win, or None.
    """
    if limit is None:
        found = ties.ties(kept, rule, titles)
        return Standings(found, ties.winners(kept, found, drawn), {})
    lots = {lot["lot"]: lot for lot in kept["lots"]}
    won: Counter[str] = Counter()
    broken: list[Tie] = []
    winners: dict[str, str] = {}
    passed: dict[str, Sequence[str]] = {}
    for lot_id in limit.order:
        if lot_id not in lots:
            continue
        ranks = {each["bid"]: each["rank"] for each in lots[lot_id]["standings"] if each["rank"]}
        free = {bid: rank for bid, rank in ranks.items() if _may_win(bid, won, limit)}
        if not free:
            passed[lot_id] = tuple(ranks)
            continue
        first = min(free.values())
        passed[lot_id] = tuple(bid for bid, rank in ranks.items() if bid not in free and rank <= first)
        best = [bid for bid, rank in free.items() if rank == first]
        at = {"lots": [{**lots[lot_id], "best": best}]}
        found = ties.ties(at, rule, titles)
        broken += found
        winner = ties.winners(at, found, drawn).get(lot_id)
        if winner is None:
            break
        winners[lot_id] = winner
        won.update(limit.suppliers.get(winner, frozenset()))
    return Standings(broken, winners, {lot: bids for lot, bids in passed.items() if bids})


def _may_win(bid: str, won: Counter[str], limit: Limit) -> bool:
    return all(won[each] < limit.most for each in limit.suppliers.get(bid, frozenset()))


def words(most: int) -> str:
    """Return why a bid was passed over, for whoever made it."""
    lots = "1 lot" if most == 1 else f"{most} lots"
    return (
        f"One supplier may win at most {lots} here. When the turn of this lot came, a supplier of this bid "
        "had won that many, so that the lot went on to the next best bid."
    )
