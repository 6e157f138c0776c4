"""Votes on the lines of a pool: what each ballot weighs, who may still be waited for, how a vote ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from procurement.rules.pools.lines import OUTCOME_WORDS, Outcome, Stances, allowed, check_may_become
from procurement.rules.pools.states import VoteRule
from values.refusals import Refused
from values.years import LONDON, london_today

# What the weights of a vote were made from, in words.
WEIGHED_WORDS: Final = {
    "council": "one council, one vote",
    "volume": "by the volume that each council brings",
    "value": "by the estimated value that each council brings, because not all gave a volume in one unit",
}
CLOSING: Final = time(17)
# What the agreement says of votes: what `weights` and `count` do, in sentences. A test compares them.
WEIGHT_CLAUSE: Final = {
    VoteRule.COUNCIL: "Each council has one vote.",
    VoteRule.VOLUME: (
        "The vote of a council weighs as much as the volume it brings, or as the estimated value it brings "
        "where not all gave a volume in one unit."
    ),
}
COUNT_CLAUSE: Final = (
    "The answer with the most weight is taken. Nothing is decided if two answers share the most, or unless "
    "more than half of the councils that could vote have voted, whatever their weight."
)


@dataclass(frozen=True, slots=True)
class Brought:
    """What a council brings to the pool with one need."""

    body_code: str
    value_pence: int
    volume: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class Tally:
    """A vote as counted.

    Attributes:
        sums: weight of each choice, also of those that nobody chose.
        voted: councils that are here and cast a ballot.
        councils: councils that could.
        outcome: what was decided, or None.
        ending: why, as a sentence.
    """

    sums: Mapping[str, int]
    voted: int
    councils: int
    outcome: Outcome | None
    ending: str


def weights(
    rule: VoteRule, councils: Collection[str], brought: Sequence[Brought]
) -> tuple[str, dict[str, int]]:
    """Return what the ballots are weighed by, and the weight of each council's.

    By volume where every council that brings anything gives its volume in the same named unit, else by
    estimated value; where nobody brings anything, one council has one vote.
    """
    here = [each for each in brought if each.body_code in councils]
    if rule is VoteRule.COUNCIL or not here:
        return "council", dict.fromkeys(sorted(councils), 1)
    units = {each.unit.strip().casefold() for each in here}
    alike = len(units) == 1 and units != {""} and all(each.volume for each in here)
    found = dict.fromkeys(sorted(councils), 0)
    for each in here:
        found[each.body_code] += (each.volume or 0) if alike else each.value_pence
    return ("volume" if alike else "value"), found


def count(
    choices: Sequence[str],
    weighed: Mapping[str, int],
    ballots: Mapping[str, str],
    *,
    here: Collection[str],
    stances: Stances,
) -> Tally:
    """Count the ballots of councils that are still here. The weightiest choice wins; a tie decides nothing.

    Most of the councils that could vote must have voted, whatever their weight. A choice that a council's
    stance bars by now is not carried out.
    """
    voters = [code for code in weighed if code in here]
    cast = {code: ballots[code] for code in voters if code in ballots}
    sums = dict.fromkeys(choices, 0)
    for code, choice in cast.items():
        sums[choice] += weighed[code]
    outcome, ending = _decided(sums, len(cast), len(voters), stances)
    return Tally(sums, len(cast), len(voters), outcome, ending)


def _decided(
    sums: Mapping[str, int], voted: int, councils: int, stances: Stances
) -> tuple[Outcome | None, str]:
    if 2 * voted <= councils:
        return None, f"Nothing was decided: {voted} of {councils} councils voted, and more than half must."
    most = max(sums.values())
    first = [choice for choice, weight in sums.items() if weight == most]
    if len(first) > 1 or most == 0:
        return None, "Nothing was decided: the vote was tied."
    outcome = Outcome(first[0])
    words = OUTCOME_WORDS[outcome].lower()
    if outcome not in allowed(stances):
        barred = "cannot live with it" if outcome is Outcome.COMMON else "must have it"
        return (
            None,
            f"Nothing was decided: most chose “{words}”, but a council has said since that it {barred}.",
        )
    return outcome, f"Decided: {words}."


def check_opens(
    choices: Sequence[Outcome], stances: Stances, *, closes_at: datetime, latest_at: datetime, now: datetime
) -> None:
    """Refuse a vote that could not decide anything, or at a time that leaves nobody a day for it.

    Raises:
        Refused: fewer than two choices, one that may not be, or a day that is too early or too late.
    """
    if len(set(choices)) < 2:
        raise Refused("Choose at least two answers to vote on", "choices")
    for choice in choices:
        try:
            check_may_become(choice, stances)
        except Refused as refused:
            raise Refused(refused.message, "choices") from refused
    if london_today(closes_at) <= london_today(now):
        raise Refused("The vote must stay open until tomorrow at least", "closes_on")
    if closes_at > latest_at:
        raise Refused("The vote must close before councils have to sign", "closes_on")


def closing(day: date) -> datetime:
    """Return the instant at which a vote closes on a day: 5pm in London."""
    return datetime.combine(day, CLOSING, LONDON)


def check_may_close_early(weighed: Mapping[str, int], voted: Collection[str], here: Collection[str]) -> None:
    """Refuse to close a vote before its time while a council that is here has not voted.

    Raises:
        Refused: somebody is still to vote.
    """
    left = [code for code in weighed if code in here and code not in voted]
    if left:
        raise Refused(
            f"{len(left)} of the councils have not voted yet. The vote closes by its time, or when all have."
        )
