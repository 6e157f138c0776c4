"""Changing the parts of a tender that are one page each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from tenders.actions import parts as actions
from tenders.forms.fields import PartForm
from tenders.forms.parts import FORMS, DatesForm, RequirementsForm
from tenders.queries import checking, early_notices
from tenders.queries import content as content_queries
from tenders.queries import parts as queries
from tenders.routes import showing
from tenders.routes.showing import Head
from tenders.rules.early_notices import SETTLED_WORDS
from tenders.rules.linting.findings import PART_WORDS, SEVERITY_WORDS, Finding, Part
from values.actors import Actor
from values.refusals import Missing
from values.years import london_today
from web.pages import AnyRequest, Page, to

SAVED: Final = "Saved"


def part_of(name: str) -> Part:
    """Return the part that has a form of its own under this name.

    Raises:
        Missing: none has.
    """
    found = next((part for part in FORMS if part.value == f"edit/{name}"), None)
    if found is None:
        raise Missing("part")
    return found


async def findings_of(db: AsyncSession, head: Head, part: Part) -> list[Finding]:
    """Return what the linter says about one part."""
    content = await content_queries.content(db, head.tender.id)
    found = await checking.found(db, head.tender.id, content, london_today())
    return [each for each in found if each.part is part]


async def _shown(db: AsyncSession, tender_id: UUID, part: Part) -> PartForm:
    if part is Part.REQUIREMENTS:
        found = await queries.requirements(db, tender_id, None)
        return RequirementsForm(data={kind: "\n".join(lines) for kind, lines in found.items()})
    stored = await queries.values(db, tender_id)
    return FORMS[part](data=DatesForm.shown(stored) if part is Part.DATES else stored)


async def _page(db: AsyncSession, head: Head, part: Part, form: PartForm, settled: Sequence[str]) -> Page:
    return Page(
        "tenders/edit.html",
        context={
            "head": head,
            "form": form,
            "part": part,
            "heading": PART_WORDS[part],
            "findings": await findings_of(db, head, part),
            "severity_words": SEVERITY_WORDS,
            "settled": [words for name, words in SETTLED_WORDS.items() if name in settled],
        },
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/edit/{name:str}", name="tenders.edit_page")
async def edit_page(db: Db, actor: Someone, tender_id: FromPath[UUID], name: FromPath[str]) -> Page:
    """Ask for a part of the tender, and show what the linter says about it."""
    part = part_of(name)
    head = await showing.head_of_lead(db, actor, tender_id, "Overview")
    form = await _shown(db, tender_id, part)
    settled = form.without(await early_notices.settled(db, tender_id))
    return await _page(db, head, part, form, settled)


@post("/tenders/{tender_id:uuid}/edit/{name:str}", name="tenders.edit", status_code=200)
async def edit(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], name: FromPath[str]
) -> Page | Redirect:
    """Save a part of the tender; nothing needs to be whole before approval is asked for."""
    part = part_of(name)
    head = await showing.head_of_lead(db, actor, tender_id, "Overview")
    form: Any = FORMS[part](await request.form())
    settled = form.without(await early_notices.settled(db, tender_id))
    if form.validate():
        async with form.attempt(db):
            await _save(db, actor, tender_id, part, form)
            return to(request, f"/tenders/{tender_id}", notice=SAVED)
    return await _page(db, head, part, form, settled)


async def _save(db: AsyncSession, actor: Actor, tender_id: UUID, part: Part, form: PartForm) -> None:
    if isinstance(form, RequirementsForm):
        await actions.save_requirements(db, actor, tender_id, form.requirements)
    else:
        await actions.save(db, actor, tender_id, part, form.values)


router = Router("/", route_handlers=[edit_page, edit], include_in_schema=False)
