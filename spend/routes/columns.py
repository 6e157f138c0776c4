"""Correcting which column is what: tried on the start of the file, then remembered and read again."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from spend import forms, queries
from spend.actions import correcting
from spend.queries import trials
from spend.queries.trials import Trial
from spend.reading import Mapping, Unreadable
from spend.routes.showing import changeable, lake_of, own_names
from values.refusals import Missing
from web.pages import AnyRequest, Page, to


@get("/spend/files/{file_id:uuid}/columns", name="spend.columns")
async def columns_page(request: AnyRequest, db: Db, actor: Someone, file_id: FromPath[UUID]) -> Page:
    """Show which column was taken for what, to be corrected."""
    facts = await changeable(db, actor, file_id)
    kept = await _remembered(db, facts)
    names = await own_names(db, facts.body_code)
    trial = await _tried(request, facts, kept, names)
    form = forms.Columns(data=forms.typed_columns(kept))
    form.offer(list(trial.columns))
    return _page(facts, form, trial, names, kept)


@post("/spend/files/{file_id:uuid}/columns", name="spend.correct_columns", status_code=200)
async def correct(request: AnyRequest, db: Db, actor: Someone, file_id: FromPath[UUID]) -> Page | Redirect:
    """Show what a correction does, or keep it and read the body's files with this header again."""
    facts = await changeable(db, actor, file_id)
    kept = await _remembered(db, facts)
    names = await own_names(db, facts.body_code)
    typed = await request.form()
    trial = await _tried(request, facts, kept, names)
    form = forms.Columns(typed)
    form.offer(list(trial.columns))
    if not form.validate():
        return _page(facts, form, trial, names, kept)
    mapping = form.mapping(facts.fingerprint)
    try:
        trial = await _tried(request, facts, mapping, names)
    except Unreadable as refused:
        form.refuse(str(refused))
        return _page(facts, form, trial, names, kept)
    form.offer(list(trial.columns))
    if typed.get("act") != "save":
        return _page(facts, form, trial, names, kept, tried=True)
    async with form.attempt(db):
        job_id = await correcting.correct_columns(db, actor, file_id, mapping)
        return to(request, f"/jobs/{job_id}", notice="The correction is kept for files with these headings")
    return _page(facts, form, trial, names, kept)


@get("/spend/files/{file_id:uuid}/columns/remove", name="spend.ask_forget_columns")
async def ask_forget(db: Db, actor: Someone, file_id: FromPath[UUID]) -> Page:
    """Ask whether a correction shall be removed."""
    return Page("spend/forget_columns.html", context={"file": await changeable(db, actor, file_id)})


@post("/spend/files/{file_id:uuid}/columns/remove", name="spend.forget_columns", status_code=200)
async def forget(request: AnyRequest, db: Db, actor: Someone, file_id: FromPath[UUID]) -> Redirect:
    """Forget a correction and read the files again without it."""
    job_id = await correcting.forget_correction(db, actor, file_id)
    return to(request, f"/jobs/{job_id}", notice="The correction is removed")


async def _remembered(db: AsyncSession, facts: queries.FileFacts) -> Mapping | None:
    kept = (await queries.mappings(db, facts.body_code)).get(facts.fingerprint)
    return Mapping.from_json(json.dumps(kept)) if kept else None


async def _tried(
    request: AnyRequest, facts: queries.FileFacts, mapping: Mapping | None, names: list[str]
) -> Trial:
    path = lake_of(request).original(facts.digest)
    try:
        return await asyncio.to_thread(_read, path, facts.name, mapping, names)
    except FileNotFoundError as error:
        raise Missing("original") from error


def _read(path: Path, name: str, mapping: Mapping | None, names: list[str]) -> Trial:
    with path.open("rb") as file:
        start = trials.start_of(file.read(trials.START_BYTES + 1))
    return trials.read_start(start, name, mapping, names)


def _page(
    facts: queries.FileFacts,
    form: forms.Columns,
    trial: Trial,
    names: list[str],
    kept: Mapping | None,
    *,
    tried: bool = False,
) -> Page:
    return Page(
        "spend/columns.html",
        context={
            "file": facts,
            "form": form,
            "trial": trial,
            "lines": queries.as_lines(trial.lines, names),
            "remembered": kept is not None,
            "tried": tried,
            "field_names": forms.FIELD_NAMES,
        },
        status_code=422 if form.error_list else 200,
    )


router = Router("/", route_handlers=[columns_page, correct, ask_forget, forget], include_in_schema=False)
