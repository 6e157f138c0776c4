"""The lawful dates of a procurement: a page that a link can share, files of it, and the same for programs."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time
from typing import Any, Final

from litestar import Router, get
from litestar.datastructures import MultiDict
from litestar.response import Response

from accounts.routes.session import entrance_of
from sourcing.forms import TimetableForm, check_names, query_of
from sourcing.rules.law import law
from sourcing.rules.timetables.asked import WORDS, Procedure
from sourcing.rules.timetables.making import Timetable, as_told
from sourcing.rules.timetables.making import timetable as made
from values.refusals import Refused
from web.exports import csv_bytes, csv_file
from web.icalendar import Event, calendar
from web.pages import AnyRequest, Page
from web.paging import Column

COLUMNS: Final = (Column("Step and day"), Column("Rule, and where it stands"))
HEADINGS: Final = (
    "step", "date", "kind", "rule", "source", "checked", "note", "not_computed", "overridden_by",
)  # fmt: skip


@get("/timetable", name="sourcing.timetable", include_in_schema=False)
async def timetable(request: AnyRequest) -> Page:
    """Ask for a procedure and a day, and show the calendar that follows."""
    form, found = _answered(request.query_params)
    context = {
        "form": form,
        "columns": COLUMNS,
        "found": found,
        "query": query_of(found.asked) if found else "",
        "procedure": WORDS[found.asked.procedure] if found else "",
    }
    return Page("sourcing/timetable.html", context=context, status_code=422 if form.error_list else 200)


@get("/timetable.csv", name="sourcing.timetable_csv", include_in_schema=False)
async def timetable_csv(request: AnyRequest) -> Response[bytes]:
    """Download the calendar as a table."""
    rows = [
        (
            step.name,
            step.on,
            step.kind.value,
            step.rule,
            step.source,
            step.checked,
            step.note,
            step.not_computed,
            step.overridden.officer if step.overridden else "",
        )
        for step in _needed(request).steps
    ]
    return csv_file("timetable.csv", csv_bytes(HEADINGS, rows))


@get("/timetable.ics", name="sourcing.timetable_ics", include_in_schema=False)
async def timetable_ics(request: AnyRequest) -> Response[bytes]:
    """Download the calendar for a calendar program; what has no day is not in it."""
    found = _needed(request)
    query = query_of(found.asked)
    address = f"{entrance_of(request).address}/timetable?{query}"
    # The same dates give the same file: they change with the question and with the tables.
    told_at = datetime.combine(found.holidays_as_of, time(), UTC)
    about = hashlib.sha256(f"{query} {found.version}".encode()).hexdigest()[:16]
    events = [
        Event(
            f"{step.code}-{about}@timetable",
            told_at,
            step.on,
            f"{step.name[0].upper()}{step.name[1:]} ({step.kind.value})",
            address,
            f"{step.rule} ({step.source}). {step.note}".strip(),
        )
        for step in found.steps
        if step.on
    ]
    return Response(
        calendar("Dates of a procurement", events),
        media_type="text/calendar",
        headers={"content-disposition": 'attachment; filename="timetable.ics"'},
    )


@get("/api/v1/timetable", name="sourcing.api_timetable", tags=["timetable"])
async def api_timetable(request: AnyRequest) -> dict[str, Any]:
    """Return the lawful dates of a procurement, each with its rule.

    Query: `procedure` (open, which is usual, competitive-flexible, framework, dynamic-market, direct,
    below-threshold) and `publish` or `award_notice`, each a day such as 2026-09-07 and enough by itself.
    Other days: `requests_due`, `invite`, `tenders_due`, `sign`, `ends`, `planned_notice`. In pounds with VAT:
    `value_gross`. One of a few: `contract` (goods-or-services, works, concession), `ground`. Yes or nothing:
    `light_touch`, `urgent`, `documents_later`, `not_electronic`, `preselected`, `negotiated`. Numbers:
    `assessment_days`, `standstill_days`. A step whose date could not be computed has null and says why in
    `not_computed`; `complete` is then false.
    """
    return dict(as_told(_needed(request)))


def _needed(request: AnyRequest) -> Timetable:
    """Return what was asked for, of an open procedure unless another is named.

    Raises:
        Refused: a name is no question, or the first thing that the form would say.
    """
    check_names(request.query_params.keys())
    query = MultiDict(request.query_params.multi_items())
    query.setdefault("procedure", Procedure.OPEN.value)
    form, found = _answered(query)
    if found is None:
        raise Refused(form.error_list[0].message)
    return found


def _answered(query: MultiDict[str]) -> tuple[TimetableForm, Timetable | None]:
    """Return the form, and the calendar where it was filled in and can be answered."""
    form = TimetableForm(query)
    if not query:
        return form, None
    if form.validate():
        try:
            return form, made(form.asked(), law())
        except Refused as refused:
            form.refuse(refused.message, refused.field)
    return form, None


router = Router("/", route_handlers=[timetable, timetable_csv, timetable_ics, api_timetable])
