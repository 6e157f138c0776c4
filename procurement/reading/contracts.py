"""A council's contract register, or award notices of several councils, as contracts.

Columns are known by their headings. What a register says and nobody can use (a date that is none, two company
numbers in a cell) leaves the field empty and a note with the words as they stood; a line without a title, and
a notice that awarded nothing, is set aside.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from procurement.reading.tables import NOTHING, Record, SetAside, day, pence, records, whole

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "buyer": ("purchasing body", "organisation", "buyer", "council", "contracting authority"),
    "reference": ("contract reference", "reference", "contract id", "id"),
    "title": ("contract title", "title", "contract name"),
    "supplier": ("supplier company name", "awarded supplier", "supplier", "supplier name"),
    "company_number": ("company number", "company registration number"),
    "annual": ("annual value", "annual contract value"),
    "value": ("total contract value including extensions", "awarded value", "contract value", "total value"),
    "start": ("start date", "contract start date", "start"),
    "end": ("current expiry date", "end date", "contract end date", "expiry date"),
    "end_first": ("end date", "contract end date"),
    "notice": ("notice date", "notice by", "review date"),
    "extension": ("option to extend months", "extension months"),
    "extensions": ("how many extensions",),
    "status": ("status",),
    "notice_type": ("notice type",),
}
REASONS: Final = {
    "no_title": "The line has no title",
    "not_awarded": "The notice is not an award, so there is no contract",
    "no_buyer": "The line does not name its buyer, and no council was given",
    "buyer_unknown": "The register of bodies does not know this buyer",
    "buyer_several": "The line names several buyers",
}
_TAKEN: Final = re.compile(r"extension \d+ taken")


@dataclass(frozen=True, slots=True)
class ReadContract:
    """A line of a register as it was read."""

    line_no: int
    source_key: str
    buyer: str
    raw: str
    reference: str
    title: str
    supplier_name: str
    company_number: str | None
    start_on: date | None
    end_on: date | None
    notice_on: date | None
    extension_options: str
    extension_months: int | None
    value_pence: int | None
    annual_value_pence: int | None
    notes: tuple[str, ...]


@dataclass(slots=True)
class Reading:
    """All that a file gave: every record is either read or set aside."""

    lines: int = 0
    contracts: list[ReadContract] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    recognised: bool = False


def read(content: bytes) -> Reading:
    """Return the contracts of a file. The same text twice is two contracts with keys of their own."""
    reading = Reading()
    seen: Counter[str] = Counter()
    for record in records(content):
        reading.lines += 1
        reading.recognised = reading.recognised or any(name in record.cells for name in HEADINGS["title"])
        reason = _unusable(record)
        if reason:
            reading.set_aside.append(SetAside(record.line_no, reason, record.raw))
        else:
            seen[record.fingerprint] += 1
            reading.contracts.append(_contract(record, f"{record.fingerprint}-{seen[record.fingerprint]}"))
    return reading


def _unusable(record: Record) -> str | None:
    if not _cell(record, "title"):
        return "no_title"
    status = _cell(record, "status").lower()
    kind = heading_of(_cell(record, "notice_type"))
    if status and (status != "awarded" or kind in ("preprocurement", "pipeline")):
        return "not_awarded"
    return None


def heading_of(kind: str) -> str:
    """Return a kind of notice as it is compared."""
    return re.sub(r"[^a-z]", "", kind.lower())


def _contract(record: Record, source_key: str) -> ReadContract:
    notes: list[str] = []
    options, months = _extensions(record)
    value = _amount(record, "value", "Contract value", notes)
    return ReadContract(
        record.line_no,
        source_key,
        _cell(record, "buyer"),
        record.raw,
        _cell(record, "reference"),
        " ".join(_cell(record, "title").split()),
        " ".join(_cell(record, "supplier").split()),
        _company_number(_cell(record, "company_number"), notes),
        _day(record, "start", "Start date", notes),
        _day(record, "end", "End date", notes) or _day(record, "end_first", "End date", notes),
        _day(record, "notice", "Notice date", notes),
        options,
        months,
        value or None,  # a published zero is a value that was not said
        _amount(record, "annual", "Annual value", notes),
        tuple(dict.fromkeys(notes)),
    )


def _cell(record: Record, name: str) -> str:
    found = (record.cells.get(known, "") for known in HEADINGS[name])
    return next((text for text in found if text), "")


def _day(record: Record, name: str, label: str, notes: list[str]) -> date | None:
    text = _cell(record, name)
    if text.lower() in NOTHING:
        return None
    if (found := day(text)) is None:
        notes.append(f"{label} cannot be read: {text}")
    return found


def _amount(record: Record, name: str, label: str, notes: list[str]) -> int | None:
    text = _cell(record, name)
    if text.lower() in NOTHING:
        return None
    if (found := pence(text)) is None:
        notes.append(f"{label} cannot be read: {text}")
    return found


def _company_number(text: str, notes: list[str]) -> str | None:
    bare = re.sub(r"[ .]", "", text).upper()
    if bare.lower() in NOTHING:
        return None
    if bare.isascii() and bare.isdigit() and 5 <= len(bare) <= 8:
        return bare.zfill(8)
    # Companies House: two letters and six digits, a registered society with R at the end.
    if found := re.fullmatch(r"([A-Z]{2})(\d{4,6}|\d{5}R)", bare):
        return found[1] + found[2].zfill(6)
    notes.append(f"Company number cannot be read: {' '.join(text.split())}")
    return None


def _extensions(record: Record) -> tuple[str, int | None]:
    """Return the options in words, and the months of one that has not been taken."""
    months, times = whole(_cell(record, "extension")), whole(_cell(record, "extensions"))
    if not months:
        return "", None
    taken = sum(cell.lower().startswith("y") for name, cell in record.cells.items() if _TAKEN.fullmatch(name))
    times = times or 1
    words = (
        f"{months} months" + (f", {times} times" if times > 1 else "") + (f"; {taken} taken" if taken else "")
    )
    return words, months if taken < times else None
