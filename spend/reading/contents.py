"""What stands in a column, whatever its header says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import overload

import polars as pl

from spend.reading import amounts, dates

_KINDS: tuple[str, ...] = (
    "day",
    "serial",
    "eight digits",
    "pence",
    "number",
    "code",
    "words",
    "other",
    "blank",
)
_DIGIT = re.compile(r"\d")
_SPACE = re.compile(r"\s")
# A number without any mark of money, by its kind; the first that fits the whole of it counts.
_PLAIN_NUMBER = re.compile(r"(?P<serial>[345]\d{4}(?:\.\d+)?)|(?P<pence>-?\d{1,15}\.\d+)|-?\d{1,15}")
# The longest way to write a day with its time and weekday, or an amount.
_LONGEST_NUMBER = 48
_WORD = re.compile(r"[A-Za-z]{2,}")
_PENCE = re.compile(r"\.\d")
_SERIAL = re.compile(r"[345]\d{4}(\.\d+)?")
_ORGANISATION = re.compile(
    r"\b(council|borough|trust|services|school|college|university|nhs|society|association|group|uk|company|"
    r"solutions|centre|church|redacted|solicitors|systems|partnership|contractors|consulting|hotel)\b",
    re.IGNORECASE,
)


_COMPANY = re.compile(r"\b(ltd|limited|plc|llp|cic|inc|t/a|& co|and co)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares (0 to 1) of a column's sampled cells; all but `filled` are of the cells that are not blank."""

    filled: float = 0
    days: float = 0
    serials: float = 0
    money: float = 0
    """Amounts of any form, whole numbers included."""
    pence: float = 0
    """Amounts that show pence."""
    codes: float = 0
    """Numbers, and words without a space that hold a digit."""
    words: float = 0
    counts: tuple[tuple[str, int], ...] = ()
    """The cells that are not blank, and how often they stand in the sample."""

    @property
    def organisations(self) -> float:
        """Return the share of cells that read like an organisation's name."""
        return self._share(sum(count for cell, count in self.counts if _ORGANISATION.search(cell)))

    @property
    def companies(self) -> float:
        """Return the share of cells with a company's legal form."""
        return self._share(sum(count for cell, count in self.counts if _COMPANY.search(cell)))

    @property
    def distinct(self) -> float:
        """Return how many different cells there are for each cell."""
        return self._share(len(self.counts))

    def _share(self, count: int) -> float:
        return count / max(sum(count for _, count in self.counts), 1)


@lru_cache(maxsize=20_000)
def kind(cell: str) -> str:
    """Return what one cell is: day, serial, eight digits, pence, number, code, words, other or blank."""
    if not _DIGIT.search(cell):
        if _WORD.search(cell):
            return "words"
        return "blank" if not cell or cell.isspace() else "other"
    text = cell.strip()
    plain = _PLAIN_NUMBER.fullmatch(text)
    if plain:
        return plain.lastgroup or _whole_kind(text)
    if len(text) < _LONGEST_NUMBER:
        if dates.parse(text) is not None:
            return "day"
        if amounts.parse_pence(text) is not None:
            return _number_kind(text)
    return "words" if _SPACE.search(text) and _WORD.search(text) else "code"


def _number_kind(text: str) -> str:
    """Return what kind of number a cell is."""
    if _SERIAL.fullmatch(text):
        return "serial"
    if _PENCE.search(text) or "£" in text or "," in text:
        return "pence"
    return _whole_kind(text)


def _whole_kind(text: str) -> str:
    """Return what a number without pence is, other than a serial."""
    return "eight digits" if len(text) == 8 and dates.parse(text) is not None else "number"


class Profiles(Sequence[Profile]):
    """The profiles of columns in some rows, each made when first asked for: most files need half of them."""

    def __init__(self, body: pl.DataFrame, rows: pl.Series) -> None:
        self._sample = body[rows].get_columns()
        self._made: dict[int, Profile] = {}

    @overload
    def __getitem__(self, index: int) -> Profile: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Profile]: ...

    def __getitem__(self, index: int | slice) -> Profile | Sequence[Profile]:
        if isinstance(index, slice):
            return [self[each] for each in range(len(self))[index]]
        if index not in self._made:
            self._made[index] = profile(self._sample[index].to_list())
        return self._made[index]

    def __len__(self) -> int:
        return len(self._sample)


def profile(cells: Sequence[str | None]) -> Profile:
    """Return what a sample of a column's cells holds."""
    counts = tuple([(cell, count) for cell, count in Counter(cells).items() if cell and not cell.isspace()])
    if not counts:
        return Profile()
    kinds = dict.fromkeys(_KINDS, 0)
    for cell, count in counts:
        kinds[kind(cell)] += count
    whole = sum(kinds.values())
    numbers = kinds["number"] + kinds["serial"] + kinds["eight digits"]
    return Profile(
        filled=whole / len(cells),
        days=(kinds["day"] + kinds["eight digits"]) / whole,
        serials=kinds["serial"] / whole,
        money=(kinds["pence"] + numbers) / whole,
        pence=kinds["pence"] / whole,
        codes=(kinds["code"] + numbers) / whole,
        words=kinds["words"] / whole,
        counts=counts,
    )
