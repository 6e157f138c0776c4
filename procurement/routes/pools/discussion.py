"""The discussion of a pool: what its members say to each other, who can be addressed, following."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from procurement.actions.pools import talking as actions
from procurement.forms.talking import CommentForm
from procurement.queries.pools import talking as queries
from procurement.routes.pools.showing import head_of_member
from procurement.rules.pools.states import may_act_for_council
from values.actors import Actor
from web.pages import AnyRequest, Page, to
from web.paging import Listing

TAB = "Discussion"
PER_PAGE = 20


@get("/pools/{pool_id:uuid}/discussion", name="procurement.pool_discussion")
async def discussion(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Show what was said, the newest first, and take a comment."""
    return await _shown(request, db, actor, pool_id, CommentForm())


async def _shown(
    request: AnyRequest, db: AsyncSession, actor: Actor, pool_id: UUID, form: CommentForm
) -> Page:
    head = await head_of_member(db, actor, pool_id, TAB)
    listing = Listing.of(request, sorts=["written"], default="-written", per_page=PER_PAGE)
    line_id = _line(request.query_params.get("line", ""))
    line = await queries.line_spoken_of(db, pool_id, line_id) if line_id else None
    total, comments = await queries.comments(
        db, pool_id, line_id=line.id if line else None, offset=listing.offset, limit=listing.per_page
    )
    return Page(
        "procurement/pools/discussion.html",
        context={
            "head": head,
            "form": form,
            "comments": comments,
            "total": total,
            "listing": listing,
            "line": line,
            "participants": await queries.participants(db, pool_id),
            "follows": await queries.follows(db, actor, pool_id),
            "writes": head.takes_part and may_act_for_council(actor),
            "person_id": actor.person_id,
        },
        status_code=422 if form.error_list else 200,
    )


@post("/pools/{pool_id:uuid}/discussion", name="procurement.write_comment", status_code=200)
async def write(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Write a comment."""
    typed = await request.form()
    form, line_id = CommentForm(typed), _line(str(typed.get("line", "")))
    if form.validate():
        async with form.attempt(db):
            await actions.write_comment(db, actor, pool_id, text=form.written(), line_id=line_id)
            end = f"?line={line_id}" if line_id else ""
            return to(request, f"/pools/{pool_id}/discussion{end}", notice="Your comment was added")
    return await _shown(request, db, actor, pool_id, form)


@get("/pools/{pool_id:uuid}/discussion/{comment_id:uuid}/remove", name="procurement.remove_comment_page")
async def remove_page(db: Db, actor: Someone, pool_id: FromPath[UUID], comment_id: FromPath[UUID]) -> Page:
    """Ask whether a comment shall be removed."""
    head = await head_of_member(db, actor, pool_id, TAB)
    found = await queries.own_comment(db, actor, pool_id, comment_id)
    return Page("procurement/pools/remove_comment.html", context={"pool": head.pool, "comment": found})


@post(
    "/pools/{pool_id:uuid}/discussion/{comment_id:uuid}/remove",
    name="procurement.remove_comment",
    status_code=200,
)
async def remove(
    request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID], comment_id: FromPath[UUID]
) -> Redirect:
    """Remove a comment of one's own."""
    await actions.remove_comment(db, actor, pool_id, comment_id)
    return to(request, f"/pools/{pool_id}/discussion", notice="Your comment was removed")


@post("/pools/{pool_id:uuid}/follow", name="procurement.follow_pool", status_code=200)
async def follow(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Redirect:
    """Hear of what happens in a pool."""
    await actions.follow(db, actor, pool_id, follows=True)
    return to(request, f"/pools/{pool_id}/discussion", notice="You follow this pool")


@post("/pools/{pool_id:uuid}/unfollow", name="procurement.unfollow_pool", status_code=200)
async def unfollow(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Redirect:
    """Hear no more of a pool, but where one is addressed."""
    await actions.follow(db, actor, pool_id, follows=False)
    return to(request, f"/pools/{pool_id}/discussion", notice="You no longer follow this pool")


def _line(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


router = Router(
    "/", route_handlers=[discussion, write, remove_page, remove, follow, unfollow], include_in_schema=False
)
