"""Our other macros beside GOV.UK Frontend's own fixtures."""

from __future__ import annotations

from typing import Any

import pytest
from markupsafe import Markup

from tests.conformance import parse
from tests.web.conftest import PACKAGES
from tests.web.govuk import fixture, same, shape
from web.paging import Column, PageLink, Pages

if not PACKAGES.exists():
    pytest.skip("node_modules is not installed: npm ci --ignore-scripts", allow_module_level=True)


@pytest.mark.parametrize("name", ["default", "without links", "mixed with and without links"])
def test_error_summary(macro: Any, name: str):
    options, html = fixture("error-summary", name)

    class Filled:
        error_list = [  # noqa: RUF012
            {"message": one["text"], "target": one.get("href", "").removeprefix("#")}
            for one in options["errorList"]
        ]

    same(macro("messages", "error_summary", Filled), html)


def test_no_error_summary_without_errors(macro: Any):
    class Empty:
        error_list = ()

    assert macro("messages", "error_summary", Empty) == ""


@pytest.mark.parametrize(
    ("name", "kind"), [("default", ""), ("custom text", ""), ("with type as success", "success")]
)
def test_notification_banner(macro: Any, name: str, kind: str):
    options, html = fixture("notification-banner", name)
    if "text" not in options:
        options["text"] = Markup(options["html"])
        html = html.replace('<h3 class="govuk-notification-banner__heading">', "<h3>")
    theirs = parse(html)
    ours = parse(macro("messages", "notification_banner", options["text"], kind=kind))
    if "html" not in options:
        assert shape(ours) == shape(theirs)
    banner, beside = (tree.named("govuk-notification-banner")[0] for tree in (ours, theirs))
    assert banner.attrs == beside.attrs


@pytest.mark.parametrize(
    ("component", "macro_name", "read"),
    [
        ("inset-text", "inset", lambda o: {"text": o["text"]}),
        ("warning-text", "warning_text", lambda o: {"text": o["text"]}),
        ("details", "details", lambda o: {"summary": o["summaryText"], "text": o["text"]}),
        ("tag", "tag", lambda o: {"text": o["text"]}),
    ],
)
def test_messages(macro: Any, component: str, macro_name: str, read: Any):
    options, html = fixture(component, "default")
    same(macro("messages", macro_name, **read(options)), html)


@pytest.mark.parametrize("colour", ["grey", "teal", "green", "purple", "magenta", "red", "orange", "yellow"])
def test_tag_colours(macro: Any, colour: str):
    theirs = {"teal": "turquoise", "magenta": "pink"}  # their fixtures keep the former names
    options, html = fixture("tag", theirs.get(colour, colour))
    same(macro("messages", "tag", options["text"], colour=colour), html)


def test_phase_banner(macro: Any):
    options, html = fixture("phase-banner", "text")
    same(macro("messages", "phase_banner", options.get("tag", {}).get("text", ""), options["text"]), html)


@pytest.mark.parametrize("name", ["with collapse on mobile", "with last breadcrumb as current page"])
def test_breadcrumbs(macro: Any, name: str):
    options, html = fixture("breadcrumbs", name)
    html = html.replace(
        'class="govuk-breadcrumbs"', 'class="govuk-breadcrumbs govuk-breadcrumbs--collapse-on-mobile"'
    )
    same(macro("navigation", "breadcrumbs", [(i["text"], i.get("href", "")) for i in options["items"]]), html)


@pytest.mark.parametrize(
    "name", ["default", "with navigation with a current item", "with navigation with an active item"]
)
def test_service_navigation(macro: Any, name: str):
    options, html = fixture("service-navigation", name)
    links = [
        {
            "text": i["text"],
            "href": i["href"],
            "current": bool(i.get("current")),
            "active": bool(i.get("active")),
            "waiting": 0,
        }
        for i in options["navigation"]
    ]
    same(macro("navigation", "service_navigation", links), html)


@pytest.mark.parametrize(("count", "shown"), [(1, "1 new"), (99, "99 new"), (100, "99+ new")])
def test_a_link_of_the_menu_says_how_much_is_new(macro: Any, count: int, shown: str):
    link = {"text": "Letters", "href": "/letters", "current": False, "active": False}
    for current in (False, True):
        html = macro("navigation", "service_navigation", [{**link, "waiting": count, "current": current}])
        words = " ".join(parse(html).text.split())
        assert f"Letters {shown}" in words
        # On a phone the menu is folded: what is new shows on the button that opens it.
        assert words.startswith(f"Menu {shown}")


@pytest.mark.parametrize("name", ["default", "no-border"])
def test_summary_list(macro: Any, name: str):
    options, html = fixture("summary-list", name)
    rows: list[tuple[Any, ...]] = []
    for row in options["rows"]:
        value = Markup(row["value"].get("html") or row["value"]["text"])
        rows.append((row["key"]["text"], value))
    same(macro("lists", "summary_list", rows, border=name != "no-border"), html)


def test_summary_list_with_an_action_on_some_rows(macro: Any):
    _, html = fixture("summary-list", "with some actions")
    theirs = parse(html).named("govuk-summary-list__row")
    ours = parse(macro("lists", "summary_list", [("Name", "A", "Change", "#"), ("Other", "B")]))
    with_action, without = ours.named("govuk-summary-list__row")
    assert with_action.attrs in [row.attrs for row in theirs]
    assert without.attrs in [row.attrs for row in theirs]
    assert [node.tag for node in with_action] == ["div", "dt", "dd", "dd", "a", "span"]
    assert with_action.all("a")[0].text == "Change name"


def test_table_with_row_headings(macro: Any):
    options, html = fixture("table", "with firstCellIsHeader true")
    columns = [
        Column(""),
        *(Column("", numeric=c.get("format") == "numeric") for c in options["rows"][0][1:]),
    ]
    rows = [[cell["text"] for cell in row] for row in options["rows"]]
    body = parse(macro("lists", "table", "", columns, rows, first_is_header=True)).named("govuk-table__body")
    assert shape(body[0]) == shape(parse(html).named("govuk-table__body")[0])


@pytest.mark.parametrize("name", ["with head and caption"])
def test_table(macro: Any, name: str):
    options, html = fixture("table", name)
    columns = [Column(cell["text"], numeric=cell.get("format") == "numeric") for cell in options["head"]]
    rows = [[cell["text"] for cell in row] for row in options["rows"]]
    ours = macro(
        "lists",
        "table",
        options["caption"],
        columns,
        rows,
        first_is_header=bool(options.get("firstCellIsHeader")),
        caption_size=options.get("captionClasses", "").removeprefix("govuk-table__caption--"),
    )
    same(ours, html)


@pytest.mark.parametrize("name", ["default", "first page", "last page", "with many pages"])
def test_pagination(macro: Any, name: str):
    options, html = fixture("pagination", name)
    pages = Pages(
        [
            PageLink(None) if i.get("ellipsis") else PageLink(i["number"], i["href"], bool(i.get("current")))
            for i in options["items"]
        ],
        options.get("previous", {}).get("href", ""),
        options.get("next", {}).get("href", ""),
    )
    same(macro("lists", "pagination", pages), html)
