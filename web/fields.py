"""Form fields that WTForms lacks: trimmed text, money, percentages, days in three boxes, counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from wtforms import (
    BooleanField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import Field
from wtforms.fields.choices import (
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
)
from wtforms.validators import EqualTo, InputRequired, Length, Optional, StopValidation, ValidationError

from values.money import to_pence

__all__ = [
    "BooleanField",
    "CountField",
    "DayField",
    "EqualTo",
    "FileField",
    "InputRequired",
    "Length",
    "LongTextField",
    "OneBoxDayField",
    "Optional",
    "PasswordField",
    "PenceField",
    "PercentField",
    "RadioField",
    "SelectChoice",
    "SelectField",
    "SelectMultipleField",
    "TextField",
    "ValidationError",
    "needed",
    "needed_tick",
]

MONEY: Final = re.compile(r"£?\s*(-?\d{1,3}(?:,\d{3})+|-?\d+)(\.\d{1,2})?")


def needed(message: str) -> Callable[[Any, Any], None]:
    """Return a validator for a field that must be filled in; spaces alone do not fill it."""

    def check(_form: object, field: Any) -> None:
        # Where something was typed that could not be read, that is said already.
        if not field.errors and (field.data is None or field.data in ("", [])):
            raise StopValidation(message)

    return check


def needed_tick(message: str) -> Callable[[Any, Any], None]:
    """Return a validator for a box that must be ticked."""

    def check(_form: object, field: Any) -> None:
        if not field.data:
            raise StopValidation(message)

    return check


def _stripped(text: str | None) -> str:
    # PostgreSQL holds no NUL in a text, and nobody types one.
    return (text or "").replace("\0", "").strip()


class TextField(StringField):
    """One line of text, without the spaces around it."""

    def __init__(self, label: str, validators: tuple[Any, ...] | list[Any] = (), **more: Any) -> None:
        super().__init__(label, validators, filters=[_stripped], **more)


class LongTextField(TextAreaField):
    """Several lines of text, without the spaces around them."""

    def __init__(self, label: str, validators: tuple[Any, ...] | list[Any] = (), **more: Any) -> None:
        super().__init__(label, validators, filters=[_stripped], **more)


class _Typed(Field):
    """A field of one box whose data is not text; it keeps what was typed."""

    def __init__(
        self,
        label: str,
        validators: tuple[Any, ...] | list[Any] = (),
        *,
        wrong: str,
        **more: Any,
    ) -> None:
        super().__init__(label, validators, **more)
        self.wrong = wrong
        self.typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else self.shown(self.data)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed; empty is None."""
        self.typed = valuelist[0] if valuelist else ""
        text = self.typed.strip()
        self.data = None
        if text:
            self.data = self.read(text)

    def shown(self, value: Any) -> str:
        """Return a stored value as a person would type it."""
        raise NotImplementedError

    def read(self, text: str) -> Any:
        """Return the value of what was typed, or raise ValueError with words for the person."""
        raise NotImplementedError


class PenceField(_Typed):
    """An amount in pounds, as data in pence: "£1,234.5" is 123450."""

    def shown(self, value: int) -> str:
        """Return pence as pounds without a sign."""
        return f"{Decimal(value) / 100:.2f}"

    def read(self, text: str) -> int:
        """Return pence."""
        found = MONEY.fullmatch(text)
        if not found or len(text) > 20:
            raise ValueError(self.wrong)
        return to_pence(found[1].replace(",", "") + (found[2] or ""))


class CountField(_Typed):
    """A whole number from `least` to `most`."""

    def __init__(
        self,
        label: str,
        validators: tuple[Any, ...] | list[Any] = (),
        *,
        wrong: str,
        least: int = 0,
        most: int = 2**31 - 1,
        **more: Any,
    ) -> None:
        super().__init__(label, validators, wrong=wrong, **more)
        self.least, self.most = least, most

    def shown(self, value: int) -> str:
        """Return the number without commas."""
        return str(value)

    def read(self, text: str) -> int:
        """Return the number."""
        bare = text.replace(",", "")
        if not re.fullmatch(r"-?[0-9]{1,10}", bare) or not self.least <= int(bare) <= self.most:
            raise ValueError(self.wrong)
        return int(bare)


