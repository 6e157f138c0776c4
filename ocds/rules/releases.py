"""Releases: one for each event of a process, each with all that is public by then.

A stage that comes later, such as the award, adds a module for its noun and its events to `_happenings`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from ocds.rules import awards, contracts, documents, ids, parties, tenders
from ocds.rules.ids import Publisher
from ocds.rules.processes import Extension, Process
from ocds.rules.saying import Json, instant, said


@dataclass(frozen=True, slots=True)
class Release:
    """A release with what lists are sorted by: when it became public, and its name within the process."""

    at: datetime
    name: str
    body: Json


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of a process.

    Attributes:
        at: when it became public.
        name: of its release.
        tag, more: of its release.
        status: of the tender from then on.
    """

    at: datetime
    name: str
    tag: str
    status: str = "active"
    more: tuple[str, ...] = ()


def releases(publisher: Publisher, process: Process) -> list[Release]:
    """Return the releases of a process, the oldest first."""
    happenings = sorted(_happenings(process), key=attrgetter("at", "name"))
    ocid = ids.ocid(publisher, process.tender_id)
    names = [f"{ocid}-{each.name}" for each in happenings]
    amendments = [
        _amendment(process.extensions[number], names[place - 1], names[place], number + 1)
        for number, place in enumerate(_places(happenings, "tenderAmendment"))
    ]
    found: list[Release] = []
    for each in happenings:
        now = tenders.moment(process, each.at, each.status)
        stage = tenders.tender(publisher, process, now)
        stage |= said(amendments=amendments[: len(now.extensions)])
        if process.ending and each.tag == "tenderCancellation":
            stage["documents"] = [*stage["documents"], documents.notice(process.ending.notice)]
            stage["finalStatusDate"] = instant(process.ending.decided_at)
        found.append(_release(publisher, process, each, stage))
    return found


def _awarded(publisher: Publisher, process: Process, each: Happening) -> Json:
    """Return award and contracts as they stood: nothing before a notice of it was published."""
    awarded = process.awarded
    signed = contracts.contracts(publisher, process, each.at)
    # Below the threshold contracts follow the award without a notice of it.
    if awarded is None or awarded.notice.recorded_at > each.at:
        return said(contracts=signed)
    lots = {int(contract["awardID"]) for contract in signed}
    made = awards.awards(process, lots, cancelled=each.status == "cancelled")
    return said(awards=made, bids=awards.statistics(awarded), contracts=signed)


def _happenings(process: Process) -> Iterator[Happening]:
    yield Happening(process.opened.recorded_at, "UK4", "tender")
    answers = sorted(process.answers, key=attrgetter("published_at", "number"))
    # Answers of a batch go out at the same moment.
    for at, batch in groupby(answers, key=attrgetter("published_at")):
        yield Happening(at, f"answers-{next(batch).number}", "tenderUpdate")
    for number, each in enumerate(process.extensions, 1):
        yield Happening(each.moved_at, f"deadline-{number}", "tenderAmendment")
    opened_at = process.opened.recorded_at
    moved = [each for each in process.question_times if each.given_at > opened_at]
    for number, each in enumerate(moved, 1):
        yield Happening(each.given_at, f"questions-{number}", "tenderUpdate")
    if process.awarded:
        yield Happening(process.awarded.notice.recorded_at, "UK6", "award", "complete")
    for at, name, (tag, *more) in contracts.happenings(process):
        yield Happening(at, name, tag, "complete", tuple(more))
    if process.ending:
        yield Happening(process.ending.notice.recorded_at, "UK12", "tenderCancellation", "cancelled")


def _places(happenings: Sequence[Happening], tag: str) -> list[int]:
    return [place for place, each in enumerate(happenings) if each.tag == tag]


def _amendment(each: Extension, amends: str, by: str, number: int) -> Json:
    before, after = instant(each.due_before), instant(each.due_at)
    return said(
        id=str(number),
        date=instant(each.moved_at),
        description=f"The deadline for tenders was moved from {before} to {after}",
        rationale=each.reason,
        amendsReleaseID=amends,
        releaseID=by,
    )


def _release(publisher: Publisher, process: Process, each: Happening, stage: Json) -> Release:
    ocid = ids.ocid(publisher, process.tender_id)
    content = process.content
    later = _awarded(publisher, process, each)
    named = awards.suppliers(process.awarded) if "awards" in later else []
    body = said(
        ocid=ocid,
        id=f"{ocid}-{each.name}",
        date=instant(each.at),
        tag=[each.tag, *each.more],
        initiationType="tender",
        language="en",
        parties=[*parties.parties(content.buyers), *named],
        buyer=parties.reference(content.lead),
        planning=tenders.planning(process),
        tender=stage,
        **later,
    )
    return Release(each.at, each.name, body)
