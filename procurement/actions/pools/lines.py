"""Changes of the requirements of a pool: lines brought in, stances taken, lines settled and reworded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.pools import pulse
from procurement.models import PoolLine, PoolLineChange, PoolStance
from procurement.queries.pools import lines as queries
from procurement.queries.pools import pool as pools
from procurement.queries.pools import votes
from procurement.queries.pools.lines import LineRow
from procurement.queries.pools.pool import MemberRow, PoolRow
from procurement.rules.pools import alike, states
from procurement.rules.pools import lines as rules
from procurement.rules.pools.lines import Outcome, Stance
from spend.queries import own_code
from store import audit
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Refused


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks for a council in a pool that nobody else changes meanwhile."""

    pool: PoolRow
    here: Sequence[MemberRow]
    code: str


async def speaker(db: AsyncSession, actor: Actor, pool_id: UUID) -> Speaker:
    """Lock a pool for a change of its requirements by an officer of a member.

    Raises:
        Refused: the requirements are agreed and no longer open.
    """
    pool = await pools.locked_pool(db, pool_id)
    here = [member for member in await pools.members(db, pool_id) if not member.withdrawn]
    code = await own_code(db, actor)
    rules.check_speaks(actor, takes_part=any(member.body_code == code for member in here))
    rules.check_changeable(pool.state)
    return Speaker(pool, here, str(code))


async def leader(db: AsyncSession, actor: Actor, pool_id: UUID) -> Speaker:
    """Lock a pool for a change of its requirements by an officer of the lead council."""
    found = await speaker(db, actor, pool_id)
    states.check_may_lead(actor, found.pool.lead_code, found.code)
    return found


async def done(db: AsyncSession, actor: Actor, pool_id: UUID, code: str, action: str, **details: Any) -> None:
    """Finish a change: tell the audit trail, and that the pool changed and who took part."""
    await audit.record(db, actor, action, "pool", pool_id, body_code=code, **details)
    await pulse.changed(db, actor, pool_id)
    await pulse.took_part(db, actor, pool_id, code)


async def keep_change(
    db: AsyncSession,
    actor: Actor,
    pool_id: UUID,
    line_id: UUID,
    what: str,
    *,
    code: str | None,
    before: str = "",
    after: str = "",
    reason: str = "",
) -> None:
    """Write a change into the history of a line."""
    await db.execute(
        insert(PoolLineChange).values(
            pool_id=pool_id,
            line_id=line_id,
            body_code=code,
            person_id=actor.person_id,
            person_name=actor.name,
            what=what,
            before=before,
            after=after,
            reason=reason,
        )
    )


async def bring_in(db: AsyncSession, actor: Actor, pool_id: UUID) -> tuple[int, int]:
    """Bring the lines of the actor's own needs into a pool; return how many are new and how many joined one.

    A line that the pool has already, in the same or nearly the same words, gets the council's stance; what
    the council said to a line before stays.

    Raises:
        Refused: the needs that the council brings have no lines.
    """
    speaking = await speaker(db, actor, pool_id)
    wanted = await queries.own_need_lines(db, pool_id, speaking.code)
    if not wanted:
        raise Refused("The need that your council brings has no requirements. Add them to the need first.")
    found = [(line.id, line.text) for line in await queries.lines(db, pool_id)]
    silent = {line.id for line in await queries.lines(db, pool_id) if line.of(speaking.code) is None}
    new = joined = 0
    for need_id, kind, text in wanted:
        line_id = alike.same_line(text, found)
        if line_id is None:
            line_id, _ = await _add(db, actor, speaking, text, need_id=need_id)
            found.append((line_id, text))
            new += 1
        elif line_id in silent:
            joined += 1
        else:
            continue
        silent.discard(line_id)
        await _say(db, actor, speaking, line_id, Stance(kind), "", before="")
    if new or joined:
        await done(db, actor, pool_id, speaking.code, "pool.lines_brought_in", new=new, joined=joined)
    return new, joined


async def propose(db: AsyncSession, actor: Actor, pool_id: UUID, text: str, stance: Stance) -> UUID:
    """Add a line to a pool with the actor's own stance to it; return it.

    Raises:
        Refused: the pool has a line that says the same.
    """
    speaking = await speaker(db, actor, pool_id)
    lines = await queries.lines(db, pool_id)
    same = alike.same_line(text, [(line.position, line.text) for line in lines])
    if same is not None:
        raise Refused(f"Line {same} says the same. Say there what your council needs.", "text")
    line_id, number = await _add(db, actor, speaking, text)
    await _say(db, actor, speaking, line_id, stance, "", before="")
    await done(db, actor, pool_id, speaking.code, "pool.line_added", number=number)
    return line_id


