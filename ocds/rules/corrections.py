"""Corrections of a published tender: amendments of its releases, and what it said before each."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from ocds.rules import documents
from ocds.rules.processes import Correction, File, Notice, Process
from ocds.rules.saying import Json
from tenders.rules.correcting import places
from tenders.rules.correcting.places import Change, FileVersion, Place


def as_of(process: Process, at: datetime) -> Process:
    """Return a process as it stood at an instant: a release says what was true then, whenever it is made."""
    later = [each for each in process.corrections if each.recorded_at > at]
    if not later:
        return process
    content, files = process.content, list(process.files)
    for each in reversed(later):
        content = places.undone(content, each.changes)
        for change in each.changes:
            if change.place is Place.DOCUMENT:
                files[change.number - 1] = _earlier(files[change.number - 1], change)
    kept = [each for each in process.corrections if each.recorded_at <= at]
    return dataclasses.replace(process, content=content, files=files, corrections=kept)


def notices(process: Process) -> list[Json]:
    """Return the tender notice as it was published again with each correction."""
    return [
        {
            **documents.notice(Notice("UK4", each.reference, each.published_at, each.recorded_at)),
            "id": name(each),
            "title": f"Tender notice, correction {each.number}",
        }
        for each in process.corrections
    ]


def name(each: Correction) -> str:
    """Return the name of a correction's release within its process."""
    return f"correction-{each.number}"


def file_since(process: Process, position: int) -> datetime:
    """Return since when the version of a file has been there; `position` is its number in the tender."""
    found = [
        each.recorded_at
        for each in process.corrections
        for change in each.changes
        if change.place is Place.DOCUMENT and change.number == position
    ]
    return found[-1] if found else process.opened.recorded_at


def description(each: Correction) -> str:
    """Return what an amendment says of a correction; what each value was stands in the earlier release."""
    what = dict.fromkeys(
        f"{places.PLACE_WORDS[change.place]} {change.number}: {_words(change)}"
        if change.place is not Place.TENDER
        else _words(change)
        for change in each.changes
    )
    return f"Corrected: {'; '.join(what)}"


def _words(change: Change) -> str:
    words = places.correctable(change.place, change.name).words
    return words[0].lower() + words[1:]


def _earlier(file: File, change: Change) -> File:
    before = FileVersion.of(change.before)
    return dataclasses.replace(
        file,
        name=before.name,
        kind=before.kind,
        version=before.version,
        sha256=before.sha256,
        size=before.size,
    )
