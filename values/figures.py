"""Measured numbers as pages say them: as they were read, or with as many digits as they deserve."""

from __future__ import annotations

import math
from decimal import Decimal


def exact(value: float) -> str:
    """Return a number with all digits that it was entered with: 1234567.5 becomes "1,234,567.5"."""
    text = f"{Decimal(repr(float(value))):,f}"
    return _signed(text.removesuffix(".0"))


def rounded(value: float) -> str:
    """Return an estimate with three digits that count, at most two after the point; two where all are later.

    1234.4 becomes "1,234", 12.34 becomes "12.3", 0.00789 becomes "0.0079".
    """
    size = abs(value)
    places = 0 if size >= 100 else 1 if size >= 10 else 2
    if 0 < size < 0.1:
        places = 1 - math.floor(math.log10(size))
    text = f"{value:,.{places}f}"
    return _signed(text.rstrip("0").rstrip(".") if "." in text else text)


def _signed(text: str) -> str:
    return "0" if text.strip("-0.") == "" else text.replace("-", "−")
