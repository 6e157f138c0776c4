"""What a measure shows: its readings by the method that was fixed, and by the others that they allow."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from analytics.trials import comparing, differences, series, wording
from analytics.trials.effects import Effect
from challenges.rules.pilots import Measure, Site
from values.figures import exact
from values.refusals import Refused

KINDS: Final[Mapping[str, str]] = {
    "mean": "A value that is read, such as minutes or pounds",
    "share": "So many of so many, such as calls answered",
    "count": "Events, such as falls in so many homes",
}
METHODS: Final[Mapping[str, str]] = {
    "means": "Before and after: means",
    "pairs": "Before and after: the same sites",
    "ranks": "Before and after: ranks, for skewed readings",
    "shares": "Before and after: shares",
    "counts": "Before and after: events",
    "comparison": "Against comparison councils, in the pilot",
    "differences": "Against comparison councils, before and after",
    "series": "A series of readings, interrupted by the pilot",
}
OF_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "mean": ("means", "pairs", "ranks", "comparison", "differences", "series"),
    "share": ("shares", "comparison", "differences", "series"),
    "count": ("counts", "comparison", "differences", "series"),
}
HEADINGS: Final = ("date", "site", "value", "cases", "evidence")
MOST_LINES: Final = 2_000
PER_CENT: Final = 100.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading that counts; `cases` for shares and events alone."""

    site: int
    read_on: date
    value: float
    cases: float | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a method found, in words, and how that stands to what was promised."""

    method: str
    name: str
    effect: Effect
    words: str
    against: str


@dataclass(frozen=True, slots=True)
class Split:
    """Readings of a measure by where and when: before the pilot's first day, and from it on."""

    before: Sequence[Reading]
    after: Sequence[Reading]
    councils: Mapping[str, tuple[Sequence[Reading], Sequence[Reading]]]
    compared: Mapping[str, tuple[Sequence[Reading], Sequence[Reading]]]


def found(
    measure: Measure, sites: Sequence[Site], readings: Sequence[Reading], starts_on: date
) -> list[Found]:
    """Return what readings show: by the method that was fixed first, then what the other methods say."""
    split = _split(sites, readings, starts_on)
    methods = [measure.method, *(each for each in OF_KIND[measure.kind] if each != measure.method)]
    effects = [(method, _EFFECTS[method](measure, split)) for method in methods]
    if measure.method == "differences":
        pilot, others = _changes(measure, split.councils), _changes(measure, split.compared)
        effects[1:1] = [
            ("permutation", differences.permuted(pilot, others)),
            ("wild bootstrap", differences.wild(pilot, others)),
        ]
    return [_found(measure, method, effect) for method, effect in effects]


def by_fixed_method(
    measure: Measure, sites: Sequence[Site], readings: Sequence[Reading], starts_on: date
) -> Effect:
    """Return what readings show by the method that was fixed, alone."""
    return _EFFECTS[measure.method](measure, _split(sites, readings, starts_on))


def _found(measure: Measure, method: str, effect: Effect) -> Found:
    name = METHODS.get(method, f"The same by {method}")
    unit = "percentage points" if measure.kind == "share" else measure.unit
    return Found(
        method, name, effect, wording.words(effect, unit), wording.against(effect, promised(measure, effect))
    )


def promised(measure: Measure, effect: Effect) -> float:
    """Return the change from baseline to target, in the unit of an effect."""
    if effect.ratio:
        return measure.target / measure.baseline if measure.baseline else math.inf
    change = measure.target - measure.baseline
    return change / PER_CENT if effect.method == "shares" else change


def level(measure: Measure, readings: Sequence[Reading]) -> float | None:
    """Return the mean of readings, or the share in per cent, or events for each case."""
    if not readings:
        return None
    if measure.kind == "mean":
        return sum(each.value for each in readings) / len(readings)
    cases = sum(each.cases or 0 for each in readings)
    scale = PER_CENT if measure.kind == "share" else 1.0
    return scale * sum(each.value for each in readings) / cases if cases else None


def _split(sites: Sequence[Site], readings: Sequence[Reading], starts_on: date) -> Split:
    of = {each.position: each for each in sites}
    both: dict[bool, dict[str, tuple[list[Reading], list[Reading]]]] = {False: {}, True: {}}
    before: list[Reading] = []
    after: list[Reading] = []
    for each in sorted(readings, key=lambda one: (one.read_on, one.site)):
        site = of[each.site]
        halves = both[site.compares].setdefault(site.body_code, ([], []))
        halves[each.read_on >= starts_on].append(each)
        if not site.compares:
            (after if each.read_on >= starts_on else before).append(each)
    return Split(before, after, both[False], both[True])


def _values(readings: Sequence[Reading]) -> list[float]:
    return [each.value for each in readings]


def _totals(readings: Sequence[Reading]) -> tuple[int, float]:
    return round(sum(_values(readings))), sum(each.cases or 0 for each in readings)


def _means(_measure: Measure, split: Split) -> Effect:
    return comparing.means(_values(split.before), _values(split.after))


def _ranks(_measure: Measure, split: Split) -> Effect:
    return comparing.ranks(_values(split.before), _values(split.after))


def _pairs(measure: Measure, split: Split) -> Effect:
    first, then = _by_site(measure, split.before), _by_site(measure, split.after)
    both = sorted(first.keys() & then.keys())
    return comparing.pairs([first[site] for site in both], [then[site] for site in both])


def _by_site(measure: Measure, readings: Sequence[Reading]) -> dict[int, float]:
    grouped: dict[int, list[Reading]] = defaultdict(list)
    for each in readings:
        grouped[each.site].append(each)
    levels = {site: level(measure, group) for site, group in grouped.items()}
    return {site: value for site, value in levels.items() if value is not None}


