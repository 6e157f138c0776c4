"""Exact pence from the many ways in which amounts are written."""

from __future__ import annotations

import re
from decimal import Decimal

import polars as pl

from values import money

_PLAIN = pl.Decimal(18, 4)
# Wider than any council's budget; a longer number is an account or telephone number, not an amount.
_MOST_DIGITS = 15
_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-"})
_NOISE = re.compile(r"[£\s\u00a0'Â?\ufffd]|GBP", re.IGNORECASE)
# Letters that no amount has: neither GBP, CR and DR, a power of ten, nor "nil".
_WORDS = re.compile(r"[AFHJKMOQS-Zafhjkmoqs-z]")
_CREDIT = re.compile(r"CR\.?$", re.IGNORECASE)
_DEBIT = re.compile(r"DR\.?$", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:\d+|\d{1,3}(?:,\d{2,3})*,\d{3}|\d[\d,]*(?=\.\d))?(?:\.\d*)?(?:E[+-]?\d{1,3})?", re.IGNORECASE
)
_NOTHING = frozenset({"", "-", "--", "nil"})


def parse_pence(written: str) -> int | None:
    """Return exact pence for one amount as written, or None where it is no amount.

    Reads thousands separators, pound signs, brackets, a minus sign of any kind before or after, CR and DR,
    and a spreadsheet's powers of ten. Halves of a penny are rounded away from zero.
    """
    if _WORDS.search(written):
        return None
    text = _NOISE.sub("", written.translate(_MINUS))
    if text.lower() in _NOTHING:
        return 0 if "-" in text or text else None
    text, negative = _without_sign(text)
    if not _NUMBER.fullmatch(text) or not any(map(str.isdigit, text)):
        return None
    number = text.replace(",", "")
    if len(number.partition(".")[0]) > _MOST_DIGITS:
        return None
    try:
        pence = money.to_pence(Decimal(number))
    except (ValueError, ArithmeticError):
        return None
    return -pence if negative else pence


def _without_sign(text: str) -> tuple[str, bool]:
    """Take brackets, signs, CR and DR off; return whether they make the amount negative."""
    negative = False
    for credit in (_CREDIT, _DEBIT):
        if credit.search(text):
            text, negative = credit.sub("", text), negative or credit is _CREDIT
    if text.startswith("(") and text.endswith(")"):
        text, negative = text[1:-1], True
    if text.startswith("-("):
        text, negative = text[2:].removesuffix(")"), True
    if text.endswith("-"):
        text, negative = text[:-1], True
    if text.startswith("-"):
        text, negative = text[1:], True
    return text.removeprefix("+"), negative


def plain_pence(cells: pl.Expr) -> pl.Expr:
    """Return exact pence (int64) of the cells, without space around, that are plain numbers; else null.

    The cells are named once: what a query names twice, it reads twice.
    """
    pounds = cells.cast(_PLAIN, strict=False).round(2, mode="half_away_from_zero")
    return pounds.to_physical().cast(pl.Int64) // 100


def pence(written: pl.Series, plain: pl.Series) -> pl.Series:
    """Return exact pence (int64) for a column of amounts as written; null where a cell is no amount.

    `plain` is what `plain_pence` made of the column: only what it left is parsed here.
    """
    if plain.null_count() == written.null_count():
        return plain
    left = written.filter(plain.is_null()).to_list()
    known = {text: parse_pence(text) for text in set(left) if text is not None}
    other = pl.lit(written).replace_strict(
        list(known), list(known.values()), default=None, return_dtype=pl.Int64
    )
    return pl.select(pl.lit(plain).fill_null(other)).to_series().alias(plain.name)


def shape(written: str) -> str:
    """Name how an amount is written, for the decisions that people check."""
    marks = [name for mark, name in (("£", "£"), (",", "commas"), ("(", "brackets")) if mark in written]
    text = written.strip().translate(_MINUS)
    if text.endswith("-"):
        marks.append("minus behind")
    elif text.startswith("-"):
        marks.append("minus")
    if _CREDIT.search(text):
        marks.append("CR")
    return " ".join(marks) or "plain"
