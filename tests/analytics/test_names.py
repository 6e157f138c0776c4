"""Names of suppliers in one form, and company numbers."""

from __future__ import annotations

import string
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import names
from analytics.names import NormalisedName, company_number, normalise

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "supplier-names"
WORDS = st.sampled_from(
    [
        "the",
        "and",
        "ltd",
        "limited",
        "plc",
        "care",
        "services",
        "serv",
        "man",
        "agement",
        "management",
        "a",
        "b",
        "c",
        "j",
        "smith",
        "t/a",
        "trading",
        "as",
        "&",
        "co",
        "é",
        "Ö",
        "uk",
        "group",
        "-",
        "(",
        ")",
        "'",
        ".",
        "ref",
        "12345",
        "inc",
        "company",
        "of",
        "leeds",
        "l",
        "t",
        "d",
        "public",
        "re",
        "st",
        "saint",
    ]
)
LATIN = st.text(alphabet=string.ascii_letters + string.digits + " .,&'-()/éöñç", max_size=40)
NAMES = st.one_of(st.text(max_size=40), LATIN, st.lists(WORDS, max_size=9).map(" ".join))


def key(name: str) -> str:
    return normalise(name).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Northern Lifts Ltd", "NORTHERN LIFTS LIMITED"),
        ("A.B.C. Lighting Ltd.", "ABC LIGHTING"),
        ("J & M Fencing", "J and M Fencing Ltd"),
        ("The Moor Trust", "MOOR TRUST, THE"),
        ("St. Oswald's Home Care Services", "ST OSWALDS HOME CARE SERVICE"),
        ("Ridge Facilities Mangement PLC", "Ridge Facilities Management Public Limited Company"),
        ("Ridge Print Ltd REF 12345", "Ridge Print Ltd"),
        ("Ridge Print Ltd - 00123456", "Ridge Print Ltd"),
        ("Café Brontë Ltd", "CAFE BRONTE LIMITED"),
        ("Ridge Print Ltd T/A Fast Cards", "Ridge Print"),
    ],
)
def test_spellings_of_one_supplier_have_one_key(one: str, other: str):
    assert key(one) == key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ridge Print (North) Ltd", "Ridge Print (South) Ltd"),
        ("Ridge Print Holdings Ltd", "Ridge Print Ltd"),
        ("Ridge Print 1 Ltd", "Ridge Print 2 Ltd"),
        ("Northern Lifts", "Northern Lights"),
    ],
)
def test_different_suppliers_keep_different_keys(one: str, other: str):
    assert key(one) != key(other)


def test_legal_form_and_other_names_are_kept_beside_the_key():
    assert normalise("Ridge Print Ltd T/A Fast Cards formerly Moor Press") == NormalisedName(
        "RIDGEPRINT", "ltd", ("FASTCARDS", "MOORPRESS")
    )


@pytest.mark.parametrize("name", ["The Company Ltd", "Limited", "T/A", "and", "  ...  ", ""])
def test_a_name_of_nothing_but_form_still_has_an_answer(name: str):
    assert key(name) == "".join(filter(str.isalnum, key(name)))
    assert names.keys(pl.Series([name])).fill_null("").to_list() == [key(name)]


@settings(max_examples=60)
@given(NAMES)
def test_a_key_is_its_own_key(name: str):
    assert key(key(name)) == key(name)


@settings(max_examples=60)
@given(st.lists(st.one_of(st.none(), NAMES), max_size=8))
def test_many_at_once_get_the_same_answers(some: list[str | None]):
    at_once = names.keys(pl.Series("payee", some, dtype=pl.String))
    assert at_once.name == "payee"
    assert at_once.fill_null("").to_list() == ["" if name is None else key(name) for name in some]
    assert [answer is None for answer, name in zip(at_once, some, strict=True) if name is None] == [True] * (
        some.count(None)
    )


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(["ridge", "print", "moor", "care", "services", "smith", "ltd", "north", "24", "uk"]),
        min_size=1,
    )
)
def test_case_punctuation_and_blanks_do_not_matter(words: list[str]):
    plain = " ".join(words)
    others = [plain.upper(), plain.title(), "  ".join(words), ", ".join(words), f" {plain}. ", f"“{plain}”"]
    assert {key(other) for other in others} == {key(plain)}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("01234567", "01234567"),
        (" 1234567 ", "01234567"),
        ("1234567.0", "01234567"),
        ("00 123 456", "00123456"),
        ("sc12345", "SC012345"),
        ("OC 312345", "OC312345"),
        ("IP29627R", "IP29627R"),
        ("31552R", "IP31552R"),
        ("NI-012345", "NI012345"),
        ("FE 123", "FE000123"),
        ("sg000456", "SG000456"),
        ("SZ 000007", "SZ000007"),
        ("rs00700c", "RS00700C"),
        ("RS0071FI", "RS0071FI"),
        ("RS007CUS", "RS007CUS"),
        ("NI01234A", "NI01234A"),
        ("OC30123T", "OC30123T"),
        ("0012345R", "0012345R"),
    ],
)
def test_company_numbers_come_in_eight_characters(text: str, number: str):
    assert company_number(text) == number
    assert company_number(number) == number


@pytest.mark.parametrize(
    "text",
    ["", "N/A", "Various", "Registered Charity", "00000000", "GBML4119704", "CHA1049226", "123456789", "123",
     "04110704\n04110705", "SC1234567", "GB123456789", "NI1234A", "RS12CUS", "OC12345X", "SC12345A",
     "1234567A"],
)  # fmt: skip
def test_what_is_no_company_number_is_refused(text: str):
    assert company_number(text) is None


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
def test_equal_keys_find_most_true_pairs_and_hardly_a_false_one():
    def equal(file: str, left_out: str) -> tuple[int, int]:
        pairs = pl.read_csv(SHARED / file, infer_schema_length=0).filter(pl.col("kind") != left_out)
        return int((names.keys(pairs["name_a"]) == names.keys(pairs["name_b"])).sum()), pairs.height

    found, true_pairs = equal("positive_pairs.csv", "dissimilar")
    false_found, _ = equal("hard_negative_pairs.csv", "same_name")
    assert found / true_pairs >= 0.66
    assert found / (found + false_found) >= 0.99
