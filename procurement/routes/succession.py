"""Councils that merge: which, whose contracts overlap, where a pool beats extending, and who gets what."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from analytics.pooling.needs import Model
from procurement.actions import succession as actions
from procurement.forms.succession import SuccessorForm
from procurement.queries import succession as queries
from procurement.routes.register import check_may_see
from procurement.rules import succession as rules
from procurement.rules.needs import may_change
from spend.queries import own_code
from spend.rules.categories import taxonomy
from values.actors import Actor
from values.refusals import Missing
from values.years import london_today
from web.pages import AnyRequest, Page, to

# A reorganisation stays on the list for so long after its day.
SHOWN_AFTER: Final = timedelta(days=365)


@get("/reorganisation", name="procurement.reorganisation")
async def reorganisation(db: Db, actor: Someone) -> Page:
    """List councils that replace others, those of the reader first."""
    check_may_see(actor)
    code = await own_code(db, actor)
    found = await queries.mergers(db, since=london_today() - SHOWN_AFTER)
    mine = [each for each in found if code in {each.successor.code, *(one.code for one in each.predecessors)}]
    others = [each for each in found if each not in mine]
    choosing = len(await queries.successors(db, code or "")) > 1
    return Page(
        "procurement/reorganisation.html", context={"mine": mine, "others": others, "choosing": choosing}
    )


@get("/reorganisation/choices", name="procurement.succession_choices")
async def choices(db: Db, actor: Someone) -> Page:
    """Show what the own council has to give to one of its successors."""
    check_may_see(actor)
    return await _choices(db, actor, None, "")


async def _choices(db: AsyncSession, actor: Actor, form: SuccessorForm | None, subject: str) -> Page:
    code = await own_code(db, actor) or ""
    successors = await queries.successors(db, code)
    if len(successors) < 2:
        raise Missing("choice")
    return Page(
        "procurement/succession_choices.html",
        context={
            "items": await queries.to_choose(db, code),
            "successors": successors,
            "changes": may_change(actor, code, code),
            "form": form or SuccessorForm(),
            "subject": subject,
        },
        status_code=422 if form is not None and form.error_list else 200,
    )


@post(
    "/reorganisation/choices/{kind:str}/{subject_id:uuid}",
    name="procurement.choose_successor",
    status_code=200,
)
async def choose(
    request: AnyRequest, db: Db, actor: Someone, kind: FromPath[str], subject_id: FromPath[UUID]
) -> Page | Redirect:
    """Give a contract or a need to one of the successors."""
    form = SuccessorForm(await request.form())
    form.offer(await queries.successors(db, await own_code(db, actor) or ""))
    if form.validate():
        async with form.attempt(db):
            await actions.choose(db, actor, kind, subject_id, form.successor.data)
            return to(request, "/reorganisation/choices", notice="Your choice was saved")
    return await _choices(db, actor, form, str(subject_id))


@get("/reorganisation/{code:str}", name="procurement.merger")
async def merger(db: Db, actor: Someone, code: FromPath[str]) -> Page:
    """Show overlapping contracts of the councils that one replaces, as far as the reader may see them."""
    check_may_see(actor)
    known = await queries.mergers(db, since=london_today() - SHOWN_AFTER)
    found = next((each for each in known if each.successor.code == code.upper()), None)
    if found is None:
        raise Missing("merger")
    codes = [found.successor.code, *(each.code for each in found.predecessors)]
    contracts = await queries.running(db, codes)
    overlaps = await asyncio.to_thread(rules.overlaps, contracts, Model(), london_today())
    return Page(
        "procurement/merger.html",
        context={
            "merger": found,
            "overlaps": overlaps,
            "contracts": len(contracts),
            "unknown": sum(not contract.category for contract in contracts),
            "names": {each.code: each.name for each in (found.successor, *found.predecessors)},
            "named": taxonomy().named,
        },
    )


router = Router("/", route_handlers=[reorganisation, choices, choose, merger], include_in_schema=False)
