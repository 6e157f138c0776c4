"""Responses as sponsors read them, once the deadline has passed."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath

from accounts.routes.session import Db, Someone
from challenges.queries import phases
from challenges.queries import responses as queries
from challenges.routes import showing
from sourcing.rules.panels import hidden_words
from web.pages import Page

TAB = "Responses"


@get("/challenges/{challenge_id:uuid}/responses", name="challenges.responses")
async def responses(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Show the responses that count, under their codes; with names where the first read is not anonymous."""
    head = await showing.head_inside(db, actor, challenge_id, TAB)
    return Page(
        "challenges/entries.html",
        context={
            "head": head,
            "entries": await queries.entries(db, challenge_id),
            "kept_words": hidden_words(count) if (count := await phases.hidden(db, challenge_id)) else "",
            "closed": head.challenge.public and not head.challenge.takes_responses,
        },
    )


router = Router("/", route_handlers=[responses], include_in_schema=False)
