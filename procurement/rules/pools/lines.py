"""The requirements of a pool: what the councils' stances make of a line, how it may end, what it costs.

Two things hold whoever decides: what one council must have is never dropped, and what one council cannot live
with is never asked of all. Between the two, a lot or an option is always open.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from procurement.rules.pools.states import OPEN, STATE_WORDS, PoolState
from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused


class Stance(enum.StrEnum):
    """What a council says to a line."""

    MUST = "must"
    NICE = "nice"
    ACCEPT = "accept"
    CANNOT = "cannot"


class Status(enum.StrEnum):
    """How the councils' stances go together."""

    COMMON = "common"
    COMPATIBLE = "compatible"
    CONFLICTING = "conflicting"


class Outcome(enum.StrEnum):
    """What becomes of a line: asked of all, in a lot, as an option, or not at all."""

    COMMON = "common"
    LOT = "lot"
    OPTION = "option"
    DROPPED = "dropped"


class Part(enum.StrEnum):
    """Where a line stands in the specification as reconciled."""

    ALL = "all"
    LOT = "lot"
    OPTION = "option"
    OPEN = "open"
    DROPPED = "dropped"


Stances = Mapping[str, Stance]
STANCE_WORDS: Final[Mapping[Stance, str]] = {
    Stance.MUST: "Must have",
    Stance.NICE: "Nice to have",
    Stance.ACCEPT: "Accepts it",
    Stance.CANNOT: "Cannot live with it",
}
STATUS_WORDS: Final[Mapping[Status, tuple[str, str]]] = {
    Status.CONFLICTING: ("Conflicting", "red"),
    Status.COMPATIBLE: ("Compatible", "blue"),
    Status.COMMON: ("Common", "green"),
}
OUTCOME_WORDS: Final[Mapping[Outcome, str]] = {
    Outcome.COMMON: "For all councils",
    Outcome.LOT: "In a lot of its own",
    Outcome.OPTION: "As an option",
    Outcome.DROPPED: "Dropped",
}
_ASKS: Final = frozenset({Stance.MUST, Stance.NICE})


def status(stances: Stances, councils: int) -> Status:
    """Return how the stances of the councils that are here go together.

    Common: every council asks for the line. Conflicting: one cannot live with it. Compatible: neither; those
    who do not ask for it accept it, or have not said.
    """
    said = set(stances.values())
    if Stance.CANNOT in said:
        return Status.CONFLICTING
    asking = sum(stance in _ASKS for stance in stances.values())
    return Status.COMMON if asking and asking == councils else Status.COMPATIBLE


def is_hard(stances: Stances) -> bool:
    """Tell whether a line is a must: one council that needs it makes it one."""
    return Stance.MUST in stances.values()


def is_asked(stances: Stances) -> bool:
    """Tell whether any council asks for a line."""
    return not _ASKS.isdisjoint(stances.values())


def allowed(stances: Stances) -> list[Outcome]:
    """Return what may become of a line, by whatever way it is decided."""
    barred = {
        Outcome.DROPPED: is_hard(stances),
        Outcome.COMMON: Stance.CANNOT in stances.values(),
    }
    return [outcome for outcome in Outcome if not barred.get(outcome, False)]


def standing(outcome: str | None, stances: Stances) -> Outcome | None:
    """Return the outcome that still stands; None where there is none, or what councils said since bars it."""
    return None if outcome is None or Outcome(outcome) not in allowed(stances) else Outcome(outcome)


def part(outcome: str | None, stances: Stances) -> Part:
    """Return where a line stands in the specification; for all where some ask for it and nobody objects."""
    decided = standing(outcome, stances)
    if decided is not None:
        return Part.ALL if decided is Outcome.COMMON else Part(decided.value)
    return Part.ALL if is_asked(stances) and Stance.CANNOT not in stances.values() else Part.OPEN


def check_outcome(to: Outcome, stances: Stances, *, voted: bool) -> None:
    """Refuse an outcome that the lead council may not choose by itself.

    Raises:
        Refused: a council must have the line or cannot live with it, the members voted on it, or others ask
            for it and only a vote may drop it.
    """
    check_may_become(to, stances)
    if voted:
        raise Refused("The members voted on this line. Open another vote to decide it anew.", "outcome")
    if to is Outcome.DROPPED and is_asked(stances):
        raise Refused("A council asks for this line. Only a vote can drop it.", "outcome")


