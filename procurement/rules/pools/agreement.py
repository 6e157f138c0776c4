"""The agreement between the councils of a pool: a text filled from the pool's facts and a few choices.

The same facts and choices give the same bytes, so that whoever has the text can check its hash by themselves.
No council's own limit, terms or signed sum goes in.
"""

from __future__ import annotations

import difflib
import enum
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analytics.pooling import fair_split
from analytics.pooling.needs import UNIT_GBP, Model
from procurement.rules.pools.lines import Part
from procurement.rules.pools.specification import Specification
from procurement.rules.pools.states import VoteRule
from procurement.rules.pools.votes import COUNT_CLAUSE, WEIGHT_CLAUSE
from values.money import format_pence, split_pence
from values.years import LONDON

_FOLDER: Final = Path(__file__).resolve().parents[3] / "templates/procurement/agreement"
_STEP_PENCE: Final = UNIT_GBP * 100
_FINE: Final = 10**9
# Shares are shown as hundredths of a percent, and add up to the whole.
WHOLE: Final = 10_000


class CostSharing(enum.StrEnum):
    """By what the parties share the costs of the procurement."""

    EQUALLY = "equally"
    ESTIMATE = "estimate"
    SHAPLEY = "shapley"


class DataRole(enum.StrEnum):
    """What the parties are to each other where personal data is handled in the procurement."""

    NONE = "none"
    JOINT = "joint"
    PROCESSOR = "processor"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the lead council chooses; all else comes from the pool.

    Attributes:
        liability_pence: up to which sum a party answers to the others.
        leave_days: how long before it leaves a party says so.
    """

    cost_sharing: CostSharing = CostSharing.EQUALLY
    liability_pence: int = 10_000_000
    leave_days: int = 28
    data_role: DataRole = DataRole.NONE

    def as_json(self) -> dict[str, Any]:
        """Return the choices as they are kept with a version."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Return the choices that were kept with a version."""
        return cls(
            CostSharing(kept["cost_sharing"]),
            kept["liability_pence"],
            kept["leave_days"],
            DataRole(kept["data_role"]),
        )


@dataclass(frozen=True, slots=True)
class Party:
    """A council of the pool; its estimate is what it tells the other members."""

    code: str
    name: str
    estimate_pence: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the pool says.

    Attributes:
        parties: the councils that have not left, the lead council first, then by name.
        requirements: what is agreed so far, a line each.
    """

    title: str
    category: str
    purpose: str
    vote_rule: str
    quorum: int
    largest: int
    joint_pence: int
    first_start_on: date
    last_start_on: date
    joins_until: datetime
    signs_until: datetime
    parties: Sequence[Party]
    requirements: Sequence[str] = ()


def requirements(specification: Specification) -> tuple[str, ...]:
    """Return what is settled of a specification, a line each, with where it stands and who must have it."""
    return tuple(
        f"{heading}: {' '.join(line.text.split())} ({line.attribution})"
        for heading, lines in specification.parts
        for line in lines
        if line.part not in (Part.OPEN, Part.DROPPED)
    )


def cost_shares(estimates_pence: Sequence[int], how: CostSharing) -> list[int]:
    """Return each party's share of the costs in hundredths of a percent; together they are the whole.

    Where no estimate says otherwise, shares are equal.
    """
    equal = [1] * len(estimates_pence)
    match how:
        case CostSharing.EQUALLY:
            weights = equal
        case CostSharing.ESTIMATE:
            weights = list(estimates_pence)
        case CostSharing.SHAPLEY:
            volumes = [pence / _STEP_PENCE for pence in estimates_pence]
            saved = fair_split.split(volumes, Model()).shapley.tolist()
            weights = [round(max(0.0, part) * _FINE) for part in saved]
    return split_pence(WHOLE, weights if any(weights) else equal)


def fill(facts: Facts, choices: Choices, version: int) -> str:
    """Return the text of a version. Pure: no clock, no database, lines end in a line feed."""
    shares = cost_shares([party.estimate_pence for party in facts.parties], choices.cost_sharing)
    rows = [
        {"name": party.name, "estimate": _pounds(party.estimate_pence), "share": _percent(share)}
        for party, share in zip(facts.parties, shares, strict=True)
    ]
    text = _template().render(
        facts=facts,
        choices=choices,
        version=version,
        purpose=" ".join(facts.purpose.split()),
        lead=facts.parties[0].name,
        votes=f"{WEIGHT_CLAUSE[VoteRule(facts.vote_rule)]} {COUNT_CLAUSE}",
        rows=rows,
        joint=_pounds(facts.joint_pence),
        liability=_pounds(choices.liability_pence),
        first_start=_day(facts.first_start_on),
        last_start=_day(facts.last_start_on),
        joins_until=_day(facts.joins_until.astimezone(LONDON)),
        signs_until=_day(facts.signs_until.astimezone(LONDON)),
    )
    return text.strip() + "\n"


@cache
def _template() -> Any:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 -- a plain text; pages escape it when they show it
    )
    return made.get_template("agreement.txt")


def _pounds(pence: int) -> str:
    return format_pence(pence).removesuffix(".00")


def _percent(share: int) -> str:
    return f"{share // 100}.{share % 100:02d}%"


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def digest(text: str) -> bytes:
    """Return the SHA-256 of a text as UTF-8: what `sha256sum` prints for the downloaded file."""
    return hashlib.sha256(text.encode()).digest()


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of two texts beside each other: `kind` is "kept", "added" or "removed"."""

    kind: str
    text: str


_KINDS: Final = {" ": "kept", "+": "added", "-": "removed"}


def differences(earlier: str, later: str) -> list[DiffLine]:
    """Return what was added and removed line by line, without the lines that both have."""
    lines = difflib.ndiff(earlier.splitlines(), later.splitlines())
    marked = [DiffLine(_KINDS[line[0]], line[2:]) for line in lines if line[0] in _KINDS]
    return [line for line in marked if line.kind != "kept" and line.text]
