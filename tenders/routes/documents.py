"""Documents of a tender: listed, added, replaced, removed, and handed out as files to keep."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db, Someone
from store import files
from tenders.actions import documents as actions
from tenders.forms.deciding import DocumentForm, VersionForm
from tenders.queries import documents as queries
from tenders.routes import showing
from tenders.routes.showing import Head
from tenders.rules import documents as rules
from values.refusals import Missing
from web import uploads
from web.downloads import as_sent
from web.forms import Form
from web.pages import AnyRequest, Page, to
from web.uploads import Sent, SentFile

KINDS = uploads.DOCUMENT_KINDS
# Beside the file there are the other parts of the form.
MOST_SENT = rules.MOST_BYTES + 100_000
Keep = Callable[[SentFile], Awaitable[object]]


@get("/tenders/{tender_id:uuid}/documents", name="tenders.documents")
async def documents(db: Db, visitor: Anybody, tender_id: FromPath[UUID]) -> Page:
    """List the documents of a tender."""
    head = await showing.head(db, visitor, tender_id, "Documents")
    context = {"head": head, "documents": await queries.current(db, tender_id)}
    return Page("tenders/documents.html", context=context)


def _new_page(head: Head, form: Form) -> Page:
    return Page(
        "tenders/document_new.html",
        context={"head": head, "form": form, "most": rules.MOST_BYTES},
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/documents/new", name="tenders.new_document_page")
async def new_page(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Ask for a document."""
    head = await showing.head_of_lead(db, actor, tender_id, "Documents")
    return _new_page(head, DocumentForm())


@post(
    "/tenders/{tender_id:uuid}/documents/new",
    name="tenders.add_document",
    status_code=200,
    request_max_body_size=None,
)
async def add(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Add a document."""
    head = await showing.head_of_lead(db, actor, tender_id, "Documents")
    form = DocumentForm()

    async def keep(file: SentFile) -> None:
        title = form.title.data or ""
        await actions.add(db, actor, tender_id, title=title, name=file.name, kind=file.kind, path=file.path)

    if await _taken(request, db, form, keep):
        return to(request, f"/tenders/{tender_id}/documents", notice="The document was added")
    return _new_page(head, form)


async def _taken(request: AnyRequest, db: AsyncSession, form: Form, keep: Keep) -> bool:
    """Read a form with a file and keep it; tell whether that was done, or the form says why not."""
    folder = Path(request.app.state.settings.home) / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        async with uploads.received(request, folder, most_bytes=MOST_SENT, takes=KINDS) as sent:
            return await _kept(db, form, sent, keep)
    except HTTPException as error:
        form.refuse(error.detail, "files")
    return False


async def _kept(db: AsyncSession, form: Form, sent: Sent, keep: Keep) -> bool:
    if isinstance(form, DocumentForm):
        form.process(data=sent.fields)
        form.validate()
    if not sent.files:
        form.refuse("Choose a file", "files")
    elif sent.files[0].size > rules.MOST_BYTES:
        form.refuse("The file must be 20 MB or less", "files")
    if form.error_list:
        return False
    async with form.attempt(db):
        await keep(sent.files[0])
        return True
    return False


async def _versions_page(db: AsyncSession, head: Head, document_id: UUID, form: Form) -> Page:
    found = await queries.versions(db, head.tender.id, document_id)
    return Page(
        "tenders/document.html",
        context={"head": head, "form": form, "versions": found, "most": rules.MOST_BYTES},
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/documents/{document_id:uuid}", name="tenders.document")
async def document(db: Db, visitor: Anybody, tender_id: FromPath[UUID], document_id: FromPath[UUID]) -> Page:
    """Show the versions of a document."""
    head = await showing.head(db, visitor, tender_id, "Documents")
    return await _versions_page(db, head, document_id, VersionForm())


@post(
    "/tenders/{tender_id:uuid}/documents/{document_id:uuid}",
    name="tenders.replace_document",
    status_code=200,
    request_max_body_size=None,
)
async def replace(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], document_id: FromPath[UUID]
) -> Page | Redirect:
    """Add another version of a document."""
    head = await showing.head_of_lead(db, actor, tender_id, "Documents")
    form = VersionForm()

    async def keep(file: SentFile) -> None:
        await actions.replace(
            db, actor, tender_id, document_id, name=file.name, kind=file.kind, path=file.path
        )

    if await _taken(request, db, form, keep):
        return to(
            request, f"/tenders/{tender_id}/documents/{document_id}", notice="The new version was added"
        )
    return await _versions_page(db, head, document_id, form)


@post(
    "/tenders/{tender_id:uuid}/documents/{document_id:uuid}/remove",
    name="tenders.remove_document",
    status_code=200,
)
async def remove(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], document_id: FromPath[UUID]
) -> Page | Redirect:
    """Take a document out of the tender."""
    head = await showing.head_of_lead(db, actor, tender_id, "Documents")
    form = VersionForm()
    async with form.attempt(db):
        await actions.remove(db, actor, tender_id, document_id)
        return to(request, f"/tenders/{tender_id}/documents", notice="The document was removed")
    return await _versions_page(db, head, document_id, form)


@get(
    "/tenders/{tender_id:uuid}/documents/{document_id:uuid}/{number:int}/original",
    name="tenders.document_file",
)
async def original(
    db: Db,
    visitor: Anybody,
    tender_id: FromPath[UUID],
    document_id: FromPath[UUID],
    number: FromPath[int],
) -> Response[bytes]:
    """Hand out a version, byte for byte; never as something that a browser would show."""
    found = await queries.versions(db, tender_id, document_id)
    wanted = next((each for each in found if each.version == number), None)
    if wanted is None:
        raise Missing("version")
    return as_sent(await files.read(db, wanted.sha256), wanted.name)


router = Router(
    "/",
    route_handlers=[documents, new_page, add, document, replace, remove, original],
    include_in_schema=False,
)
