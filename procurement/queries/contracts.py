"""Contracts of the reader's own council, and names of buyers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import BodyKind, Organisation
from procurement.models import Contract
from procurement.reading import buyers
from values.refusals import Missing

MOST_SHOWN: Final = 500


async def ending_contracts(db: AsyncSession, body_code: str, first_on: date, last_on: date) -> list[Contract]:
    """Return contracts of a body that end within these days, the first to end first."""
    rows = await db.scalars(
        select(Contract)
        .where(Contract.body_code == body_code, Contract.end_on.between(first_on, last_on))
        .order_by(Contract.end_on, Contract.id)
        .limit(MOST_SHOWN)
    )
    return list(rows)


async def other_contracts(
    db: AsyncSession, body_code: str, first_on: date, last_on: date, *, offset: int, limit: int
) -> tuple[int, list[Contract]]:
    """Return how many contracts of a body end at no known day or outside these days, and a page of them."""
    apart = (
        Contract.body_code == body_code,
        or_(Contract.end_on.is_(None), Contract.end_on < first_on, Contract.end_on > last_on),
    )
    total = await db.scalar(select(func.count()).select_from(Contract).where(*apart))
    order = (Contract.end_on.desc().nulls_first(), Contract.title, Contract.id)
    rows = await db.scalars(select(Contract).where(*apart).order_by(*order).offset(offset).limit(limit))
    return total or 0, list(rows)


async def contract(db: AsyncSession, contract_id: UUID) -> Contract:
    """Return a contract.

    Raises:
        Missing: no such contract, or not theirs to see.
    """
    found = await db.get(Contract, contract_id)
    if found is None:
        raise Missing("contract")
    return found


async def named(db: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of contracts, with their suppliers, as far as the reader may know of them."""
    rows = await db.execute(
        select(Contract.id, Contract.title, Contract.supplier_name).where(Contract.id.in_(ids))
    )
    return {
        contract_id: f"{title}, {supplier or 'supplier not said'}" for contract_id, title, supplier in rows
    }


async def buyer_index(db: AsyncSession) -> dict[str, str]:
    """Return the names of councils of today, then former ones, as `buyers.code_of` asks for them."""
    found: dict[str, str] = {}
    for kind in (BodyKind.FORMER_COUNCIL, BodyKind.COUNCIL):
        rows = await db.execute(
            select(Organisation.code, Organisation.name, Organisation.short_name).where(
                Organisation.kind == kind, Organisation.code.is_not(None)
            )
        )
        pairs = [(str(code), name) for code, *names in rows for name in names]
        found |= buyers.index(pairs)
    return found


async def all_contracts(db: AsyncSession, body_code: str) -> list[Contract]:
    """Return the contracts that a need of a body can follow, by title."""
    query = select(Contract).where(Contract.body_code == body_code).order_by(Contract.title, Contract.id)
    return list(await db.scalars(query.limit(MOST_SHOWN)))
