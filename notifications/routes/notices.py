"""A person's own notices, and how they want to hear of them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.routes.session import Db, Someone
from notifications.actions import notices as actions
from notifications.forms import MailForm
from notifications.queries import notices as queries
from notifications.queries import waiting
from notifications.queries.notices import NoticeFilter
from notifications.rules.telling import WHY, MailWanted, Reason
from web.pages import AnyRequest, Page, to
from web.paging import Column, Listing

COLUMNS: Final = (Column("What"), Column("About"), Column("Why"), Column("When"), Column("Read"))


@get("/notices", name="notifications.notices")
async def notices(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """List a person's notices: unread first, then the newest."""
    listing = Listing.of(request, sorts=["at"], default="-at")
    wanted = _wanted(request)
    total, unread, found = await queries.listed(
        db, actor, wanted, offset=listing.offset, limit=listing.per_page
    )
    return Page(
        "notifications/notices.html",
        context={
            "notices": found,
            "total": total,
            "unread": unread,
            "wanted": wanted,
            "reasons": {reason.value: words for reason, words in WHY.items()},
            "listing": listing,
            "columns": COLUMNS,
            "asked": await waiting.invitations(db, actor),
        },
        fragment="results",
        # Who is asked into a bid is nobody else's business: it stays in no cache of a browser.
        headers={"cache-control": "no-store"},
    )


def _wanted(request: AnyRequest) -> NoticeFilter:
    query = request.query_params
    reason = query.get("reason", "")
    return NoticeFilter(
        unread=query.get("show", "") == "unread",
        reason=reason if reason in tuple(Reason) else "",
        pool_id=_id(query.get("pool", "")),
        need_id=_id(query.get("need", "")),
        tender_id=_id(query.get("tender", "")),
        challenge_id=_id(query.get("challenge", "")),
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@post("/notices/{notice_id:uuid}/open", name="notifications.open_notice", status_code=200)
async def open_notice(request: AnyRequest, db: Db, actor: Someone, notice_id: FromPath[UUID]) -> Redirect:
    """Mark a notice as read and go where it leads."""
    return to(request, await actions.mark_read(db, actor, notice_id))


@post("/notices/{notice_id:uuid}/read", name="notifications.mark_read", status_code=200)
async def mark_read(request: AnyRequest, db: Db, actor: Someone, notice_id: FromPath[UUID]) -> Redirect:
    """Mark a notice as read and stay on the list."""
    await actions.mark_read(db, actor, notice_id)
    return to(request, "/notices", notice="The notice was marked as read")


@post("/notices/read", name="notifications.mark_all_read", status_code=200)
async def mark_all_read(request: AnyRequest, db: Db, actor: Someone) -> Redirect:
    """Mark all notices as read."""
    await actions.mark_all_read(db, actor)
    return to(request, "/notices", notice="All notices were marked as read")


@get("/notices/settings", name="notifications.settings")
async def settings(db: Db, actor: Someone) -> Page:
    """Ask how much mail a person wants."""
    assert actor.person_id is not None
    chosen = (await queries.mail_wanted(db, {actor.person_id}))[actor.person_id]
    return Page("notifications/settings.html", context={"form": MailForm(data={"mail": chosen.value})})


@post("/notices/settings", name="notifications.choose_mail", status_code=200)
async def choose_mail(request: AnyRequest, db: Db, actor: Someone) -> Page | Redirect:
    """Choose how much mail comes."""
    form = MailForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.choose_mail(db, actor, MailWanted(form.mail.data))
            return to(request, "/notices", notice="Your choice was saved")
    return Page("notifications/settings.html", context={"form": form}, status_code=422)


router = Router(
    "/",
    route_handlers=[notices, open_notice, mark_read, mark_all_read, settings, choose_mail],
    include_in_schema=False,
)
