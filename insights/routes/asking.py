"""What every page of the report is asked: which area or councils, and which year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from insights import queries
from insights.queries import Choice, ReleaseView
from spend.rules.categories import UNKNOWN, Category, taxonomy
from values.refusals import Missing, Refused
from web.pages import AnyRequest

# Not a market: the lines whose labels did not say what they were for.
NOT_KNOWN: Final = Category(
    UNKNOWN, "Category not known", "", "Payments whose labels do not say what was bought.", (), ""
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The release that counts and what a person chose of it; `refused` says what could not be chosen."""

    release: ReleaseView
    choice: Choice
    refused: str = ""


async def asked(request: AnyRequest, db: AsyncSession) -> Asked | None:
    """Return what a page is asked for; None before the first release.

    A choice that makes no sense is replaced by the usual one, and said so.
    """
    release = await queries.current_release(db)
    if release is None or not release.years:
        return None
    query = request.query_params
    year = query.get("year", "")
    try:
        choice = await queries.choose(
            db,
            release,
            area=query.get("area") or None,
            year=int(year) if year.isdecimal() and len(year) == 4 else None,
            bodies=[code for code in query.getall("body", []) if code],
        )
    except Refused as refusal:
        return Asked(release, await queries.choose(db, release), refusal.message)
    return Asked(release, choice)


def category_of(code: str) -> Category:
    """Return a category of the taxonomy.

    Raises:
        Missing: there is no such category.
    """
    if code == UNKNOWN:
        return NOT_KNOWN
    found = next((each for each in taxonomy().categories if each.code == code), None)
    if found is None:
        raise Missing("category")
    return found
