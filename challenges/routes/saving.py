"""A search for challenges is saved as it was asked; its pages are those of all saved searches."""

from __future__ import annotations

from litestar import Router, get, post
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from challenges.routes.listing import asked_of
from challenges.rules import finding
from challenges.tasks import KIND
from sourcing.actions import searches as actions
from sourcing.forms import SearchForm
from sourcing.rules.searches import SearchMail, default_name
from values.actors import Actor
from web.pages import AnyRequest, Page, to


async def _lasting(request: AnyRequest, db: AsyncSession, actor: Actor) -> tuple[str, str]:
    """Return what is looked for from now on, as a query and in words."""
    asked = await asked_of(request, db, actor)
    wanted = finding.lasting(asked.wanted)
    return wanted.query, "; ".join(words for _, words in finding.said(wanted, asked.names))


def _page(form: SearchForm, query: str, description: str) -> Page:
    context = {"form": form, "query": query, "description": description}
    return Page("challenges/save_search.html", context=context, status_code=422 if form.error_list else 200)


@get("/challenges/save-search", name="challenges.save_search_page")
async def save_page(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """Ask what the search is called, and when it is to write mail."""
    query, description = await _lasting(request, db, actor)
    return _page(SearchForm(data={"name": default_name(description)}), query, description)


@post("/challenges/save-search", name="challenges.save_search", status_code=200)
async def save(request: AnyRequest, db: Db, actor: Someone) -> Page | Redirect:
    """Save the search of the address."""
    query, description = await _lasting(request, db, actor)
    form = SearchForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.save(
                db,
                actor,
                kind=KIND,
                query=query,
                description=description,
                name=form.name.data or "",
                wanted=SearchMail(form.mail.data),
                key=request.app.state.settings.key(),
            )
            return to(request, "/searches", notice="The search was saved. You hear of new challenges")
    return _page(form, query, description)


router = Router("/", route_handlers=[save_page, save], include_in_schema=False)
