"""From lines to rows of cells: delimiter, quotes, records over several lines; none is lost."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from itertools import islice

import numpy as np
import polars as pl
from numpy.typing import NDArray

_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_LINES = 30
_SAMPLE_BYTES = 50_000
_QUOTE, _FEED = 34, 10
# A quoted cell longer than this is a quotation mark that nobody closed.
_MOST_LINES_IN_A_CELL = 40
# Wider than any spending file; what stands beyond it is a spreadsheet's stray formatting.
_MOST_COLUMNS = 300

# One cell may hold a whole note; the standard library's own limit would end the reading of the file.
csv.field_size_limit(50_000_000)

Longs = NDArray[np.int64]
# All but space and what may be part of it; line feeds end lines, and cells over several are asked for apart.
_NO_SPACE = bytes(byte for byte in range(128) if byte == _FEED or not chr(byte).isspace())


@dataclass(frozen=True, slots=True)
class Records:
    """The cells of a file, one row a record, all as text."""

    cells: pl.DataFrame
    line_nos: Longs
    delimiter: str
    repaired: int
    """Records whose quotation marks were unbalanced or misplaced, and read all the same."""
    lines: bytes
    ends: Longs
    """Where each physical line ends in `lines`."""
    doubled: bool
    """Whether quotation marks stand side by side: only they make a cell that is empty and yet there."""
    spaced: bool
    """Whether any cell may have space around it; most files have none, which spares looking at each."""

    def raw(self, row: int) -> str:
        """Return a record's text as it stands in the file."""
        first = int(self.line_nos[row]) - 1
        last = int(self.line_nos[row + 1]) - 1 if row + 1 < len(self.line_nos) else len(self.ends)
        begin = int(self.ends[first - 1]) + 1 if first else 0
        return self.lines[begin : int(self.ends[last - 1])].decode("utf-8", "replace")


def split(lines: bytes) -> Records:
    """Return the cells of UTF-8 lines that end with line feeds."""
    delimiter = _delimiter(lines)
    layout = _Layout(lines, delimiter)
    text, line_nos, repaired = layout.records()
    cells = _parsed(text, delimiter, layout.width)
    whole = cells is not None and cells.height == len(line_nos)
    if cells is None or not whole:
        cells = _parsed_one_by_one(text, delimiter, layout.width, len(line_nos))
    spaced = layout.spaced or repaired > 0 or len(line_nos) < len(layout.ends) or not whole
    doubled = bool((np.diff(layout.quotes) == 1).any())
    return Records(cells, line_nos, delimiter, repaired, lines, layout.ends, doubled, spaced)


def _delimiter(lines: bytes) -> str:
    """Return the character that splits most lines into the same number of cells."""
    start = lines[:_SAMPLE_BYTES].split(b"\n")
    filled = islice((line for line in start if line.strip(b' ,;|"\t')), _SAMPLE_LINES)
    sample = [line.decode("utf-8", "replace") for line in filled]
    together = "".join(sample)
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        if delimiter not in together:
            continue
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter))
        widths.pop(1, None)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
        score = count * (1 + min(width, 20) / 20)
        if score > best_score:
            best, best_score = delimiter, score
    return best


