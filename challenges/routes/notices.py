"""The notices that a challenge's route calls for: what for, when due, and what was published."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db, Someone
from challenges.actions import approving as actions
from challenges.forms.deciding import NoticeForm
from challenges.queries import challenges as queries
from challenges.routes import showing
from challenges.routes.showing import Head
from sourcing.rules.law import Notice, law
from values.refusals import Missing
from values.years import london_today
from web.pages import AnyRequest, Page, to

TAB = "Notices"


@get("/challenges/{challenge_id:uuid}/notices", name="challenges.notices")
async def notices(db: Db, visitor: Anybody, challenge_id: FromPath[UUID]) -> Page:
    """Show the route with its rule, and the duties that follow from it."""
    head = await showing.head(db, visitor, challenge_id, TAB)
    content = await queries.content(db, challenge_id)
    return Page(
        "challenges/notices.html",
        context={
            "head": head,
            "content": content,
            "owed": content.notices(law(), london_today()),
            "known": await queries.notices(db, challenge_id),
        },
    )


async def _owed(db: AsyncSession, challenge_id: UUID, code: str) -> Notice:
    content = await queries.content(db, challenge_id)
    found = next((each for each in content.notices(law(), london_today()) if each.code == code), None)
    if found is None:
        raise Missing("notice")
    return found


def _page(head: Head, owed: Notice, form: NoticeForm) -> Page:
    return Page(
        "challenges/notice.html",
        context={"head": head, "owed": owed, "form": form},
        status_code=422 if form.error_list else 200,
    )


@get("/challenges/{challenge_id:uuid}/notices/{code:str}", name="challenges.notice_page")
async def notice_page(db: Db, actor: Someone, challenge_id: FromPath[UUID], code: FromPath[str]) -> Page:
    """Ask what the central platform confirmed."""
    head = await showing.head_of_lead(db, actor, challenge_id, TAB)
    return _page(head, await _owed(db, challenge_id, code), NoticeForm())


@post("/challenges/{challenge_id:uuid}/notices/{code:str}", name="challenges.notice", status_code=200)
async def notice(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID], code: FromPath[str]
) -> Page | Redirect:
    """Record it."""
    head = await showing.head_of_lead(db, actor, challenge_id, TAB)
    owed = await _owed(db, challenge_id, code)
    form = NoticeForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.record_notice(
                db,
                actor,
                challenge_id,
                code=code,
                reference=form.reference.data or "",
                published_at=form.published_at,
            )
            return to(
                request, f"/challenges/{challenge_id}/notices", notice=f"The notice {code} was recorded"
            )
    return _page(head, owed, form)


router = Router("/", route_handlers=[notices, notice_page, notice], include_in_schema=False)
