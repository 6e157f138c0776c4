"""A CSV file as records with the physical line where each begins."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from values.money import to_pence

_MOJIBAKE_BOM: Final = "ï»¿"
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_BRITISH: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_MONEY: Final = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
NOTHING: Final = frozenset({"", "-", "n/a", "na", "none", "tbc", "tba"})


@dataclass(frozen=True, slots=True)
class Record:
    """One record: where it begins (1-based), its cells by normalised heading, and its text as it stood."""

    line_no: int
    cells: Mapping[str, str]
    raw: str

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of its text."""
        return hashlib.sha256(self.raw.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that could not be used, with its place and the reason (a code)."""

    line_no: int
    reason: str
    raw: str


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8, else Windows-1252; a byte order mark goes, even one encoded twice."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return text.removeprefix(_MOJIBAKE_BOM)


def heading(text: str) -> str:
    """Return a heading as it is compared: small letters and digits, single spaces."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())


def records(content: bytes) -> Iterator[Record]:
    """Return the records below the first line, which holds the headings; blank ones are left out."""
    reader = csv.reader(io.StringIO(decoded(content), newline=""))
    headings: Sequence[str] = [heading(cell) for cell in next(reader, [])]
    before = reader.line_num
    for row in reader:
        line_no, before = before + 1, reader.line_num
        if any(cell.strip() for cell in row):
            cells = {name: html.unescape(cell).strip() for name, cell in zip(headings, row, strict=False)}
            yield Record(line_no, cells, ",".join(row))


def day(text: str) -> date | None:
    """Return a day written 2026-03-31 or 31/03/2026; None: it is neither, or no real day."""
    if found := _ISO.fullmatch(text):
        year, month, number = found.groups()
    elif found := _BRITISH.fullmatch(text):
        number, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        return None


def pence(text: str) -> int | None:
    """Return pounds as pence; None: no amount."""
    found = _MONEY.fullmatch(text)
    return to_pence(found[1].replace(",", "") + (found[2] or "")) if found and len(text) < 24 else None


def whole(text: str) -> int | None:
    """Return a whole number, decimals cut off ("36.0"); None: no number."""
    found = re.fullmatch(r"(\d{1,9})(?:\.\d+)?", text.replace(",", ""))
    return int(found[1]) if found else None
