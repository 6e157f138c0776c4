"""From columns of text to columns of lines."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache

import polars as pl

from spend.reading import amounts
from spend.reading.columns import AMOUNTS, Choice
from spend.reading.outcome import LINES
from spend.reading.records import Records

_CARD_FILE = re.compile(
    r"(?i)(?<![a-z])(p-?cards?|gpc|(purchas\w+|procurement|credit|corporate)?[\s_-]*cards?)(?![a-z])"
)
_CARD_LINE = r"(?i)^\s*(p|purchas\w+|procurement|corporate)?[ -]?cards?\b"
# What a card's line cannot begin with: it begins with space, a hyphen, or a letter from C on.
_NO_CARD = (".", "C")
TEXTS = tuple(field for field, kind in LINES.items() if kind == pl.String() and field != "amount_basis")


def extract(
    body: pl.DataFrame,
    line_nos: pl.Series,
    chosen: dict[str, Choice],
    *,
    days: dict[str, date],
    name: str,
    found: Records,
) -> pl.DataFrame:
    """Return a line for every row of the body, also for those that will turn out to be none."""
    sums = [field for field in (*AMOUNTS, "vat") if field in chosen]
    # One query, because starting one costs as much as a hundred lines; and one column after the other in
    # it, because files are short, and read side by side.
    table = body.select_seq(
        *(
            _text(field, chosen[field].column, spaced=found.spaced) if field in chosen else _nothing(field)
            for field in TEXTS
        ),
        *(_plain_pence(field, chosen[field].column, spaced=found.spaced) for field in sums),
        _is_card(body, chosen, name).alias("card"),
        *([] if "vat" in chosen else [_nothing("vat_pence")]),
    )
    made = table.to_dict()
    made["line_no"], made["paid_on"] = line_nos, _days(body, chosen, days)
    pence = {field: amounts.pence(body.to_series(chosen[field].column), made[field]) for field in sums}
    amount, basis = _amounts(pence, body.height)
    made["amount_pence"], made["amount_basis"] = amount.alias("amount_pence"), basis.alias("amount_basis")
    if "vat" in pence:
        made["vat_pence"] = pence["vat"].alias("vat_pence")
    if found.spaced or found.doubled:
        blank = [_without_blank(field) for field in TEXTS if field in chosen and _has_blank(made[field])]
        if blank:
            made |= table.select_seq(blank).to_dict()
    return pl.DataFrame([made[field] for field in LINES])


def _days(body: pl.DataFrame, chosen: dict[str, Choice], days: dict[str, date]) -> pl.Series:
    """Return the day of every row."""
    if not days:
        return _same(None, "paid_on", body.height)
    written = body.to_series(chosen["paid_on"].column)
    # Each cell's place among the known ones, then the day there: a third of what replacing takes.
    places = written.cast(pl.Enum(list(days)), strict=False).to_physical()
    return pl.Series("paid_on", list(days.values()), dtype=pl.Date).gather(places)


def _amounts(found: dict[str, pl.Series], height: int) -> tuple[pl.Series, pl.Series]:
    """Return pence and their basis: net where published, else what the header does not label, else gross."""
    published = [
        (label, found[f"amount_{label}"])
        for label in ("net", "unknown", "gross")
        if f"amount_{label}" in found
    ]
    if not published:
        return _same(None, "amount_pence", height), _same(None, "amount_basis", height)
    (label, pence), *others = published
    basis = _same(label, "amount_basis", height)
    for other, more in others:
        if pence.null_count():
            fills = pence.is_null() & more.is_not_null()
            basis = pl.select(
                pl.when(fills).then(pl.lit(other, LINES["amount_basis"])).otherwise(basis)
            ).to_series()
            pence = pence.fill_null(more)
    return pence, basis


def _same(value: str | None, field: str, height: int) -> pl.Series:
    """Return a column that holds one value throughout."""
    return _once(value, field).new_from_index(0, height)


@cache
def _once(value: str | None, field: str) -> pl.Series:
    return pl.Series(field, [value], dtype=LINES[field])


@cache
def _nothing(field: str) -> pl.Expr:
    return pl.lit(None, LINES[field]).alias(field)


@lru_cache(maxsize=1_000)
def _text(field: str, column: int, *, spaced: bool) -> pl.Expr:
    """Return a field's text without space around it."""
    return _bare(pl.nth(column), spaced=spaced).alias(field)


@lru_cache(maxsize=1_000)
def _plain_pence(field: str, column: int, *, spaced: bool) -> pl.Expr:
    return amounts.plain_pence(_bare(pl.nth(column), spaced=spaced)).alias(field)


def _bare(cells: pl.Expr, *, spaced: bool) -> pl.Expr:
    return cells.str.strip_chars() if spaced else cells


def _has_blank(texts: pl.Series) -> bool:
    """Tell whether a text is empty; looking first is cheaper than replacing everywhere."""
    return texts.min() == ""


@cache
def _without_blank(field: str) -> pl.Expr:
    return pl.col(field).replace("", None)


def _is_card(body: pl.DataFrame, chosen: dict[str, Choice], name: str) -> pl.Expr:
    """Tell which lines were paid by purchase card: all of a card file, else those whose reference says so."""
    merchant = any("merchant" in choice.header.lower() for choice in chosen.values())
    if merchant or _CARD_FILE.search(name.rpartition("/")[2]):
        return _all(value=True)
    if "reference" not in chosen or _all_between(body.to_series(chosen["reference"].column), *_NO_CARD):
        return _all(value=False)
    return _says_card(chosen["reference"].column)


def _all_between(texts: pl.Series, first: str, behind: str) -> bool:
    """Tell whether all texts stand between two in the order of characters, as numbers do."""
    least, most = texts.min(), texts.max()
    return isinstance(least, str) and isinstance(most, str) and first <= least and most < behind


@cache
def _all(*, value: bool) -> pl.Expr:
    return pl.lit(value)


@lru_cache(maxsize=100)
def _says_card(column: int) -> pl.Expr:
    return pl.nth(column).str.contains(_CARD_LINE).fill_null(value=False)
