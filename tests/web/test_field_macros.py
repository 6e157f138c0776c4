"""Our form macros beside GOV.UK Frontend's own fixtures: the same elements, classes and attributes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance import parse
from tests.web.conftest import PACKAGES
from tests.web.govuk import bound, fixture, hint, same, shape
from web import fields

if not PACKAGES.exists():
    pytest.skip("node_modules is not installed: npm ci --ignore-scripts", allow_module_level=True)


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
