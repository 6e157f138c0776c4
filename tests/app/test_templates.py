"""Templates: each compiles, imports only what it uses, and asks only for templates and macros that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import meta, nodes

from web import pages


class Unbuilt:
    """Addresses without a build: what a template says is looked at here, not what it links to."""

    def url(self, name: str) -> str:
        return f"/static/{name}"


ENVIRONMENT = pages.environment(pages.Site(product="Buy Together", secret=b"only for tests"), Unbuilt())
NAMES = sorted(ENVIRONMENT.list_templates(extensions=["html", "txt", "xml"]))


def parsed(name: str) -> nodes.Template:
    return ENVIRONMENT.parse((pages.TEMPLATES / name).read_text())


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name: str):
    # Unknown filters, tests and functions are errors here, not on somebody's screen.
    ENVIRONMENT.get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_template_asks_for_exists(name: str):
    tree = parsed(name)
    for wanted in meta.find_referenced_templates(tree):
        assert wanted is None or wanted in NAMES, wanted
    for taken in tree.find_all(nodes.FromImport):
        assert isinstance(taken.template, nodes.Const)
        source = parsed(taken.template.value)
        defined = {macro.name for macro in source.find_all(nodes.Macro)}
        defined |= {
            target.name for assign in source.find_all(nodes.Assign) for target in assign.find_all(nodes.Name)
        }
        for macro in taken.names:
            assert (macro if isinstance(macro, str) else macro[0]) in defined


@pytest.mark.parametrize("name", NAMES)
def test_a_template_uses_what_it_imports(name: str):
    text = (pages.TEMPLATES / name).read_text()
    for taken in parsed(name).find_all(nodes.FromImport):
        for macro in taken.names:
            local = macro if isinstance(macro, str) else macro[1]
            assert len(re.findall(rf"\b{local}\b", text)) > 1, f"{local} is imported and not used"


def test_a_template_stands_with_its_package():
    packages = {path.parent.name for path in Path(pages.TEMPLATES.parent).glob("*/__init__.py")}
    folders = {path.name for path in pages.TEMPLATES.iterdir() if path.is_dir()}
    assert folders - packages <= {"components", "errors"}
