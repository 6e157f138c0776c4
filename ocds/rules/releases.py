"""Releases: one for each event of a process, each with all that is public by then.

A stage that comes later, such as the award, adds a module for its noun and its events to `_happenings`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from ocds.rules import (
    amendments,
    awards,
    contracts,
    corrections,
    documents,
    ids,
    parties,
    planning,
    tenders,
)
from ocds.rules.ids import Publisher
from ocds.rules.planning import Release
from ocds.rules.processes import Correction, Extension, Planned, Process
from ocds.rules.saying import Json, instant, said


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


def releases(publisher: Publisher, process: Process | Planned) -> list[Release]:
    """Return the releases of a process, the oldest first."""
    if isinstance(process, Planned):
        return planning.releases(publisher, process)
    before = planning.releases(publisher, process.planned) if process.planned else []
    return [*before, *_releases(publisher, process)]


def _releases(publisher: Publisher, process: Process) -> list[Release]:
    happenings = sorted(_happenings(process), key=attrgetter("at", "name"))
    ocid = ids.ocid(publisher, process.tender_id)
    names = [f"{ocid}-{each.name}" for each in happenings]
    changes = _changes(process)
    found: list[Release] = []
    amendments: list[Json] = []
    for place, each in enumerate(happenings):
        then = corrections.as_of(process, each.at)
        now = tenders.moment(then, each.at, each.status)
        stage = tenders.tender(publisher, then, now)
        if each.name in changes:
            amended = _amendment(changes[each.name], names[place - 1], names[place], len(amendments) + 1)
            amendments = [*amendments, amended]
        stage |= said(amendments=amendments)
        if process.ending and each.tag == "tenderCancellation":
            stage["documents"] = [*stage["documents"], documents.notice(process.ending.notice)]
            stage["finalStatusDate"] = instant(process.ending.decided_at)
        found.append(_release(publisher, then, each, stage))
    return found


def _awarded(publisher: Publisher, process: Process, each: Happening) -> Json:
    """Return award and contracts as they stood: nothing before a notice of it was published."""
    awarded = process.awarded
    signed = contracts.contracts(publisher, process, each.at)
    if awarded is None:
        # Below the threshold contracts follow the award without a notice of it: theirs tell of both.
        known = contracts.public(process, each.at)
        return said(awards=awards.of_contracts(process, known), contracts=signed)
    if awarded.notice.recorded_at > each.at:
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
    for each in process.corrections:
        yield Happening(each.recorded_at, corrections.name(each), "tenderAmendment")
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


def _changes(process: Process) -> Mapping[str, Extension | Correction]:
    """Return what amends the tender, by the name of its release."""
    moved = {f"deadline-{number}": each for number, each in enumerate(process.extensions, 1)}
    return {**moved, **{corrections.name(each): each for each in process.corrections}}


def _amendment(each: Extension | Correction, amends: str, by: str, number: int) -> Json:
    if isinstance(each, Correction):
        at, description = each.recorded_at, corrections.description(each)
    else:
        before, after = instant(each.due_before), instant(each.due_at)
        at, description = each.moved_at, f"The deadline for tenders was moved from {before} to {after}"
    return said(
        id=str(number),
        date=instant(at),
        description=description,
        rationale=each.reason,
        amendsReleaseID=amends,
        releaseID=by,
    )


def _release(publisher: Publisher, process: Process, each: Happening, stage: Json) -> Release:
    ocid = ids.ocid(publisher, process.tender_id)
    content = process.content
    later = _awarded(publisher, process, each)
    named = awards.suppliers(process.awarded) if "awards" in later else []
    if "awards" in later and process.awarded is None:
        named = awards.contractors(contracts.public(process, each.at))
    known = [(one, contracts.told(one, each.at)) for one in contracts.public(process, each.at)]
    named = amendments.parties(known, named)
    body = said(
        ocid=ocid,
        id=f"{ocid}-{each.name}",
        date=instant(each.at),
        tag=[each.tag, *each.more],
        initiationType="tender",
        language="en",
        parties=[*parties.parties(content.buyers), *named],
        buyer=parties.reference(content.lead),
        planning=tenders.plan(process),
        tender=stage,
        **later,
    )
    return Release(each.at, each.name, body)
