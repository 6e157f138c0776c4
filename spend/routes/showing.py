"""What several pages of files share: the lake, who may change a file, words for states and amounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries as accounts
from spend import queries
from spend.models import FileState
from spend.rules import access
from store.lake import Lake
from values.actors import Actor
from web.pages import AnyRequest

STATE_WORDS: Final = {
    FileState.CURRENT: ("Counts", "green"),
    FileState.REPLACED: ("Replaced", "grey"),
    FileState.WITHDRAWN: ("Withdrawn", "orange"),
}
BASIS_WORDS: Final = {
    "net": "Without VAT",
    "gross": "With VAT: no net amount is published",
    "unknown": "Not said whether VAT is in it",
}
KIND_WORDS: Final = {
    "purchase": "Purchase",
    "redacted": "Name withheld by the council",
    "resident": "Resident",
    "payroll": "Pay",
    "internal": "Internal",
    "no_payee": "No payee",
}


@dataclass(frozen=True, slots=True)
class Rights:
    """What the actor may do with a file; only decides which links are shown, actions check again."""

    change: bool
    see_set_aside: bool


def lake_of(request: AnyRequest) -> Lake:
    """Return the lake that the application was given."""
    return cast("Lake", request.app.state.lake)


async def facts_and_rights(db: AsyncSession, actor: Actor, file_id: UUID) -> tuple[queries.FileFacts, Rights]:
    """Return a file with what the actor may do with it."""
    facts = await queries.file_facts(db, file_id)
    own = await queries.own_code(db, actor)
    return facts, Rights(
        access.may_change(actor, facts.body_code, own), access.may_see_set_aside(actor, facts.body_code, own)
    )


async def changeable(db: AsyncSession, actor: Actor, file_id: UUID) -> queries.FileFacts:
    """Return a file that the actor may change.

    Raises:
        Missing: there is no such file.
        NotAllowed: it is another body's.
    """
    facts = await queries.file_facts(db, file_id)
    access.check_may_change(actor, facts.body_code, await queries.own_code(db, actor))
    return facts


async def own_names(db: AsyncSession, body_code: str) -> list[str]:
    """Return the names under which a body pays itself."""
    return await accounts.names_of(db, body_code)
