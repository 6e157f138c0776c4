"""Whether a published sum could be taken apart again: totals of a few, told one after the other.

Each total is a sum of some contributions. What somebody can work out from several totals is exactly what is a
linear combination of them. A total may be told if no combination of everything told, this total included,
touches only one contribution, or only two: then not even somebody who knows their own can find another's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

# Fewer than these are not told at all.
LEAST_CONTRIBUTORS = 4
# Beyond the two largest there must be at least this part of the largest: who contributed the second largest
# could otherwise tell the largest within this part of it.
PROTECTED_PART = Fraction(1, 5)

Total = Collection[str]


def why_not(contributions: Mapping[str, int], told: Sequence[Total]) -> str | None:
    """Return why a total of these contributions may not be told, in words, or None where it may.

    Args:
        contributions: who contributed what to the total, above zero. One who changed what they contribute
            is another contributor.
        told: the contributors of each total that was told before.

    Raises:
        ValueError: a contribution is not above zero.

    Source:
        The audit of sums: Chin and Özsoyoglu (1982), "Auditing and Inference Control in Statistical
        Databases", IEEE Transactions on Software Engineering SE-8(6), 574-582. The p % rule: Hundepool et
        al. (2012), "Statistical Disclosure Control", Wiley, section 4.2.
    """
    if any(amount <= 0 for amount in contributions.values()):
        raise ValueError("contributions lie above zero")
    if len(contributions) < LEAST_CONTRIBUTORS:
        return f"fewer than {LEAST_CONTRIBUTORS} councils are in it"
    largest, _, *others = sorted(contributions.values(), reverse=True)
    if sum(others) < PROTECTED_PART * largest:
        return "one council makes up nearly all of it"
    if singled_out([*told, contributions.keys()]):
        return "with the totals told before, one council's part could be worked out"
    return None


def singled_out(totals: Sequence[Total]) -> frozenset[str]:
    """Return the contributors whom some combination of totals leaves alone, or alone with one other.

    Exact: whole numbers and fractions only. A combination of totals has the same weight for all who are in
    the same totals, so only groups of one or two of them can be left alone.
    """
    groups: dict[tuple[bool, ...], list[str]] = {}
    for each in dict.fromkeys(who for total in totals for who in total):
        groups.setdefault(tuple(each in total for total in totals), []).append(each)
    patterns = list(groups)
    whole = _rank([*zip(*patterns, strict=True)])
    small = [pattern for pattern in patterns if len(groups[pattern]) <= 2]
    sets = [(pattern,) for pattern in small]
    sets += list(combinations([pattern for pattern in small if len(groups[pattern]) == 1], 2))
    found: set[str] = set()
    for chosen in sets:
        rest = [pattern for pattern in patterns if pattern not in chosen]
        # A combination that leaves only the chosen exists exactly if without them the rank falls.
        if _rank([*zip(*rest, strict=True)]) < whole:
            found.update(who for pattern in chosen for who in groups[pattern])
    return frozenset(found)


def _rank(rows: Sequence[Sequence[bool]]) -> int:
    """Return the rank of a matrix of noughts and ones."""
    left = [[Fraction(value) for value in row] for row in rows]
    rank = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((n for n in range(rank, len(left)) if left[n][column]), None)
        if pivot is None:
            continue
        left[rank], left[pivot] = left[pivot], left[rank]
        top = left[rank]
        for n in range(rank + 1, len(left)):
            if left[n][column]:
                factor = left[n][column] / top[column]
                left[n] = [value - factor * above for value, above in zip(left[n], top, strict=True)]
        rank += 1
    return rank
