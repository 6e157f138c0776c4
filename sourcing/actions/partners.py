"""Suppliers look for partners and answer each other; who they are both see once both agree.

Entries of the audit trail name the doer's own organisation, and neither subject nor advert: the trail would
otherwise tell operators who may bid for what. Mail waits for the worker's next minute: a job to send it would
name who asked for it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.queries import partners as queries
from sourcing.queries import subjects
from sourcing.rules import letters
from sourcing.rules import partners as rules
from store import audit
from values.actors import Actor, Role
from values.refusals import Missing, NotAllowed, Refused


def check_supplier(actor: Actor) -> UUID:
    """Return the organisation of somebody who acts for a supplier.

    Raises:
        NotAllowed: they act for none.
    """
    if actor.organisation_id is None or not actor.has(Role.SUPPLIER):
        raise NotAllowed("Only people of a supplier look for partners here.")
    return actor.organisation_id


async def post(
    db: AsyncSession,
    actor: Actor,
    subject_id: UUID,
    *,
    brings: str,
    seeks: str,
    until: datetime,
    latest: datetime | None,
) -> UUID:
    """Post what the actor's organisation brings and seeks, without its name.

    Args:
        db: the transaction.
        actor: a person of a supplier.
        subject_id: a tender, or a challenge.
        brings: in plain words.
        seeks: in plain words.
        until: until when it is shown.
        latest: until when one can answer the subject itself, as the slice that keeps it says.

    Raises:
        Missing: there is no such subject for the actor.
        NotAllowed: the actor acts for no supplier.
        Refused: something is missing, says too much, or comes too late; or there is one already.
    """
    organisation_id = check_supplier(actor)
    await subjects.subject(db, subject_id)
    brings, seeks = rules.check_words(brings, "brings"), rules.check_words(seeks, "seeks")
    rules.check_until(until, await subjects.now(db), latest)
    made = await db.scalar(select(func.app.post_advert(subject_id, brings, seeks, until)))
    if made is None:
        raise Refused("Your organisation looks for partners here already. Take that back first.")
    await audit.record(db, actor, "partner.sought", "organisation", organisation_id)
    return UUID(str(made))


async def withdraw(db: AsyncSession, actor: Actor, advert_id: UUID) -> None:
    """Take an advert of one's own organisation back; answers stay with who they are for.

    Raises:
        Missing: it is not theirs.
        Refused: it was taken back before.
    """
    organisation_id = check_supplier(actor)
    found = await queries.advert(db, advert_id)
    if not found.mine:
        raise Missing("advert")
    if not await _done(db, func.app.withdraw_advert(advert_id)):
        raise Refused("This was taken back before.")
    await audit.record(db, actor, "partner.withdrawn", "organisation", organisation_id)


async def answer(db: AsyncSession, actor: Actor, advert_id: UUID, *, words: str, address: str) -> UUID:
    """Answer an advert; who sends it agrees to be known to its poster, if that agrees too.

    Args:
        db: the transaction.
        actor: a person of another supplier.
        advert_id: which.
        words: to whoever posted it.
        address: of this service, for mail that says no more than that something waits.

    Raises:
        Missing: there is no such advert for the actor.
        NotAllowed: the actor acts for no supplier.
        Refused: it is over, one's own, or answered already.
    """
    organisation_id = check_supplier(actor)
    found = await queries.advert(db, advert_id)
    words = rules.check_words(words, "words")
    if found.mine or not found.open:
        raise Refused("This can be answered no more." if not found.open else "This is your own.")
    letter = letters.waiting(address)
    made = await db.scalar(select(func.app.answer_advert(advert_id, words, letter.subject, letter.body)))
    if made is None:
        raise Refused("Your organisation has answered this already.")
    await audit.record(db, actor, "partner.answered", "organisation", organisation_id)
    return UUID(str(made))


async def withdraw_answer(db: AsyncSession, actor: Actor, answer_id: UUID) -> None:
    """Take an answer of one's own organisation back before it was decided.

    Raises:
        NotAllowed: the actor acts for no supplier.
        Refused: it was answered already, or is not theirs.
    """
    organisation_id = check_supplier(actor)
    if not await _done(db, func.app.withdraw_partner_answer(answer_id)):
        raise Refused("This answer was decided already, or is not yours.")
    await audit.record(db, actor, "partner.answer_withdrawn", "organisation", organisation_id)


async def decide(db: AsyncSession, actor: Actor, answer_id: UUID, *, agrees: bool, address: str) -> None:
    """Agree to an answer, so that both see who the other is, or decline it.

    Raises:
        NotAllowed: the actor acts for no supplier.
        Refused: it was decided already, or is not to their advert.
    """
    organisation_id = check_supplier(actor)
    letter = letters.waiting(address)
    decided = func.app.decide_partner_answer(answer_id, agrees, letter.subject, letter.body)
    if not await _done(db, decided):
        raise Refused("This was decided already, taken back, or is not an answer to you.")
    action = "partner.agreed" if agrees else "partner.declined"
    await audit.record(db, actor, action, "organisation", organisation_id)


async def report(db: AsyncSession, actor: Actor, advert_id: UUID, *, reason: str) -> None:
    """Report an advert to the operators; they read its words and the reason, and not whose either is.

    Raises:
        Missing: there is no such advert for the actor.
        NotAllowed: the actor acts for no supplier.
        Refused: it was reported, and an operator has yet to decide.
    """
    organisation_id = check_supplier(actor)
    await queries.advert(db, advert_id)
    if not await _done(db, func.app.report_advert(advert_id, reason.strip())):
        raise Refused("This was reported already, is over, or is your own.")
    await audit.record(db, actor, "partner.reported", "organisation", organisation_id)


async def decide_report(
    db: AsyncSession, actor: Actor, advert_id: UUID, *, reason: str, takes_down: bool, address: str
) -> None:
    """Take a reported advert down with a reason that its poster reads, or leave it.

    Raises:
        NotAllowed: the actor is no operator.
        Missing: no report of it waits.
    """
    if not actor.has(Role.OPERATOR):
        raise NotAllowed("Only operators decide about reports.")
    letter = letters.waiting(address)
    decided = func.app.decide_report(advert_id, takes_down, reason.strip(), letter.subject, letter.body)
    if not await _done(db, decided):
        raise Missing("report")
    action = "partner.taken_down" if takes_down else "partner.left"
    await audit.record(db, actor, action, "partner-advert", advert_id, reason=reason.strip())


async def _done(db: AsyncSession, call: Any) -> bool:
    return bool(await db.scalar(select(call)))
