"""What a need is, when it is whole, which states it takes, and what changed between two versions."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from procurement.rules.wording import Finding, findings
from spend.rules.categories import taxonomy
from values.actors import Actor, Role
from values.money import format_pence
from values.refusals import NotAllowed, Refused


class NeedState(enum.StrEnum):
    """How far a need is."""

    DRAFT = "draft"
    OPEN = "open"
    ARCHIVED = "archived"


class DataHeld(enum.StrEnum):
    """Which data about people the thing bought will hold."""

    NONE = "none"
    PERSONAL = "personal"
    SPECIAL = "special category"


LABELS: Final = {
    "title": "Title",
    "category": "Category",
    "outcomes": "Outcomes",
    "volume": "Volume",
    "unit": "Unit",
    "value_pence": "Estimated value",
    "budget_low_pence": "Budget from",
    "budget_high_pence": "Budget to",
    "earliest_start_on": "Earliest start",
    "latest_start_on": "Latest start",
    "contract_id": "Current contract",
    "data_held": "Data held",
    "standards": "Standards required",
    "interfaces": "Interfaces required",
    "must": "Must have",
    "nice": "Nice to have",
}
# From each state, where a person may take a need.
MOVES: Final = {
    NeedState.DRAFT: (NeedState.OPEN, NeedState.ARCHIVED),
    NeedState.OPEN: (NeedState.DRAFT, NeedState.ARCHIVED),
    NeedState.ARCHIVED: (NeedState.DRAFT,),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that a person says about a need; a draft may leave everything but the title empty."""

    title: str
    category: str = ""
    outcomes: str = ""
    volume: int | None = None
    unit: str = ""
    value_pence: int | None = None
    budget_low_pence: int | None = None
    budget_high_pence: int | None = None
    earliest_start_on: date | None = None
    latest_start_on: date | None = None
    contract_id: UUID | None = None
    data_held: str = DataHeld.NONE
    standards: str = ""
    interfaces: str = ""
    must: tuple[str, ...] = ()
    nice: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it for a version's snapshot."""
        plain = asdict(self)
        for name in ("earliest_start_on", "latest_start_on", "contract_id"):
            plain[name] = str(plain[name]) if plain[name] else None
        return {**plain, "must": list(self.must), "nice": list(self.nice)}

    @classmethod
    def from_json(cls, snapshot: Mapping[str, Any]) -> Wanted:
        """Return what a version's snapshot holds."""
        # A version may have been saved before a field was asked for.
        known: dict[str, Any] = {field.name: snapshot.get(field.name) for field in fields(cls)}
        for name in ("earliest_start_on", "latest_start_on"):
            known[name] = date.fromisoformat(known[name]) if known[name] else None
        known["contract_id"] = UUID(known["contract_id"]) if known["contract_id"] else None
        known |= {"must": tuple(known["must"]), "nice": tuple(known["nice"])}
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two versions have differently; lists and long texts line by line."""

    label: str
    gone: tuple[str, ...]
    new: tuple[str, ...]


def check(wanted: Wanted) -> None:
    """Refuse what cannot be kept even as a draft.

    Raises:
        Refused: no title, or a window or budget that ends before it begins.
    """
    if not wanted.title.strip():
        raise Refused("Enter a title", "title")
    early, late = wanted.earliest_start_on, wanted.latest_start_on
    if early and late and late < early:
        raise Refused("The latest start must be the same as or after the earliest start", "latest_start_on")
    if wanted.value_pence is not None and wanted.value_pence <= 0:
        raise Refused("The estimated value must be more than £0", "value_pence")
    low, high = wanted.budget_low_pence, wanted.budget_high_pence
    if (low is not None and low < 0) or (high is not None and high < 0):
        raise Refused("The budget must not be below £0", "budget_low_pence")
    if low is not None and high is not None and high < low:
        raise Refused("The upper end of the budget must not be below the lower end", "budget_high_pence")


def check_whole(wanted: Wanted) -> None:
    """Refuse to open a need that others could not understand.

    Raises:
        Refused: the first thing that is missing.
    """
    check(wanted)
    for field, message in (
        ("category", "Choose a category before you open the need"),
        ("outcomes", "Describe the outcomes before you open the need"),
        ("earliest_start_on", "Enter the earliest start before you open the need"),
        ("latest_start_on", "Enter the latest start before you open the need"),
    ):
        if not getattr(wanted, field):
            raise Refused(message, field)


def check_move(state: str, to: NeedState) -> None:
    """Refuse a change of state that the table of moves does not have.

    Raises:
        Refused: the need is in another state by now.
    """
    if to not in MOVES[NeedState(state)]:
        raise Refused(f"A need that is {WORDS[NeedState(state)]} cannot become {WORDS[to]}.")


WORDS: Final = {NeedState.DRAFT: "a draft", NeedState.OPEN: "open", NeedState.ARCHIVED: "archived"}


def may_see(actor: Actor) -> bool:
    """Tell whether an actor has needs to look at: people of councils and sector leads."""
    return actor.has(Role.OFFICER, Role.APPROVER, Role.SECTOR_LEAD)


def may_see_own(actor: Actor) -> bool:
    """Tell whether an actor may read budgets, drafts and contracts of the own council."""
    return actor.has(Role.OFFICER, Role.APPROVER)


def may_change(actor: Actor, body_code: str, own_code: str | None) -> bool:
    """Tell whether an actor may write a body's needs and contracts."""
    return actor.has(Role.OFFICER) and own_code == body_code


