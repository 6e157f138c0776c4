"""An officer of the lead drafts a correction: why, one value at a time, documents, the time that is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from tenders.actions.correcting import drafting as actions
from tenders.forms.corrections import BeginForm, TimeForm, said, stored, value_form
from tenders.forms.deciding import ConfirmForm, ReasonForm, VersionForm
from tenders.queries import content as content_queries
from tenders.queries import corrections as queries
from tenders.routes import showing
from tenders.routes.correcting.showing import TAB, page, tab
from tenders.routes.documents import KINDS, MOST_SENT
from tenders.routes.showing import Head
from tenders.rules import documents as document_rules
from tenders.rules.correcting import places
from tenders.rules.correcting.places import Correctable, Kind
from values.years import LONDON
from web import uploads
from web.forms import Form
from web.pages import AnyRequest, Page, to

PLACE: Final = "/tenders/{tender_id:uuid}/corrections/{number:int}"
VALUE: Final = f"{PLACE}/{{place:str}}/{{row:int}}/{{name:str}}"


@post("/tenders/{tender_id:uuid}/corrections", name="tenders.begin_correction", status_code=200)
async def begin(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Begin a correction."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = BeginForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            number = await actions.begin(db, actor, tender_id, reason=form.reason.data or "")
            return to(request, f"/tenders/{tender_id}/corrections/{number}")
    return await tab(db, head, form)


@get(f"{PLACE}/choose", name="tenders.choose_correction")
async def choose(db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """List what can be corrected."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    row = await queries.correction(db, tender_id, number)
    content = await content_queries.content(db, tender_id)
    groups: dict[str, list[tuple[Correctable, int]]] = {}
    for field, at in places.offered(content):
        groups.setdefault(places.name_of(content, field.place, at), []).append((field, at))
    return Page(
        "tenders/corrections/choose.html", context={"head": head, "row": row, "groups": groups.items()}
    )


async def _value_page(
    db: AsyncSession, head: Head, number: int, field: Correctable, at: int, form: Form
) -> Page:
    content = await content_queries.content(db, head.tender.id)
    before = "" if field.kind is Kind.FILE else places.value_of(content, field, at)
    return Page(
        "tenders/corrections/value.html",
        context={
            "head": head,
            "row": await queries.correction(db, head.tender.id, number),
            "field": field,
            "at": at,
            "form": form,
            "before": before if field.kind is Kind.FILE else places.shown(field.kind, before),
            "where": places.name_of(content, field.place, at),
            "most": document_rules.MOST_BYTES,
        },
        status_code=422 if form.error_list else 200,
    )


