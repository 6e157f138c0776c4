"""Uploading a list of needs or a contract register."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from litestar import Response, Router, get, post
from litestar.exceptions import HTTPException
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from procurement import forms
from procurement.actions import importing
from procurement.actions.importing import Summary
from procurement.reading import contracts as registers
from procurement.reading import needs as lists
from procurement.rules import needs as rules
from spend.queries import own_code
from spend.rules.categories import taxonomy
from values.actors import Actor
from web import uploads
from web.exports import csv_bytes, csv_file
from web.pages import AnyRequest, Page

MOST_BYTES: Final = 5_000_000
REASONS: Final = {**registers.REASONS, **lists.REASONS}


@get("/needs/template.csv", name="procurement.template")
async def template(actor: Someone) -> Response[bytes]:
    """Hand out the spreadsheet to fill in."""
    return csv_file("needs-template.csv", csv_bytes(lists.TEMPLATE, [lists.EXAMPLE]))


async def _own(db: AsyncSession, actor: Actor) -> str:
    code = await own_code(db, actor)
    rules.check_may_change(actor, code or "", code)
    return str(code)


def _page(kind: str, form: forms.Upload, summary: Summary | None = None) -> Page:
    return Page(
        "procurement/import.html",
        context={
            "kind": kind,
            "form": form,
            "summary": summary,
            "reasons": REASONS,
            "categories": taxonomy().categories,
        },
        status_code=422 if form.error_list else 200,
    )


async def _taken(
    request: AnyRequest, kind: str, db: AsyncSession, take: Callable[[str, bytes], Awaitable[Summary]]
) -> Page:
    form = forms.Upload()
    folder = Path(request.app.state.settings.home) / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        async with uploads.received(
            request, folder, most_bytes=MOST_BYTES, takes=frozenset({"text"})
        ) as sent:
            if sent.files:
                name, content = sent.files[0].name, sent.files[0].path.read_bytes()
                async with form.attempt(db):
                    return _page(kind, form, await take(name, content))
            else:
                form.refuse("Choose a file", "files")
    except HTTPException as error:
        form.refuse(error.detail, "files")
    return _page(kind, form)


@get("/needs/import", name="procurement.import_needs_page")
async def needs_page(db: Db, actor: Someone) -> Page:
    """Ask for a list of needs."""
    await _own(db, actor)
    return _page("needs", forms.Upload())


@post("/needs/import", name="procurement.import_needs", status_code=200, request_max_body_size=None)
async def import_needs(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """Take a list of needs as drafts."""
    code = await _own(db, actor)

    async def take(_: str, content: bytes) -> Summary:
        return await importing.import_needs(db, actor, content, body_code=code)

    return await _taken(request, "needs", db, take)


@get("/contracts/import", name="procurement.import_contracts_page")
async def contracts_page(db: Db, actor: Someone) -> Page:
    """Ask for a contract register."""
    await _own(db, actor)
    return _page("contracts", forms.Upload())


@post("/contracts/import", name="procurement.import_contracts", status_code=200, request_max_body_size=None)
async def import_contracts(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """Take a contract register of the own council."""
    code = await _own(db, actor)

    async def take(name: str, content: bytes) -> Summary:
        return await importing.import_contracts(db, actor, name, content, body_code=code)

    return await _taken(request, "contracts", db, take)


router = Router(
    "/",
    route_handlers=[template, needs_page, import_needs, contracts_page, import_contracts],
    include_in_schema=False,
)
