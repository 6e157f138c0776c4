"""Invented contracts of the demonstration world: what ends when, for councils that one can sign in for."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.models import Contract
from procurement.rules.proposals import add_months

PENCE_IN_THOUSAND: Final = 100_000
# Title, category, invented supplier, months until the end, months of an extension, thousands of pounds.
KINDS: Final = (
    ("Library management system", "library-systems", "Shelfmark Systems Ltd (invented)", 9, 12, 410),
    ("Planning software", "planning-systems", "Northmoor Civic Software Ltd (invented)", 14, 24, 820),
    ("Housing management system", "housing-systems", "Tenancy Works Ltd (invented)", 20, 0, 1_150),
    (
        "Website and customer portal",
        "customer-digital-systems",
        "Fernhill Digital Ltd (invented)",
        5,
        12,
        260,
    ),
    ("Waste collection", "waste-collection", "Greenlane Collections Ltd (invented)", 30, 36, 9_400),
    ("Payroll software", "finance-hr-systems", "Ledgerleaf Ltd (invented)", 17, 12, 540),
    ("Antivirus and monitoring", "cyber-security", "Palisade Networks Ltd (invented)", 2, 0, 130),
)
# Councils that one can sign in for, and three that merge into West Surrey; months by which ends are moved.
COUNCILS: Final = (("LDS", 0), ("CMD", 3), ("SLF", 5), ("GRT", 1), ("WOI", 4), ("WAE", 2))


async def load_demonstration_contracts(db: AsyncSession, anchor: date) -> int:
    """Add the invented contracts, their ends counted from `anchor`; return how many are new. Safe to repeat.

    Needs the rights of the jobs role.
    """
    rows = [
        {
            "body_code": code,
            "reference": f"{code}-{number:03}",
            "title": title,
            "supplier_name": supplier,
            "category": category,
            "start_on": add_months(anchor, months + moved - 48),
            "end_on": add_months(anchor, months + moved),
            "notice_on": add_months(anchor, months + moved - 6),
            "extension_options": f"{extension} months" if extension else "",
            "extension_months": extension or None,
            "value_pence": thousands * PENCE_IN_THOUSAND,
            "notes": [],
            "source_file": "demonstration",
            "source_line": number,
            "source_key": f"demonstration {code} {number}",
            "demonstration": True,
        }
        for code, moved in COUNCILS
        for number, (title, category, supplier, months, extension, thousands) in enumerate(KINDS, start=1)
    ]
    added = insert(Contract).values(rows).on_conflict_do_nothing().returning(Contract.id)
    return len(list(await db.scalars(added)))