class _Layout:
    """Where the lines, delimiters and quotation marks of a file stand."""

    def __init__(self, lines: bytes, delimiter: str) -> None:
        self.lines = lines
        self.delimiter = delimiter
        self.bytes = np.frombuffer(lines, np.uint8)
        edge = (self.bytes == _FEED) | (self.bytes == ord(delimiter))
        quoted = b'"' in lines
        if quoted:
            edge |= self.bytes == _QUOTE
        edges: Longs = np.flatnonzero(edge)
        what = self.bytes[edges]
        line_ends: Longs = np.flatnonzero(what == _FEED)
        self.ends: Longs = edges[line_ends]
        self.starts: Longs = np.concatenate(([0], self.ends[:-1] + 1))
        self.quotes: Longs = np.empty(0, np.int64)
        self.quotes_per_line: Longs = np.zeros(len(self.ends), np.int64)
        marks_per_line: Longs = np.diff(line_ends, prepend=-1) - 1
        inside: Longs = self.quotes
        if quoted:
            quotes: Longs = np.flatnonzero(what == _QUOTE)
            self.quotes = edges[quotes]
            self.quotes_per_line = _per_line(quotes, line_ends)
            inside = _between(quotes, len(edges))
            inside = inside[what[inside] == ord(delimiter)]
            asked = _per_line(inside, line_ends)
            # On a line without quotation marks every delimiter counts, whatever was left open above it.
            marks_per_line -= self.quotes_per_line + np.where(self.quotes_per_line > 0, asked, 0)
        self.spaced = _spaced(self.bytes, edges, inside)
        self.cells_per_line: Longs = marks_per_line + 1
        self.width = int(min(self.cells_per_line.max(initial=1), _MOST_COLUMNS))
        self.usual = int(np.bincount(self.cells_per_line).argmax())

    def records(self) -> tuple[bytes, Longs, int]:
        """Return text with well placed quotation marks, each record's line, and how many were mended."""
        line_nos: Longs = np.arange(1, len(self.ends) + 1)
        if not len(self.quotes):
            return self.lines, line_nos, 0
        mended: dict[int, bytes] = {}
        continued: list[int] = []
        skip_to = -1
        for line in self._suspect_lines():
            if line < skip_to:
                continue
            last = self._last_line_of(line)
            if last is None:
                mended[line] = self._mended(line)
            else:
                continued.extend(range(line + 1, last + 1))
                skip_to = last + 1
        line_nos = np.delete(line_nos, continued)
        return self._with(mended), line_nos, len(mended)

    def _suspect_lines(self) -> list[int]:
        """Return the lines whose quotation marks do not open and close at the edges of cells."""
        number = np.arange(len(self.quotes)) - np.repeat(
            np.cumsum(self.quotes_per_line) - self.quotes_per_line, self.quotes_per_line
        )
        opens = (number & 1) == 0
        wrong = ~np.where(opens, self._edge_before(self.quotes), self._edge_behind(self.quotes))
        line_of = np.repeat(np.arange(len(self.ends)), self.quotes_per_line)
        suspect = (self.quotes_per_line & 1).astype(bool)
        suspect[line_of[wrong]] = True
        return np.flatnonzero(suspect).tolist()

    def _edge_before(self, at: Longs) -> NDArray[np.bool_]:
        """Tell where a mark may open: at a cell's start, or as the second of a doubled mark."""
        before = self.bytes[np.maximum(at - 1, 0)]
        return (at == 0) | (before == _FEED) | (before == ord(self.delimiter)) | (before == _QUOTE)

    def _edge_behind(self, at: Longs) -> NDArray[np.bool_]:
        """Tell where a mark may close: at a cell's end, or as the first of a doubled mark."""
        behind = self.bytes[np.minimum(at + 1, len(self.bytes) - 1)]
        return (behind == _FEED) | (behind == ord(self.delimiter)) | (behind == _QUOTE)

    def _last_line_of(self, line: int) -> int | None:
        """Return the last line of a record whose quoted cell runs over several lines, or None."""
        if not self.quotes_per_line[line] & 1:
            return None
        open_quotes, cells = 0, 0
        for last in range(line, min(line + _MOST_LINES_IN_A_CELL, len(self.ends))):
            open_quotes += int(self.quotes_per_line[last])
            if last > line and open_quotes % 2 == 0:
                record = self.lines[self.starts[line] : self.ends[last]].decode("utf-8", "replace")
                cells = len(next(csv.reader(io.StringIO(record, newline=""), delimiter=self.delimiter)))
                well = self._well_placed(int(self.starts[line]), int(self.ends[last]))
                return last if well and cells in {self.usual, *self._neighbours(line)} else None
        return None

    def _neighbours(self, line: int) -> list[int]:
        """Return how many cells the nearest lines have."""
        return self.cells_per_line[max(line - 1, 0) : line].tolist()

    def _well_placed(self, begin: int, end: int) -> bool:
        """Tell whether the quotation marks between two places open and close at the edges of cells."""
        at = self.quotes[np.searchsorted(self.quotes, begin) : np.searchsorted(self.quotes, end)]
        opens = (np.arange(len(at)) & 1) == 0
        return bool(np.where(opens, self._edge_before(at), self._edge_behind(at)).all())

    def _mended(self, line: int) -> bytes:
        """Rewrite a line with misplaced quotation marks: the reading with the usual number of cells wins."""
        text = self.lines[self.starts[line] : self.ends[line]].decode("utf-8", "replace")
        literal = [cell.strip().strip('"') for cell in text.split(self.delimiter)]
        lenient = next(csv.reader([text], delimiter=self.delimiter))
        spaced = next(csv.reader([text], delimiter=self.delimiter, skipinitialspace=True))
        readings = [spaced, lenient, literal]
        if text.count('"') % 2:
            readings = [literal, spaced, lenient]
        chosen = next((cells for cells in readings if len(cells) == self.usual), readings[0])
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=self.delimiter, quoting=csv.QUOTE_ALL, lineterminator="").writerow(chosen)
        self.width = min(max(self.width, len(chosen)), _MOST_COLUMNS)
        return out.getvalue().encode()

    def _with(self, mended: dict[int, bytes]) -> bytes:
        """Return the text with some lines replaced."""
        pieces: list[bytes] = []
        at = 0
        for line, replacement in sorted(mended.items()):
            pieces += (self.lines[at : self.starts[line]], replacement)
            at = int(self.ends[line])
        return b"".join([*pieces, self.lines[at:]]) if mended else self.lines


