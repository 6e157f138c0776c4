"""The showcase: its times, as a calendar, and what judges note on the day."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.routes.session import Db, Someone
from challenges.actions import showcasing
from challenges.forms.judging import NoteForm, TimesForm
from challenges.queries import challenges
from challenges.queries import showcase as queries
from challenges.routes import showing
from challenges.routes.judging import PRIVATE
from challenges.routes.panels import PANEL, Bench, bench
from challenges.rules import states
from web.icalendar import Event, calendar
from web.pages import AnyRequest, Page, to


def _page(on: Bench, form: TimesForm) -> Page:
    return Page(
        "challenges/times.html",
        context={"head": on.head, "bench": on, "form": form},
        status_code=422 if form.error_list else 200,
        headers=PRIVATE,
    )


@get(PANEL + "/times", name="challenges.times_page")
async def times_page(db: Db, actor: Someone, challenge_id: FromPath[UUID], phase_id: FromPath[UUID]) -> Page:
    """Ask when the first begins and how long each has."""
    on = await bench(db, actor, challenge_id, phase_id)
    states.check_may_lead(actor, on.head.challenge.lead_code, on.head.own_code)
    content = await challenges.content(db, challenge_id)
    said = {"first_on": content.showcase_on, "place": content.showcase_where, "minutes": 30, "pause": 10}
    return _page(on, TimesForm(data=said))


@post(PANEL + "/times", name="challenges.times", status_code=200)
async def draw(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID], phase_id: FromPath[UUID]
) -> Page | Redirect:
    """Draw the times by lot, and tell the firms."""
    on = await bench(db, actor, challenge_id, phase_id)
    form = TimesForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await showcasing.draw(
                db,
                actor,
                challenge_id,
                phase_id,
                first_at=form.first_at,
                minutes=form.minutes.data or 0,
                pause=form.pause.data or 0,
                place=form.place.data or "",
            )
            return to(request, on.place, notice="The times were drawn, and the firms are told")
    return _page(on, form)


@post(PANEL + "/responses/{candidate_id:uuid}/note", name="challenges.note", status_code=200)
async def note(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    challenge_id: FromPath[UUID],
    phase_id: FromPath[UUID],
    candidate_id: FromPath[UUID],
) -> Redirect:
    """Keep a judge's own note."""
    form = NoteForm(await request.form())
    words = (form.note.data or "")[:4000]
    await showcasing.note(db, actor, challenge_id, phase_id, candidate_id, words=words)
    place = f"/challenges/{challenge_id}/judging/{phase_id}/responses/{candidate_id}"
    return to(request, place, notice="Your note was kept")


@get("/challenges/{challenge_id:uuid}/showcase.ics", name="challenges.showcase_calendar")
async def showcase_calendar(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]
) -> Response[bytes]:
    """Hand out the times that the reader may know of: all for the sponsors, its own for a firm."""
    head = await showing.head_once_public(db, actor, challenge_id, "Judging")
    address = request.app.state.settings.public_url
    host = address.split("://", 1)[-1].split("/", 1)[0]
    title = head.challenge.title
    events = [
        Event(
            f"challenge-slot-{each.phase_id}-{each.response_id}@{host}",
            each.drawn_at,
            each.starts_at,
            f"Showcase: {title} ({each.code})" if head.sponsors_it else f"Showcase: {title}",
            f"{address}/challenges/{challenge_id}",
            f"{each.minutes} minutes. {each.place}",
        )
        for each in await queries.slots(db, challenge_id)
    ]
    return Response(
        calendar(f"Showcase: {title}", events),
        media_type="text/calendar; charset=utf-8",
        headers={"cache-control": "no-store", "content-disposition": 'attachment; filename="showcase.ics"'},
    )


router = Router("/", route_handlers=[times_page, draw, note, showcase_calendar], include_in_schema=False)
