"""Registers: every line is read or set aside with its reason, and reading again changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from procurement.actions.importing import import_contracts, import_needs
from procurement.models import Contract, ContractSetAside, Need
from procurement.reading import contracts, tables
from tests.conftest import ROOT
from tests.databases import TESTER
from values.refusals import Refused

SHARED = ROOT.parent / "shared" / "data" / "contract-registers"
SALFORD = SHARED / "salford_contract_register_2022-07.csv"
LANCASHIRE = SHARED / "lancashire_contracts_finder_notices.csv"
HEADINGS = "Contract Title,Supplier,Company Number,Start Date,End Date,Contract Value,Organisation,Status\n"


def content(place: Path) -> bytes:
    if not place.exists():
        pytest.skip("the shared registers are not here")
    return place.read_bytes()


def only(line: str) -> contracts.ReadContract:
    (read,) = contracts.read((HEADINGS + line).encode()).contracts
    return read


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("9871073", "09871073"),
        ("oc 301234", "OC301234"),
        ("IP29627R", "IP29627R"),
        ("Various", None),
        ("", None),
    ],
)
def test_company_numbers(number, read):
    contract = only(f"Maps,Invented Ltd,{number},,,,,")
    assert contract.company_number == read
    assert bool(contract.notes) == (number == "Various")


def test_what_cannot_be_read_is_empty_with_its_words_kept():
    contract = only("Maps &amp; plans,Invented Ltd,,X,22/04/222,-,,")
    assert (contract.title, contract.start_on, contract.end_on, contract.value_pence) == (
        "Maps & plans",
        None,
        None,
        None,
    )
    assert contract.notes == ("Start date cannot be read: X", "End date cannot be read: 22/04/222")


def test_a_mark_that_was_encoded_twice_is_no_part_of_a_heading():
    text = "\ufeff".encode().decode("cp1252") + "Contract Title\nMaps\n"
    assert contracts.read(text.encode()).contracts[0].title == "Maps"


def test_a_record_begins_at_its_physical_line():
    records = list(tables.records(b'a,b\n"one\ntwo",x\nthree,y\n'))
    assert [record.line_no for record in records] == [2, 4]


def test_days():
    assert tables.day("31/03/2027") == tables.day("2027-03-31") == date(2027, 3, 31)
    assert tables.day("2022-09-31") is None


async def count(db, table) -> int:
    return await db.scalar(select(func.count()).select_from(table))


async def test_buyers_are_found_by_any_spelling_and_others_set_aside(db):
    buyers = (
        "BLACKPOOL BOROUGH COUNCIL",
        "Bury MBC",
        "Blackpool Council and Wyre Council",
        "A village hall",
        "",
    )
    register = (
        HEADINGS + "".join(f"Maps,x,,,,,{buyer},awarded\n" for buyer in buyers) + "Maps,x,,,,,Bury,open\n"
    )
    for new in (2, 0):
        summary = await import_contracts(db, TESTER, "r.csv", register.encode(), body_code=None)
        assert (summary.lines, summary.read, summary.set_aside, summary.new) == (6, 2, 4, new)
        assert summary.bodies == {"BPL": 1, "BUR": 1}
        assert [(line.line_no, line.reason) for line in summary.left_out] == [
            (4, "buyer_several"),
            (5, "buyer_unknown"),
            (6, "no_buyer"),
            (7, "not_awarded"),
        ]
    assert (await count(db, Contract), await count(db, ContractSetAside)) == (2, 4)


async def test_a_file_that_is_no_register_is_refused(db):
    with pytest.raises(Refused, match="no column of contract titles"):
        await import_contracts(db, TESTER, "x.csv", b"Date,Amount\n2026-01-01,5\n", body_code="LDS")


async def test_the_register_of_salford(db):
    summary = await import_contracts(db, TESTER, SALFORD.name, content(SALFORD), body_code="SLF")
    assert (summary.lines, summary.read, summary.set_aside, summary.without_end) == (189, 189, 0, 2)
    again = await import_contracts(db, TESTER, SALFORD.name, content(SALFORD), body_code="SLF")
    assert (again.new, again.already) == (0, 189)


async def test_the_notices_of_lancashire(db):
    summary = await import_contracts(db, TESTER, LANCASHIRE.name, content(LANCASHIRE), body_code=None)
    assert summary.lines == 786 == summary.read + summary.set_aside
    assert summary.reasons["not_awarded"] == 311
    assert set(summary.bodies) <= {"BBD", "BUN", "CHO", "LAN", "PEN", "PRE", "RIB", "ROS", "WLA", "WYR"}
    assert summary.without_end == summary.read


async def test_a_list_of_needs_says_what_is_wrong_with_a_line(db):
    lines = [
        "title,category,volume,budget low,budget high,earliest start,latest start,data held",
        "Good,gis-systems,10,1,2,2027-04-01,01/05/2027,personal",
        ",,,,,,,",
        "A,unknown,,,,,,",
        "B,,many,,,,,",
        "C,,,cheap,,,,",
        "D,,,,,soon,,",
        "E,,,,,,,secrets",
        "F,,,2,1,,,",
    ]
    for new in (1, 0):
        summary = await import_needs(db, TESTER, "\n".join(lines).encode(), body_code="LDS")
        assert (summary.lines, summary.read, summary.new) == (7, 1, new)
        assert [line.reason for line in summary.left_out] == [
            "bad_category",
            "bad_volume",
            "bad_budget",
            "bad_date",
            "bad_data_held",
            "bad_window",
        ]
    assert await count(db, Need) == 1
