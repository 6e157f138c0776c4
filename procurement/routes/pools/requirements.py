"""The requirements of a pool: all lines, what they cost, new ones, the specification to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from procurement.actions.pools import lines as actions
from procurement.actions.pools import sounding
from procurement.forms.lines import ProposeLine, RecordSounding
from procurement.queries.pools import lines as queries
from procurement.queries.pools import pool as pools
from procurement.queries.pools import votes
from procurement.queries.pools.lines import LineRow
from procurement.routes.pools.showing import Head, head_of_member
from procurement.rules.pools import lines as rules
from procurement.rules.pools.lines import STATUS_WORDS, Cost, Costliest, Part, Stance, Status
from procurement.rules.pools.states import OPEN, PoolState
from values.actors import Actor, Role
from web import exports
from web.forms import Form
from web.pages import AnyRequest, Page, to

TAB: Final = "Requirements"
COLUMNS: Final = (
    "line", "requirement", "kind", "status", "stands", "lot", "must_for", "nice_for", "accepted_by",
    "cannot_be_taken_by", "not_said", "councils_kept_out", "value_kept_out_pounds", "suppliers_failing",
    "suppliers_failing_only_here", "settled_by",
)  # fmt: skip
FILTERS: Final[Mapping[str, str]] = {
    "": "All lines",
    **{status.value: words for status, (words, _) in STATUS_WORDS.items()},
    "open": "Not settled",
    "mine": "Your council has not said",
}


def speaks(actor: Actor, head: Head) -> bool:
    """Tell whether the reader may change requirements of this pool now."""
    return actor.has(Role.OFFICER) and head.takes_part and PoolState(head.pool.state) in OPEN


@get("/pools/{pool_id:uuid}/requirements", name="procurement.pool_requirements")
async def requirements(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Show the lines of a pool, and which single one costs it most."""
    head = await head_of_member(db, actor, pool_id, TAB)
    wanted = request.query_params.get("show", "")
    return await _shown(db, actor, head, Form(), wanted=wanted if wanted in FILTERS else "")


async def _shown(
    db: AsyncSession,
    actor: Actor,
    head: Head,
    form: Form,
    *,
    wanted: str = "",
) -> Page:
    pool_id, councils = head.pool.id, len(head.here)
    lines = await queries.lines(db, pool_id)
    found = await costs(db, head, lines)
    shown = [line for line in lines if _passes(line, wanted, head)]
    context = {
        "head": head,
        "form": form,
        "propose": form if isinstance(form, ProposeLine) else ProposeLine(),
        "groups": [
            (status, words, [line for line in shown if line.status(councils) is status])
            for status, (words, _) in STATUS_WORDS.items()
        ],
        "lines": lines,
        "shown": shown,
        "settled": sum(line.part is not Part.OPEN for line in lines),
        "costliest": _costliest(found, lines),
        "costs": {cost.line_id: cost for cost in found},
        "voting": await votes.open_lines(db, pool_id),
        "filters": FILTERS,
        "wanted": wanted,
        "speaks": speaks(actor, head),
        "names": {member.body_code: member.body_name for member in head.members},
        "councils": councils,
    }
    return Page(
        "procurement/pools/requirements.html",
        context=context,
        status_code=422 if form.error_list else 200,
    )


def _passes(line: LineRow, wanted: str, head: Head) -> bool:
    if wanted == "mine":
        return line.of(head.own_code) is None
    if wanted == "open":
        return line.part is Part.OPEN
    return not wanted or line.status(len(head.here)) is Status(wanted)


def _costliest(found: Sequence[Cost], lines: Sequence[LineRow]) -> list[tuple[str, Cost, LineRow]]:
    most: Costliest = rules.costliest(found)
    named = {line.id: line for line in lines}
    return [
        (kind, cost, named[cost.line_id])
        for kind, cost in (("councils", most.councils), ("suppliers", most.suppliers))
        if cost is not None
    ]


async def costs(db: AsyncSession, head: Head, lines: Sequence[LineRow]) -> list[Cost]:
    """Return what each line costs the pool."""
    values: dict[str, int] = {}
    for stake in await pools.stakes(db, head.pool.id):
        values[stake.body_code] = values.get(stake.body_code, 0) + stake.value_pence
    return rules.costs(queries.as_asked(lines, await queries.soundings(db, head.pool.id)), values)


