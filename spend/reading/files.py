"""Read one published file: the way from bytes to lines, every step of it in order."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import polars as pl

from spend.reading import amounts, columns, contents, dates, decoding, headers, lines, records, triage
from spend.reading.columns import Choice
from spend.reading.corrections import Mapping
from spend.reading.decoding import Text
from spend.reading.headers import Header
from spend.reading.outcome import ColumnDecision, Decisions, Reading
from spend.reading.records import Records
from spend.reading.refused import Unreadable

_PREVIEW_ROWS = 20
_SHOWN_FORMS = 20
_SAMPLE_START, _SAMPLE_SPREAD = 30, 50


def read(content: bytes, name: str, mapping: Mapping | None = None) -> Reading:
    """Return the payment lines of a published file.

    `name` is the file's name: it tells whether the payments were made by purchase card. A `mapping` is a
    person's correction; one with a fingerprint is left alone where the file's header is another.

    Raises:
        Unreadable: it is no file of payments; the message says what to do.
    """
    text = decoding.decode(content)
    found = records.split(text.lines)
    header = headers.find(found.cells)
    if header.row is None:
        header = headers.below(found.cells) or header
    fingerprint = header.fingerprint
    notes: list[str] = []
    if mapping and mapping.fingerprint not in {None, fingerprint}:
        notes.append("A mapping was given that was made for another header: it was left alone")
        mapping = None
    if mapping and mapping.header_line is not None:
        header = headers.at(found.cells, _row_of(found, mapping.header_line), "a person chose it")
    body, line_nos, preamble = _body(found, header)
    profiles = contents.Profiles(body, _sample(body.height))
    chosen = columns.choose(header, profiles, mapping)
    _check(chosen)
    order, days = _days(body, chosen, mapping)
    whole = lines.extract(body, line_nos, chosen, days=days, name=name, found=found)
    sorted_out = triage.sort_out(
        body, whole, chosen, order, header, lambda row: found.raw(row + _offset(header))
    )
    decided = _decisions(text, found, header, chosen, order)
    decided = dataclasses.replace(
        decided,
        preamble_lines=preamble,
        repeated_header_lines=sorted_out.repeated_headers,
        blank_lines=sorted_out.blank,
        shifted_lines=sorted_out.shifted,
        amount_forms=_amount_forms(profiles, chosen),
        notes=tuple(notes),
    )
    return Reading(
        table=sorted_out.read,
        set_aside=sorted_out.set_aside,
        lines=sorted_out.read.height + sorted_out.set_aside.height,
        decisions=decided,
        fingerprint=fingerprint,
        first=found.cells.head(_PREVIEW_ROWS),
    )


def fingerprint(content: bytes) -> str:
    """Return the fingerprint of a file's header, by which a mapping is remembered."""
    found = records.split(decoding.decode(content).lines)
    header = headers.find(found.cells)
    if header.row is None:
        header = headers.below(found.cells) or header
    return header.fingerprint


def _offset(header: Header) -> int:
    return 0 if header.row is None else header.row + 1


def _row_of(found: Records, line: int) -> int | None:
    """Return the record that stands on a physical line; 0 means that there is no header."""
    return int(np.searchsorted(found.line_nos, line)) if line > 0 else None


def _body(found: Records, header: Header) -> tuple[pl.DataFrame, pl.Series, tuple[int, ...]]:
    """Return the records below the header, their lines, and the lines above it that are not blank."""
    offset = _offset(header)
    line_nos = pl.Series("line_no", found.line_nos, dtype=pl.Int64)
    above = found.cells.head(max(offset - 1, 0)).rows()
    preamble = tuple(
        int(found.line_nos[number])
        for number, row in enumerate(above)
        if any(cell and cell.strip() for cell in row)
    )
    return found.cells.slice(offset), line_nos.slice(offset), preamble


def _sample(height: int) -> pl.Series:
    """Return the numbers of the first rows and of some spread over the whole file."""
    step = -(-height // _SAMPLE_SPREAD) if height > _SAMPLE_START + _SAMPLE_SPREAD else 1
    rows = np.concatenate([np.arange(min(height, _SAMPLE_START)), np.arange(_SAMPLE_START, height, step)])
    return pl.Series(rows, dtype=pl.UInt32)


def _check(chosen: dict[str, Choice]) -> None:
    """Refuse a table that holds no payments."""
    if not any(field in chosen for field in columns.AMOUNTS):
        raise Unreadable(
            "No column of amounts was found. If this is a spending file, choose the column of amounts."
        )
    if "payee" not in chosen and "paid_on" not in chosen:
        raise Unreadable(
            "Neither dates nor suppliers were found. If this is a spending file, choose their columns."
        )


def _days(
    body: pl.DataFrame, chosen: dict[str, Choice], mapping: Mapping | None
) -> tuple[dates.DateOrder, dict[str, date]]:
    """Decide how the dates are written (a person's word comes first), and read each different one."""
    if "paid_on" not in chosen:
        return dates.DateOrder(month_first=False, why="the file has no dates"), {}
    written = body.to_series(chosen["paid_on"].column).value_counts(name="count")
    counts: dict[str, int] = dict(written.rows())
    counts.pop(None, None)  # pyright: ignore[reportCallIssue, reportArgumentType] -- the cells without text
    if mapping and mapping.date_order:
        order = dates.DateOrder(month_first=mapping.date_order == "month first", why="a person chose it")
    else:
        order = dates.order(counts)
    return order, dates.read_all(counts, order)


def _amount_forms(profiles: contents.Profiles, chosen: dict[str, Choice]) -> dict[str, int]:
    """Count how the sampled amounts are written."""
    forms: dict[str, int] = {}
    for field in columns.AMOUNTS:
        if field in chosen:
            for cell, count in profiles[chosen[field].column].counts[:_SHOWN_FORMS]:
                form = amounts.shape(cell)
                forms[form] = forms.get(form, 0) + count
    return forms


def _decisions(
    text: Text, found: Records, header: Header, chosen: dict[str, Choice], order: dates.DateOrder
) -> Decisions:
    """Gather what was decided before any line was looked at."""
    by_column = {choice.column: choice for choice in chosen.values()}
    return Decisions(
        compression=text.compression,
        encoding=text.encoding,
        line_ending=text.line_ending,
        delimiter=found.delimiter,
        header_line=None if header.row is None else int(found.line_nos[header.row]),
        header_why=header.why,
        preamble_lines=(),
        repeated_header_lines=(),
        columns=tuple(
            _column(number, name, by_column.get(number)) for number, name in enumerate(header.names)
        ),
        date_order="month first" if order.month_first else "day first",
        date_order_why=order.why,
        date_forms=order.forms,
        amount_forms={},
        amount_basis=next(field for field in columns.AMOUNTS if field in chosen).removeprefix("amount_"),
        blank_lines=0,
        mended_quotes=found.repaired,
        shifted_lines=(),
        notes=(),
    )


def _column(number: int, name: str, choice: Choice | None) -> ColumnDecision:
    if choice is None:
        return ColumnDecision(number, name, None, "it is none of the fields that are read")
    return ColumnDecision(number, name, choice.field, choice.why)
