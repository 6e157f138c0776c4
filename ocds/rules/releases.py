"""Releases: one for each event of a process, each with all that is public by then.

A stage that comes later, such as the award, adds a module for its noun and its events to `releases`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from ocds.rules import documents, ids, parties, tenders
from ocds.rules.ids import Publisher
from ocds.rules.processes import Answer, Ending, Process
from ocds.rules.saying import Json, instant, said


@dataclass(frozen=True, slots=True)
class Release:
    """A release with what lists are sorted by: when it became public, and its name within the process."""

    at: datetime
    name: str
    body: Json


def releases(publisher: Publisher, process: Process) -> list[Release]:
    """Return the releases of a process, the oldest first."""
    found = [_tender(publisher, process), *_answers(publisher, process)]
    if process.ending:
        found.append(_cancellation(publisher, process, process.ending))
    return sorted(found, key=attrgetter("at", "name"))


def _tender(publisher: Publisher, process: Process) -> Release:
    stage = tenders.tender(publisher, process, "active", [])
    return _release(publisher, process, "UK4", process.opened.recorded_at, ["tender"], stage)


def _answers(publisher: Publisher, process: Process) -> Iterator[Release]:
    """Yield a release for each batch: answers of a batch go out at the same moment."""
    answers = sorted(process.answers, key=attrgetter("published_at", "number"))
    for at, batch in groupby(answers, key=attrgetter("published_at")):
        stage = tenders.tender(publisher, process, "active", _until(answers, at))
        name = f"answers-{next(batch).number}"
        yield _release(publisher, process, name, at, ["tenderUpdate"], stage)


def _cancellation(publisher: Publisher, process: Process, ending: Ending) -> Release:
    at = ending.notice.recorded_at
    answers = sorted(process.answers, key=attrgetter("number"))
    stage = tenders.tender(publisher, process, "cancelled", _until(answers, at))
    stage["documents"] = [*stage["documents"], documents.notice(ending.notice)]
    stage["finalStatusDate"] = instant(ending.decided_at)
    return _release(publisher, process, "UK12", at, ["tenderCancellation"], stage)


def _until(answers: Sequence[Answer], at: datetime) -> list[Answer]:
    return [each for each in answers if each.published_at <= at]


def _release(
    publisher: Publisher, process: Process, name: str, at: datetime, tag: list[str], stage: Json
) -> Release:
    ocid = ids.ocid(publisher, process.tender_id)
    content = process.content
    body = said(
        ocid=ocid,
        id=f"{ocid}-{name}",
        date=instant(at),
        tag=tag,
        initiationType="tender",
        language="en",
        parties=parties.parties(content.buyers),
        buyer=parties.reference(content.lead),
        planning=tenders.planning(process),
        tender=stage,
    )
    return Release(at, name, body)
