"""What a correction changed, line by line."""

from __future__ import annotations

import difflib
import enum
from collections.abc import Sequence
from dataclasses import dataclass

from tenders.rules.content import Content
from tenders.rules.correcting import places
from tenders.rules.correcting.places import Change, Kind


class Sign(enum.StrEnum):
    """Whether a line stayed, was taken out, or was put in."""

    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a value, as it was or as it is."""

    sign: Sign
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """A change as people read it: where, which value, and its lines."""

    change: Change
    where: str
    what: str
    lines: Sequence[Line]

    @property
    def words(self) -> str:
        """Return it as a line of plain text."""
        field = places.correctable(self.change.place, self.change.name)
        before, after = (places.shown(field.kind, text) for text in (self.change.before, self.change.after))
        return f"{self.where}: {self.what}. Before: {before}. Now: {after}"


def lines(before: str, after: str) -> list[Line]:
    """Return the lines of two texts in their order: what stayed, what went, what came."""
    earlier, later = before.splitlines(), after.splitlines()
    found: list[Line] = []
    matcher = difflib.SequenceMatcher(None, earlier, later, autojunk=False)
    for doing, begin, end, start, stop in matcher.get_opcodes():
        if doing == "equal":
            found += [Line(Sign.SAME, each) for each in earlier[begin:end]]
        else:
            found += [Line(Sign.OUT, each) for each in earlier[begin:end]]
            found += [Line(Sign.IN, each) for each in later[start:stop]]
    return found


def told(content: Content, changes: Sequence[Change]) -> list[Told]:
    """Return changes as people read them; things are called as the tender calls them now."""
    return [_told(content, each) for each in changes]


def _told(content: Content, change: Change) -> Told:
    field = places.correctable(change.place, change.name)
    before, after = places.shown(field.kind, change.before), places.shown(field.kind, change.after)
    if field.kind not in (Kind.TEXT, Kind.LINE):
        found = [Line(Sign.OUT, before), Line(Sign.IN, after)] if before else [Line(Sign.IN, after)]
    else:
        found = lines(before, after)
    return Told(change, places.name_of(content, change.place, change.number), field.words, found)
