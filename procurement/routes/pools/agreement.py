"""The agreement of a pool: the tab, a version with its hash and signatures, making the next one."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from procurement.actions.pools import agreement as actions
from procurement.forms.agreement import COST_WORDS, DATA_WORDS, ChoicesForm
from procurement.queries.pools import agreements as queries
from procurement.queries.pools.agreements import VersionRow
from procurement.routes.pools.showing import Head, head_of_member
from procurement.rules.pools import agreement as rules
from procurement.rules.pools import states
from procurement.rules.pools.agreement import Choices
from procurement.rules.pools.signing import REVOCABLE
from procurement.rules.pools.states import OPEN
from values.actors import Actor, Role
from web.forms import Form, seen_hash
from web.pages import AnyRequest, Page, to

TAB = "Agreement"


@get("/pools/{pool_id:uuid}/agreement", name="procurement.agreement")
async def agreement(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Show the version that counts, who signed it, and what the reader can do."""
    head = await head_of_member(db, actor, pool_id, TAB)
    versions = await queries.versions(db, pool_id)
    signatures = await queries.signatures(db, pool_id)
    last = versions[0] if versions else None
    live = {row.body_code: row for row in signatures if row.ended_at is None}
    own = live.get(head.own_code or "")
    outdated = last is not None and last.made_at < head.pool.lead_since
    return Page(
        "procurement/agreement/tab.html",
        context={
            "head": head,
            "form": Form(),
            "versions": versions,
            "last": last,
            "signed": {code: row for code, row in live.items() if last and row.version == last.version},
            "own": own,
            "commitment": await queries.commitment(db, pool_id, own) if own else None,
            "makes": head.leads and head.pool.state in OPEN,
            "outdated": outdated,
            "signs": actor.has(Role.APPROVER) and head.takes_part and head.pool.state in REVOCABLE,
        },
    )


@get("/pools/{pool_id:uuid}/agreement/{number:int}", name="procurement.agreement_version")
async def version(db: Db, actor: Someone, pool_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """Show a version with its hash and all signatures, and how to check them."""
    head = await head_of_member(db, actor, pool_id, TAB)
    shown = await queries.version(db, pool_id, number)
    versions = await queries.versions(db, pool_id)
    before = next((row for row in versions if row.version == number - 1), None)
    return Page(
        "procurement/agreement/version.html",
        context={
            "head": head,
            "form": Form(),
            "shown": shown,
            "last": versions[0].version,
            "before": before,
            "differences": rules.differences(before.text, shown.text) if before else [],
            "signatures": await queries.signatures(db, pool_id, number),
            "intact": rules.digest(shown.text) == shown.sha256,
            "name": _file_name(pool_id, number),
        },
    )


def _file_name(pool_id: UUID, number: int) -> str:
    return f"agreement-{pool_id}-version-{number}.txt"


@get("/pools/{pool_id:uuid}/agreement/{number:int}/text", name="procurement.agreement_text")
async def text(db: Db, actor: Someone, pool_id: FromPath[UUID], number: FromPath[int]) -> Response[bytes]:
    """Hand the text out byte for byte as it was hashed."""
    await head_of_member(db, actor, pool_id, TAB)
    shown = await queries.version(db, pool_id, number)
    return Response(
        content=shown.text.encode(),
        media_type="text/plain",
        headers={"content-disposition": f'attachment; filename="{_file_name(pool_id, number)}"'},
    )


async def _led(db: AsyncSession, actor: Actor, pool_id: UUID) -> Head:
    head = await head_of_member(db, actor, pool_id, TAB)
    states.check_may_lead(actor, head.pool.lead_code, head.own_code)
    return head


async def _draft(
    db: AsyncSession, head: Head, form: ChoicesForm, last: VersionRow | None, *, previewed: bool
) -> Page:
    number = last.version + 1 if last else 1
    filled = ""
    if previewed:
        filled = rules.fill(await queries.facts(db, head.pool.id), form.choices, number)
    return Page(
        "procurement/agreement/draft.html",
        context={
            "head": head,
            "form": form,
            "last": last,
            "number": number,
            "filled": filled,
            "hash": rules.digest(filled).hex() if filled else "",
            "differences": rules.differences(last.text, filled) if last and filled else [],
            "cost_words": COST_WORDS,
            "data_words": DATA_WORDS,
        },
        status_code=422 if form.error_list else 200,
    )


@get("/pools/{pool_id:uuid}/agreement/new", name="procurement.agreement_draft")
async def draft(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Ask the lead council for the few things that are choices."""
    head = await _led(db, actor, pool_id)
    last = await queries.last_version(db, pool_id)
    choices = Choices.of(last.choices) if last else Choices()
    return await _draft(db, head, ChoicesForm(data=choices.as_json()), last, previewed=False)


@post("/pools/{pool_id:uuid}/agreement/new", name="procurement.make_agreement", status_code=200)
async def make(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Show the text as it would be, or make it the next version."""
    head = await _led(db, actor, pool_id)
    typed = await request.form()
    form = ChoicesForm(typed)
    valid = form.validate()
    if valid and typed.get("then") == "make":
        async with form.attempt(db):
            number = await actions.make_version(
                db,
                actor,
                pool_id,
                form.choices,
                reason=form.reason.data or "",
                seen=seen_hash(typed.get("seen")),
            )
            return to(request, f"/pools/{pool_id}/agreement", notice=f"Version {number} was made")
    return await _draft(db, head, form, await queries.last_version(db, pool_id), previewed=valid)


router = Router("/", route_handlers=[agreement, version, text, draft, make], include_in_schema=False)
