"""Signing the agreement of a pool, and taking a signature back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.confirming import refused_as, take_code
from accounts.routes.session import Db, Someone
from procurement.actions.pools import signatures as actions
from procurement.forms.agreement import SignForm, TakeBackForm
from procurement.queries import authority
from procurement.queries.authority import ApproverRow
from procurement.queries.pools import agreements as queries
from procurement.queries.pools import pool as pools
from procurement.queries.pools import worth
from procurement.routes.pools.agreement import TAB
from procurement.routes.pools.showing import Head, head_of_member
from procurement.rules.pools import signing as rules
from procurement.rules.pools.signing import Wanted
from values.actors import Actor
from values.refusals import Missing, Refused
from web.forms import seen_hash
from web.pages import AnyRequest, Page, to


async def _head(db: AsyncSession, actor: Actor, pool_id: UUID) -> Head:
    head = await head_of_member(db, actor, pool_id, TAB)
    rules.check_approver(actor)
    if not head.takes_part:
        raise Missing("pool")
    return head


async def _expected(db: AsyncSession, head: Head) -> int | None:
    """Return what the reader's council would pay in the pool by the model, where it brings anything."""
    pool = head.pool
    basis = await worth.basis(db, pool.id, pool.category, await pools.stakes(db, pool.id))
    codes = [code for code, _ in basis.values]
    if head.own_code not in codes:
        return None
    estimates = [pence for _, pence in basis.values]
    return rules.expected_pence(estimates, codes.index(head.own_code), basis.model)


async def _page(
    db: AsyncSession, actor: Actor, head: Head, form: SignForm, *, status: int = 0, below: bool = False
) -> Page:
    now = datetime.now(UTC)
    standing = await actions.standing(db, actor, head.pool)
    in_the_way = ""
    try:
        rules.check_can_sign(head.pool.state, head.pool.signs_until, standing, now)
    except Refused as refused:
        in_the_way = refused.message
    return Page(
        "procurement/agreement/sign.html",
        context={
            "head": head,
            "form": form,
            "standing": standing,
            "last": await queries.last_version(db, head.pool.id),
            "in_the_way": in_the_way,
            "setters": [] if standing.limit_pence is not None else await _setters(db, actor),
            "expected": await _expected(db, head),
            "earliest": rules.earliest_until(head.pool.signs_until, now),
            "below": below,
            "failed": bool(form.error_list),
        },
        status_code=status or (422 if form.error_list else 200),
        headers={"cache-control": "no-store"},
    )


async def _setters(db: AsyncSession, actor: Actor) -> Sequence[ApproverRow]:
    _, approvers = await authority.approvers(db, actor)
    return [row for row in approvers if row.person_id != actor.person_id]


@get("/pools/{pool_id:uuid}/sign", name="procurement.sign_page")
async def sign_page(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Show an approver what signing binds the council to, up to which sum and until when."""
    head = await _head(db, actor, pool_id)
    return await _page(db, actor, head, SignForm(data={"until_on": head.pool.last_start_on}))


@post("/pools/{pool_id:uuid}/sign", name="procurement.sign", status_code=200)
async def sign(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Sign the version that was before the approver, with a code for this signature."""
    head = await _head(db, actor, pool_id)
    typed = await request.form()
    form = SignForm(typed)
    if not form.validate():
        return await _page(db, actor, head, form)
    wanted = Wanted(seen_hash(typed.get("seen")), form.sum_pence.data or 0, form.until_on.data)
    try:
        await actions.check(db, actor, head.pool, wanted)
        expected = await _expected(db, head)
        if expected is not None and wanted.sum_pence < expected and not form.below.data:
            form.refuse(
                "Check the sum: it is below what your council would pay by the estimates", "sum_pence"
            )
            return await _page(db, actor, head, form, below=True)
        await take_code(request, form, doing="agreement.sign")
    except Refused as refused:
        return await _page(db, actor, head, form, status=refused_as(form, refused))
    async with form.attempt(db):
        number = await actions.sign(db, actor, pool_id, wanted)
        return to(
            request,
            f"/pools/{pool_id}/agreement",
            notice=f"You signed version {number}. Your council is bound",
        )
    return await _page(db, actor, head, form)


@get("/pools/{pool_id:uuid}/sign/take-back", name="procurement.take_back_page")
async def take_back_page(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Ask why a signature is taken back, and say what follows."""
    return await _take_back_page(db, await _head(db, actor, pool_id), TakeBackForm())


async def _take_back_page(db: AsyncSession, head: Head, form: TakeBackForm) -> Page:
    live = await queries.live_signature(db, head.pool.id, str(head.own_code))
    if live is None:
        raise Missing("signature")
    return Page(
        "procurement/agreement/take_back.html",
        context={"head": head, "form": form, "live": live},
        status_code=422 if form.error_list else 200,
    )


@post("/pools/{pool_id:uuid}/sign/take-back", name="procurement.take_back_signature", status_code=200)
async def take_back(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Take the council's signature back."""
    head = await _head(db, actor, pool_id)
    form = TakeBackForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.take_back(db, actor, pool_id, reason=form.reason.data or "")
            return to(
                request,
                f"/pools/{pool_id}/agreement",
                notice="The signature was taken back. Your council is not bound",
            )
    return await _take_back_page(db, head, form)


router = Router("/", route_handlers=[sign_page, sign, take_back_page, take_back], include_in_schema=False)
