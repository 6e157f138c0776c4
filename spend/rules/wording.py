"""How labels and names are brought into one plain wording before a rule looks at them."""

from __future__ import annotations

import csv
import functools
import hashlib
from importlib.resources import files

import polars as pl

TAXONOMY_FILES = (
    "taxonomy.csv",
    "labels.csv",
    "areas.csv",
    "abbreviations.csv",
    "payee_words.csv",
    "technology_houses.csv",
)


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the packaged rule files, in file order (order is priority)."""
    text = (files("spend") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def fingerprint(names: tuple[str, ...]) -> str:
    """Return 12 hexadecimal digits that change whenever one of these rule files does."""
    digest = hashlib.sha256()
    for name in names:
        digest.update(name.encode())
        digest.update((files("spend") / "data" / name).read_bytes())
    return digest.hexdigest()[:12]


@functools.cache
def _abbreviations() -> dict[str, str]:
    return {row["short"]: row["long"] for row in table("abbreviations.csv")}


def plain(text: pl.Expr) -> pl.Expr:
    """Lower-case words and digits with single blanks between them; "&" is "and"; nothing left is null."""
    words = (
        text.str.to_lowercase()
        .str.replace_all("['’`]s\\b", "s")
        .str.replace_all("&", " and ")
        .str.replace_all("[^a-z0-9à-ÿ]+", " ")
        .str.strip_chars()
    )
    return pl.when(words != "").then(words)


def spelt_out(plain_text: pl.Expr) -> pl.Expr:
    """Plain wording in which the abbreviations of ledgers stand in full ("svs" is "services")."""
    words = plain_text.str.split(" ")
    return words.list.eval(pl.element().replace(_abbreviations())).list.join(" ")


def whole(pattern: str) -> str:
    """Return a regular expression that a rule's pattern must match from the first word to the last."""
    return f"^(?:{pattern})$"


def within(pattern: str) -> str:
    """Return a regular expression that finds a rule's pattern anywhere, as whole words."""
    return rf"\b({pattern})\b"
