"""Which category a payment belongs to, by the words of its labels; what is not known stays "unknown"."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import polars as pl

from spend.rules import wording

UNKNOWN = "unknown"
BOUGHT = ("expense", "procurement_label", "expense_code")
PLACES = ("service", "directorate")
LABELS = (*BOUGHT, "description", *PLACES, "payee")
COLUMN_WORDS = {name: name.replace("_", " ") for name in LABELS}

# How much a piece of evidence weighs; the heaviest decides, at equal weight the earlier column.
NAMED = {
    "expense": 63,
    "procurement_label": 62,
    "expense_code": 61,
    "description": 50,
    "service": 22,
    "directorate": 21,
}
HOUSE, TRADE_IN_NAME = 40, 30
BROAD = {"expense": 27, "procurement_label": 26, "expense_code": 25, "description": 24}
FAMILY = {"expense": 13, "procurement_label": 12, "expense_code": 11, "description": 10}
WEIGHTS = {"named": NAMED, "broad": BROAD, "family": FAMILY}
_RULES = 10_000  # evidence is one integer, weight * _RULES + rule, so that a maximum finds the heaviest


@dataclass(frozen=True, slots=True)
class Category:
    """One market of things that councils buy.

    Attributes:
        code: stable slug, used in addresses and exports.
        group: "technology", "people", "places" or "corporate".
        definition: one sentence.
        cpv: CPV 2008 codes of eight digits that come nearest.
        unit: what volume is usually counted in, or empty.
    """

    code: str
    name: str
    group: str
    definition: str
    cpv: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All categories in the order they are shown, and the version of the files that assign them."""

    categories: tuple[Category, ...]
    version: str

    def named(self, code: str) -> str:
        """Return the name of a category, or "Not categorised" for what no rule knows."""
        return next((each.name for each in self.categories if each.code == code), "Not categorised")


@dataclass(frozen=True, slots=True)
class _Rule:
    number: int
    name: str
    category: str
    pattern: str
    level: str
    columns: str
    area: str
    known: str


@functools.cache
def taxonomy() -> Taxonomy:
    """Return the taxonomy; its version is a fingerprint of every file that can change a line's category."""
    rows = wording.table("taxonomy.csv")
    categories = tuple(
        Category(
            row["code"], row["name"], row["group"], row["definition"], tuple(row["cpv"].split()), row["unit"]
        )
        for row in rows
    )
    return Taxonomy(categories, wording.fingerprint(wording.TAXONOMY_FILES))


@functools.cache
def _rules() -> tuple[_Rule, ...]:
    """All rules in the order of their files; a rule's number is its place among them."""
    files = (("labels.csv", ""), ("technology_houses.csv", "house"), ("payee_words.csv", "trade"))
    rows = [(level or row["level"], line, row) for file, level in files for line, row in _numbered(file)]
    return tuple(
        _Rule(
            number,
            f"{level}-{line}",
            row["category"],
            row["pattern"],
            level,
            row.get("columns", ""),
            row.get("area", ""),
            f"supplier's name: {row['says']}" if level in {"house", "trade"} else "",
        )
        for number, (level, line, row) in enumerate(rows)
    )


def _numbered(file: str) -> list[tuple[int, dict[str, str]]]:
    # The line that an editor shows: the header is line 1.
    return list(enumerate(wording.table(file), start=2))


def categorise(labels: pl.DataFrame) -> pl.DataFrame:
    """Add `category`, `rule` and `because` to each combination of labels.

    Reads the columns of `LABELS` that are there (all strings); a line's category follows from these alone.
    Give distinct combinations: rules look at each distinct label once, then each column costs one join.

    Returns:
        The frame in its order with `category` (a code, or "unknown"), `rule` (level and line in its file,
        null for unknown) and `because` (which column says what, for people; a payee's name is never
        quoted, only what the rule knows of it).
    """
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in LABELS if name not in labels.columns]
    texts = labels.with_columns(absent).select(
        wording.plain(pl.col(name).cast(pl.String)).alias(name) for name in LABELS
    )
    texts = texts.with_columns(_areas(texts).alias("area"))
    evidence = [_label_evidence(texts, column) for column in (*BOUGHT, "description", *PLACES)]
    strongest = pl.DataFrame([*evidence, _payee_evidence(texts)]).select(
        pl.max_horizontal(pl.all()).alias("found")
    )
    return labels.with_columns(*_decisions(strongest["found"], labels))


