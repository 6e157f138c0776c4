"""The bundled register of bodies: lines of the file as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

# Any UUID will do; it must never change, because facts outside the database name bodies by id.
NAMESPACE: Final = UUID("6f6b1a53-5c6e-5d0c-9f0e-3b1d1d6b8e01")


@dataclass(frozen=True, slots=True)
class Register:
    """All bodies, and who followed whom on which day."""

    bodies: list[dict[str, Any]]
    successions: list[dict[str, Any]]


def body_id(code: str) -> UUID:
    """Return the id of a body of the register: the same in every database."""
    return uuid5(NAMESPACE, code.upper())


def kind_on(line: Mapping[str, str], today: date) -> str:
    """Return what kind of body a line is on a day: before its first day a council is planned, then former."""
    if line["kind"] != "council":
        return line["kind"]
    first, last = _day(line["valid_from"]), _day(line["valid_until"])
    if first and today < first:
        return "planned_council"
    return "former_council" if last and today > last else "council"


def read(lines: Iterable[Mapping[str, str]], today: date) -> Register:
    """Return the register that the lines of accounts/data/bodies.csv hold, as it is on a day."""
    bodies: list[dict[str, Any]] = []
    successions: list[dict[str, Any]] = []
    for line in lines:
        ended = _day(line["valid_until"])
        bodies.append(
            {
                "id": body_id(line["code"]),
                "kind": kind_on(line, today),
                **{name: line[name] for name in ("code", "name", "short_name", "type_name")},
                **{
                    name: line[name] or None
                    for name in ("gss_code", "region_code", "region_name", "county_code")
                },
                "former_gss_codes": line["former_gss_codes"].split(),
                "population": int(line["population"]) if line["population"] else None,
                "valid_from": _day(line["valid_from"]),
                "valid_until": ended,
            }
        )
        for successor in line["successors"].split():
            if ended is None:
                raise ValueError(f"{line['code']} has a successor and no last day")
            successions.append(
                {
                    "predecessor_id": body_id(line["code"]),
                    "successor_id": body_id(successor),
                    "on": date.fromordinal(ended.toordinal() + 1),
                }
            )
    return Register(bodies, successions)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
