"""What a backup keeps of this slice: the model of texts that counts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.matching import model_place
from procurement.models import MatchModel
from store.lake import Lake


async def kept_files(db: AsyncSession, lake: Lake) -> list[str]:
    """Return the names, from the root of the lake, of the models that are named."""
    digests = await db.scalars(select(MatchModel.sha256))
    places = [model_place(lake, digest.hex()) for digest in digests]
    return sorted(str(place.relative_to(lake.root)) for place in places if place.exists())
