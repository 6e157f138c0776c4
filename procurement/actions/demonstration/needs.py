"""Invented needs of the demonstration world: real councils, invented wants, each marked as such."""

from __future__ import annotations

import random
from datetime import date
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import BodyKind, Organisation
from procurement.actions.matching import ask_to_refit
from procurement.actions.needs import write_need
from procurement.models import Need
from procurement.rules.needs import DataHeld, NeedState, Wanted
from procurement.rules.proposals import add_months
from spend.rules.categories import taxonomy
from values.actors import Actor

Invented = tuple[str, str, str, str, int, int, int, int, NeedState]
PENCE_IN_THOUSAND: Final = 100_000
DRAFT, OPEN, ARCHIVED = NeedState.DRAFT, NeedState.OPEN, NeedState.ARCHIVED
# Council, title, category, outcomes, volume, thousands of pounds, months until the window, its months, state.
NEEDS: Final[tuple[Invented, ...]] = (
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


# What councils without needs above are invented to want: title, category, outcomes, volume a thousand
# residents, pounds a thousand residents over the whole contract. The sums are invented.
WANTS: Final = (
    ("Library system", "library-systems", "Residents find and renew books on any device.", 3_900, 340),
    ("Planning applications", "planning-systems", "Applicants follow their case online.", 5, 420),
    ("Revenues and benefits", "revenues-benefits-systems", "Bills that people understand.", 440, 950),
    ("Adult care records", "social-care-systems", "Workers write once, and see all they need.", 9, 1_300),
    ("Housing management", "housing-systems", "Tenants see their rent and repairs.", 60, 700),
    ("Finance and payroll", "finance-hr-systems", "Budget holders see today's figures.", 12, 800),
    ("Network between sites", "networks-telephony", "Every site works when a line fails.", 1, 600),
    ("Laptops and support", "devices-hardware", "Staff work anywhere, safely.", 14, 900),
    ("Customer accounts", "customer-digital-systems", "One account for all a resident asks for.", 500, 260),
    ("Waste collection rounds", "waste-collection", "Missed bins fall by half.", 430, 5_200),
)
COUNCILS: Final = 60
SEED: Final = 20_260_401


async def load_demonstration_needs(db: AsyncSession, actor: Actor, anchor: date) -> int:
    """Add the invented needs, their windows counted from `anchor`; return how many are new. Safe to repeat.

    Needs the rights of the jobs role.
    """
    units = {category.code: category.unit for category in taxonomy().categories}
    known = set(await db.scalars(select(Need.source_key).where(Need.demonstration)))
    new = 0
    for number, need in enumerate([*NEEDS, *await _drawn(db)]):
        code, title, category, outcomes, volume, thousands, first, months, state = need
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
            value_pence=thousands * PENCE_IN_THOUSAND,
            budget_low_pence=thousands * 80_000,
            budget_high_pence=thousands * PENCE_IN_THOUSAND,
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
    if new:
        await ask_to_refit(db, actor)
    return new


async def _drawn(db: AsyncSession) -> list[Invented]:
    """Return invented needs of real councils, larger where more people live; the same in every database."""
    councils = (
        await db.execute(
            select(Organisation.code, Organisation.population)
            .where(Organisation.kind == BodyKind.COUNCIL, Organisation.population.is_not(None))
            .order_by(Organisation.code)
        )
    ).all()
    draw = random.Random(SEED)  # noqa: S311 -- inventing, not hiding
    named = {code for code, *_ in NEEDS}
    chosen = draw.sample([row for row in councils if row.code not in named], COUNCILS - len(named))
    found: list[Invented] = []
    for code, population in chosen:
        assert code is not None
        assert population is not None
        for title, category, outcomes, volume, pounds in draw.sample(WANTS, draw.randint(1, 3)):
            size = population / 1000
            thousands = max(10, round(size * pounds * draw.uniform(0.7, 1.4) / 10_000) * 10)
            found.append(
                (
                    code,
                    title,
                    category,
                    outcomes,
                    max(1, round(volume * size)),
                    thousands,
                    draw.randint(4, 20),
                    draw.randint(3, 12),
                    OPEN,
                )
            )
    return found