def _spread(distinct: pl.DataFrame, keys: list[str], back_onto: pl.DataFrame) -> pl.Series:
    """Bring what was found for each distinct key back onto every row."""
    joined = back_onto.select(keys).join(
        distinct, on=keys, how="left", nulls_equal=True, maintain_order="left"
    )
    return joined["found"]


def _areas(texts: pl.DataFrame) -> pl.Series:
    """The area of the council that a line's service, or else its directorate, says."""
    areas = wording.table("areas.csv")
    found = pl.coalesce(
        pl.when(pl.col("spelt").str.contains(wording.within(row["pattern"]))).then(pl.lit(row["area"]))
        for row in areas
    )
    service, directorate = (
        _spread(
            texts.select(name)
            .unique()
            .with_columns(wording.spelt_out(pl.col(name)).alias("spelt"))
            .select(name, found.alias("found")),
            [name],
            texts,
        )
        for name in PLACES
    )
    return (
        service.to_frame("a").with_columns(directorate.alias("b")).select(pl.coalesce("a", "b")).to_series()
    )


def _label_evidence(texts: pl.DataFrame, column: str) -> pl.Series:
    """The heaviest evidence of each row in one column of labels, null where no rule knows it."""
    distinct = texts.select(column, "area").unique().filter(pl.col(column).is_not_null())
    if distinct.is_empty():
        return pl.Series(column, [None] * texts.height, dtype=pl.Int64)
    spelt = distinct.with_columns(wording.spelt_out(pl.col(column)).alias("spelt"))
    asked = [_asked(rule, column) for rule in _rules() if _weight(rule, column)]
    return _spread(
        spelt.select(column, "area", pl.coalesce(asked).alias("found")), [column, "area"], texts
    ).rename(column)


def _weight(rule: _Rule, column: str) -> int:
    if column in PLACES and rule.columns != "any":
        return 0
    return WEIGHTS.get(rule.level, {}).get(column, 0)


def _asked(rule: _Rule, column: str) -> pl.Expr:
    holds = pl.col("spelt").str.contains(wording.whole(rule.pattern))
    if rule.area:
        holds &= pl.col("area") == rule.area
    return pl.when(holds).then(pl.lit(_weight(rule, column) * _RULES + rule.number, dtype=pl.Int64))


def _payee_evidence(texts: pl.DataFrame) -> pl.Series:
    """What a payee's name says of its trade: houses known for one product first, then plain words."""
    distinct = texts.select("payee").unique().filter(pl.col("payee").is_not_null())
    if distinct.is_empty():
        return pl.Series("payee", [None] * texts.height, dtype=pl.Int64)
    weights = {"house": HOUSE, "trade": TRADE_IN_NAME}
    asked = [
        pl.when(pl.col("payee").str.contains(_payee_pattern(rule))).then(
            pl.lit(weights[rule.level] * _RULES + rule.number, dtype=pl.Int64)
        )
        for rule in _rules()
        if rule.level in weights
    ]
    return _spread(distinct.select("payee", pl.coalesce(asked).alias("found")), ["payee"], texts).rename(
        "payee"
    )


def _payee_pattern(rule: _Rule) -> str:
    # A house begins the name: "Dell" is known, "The Dell Nursery" is not.
    return rf"^({rule.pattern})\b" if rule.level == "house" else wording.within(rule.pattern)


def _decisions(found: pl.Series, labels: pl.DataFrame) -> list[pl.Series]:
    """Unpack the heaviest evidence into category, rule and reason."""
    rules = _rules()
    names = pl.DataFrame(
        {
            "number": list(range(len(rules))),
            "category": [rule.category for rule in rules],
            "rule": [rule.name for rule in rules],
            "known": [rule.known for rule in rules],
        }
    )
    frame = pl.DataFrame({"number": found % _RULES, "weight": found // _RULES})
    frame = frame.join(names, on="number", how="left", maintain_order="left")
    frame = frame.with_columns(labels[name].alias(f"said_{name}") for name in labels.columns if name in NAMED)
    said = [
        pl.when(pl.col("weight").is_in([each[name] for each in WEIGHTS.values() if name in each])).then(
            pl.format(
                "{} says “{}”",
                pl.lit(COLUMN_WORDS[name]),
                pl.col(f"said_{name}").cast(pl.String).str.strip_chars(),
            )
        )
        for name in labels.columns
        if name in NAMED
    ]
    because = pl.coalesce(*said, pl.col("known"))
    return [
        frame["category"].fill_null(UNKNOWN).alias("category"),
        frame["rule"].alias("rule"),
        frame.select(because.alias("because")).to_series(),
    ]
