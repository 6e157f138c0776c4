"""Contracts as values, to be changed in one place by each test."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any
from uuid import UUID

from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Procedure
from tenders.rules.content import Kpi, Model
from tenders.rules.contracts.life import Changed, Facts, Life

MILLION = 1_000_000_00
CONTRACT = UUID(int=70)
KPIS = tuple(Kpi(number, f"Indicator {number}", "Each month", "99 %") for number in (1, 2, 3))
# Signed on the Tuesday of the reference's example; £1,000,000 of services for 48 months from April.
FACTS = Facts(
    contract_id=CONTRACT,
    tender_id=UUID(int=7),
    tender_title="Library systems together",
    lot_title="Library system",
    body_code="LDS",
    body_name="Leeds",
    supplier="Quire Ltd",
    reference="C-1",
    signed_on=date(2027, 1, 5),
    details_due_on=date(2027, 2, 3),
    value_gross_pence=MILLION,
    starts_on=date(2027, 4, 1),
    ends_on=date(2029, 3, 31),
    extended_until=date(2031, 3, 31),
    options="Two more years",
    kpis=KPIS,
    no_kpis_reason="",
    procedure=Procedure.OPEN,
    kind=ContractKind.GOODS_OR_SERVICES,
    light_touch=False,
    model=Model.PARALLEL,
    commenced_on=date(2026, 9, 7),
)


def life(facts: dict[str, Any] | None = None, **more: Any) -> Life:
    return Life(facts=dataclasses.replace(FACTS, **(facts or {})), **more)


def changed(number: int = 1, **more: Any) -> Changed:
    whole = Changed(
        id=UUID(int=1000 + number),
        number=number,
        words="More of it",
        reason="It was needed",
        value_pence=0,
        term_months=0,
        widens_scope=False,
        favours_supplier=False,
        alters_nature=False,
        new_supplier="",
        ground="",
        made_with=(),
        way="minor",
        verdict={},
        needs_notice=False,
        text_is_published=False,
        commits_pence=0,
        state="made",
        proposed_by="Olga Officer",
        decided_by="Lena Leeds",
        decided_reason="",
        made_on=date(2027, 6, 1),
        made_by="Olga Officer",
    )
    return dataclasses.replace(whole, **more)
