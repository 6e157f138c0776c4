"""What of a published tender can be corrected, and what the tender says with it and without it.

Who buys, the procedure, what a bid is put together from (lots, criteria and tiers themselves) and how points
are computed stay: whoever needs another of those terminates the tender and makes a new one.
"""

from __future__ import annotations

import dataclasses
import enum
import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from tenders.rules import areas, terms
from tenders.rules.content import Attachment, Content
from values.money import format_pence
from values.refusals import Missing, Refused


class Place(enum.StrEnum):
    """Where a correction is made: in the tender itself, or in one of a list, by its number."""

    TENDER = "tender"
    LOT = "lot"
    REQUIREMENT = "requirement"
    CRITERION = "criterion"
    KPI = "kpi"
    DOCUMENT = "document"


class Kind(enum.StrEnum):
    """How a value is entered and shown."""

    LINE = "line"
    TEXT = "text"
    PENCE = "pence"
    WEIGHT = "weight"
    DAY = "day"
    LANGUAGES = "languages"
    TREATIES = "treaties"
    AREAS = "areas"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Correctable:
    """A value that can be corrected; `name` is its column's. `empty`: also where nothing was said."""

    place: Place
    name: str
    words: str
    kind: Kind = Kind.TEXT
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after, as text: a sum in pence, a day as ISO 8601, codes, a file as JSON."""

    place: Place
    number: int
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FileVersion:
    """A version of a document as a change keeps it."""

    name: str
    kind: str
    version: int
    sha256: str
    size: int

    @classmethod
    def of(cls, text: str) -> FileVersion:
        """Read what `text` wrote."""
        return cls(**json.loads(text))

    @property
    def text(self) -> str:
        """Return it as a change keeps it."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)


