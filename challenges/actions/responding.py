"""A firm writes a response: begun, saved by several of its people, handed in, replaced, withdrawn.

The audit trail gets no entry of any of it: operators read the trail, and who responds to what is the firm's
own business until the deadline. The receipts are the trail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, type_coerce, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.models import ChallengeAnswer, ChallengeResponse
from challenges.queries import challenges
from challenges.queries import responses as queries
from challenges.queries.responses import DraftRow, ReceiptRow
from challenges.rules import responding as rules
from challenges.rules.responding import Assured, Particulars
from suppliers.queries import own_assurance
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Refused


async def begin(db: AsyncSession, actor: Actor, challenge_id: UUID) -> UUID:
    """Begin a response for the actor's firm, or return the one that it has.

    Raises:
        Missing: there is no such challenge for the actor.
        NotAllowed: the actor does not act for a firm.
        Refused: the challenge takes no responses, not yet or not any more.
    """
    organisation_id = rules.check_may_respond(actor)
    known = await queries.maybe_own_draft(db, actor, challenge_id)
    if known:
        return known.id
    challenge = await challenges.challenge_row(db, challenge_id)
    rules.check_open(challenge.state, challenge.responses_due_at, challenge.now)
    values = {
        "id": uuid7(),
        "challenge_id": challenge_id,
        "organisation_id": organisation_id,
        "code": rules.new_code(),
        "begun_by": actor.name,
        "saved_by": actor.name,
    }
    # Two colleagues may begin at once: one of them gets the other's.
    await db.execute(upsert(ChallengeResponse).values(values).on_conflict_do_nothing().inline())
    return (await queries.own_draft(db, actor, challenge_id)).id


async def save(
    db: AsyncSession,
    actor: Actor,
    challenge_id: UUID,
    said: Particulars,
    answers: Mapping[int, str],
    *,
    seen: int,
    seen_answers: Mapping[int, int],
) -> None:
    """Save what was changed of a draft, whole or not.

    Args:
        db: the transaction.
        actor: who saves.
        challenge_id: of the challenge.
        said: the short answers.
        answers: the words of each section, by its place.
        seen: the version of the short answers that the form was filled in from.
        seen_answers: the same of each section; 0 where there was nothing.

    Raises:
        Missing: the actor's firm has begun none.
        NotAllowed: the actor does not act for a firm.
        Refused: the deadline has passed, or a colleague has saved the same part meanwhile.
    """
    draft = await _changeable(db, actor, challenge_id)
    if said != draft.said:
        done: Any = await db.execute(
            update(ChallengeResponse)
            .where(ChallengeResponse.id == draft.id, ChallengeResponse.version == seen)
            .values(
                **asdict(said), version=seen + 1, saved_by=actor.name, saved_at=func.statement_timestamp()
            )
            .returning(ChallengeResponse.version)
        )
        _check_saved(done)
    known = await queries.answers(db, draft.id)
    for position, words in answers.items():
        before = known.get(position)
        if words != (before.words if before else ""):
            await _save_answer(db, actor, draft.id, position, words, seen_answers.get(position, 0))


async def _save_answer(
    db: AsyncSession, actor: Actor, response_id: UUID, position: int, words: str, seen: int
) -> None:
    done: Any
    if seen == 0:
        new = {"response_id": response_id, "position": position, "words": words, "saved_by": actor.name}
        done = await db.execute(
            upsert(ChallengeAnswer).values(new).on_conflict_do_nothing().returning(ChallengeAnswer.version)
        )
    else:
        done = await db.execute(
            update(ChallengeAnswer)
            .where(
                ChallengeAnswer.response_id == response_id,
                ChallengeAnswer.position == position,
                ChallengeAnswer.version == seen,
            )
            .values(words=words, version=seen + 1, saved_by=actor.name, saved_at=func.statement_timestamp())
            .returning(ChallengeAnswer.version)
        )
    _check_saved(done)


def _check_saved(done: Any) -> None:
    if not done.first():
        raise Refused(rules.CHANGED_MEANWHILE)


async def _changeable(db: AsyncSession, actor: Actor, challenge_id: UUID) -> DraftRow:
    rules.check_may_respond(actor)
    draft = await queries.own_draft(db, actor, challenge_id)
    rules.check_open(draft.state, draft.due_at, draft.now)
    return draft


async def submit(db: AsyncSession, actor: Actor, challenge_id: UUID, *, known: UUID | None) -> ReceiptRow:
    """Hand in the draft as it stands, in place of what was handed in before; return the receipt.

    Args:
        db: the transaction.
        actor: who hands in.
        challenge_id: of the challenge.
        known: the receipt that the person saw last, or None; a form that is sent twice gets the first one.

    Raises:
        Missing: the actor's firm has begun none.
        NotAllowed: the actor does not act for a firm.
        Refused: something is missing.
    """
    rules.check_may_respond(actor)
    draft = await queries.own_draft(db, actor, challenge_id)
    sections = await challenges.sections(db, challenge_id)
    answers = {position: each.words for position, each in (await queries.answers(db, draft.id)).items()}
    rules.check_whole(sections, answers, draft.said)
    assured = [
        Assured(each.name, each.words, each.evidence) for each in (await own_assurance(db, actor)).values()
    ]
    content = rules.content_of(sections, answers, draft.said, assured)
    sha256 = rules.digest(challenge_id, draft.code, content, draft.said)
    return await _hand_in(db, actor, draft, known, sha256, content)


async def withdraw(db: AsyncSession, actor: Actor, challenge_id: UUID, *, known: UUID | None) -> ReceiptRow:
    """Withdraw what was handed in; the draft stays, and can be handed in again until the deadline.

    Raises:
        Missing: the actor's firm has begun none.
        NotAllowed: the actor does not act for a firm.
        Refused: nothing is handed in.
    """
    rules.check_may_respond(actor)
    draft = await queries.own_draft(db, actor, challenge_id)
    try:
        async with db.begin_nested():
            return await _hand_in(db, actor, draft, known, None, None)
    except IntegrityError as error:
        raise Refused("There is nothing to withdraw: no response is submitted.") from error


async def _hand_in(
    db: AsyncSession,
    actor: Actor,
    draft: DraftRow,
    known: UUID | None,
    sha256: bytes | None,
    content: dict[str, Any] | None,
) -> ReceiptRow:
    made = func.app.hand_in_response(
        uuid7(),
        draft.id,
        known,
        actor.name,
        sha256,
        type_coerce(content, JSONB(none_as_null=True)),
        draft.said.product,
        draft.said.team,
    ).table_valued("receipt_id", "fresh")
    receipt_id = (await db.execute(select(made.c.receipt_id))).scalar_one()
    return next(each for each in await queries.receipts(db, draft.id) if each.id == receipt_id)