def _per_line(marks: Longs, line_ends: Longs) -> Longs:
    """Count the marks on each line; both are numbers of edges, in order."""
    return np.bincount(np.searchsorted(line_ends, marks), minlength=len(line_ends))


def _between(quotes: Longs, edges: int) -> Longs:
    """Return the numbers of the edges between each odd quotation mark and the next, or the end."""
    first = quotes[0::2] + 1
    behind = quotes[1::2] if len(quotes) % 2 == 0 else np.append(quotes[1::2], edges)
    counts = behind - first
    return np.repeat(behind - np.cumsum(counts), counts) + np.arange(counts.sum())


def _spaced(content: NDArray[np.uint8], edges: Longs, inside: Longs) -> bool:
    """Tell whether space may stand at the edge of a cell: a byte beside an edge is space, or no ASCII.

    Edges with a number in `inside` are part of a cell.
    """
    # Content ends with a line feed: numpy takes that for the byte before the first, where this is an edge.
    before, behind = content[edges - 1], content[edges[:-1] + 1]
    before[inside] = behind[inside] = _FEED
    around = content[:1].tobytes() + before.tobytes() + behind.tobytes()
    return bool(around.translate(None, _NO_SPACE))


def _schema(width: int) -> dict[str, type[pl.String]]:
    return {f"c{index}": pl.String for index in range(width)}


def _parsed(text: bytes, delimiter: str, width: int) -> pl.DataFrame | None:
    """Read with Polars; a first line of our own makes the width certain."""
    try:
        cells = pl.read_csv(
            (delimiter * (width - 1)).encode() + b"\n" + text,
            has_header=False,
            schema=_schema(width),
            separator=delimiter,
            truncate_ragged_lines=True,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        return None
    return cells.slice(1)


def _parsed_one_by_one(text: bytes, delimiter: str, width: int, expected: int) -> pl.DataFrame:
    """Read with the standard library where Polars counts other records than the lines show."""
    reader = csv.reader(io.StringIO(text.decode("utf-8", "replace"), newline="\n"), delimiter=delimiter)
    rows = [[cell or None for cell in row[:width]] + [None] * (width - len(row)) for row in reader]
    rows = rows[:expected] + [[None] * width] * (expected - len(rows))
    return pl.DataFrame(rows, schema=_schema(width), orient="row")
