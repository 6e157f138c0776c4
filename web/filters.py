"""How values read on pages: money, shares, days, counts. Each takes the value as it is stored."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from markupsafe import Markup

from values.dates import day, instant, weekday
from values.figures import exact, rounded
from values.money import format_pence


def pounds(pence: int) -> str:
    """Return pence in whole pounds, for tables in which pennies are noise: "£1,235"."""
    whole = int((Decimal(pence) / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return f"{'−' if whole < 0 else ''}£{abs(whole):,}"


def large_pounds(pence: int) -> str:
    """Return pence as a headline says them: "£3.2 million", "£1.1 billion", below a million "£812,000"."""
    sign, size = ("−" if pence < 0 else ""), Decimal(abs(pence)) / 100
    millions = (size / 1_000_000).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if millions >= 1000:
        return f"{sign}£{(size / 10**9).quantize(Decimal('0.1'), rounding=ROUND_HALF_UP)} billion"
    if size >= 999_500:
        return f"{sign}£{millions} million"
    if size >= 1000:
        return f"{sign}£{(size / 1000).quantize(Decimal(1), rounding=ROUND_HALF_UP)},000"
    return pounds(pence)


def share(part: float, places: int = 1) -> str:
    """Return a part of a whole, 0 to 1, as a percentage: 0.4123 becomes "41.2%"."""
    return f"{part * 100:.{places}f}%".replace("-", "−")


def points(value: float, places: int = 0) -> str:
    """Return an index or score: 2345.6 becomes "2,346"."""
    return f"{value:,.{places}f}".replace("-", "−")


def count(value: int) -> str:
    """Return a whole number with its thousands parted: 12345 becomes "12,345"."""
    return f"{value:,}".replace("-", "−")


def decimal(value: Decimal) -> str:
    """Return a decimal number without zeros at its end: 12.50 becomes "12.5"."""
    return format(value.normalize(), "f")


def plural(value: int, one: str, many: str = "") -> str:
    """Return a count with its noun: (1, "line") becomes "1 line", (2, "line") becomes "2 lines"."""
    return f"{count(value)} {one if value == 1 else many or one + 's'}"


def size(value: int) -> str:
    """Return a number of bytes: "912 bytes", "4 kB", "3.4 MB"."""
    if value < 1000:
        return plural(value, "byte")
    if value < 999_500:
        return f"{value / 1000:.0f} kB"
    return f"{value / 1e6:.1f} MB"


def lower_first(text: str) -> str:
    """Return a text for the middle of a sentence: "Payment date" becomes "payment date", "VAT" stays."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Return a text for the start of a sentence: "wrote a comment" becomes "Wrote a comment"."""
    return text[:1].upper() + text[1:]


def lines(text: str) -> Markup:
    """Return a text whose lines stay lines, for where nothing else keeps them."""
    return Markup("<br>").join(text.splitlines())


FILTERS: Final = {
    "pence": format_pence,
    "pounds": pounds,
    "large_pounds": large_pounds,
    "share": share,
    "points": points,
    "count": count,
    "decimal": decimal,
    "plural": plural,
    "day": day,
    "weekday": weekday,
    "instant": instant,
    "size": size,
    "lower_first": lower_first,
    "upper_first": upper_first,
    "lines": lines,
    "exact": exact,
    "rounded": rounded,
}
