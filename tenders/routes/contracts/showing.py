"""What every page of a contract starts from: the tender, the contract, as whom the reader stands to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tenders.queries import contracts as queries
from tenders.routes import showing
from tenders.routes.showing import Head
from tenders.rules.contracts.life import Life
from values.actors import Actor, Role
from values.refusals import Missing, NotAllowed
from web.forms import Form
from web.pages import Page

TAB: Final = "Contracts"
BASE: Final = "/tenders/{tender_id:uuid}/contracts/{contract_id:uuid}"


@dataclass(frozen=True, slots=True)
class Held:
    """A contract as its reader stands to it.

    Attributes:
        manages: whether the reader is an officer of the council that signed.
        decides: whether the reader is an approver of it.
    """

    head: Head
    life: Life
    manages: bool
    decides: bool

    @property
    def place(self) -> str:
        """The address of the contract's page."""
        return f"/tenders/{self.head.tender.id}/contracts/{self.life.facts.contract_id}"

    @property
    def context(self) -> Mapping[str, Any]:
        """What every page of a contract shows."""
        return {"head": self.head, "held": self, "life": self.life, "facts": self.life.facts}


async def held(db: AsyncSession, visitor: Actor, tender_id: UUID, contract_id: UUID) -> Held:
    """Return a contract that the reader may see.

    Raises:
        Missing: there is none, or it is not theirs to see.
    """
    head = await showing.head(db, visitor, tender_id, TAB)
    if not head.tender.public:
        raise Missing("contract")
    life = await queries.life(db, tender_id, contract_id)
    own = head.own_code == life.facts.body_code
    return Held(
        head=head,
        life=life,
        manages=own and visitor.has(Role.OFFICER),
        decides=own and visitor.has(Role.APPROVER),
    )


async def managed(db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID) -> Held:
    """Return the same where the page is for officers of the council that signed.

    Raises:
        NotAllowed: the reader is not.
        Missing: the contract is not theirs to see.
    """
    found = await held(db, actor, tender_id, contract_id)
    if not found.manages:
        raise NotAllowed(f"Only an officer of {found.life.facts.body_name} can do this.")
    return found


async def inside(db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID) -> Held:
    """Return the same where the page is for people of the buyers and sector leads.

    Raises:
        Missing: whether there is such a page is not the reader's to know.
    """
    found = await held(db, actor, tender_id, contract_id)
    if not found.head.inside:
        raise Missing("contract")
    return found


def step_page(
    held: Held,
    form: Form,
    *,
    path: str,
    heading: str,
    words: str = "",
    button: str = "Record it",
    upload: bool = False,
    hidden: Mapping[str, str] | None = None,
) -> Page:
    """Return a page that asks for one form of a contract."""
    asked: dict[str, Any] = {
        "path": path,
        "heading": heading,
        "words": words,
        "button": button,
        "upload": upload,
    }
    asked["hidden"] = hidden or {}
    return Page(
        "tenders/contracts/step.html",
        context={**held.context, "form": form, "asked": asked},
        status_code=422 if form.error_list else 200,
    )