class PercentField(_Typed):
    """A percentage from 0 to 100 with at most two decimals, as a Decimal: "12.5" or "12.5 %"."""

    def shown(self, value: Decimal) -> str:
        """Return the percentage without zeros at its end and without a sign."""
        return format(value.normalize(), "f")

    def read(self, text: str) -> Decimal:
        """Return the percentage."""
        bare = text.removesuffix("%").strip()
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", bare) or Decimal(bare) > 100:
            raise ValueError(self.wrong)
        return Decimal(bare)


class OneBoxDayField(_Typed):
    """A day in one box, as a browser's own picker sends it: 2026-11-22. For filters; forms use `DayField`."""

    def shown(self, value: date) -> str:
        """Return the day as a browser's picker reads it."""
        return value.isoformat()

    def read(self, text: str) -> date:
        """Return the day."""
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError(self.wrong)
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(self.wrong) from error


@dataclass(frozen=True, slots=True)
class Part:
    """One box of a day: day, month or year."""

    suffix: str
    label: str
    width: int
    typed: str
    wrong: bool


PARTS: Final = (("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4))


class DayField(Field):
    """A calendar day in three boxes, `name-day`, `name-month` and `name-year`.

    A link may have it whole, as `name=2026-11-22`; the boxes then show it.

    `noun` begins its messages: "The end of the contract must include a year".
    """

    def __init__(
        self,
        label: str,
        validators: tuple[Any, ...] | list[Any] = (),
        *,
        noun: str,
        **more: Any,
    ) -> None:
        super().__init__(label, validators, **more)
        self.noun = noun
        self.typed: dict[str, str] = {}
        self.wrong: frozenset[str] = frozenset()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the three boxes, or show a stored day in them."""
        super().process(None, data, extra_filters)
        if isinstance(self.data, date):
            self.typed = {name: str(getattr(self.data, name)) for name, _, _ in PARTS}
        if formdata:
            typed = {name: _first(formdata, f"{self.name}-{name}") for name, _, _ in PARTS}
            whole = _first(formdata, self.name).strip()
            if whole and not any(typed.values()):
                year, _, rest = whole.partition("-")
                month, _, number = rest.partition("-")
                typed = {"day": number, "month": month, "year": year}
            self._read(typed)

    def _read(self, typed: dict[str, str]) -> None:
        self.typed, self.data = typed, None
        missing = [name for name, _, _ in PARTS if not typed[name].strip()]
        if len(missing) == len(PARTS):
            return
        if missing:
            self._refuse(f"{self.noun} must include a {' and '.join(missing)}", missing)
            return
        try:
            self.data = date(*(_number(typed[name]) for name in ("year", "month", "day")))
        except ValueError:
            self._refuse(f"{self.noun} must be a real date", [name for name, _, _ in PARTS])

    def _refuse(self, message: str, parts: Sequence[str]) -> None:
        self.process_errors = [message]
        self.wrong = frozenset(parts)

    @property
    def parts(self) -> list[Part]:
        """The boxes as the macro draws them; all are marked where no single one is to blame."""
        wrong = self.wrong or (frozenset(name for name, _, _ in PARTS) if self.errors else frozenset[str]())
        return [
            Part(name, text, width, self.typed.get(name, ""), name in wrong) for name, text, width in PARTS
        ]

    @property
    def error_id(self) -> str:
        """The first box that is wrong: where the error summary leads."""
        return f"{self.id}-" + next((part.suffix for part in self.parts if part.wrong), "day")


def _first(formdata: Any, name: str) -> str:
    return str(formdata.getlist(name)[0]) if name in formdata else ""


def _number(text: str) -> int:
    text = text.strip()
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise ValueError(text)
    return int(text)
