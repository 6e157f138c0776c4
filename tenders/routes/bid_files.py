"""Files of a bid: sealed as they arrive, listed, taken out, and handed back to their own bidder."""

from __future__ import annotations

import asyncio
import urllib.parse
from pathlib import Path
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from store import sealing
from store.sealing import SealedFile, Sealer, SealingKey
from tenders.actions.bidding import drafting, sealed
from tenders.forms.bids import BidFileForm
from tenders.queries import bids as queries
from tenders.queries.bids import BidRow
from tenders.routes.bids import PRIVATE, Desk, desk
from tenders.routes.documents import KINDS
from tenders.routes.showing import master_key
from tenders.rules.bidding import drafts
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Missing, Refused
from web import uploads
from web.forms import Form
from web.pages import AnyRequest, Page, to

# Beside the file there are the other parts of the form.
MOST_SENT = drafts.MOST_FILE_BYTES + 100_000


def _page(found: Desk, form: Form) -> Page:
    return Page(
        "tenders/bid_files.html",
        context={"desk": found, "form": form, "most": drafts.MOST_FILE_BYTES, "whole": drafts.MOST_BYTES},
        status_code=422 if form.error_list else 200,
        headers=dict(PRIVATE),
    )


@get("/tenders/{tender_id:uuid}/bid/files", name="tenders.bid_files")
async def files(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """List the files of the bid, and ask for another."""
    return _page(await desk(db, actor, request, tender_id), BidFileForm())


@post(
    "/tenders/{tender_id:uuid}/bid/files",
    name="tenders.add_bid_file",
    status_code=200,
    request_max_body_size=None,
)
async def add(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Add a file, which is on no disk in plain text, not for a moment either."""
    form = BidFileForm()
    try:
        bid = await drafting.changeable(db, actor, tender_id)
    except Refused as refused:
        form.refuse(refused.message)
        return _page(await desk(db, actor, request, tender_id), form)
    # While a file arrives, which may take minutes, others have the connection.
    await db.commit()
    if await _taken(request, db, actor, bid, form):
        return to(request, f"/tenders/{tender_id}/bid/files", notice="The file was added")
    return _page(await desk(db, actor, request, tender_id), form)


async def _taken(request: AnyRequest, db: AsyncSession, actor: Actor, bid: BidRow, form: BidFileForm) -> bool:
    """Read a form with a file and keep it; tell whether that was done, or the form says why not."""
    folder = Path(request.app.state.settings.home) / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    arriving: dict[Path, tuple[UUID, SealedFile]] = {}

    def taking(path: Path) -> SealedFile:
        file_id = uuid7()
        file = SealedFile(path, Sealer(bid.public, sealed.file_place(bid.id, file_id)))
        arriving[path] = (file_id, file)
        return file

    try:
        async with uploads.received(
            request, folder, most_bytes=MOST_SENT, takes=KINDS, taking=taking
        ) as sent:
            if not sent.files:
                form.refuse("Choose a file", "files")
                return False
            file = sent.files[0]
            file_id, kept = arriving[file.path]
            async with form.attempt(db):
                again = await drafting.changeable(db, actor, bid.tender_id)
                await drafting.add_file(
                    db,
                    again,
                    file_id,
                    kept,
                    name=file.name,
                    kind=file.kind,
                    size=file.size,
                    sha256=file.sha256,
                )
                return True
    except HTTPException as error:
        form.refuse(error.detail, "files")
    return False


@post(
    "/tenders/{tender_id:uuid}/bid/files/{file_id:uuid}/remove",
    name="tenders.remove_bid_file",
    status_code=200,
)
async def remove(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], file_id: FromPath[UUID]
) -> Page | Redirect:
    """Take a file out of the draft."""
    form = BidFileForm()
    async with form.attempt(db):
        await drafting.remove_file(db, actor, tender_id, file_id)
        return to(request, f"/tenders/{tender_id}/bid/files", notice="The file was taken out")
    return _page(await desk(db, actor, request, tender_id), form)


@get("/tenders/{tender_id:uuid}/bid/files/{file_id:uuid}/original", name="tenders.bid_file")
async def original(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], file_id: FromPath[UUID]
) -> Response[bytes]:
    """Hand a file back to its bidder, byte for byte."""
    found = await desk(db, actor, request, tender_id)
    row = next((each for each in found.opened.files if each.id == file_id), None)
    facts = next((each for each in found.opened.draft.files if each.id == str(file_id)), None)
    if row is None or facts is None:
        raise Missing("file")
    bid, chunks = found.bid, await queries.chunks(db, file_id)
    key = SealingKey(bid.public, bid.locked)

    def plain() -> bytes:
        private = sealing.unlock(master_key(request), key, sealed.bid_subject(bid.id))
        return b"".join(sealing.opened(private, row.header, sealed.file_place(bid.id, file_id), chunks))

    return as_file(await asyncio.to_thread(plain), facts.name)


def as_file(content: bytes, name: str) -> Response[bytes]:
    """Return a file to keep, never something that a browser would show."""
    return Response(
        content,
        media_type="application/octet-stream",
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{urllib.parse.quote(name)}",
            **PRIVATE,
        },
    )


router = Router("/", route_handlers=[files, add, remove, original], include_in_schema=False)
