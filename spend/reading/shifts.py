"""Lines whose cells slipped sideways: merged cells, a missing cell, or a delimiter too many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spend.reading import contents

_SHIFTS = (1, -1, 2, -2, 3, -3, 4, -4, 5, -5)


@dataclass(frozen=True, slots=True)
class Shift:
    """From which column on a line's cells stand how many columns further right (or left)."""

    start: int
    by: int

    def place(self, column: int) -> int:
        """Return where a column's cell stands in the slipped line."""
        return column + self.by if column >= self.start else column


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns by which a slipped line is recognised."""

    amount: int
    paid_on: int | None
    payee: int | None
    is_day: Callable[[str], bool]

    def fits(self, row: Sequence[str | None], shift: Shift) -> bool:
        """Tell whether date, amount and payee all stand where the shift puts them."""
        amount = _cell(row, shift.place(self.amount))
        if contents.kind(amount) not in {"pence", "number"}:
            return False
        if self.paid_on is not None and not self.is_day(_cell(row, shift.place(self.paid_on))):
            return False
        return self.payee is None or contents.kind(_cell(row, shift.place(self.payee))) == "words"


def find(row: Sequence[str | None], wanted: Wanted) -> Shift | None:
    """Return the one shift that puts date, amount and payee right, or None where none or several do.

    Without a column of dates a shift cannot be told from chance, so none is found.
    """
    if wanted.paid_on is None or wanted.payee is None:
        return None
    places = {wanted.amount, wanted.paid_on, wanted.payee}
    found: dict[tuple[int, ...], Shift] = {}
    for by in _SHIFTS:
        for start in sorted(places):
            shift = Shift(0 if start == min(places) else start, by)
            if wanted.fits(row, shift):
                found.setdefault(tuple(shift.place(place) for place in sorted(places)), shift)
    return next(iter(found.values())) if len(found) == 1 else None


def _cell(row: Sequence[str | None], place: int) -> str:
    return (row[place] or "") if 0 <= place < len(row) else ""
