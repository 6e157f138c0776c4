"""What was handed in, read again when it is opened. Nothing that a bidder wrote is believed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

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
_FILE: Final[Mapping[str, type]] = {"id": str, "name": str, "kind": str, "size": int, "sha256": str}


def read(content: bytes, tender_id: UUID) -> Mapping[str, Any]:
    """Return what a bid says, if it has the shape of one for this tender.

    Raises:
        ValueError: it has not, so that nobody can assess it.
    """
    said = json.loads(content)
    _check_shape(said, _SHAPES)
    if said["form"] != 1 or said["tender"] != str(tender_id):
        raise ValueError("it is of another tender, or of a form that is not known here")
    # PostgreSQL holds no NUL in a text.
    if "\\u0000" in content.decode():
        raise ValueError("a text in it cannot be kept")
    for answer in said["answers"].values():
        _check(isinstance(answer, str) and len(answer) <= _MOST_TEXT)
    for condition in said["conditions"].values():
        _check_shape(condition, {"meets": bool, "evidence": str})
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


def _check_shape(said: object, shape: Mapping[str, type]) -> None:
    _check(isinstance(said, dict) and set(said) == set(shape))  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(said, dict):
        _check(all(type(said[key]) is kind for key, kind in shape.items()))


def _check(holds: bool) -> None:  # noqa: FBT001 -- a condition is a value
    if not holds:
        raise ValueError("it has not the shape of a bid")
