"""The calendar of a council's dates: a secret address for calendar programs, and the file behind it."""

from __future__ import annotations

import hashlib
from typing import Final

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.actions import throttling
from accounts.actions.throttling import TooMany
from accounts.routes.session import Db, Someone, entrance_of, visit_of
from notifications.actions import feeds as actions
from notifications.queries import dates as queries
from spend.queries import own_code
from store.db import transaction
from values.actors import PUBLIC
from values.refusals import Missing
from values.years import london_today
from web import icalendar
from web.pages import AnyRequest, Page, to

NO_STORE: Final = {"cache-control": "no-store"}
# Programs ask every few minutes at most; who guesses does it faster. Both within a quarter of an hour.
MOST_READINGS: Final = 60
SUFFIX: Final = ".ics"
KEPT: Final = {"cache-control": "private, max-age=900"}


@get("/calendar", name="notifications.calendar")
async def calendar_page(db: Db, actor: Someone) -> Page:
    """Explain the calendar, and say whether the person has an address."""
    actions.check_may_have(actor)
    return Page(
        "notifications/calendar.html",
        context={"made_at": await queries.feed_made_at(db, actor), "address": ""},
        headers=NO_STORE,
    )


@post("/calendar/make", name="notifications.make_calendar", status_code=200)
async def make(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """Make an address, and show it this once; an earlier one stops working."""
    token = await actions.make_feed(db, actor)
    address = f"{entrance_of(request).address}/calendar/{token}{SUFFIX}"
    return Page(
        "notifications/calendar.html",
        context={"made_at": await queries.feed_made_at(db, actor), "address": address},
        headers=NO_STORE,
    )


@post("/calendar/revoke", name="notifications.revoke_calendar", status_code=200)
async def revoke(request: AnyRequest, db: Db, actor: Someone) -> Redirect:
    """Take the address back."""
    await actions.revoke_feed(db, actor)
    return to(request, "/calendar", notice="The address no longer works")


@get("/calendar/{name:str}", name="notifications.calendar_file")
async def calendar_file(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Answer a calendar program: whoever has the address reads the dates that its person may read."""
    if not name.endswith(SUFFIX):
        raise Missing("calendar")
    entrance = entrance_of(request)
    token = name.removesuffix(SUFFIX)
    try:
        async with transaction(entrance.sessions, PUBLIC) as db:
            owner = await queries.feed_owner(db, token)
            purpose, tried = ("calendar", token) if owner else ("calendar-network", visit_of(request).network)
            await throttling.count(db, purpose, tried, most=MOST_READINGS)
    except TooMany:
        return Response(b"", status_code=429, headers={"retry-after": str(throttling.WINDOW_SECONDS)})
    if owner is None:
        raise Missing("calendar")
    async with transaction(entrance.sessions, owner.actor) as db:
        code = await own_code(db, owner.actor)
        events = await queries.events(
            db, body_code=code or "", address=entrance.address, today=london_today()
        )
    content = icalendar.calendar(f"Buy Together: {owner.organisation_name}", events)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**KEPT, "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    return Response(content, media_type="text/calendar", headers=headers)


router = Router("/", route_handlers=[calendar_page, make, revoke, calendar_file], include_in_schema=False)
