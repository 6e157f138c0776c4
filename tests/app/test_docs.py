"""Documentation that cannot rot: what exists has its entry, and what is named exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from click import Context

from app import settings
from app.__main__ import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = (ROOT / "docs/operations.md").read_text()
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
PACKAGES = (
    "app",
    "insights",
    "notifications",
    "ocds",
    "sourcing",
    "tenders",
    "challenges",
    "procurement",
    "spend",
    "suppliers",
    "accounts",
    "web",
    "store",
    "analytics",
    "values",
)
VARIABLES = sorted(
    set(re.findall(r'"((?:BUYTOGETHER|DATABASE)_[A-Z_]+)"', Path(settings.__file__).read_text()))
)


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_setting_has_its_entry(variable: str):
    assert re.search(rf"^\| `{variable}` \|", OPERATIONS, re.MULTILINE)


def test_a_setting_that_is_explained_exists():
    explained = set(re.findall(r"^\| `((?:BUYTOGETHER|DATABASE)_[A-Z_]+)` \|", OPERATIONS, re.MULTILINE))
    assert explained == set(VARIABLES)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_has_its_entry(command: str):
    assert re.search(rf"^\| `buytogether {command}` \|", OPERATIONS, re.MULTILINE)
    assert main.get_command(Context(main), command).help


def test_a_command_that_is_explained_exists():
    explained = set(re.findall(r"^\| `buytogether ([a-z]+)` \|", OPERATIONS, re.MULTILINE))
    assert explained == set(COMMANDS)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_and_its_modules_say_what_they_are_for(package: str):
    for place in sorted((ROOT / package).rglob("*.py")):
        said = ast.get_docstring(ast.parse(place.read_text()))
        assert said, f"{place.relative_to(ROOT)} has no docstring"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda place: str(place.relative_to(ROOT)))
def test_what_a_document_links_to_is_there(document: Path):
    for target in re.findall(r"\]\(([^)#\s]+)", document.read_text()):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda place: str(place.relative_to(ROOT)))
def test_a_path_that_a_document_names_is_there(document: Path):
    folders = "|".join((*PACKAGES, "tests", "docs", "deploy", "benchmarks", "migrations", "templates"))
    for named in re.findall(rf"`((?:{folders})/[\w/.-]+\.(?:py|md|html|csv|toml))`", document.read_text()):
        example = "cookbook" in document.parts and "0007" in named
        assert example or (ROOT / named).exists(), named


def test_make_targets_that_are_named_exist():
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in DOCUMENTS:
        named = set(re.findall(r"`make ([a-z-]+)`", document.read_text()))
        assert named <= targets, document


def test_decisions_are_numbered_and_say_one_quotable_sentence():
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(place.name[:4]) for place in decisions] == list(range(1, len(decisions) + 1))
    for place in decisions:
        text = place.read_text()
        heading = re.match(r"# 0*(\d+)[.:] ", text)
        assert heading, place.name
        assert int(heading[1]) == int(place.name[:4])
        quotable = r"^## Decision\n\n\*\*[^*]+\*\*|^\*\*Decision\.\*\* \""
        assert re.search(quotable, text, re.MULTILINE), place.name


def test_no_document_has_a_gap_left_to_fill():
    for document in DOCUMENTS:
        assert "{{" not in re.sub(r"```.*?```|`[^`]*`", "", document.read_text(), flags=re.DOTALL), document
