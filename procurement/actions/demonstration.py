"""Invented needs of the demonstration world: real councils, invented wants, each marked as such."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.needs import write_need
from procurement.models import Need
from procurement.rules.needs import DataHeld, NeedState, Wanted
from procurement.rules.proposals import add_months
from spend.rules.categories import taxonomy
from values.actors import Actor

DRAFT, OPEN, ARCHIVED = NeedState.DRAFT, NeedState.OPEN, NeedState.ARCHIVED
# Council, title, category, outcomes, volume, thousands of pounds, months until the window, its months, state.
NEEDS: Final = (
    (
        "LDS",
        "Library system",
        "library-systems",
        "Residents borrow and renew from any phone.",
        2_100_000,
        120,
        8,
        9,
        OPEN,
    ),
    (
        "CMD",
        "Library and archive system",
        "library-systems",
        "One search over books and archives.",
        640_000,
        60,
        10,
        8,
        OPEN,
    ),
    (
        "SLF",
        "Library self-service",
        "library-systems",
        "Loans outside staffed hours.",
        480_000,
        45,
        12,
        6,
        OPEN,
    ),
    (
        "BST",
        "Case records for adult care",
        "social-care-systems",
        "Workers write once.",
        1_400,
        380,
        14,
        12,
        OPEN,
    ),
    (
        "LDS",
        "Care records for children",
        "social-care-systems",
        "One record a family.",
        2_300,
        520,
        15,
        10,
        DRAFT,
    ),
    (
        "CON",
        "Planning applications",
        "planning-systems",
        "Applicants see where their case is.",
        310,
        140,
        6,
        12,
        OPEN,
    ),
    (
        "NOW",
        "Planning and land charges",
        "planning-systems",
        "Searches answered within a day.",
        60,
        55,
        9,
        12,
        OPEN,
    ),
    (
        "SND",
        "Council tax system",
        "revenues-benefits-systems",
        "Bills that people understand.",
        128_000,
        300,
        18,
        12,
        OPEN,
    ),
    (
        "CMD",
        "Waste collection rounds",
        "waste-collection",
        "Missed bins fall by half.",
        110_000,
        900,
        20,
        6,
        DRAFT,
    ),
    (
        "SLF",
        "Maps for all staff",
        "gis-systems",
        "Everybody finds our assets on one map.",
        700,
        40,
        5,
        12,
        OPEN,
    ),
    (
        "LEE",
        "Electoral register",
        "electoral-systems",
        "Electors correct their entry online.",
        80_000,
        30,
        7,
        6,
        ARCHIVED,
    ),
    (
        "NOW",
        "Housing repairs desk",
        "housing-systems",
        "Tenants choose the hour of a repair.",
        14_500,
        95,
        11,
        9,
        OPEN,
    ),
)


async def load_demonstration_needs(db: AsyncSession, actor: Actor, anchor: date) -> int:
    """Add the invented needs, their windows counted from `anchor`; return how many are new. Safe to repeat.

    Needs the rights of the jobs role.
    """
    units = {category.code: category.unit for category in taxonomy().categories}
    known = set(await db.scalars(select(Need.source_key).where(Need.demonstration)))
    new = 0
    for number, (code, title, category, outcomes, volume, thousands, first, months, state) in enumerate(
        NEEDS
    ):
        source_key = f"demonstration {number}"
        if source_key in known:
            continue
        earliest = add_months(anchor, first)
        wanted = Wanted(
            title,
            category=category,
            outcomes=outcomes,
            volume=volume,
            unit=units[category],
            value_pence=thousands * 100_000,
            budget_low_pence=thousands * 80_000,
            budget_high_pence=thousands * 100_000,
            earliest_start_on=earliest,
            latest_start_on=add_months(earliest, months),
            data_held=DataHeld.PERSONAL,
            must=("All records can be exported in an open format",),
            nice=("Staff learn it within a day",),
        )
        need_id = await write_need(db, actor, code, wanted, source_key=source_key, demonstration=True)
        if state is not NeedState.DRAFT:
            await db.execute(update(Need).where(Need.id == need_id).values(state=state.value))
        new += 1
    return new
