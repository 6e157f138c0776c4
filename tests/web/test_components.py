"""Our macros beside GOV.UK Frontend's own fixtures: the same elements, classes and attributes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jinja2 import Environment
from markupsafe import Markup
from wtforms import Form

from tests.conformance import Node, parse
from tests.web.conftest import PACKAGES
from web import fields
from web.paging import Column, PageLink, Pages

if not PACKAGES.exists():
    pytest.skip("node_modules is not installed: npm ci --ignore-scripts", allow_module_level=True)


def fixture(component: str, name: str) -> tuple[dict[str, Any], str]:
    path = PACKAGES / "dist/govuk/components" / component / "fixtures.json"
    found = next(one for one in json.loads(path.read_text())["fixtures"] if one["name"] == name)
    return found["options"], found["html"]


def shape(node: Node | str) -> Any:
    """An element as data that compares: attributes and classes without order, spaces run together."""
    if isinstance(node, str):
        return " ".join(node.split())
    attrs = {
        name: (sorted(value.split()) if name == "class" else value) for name, value in node.attrs.items()
    }
    # We stop double clicks by default; GOV.UK leaves it to the page.
    attrs.pop("data-prevent-double-click", None)
    children: list[Any] = []
    for child in map(shape, node.children):
        if isinstance(child, str) and children and isinstance(children[-1], str):
            children[-1] = " ".join((children[-1] + " " + child).split())
        elif child != "":
            children.append(child)
    return node.tag, attrs, children


def same(ours: str, theirs: str) -> None:
    assert shape(parse(ours)) == shape(parse(theirs))


@pytest.fixture
def macro(env: Environment):
    def call(file: str, macro: str, /, *args: Any, **more: Any) -> str:
        return str(getattr(env.get_template(f"components/{file}.html").module, macro)(*args, **more))

    return call


def bound(kind: type[Any], options: dict[str, Any], *, value: Any = None, **more: Any) -> Any:
    """A field as a form would have it after reading what the fixture's options say."""
    label = (options.get("label") or options["fieldset"]["legend"])["text"]
    made = kind(label, **more)

    class Holder(Form):
        one = made

    field = Holder(data={"one": value}).one
    field.name = options.get("name", "one")
    field.id = options.get("idPrefix") or options.get("id") or field.name
    if "errorMessage" in options:
        field.errors = [options["errorMessage"]["text"]]
    return field


def hint(options: dict[str, Any]) -> str:
    return options.get("hint", {}).get("text", "")


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("default", {}),
        ("with hint text", {}),
        ("with error message", {}),
        ("with error and hint", {}),
        ("with width-10 class", {"width": "10"}),
        ("with label as page heading", {"heading": True, "label_size": "l"}),
        ("with prefix", {"prefix": "£"}),
        ("with suffix", {"suffix": "kg"}),
        ("with prefix and suffix", {"prefix": "£", "suffix": "per item"}),
        ("with prefix and suffix and error", {"prefix": "£", "suffix": "per item"}),
        ("custom type", {"type": "number"}),
        ("value", {}),
        ("zero value", {}),
        ("inputmode", {"type": "text", "inputmode": "decimal"}),
        ("with autocomplete attribute", {"autocomplete": "postal-code"}),
        ("with spellcheck enabled", {"spellcheck": True}),
        ("with spellcheck disabled", {"spellcheck": False}),
    ],
)
def test_text_input(macro: Any, name: str, more: dict[str, Any]):
    options, html = fixture("input", name)
    value = options.get("value")
    field = bound(fields.TextField, options, value=None if value is None else str(value))
    same(macro("fields", "text_input", field, hint=hint(options), **more), html)


