"""Which column is what: by its name, checked against its content; else by its content alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spend.reading import vocabulary
from spend.reading.contents import Profile
from spend.reading.corrections import Mapping
from spend.reading.headers import Header

AMOUNTS = ("amount_net", "amount_gross", "amount_unknown")
_ENOUGH = 12
_BLANK_FIT = 0.25
_SURE_NAME = 60
_FEW_BODIES = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """One column's field and why."""

    field: str
    column: int
    header: str
    why: str
    sure: int


def choose(header: Header, profiles: Sequence[Profile], mapping: Mapping | None) -> dict[str, Choice]:
    """Return for each field that the file has the column that holds it."""
    names = _inherited(header.names, profiles)
    chosen = _by_person(header, len(profiles), mapping)
    refused = set(mapping.columns) if mapping else set[str]()
    if refused & set(AMOUNTS):
        refused |= set(AMOUNTS)
    offers = sorted(
        (
            (sure * _fit(field, profiles[column]), -column, field)
            for column, name in enumerate(names)
            if name.strip()
            for field, sure in _offers(name, profiles, column).items()
            if field not in refused
        ),
        key=lambda offer: (-offer[0], -offer[1]),
    )
    taken = {choice.column for choice in chosen.values()}
    for score, minus_column, field in offers:
        column = -minus_column
        if score < _ENOUGH or field in chosen or column in taken:
            continue
        why = _why(field, names[column], profiles[column], own_name=bool(header.names[column]))
        chosen[field] = Choice(field, column, header.names[column] or names[column], why, round(score))
        taken.add(column)
    _by_content(chosen, header, profiles, refused)
    return chosen


def _by_person(header: Header, width: int, mapping: Mapping | None) -> dict[str, Choice]:
    """Return the choices that a person made and that this file has."""
    chosen: dict[str, Choice] = {}
    plain_names = [vocabulary.plain(name) for name in header.names]
    for field, wanted in (mapping.columns if mapping else {}).items():
        column = wanted
        if isinstance(wanted, str):
            name = vocabulary.plain(wanted)
            column = plain_names.index(name) if name in plain_names else None
        if isinstance(column, int) and 0 <= column < width:
            chosen[field] = Choice(field, column, header.names[column], "a person chose it", 100)
    return chosen


def _inherited(names: Sequence[str], profiles: Sequence[Profile]) -> list[str]:
    """Give a nameless column the name of the empty column beside it: cells were merged above it."""
    given = list(names)
    for column, name in enumerate(names):
        if name.strip() or profiles[column].filled == 0:
            continue
        for neighbour in (column - 1, column + 1):
            if 0 <= neighbour < len(names) and names[neighbour] and profiles[neighbour].filled == 0:
                given[column], given[neighbour] = names[neighbour], ""
                break
    return given


def _offers(name: str, profiles: Sequence[Profile], column: int) -> dict[str, int]:
    """Return how sure a name makes us of each field; what is called an id and holds names is a name."""
    offers = dict(vocabulary.sureness(name))
    if not offers:
        return offers
    profile = profiles[column]
    if "payee_ref" in offers and offers["payee_ref"] > 50 and profile.words > 0.6:
        offers["payee"] = max(offers.get("payee", 0), 60)
    if "payee" in offers and profile.filled and profile.words < 0.2 and profile.codes > 0.6:
        offers["payee_ref"] = max(offers.get("payee_ref", 0), 70)
    if ("expense" in offers or "service" in offers) and profile.codes > 0.8:
        offers["expense_code"] = max(offers.get("expense_code", 0), 50)
    if offers.get("expense_code", 0) > 80 and profile.words > 0.7:
        # The wording of an account says more than the category above it.
        offers["expense"] = max(offers.get("expense", 0), 95)
    return offers


