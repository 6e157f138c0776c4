"""Records: what releases come to, held against the library that the standard's makers wrote for it."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta

import hypothesis
import hypothesis.strategies as st
import ocdsmerge

from ocds.rules import packages, records
from ocds.rules.releases import Release, releases
from tests.ocds import schemas
from tests.ocds.made import ENDING, EXTENSIONS, OPENED, PUBLISHER, process


def by_library(found):
    merger = ocdsmerge.Merger(schemas.release_schema())
    return merger.create_compiled_release([copy.deepcopy(each.body) for each in found])


def test_releases_come_to_what_the_library_makes_of_them():
    found = releases(PUBLISHER, process(ending=ENDING, extensions=EXTENSIONS))
    assert records.compile_releases(found) == by_library(found)


def test_to_compile_changes_no_release():
    found = releases(PUBLISHER, process(ending=ENDING))
    before = copy.deepcopy(found)
    records.compile_releases(found)
    assert found == before


PART = st.fixed_dictionaries(
    {"id": st.sampled_from(["1", "2", "3"])},
    optional={"title": st.sampled_from(["a", "b"]), "description": st.none() | st.just("c")},
)
PARTS = st.lists(PART, min_size=1, max_size=3, unique_by=lambda each: each["id"])
TENDERS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.none() | st.sampled_from(["x", "y"]),
        "lots": PARTS,
        "documents": PARTS,
        "submissionMethod": st.lists(st.sampled_from(["written", "inPerson"]), min_size=1, max_size=2),
        "value": st.fixed_dictionaries(
            {}, optional={"amount": st.integers(0, 9), "currency": st.just("GBP")}
        ),
    },
)


@hypothesis.given(st.lists(TENDERS, min_size=1, max_size=4))
def test_any_releases_come_to_what_the_library_makes_of_them(tenders):
    found = [
        Release(
            OPENED + timedelta(days=number),
            str(number),
            {
                "ocid": "ocds-xxxxxx-1",
                "id": str(number),
                "date": (datetime(2026, 9, 7, tzinfo=UTC) + timedelta(days=number)).isoformat(),
                "tag": ["tender"],
                "initiationType": "tender",
                "tender": tender,
            },
        )
        for number, tender in enumerate(tenders)
    ]
    assert _said(records.compile_releases(found)) == _said(by_library(found))


def _said(thing):
    """Without objects that are left empty: whether they stand there says nothing."""
    if isinstance(thing, dict):
        return {name: _said(value) for name, value in thing.items() if _said(value) != {}}
    return [_said(each) for each in thing] if isinstance(thing, list) else thing


def test_a_record_and_its_package_fit_the_schema():
    found = releases(PUBLISHER, process(ending=ENDING))
    record = records.record(found)
    assert schemas.errors(record["compiledRelease"]) == []
    package = packages.of_records(PUBLISHER, [record], path="/ocds/records/x.json", at=found[-1].at)
    assert schemas.package_errors(package) == []


def test_the_reviewer_of_the_standard_finds_nothing(tmp_path):
    found = releases(PUBLISHER, process(ending=ENDING))
    package = packages.of_releases(
        PUBLISHER, [each.body for each in found], path="/ocds/releases.json", at=found[-1].at
    )
    assert schemas.package_errors(package) == []
    context = schemas.review(package, tmp_path)
    assert context["validation_errors"] == []
    assert context["additional_closed_codelist_values"] == {}
    assert context.get("additional_checks", {}) == {}
