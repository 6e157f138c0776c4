from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar.datastructures import MultiDict

from web.paging import LAST_PAGE, Listing


def listing(query: str) -> Listing:
    request: Any = SimpleNamespace(
        query_params=MultiDict(parse_qsl(query, keep_blank_values=True)), scope={"path": "/lines"}
    )
    return Listing.of(request, sorts=["paid_on", "amount"], default="-paid_on")


def test_the_usual_is_not_in_the_address():
    usual = listing("")
    assert (usual.page, usual.per_page, usual.offset, usual.order) == (1, 50, 0, "-paid_on")
    assert usual.href() == "/lines"


def test_links_keep_every_other_parameter():
    link = listing("category=a&category=b&q=x+%26+y&sort=amount&page=3").href(page=2)
    assert parse_qsl(urlsplit(link).query) == [
        ("category", "a"), ("category", "b"), ("q", "x & y"), ("sort", "amount"), ("page", "2"),
    ]  # fmt: skip


def test_the_whole_list_as_a_file_is_filtered_and_sorted_as_the_page_is():
    assert listing("").file_href(".csv") == "/lines.csv"
    shown = listing("category=a&sort=amount&page=3&per_page=20")
    assert shown.file_href(".csv") == "/lines.csv?category=a&sort=amount"


def test_a_heading_turns_the_order_and_goes_back_to_the_first_page():
    here = listing("sort=amount&page=4")
    assert here.sort_href("amount") == "/lines?sort=-amount"
    assert here.sort_href("paid_on") == "/lines?sort=paid_on"
    assert listing("sort=-amount").sort_href("amount") == "/lines?sort=amount"
    assert [here.aria_sort("amount"), here.aria_sort("paid_on")] == ["ascending", "none"]
    assert listing("").aria_sort("paid_on") == "descending"


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_no_query_makes_a_list_without_bounds(page: str, per_page: str, sort: str):
    request: Any = SimpleNamespace(
        query_params=MultiDict([("page", page), ("per_page", per_page), ("sort", sort)]), scope={"path": "/"}
    )
    made = Listing.of(request, sorts=["amount"], default="amount")
    assert 1 <= made.page <= LAST_PAGE
    assert 1 <= made.per_page <= 200
    assert made.sort == "amount"


@pytest.mark.parametrize(
    ("page", "total", "shown"),
    [
        (1, 0, []),
        (1, 50, []),
        (1, 51, [1, 2]),
        (1, 500, [1, 2, None, 10]),
        (5, 500, [1, None, 4, 5, 6, None, 10]),
        (4, 500, [1, 2, 3, 4, 5, None, 10]),
        (10, 500, [1, None, 9, 10]),
        (99, 500, [1, None, 9, 10]),
    ],
)
def test_the_pages_that_are_offered(page: int, total: int, shown: list[int | None]):
    pages = listing(f"page={page}").pages(total)
    assert [link.number for link in pages.links] == shown
    assert bool(pages.previous_href) == (page > 1 and bool(shown))
    assert bool(pages.next_href) == (bool(shown) and page < 10 and page != shown[-1])


def test_which_lines_are_shown():
    assert listing("page=2").shown(75) == {"first": 51, "last": 75, "total": 75}
    assert listing("").shown(0) == {"first": 0, "last": 0, "total": 0}
