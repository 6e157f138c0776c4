"""What the forms of a tender's parts are made of: hints, limits, and lists of lines."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final

from tenders.rules.areas import SHAPE
from web.fields import Length, ValidationError
from web.forms import Form

LONG: Final = Length(max=10_000, message="This text must be 10,000 characters or less")
SHORT: Final = Length(max=300, message="This must be 300 characters or less")
# More than all English councils spend in a year; a longer number is a slip.
MOST_PENCE: Final = 20_000_000_000_000
MOST_LINES: Final = 500


class PartForm(Form):
    """A form whose fields are columns.

    Attributes:
        hints: what is said below a label, by the field's name.
        headings: what stands above the first of several fields that belong together, by its name.
    """

    hints: ClassVar[Mapping[str, str]] = {}
    headings: ClassVar[Mapping[str, str]] = {}

    @property
    def values(self) -> dict[str, Any]:
        """Return what was filled in, by column."""
        return dict(self.data)

    def without(self, names: Collection[str]) -> list[str]:
        """Ask no more for what is settled; return what of it this form had asked for."""
        asked = [name for name in names if name in self]
        for name in asked:
            del self[name]
        return asked


def sum_of_money(_form: object, field: Any) -> None:
    """Refuse a sum below nothing, or beyond all sense."""
    if field.data is not None and not 0 <= field.data <= MOST_PENCE:
        raise ValidationError("Enter a sum from £0 to £200,000,000,000")


def codes_of(text: str | None) -> list[str]:
    """Return the codes of a text, in capitals."""
    return (text or "").upper().replace(",", " ").split()


def codes_of_areas(_form: object, field: Any) -> None:
    """Refuse what cannot be codes of areas."""
    if not all(SHAPE.fullmatch(code) for code in codes_of(field.data)):
        raise ValidationError("Enter codes of areas such as UKE4, with a space between them")


def lines_of(text: str | None) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def few_lines(_form: object, field: Any) -> None:
    """Refuse more requirements than anybody answers, and one that is a document."""
    found = lines_of(field.data)
    if len(found) > MOST_LINES:
        raise ValidationError(f"Enter at most {MOST_LINES} lines")
    if any(len(line) > 2000 for line in found):
        raise ValidationError("Each line must be 2,000 characters or less")
