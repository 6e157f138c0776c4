"""The hash of all that a tender says: what an approval is an approval of."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sourcing.rules.overrides import Overrides
from tenders.rules import terms
from tenders.rules.content import Content


def fingerprint(content: Content, overrides: Overrides | None = None) -> bytes:
    """Return the SHA-256 of all that a tender says: what an approval is an approval of.

    The same content gives the same bytes on every machine; a document counts by its own hash. Days that an
    officer set in place of the law's tables are part of it, each with the name and the reason.
    """
    said = dataclasses.asdict(content)
    _leave_out_what_came_later(content, said)
    if overrides:
        said["overrides"] = {code: dataclasses.asdict(each) for code, each in overrides.items()}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).digest()


def _leave_out_what_came_later(content: Content, said: dict[str, Any]) -> None:
    """Take out what a tender does not use: without it, it keeps the hash that its buyers approved."""
    if not content.course.several_bids:
        del said["course"]["several_bids"]
    if not content.tie_break:
        del said["tie_break"]
    for lot, kept in zip(content.lots, said["lots"], strict=True):
        if not lot.areas:
            del kept["areas"]
    chosen = terms.chosen(content.terms)
    if chosen:
        said["terms"] = chosen
    else:
        del said["terms"]


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    raise TypeError(f"a tender cannot say {type(value).__name__}")
