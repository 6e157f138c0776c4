"""What a backup keeps of the market report: the cells and definitions that each release was made from."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from insights.actions.releasing import RELEASES
from insights.models import Release
from store.lake import Lake


async def kept_files(db: AsyncSession, lake: Lake) -> list[str]:
    """Return the names, from the root of the lake, of every file of the releases that count."""
    ids = await db.scalars(select(Release.id))
    return sorted(
        str(place.relative_to(lake.root))
        for release_id in ids
        for place in lake.path(RELEASES, str(release_id)).rglob("*")
        if place.is_file()
    )
