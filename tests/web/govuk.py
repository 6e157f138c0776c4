"""GOV.UK Frontend's own fixtures, and how our markup is compared with them."""

from __future__ import annotations

import json
from typing import Any

from wtforms import Form

from tests.conformance import Node, parse
from tests.web.conftest import PACKAGES


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
