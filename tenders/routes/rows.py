"""The parts of a tender that are lists: lots, conditions, award criteria, indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from tenders.actions import parts as actions
from tenders.forms.fields import PartForm
from tenders.forms.rows import EMPTY_LOT, ROW_FORMS, CriterionForm, LotForm, MethodForm, NoKpisForm
from tenders.queries import parts as queries
from tenders.routes import showing
from tenders.routes.editing import SAVED, findings_of
from tenders.routes.showing import Head
from tenders.rules.linting.findings import PART_WORDS, SEVERITY_WORDS, Part
from values.actors import Actor
from web.forms import Form
from web.pages import AnyRequest, Page, to


@dataclass(frozen=True, slots=True)
class Words:
    """What a row of a list is called."""

    one: str
    none: str


WORDS: Final[Mapping[Part, Words]] = {
    Part.LOTS: Words("lot", "There is no lot yet."),
    Part.CONDITIONS: Words("condition", "Any supplier may tender. There is no condition of participation."),
    Part.AWARD: Words("criterion", "There is no award criterion yet."),
    Part.KPIS: Words("indicator", "There is no key performance indicator yet."),
}
# What a list's own page asks for beside its rows.
BESIDE: Final[Mapping[Part, type[PartForm]]] = {Part.AWARD: MethodForm, Part.KPIS: NoKpisForm}
LISTS: Final = [f"/tenders/{{tender_id:uuid}}/{part.value}" for part in ROW_FORMS]
NEW: Final = [f"{path}/new" for path in LISTS]
ROWS: Final = [f"{path}/{{row_id:uuid}}" for path in LISTS]
REMOVALS: Final = [f"{path}/remove" for path in ROWS]


def _part(request: AnyRequest) -> Part:
    return Part(str(request.scope["path"]).strip("/").split("/")[2])


async def _list(db: AsyncSession, head: Head, part: Part, form: Form) -> Page:
    return Page(
        "tenders/rows.html",
        context={
            "head": head,
            "part": part,
            "heading": PART_WORDS[part],
            "words": WORDS[part],
            "rows": await queries.rows(db, head.tender.id, part.value),
            "form": form,
            "beside": part in BESIDE,
            "findings": await findings_of(db, head, part),
            "severity_words": SEVERITY_WORDS,
        },
        status_code=422 if form.error_list else 200,
    )


@get(LISTS, name="tenders.rows")
async def rows(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show the rows of a part, and what the linter says about it."""
    part = _part(request)
    head = await showing.head_of_lead(db, actor, tender_id, "Overview")
    stored = await queries.values(db, tender_id)
    return await _list(db, head, part, BESIDE.get(part, PartForm)(data=dict(stored)))


@post(LISTS, name="tenders.save_rows", status_code=200)
async def save(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Save what a part asks for beside its rows: the method, or why there are no indicators."""
    part = _part(request)
    head = await showing.head_of_lead(db, actor, tender_id, "Overview")
    form: Any = BESIDE.get(part, PartForm)(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.save(db, actor, tender_id, part, form.values)
            return to(request, f"/tenders/{tender_id}/{part.value}", notice=SAVED)
    return await _list(db, head, part, form)


async def _form(db: AsyncSession, tender_id: UUID, part: Part, row_id: UUID | None, typed: Any) -> Any:
    """Return the form of a row: as it was sent, as it is stored, or empty."""
    form_type = ROW_FORMS[part]
    stored: dict[str, Any] = dict(EMPTY_LOT) if part is Part.LOTS else {}
    if row_id is not None:
        stored = dict(await queries.row(db, tender_id, part.value, row_id))
        if part is Part.LOTS:
            stored = LotForm.shown(stored, await queries.requirements(db, tender_id, row_id))
    form = form_type(typed, data={**stored, "parent": str(stored.get("parent_id") or "")})
    if isinstance(form, CriterionForm):
        form.offer(await queries.rows(db, tender_id, part.value), row_id)
    return form


def _row_page(head: Head, part: Part, row_id: UUID | None, form: Form) -> Page:
    one = WORDS[part].one
    return Page(
        "tenders/row.html",
        context={
            "head": head,
            "form": form,
            "part": part,
            "row_id": row_id,
            "words": WORDS[part],
            "heading": f"Change the {one}" if row_id else f"Add a{'n' if one[0] in 'aeiou' else ''} {one}",
        },
        status_code=422 if form.error_list else 200,
    )


@get(NEW, name="tenders.new_row_page")
async def new_page(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Ask for a new row of a part."""
    part = _part(request)
    head = await showing.head_of_lead(db, actor, tender_id, "Overview")
    return _row_page(head, part, None, await _form(db, tender_id, part, None, None))


@get(ROWS, name="tenders.row_page")
async def row_page(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], row_id: FromPath[UUID]
) -> Page:
    """Show a row of a part, to be changed."""
    part = _part(request)
    head = await showing.head_of_lead(db, actor, tender_id, "Overview")
    return _row_page(head, part, row_id, await _form(db, tender_id, part, row_id, None))


@post(NEW, name="tenders.add_row", status_code=200)
async def add(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Add a row to a part."""
    return await _saved(request, db, actor, tender_id, None)


@post(ROWS, name="tenders.change_row", status_code=200)
async def change(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], row_id: FromPath[UUID]
) -> Page | Redirect:
    """Change a row of a part."""
    return await _saved(request, db, actor, tender_id, row_id)


async def _saved(
    request: AnyRequest, db: AsyncSession, actor: Actor, tender_id: UUID, row_id: UUID | None
) -> Page | Redirect:
    part = _part(request)
    head = await showing.head_of_lead(db, actor, tender_id, "Overview")
    form = await _form(db, tender_id, part, row_id, await request.form())
    if form.validate():
        required = form.requirements if part is Part.LOTS else None
        async with form.attempt(db):
            if row_id is None:
                await actions.add_row(db, actor, tender_id, part, form.values, requirements=required)
            else:
                await actions.change_row(
                    db, actor, tender_id, part, row_id, form.values, requirements=required
                )
            return to(request, f"/tenders/{tender_id}/{part.value}", notice=SAVED)
    return _row_page(head, part, row_id, form)


@post(REMOVALS, name="tenders.remove_row", status_code=200)
async def remove(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], row_id: FromPath[UUID]
) -> Page | Redirect:
    """Remove a row of a part."""
    part = _part(request)
    head = await showing.head_of_lead(db, actor, tender_id, "Overview")
    form = BESIDE.get(part, PartForm)(data=dict(await queries.values(db, tender_id)))
    async with form.attempt(db):
        await actions.remove_row(db, actor, tender_id, part, row_id)
        return to(request, f"/tenders/{tender_id}/{part.value}", notice="Removed")
    return await _list(db, head, part, form)


router = Router(
    "/", route_handlers=[rows, save, new_page, row_page, add, change, remove], include_in_schema=False
)
