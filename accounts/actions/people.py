"""Invite people, change what they may do, remove them; take an invitation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Delete, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions import mail
from accounts.actions.passwords import Passwords
from accounts.models import Membership, Organisation, Person, Token, TokenKind
from accounts.queries import people
from accounts.rules import addresses, letters, tokens
from accounts.rules import passwords as password_rules
from accounts.rules import roles as rules
from store import audit
from store.db import Sessions, transaction
from values.actors import PUBLIC, Actor, Role
from values.ids import uuid7
from values.refusals import Missing, NotAllowed, Refused


async def invite(
    db: AsyncSession, actor: Actor, organisation_id: UUID, *, email: str, role: Role, address: str
) -> None:
    """Invite somebody to an organisation by e-mail; an invitation to the same role that waits is replaced.

    Raises:
        Missing: there is no such organisation.
        NotAllowed: the role, or the organisation, is not the actor's to give.
        Refused: they have this role already, or nobody has such a role there.
    """
    if Role.OPERATOR not in actor.roles and organisation_id != actor.organisation_id:
        raise NotAllowed("You may invite people to your own organisation only.")
    organisation = await db.get(Organisation, organisation_id)
    if organisation is None:
        raise Missing("organisation")
    rules.check_can_grant(actor, organisation.kind, {role})
    email = addresses.normal_email(email)
    if await _has_role(db, organisation_id, email, role):
        raise Refused("Somebody with this e-mail address has this role already", "email")
    await _withdraw(db, organisation_id, email, role)
    token, token_id = tokens.new_token(), uuid7()
    await db.execute(
        insert(Token)
        .values(
            id=token_id,
            kind=TokenKind.INVITATION,
            token_hash=tokens.digest(token),
            email=email,
            organisation_id=organisation_id,
            role=role,
            invited_by=actor.person_id,
            expires_at=datetime.now(UTC) + tokens.INVITATION_LASTS,
        )
        .inline()
    )
    letter = letters.invitation(
        href=f"{address}/invitation/{token}",
        inviter=actor.name,
        organisation=organisation.name,
        role=rules.NAMES[role],
    )
    await mail.write(db, email, letter)
    await mail.send_soon(db, actor)
    await audit.record(db, actor, "person.invited", "token", token_id, email=email, role=role)


async def _has_role(db: AsyncSession, organisation_id: UUID, email: str, role: Role) -> bool:
    found = await db.scalar(
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation_id, Membership.role == role, Person.email == email)
    )
    return found is not None


async def _withdraw(db: AsyncSession, organisation_id: UUID, email: str, role: Role) -> None:
    await db.execute(
        delete(Token).where(
            Token.organisation_id == organisation_id,
            Token.email == email,
            Token.role == role,
            Token.used_at.is_(None),
        )
    )


async def withdraw_invitation(db: AsyncSession, actor: Actor, token_id: UUID) -> None:
    """Take an invitation back that nobody took yet.

    Raises:
        Missing: it was taken, or is not the actor's to take back.
    """
    withdrawn = await db.scalar(
        delete(Token).where(Token.id == token_id, Token.used_at.is_(None)).returning(Token.email)
    )
    if withdrawn is None:
        raise Missing("invitation")
    await audit.record(db, actor, "invitation.withdrawn", "token", token_id, email=withdrawn)


async def accept_invitation(
    sessions: Sessions, passwords: Passwords, *, token: str, name: str = "", password: str = ""
) -> None:
    """Make the person who was invited a member. Somebody new chooses a name and a password.

    Raises:
        Missing: the invitation was taken, withdrawn or ran out.
        Refused: the password is too easy.
    """
    async with transaction(sessions, PUBLIC) as db:
        invitation = await people.open_token(db, TokenKind.INVITATION, token)
    hashed = None
    if not invitation.known:
        password_rules.check(password, about=(invitation.email, name))
        hashed = await passwords.hash(password)
    async with transaction(sessions, PUBLIC) as db:
        person_id: UUID | None = await db.scalar(
            select(func.app.use_invitation(tokens.digest(token), uuid7(), name, hashed))
        )
        if person_id is None:
            raise Missing("invitation")
        await audit.record(
            db,
            Actor(name=name or invitation.name, organisation_id=invitation.organisation_id),
            "invitation.accepted",
            "person",
            person_id,
            role=str(invitation.role),
        )


async def set_roles(
    db: AsyncSession, actor: Actor, organisation_id: UUID, person_id: UUID, *, roles: Collection[Role]
) -> None:
    """Let a member have exactly these roles in an organisation.

    Raises:
        Missing: the actor knows no such member.
        NotAllowed: a role given or taken is not the actor's to give, or the member is the actor.
        Refused: no role is left, or nobody has such a role there.
    """
    member = await people.member(db, organisation_id, person_id)
    _check_other(actor, person_id)
    if not roles:
        raise Refused("Choose at least one role, or remove the person", "roles")
    given, taken = set(roles) - set(member.roles), set(member.roles) - set(roles)
    rules.check_can_grant(actor, member.organisation_kind, given)
    _check_can_take(actor, taken)
    # Given before taken: the policy lets a role be given only to somebody who is a member.
    if given:
        await db.execute(
            insert(Membership)
            .values([{"person_id": person_id, "organisation_id": organisation_id, "role": r} for r in given])
            .inline()
        )
    await db.execute(_without(organisation_id, person_id, taken))
    await audit.record(
        db,
        actor,
        "member.roles-changed",
        "person",
        person_id,
        organisation_id=str(organisation_id),
        given=sorted(given),
        taken=sorted(taken),
    )


async def remove_member(db: AsyncSession, actor: Actor, organisation_id: UUID, person_id: UUID) -> None:
    """End a membership; the person's sessions for this organisation end with it.

    Raises:
        Missing: the actor knows no such member.
        NotAllowed: the member has a role that is not the actor's to take, or is the actor.
    """
    member = await people.member(db, organisation_id, person_id)
    _check_other(actor, person_id)
    _check_can_take(actor, member.roles)
    await db.execute(_without(organisation_id, person_id, member.roles))
    await audit.record(db, actor, "member.removed", "person", person_id, organisation_id=str(organisation_id))


def _without(organisation_id: UUID, person_id: UUID, roles: Collection[Role]) -> Delete:
    return delete(Membership).where(
        Membership.organisation_id == organisation_id,
        Membership.person_id == person_id,
        Membership.role.in_(roles),
    )


def _check_other(actor: Actor, person_id: UUID) -> None:
    if actor.person_id == person_id:
        raise NotAllowed("Ask somebody else to change what you may do.")


def _check_can_take(actor: Actor, roles: Collection[Role]) -> None:
    if not rules.grantable(actor).issuperset(roles):
        raise NotAllowed("This person has a role that is not yours to take.")
