"""What a firm says that it does, what it sets aside, and firms that a challenge may be for."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.routes.session import Db, Someone
from challenges.actions import offering
from challenges.forms.offers import NAMES, OfferForm
from challenges.queries import offers as queries
from challenges.routes import showing
from suppliers.rules import check_firm
from values.refusals import Missing
from web.pages import AnyRequest, Page, to


def _page(form: OfferForm) -> Page:
    return Page("challenges/offer.html", context={"form": form}, status_code=422 if form.error_list else 200)


@get("/offer", name="challenges.offer_page")
async def offer_page(db: Db, actor: Someone) -> Page:
    """Ask a firm what it does."""
    check_firm(actor)
    known = await queries.own_offer(db, actor)
    said = {"words": known.words, "listed": known.listed} if known else {}
    codes = dict(zip(NAMES, known.categories if known else (), strict=False))
    form = OfferForm(data=said | codes)
    form.offer()
    return _page(form)


@post("/offer", name="challenges.offer", status_code=200)
async def offer(request: AnyRequest, db: Db, actor: Someone) -> Page | Redirect:
    """Keep it."""
    check_firm(actor)
    form = OfferForm(await request.form())
    form.offer()
    if form.validate():
        async with form.attempt(db):
            await offering.save_offer(
                db,
                actor,
                words=form.words.data or "",
                categories=form.categories,
                listed=bool(form.listed.data),
            )
            return to(request, "/challenges", notice="Challenges that fit stand above the list now")
    return _page(form)


@post("/challenges/{challenge_id:uuid}/aside", name="challenges.set_aside", status_code=200)
async def set_aside(request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Redirect:
    """Propose it to the firm no longer, or again."""
    aside = (await request.form()).get("aside") == "yes"
    await offering.set_aside(db, actor, challenge_id, aside=aside)
    notice = "It is not proposed any more, and stays in the list" if aside else "It can be proposed again"
    return to(request, "/challenges", notice=notice)


@get("/challenges/{challenge_id:uuid}/firms", name="challenges.firms")
async def firms(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Show people of sponsors all firms that want to be found, those that fit first, and why."""
    head = await showing.head_inside(db, actor, challenge_id, "Sponsors")
    if not head.sponsors_it:
        raise Missing("firms")
    return Page(
        "challenges/firms.html",
        context={"head": head, "rows": await queries.firms_for(db, challenge_id)},
    )


router = Router("/", route_handlers=[offer_page, offer, set_aside, firms], include_in_schema=False)
