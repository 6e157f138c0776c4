"""One need: its facts, its wording, its versions, those like it; opening, archiving, copying."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from procurement.actions import needs as actions
from procurement.forms import DATA_WORDS
from procurement.queries import contracts
from procurement.queries import matches as match_queries
from procurement.queries import needs as queries
from procurement.queries.needs import NeedPage
from procurement.queries.pools import stakes
from procurement.routes.matches import matches_shown
from procurement.routes.register import STATE_WORDS, check_may_see
from procurement.rules import needs as rules
from procurement.rules.needs import NeedState
from spend.queries import own_code
from values.actors import Actor
from web.forms import Form
from web.pages import AnyRequest, Page, to

NOTICES = {
    NeedState.OPEN: "The need is open: other councils can see it, without budget, contract and owner",
    NeedState.DRAFT: "The need is a draft again",
    NeedState.ARCHIVED: "The need was archived",
}


@get("/needs/{need_id:uuid}", name="procurement.need")
async def need(db: Db, actor: Someone, need_id: FromPath[UUID]) -> Page:
    """Show all of a need that the reader may know."""
    check_may_see(actor)
    return await _shown(db, actor, await queries.need_page(db, need_id), Form())


async def _shown(db: AsyncSession, actor: Actor, page: NeedPage, form: Form) -> Page:
    wanted, need = page.wanted, page.need
    code = await own_code(db, actor)
    kept = await queries.versions(db, need.id)
    ids = {version.wanted.contract_id for version in kept} | {wanted.contract_id if wanted else None}
    named = await contracts.named(db, [contract_id for contract_id in ids if contract_id])
    changes = [
        (version, rules.differences(earlier.wanted, version.wanted, named) if earlier else [])
        for version, earlier in zip(kept, [*kept[1:], None], strict=False)
    ]
    return Page(
        "procurement/need.html",
        context={
            "page": page,
            "need": need,
            "wanted": wanted,
            "required": page.requirements,
            "form": form,
            "contract": named.get(wanted.contract_id, "") if wanted and wanted.contract_id else "",
            "state_words": STATE_WORDS,
            "data_words": DATA_WORDS,
            "wording": rules.wording(wanted) if wanted else [],
            "changes": changes,
            "pool": await stakes.pool_of_need(db, need.id) if wanted else None,
            **matches_shown(page, await match_queries.matches(db, page, code), actor, code),
            "changes_it": rules.may_change(actor, need.body_code, code),
        },
        status_code=422 if form.error_list else 200,
    )


@post("/needs/{need_id:uuid}/open", name="procurement.open_need", status_code=200)
async def open_need(request: AnyRequest, db: Db, actor: Someone, need_id: FromPath[UUID]) -> Page | Redirect:
    """Let other councils see a need."""
    return await _moved(request, db, actor, need_id, NeedState.OPEN)


@post("/needs/{need_id:uuid}/draft", name="procurement.take_back_need", status_code=200)
async def take_back(request: AnyRequest, db: Db, actor: Someone, need_id: FromPath[UUID]) -> Page | Redirect:
    """Make a need a draft again."""
    return await _moved(request, db, actor, need_id, NeedState.DRAFT)


@get("/needs/{need_id:uuid}/archive", name="procurement.archive_page")
async def archive_page(db: Db, actor: Someone, need_id: FromPath[UUID]) -> Page:
    """Ask whether a need shall be archived."""
    check_may_see(actor)
    found = await queries.need_row(db, need_id)
    rules.check_may_change(actor, found.body_code, await own_code(db, actor))
    return Page("procurement/archive.html", context={"need": found})


@post("/needs/{need_id:uuid}/archive", name="procurement.archive_need", status_code=200)
async def archive(request: AnyRequest, db: Db, actor: Someone, need_id: FromPath[UUID]) -> Page | Redirect:
    """Archive a need."""
    return await _moved(request, db, actor, need_id, NeedState.ARCHIVED)


@post("/needs/{need_id:uuid}/copy", name="procurement.copy_need", status_code=200)
async def copy(request: AnyRequest, db: Db, actor: Someone, need_id: FromPath[UUID]) -> Redirect:
    """Make a draft with the same words."""
    made = await actions.copy_need(db, actor, need_id)
    return to(request, f"/needs/{made}/edit", notice="The need was copied as a draft")


async def _moved(
    request: AnyRequest, db: AsyncSession, actor: Actor, need_id: UUID, state: NeedState
) -> Page | Redirect:
    form = Form()
    async with form.attempt(db):
        await actions.move_need(db, actor, need_id, state)
        return to(request, f"/needs/{need_id}", notice=NOTICES[state])
    return await _shown(db, actor, await queries.need_page(db, need_id), form)


router = Router(
    "/", route_handlers=[need, open_need, take_back, archive_page, archive, copy], include_in_schema=False
)
