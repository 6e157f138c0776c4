"""Files that show readings of a pilot: added, opened to everybody or closed, and handed out."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.datastructures import FormMultiDict
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db, Someone
from challenges.actions import evidencing as actions
from challenges.forms.evidence import EvidenceForm, ReadersForm
from challenges.queries import evidence as queries
from challenges.queries import pilots
from challenges.queries.evidence import EvidenceRow
from challenges.routes.pilots import PilotHead, pilot_head
from challenges.rules import evidence as rules
from challenges.rules.pilots import Measure
from store import files
from values.actors import Actor
from values.refusals import NotAllowed
from web import uploads
from web.downloads import as_sent
from web.forms import Form
from web.pages import AnyRequest, Page, to
from web.uploads import Sent

# Beside the file there are the other parts of the form.
MOST_SENT: Final = rules.MOST_BYTES + 100_000
OF_MEASURE: Final = "/pilots/{pilot_id:uuid}/measures/{position:int}/evidence"
FILE: Final = "/pilots/{pilot_id:uuid}/evidence/{evidence_id:uuid}"


async def _running(db: AsyncSession, actor: Actor, pilot_id: UUID) -> PilotHead:
    head = await pilot_head(db, actor, pilot_id)
    if not head.runs:
        raise NotAllowed("Only an officer of the council that runs the pilot can do this.")
    return head


async def _asked(
    db: AsyncSession, actor: Actor, pilot_id: UUID, position: int
) -> tuple[PilotHead, Measure, EvidenceForm]:
    head = await _running(db, actor, pilot_id)
    form = EvidenceForm()
    form.offer(await pilots.sites(db, pilot_id))
    return head, await pilots.measure(db, pilot_id, position), form


def _page(head: PilotHead, measure: Measure, form: Form) -> Page:
    return Page(
        "challenges/pilot_evidence.html",
        context={"head": head, "measure": measure, "form": form, "most": rules.MOST_BYTES},
        status_code=422 if form.error_list else 200,
    )


@get(OF_MEASURE, name="challenges.evidence_page")
async def new_page(
    request: AnyRequest, db: Db, actor: Someone, pilot_id: FromPath[UUID], position: FromPath[int]
) -> Page:
    """Ask for a file; the address may say which readings it shows."""
    head, measure, form = await _asked(db, actor, pilot_id, position)
    if request.query_params:
        form.process(formdata=FormMultiDict(list(request.query_params.multi_items())))
    return _page(head, measure, form)


@post(OF_MEASURE, name="challenges.add_evidence", status_code=200, request_max_body_size=None)
async def add(
    request: AnyRequest, db: Db, actor: Someone, pilot_id: FromPath[UUID], position: FromPath[int]
) -> Page | Redirect:
    """Keep a file as evidence of readings."""
    head, measure, form = await _asked(db, actor, pilot_id, position)
    folder = Path(request.app.state.settings.home) / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        async with uploads.received(
            request, folder, most_bytes=MOST_SENT, takes=uploads.DOCUMENT_KINDS
        ) as sent:
            if await _kept(db, actor, head, measure, form, sent):
                place = f"/pilots/{pilot_id}/measures/{position}"
                return to(request, place, notice="The file was added")
    except HTTPException as error:
        form.refuse(error.detail, "files")
    return _page(head, measure, form)


async def _kept(
    db: AsyncSession, actor: Actor, head: PilotHead, measure: Measure, form: EvidenceForm, sent: Sent
) -> bool:
    form.process(formdata=FormMultiDict(sent.fields))
    form.validate()
    if not sent.files:
        form.refuse("Choose a file", "files")
    elif sent.files[0].size > rules.MOST_BYTES:
        form.refuse("The file must be 20 MB or less", "files")
    reach = form.reach
    if form.error_list or reach is None:
        return False
    async with form.attempt(db):
        file = sent.files[0]
        await actions.add(
            db,
            actor,
            head.row.pilot.id,
            measure.position,
            path=file.path,
            file=rules.File(file.name, file.kind, form.words.data or ""),
            reach=reach,
            for_public=form.for_public,
            checked=bool(form.checked.data),
        )
        return True
    return False


def _file_page(head: PilotHead, file: EvidenceRow, form: ReadersForm) -> Page:
    return Page(
        "challenges/pilot_evidence_file.html",
        context={"head": head, "file": file, "form": form},
        status_code=422 if form.error_list else 200,
    )


@get(FILE, name="challenges.evidence_readers_page")
async def readers_page(db: Db, actor: Someone, pilot_id: FromPath[UUID], evidence_id: FromPath[UUID]) -> Page:
    """Ask who may open a file."""
    head = await _running(db, actor, pilot_id)
    file = await queries.one(db, pilot_id, evidence_id)
    form = ReadersForm(data={"readers": rules.PUBLIC if file.for_public else ""})
    return _file_page(head, file, form)


@post(FILE, name="challenges.evidence_readers", status_code=200)
async def readers(
    request: AnyRequest, db: Db, actor: Someone, pilot_id: FromPath[UUID], evidence_id: FromPath[UUID]
) -> Page | Redirect:
    """Open it to everybody, or close it."""
    head = await _running(db, actor, pilot_id)
    file = await queries.one(db, pilot_id, evidence_id)
    form = ReadersForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            said = {"for_public": form.for_public, "checked": bool(form.checked.data)}
            await actions.mark(db, actor, pilot_id, evidence_id, **said)
            place = f"/pilots/{pilot_id}/measures/{file.position}"
            return to(request, place, notice="It was saved who may open the file")
    return _file_page(head, file, form)


@get(f"{FILE}/file", name="challenges.evidence_file")
async def original(
    db: Db, visitor: Anybody, pilot_id: FromPath[UUID], evidence_id: FromPath[UUID]
) -> Response[bytes]:
    """Hand out a file to whoever may open it."""
    await pilot_head(db, visitor, pilot_id)
    file = await queries.one(db, pilot_id, evidence_id)
    return as_sent(await files.read(db, file.sha256), file.name)


router = Router("/", route_handlers=[new_page, add, readers_page, readers, original], include_in_schema=False)