def check_may_change(actor: Actor, body_code: str, own_code: str | None) -> None:
    """Refuse whoever may not write a body's needs.

    Raises:
        NotAllowed: not an officer of that council.
    """
    if not may_change(actor, body_code, own_code):
        raise NotAllowed("Only an officer of the council can do this.")


def differences(
    before: Wanted, after: Wanted, contracts: Mapping[UUID, str] = MappingProxyType({})
) -> list[Difference]:
    """Return what changed, field by field in the order of the page.

    Args:
        before: the earlier version.
        after: the later one.
        contracts: contract → its name, as far as the reader may know it.
    """
    changed: list[Difference] = []
    for name, label in LABELS.items():
        old, new = (_lines(name, getattr(each, name), contracts) for each in (before, after))
        if old != new:
            gone, added = _without(old, new), _without(new, old)
            # Where only the order is another, both are told whole.
            if not gone and not added:
                gone, added = tuple(old), tuple(new)
            changed.append(Difference(label, gone, added))
    return changed


def _without(lines: list[str], others: list[str]) -> tuple[str, ...]:
    """Return the lines that the others do not have as often, in their order."""
    left = Counter(others)
    found: list[str] = []
    for line in lines:
        if left[line] > 0:
            left[line] -= 1
        else:
            found.append(line)
    return tuple(found)


def _lines(name: str, value: Any, contracts: Mapping[UUID, str]) -> list[str]:
    if value is None or value == "":
        return []
    if isinstance(value, tuple):
        return [str(line) for line in value]
    return _said(name, value, contracts).split("\n")


def _said(name: str, value: Any, contracts: Mapping[UUID, str]) -> str:
    if name.endswith("_pence"):
        return format_pence(value)
    if name == "category":
        return taxonomy().named(value)
    if isinstance(value, UUID):
        return contracts.get(value, "A contract that is not kept here any more")
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(value)


def wording(wanted: Wanted) -> list[tuple[str, Finding]]:
    """Return what in the texts of a need is worth a look: (where, what)."""
    texts = {
        "outcomes": wanted.outcomes,
        "must": "\n".join(wanted.must),
        "nice": "\n".join(wanted.nice),
        "standards": wanted.standards,
        "interfaces": wanted.interfaces,
    }
    return [(LABELS[name], finding) for name, text in texts.items() for finding in findings(text)]


def overlap(first: tuple[date, date], second: tuple[date, date]) -> tuple[date, date] | None:
    """Return the days that two windows share, both ends included; None: they share none."""
    start, end = max(first[0], second[0]), min(first[1], second[1])
    return (start, end) if start <= end else None