FIELDS: Final = (
    Correctable(Place.TENDER, "title", "Title", Kind.LINE),
    Correctable(Place.TENDER, "description", "Description"),
    Correctable(Place.TENDER, "stages", "How the procedure goes"),
    Correctable(Place.TENDER, "no_lots_reason", "Reason for not dividing into lots"),
    Correctable(Place.TENDER, "risks", "Known risks"),
    Correctable(Place.TENDER, "engagement_words", "Preliminary market engagement"),
    Correctable(Place.TENDER, "method", "How tenders are assessed"),
    Correctable(Place.TENDER, "price_weight", "Weight of the price", Kind.WEIGHT),
    Correctable(Place.TENDER, "term_reason", "Reason for a longer term"),
    Correctable(Place.TENDER, "no_kpis_reason", "Reason for no indicators"),
    Correctable(Place.TENDER, "award_on", "Estimated award", Kind.DAY),
    Correctable(Place.TENDER, "starts_on", "First day of the contract", Kind.DAY),
    Correctable(Place.TENDER, "ends_on", "Last day of the contract", Kind.DAY),
    Correctable(Place.TENDER, "extended_until", "Last day with extensions", Kind.DAY),
    Correctable(Place.TENDER, "languages", "Languages of tenders and requests", Kind.LANGUAGES),
    Correctable(Place.TENDER, "treaties", "International agreements", Kind.TREATIES, empty=True),
    Correctable(Place.TENDER, "treaties_words", "Name of the other agreement", Kind.LINE, empty=True),
    Correctable(Place.TENDER, "recurs_on", "When a further notice may be expected", Kind.DAY),
    Correctable(Place.TENDER, "recurs_words", "More about a further notice"),
    Correctable(Place.TENDER, "repeats", "Intention to award similar services directly"),
    Correctable(Place.TENDER, "specifications", "Technical specifications"),
    Correctable(Place.TENDER, "payment_terms", "Further payment terms"),
    Correctable(Place.TENDER, "requests_how", "How requests to participate are submitted", empty=True),
    Correctable(Place.LOT, "title", "Title", Kind.LINE),
    Correctable(Place.LOT, "description", "Description"),
    Correctable(Place.LOT, "cpv", "CPV code", Kind.LINE),
    Correctable(Place.LOT, "net_pence", "Value without VAT", Kind.PENCE),
    Correctable(Place.LOT, "options_pence", "Options and extensions without VAT", Kind.PENCE),
    Correctable(Place.LOT, "options", "What the options and extensions are"),
    Correctable(Place.LOT, "gross_pence", "Value with VAT, options and extensions", Kind.PENCE),
    Correctable(Place.LOT, "areas", "Where it is performed", Kind.AREAS, empty=True),
    Correctable(Place.REQUIREMENT, "text", "Requirement"),
    Correctable(Place.CRITERION, "title", "Title", Kind.LINE),
    Correctable(Place.CRITERION, "description", "Description"),
    Correctable(Place.CRITERION, "weight", "Weight", Kind.WEIGHT),
    Correctable(Place.CRITERION, "standard", "What passes, or how marks are given"),
    Correctable(Place.CRITERION, "reason", "Why it is proportionate"),
    Correctable(Place.KPI, "title", "Title", Kind.LINE),
    Correctable(Place.KPI, "measure", "How it is measured"),
    Correctable(Place.KPI, "target", "Target", Kind.LINE),
    Correctable(Place.DOCUMENT, "file", "Version", Kind.FILE),
)
PLACE_WORDS: Final[Mapping[Place, str]] = {
    Place.TENDER: "The tender",
    Place.LOT: "Lot",
    Place.REQUIREMENT: "Requirement",
    Place.CRITERION: "Criterion",
    Place.KPI: "Indicator",
    Place.DOCUMENT: "Document",
}
# Where what is a column of the tender stands in its content.
_WITHIN: Final[Mapping[str, tuple[str, str]]] = {
    "stages": ("course", "stages"),
    "term_reason": ("course", "term_reason"),
    "price_weight": ("price", "weight"),
    "award_on": ("dates", "award_on"),
    "starts_on": ("dates", "starts_on"),
    "ends_on": ("dates", "ends_on"),
    "extended_until": ("dates", "extended_until"),
    **{name: ("terms", name) for name in terms.NAMES},
}
_CODES: Final = frozenset({Kind.LANGUAGES, Kind.TREATIES, Kind.AREAS})
_LISTS: Final[Mapping[Place, str]] = {
    Place.LOT: "lots",
    Place.REQUIREMENT: "requirements",
    Place.CRITERION: "criteria",
    Place.KPI: "kpis",
    Place.DOCUMENT: "documents",
}


def correctable(place: str, name: str) -> Correctable:
    """Return what is corrected.

    Raises:
        Missing: it cannot be corrected.
    """
    found = next((each for each in FIELDS if (each.place, each.name) == (place, name)), None)
    if found is None:
        raise Missing("correction")
    return found


def offered(content: Content) -> list[tuple[Correctable, int]]:
    """Return each value that this tender has and that can be corrected, with its number."""
    return [
        (field, number)
        for place in Place
        for number in range(1, _count(content, place) + 1)
        for field in FIELDS
        if field.place is place
        and (field.empty or field.kind is Kind.FILE or value_of(content, field, number) != "")
    ]


def value_of(content: Content, field: Correctable, number: int) -> str:
    """Return a value as a change keeps it; empty where nothing is said.

    Raises:
        Missing: the tender has none of this number.
    """
    if not 1 <= number <= _count(content, field.place):
        raise Missing(field.place.value)
    if field.place is Place.TENDER:
        within, name = _WITHIN.get(field.name, ("", field.name))
        return as_text(getattr(getattr(content, within) if within else content, name))
    thing: Any = getattr(content, _LISTS[field.place])[number - 1]
    return str(thing.version) if field.kind is Kind.FILE else as_text(getattr(thing, field.name))


def stands(content: Content, change: Change) -> bool:
    """Tell whether the tender still says what a change was made of."""
    field = correctable(change.place, change.name)
    before = str(FileVersion.of(change.before).version) if field.kind is Kind.FILE else change.before
    return value_of(content, field, change.number) == before