def _fit(field: str, profile: Profile) -> float:
    """Return how well a column's content fits a field, 0 to 1."""
    if profile.filled == 0:
        return _BLANK_FIT
    if field == "paid_on":
        fit = max(profile.days, profile.serials)
        return fit if fit >= 0.4 else 0.0
    if field in AMOUNTS:
        return profile.money * (1.0 if profile.pence > 0 else 0.8) if profile.money >= 0.4 else 0.0
    if field == "vat":
        return 1.0 if profile.money >= 0.4 or profile.filled < 0.5 or profile.words > 0.9 else 0.0
    if field == "payee":
        return (0.6 + 0.4 * profile.words) if profile.words >= 0.3 else 0.0
    return _text_fit(field, profile)


def _text_fit(field: str, profile: Profile) -> float:
    """Return how well a column's content fits one of the fields that are only carried along."""
    fit = 0.6 + 0.4 * min(1.0, profile.filled)
    if field == "payee_ref":
        fit *= 0.0 if profile.words > 0.6 else 1.0
    if profile.days > 0.8:
        fit = 0.0
    elif field == "body":
        # A file is one body's, or a few bodies'; many different names are the paid.
        fit *= 1.0 if len(profile.counts) <= _FEW_BODIES or profile.distinct < 0.1 else 0.4
    elif field == "reference":
        fit *= 0.5 if profile.words > 0.8 else 1.0
    elif field in {"directorate", "service", "expense", "description", "procurement_label"}:
        fit *= 0.5 if profile.codes > 0.8 else 1.0
    elif field == "expense_code":
        fit *= 0.5 if profile.words > 0.7 else 1.0
    return fit


def _why(field: str, name: str, profile: Profile, *, own_name: bool) -> str:
    """Say why a column was chosen, for the person who checks it."""
    named = (
        f"by name: “{name.strip()}”"
        if own_name
        else f"by the name “{name.strip()}” of the empty column beside it"
    )
    if profile.filled == 0:
        return f"{named}, though it is empty"
    if field == "paid_on":
        return f"{named}, {max(profile.days, profile.serials):.0%} of its cells are dates"
    if field in AMOUNTS:
        return f"{named}, {profile.money:.0%} of its cells are amounts"
    if field == "payee":
        return f"{named}, {profile.words:.0%} of its cells are words"
    return named


def _by_content(
    chosen: dict[str, Choice], header: Header, profiles: Sequence[Profile], refused: set[str]
) -> None:
    """Find date, amount and payee by what stands in the columns that no strong name claims."""
    for fields, likeness, least, why in (
        (("paid_on",), _day_likeness, 0.7, "by content: its cells are dates"),
        (AMOUNTS[::-1], _amount_likeness, 0.2, "by content: its cells are amounts with pence"),
        (("payee",), _payee_likeness, 0.1, "by content: its cells read like names of organisations"),
    ):
        if refused.intersection(fields) or any(_holds(chosen.get(field), profiles) for field in fields):
            continue
        claimed = {choice.column for choice in chosen.values() if choice.sure >= _SURE_NAME}
        offers = [
            (likeness(profile), column)
            for column, profile in enumerate(profiles)
            if column not in claimed and profile.filled > 0.3
        ]
        score, column = max(offers, default=(0.0, 0))
        if score > least:
            for field in [name for name, choice in chosen.items() if choice.column == column]:
                del chosen[field]
            chosen[fields[0]] = Choice(fields[0], column, header.names[column], why, 50)


def _holds(choice: Choice | None, profiles: Sequence[Profile]) -> bool:
    """Tell whether a field was found, and its column is not empty; a person's choice stands."""
    return choice is not None and (profiles[choice.column].filled > 0 or choice.sure == 100)


def _day_likeness(profile: Profile) -> float:
    return profile.days


def _amount_likeness(profile: Profile) -> float:
    """Return how much a column reads like amounts: all numbers, and many with pence."""
    return profile.pence if profile.money > 0.8 else 0.0


def _payee_likeness(profile: Profile) -> float:
    """Return how much a column reads like names of organisations: many different ones, with legal forms."""
    return (4 * profile.companies + profile.organisations) * profile.distinct**0.5 * profile.words
