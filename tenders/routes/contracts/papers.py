"""Files of a contract and what is published of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db, Someone
from store import files
from tenders.actions.contracts import noticing as actions
from tenders.forms.contracts import PaperForm, PublishedForm
from tenders.queries import contract_papers as queries
from tenders.routes.contracts import showing
from tenders.routes.contracts.showing import BASE, Held
from tenders.routes.documents import KINDS, MOST_SENT
from tenders.rules import documents as rules
from values.actors import Actor
from values.ids import uuid_or_none
from web import uploads
from web.downloads import as_sent
from web.forms import Form
from web.pages import AnyRequest, Page, to
from web.uploads import Sent

DOCUMENT: Final = f"{BASE}/documents/{{document_id:uuid}}"
WORDS: Final = (
    "A contract over £5 million is published within 90 days of the signature (section 53(3)), and so is the "
    "text of a change that needed a notice (section 77). Leave out only what section 94 lets be withheld, "
    "and say what and why: everybody reads that. The file is public here once you have recorded its "
    "publication."
)


def _form(held: Held) -> PaperForm:
    form = PaperForm()
    form.offer(held.life.made)
    return form


def _page(held: Held, form: Form) -> Page:
    return showing.step_page(
        held,
        form,
        path="documents/new",
        heading="Add a file",
        words=WORDS,
        button="Add it",
        upload=True,
    )


@get(f"{BASE}/documents/new", name="tenders.new_contract_document_page")
async def new_page(db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID]) -> Page:
    """Ask for a file of a contract."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    return _page(held, _form(held))


@post(
    f"{BASE}/documents/new",
    name="tenders.add_contract_document",
    status_code=200,
    request_max_body_size=None,
)
async def add(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID]
) -> Page | Redirect:
    """Keep a file of a contract."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    form = _form(held)
    folder = Path(request.app.state.settings.home) / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        async with uploads.received(request, folder, most_bytes=MOST_SENT, takes=KINDS) as sent:
            if await _kept(db, actor, held, form, sent):
                return to(request, held.place, notice="The file was added")
    except HTTPException as error:
        form.refuse(error.detail, "files")
    return _page(held, form)


async def _kept(db: AsyncSession, actor: Actor, held: Held, form: PaperForm, sent: Sent) -> bool:
    form.process(data=sent.fields)
    form.validate()
    facts = held.life.facts
    about_id = facts.contract_id
    if form.kind.data == "change":
        about_id = uuid_or_none(form.change.data or "") or about_id
        if about_id == facts.contract_id:
            form.refuse("Choose the change", "change")
    if not sent.files:
        form.refuse("Choose a file", "files")
    elif sent.files[0].size > rules.MOST_BYTES:
        form.refuse("The file must be 20 MB or less", "files")
    if form.error_list:
        return False
    async with form.attempt(db):
        file = sent.files[0]
        await actions.add_document(
            db,
            actor,
            facts.tender_id,
            facts.contract_id,
            kind=form.kind.data or "",
            about_id=about_id,
            title=form.title.data or "",
            withheld=form.withheld.data or "",
            file=(file.name, file.kind, file.path),
        )
        return True
    return False


def _publish_page(held: Held, document_id: UUID, form: Form) -> Page:
    return showing.step_page(
        held,
        form,
        path=f"documents/{document_id}/publish",
        heading="Record that it was published",
        words="Publish the file on the central platform first. From then on everybody reads it here too.",
    )


@get(f"{DOCUMENT}/publish", name="tenders.publish_contract_document_page")
async def publish_page(
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    contract_id: FromPath[UUID],
    document_id: FromPath[UUID],
) -> Page:
    """Ask where and when a text was published."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    await queries.document(db, contract_id, document_id)
    return _publish_page(held, document_id, PublishedForm())


@post(f"{DOCUMENT}/publish", name="tenders.publish_contract_document", status_code=200)
async def publish(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    contract_id: FromPath[UUID],
    document_id: FromPath[UUID],
) -> Page | Redirect:
    """Record it."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    form = PublishedForm(await request.form())
    if form.validate() and form.published_on.data:
        async with form.attempt(db):
            reference, day = form.reference.data or "", form.published_on.data
            ids = (tender_id, contract_id, document_id)
            await actions.publish_document(db, actor, *ids, reference=reference, published_on=day)
            return to(request, held.place, notice="Everybody can read it now")
    return _publish_page(held, document_id, form)


@get(f"{DOCUMENT}/original", name="tenders.contract_document_file")
async def original(
    db: Db,
    visitor: Anybody,
    tender_id: FromPath[UUID],
    contract_id: FromPath[UUID],
    document_id: FromPath[UUID],
) -> Response[bytes]:
    """Hand out a file, byte for byte; never as something that a browser would show."""
    await showing.held(db, visitor, tender_id, contract_id)
    found = await queries.document(db, contract_id, document_id)
    return as_sent(await files.read(db, found.sha256), found.name)


router = Router("/", route_handlers=[new_page, add, publish_page, publish, original], include_in_schema=False)