def corrected(content: Content, changes: Sequence[Change], *, until: datetime | None = None) -> Content:
    """Return what the tender says once it is corrected; `until`: a later deadline."""
    for each in changes:
        content = _with(content, each, each.after)
    if until is None:
        return content
    return dataclasses.replace(content, dates=dataclasses.replace(content.dates, tenders_due_at=until))


def undone(content: Content, changes: Sequence[Change]) -> Content:
    """Return what the tender said before it was corrected; the deadline is left as it is."""
    for each in reversed(changes):
        content = _with(content, each, each.before)
    return content


def check_says_another(field: Correctable, before: str, after: str) -> None:
    """Refuse a correction that changes nothing, or leaves nothing where something was published.

    Raises:
        Refused: with which.
    """
    if after == before:
        raise Refused("This is what the tender says already", "value")
    if not after:
        raise Refused(f"{field.words}: say what is right. What was published cannot be left out", "value")


def as_text(value: Any) -> str:
    """Return a value as a change keeps it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, tuple | list):
        return " ".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def from_text(kind: Kind, text: str) -> Any:
    """Return the value that a change keeps."""
    if kind in (Kind.LINE, Kind.TEXT):
        return text
    if kind in _CODES:
        return tuple(text.split())
    if not text:
        return None
    return {Kind.PENCE: int, Kind.WEIGHT: Decimal, Kind.DAY: date.fromisoformat}[kind](text)


def shown(kind: Kind, text: str) -> str:
    """Return a value in words."""
    if kind is Kind.FILE:
        file = FileVersion.of(text)
        return f"Version {file.version}: {file.name}, SHA-256 {file.sha256}"
    value = from_text(kind, text)
    if value is None:
        return ""
    if kind is Kind.PENCE:
        return format_pence(value)
    if kind is Kind.DAY:
        return f"{value.day} {value:%B %Y}"
    if kind in _CODES:
        return _codes_shown(kind, value)
    return f"{text}%" if kind is Kind.WEIGHT else text


def _codes_shown(kind: Kind, codes: Sequence[str]) -> str:
    if kind is Kind.AREAS:
        return ", ".join(areas.named(codes).splitlines())
    words = terms.LANGUAGES if kind is Kind.LANGUAGES else terms.TREATIES
    return ", ".join(words.get(code, code) for code in codes)


def name_of(content: Content, place: Place, number: int) -> str:
    """Return what a thing in a list is called: its number and its title."""
    if place is Place.TENDER:
        return PLACE_WORDS[place]
    if not 1 <= number <= _count(content, place):
        raise Missing(place.value)
    thing: Any = getattr(content, _LISTS[place])[number - 1]
    # A requirement has no title: its first words tell which it is.
    title = (
        thing.title if place is not Place.REQUIREMENT else textwrap.shorten(thing.text, 60, placeholder=" …")
    )
    return f"{PLACE_WORDS[place]} {number}" + (f", {title}" if title else "")


def _count(content: Content, place: Place) -> int:
    return 1 if place is Place.TENDER else len(getattr(content, _LISTS[place]))


def _with(content: Content, change: Change, text: str) -> Content:
    field = correctable(change.place, change.name)
    if change.place is Place.TENDER:
        value = from_text(field.kind, text)
        within, name = _WITHIN.get(field.name, ("", field.name))
        if not within:
            return dataclasses.replace(content, **{name: value})
        part: Any = dataclasses.replace(getattr(content, within), **{name: value})
        return dataclasses.replace(content, **{within: part})
    things: list[Any] = list(getattr(content, _LISTS[change.place]))
    thing = things[change.number - 1]
    if field.kind is Kind.FILE:
        things[change.number - 1] = _attached(thing, FileVersion.of(text))
    else:
        things[change.number - 1] = dataclasses.replace(thing, **{field.name: from_text(field.kind, text)})
    rows: Any = tuple(things)
    return dataclasses.replace(content, **{_LISTS[change.place]: rows})


def _attached(document: Attachment, file: FileVersion) -> Attachment:
    return dataclasses.replace(
        document, name=file.name, version=file.version, sha256=file.sha256, size=file.size
    )
