"""What a published file's own name says: its period, its series, and whether it replaces an earlier file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# What a download manager, a help desk or a browser puts before or after a name; none of it is the council's.
_WRAPPING = re.compile(r"^(?:\d{9,}wpdm[_-]|call\d+[_-]|(?:copy[ _-]+of[ _-]+)+)+", re.IGNORECASE)
_EXTENSIONS = {".gz", ".zip", ".csv", ".cvs", ".txt", ".tsv", ".xls", ".xlsx", ".xlsm", ".ods"}
_COPY = re.compile(r"\((\d{1,2})\)|[ _-]+copy(?:[ _-]*(\d+))?$", re.IGNORECASE)
_VERSION = re.compile(r"\b(?:v|ver|version|rev|revision)[ ._-]?(\d{1,2})\b", re.IGNORECASE)
_CORRECTED = frozenset(
    [
        "amended",
        "amendment",
        "corrected",
        "correction",
        "reissued",
        "replacement",
        "republished",
        "rerun",
        "resubmitted",
        "revised",
        "revision",
        "updated",
    ]
)
# Words that say what all such files are; a series is told apart by the others ("card", a subsidiary's name).
_PLAIN_WORDS = frozenset(
    [
        "0",
        "00",
        "250",
        "500",
        "above",
        "and",
        "clean",
        "csv",
        "cvs",
        "data",
        "expenditure",
        "file",
        "for",
        "of",
        "open",
        "over",
        "payment",
        "payments",
        "published",
        "report",
        "s",
        "spend",
        "spending",
        "spendover",
        "spends",
        "spent",
        "supplier",
        "suppliers",
        "the",
        "to",
        "transparency",
        "xls",
        "xlsx",
    ]
)


@dataclass(frozen=True, slots=True)
class FileStem:
    """The parts of a file's name that matter.

    Attributes:
        name: the name without folder, extension, wrapping and marks of revision; small letters, words by "-".
        period: "2018-01", "2016-04/2016-06", "2021-P10", "2021-Q1", "2021/22", "2021" or "2018-01-31"; None
            when the name does not say it without doubt.
        series: the words that tell one series of a council from another; empty for the plain one.
        revision: 0 unless the name says that it is a later version.
    """

    name: str
    period: str | None
    series: str
    revision: int


@lru_cache(maxsize=4096)
def stem(name: str) -> FileStem:
    """Read the name of a published file; the folder it lies in says nothing."""
    bare = _without_extensions(name)
    bare, revision = _without_revision(_WRAPPING.sub("", bare))
    words = re.findall(r"[a-z]+|\d+", bare.lower())
    if words and words[-1] in {"csv", "cvs", "xls", "xlsx"}:
        words = words[:-1]
    period, rest = _period(words)
    series = "-".join(word for word in rest if word not in _PLAIN_WORDS)
    return FileStem("-".join(words), period, series, revision)


def replaces(new: FileStem, existing: FileStem) -> bool:
    """Tell whether a new file's name says that it replaces a file of the same council with other content.

    It does when both names are the same but for wrapping and marks of revision, unless the existing one is
    the later revision; or when the new name carries a later mark of revision for the same series and period.
    """
    if new.name == existing.name:
        return new.revision >= existing.revision
    same = new.period is not None and (new.period, new.series) == (existing.period, existing.series)
    return same and new.revision > existing.revision


def _without_extensions(name: str) -> str:
    path = PurePath(name.replace("\\", "/"))
    while path.suffix.lower() in _EXTENSIONS:
        path = path.with_suffix("")
    return path.name


def _without_revision(name: str) -> tuple[str, int]:
    revision = 0
    for pattern in (_VERSION, _COPY):
        for match in pattern.finditer(name):
            said = next((group for group in match.groups() if group), "1")
            revision = max(revision, int(said))
        name = pattern.sub(" ", name)
    words = re.split(r"([^A-Za-z0-9]+)", name)
    kept = [word for word in words if word.lower() not in _CORRECTED]
    return "".join(kept), max(revision, int(len(kept) < len(words)))


def _period(words: list[str]) -> tuple[str | None, list[str]]:
    """The period, and the words that are not part of it."""
    text = " ".join(words)
    for pattern, read in _PERIODS:
        if (match := pattern.search(text)) and (period := read(match)):
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            return period, rest.split()
    return None, words


def _number(month: str) -> int:
    return MONTHS.index(month[:3]) + 1 if month.isalpha() else int(month)


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month(year: str, month: str) -> str | None:
    return f"{_year(year)}-{_number(month):02d}" if 1 <= _number(month) <= 12 else None


def _range(first: str, first_year: str | None, last: str, last_year: str) -> str | None:
    start, end = _month(first_year or last_year, first), _month(last_year, last)
    if start and end and start > end and not first_year:
        start = _month(str(_year(last_year) - 1), first)
    return f"{start}/{end}" if start and end and start <= end else None


def _short_month(match: re.Match[str]) -> str | None:
    # "1708" is August 2017; "2008" could be a year or August 2020, so it says nothing.
    year, month = match["y"], match["m"]
    return None if year == "20" else _month(year, month)


def _financial_year(first: str, second: str) -> str | None:
    return f"{first}/{second}" if (int(first) + 1) % 100 == int(second) else None


_Y4, _Y2, _M = r"20[0-3]\d", r"(?:20)?[0-3]\d", r"(?:0[1-9]|1[0-2])"
_PERIODS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
    (re.compile(rf"\b({_Y4})({_M})([0-3]\d)\b"), lambda m: f"{m[1]}-{m[2]}-{m[3]}"),
    (re.compile(rf"\b({_Y4}) p (\d\d?)\b"), lambda m: f"{m[1]}-P{int(m[2]):02d}"),
    (re.compile(rf"\bp (\d\d?) ({_Y4})\b"), lambda m: f"{m[2]}-P{int(m[1]):02d}"),
    (re.compile(rf"\b(?:q|quarter) ([1-4]) ({_Y2})(?: ([0-3]\d))?\b"), lambda m: f"{_year(m[2])}-Q{m[1]}"),
    (re.compile(rf"\b({_Y4})(?: ([0-3]\d))? (?:q|quarter) ([1-4])\b"), lambda m: f"{m[1]}-Q{m[3]}"),
    (re.compile(rf"\b({_Y4}) ({_M})\b(?! 20\d\d)"), lambda m: _month(m[1], m[2])),
    (
        re.compile(rf"\b({_MONTH.pattern})(?: ({_Y2}))?(?: to)? ({_MONTH.pattern}) ({_Y2})\b"),
        lambda m: _range(m[1], m[2], m[3], m[4]),
    ),
    (re.compile(rf"\b({_MONTH.pattern}) ({_Y2})\b"), lambda m: _month(m[2], m[1])),
    (re.compile(rf"\b({_Y4}) ({_MONTH.pattern})\b"), lambda m: _month(m[1], m[2])),
    (re.compile(rf"\b({_M}) ({_Y4})\b"), lambda m: _month(m[2], m[1])),
    (re.compile(rf"^(?P<y>[1-3]\d)(?P<m>{_M})$"), _short_month),
    (re.compile(rf"\b({_Y4}) ([0-3]\d)\b"), lambda m: _financial_year(m[1], m[2])),
    (re.compile(rf"^({_Y4})$"), lambda m: None if m[1] <= "2012" else m[1]),
)