def _shares(_measure: Measure, split: Split) -> Effect:
    (hits, of), (later, later_of) = _totals(split.before), _totals(split.after)
    return comparing.shares((hits, round(of)), (later, round(later_of)))


def _counts(_measure: Measure, split: Split) -> Effect:
    return comparing.counts(_totals(split.before), _totals(split.after))


def _comparison(measure: Measure, split: Split) -> Effect:
    others = _levels(measure, split.compared)
    ours = _levels(measure, split.councils)
    effect = comparing.means(others, ours, assumption=comparing.ALIKE)
    return replace(effect, method="comparison")


def _levels(
    measure: Measure, councils: Mapping[str, tuple[Sequence[Reading], Sequence[Reading]]]
) -> list[float]:
    levels = [level(measure, after) for _, after in councils.values()]
    return [each for each in levels if each is not None]


def _changes(
    measure: Measure, councils: Mapping[str, tuple[Sequence[Reading], Sequence[Reading]]]
) -> list[float]:
    changes: list[float] = []
    for before, after in councils.values():
        first, then = level(measure, before), level(measure, after)
        if first is not None and then is not None:
            changes.append(then - first)
    return changes


def _differences(measure: Measure, split: Split) -> Effect:
    return differences.by_council(_changes(measure, split.councils), _changes(measure, split.compared))


def _series(measure: Measure, split: Split) -> Effect:
    before, after = _by_day(measure, split.before), _by_day(measure, split.after)
    return series.interrupted(before, after, season=measure.season)


def _by_day(measure: Measure, readings: Sequence[Reading]) -> list[float]:
    """Return one value a day, of days on which all sites were read that were read on most days."""
    days: dict[date, list[Reading]] = defaultdict(list)
    for each in readings:
        days[each.read_on].append(each)
    most = max((len({one.site for one in group}) for group in days.values()), default=0)
    whole = [group for _, group in sorted(days.items()) if len({one.site for one in group}) == most]
    levels = [level(measure, group) for group in whole]
    return [each for each in levels if each is not None]


_EFFECTS: Final[Mapping[str, Callable[[Measure, Split], Effect]]] = {
    "means": _means,
    "pairs": _pairs,
    "ranks": _ranks,
    "shares": _shares,
    "counts": _counts,
    "comparison": _comparison,
    "differences": _differences,
    "series": _series,
}


def check_reading(measure: Measure, reading: Reading) -> None:
    """Refuse a reading that its kind does not allow.

    Raises:
        Refused: with what is wrong.
    """
    if measure.kind == "mean":
        if reading.cases is not None:
            raise Refused(f"“{measure.title}” is a value: leave the cases empty", "cases")
        return
    if reading.cases is None or reading.cases <= 0:
        raise Refused(f"Say of how many, for “{measure.title}”", "cases")
    if reading.value < 0 or reading.value != int(reading.value):
        raise Refused(f"“{measure.title}” is counted: the value is a whole number", "value")
    if measure.kind == "share" and reading.value > reading.cases:
        raise Refused(f"More than all: {exact(reading.value)} of {exact(reading.cases)}", "value")


def readings_of(text: str, measure: Measure, sites: Sequence[Site], today: date) -> list[Reading]:
    """Return the readings of lines with date, site, value, cases, evidence; all of them, or none.

    Raises:
        Refused: with the line of each of the first faults.
    """
    lines = list(csv.reader(io.StringIO(text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}"))))
    places = {each.place.casefold(): each.position for each in sites}
    good: list[Reading] = []
    wrong: list[str] = []
    for number, cells in enumerate(lines, 1):
        bare = [cell.strip() for cell in cells]
        if not any(bare) or (number == 1 and bare[0].casefold() == HEADINGS[0]):
            continue
        try:
            good.append(_line(bare, measure, places, today))
        except Refused as refused:
            wrong.append(f"line {number}: {refused.message}")
    if wrong:
        more = f"; and {len(wrong) - 5} more lines" if len(wrong) > 5 else ""
        raise Refused(f"Nothing was recorded. {'; '.join(wrong[:5])}{more}", "lines")
    if not good or len(good) > MOST_LINES:
        raise Refused(f"Enter from 1 to {MOST_LINES:,} lines", "lines")
    return good


def _line(cells: Sequence[str], measure: Measure, places: Mapping[str, int], today: date) -> Reading:
    if len(cells) != len(HEADINGS):
        raise Refused(f"{len(cells)} cells instead of {len(HEADINGS)} ({', '.join(HEADINGS)})")
    on, place, value, cases, evidence = cells
    try:
        read_on = date.fromisoformat(on) if re.fullmatch(r"\d{4}-\d\d-\d\d", on) else None
    except ValueError:
        read_on = None
    if read_on is None or read_on > today:
        raise Refused(f"“{on}” is not a day until today, such as 2026-11-26")
    if place.casefold() not in places:
        raise Refused(f"“{place}” is not a site of this pilot")
    if not evidence:
        raise Refused("say what shows it")
    number, of = as_number(value), as_number(cases) if cases else None
    if number is None or (cases and of is None):
        raise Refused(f"“{value if number is None else cases}” is not a number")
    reading = Reading(places[place.casefold()], read_on, number, of, evidence)
    check_reading(measure, reading)
    return reading


def as_number(text: str) -> float | None:
    """Return the number that a text is, thousands with or without commas; None where it is none."""
    bare = text.replace(",", "").strip()
    return float(bare) if re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", bare) else None
