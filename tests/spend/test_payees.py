"""Kinds of line, private persons and public bodies. The people here are invented."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spend.rules import payees

OWN = ["Moorshire Borough Council", "Moorshire"]


def recognised(payee: str | None, **labels: str | None) -> dict[str, object]:
    return payees.recognise(
        pl.DataFrame([{"payee": payee, **labels}], schema_overrides={"payee": pl.String}), OWN
    ).row(0, named=True)


@pytest.mark.parametrize(
    "payee",
    [
        "REDACTED",
        "REDACTED PERSONAL DATA",
        "Redacted - Personal Information",
        "REDACED PERSONAL DATA",
        "Personal Data",
        "Name withheld",
        "XXXX",
        "xxx xxx",
        "Third Party – not disclosed",
        "REDACTED - COMMERCIAL CONFIDENTIALITY",
        "Supplier name not published",
        "Private Individual",
        "A & B Moor (CONFIDENTIAL)",
    ],
)
def test_withheld_names_are_redacted_and_nobody(payee: str):
    line = recognised(payee, expense="Direct Payments")
    assert (line["kind"], line["individual"]) == ("redacted", False)


@pytest.mark.parametrize(
    "payee",
    [
        "REDACTIVE PUBLISHING LTD",
        "Disclosure & Barring Service",
        "CONFIDENCE CARE LTD",
        "XXXMoor Homes Ltdxxx",
        "Positive Individual Support Ltd",
        "Confidential Waste Moor Ltd",
    ],
)
def test_names_that_only_sound_withheld_are_not(payee: str):
    assert recognised(payee)["kind"] == "purchase"


@pytest.mark.parametrize(
    "payee",
    [
        None,
        "",
        "  ",
        "-",
        "N/A",
        "Various",
        "SUNDRY CREDITORS",
        "MISCELLANEOUS PAYMENTS BACS",
        "Barclaycard - Global Commercial Payments",
    ],
)
def test_a_line_that_names_no_supplier_has_no_payee(payee: str | None):
    assert recognised(payee)["kind"] == "no_payee"


@pytest.mark.parametrize(
    ("payee", "expense", "kind"),
    [
        ("COUNCIL TAX REFUND", None, "resident"),
        ("Direct Payments", None, "resident"),
        ("2021:05 Dementia", "Transfer Payments - Individual Service Funds", "resident"),
        ("Moor Payroll Bureau", "Direct Payments", "resident"),
        ("Ann Moorcroft", "Special Guardianship Allow", "resident"),
        ("Ann Moorcroft", "In-House Foster Carer Costs", "resident"),
        ("Ann Moorcroft", "Refunds", "resident"),
        ("Moor Windows Ltd", "Refunds", "purchase"),
        ("HMRC", None, "payroll"),
        ("TEACHERS PENSIONS", None, "payroll"),
        ("TYNE & WEAR PENSION FUND", None, "payroll"),
        ("KIDDIVOUCHERS LTD", None, "payroll"),
        ("UNISON L04007", None, "payroll"),
        ("Ann Moorcroft", "Salaries", "payroll"),
        ("Moor Fostering Ltd", "Salaries", "purchase"),
        ("PETTY CASH", None, "internal"),
        ("MOOR LANE IMPREST", None, "internal"),
        ("Moor Parish Council", "Parish Precepts", "internal"),
        ("Ministry of Levies", "Business Rates Tariffs", "internal"),
        ("Public Works Loan Board", None, "internal"),
        ("MOORSHIRE BOROUGH COUNCIL - PURCHASING", None, "internal"),
        ("The Moorshire Borough Council", None, "internal"),
        ("MOORSHIRE", None, "internal"),
        ("Moorshire Fencing", None, "purchase"),
        ("Moor College Ltd", "Internal Recharges", "purchase"),
        ("Moor Builders Ltd", "Disabled Facilities Grant", "purchase"),
        ("Moor Fostering Ltd", "Independent Fostering Agencies", "purchase"),
    ],
)
def test_payee_and_labels_say_the_kind(payee: str, expense: str | None, kind: str):
    line = recognised(payee, expense=expense)
    assert line["kind"] == kind
    assert (line["kind_rule"] is None) == (kind == "purchase")


@pytest.mark.parametrize(
    "payee",
    [
        "MR J MOORCROFT",
        "Mrs Moorcroft",
        "DR ANN MOORCROFT",
        "Moorcroft J Mr",
        "K L MOORCROFT",
        "J.R. Moorcroft",
        "Ann Moorcroft",
        "ANN MARY MOORCROFT",
        "Moorcroft, Ann",
        "A E & SHEILA MOORCROFT",
        "Mr & Mrs Moorcroft",
        "J & M MOORCROFT",
        "Ann Moorcroft T/A Moor Fencing",
        "Ann Hall",
        "Farooq Ahmed",
        "Julie-Ann Moorcroft",
        "Miss A Moorcroft-Vale",
        "MR A MOORCROFT QC",
    ],
)
def test_private_persons_are_never_named(payee: str):
    assert recognised(payee)["individual"]


@pytest.mark.parametrize(
    "payee",
    [
        "JOHN MOORCROFT BUILDERS",
        "MOORCROFT & SONS",
        "DR MOORCROFT AND PARTNERS",
        "Dr A Moorcroft Ltd",
        "MS TRAVEL",
        "Moorcroft Vale LLP",
        "ALLAN COURT",
        "Holly House",
        "Lord Lawson Academy",
        "A1 Taxis",
        "S & R CARS LTD",
        "B&Q",
        "Moorcroft Morris Solicitors",
        "ANN MOORCROFT NURSERY",
        "E.ON",
        "Moorcare C.I.C.",
        "E:merge",
        "BARNARDO\x92S",
        "BARNARDO'S",
        "O2",
    ],
)
def test_firms_are_not_taken_for_persons(payee: str):
    assert not recognised(payee)["individual"]


def test_a_registered_number_makes_no_private_person():
    assert not recognised("Ann Moorcroft", company_number="01234567")["individual"]
    assert recognised("Ann Moorcroft", company_number="n/a")["individual"]


@pytest.mark.parametrize(
    ("payee", "public"),
    [
        ("Moor County Council", True),
        ("LONDON BOROUGH OF MOOR", True),
        ("Moor Hospitals NHS Foundation Trust", True),
        ("Chief Constable Moor Police", True),
        ("Department for Education", True),
        ("HM COURTS & TRIBUNALS SERVICE", True),
        ("Moor Council for Voluntary Service", False),
        ("Moor Catering Ltd", False),
        ("Muslim Council Moor Mosques", False),
        (None, False),
    ],
)
def test_public_bodies_are_marked(payee: str | None, public: object):
    assert recognised(payee)["public_body"] is public


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.text(max_size=30)), st.one_of(st.none(), st.text(max_size=20))),
        max_size=6,
    )
)
def test_each_row_is_answered_by_itself_and_in_order(rows: list[tuple[str | None, str | None]]):
    frame = pl.DataFrame(rows, schema={"payee": pl.String, "expense": pl.String}, orient="row")
    together = payees.recognise(frame, OWN)
    assert together.select("payee", "expense").equals(frame)
    assert set(together["kind"]) <= set(payees.KINDS)
    assert together.null_count().select("kind", "individual", "public_body").sum_horizontal().sum() == 0
    apart = [payees.recognise(frame[i : i + 1], OWN) for i in range(frame.height)]
    assert not apart or pl.concat(apart).equals(together)
