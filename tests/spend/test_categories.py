"""The taxonomy and how a line gets its category."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spend.rules import categories, wording
from spend.rules.categories import UNKNOWN, categorise, taxonomy

CPV = Path(__file__).parents[2].parent / "shared" / "data" / "classifications" / "cpv_2008.csv"


def decided(**labels: str | None) -> dict[str, str]:
    return categorise(pl.DataFrame([labels])).row(0, named=True)


def test_each_category_has_a_code_a_name_a_group_and_a_sentence():
    codes = [each.code for each in taxonomy().categories]
    assert len(codes) == len(set(codes)) >= 40
    for each in taxonomy().categories:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", each.code)
        assert each.name
        assert each.group in {"technology", "people", "places", "corporate"}
        assert each.definition.endswith(".")
        assert each.cpv
        assert all(re.fullmatch(r"\d{8}", code) for code in each.cpv)


@pytest.mark.skipif(not CPV.exists(), reason="the shared data is not here")
def test_every_cpv_code_exists():
    with CPV.open(encoding="utf-8") as file:
        known = {row["code"] for row in csv.DictReader(file)}
    assert [code for each in taxonomy().categories for code in each.cpv if code not in known] == []


def test_every_rule_leads_to_a_category_of_the_taxonomy_and_every_category_can_be_reached():
    codes = {each.code for each in taxonomy().categories}
    reached = {
        row["category"]
        for file in ("labels.csv", "payee_words.csv", "technology_houses.csv")
        for row in wording.table(file)
    }
    assert reached == codes


def test_every_area_that_a_rule_asks_for_is_known():
    areas = {row["area"] for row in wording.table("areas.csv")}
    assert {row["area"] for row in wording.table("labels.csv") if row["area"]} <= areas
    assert {row["level"] for row in wording.table("labels.csv")} == set(categories.WEIGHTS)


@pytest.mark.parametrize(
    "file", ["labels.csv", "areas.csv", "payee_words.csv", "technology_houses.csv", "kinds.csv"]
)
def test_no_pattern_matches_nothing_at_all(file: str):
    patterns = [row["pattern"] for row in wording.table(file)]
    empty = pl.DataFrame({"text": [""]})
    assert [p for p in patterns if empty.select(pl.col("text").str.contains(wording.whole(p))).item()] == []


@pytest.mark.parametrize(
    ("labels", "category"),
    [
        ({"expense": "Rest Home Payment"}, "adult-residential-care"),
        ({"expense": "Home Support", "service": "Soc Serv Adults"}, "home-care"),
        ({"expense": "Revenue Expenditure", "description": "Supported Living LD"}, "supported-living"),
        ({"expense": "Private Contractors", "service": "Adult Services and Wellbeing"}, "adult-care-other"),
        ({"expense": "Independent Fostering Agencies"}, "fostering-agencies"),
        ({"expense": "Waste Disposal Treat"}, "waste-disposal"),
        ({"expense": "Temp Agcy Care Wkrs"}, "agency-staff"),
        ({"expense": "PTS Taxis"}, "passenger-transport"),
        (
            {"expense": "Supplies and Services", "expense_code": "Telephone Rental and Calls"},
            "networks-telephony",
        ),
        ({"expense": "Services", "procurement_label": "Grocery Stores"}, "catering-food"),
        ({"expense": "ICT Software"}, "software-other"),
        (
            {"expense": "Computer Software & Equipment", "service": "Libraries  Arts & Heritage"},
            "library-systems",
        ),
        ({"expense": "ICT Hardware"}, "devices-hardware"),
        ({"expense": "Electricity", "service": "Highways"}, "energy"),
        ({"service": "Street Lighting PFI"}, UNKNOWN),
        ({"expense": "Other Running Costs", "payee": "Moor Taxis Ltd"}, "passenger-transport"),
        ({"expense": "Equipment", "payee": "Moor Taxis Ltd"}, "passenger-transport"),
        ({"expense": "Comms & Computing", "payee": "LIQUIDLOGIC LTD"}, "social-care-systems"),
        ({"expense": "Training Courses", "payee": "Moor Software Ltd"}, "training"),
        ({"expense": "Advocacy Services", "service": "Legal Services"}, "legal-services"),
        ({"expense": "Advocacy Services", "service": "Adult Social Care"}, "adult-care-other"),
        ({"expense": "Miscellaneous Expenses"}, UNKNOWN),
        ({"expense": "Supplies and Services"}, UNKNOWN),
        ({"expense": "A0108"}, UNKNOWN),
        ({"expense": None, "payee": "Moor Ltd"}, UNKNOWN),
    ],
)
def test_labels_lead_to_a_category_or_stay_unknown(labels: dict[str, str | None], category: str):
    assert decided(**labels)["category"] == category


def test_the_heavier_evidence_decides_and_says_why():
    line = decided(expense="Stationery", service="Residential Care OP", payee="Moor Taxis Ltd")
    assert (line["category"], line["because"]) == ("print-post", "expense says “Stationery”")
    line = decided(expense="Sundries", service="Residential Care OP", payee="Moor Taxis Ltd")
    assert (line["category"], line["because"]) == (
        "passenger-transport",
        "supplier's name: passenger carriers",
    )
    line = decided(expense="Sundries", service="Residential Care OP", payee="Moor Ltd")
    assert (line["category"], line["because"]) == (
        "adult-residential-care",
        "service says “Residential Care OP”",
    )
    line = decided(expense="Sundries")
    assert (line["category"], line["rule"], line["because"]) == (UNKNOWN, None, None)


def test_a_payee_is_never_quoted():
    assert "Moorcroft" not in decided(payee="Ann Moorcroft Taxis")["because"]


LABEL = st.one_of(
    st.none(),
    st.text(max_size=15),
    st.sampled_from(["Electricity", "Home Care", "Private Contractors", "Adult Social Care", "Equipment"]),
)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(LABEL, LABEL, LABEL), max_size=6))
def test_each_combination_is_decided_by_itself_and_in_order(rows: list[tuple[str | None, ...]]):
    schema = {"expense": pl.String, "service": pl.String, "payee": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    together = categorise(frame)
    assert together.select(list(schema)).equals(frame)
    assert set(together["category"]) <= {UNKNOWN, *(each.code for each in taxonomy().categories)}
    assert ((together["category"] == UNKNOWN) == together["rule"].is_null()).all()
    apart = [categorise(frame[i : i + 1]) for i in range(frame.height)]
    assert not apart or pl.concat(apart).equals(together)


@given(
    st.sampled_from(["Waste Disposal Treat", "Temp Agcy Care Wkrs", "Gas", "Water Rates", "Children’s Homes"])
)
@settings(deadline=None, max_examples=5)
def test_case_and_punctuation_of_a_label_do_not_matter(label: str):
    spellings = [label, label.upper(), label.lower(), f" {label}. ", label.replace(" ", " - ")]
    found = categorise(pl.DataFrame({"expense": spellings}))["category"]
    assert found.n_unique() == 1
    assert found[0] != UNKNOWN


def test_the_documentation_lists_the_taxonomy_as_it_is():
    page = (Path(__file__).parents[2] / "docs" / "names-and-categories.md").read_text(encoding="utf-8")
    for each in taxonomy().categories:
        row = (
            f"| `{each.code}` | {each.name} | {each.definition} | {' '.join(each.cpv)} | {each.unit or '–'} |"
        )
        assert row in page
