"""A person's saved searches: seen, changed, deleted; mail stopped by its link, without signing in."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db, Someone
from sourcing.actions import searches as actions
from sourcing.forms import SearchForm
from sourcing.queries import searches as queries
from sourcing.rules.searches import SearchMail, stop_hash
from values.actors import Actor
from web.pages import AnyRequest, Page, to


@get("/searches", name="sourcing.searches")
async def searches(db: Db, actor: Someone) -> Page:
    """List what a person looks for."""
    return Page("sourcing/searches.html", context={"searches": await queries.own_searches(db, actor)})


async def _page(db: AsyncSession, actor: Actor, search_id: UUID, form: SearchForm) -> Page:
    context = {
        "search": await queries.own_search(db, actor, search_id),
        "findings": await queries.findings(db, search_id),
        "form": form,
    }
    return Page("sourcing/search.html", context=context, status_code=422 if form.error_list else 200)


@get("/searches/{search_id:uuid}", name="sourcing.search")
async def search(db: Db, actor: Someone, search_id: FromPath[UUID]) -> Page:
    """Show what a search found, and what can be changed."""
    row = await queries.own_search(db, actor, search_id)
    return await _page(db, actor, search_id, SearchForm(data={"name": row.name, "mail": row.mail}))


@post("/searches/{search_id:uuid}", name="sourcing.change_search", status_code=200)
async def change(request: AnyRequest, db: Db, actor: Someone, search_id: FromPath[UUID]) -> Page | Redirect:
    """Change its name, or when it writes mail."""
    form = SearchForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.change(
                db, actor, search_id, name=form.name.data or "", wanted=SearchMail(form.mail.data)
            )
            return to(request, "/searches", notice="The search was changed")
    return await _page(db, actor, search_id, form)


@get("/searches/{search_id:uuid}/delete", name="sourcing.delete_search_page")
async def delete_page(db: Db, actor: Someone, search_id: FromPath[UUID]) -> Page:
    """Ask whether it is meant."""
    return Page(
        "sourcing/search_delete.html", context={"search": await queries.own_search(db, actor, search_id)}
    )


@post("/searches/{search_id:uuid}/delete", name="sourcing.delete_search", status_code=200)
async def remove(request: AnyRequest, db: Db, actor: Someone, search_id: FromPath[UUID]) -> Redirect:
    """Delete it."""
    await actions.remove(db, actor, search_id)
    return to(request, "/searches", notice="The search was deleted")


@get("/searches/stop/{secret:str}", name="sourcing.stop_search_page")
async def stop_page(db: Db, visitor: Anybody, secret: FromPath[str]) -> Page:
    """Ask first: programs that look through mail open links, and must stop nothing."""
    name = await queries.name_to_stop(db, stop_hash(secret))
    return Page("sourcing/search_stop.html", context={"name": name, "secret": secret, "stopped": False})


@post("/searches/stop/{secret:str}", name="sourcing.stop_search", status_code=200)
async def stop(db: Db, visitor: Anybody, secret: FromPath[str]) -> Page:
    """Stop it."""
    name = await queries.name_to_stop(db, stop_hash(secret))
    await actions.stop(db, visitor, secret)
    return Page("sourcing/search_stop.html", context={"name": name, "secret": secret, "stopped": True})


router = Router(
    "/",
    route_handlers=[searches, search, change, delete_page, remove, stop_page, stop],
    include_in_schema=False,
)