@pytest.mark.parametrize(
    "name", ["default", "with hint text", "with error message", "with new-password autocomplete"]
)
def test_password_input(macro: Any, name: str):
    options, html = fixture("password-input", name)
    more = {"autocomplete": options["autocomplete"]} if "autocomplete" in options else {}
    same(
        macro("fields", "password_input", bound(fields.PasswordField, options), hint=hint(options), **more),
        html,
    )


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("default", {}),
        ("with hint", {}),
        ("with error message", {}),
        ("with hint and error message", {}),
        ("with default value", {}),
        ("with custom rows", {"rows": 8}),
        ("with label as page heading", {"heading": True, "label_size": "l"}),
        ("with autocomplete attribute", {"autocomplete": "street-address"}),
        ("with spellcheck disabled", {"spellcheck": False}),
    ],
)
def test_textarea(macro: Any, name: str, more: dict[str, Any]):
    options, html = fixture("textarea", name)
    field = bound(fields.LongTextField, options, value=options.get("value"))
    same(macro("fields", "textarea", field, hint=hint(options), **more), html)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("default", {}),
        ("with hint text and error message", {}),
        ("with label as page heading", {"heading": True, "label_size": "l"}),
        ("with selected value", {}),
    ],
)
def test_select(macro: Any, name: str, more: dict[str, Any]):
    options, html = fixture("select", name)
    choices = [
        fields.SelectChoice(
            str(item["value"]), item["text"], {"disabled": True} if item.get("disabled") else {}
        )
        for item in options["items"]
    ]
    picked = next((i["value"] for i in options["items"] if i.get("selected")), options.get("value"))
    value = str(picked) if picked else choices[0].value
    field = bound(fields.SelectField, options, value=value, choices=choices, validate_choice=False)
    if picked is None:
        field.data = None
    same(macro("fields", "select", field, hint=hint(options), **more), html)


@pytest.mark.parametrize(
    ("component", "name", "more"),
    [
        ("radios", "default", {}),
        ("radios", "with hint", {}),
        ("radios", "inline", {"inline": True}),
        ("radios", "with fieldset and error message", {}),
        ("radios", "small with hint", {"small": True}),
        ("checkboxes", "with error message", {}),
        ("checkboxes", "with error message and hint", {}),
        ("checkboxes", "with legend as a page heading", {"heading": True, "legend_size": "l"}),
    ],
)
def test_radios_and_checkboxes(macro: Any, component: str, name: str, more: dict[str, Any]):
    options, html = fixture(component, name)
    choices = [fields.SelectChoice(item["value"], item["text"]) for item in options["items"]]
    checked = [item["value"] for item in options["items"] if item.get("checked")]
    hints = {item["value"]: item["hint"]["text"] for item in options["items"] if "hint" in item}
    if component == "radios":
        value = checked[0] if checked else options.get("value")
        field = bound(fields.RadioField, options, value=value, choices=choices)
    else:
        value = checked or options.get("values")
        field = bound(fields.SelectMultipleField, options, value=value, choices=choices)
    same(macro("fields", component, field, hint=hint(options), hints=hints, **more), html)


@pytest.mark.parametrize(
    ("kind", "macro_name"), [(fields.RadioField, "radios"), (fields.SelectField, "select")]
)
def test_what_was_chosen_is_shown_again(macro: Any, kind: type[Any], macro_name: str):
    choices = [fields.SelectChoice("yes", "Yes"), fields.SelectChoice("no", "No")]
    field = bound(kind, {"label": {"text": "Sure?"}}, value="no", choices=choices)
    tree = parse(macro("fields", macro_name, field))
    marked = [node.attrs["value"] for node in tree if "checked" in node.attrs or "selected" in node.attrs]
    assert marked == ["no"]


@pytest.mark.parametrize(
    "name", ["default", "with errors only", "with errors and hint", "with error on year input"]
)
def test_date_input(macro: Any, name: str):
    options, html = fixture("date-input", name)
    field = bound(fields.DayField, options, noun="Date of birth")
    if name == "with error on year input":
        field.wrong = frozenset({"year"})
    # Their example names its boxes "day" alone or "dob-day"; ours always has the field's name before it.
    theirs = parse(html)
    for node in theirs.all("input"):
        node.attrs["name"] = node.attrs["id"].replace(field.id, field.name)
    ours = parse(macro("fields", "date_input", field, hint=hint(options)))
    assert shape(ours) == shape(theirs)


@pytest.mark.parametrize(
    "name", ["default", "with hint text", "with error message and hint", "allows multiple files"]
)
def test_file_upload(macro: Any, name: str):
    options, html = fixture("file-upload", name)
    field = bound(fields.FileField, options)
    same(
        macro("fields", "file_upload", field, hint=hint(options), multiple=bool(options.get("multiple"))),
        html,
    )


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("default", {}),
        ("secondary", {"kind": "secondary"}),
        ("warning", {"kind": "warning", "name": "Warning"}),
        ("link", {"href": "/"}),
    ],
)
def test_button(macro: Any, name: str, more: dict[str, Any]):
    options, html = fixture("button", name)
    if "name" in options:
        more = {**more, "name": options["name"]}
    same(macro("fields", "button", options["text"], **more), html)


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
        }
        for i in options["navigation"]
    ]
    same(macro("navigation", "service_navigation", links), html)


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