@get(VALUE, name="tenders.correct_value_page")
async def value_page(
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    number: FromPath[int],
    place: FromPath[str],
    row: FromPath[int],
    name: FromPath[str],
) -> Page:
    """Ask what a value is to be."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    field = places.correctable(place, name)
    if field.kind is Kind.FILE:
        return await _value_page(db, head, number, field, row, VersionForm())
    content = await content_queries.content(db, tender_id)
    found = await queries.correction(db, tender_id, number)
    made = [
        each.after
        for each in await queries.changes(db, found.id)
        if (each.place, each.number, each.name) == (field.place, row, name)
    ]
    value = made[0] if made else places.value_of(content, field, row)
    form = value_form(field)(data={"value": stored(field, value)})
    return await _value_page(db, head, number, field, row, form)


@post(VALUE, name="tenders.correct_value", status_code=200, request_max_body_size=None)
async def change(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    number: FromPath[int],
    place: FromPath[str],
    row: FromPath[int],
    name: FromPath[str],
) -> Page | Redirect:
    """Say what a value is to be."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    field = places.correctable(place, name)
    done = to(request, f"/tenders/{tender_id}/corrections/{number}", notice="The change was written down")
    if field.kind is Kind.FILE:
        form: Form = VersionForm()
        if await _file_taken(request, db, actor, (tender_id, number, row), form):
            return done
        return await _value_page(db, head, number, field, row, form)
    form = value_form(field)(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.change(db, actor, tender_id, number, place, row, name, to=said(form))
            return done
    return await _value_page(db, head, number, field, row, form)


async def _file_taken(
    request: AnyRequest, db: AsyncSession, actor: Any, where: tuple[UUID, int, int], form: Form
) -> bool:
    """Keep the file that was sent; tell whether that was done, or the form says why not."""
    folder = Path(request.app.state.settings.home) / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        async with uploads.received(request, folder, most_bytes=MOST_SENT, takes=KINDS) as sent:
            if not sent.files:
                form.refuse("Choose a file", "files")
            elif sent.files[0].size > document_rules.MOST_BYTES:
                form.refuse("The file must be 20 MB or less", "files")
            else:
                async with form.attempt(db):
                    file = sent.files[0]
                    await actions.change_file(
                        db, actor, *where, name=file.name, kind=file.kind, path=file.path
                    )
                    return True
    except HTTPException as error:
        form.refuse(error.detail, "files")
    return False


@post(f"{VALUE}/leave", name="tenders.leave_value", status_code=200)
async def leave(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    number: FromPath[int],
    place: FromPath[str],
    row: FromPath[int],
    name: FromPath[str],
) -> Page | Redirect:
    """Leave a value as the tender has it after all."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = ConfirmForm()
    async with form.attempt(db):
        await actions.take_out(db, actor, tender_id, number, place, row, name)
        return to(request, f"/tenders/{tender_id}/corrections/{number}", notice="The change was taken out")
    return await page(db, head, number, form)


async def _time_page(db: AsyncSession, head: Head, number: int, form: TimeForm) -> Page:
    return Page(
        "tenders/corrections/time.html",
        context={"head": head, "row": await queries.correction(db, head.tender.id, number), "form": form},
        status_code=422 if form.error_list else 200,
    )


@get(f"{PLACE}/time", name="tenders.correction_time_page")
async def time_page(db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """Ask why the tender is corrected and how much time suppliers are left."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    row = await queries.correction(db, tender_id, number)
    until = row.until.astimezone(LONDON) if row.until else None
    filled = {
        "reason": row.reason,
        "enough": row.enough,
        "day": until.date() if until else None,
        "hour": f"{until:%H:%M}" if until else "",
    }
    return await _time_page(db, head, number, TimeForm(data=filled))


@post(f"{PLACE}/time", name="tenders.correction_time", status_code=200)
async def time(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]
) -> Page | Redirect:
    """Say it."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = TimeForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.describe(
                db,
                actor,
                tender_id,
                number,
                reason=form.reason.data or "",
                until=form.until,
                enough=form.enough.data or "",
            )
            return to(request, f"/tenders/{tender_id}/corrections/{number}", notice="It was written down")
    return await _time_page(db, head, number, form)


async def _end_page(db: AsyncSession, head: Head, number: int, form: ReasonForm) -> Page:
    return Page(
        "tenders/corrections/withdraw.html",
        context={"head": head, "row": await queries.correction(db, head.tender.id, number), "form": form},
        status_code=422 if form.error_list else 200,
    )


@get(f"{PLACE}/withdraw", name="tenders.withdraw_correction_page")
async def withdraw_page(db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """Ask why a correction is withdrawn."""
    return await _end_page(db, await showing.head_of_lead(db, actor, tender_id, TAB), number, ReasonForm())


@post(f"{PLACE}/withdraw", name="tenders.withdraw_correction", status_code=200)
async def withdraw(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]
) -> Page | Redirect:
    """Withdraw it."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = ReasonForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.withdraw(db, actor, tender_id, number, reason=form.reason.data or "")
            return to(request, f"/tenders/{tender_id}/corrections", notice="The correction was withdrawn")
    return await _end_page(db, head, number, form)


router = Router(
    "/",
    route_handlers=[
        begin, choose, value_page, change, leave, time_page, time, withdraw_page, withdraw,
    ],
    include_in_schema=False,
)  # fmt: skip
