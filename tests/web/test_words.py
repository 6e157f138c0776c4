"""`web/` and `store/` stay furniture: they know no word of the field."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import ROOT

WORDS = re.compile(r"\b(pool|lot|bid|supplier|tender|council)s?\b", re.IGNORECASE)
# The connection pool is the driver's own word, not ours.
DRIVER = re.compile(r"\b(sqlalchemy\.pool|pool_\w+|\w+_pool|NullPool|poolclass|\w*Pool)\b")


@pytest.mark.parametrize("package", ["web", "store"])
def test_no_word_of_the_field(package: str):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if WORDS.search(DRIVER.sub("", line))
    ]
    assert found == []


def test_the_macros_know_none_either():
    for path in (ROOT / "templates/components").glob("*.html"):
        assert not WORDS.search(path.read_text()), path.name