def check_may_become(to: Outcome, stances: Stances) -> None:
    """Refuse an outcome that no way of deciding may reach.

    Raises:
        Refused: a council must have the line or cannot live with it.
    """
    if to not in allowed(stances):
        barred = (
            "A council must have this line, so it cannot be dropped."
            if to is Outcome.DROPPED
            else "A council cannot live with this line, so it cannot be for all."
        )
        raise Refused(f"{barred} A lot or an option is still possible.", "outcome")


def check_stance(stance: Stance, reason: str) -> None:
    """Refuse a stance that nobody could answer to.

    Raises:
        Refused: a council that cannot live with a line did not say why.
    """
    if stance is Stance.CANNOT and not reason:
        raise Refused("Say why the council cannot live with this line", "stance_reason")


def check_changeable(state: str) -> None:
    """Refuse to change requirements that were agreed.

    Raises:
        Refused: the pool is committed, or over.
    """
    if PoolState(state) not in OPEN:
        words = STATE_WORDS[PoolState(state)][0].lower()
        raise Refused(f"The requirements of a pool that is {words} cannot be changed.")


def check_speaks(actor: Actor, *, takes_part: bool) -> None:
    """Refuse whoever does not speak for a member of the pool.

    Raises:
        NotAllowed: not an officer, or not of a council that is in the pool.
    """
    if not (takes_part and actor.has(Role.OFFICER)):
        raise NotAllowed("Only an officer of a council in this pool can do this.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A line as its cost is counted from.

    Attributes:
        stances: of the councils that are here.
        failing: suppliers that said they cannot meet it.
    """

    line_id: UUID
    position: int
    stances: Stances
    outcome: str | None
    failing: frozenset[str]

    @property
    def binds_all(self) -> bool:
        """Whether every council and supplier meets it, or would if nothing more were decided."""
        return part(self.outcome, self.stances) in (Part.ALL, Part.OPEN)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a line costs the pool as it stands now.

    Attributes:
        councils: cannot live with it, and would stay out.
        value_pence: what these would bring.
        failing: suppliers that were sounded and cannot meet it, where it is a must.
        only_failing: those of them that can meet every other must.
    """

    line_id: UUID
    position: int
    councils: tuple[str, ...]
    value_pence: int
    failing: tuple[str, ...]
    only_failing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Costliest:
    """The single lines that cost most; None where none costs anything."""

    councils: Cost | None
    suppliers: Cost | None


def costs(lines: Sequence[Asked], values: Mapping[str, int]) -> list[Cost]:
    """Return what each line costs, in their order of position.

    Args:
        lines: all lines of the pool.
        values: estimated value in pence that each council brings; one that is missing brings none.
    """
    hard = [line for line in lines if line.binds_all and is_hard(line.stances)]
    fails = Counter(supplier for line in hard for supplier in line.failing)
    found: list[Cost] = []
    for line in sorted(lines, key=lambda line: line.position):
        out = _kept_out(line) if line.binds_all else ()
        failing = tuple(sorted(line.failing)) if line in hard else ()
        only = tuple(supplier for supplier in failing if fails[supplier] == 1)
        value_pence = sum(values.get(code, 0) for code in out)
        found.append(Cost(line.line_id, line.position, out, value_pence, failing, only))
    return found


def _kept_out(line: Asked) -> tuple[str, ...]:
    return tuple(sorted(code for code, stance in line.stances.items() if stance is Stance.CANNOT))


def costliest(found: Iterable[Cost]) -> Costliest:
    """Return the line that keeps out most councils, by number and then by value, and that of most suppliers.

    Of suppliers those count that fail by this line alone: without it they could tender. Of two alike, the
    first of the list.
    """
    ordered = sorted(found, key=lambda cost: cost.position)
    councils = max(ordered, key=lambda cost: (len(cost.councils), cost.value_pence), default=None)
    suppliers = max(ordered, key=lambda cost: (len(cost.only_failing), len(cost.failing)), default=None)
    return Costliest(
        councils if councils and councils.councils else None,
        suppliers if suppliers and suppliers.only_failing else None,
    )
