"""Which rows are payments, and which blank, headers, totals or notes; slipped lines are put right."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from spend.reading import amounts, contents, dates, headers, shifts
from spend.reading.columns import AMOUNTS, Choice
from spend.reading.headers import Header
from spend.reading.lines import TEXTS
from spend.reading.outcome import LINES, SET_ASIDE

Row = Sequence[str | None]
_TOTAL = re.compile(
    r"(?i)\s*((grand|sub|overall|report|net|gross|running|sum|page|monthly|month)[\s-]*)?totals?\b"
    r"(\s*(spend|amount|payments?|for|of|gbp|£|paid|expenditure|value|net|gross|inc|exc|all|this)\b.*)?\s*[:=]?\s*"
)
_STARTS_AS_TOTAL = re.compile(r"(?i)\s*((grand|sub|overall|report|running)[\s-]*)?totals?\b")
_FEW = 3
_NONE_ASIDE = pl.DataFrame(schema=SET_ASIDE)
_NO_ROWS = pl.Series(dtype=pl.UInt32)


@dataclass(slots=True)
class SortedOut:
    """The rows of a file, told apart."""

    read: pl.DataFrame
    set_aside: pl.DataFrame
    blank: int = 0
    repeated_headers: tuple[int, ...] = ()
    shifted: tuple[int, ...] = ()


@dataclass(slots=True)
class _Verdicts:
    """What became of the rows that had to be looked at one by one, by their number."""

    blank: list[int] = field(default_factory=list[int])
    headers: list[int] = field(default_factory=list[int])
    set_aside: dict[int, str] = field(default_factory=dict[int, str])
    shifted: dict[int, shifts.Shift] = field(default_factory=dict[int, shifts.Shift])

    @property
    def gone(self) -> list[int]:
        """Return the rows that do not stay among the lines as they are."""
        return [*self.blank, *self.headers, *self.set_aside, *self.shifted]


def sort_out(
    body: pl.DataFrame,
    lines: pl.DataFrame,
    chosen: dict[str, Choice],
    order: dates.DateOrder,
    header: Header,
    raw: Callable[[int], str],
) -> SortedOut:
    """Return lines that are payments, and what became of the other rows."""
    judge = _Judge(chosen, order, header)
    verdicts = _Verdicts()
    numbers = _suspects(lines, chosen)
    if numbers.is_empty():
        return SortedOut(lines, _NONE_ASIDE)
    suspects = body[numbers]
    seen = zip(numbers.to_list(), suspects.iter_rows(), lines["amount_pence"][numbers].to_list(), strict=True)
    for number, row, pence in seen:
        judge.judge(number, row, pence, verdicts)
    line_no = lines["line_no"]
    aside = sorted(verdicts.set_aside.items())
    keep = pl.Series([True]).new_from_index(0, lines.height).scatter(verdicts.gone, values=False)
    read = lines.filter(keep) if verdicts.gone else lines
    if verdicts.shifted:
        mended = [judge.put_right(lines.row(number, named=True), body.row(number), shift)
                  for number, shift in verdicts.shifted.items()]  # fmt: skip
        read = pl.concat([read, pl.DataFrame(mended, schema=LINES, orient="row")]).sort("line_no")
    return SortedOut(
        read=read,
        set_aside=pl.DataFrame(
            [(line_no[number], reason, raw(number)) for number, reason in aside],
            schema=SET_ASIDE,
            orient="row",
        ),
        blank=len(verdicts.blank),
        repeated_headers=tuple(line_no[number] for number in verdicts.headers),
        shifted=tuple(line_no[number] for number in sorted(verdicts.shifted)),
    )


def _suspects(lines: pl.DataFrame, chosen: dict[str, Choice]) -> pl.Series:
    """Return the numbers of the rows that may be no payments or have slipped."""
    if "paid_on" in chosen and not lines["amount_pence"].null_count() + lines["paid_on"].null_count():
        return _NO_ROWS
    doubt = pl.col("amount_pence").is_null()
    if "paid_on" in chosen:
        doubt |= pl.col("paid_on").is_null()
    elif "payee" in chosen:
        payee = pl.col("payee")
        doubt |= payee.is_null() | payee.str.contains(_STARTS_AS_TOTAL.pattern)
    return lines.select_seq(pl.arg_where(doubt.fill_null(value=False))).to_series()


class _Judge:
    """Tells one row's kind."""

    def __init__(self, chosen: dict[str, Choice], order: dates.DateOrder, header: Header) -> None:
        self.chosen = chosen
        self.order = order
        self.header = header
        self.amount_fields = [name for name in AMOUNTS if name in chosen]
        self.places = {name: choice.column for name, choice in chosen.items()}
        self.wanted = shifts.Wanted(
            amount=self.places[self.amount_fields[0]],
            paid_on=self.places.get("paid_on"),
            payee=self.places.get("payee"),
            is_day=lambda text: self._day(text) is not None,
        )

    def judge(self, number: int, row: Row, pence: int | None, verdicts: _Verdicts) -> None:
        """Write down what a row is; a payment is written down only where it slipped."""
        filled = [cell for cell in row if cell and cell.strip()]
        if not filled:
            verdicts.blank.append(number)
        elif pence is None and any(self.header.names) and headers.same(row, self.header.names):
            verdicts.headers.append(number)
        elif self._is_total(row, filled):
            verdicts.set_aside[number] = "total"
        elif shift := self._shift(row, pence):
            verdicts.shifted[number] = shift
        elif pence is None:
            verdicts.set_aside[number] = self._reason(row, filled)

    def _is_total(self, row: Row, filled: list[str]) -> bool:
        """Tell whether a row adds up others: it says so, or an amount stands alone."""
        day = self._day(self._cell(row, "paid_on"))
        payee = self._cell(row, "payee")
        if day is not None:
            return False
        says_so = any(_TOTAL.fullmatch(cell) for cell in filled) or (
            len(filled) <= _FEW and any(_STARTS_AS_TOTAL.match(cell) for cell in filled)
        )
        has_amount = any(contents.kind(cell) in {"pence", "number", "serial"} for cell in filled)
        if says_so and (len(filled) <= 2 * _FEW or not payee):
            return has_amount
        return has_amount and len(filled) == 1 and "paid_on" in self.chosen

    def _shift(self, row: Row, pence: int | None) -> shifts.Shift | None:
        """Return how a row slipped; one that lacks only its date or its payee has not."""
        day = self._cell(row, "paid_on")
        date_right = self._day(day) is not None
        if date_right and any(dates.parts(self._cell(row, name)) for name in self.amount_fields):
            return None
        if pence is None or (day and not date_right):
            return shifts.find(row, self.wanted)
        return None

    def _reason(self, row: Row, filled: list[str]) -> str:
        """Say why a row without a readable amount is set aside."""
        cells = [self._cell(row, name) for name in self.amount_fields]
        if any(dates.parts(cell) for cell in cells):
            return "amount_is_date"
        if any(cells):
            return "unreadable_amount"
        return "note" if len(filled) <= 2 and not self._cell(row, "paid_on") else "no_amount"

    def put_right(self, line: dict[str, object], row: Row, shift: shifts.Shift) -> list[object]:
        """Return a line read from where its cells really stand."""
        cells = {name: _at(row, shift.place(place)) for name, place in self.places.items()}
        line.update({name: cells.get(name) or None for name in TEXTS})
        line["paid_on"] = self._day(cells.get("paid_on", ""))
        line["amount_pence"] = amounts.parse_pence(cells[self.amount_fields[0]])
        line["amount_basis"] = self.amount_fields[0].removeprefix("amount_")
        line["vat_pence"] = amounts.parse_pence(cells.get("vat", ""))
        return [line[name] for name in LINES]

    def _cell(self, row: Row, name: str) -> str:
        return _at(row, self.places[name]) if name in self.places else ""

    def _day(self, text: str) -> object:
        return dates.parse(text, month_first=self.order.month_first, serials=True)


def _at(row: Row, place: int) -> str:
    return (row[place] or "").strip() if 0 <= place < len(row) else ""