@post("/pools/{pool_id:uuid}/requirements/bring-in", name="procurement.bring_in_lines", status_code=200)
async def bring_in(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Bring the lines of the own council's need into the pool."""
    head = await head_of_member(db, actor, pool_id, TAB)
    form = Form()
    async with form.attempt(db):
        new, joined = await actions.bring_in(db, actor, pool_id)
        said = f"{new} new, {joined} joined lines that other councils have"
        if not (new or joined):
            said = "none, because all of them are here already"
        return to(request, _place(pool_id), notice=f"Lines brought in: {said}")
    return await _shown(db, actor, head, form)


@post("/pools/{pool_id:uuid}/requirements", name="procurement.propose_line", status_code=200)
async def propose(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Add a line to the pool."""
    head = await head_of_member(db, actor, pool_id, TAB)
    form = ProposeLine(await request.form())
    if form.validate():
        async with form.attempt(db):
            text = " ".join(str(form.text.data).split())
            line_id = await actions.propose(db, actor, pool_id, text, Stance(form.kind.data))
            return to(request, f"{_place(pool_id)}/{line_id}", notice="The line was added")
    return await _shown(db, actor, head, form)


@get("/pools/{pool_id:uuid}/requirements/sounding", name="procurement.sounding_page")
async def sounding_page(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Ask what a supplier said."""
    head = await head_of_member(db, actor, pool_id, TAB)
    return await _sounding(db, actor, head, RecordSounding())


@post("/pools/{pool_id:uuid}/requirements/sounding", name="procurement.record_sounding", status_code=200)
async def record_sounding(
    request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]
) -> Page | Redirect:
    """Write down what a supplier said about the lines."""
    head = await head_of_member(db, actor, pool_id, TAB)
    form = RecordSounding(await request.form())
    form.offer([(line.id, line.text) for line in await queries.lines(db, pool_id)])
    if form.validate():
        async with form.attempt(db):
            name = str(form.supplier.data)
            failing = [UUID(each) for each in form.failing.data or []]
            await sounding.record_sounding(
                db, actor, pool_id, name, failing=failing, note=str(form.note.data)
            )
            return to(request, _place(pool_id), notice=f"What {name} said was recorded")
    return await _sounding(db, actor, head, form)


async def _sounding(db: AsyncSession, actor: Actor, head: Head, form: RecordSounding) -> Page:
    rules.check_speaks(actor, takes_part=head.takes_part)
    lines = await queries.lines(db, head.pool.id)
    form.offer([(line.id, f"{line.position}. {line.text}") for line in lines])
    context = {"head": head, "form": form, "lines": lines}
    return Page(
        "procurement/pools/sounding.html", context=context, status_code=422 if form.error_list else 200
    )


@get("/pools/{pool_id:uuid}/requirements.csv", name="procurement.pool_requirements_csv")
async def requirements_csv(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Response[bytes]:
    """Give the lines as a table to take away."""
    head = await head_of_member(db, actor, pool_id, TAB)
    lines = await queries.lines(db, pool_id)
    cost_of = {cost.line_id: cost for cost in await costs(db, head, lines)}
    specified = {line.number: line for line in (await queries.specification(db, pool_id)).lines}
    rows = [_csv_row(line, cost_of[line.id], head, specified[line.position].settled_by) for line in lines]
    return exports.csv_file("requirements.csv", exports.csv_bytes(COLUMNS, rows))


def _csv_row(line: LineRow, cost: Cost, head: Head, settled_by: str) -> list[Any]:
    said = {each.body_code for each in line.said}
    return [
        line.position,
        line.text,
        "must" if line.hard else "nice to have",
        line.status(len(head.here)).value,
        line.part.value,
        line.lot if line.part is Part.LOT else "",
        *("; ".join(line.names(stance)) for stance in Stance),
        "; ".join(sorted(member.body_name for member in head.here if member.body_code not in said)),
        len(cost.councils),
        cost.value_pence // 100,
        "; ".join(cost.failing),
        "; ".join(cost.only_failing),
        settled_by,
    ]


@get("/pools/{pool_id:uuid}/specification.txt", name="procurement.pool_specification")
async def specification(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Response[bytes]:
    """Give the specification as reconciled, by lot and option, with who asked for what."""
    await head_of_member(db, actor, pool_id, TAB)
    text = (await queries.specification(db, pool_id)).as_text()
    return Response(
        content=text.encode(),
        media_type="text/plain; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="specification.txt"'},
    )


def _place(pool_id: UUID) -> str:
    return f"/pools/{pool_id}/requirements"


router = Router(
    "/",
    route_handlers=[
        requirements,
        bring_in,
        propose,
        sounding_page,
        record_sounding,
        requirements_csv,
        specification,
    ],
    include_in_schema=False,
)