async def _add(
    db: AsyncSession, actor: Actor, speaking: Speaker, text: str, *, need_id: UUID | None = None
) -> tuple[UUID, int]:
    pool_id, line_id = speaking.pool.id, uuid7()
    last = await db.scalar(select(func.max(PoolLine.position)).where(PoolLine.pool_id == pool_id))
    number = (last or 0) + 1
    await db.execute(
        insert(PoolLine).values(
            id=line_id,
            pool_id=pool_id,
            position=number,
            text=text,
            body_code=speaking.code,
            need_id=need_id,
        )
    )
    await keep_change(db, actor, pool_id, line_id, "added", code=speaking.code, after=text)
    return line_id, number


async def take_stance(
    db: AsyncSession, actor: Actor, pool_id: UUID, line_id: UUID, stance: Stance, *, reason: str
) -> None:
    """Say for the actor's council what a line is to it."""
    speaking = await speaker(db, actor, pool_id)
    rules.check_stance(stance, reason)
    line = await queries.line(db, pool_id, line_id)
    own = line.of(speaking.code)
    if (
        own is not None
        and (own.stance, own.reason) == (stance, reason)
        and not _is_stale(line, speaking.code)
    ):
        return
    await _say(db, actor, speaking, line_id, stance, reason, before=own.stance if own else "")
    await done(
        db,
        actor,
        pool_id,
        speaking.code,
        "pool.stance_taken",
        number=line.position,
        stance=rules.STANCE_WORDS[stance].lower(),
        reason=reason,
    )


def _is_stale(line: LineRow, code: str) -> bool:
    own = line.of(code)
    return own is not None and line.reworded_at is not None and own.changed_at < line.reworded_at


async def _say(
    db: AsyncSession,
    actor: Actor,
    speaking: Speaker,
    line_id: UUID,
    stance: Stance,
    reason: str,
    *,
    before: str,
) -> None:
    pool_id, code = speaking.pool.id, speaking.code
    said = {"stance": stance.value, "reason": reason, "person_name": actor.name}
    await db.execute(
        upsert(PoolStance)
        .values(pool_id=pool_id, line_id=line_id, body_code=code, **said)
        .on_conflict_do_update(
            index_elements=["line_id", "body_code"],
            set_={**said, "changed_at": func.statement_timestamp()},
        )
    )
    await keep_change(
        db,
        actor,
        pool_id,
        line_id,
        "stance",
        code=code,
        before=before,
        after=stance.value,
        reason=reason,
    )


async def settle(
    db: AsyncSession, actor: Actor, pool_id: UUID, line_id: UUID, to: Outcome, *, lot: str, reason: str
) -> None:
    """Decide for the lead council what becomes of a line.

    Raises:
        Refused: a stance bars it, the members voted or are voting on it, or it is a lot without a name.
    """
    leading = await leader(db, actor, pool_id)
    line = await queries.line(db, pool_id, line_id)
    if line_id in await votes.open_lines(db, pool_id):
        raise Refused("Members are voting on this line. Wait until the vote is closed.", "outcome")
    decision = (await queries.decisions(db, pool_id)).get(line_id)
    voted = bool(decision and decision.voted) and not line.overruled
    rules.check_outcome(to, line.stances, voted=voted)
    await carry_out(db, pool_id, line_id, to, lot)
    await keep_change(
        db,
        actor,
        pool_id,
        line_id,
        "outcome",
        code=leading.code,
        before=line.outcome or "",
        after=to.value,
        reason=reason,
    )
    await done(
        db,
        actor,
        pool_id,
        leading.code,
        "pool.line_settled",
        number=line.position,
        outcome=rules.OUTCOME_WORDS[to].lower(),
        lot=lot if to is Outcome.LOT else "",
        reason=reason,
    )


async def carry_out(db: AsyncSession, pool_id: UUID, line_id: UUID, to: Outcome, lot: str) -> None:
    """Write the outcome of a line whose deciding was checked.

    Raises:
        Refused: a lot needs a name.
    """
    if to is Outcome.LOT and not lot:
        raise Refused("Name the lot", "lot")
    await db.execute(
        update(PoolLine)
        .where(PoolLine.pool_id == pool_id, PoolLine.id == line_id)
        .values(outcome=to.value, lot=lot if to is Outcome.LOT else "")
    )


async def reword(
    db: AsyncSession, actor: Actor, pool_id: UUID, line_id: UUID, text: str, *, reason: str
) -> None:
    """Put a line into other words; councils that said something to the old ones are asked to look again.

    Raises:
        Refused: another line says the same.
    """
    leading = await leader(db, actor, pool_id)
    line = await queries.line(db, pool_id, line_id)
    if text == line.text:
        return
    others = [each for each in await queries.lines(db, pool_id) if each.id != line_id]
    same = alike.same_line(text, [(each.position, each.text) for each in others])
    if same is not None:
        raise Refused(f"Line {same} says the same.", "wording")
    await db.execute(
        update(PoolLine)
        .where(PoolLine.id == line_id)
        .values(text=text, reworded_at=func.statement_timestamp())
    )
    await keep_change(
        db,
        actor,
        pool_id,
        line_id,
        "reworded",
        code=leading.code,
        before=line.text,
        after=text,
        reason=reason,
    )
    await done(db, actor, pool_id, leading.code, "pool.line_reworded", number=line.position, reason=reason)
