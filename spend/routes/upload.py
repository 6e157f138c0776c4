"""Uploading published files: whose they are, the files themselves, and the job that reads them."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.datastructures import FormMultiDict
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries as accounts
from accounts.queries import Body
from accounts.queries import bodies as register
from accounts.queries.bodies import BodyFilter
from accounts.routes.session import Db, Someone
from spend import forms, queries
from spend.actions import uploading
from spend.actions.uploading import Arrived
from spend.routes.showing import lake_of
from spend.rules import access
from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused
from web import uploads
from web.fields import SelectChoice  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
from web.pages import AnyRequest, Page, to
from web.uploads import Kind, Sent

TAKES: Final[frozenset[Kind]] = frozenset({"text", "gzip"})
MOST_BODIES: Final = 1000


@get("/spend/upload", name="spend.upload_page")
async def upload_page(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """Ask for files; an operator first says whose they are."""
    whose = await _whose(db, actor, _code(request))
    if whose is None:
        found = BodyFilter(kind="")
        _, bodies = await register.bodies(db, found, offset=0, limit=MOST_BODIES)
        return Page(
            "spend/choose_body.html",
            context={"bodies": [each for each in bodies if each.code], "code": _code(request)},
        )
    return _shown(await _form(db, whose), whose)


@post("/spend/upload", name="spend.upload", status_code=200, request_max_body_size=None)
async def upload(request: AnyRequest, db: Db, actor: Someone) -> Page | Redirect:
    """Take files as they arrive, and ask for their import."""
    whose = await _whose(db, actor, _code(request))
    if whose is None:
        raise Refused("Choose the council whose files these are")
    folder = uploading.incoming(lake_of(request))
    limit = int(request.app.state.settings.upload_limit_bytes)
    try:
        async with uploads.received(request, folder, most_bytes=limit, takes=TAKES) as sent:
            return await _taken(request, db, actor, whose, sent)
    except HTTPException as error:
        # The form broke off in the middle: what else was typed in it is not known.
        form = await _form(db, whose)
        form.refuse(error.detail, "files")
        return _shown(form, whose)


async def _taken(
    request: AnyRequest, db: AsyncSession, actor: Actor, whose: Body, sent: Sent
) -> Page | Redirect:
    form = await _form(db, whose, FormMultiDict(sent.fields))
    valid = form.validate()
    if not sent.files:
        form.refuse("Choose a file", "files")
    if not valid or not sent.files:
        return _shown(form, whose)
    async with form.attempt(db):
        job_id = await uploading.upload(
            db,
            actor,
            lake_of(request),
            str(whose.code),
            [Arrived(file.name, file.sha256, file.path) for file in sent.files],
            replaces=UUID(form.replaces.data) if form.replaces.data else None,
        )
        return to(request, f"/jobs/{job_id}")
    return _shown(form, whose)


def _code(request: AnyRequest) -> str:
    # Not as a parameter: Litestar keeps `body` for itself.
    return request.query_params.get("body", "")


async def _whose(db: AsyncSession, actor: Actor, code: str) -> Body | None:
    """Return the body for which an actor uploads; None: an operator has not said yet.

    Raises:
        NotAllowed: the actor may not upload, or not for that body.
    """
    own = await queries.own_code(db, actor)
    wanted = code.strip() or (own if actor.has(Role.OFFICER) and own else "")
    if not access.may_upload(actor) or (not wanted and not actor.has(Role.OPERATOR)):
        raise _not_allowed()
    body = await accounts.body_by_code(db, wanted) if wanted else None
    if body is None or body.code is None:
        if not actor.has(Role.OPERATOR):
            raise _not_allowed()
        return None
    access.check_may_change(actor, body.code, own)
    return body


def _not_allowed() -> NotAllowed:
    return NotAllowed("Only officers of a council and operators can upload its files.")


async def _form(db: AsyncSession, whose: Body, typed: FormMultiDict | None = None) -> forms.Upload:
    form = forms.Upload(typed)
    current = await queries.current_files(db, str(whose.code))
    form.replaces.choices = [
        SelectChoice("", "No, or its name says so"),
        *(SelectChoice(str(file_id), name) for file_id, name, _ in current),
    ]
    return form


def _shown(form: forms.Upload, whose: Body) -> Page:
    context: dict[str, Any] = {"form": form, "body": whose}
    return Page("spend/upload.html", context=context, status_code=422 if form.error_list else 200)


router = Router("/", route_handlers=[upload_page, upload], include_in_schema=False)
