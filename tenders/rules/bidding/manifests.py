"""What was handed in, read again when it is opened. Nothing that a bidder wrote is believed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from tenders.rules.bidding import team
from tenders.rules.bidding.team import MOST_MEMBERS, MOST_SUBCONTRACTORS

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_MOST_TEXT: Final = 100_000
_SHAPES: Final[Mapping[str, type]] = {
    "form": int,
    "tender": str,
    "bid": str,
    "salt": str,
    "lots": list,
    "conditions": dict,
    "answers": dict,
    "prices": dict,
    "files": list,
}
_TEAM: Final[Mapping[str, type]] = {"lead": dict, "members": list, "subcontractors": list}
_LEAD: Final[Mapping[str, type]] = {"part": str, "share_percent": int}
_MEMBER: Final[Mapping[str, type]] = {
    **_LEAD,
    "organisation": str,
    "name": str,
    "conditions": dict,
    "ground": bool,
    "ground_words": str,
}
_SUBCONTRACTOR: Final[Mapping[str, type]] = {**_LEAD, "name": str, "identifier": str, "relied_on": list}
_FILE: Final[Mapping[str, type]] = {"id": str, "name": str, "kind": str, "size": int, "sha256": str}


def read(content: bytes, tender_id: UUID) -> Mapping[str, Any]:
    """Return what a bid says, if it has the shape of one for this tender.

    Raises:
        ValueError: it has not, so that nobody can assess it.
    """
    said = json.loads(content)
    _check(isinstance(said, dict))
    others = said.get("form") == 2
    _check_shape(said, {**_SHAPES, "team": dict} if others else _SHAPES)
    if said["form"] not in (1, 2) or said["tender"] != str(tender_id):
        raise ValueError("it is of another tender, or of a form that is not known here")
    # PostgreSQL holds no NUL in a text.
    if "\\u0000" in content.decode():
        raise ValueError("a text in it cannot be kept")
    if others:
        _check_team(said["team"])
    for answer in said["answers"].values():
        _check(isinstance(answer, str) and len(answer) <= _MOST_TEXT)
    _check_conditions(said["conditions"])
    for price in said["prices"].values():
        _check_shape(price, {"fixed_pence": int, "tiers": list})
        for pair in price["tiers"]:
            whole = isinstance(pair, list) and [type(each) for each in pair] == [int, int]  # pyright: ignore[reportUnknownVariableType]
            _check(whole and min(pair) >= 0)  # pyright: ignore[reportUnknownArgumentType]
    _check(all(isinstance(lot, str) for lot in said["lots"]))
    for file in said["files"]:
        _check_shape(file, _FILE)
        UUID(file["id"])
        _check(bool(_HASH.fullmatch(file["sha256"])) and 0 <= file["size"] < 2**40)
    _check(len({file["id"] for file in said["files"]}) == len(said["files"]))
    return said


def members_in(said: Mapping[str, Any]) -> list[str]:
    """Return the organisations that a bid names beside its lead."""
    return [each["organisation"] for each in said["team"]["members"]] if "team" in said else []


def masked(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a bid says as a panel reads it: nobody in it has a name."""
    return {**said, "team": team.masked(said["team"])} if "team" in said else dict(said)


def _check_conditions(conditions: Mapping[str, Any]) -> None:
    for condition in conditions.values():
        _check_shape(condition, {"meets": bool, "evidence": str})


def _check_team(said: Mapping[str, Any]) -> None:
    _check_shape(said, _TEAM)
    _check_shape(said["lead"], _LEAD)
    for member in said["members"]:
        _check_shape(member, _MEMBER)
        _check_conditions(member["conditions"])
        UUID(member["organisation"])
    for subcontractor in said["subcontractors"]:
        _check_shape(subcontractor, _SUBCONTRACTOR)
        _check(all(isinstance(each, str) for each in subcontractor["relied_on"]))
    organisations = [member["organisation"] for member in said["members"]]
    _check(len(set(organisations)) == len(organisations) <= MOST_MEMBERS)
    _check(len(said["subcontractors"]) <= MOST_SUBCONTRACTORS)


def _check_shape(said: object, shape: Mapping[str, type]) -> None:
    _check(isinstance(said, dict) and set(said) == set(shape))  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(said, dict):
        _check(all(type(said[key]) is kind for key, kind in shape.items()))


def _check(holds: bool) -> None:  # noqa: FBT001 -- a condition is a value
    if not holds:
        raise ValueError("it has not the shape of a bid")
