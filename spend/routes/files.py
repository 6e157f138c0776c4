"""One version of a published file: facts, decisions, versions, lines, the original, withdrawing it."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import File, Redirect

from accounts.routes.session import Anybody, Db, Someone
from spend import forms, queries
from spend.actions import withdrawing
from spend.reading import REASONS
from spend.routes.showing import (
    BASIS_WORDS,
    KIND_WORDS,
    STATE_WORDS,
    changeable,
    facts_and_rights,
    lake_of,
    own_names,
)
from values.refusals import Missing
from web.pages import AnyRequest, Page, to
from web.paging import Column, Listing

PREVIEW_LINES: Final = 20
LINE_COLUMNS: Final = (
    Column("Line", numeric=True),
    Column("Paid on"),
    Column("Payee"),
    Column("What for"),
    Column("Kind"),
    Column("Amount", numeric=True),
)


@get("/spend/files/{file_id:uuid}", name="spend.file")
async def file_page(request: AnyRequest, db: Db, visitor: Anybody, file_id: FromPath[UUID]) -> Page:
    """Show what is known of one version of a file."""
    facts, rights = await facts_and_rights(db, visitor, file_id)
    place = (facts.body_code, facts.lines_name)
    names = await own_names(db, facts.body_code)
    return Page(
        "spend/file.html",
        context={
            "file": facts,
            "rights": rights,
            "versions": await queries.versions(db, facts),
            "lines": await queries.file_lines(lake_of(request), place, names, limit=PREVIEW_LINES),
            "columns": LINE_COLUMNS,
            "state_words": STATE_WORDS,
            "basis_words": BASIS_WORDS,
            "kind_words": KIND_WORDS,
            "field_names": forms.FIELD_NAMES,
            "reasons": REASONS,
        },
    )


@get("/spend/files/{file_id:uuid}/lines", name="spend.file_lines")
async def file_lines(
    request: AnyRequest, db: Db, visitor: Anybody, file_id: FromPath[UUID]
) -> Page | Redirect:
    """Show a file's lines a page at a time; `?line=` leads to the page on which that line stands."""
    facts = await queries.file_facts(db, file_id)
    place = (facts.body_code, facts.lines_name)
    listing = Listing.of(request, sorts=[], default="")
    wanted = request.query_params.get("line", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 10:
        before = await queries.lines_before(lake_of(request), place, int(wanted))
        page = before // listing.per_page + 1
        href = listing.href(page=page, without=["line"])
        return Redirect(f"{href}#line-{int(wanted)}", status_code=303)
    names = await own_names(db, facts.body_code)
    lines = await queries.file_lines(
        lake_of(request), place, names, offset=listing.offset, limit=listing.per_page
    )
    return Page(
        "spend/file_lines.html",
        context={
            "file": facts,
            "lines": lines,
            "columns": LINE_COLUMNS,
            "kind_words": KIND_WORDS,
            "listing": listing,
        },
    )


@get("/spend/files/{file_id:uuid}/original", name="spend.original")
async def original(request: AnyRequest, db: Db, actor: Someone, file_id: FromPath[UUID]) -> File:
    """Hand out the file as it was uploaded, to the body's officers and operators: it may hold names."""
    facts = await changeable(db, actor, file_id)
    path = lake_of(request).original(facts.digest)
    if not path.exists():
        raise Missing("original")
    return File(
        path,
        filename=re.sub(r"[^A-Za-z0-9._-]+", "-", facts.name).strip("-.") or "file",
        media_type="application/octet-stream",
        content_disposition_type="attachment",
        headers={"x-content-type-options": "nosniff", "cache-control": "no-store"},
    )


@get("/spend/files/{file_id:uuid}/withdraw", name="spend.ask_withdraw")
async def ask_withdraw(db: Db, actor: Someone, file_id: FromPath[UUID]) -> Page:
    """Ask why a file shall no longer count, or whether a withdrawn one shall count again."""
    facts = await changeable(db, actor, file_id)
    return Page("spend/withdraw.html", context={"file": facts, "form": forms.Withdraw()})


@post("/spend/files/{file_id:uuid}/withdraw", name="spend.withdraw", status_code=200)
async def withdraw(request: AnyRequest, db: Db, actor: Someone, file_id: FromPath[UUID]) -> Page | Redirect:
    """Ask for a file to be taken out of the figures."""
    form = forms.Withdraw(await request.form())
    facts = await changeable(db, actor, file_id)
    if form.validate():
        async with form.attempt(db):
            job_id = await withdrawing.ask_withdraw(db, actor, file_id, reason=form.reason.data or "")
            return to(request, f"/jobs/{job_id}")
    return Page("spend/withdraw.html", context={"file": facts, "form": form}, status_code=422)


@post("/spend/files/{file_id:uuid}/restore", name="spend.restore", status_code=200)
async def restore(request: AnyRequest, db: Db, actor: Someone, file_id: FromPath[UUID]) -> Page | Redirect:
    """Ask for a withdrawn file to count again."""
    form = forms.Withdraw()
    facts = await changeable(db, actor, file_id)
    async with form.attempt(db):
        job_id = await withdrawing.ask_restore(db, actor, file_id)
        return to(request, f"/jobs/{job_id}")
    return Page("spend/withdraw.html", context={"file": facts, "form": form}, status_code=422)


router = Router(
    "/",
    route_handlers=[file_page, file_lines, original, ask_withdraw, withdraw, restore],
    include_in_schema=False,
)
