"""What kind of line a payment is, and whether its payee is a private person or a public body."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

import polars as pl

from spend.rules import wording

PURCHASE = "purchase"
KINDS = (PURCHASE, "redacted", "resident", "payroll", "internal", "no_payee")
KIND_FILES = ("kinds.csv", "public_bodies.csv", "given_names.csv", "organisation_words.csv")
BOUGHT = ("expense", "procurement_label", "expense_code", "description", "service")
_READ = ("payee", *BOUGHT, "company_number", "charity_number")
TITLES = (
    *("mr", "mrs", "miss", "ms", "mx", "messrs", "master", "dr", "doctor", "prof", "professor"),
    *("rev", "revd", "reverend", "cllr", "councillor", "sir", "dame"),
)
COUNCIL_WORDS = (
    r"council|borough|county|city of|district|authority|mbc|mdc|cbc|bmbc|corporation|assembly|mayor"
)

# What a name looks like, one letter a word: T title, I initial, G given name, F family name that is hardly
# ever anything else, C common family name, S any other word (perhaps a surname), X any other of two letters,
# P place, A "and", O trade or organisation, L legal form, N with a digit.
_PERSON = (
    r"^(T(AT)*[IGSCFPXO]{0,3}[SCFGPX]"  # Mr J Smith; Dr Ann Lee; Mr and Mrs Hall
    r"|[SCF][IG]{0,2}T"  # Smith J Mr
    r"|I{1,3}[SCFGP]"  # J R Smith
    r"|[SCF]I{1,3}"  # Smith J R
    r"|G[IG]{0,2}[SCFG]"  # John Smith; Ann Mary T Smith
    r"|G[SCFX][SCF]"  # Ann Smith Jones; Ann de Caux
    r"|[SGCI]{1,2}F"  # Farook Ahmed
    r"|XC|I{1,3}[SCF]AI{1,3}[SCF]"  # JR Smith; A Smith and B Jones
    r"|[TIG]+(A[TIG]+)+[SCFGP])$"  # A E and Sheila Hall; Mr and Mrs J Smith
)
_PERSON_WITH_COMMA = r"^[SCFPG]{1,2}T?[GI]{1,3}$"  # Smith, Mr John


def recognise(payments: pl.DataFrame, own_names: Sequence[str] = ()) -> pl.DataFrame:
    """Add `kind`, `kind_rule`, `individual` and `public_body` to each combination of payee and labels.

    Precedence, the first that holds: nobody named; name withheld; the council itself; what the payee's name
    says; what the labels say; else a purchase. Within a step the order of `kinds.csv` decides.

    Args:
        payments: distinct combinations of `payee` and whichever of `BOUGHT`, `company_number` and
            `charity_number` the file gives (strings, null where absent).
        own_names: the spellings of the paying council's own name; a name without a word such as "council" or
            "borough" only counts when it is the whole payee, so that "Leeds" never claims "Leeds Fencing".

    Returns:
        The frame in its order with `kind` (one of `KINDS`), `kind_rule` (which rule decided, null for a
        purchase), `individual` (a private person, to be counted and never named) and `public_body`.
    """
    given = payments.with_columns(pl.col(name).cast(pl.String) for name in _READ if name in payments.columns)
    names = _names(given["payee"])
    rows = given.select("payee").join(names, on="payee", how="left", nulls_equal=True, maintain_order="left")
    from_payee = pl.coalesce(
        pl.when(pl.col("plain").is_null()).then(pl.lit("payee: empty")),
        pl.when(pl.col("withheld").is_not_null()).then(pl.col("withheld")),
        pl.when(_own(own_names)).then(pl.lit("internal: the council itself")),
        pl.col("said_by_name"),
    )
    decided = rows.with_columns(_said_by_labels(given, rows["firm"]), _registered(given)).select(
        pl.coalesce(from_payee, "said_by_labels").alias("kind_rule"),
        (pl.col("person") & ~pl.col("registered")).alias("individual"),
        "public_body",
    )
    rule = decided["kind_rule"]
    kind = rule.str.extract(r"^(\w+):").replace("payee", "no_payee").fill_null(PURCHASE)
    return payments.with_columns(
        kind.alias("kind"),
        rule,
        # A withheld name is nobody's, and a refund's payee is not named for other reasons.
        (decided["individual"] & (kind != "redacted")).alias("individual"),
        decided["public_body"],
    )


def _names(payees: pl.Series) -> pl.DataFrame:
    """Everything that a payee's name alone says, once for each distinct name."""
    raw = payees.unique().rename("payee").to_frame()
    named = raw.with_columns(
        wording.plain(pl.col("payee")).alias("plain"), _shape(raw["payee"]).alias("shape")
    )
    body, no_body = _public_patterns()
    return named.select(
        "payee",
        "plain",
        _first(_rules("payee", "no_payee", "redacted"), "plain").alias("withheld"),
        _first(_rules("payee", "payroll", "internal", "resident"), "plain").alias("said_by_name"),
        _is_person().fill_null(value=False).alias("person"),
        pl.col("shape").str.contains("[LO]").fill_null(value=False).alias("firm"),
        (pl.col("plain").str.contains(body) & ~pl.col("plain").str.contains(no_body))
        .fill_null(value=False)
        .alias("public_body"),
    )


def _is_person() -> pl.Expr:
    with_comma = pl.col("payee").str.contains(r"^[A-Za-z'’ -]+,[A-Za-z'’. -]+$")
    return pl.col("shape").str.contains(_PERSON) | (
        with_comma & pl.col("shape").str.contains(_PERSON_WITH_COMMA)
    )


def _shape(payees: pl.Series) -> pl.Series:
    """One letter for each word of a name, up to where it begins to say what it trades as."""
    words = (
        pl.col("payee")
        .str.to_lowercase()
        .str.replace(r"\s*(\bt/as?\b|\bt\.a\.|\btrading as\b|\bc/o\b).*$", "")
        .str.replace_all("&", " and ")
        .str.replace_all(r"\b(c\.i\.c|c\.c|p\.l\.c|l\.l\.p|l\.t\.d)\b\.?", "ltd")
        .str.replace_all(r"\b([a-z])\.", "$1 ")
        .str.replace("^([a-z]+)-([a-z]+) ", "$1 $2 ")
        .str.replace_all(r"\b(qc|kc|mbe|obe|cbe|phd|ptnr|the late)\b", " ")
        .str.replace_all("['’`\u0092\ufffd.:-]", "")
        .str.replace_all(r"[^a-z0-9à-ÿ]+", " ")
        .str.strip_chars()
        .str.split(" ")
    )
    known = pl.element().replace_strict(_letters(), default=None, return_dtype=pl.String)
    letters = words.list.eval(pl.coalesce(known, _letter_of_other_words())).list.join("")
    return payees.rename("payee").to_frame().select(letters).to_series()


def _letter_of_other_words() -> pl.Expr:
    word = pl.element()
    return (
        pl.when(word.str.contains("[0-9]"))
        .then(pl.lit("N"))
        .when(word.str.contains("(ltd|limited|llp)$"))
        .then(pl.lit("L"))
        .when(word.str.len_chars() == 1)
        .then(pl.lit("I"))
        .when(word.str.len_chars() == 2)
        .then(pl.lit("X"))
        .otherwise(pl.lit("S"))
    )


@functools.cache
def _letters() -> dict[str, str]:
    letter_of = {"legal form": "L", "place": "P", "trade or organisation": "O"}
    part_of = {"given": "G", "family": "F", "common family": "C"}
    letters = {row["word"]: letter_of[row["means"]] for row in wording.table("organisation_words.csv")}
    names = {row["name"]: part_of[row["part"]] for row in wording.table("given_names.csv")}
    letters = names | letters
    return letters | dict.fromkeys(TITLES, "T") | {"and": "A", "st": "O", "saint": "O"}


@functools.cache
def _public_patterns() -> tuple[str, str]:
    rows = wording.table("public_bodies.csv")
    return wording.whole("|".join(f"(?:{row['pattern']})" for row in rows)), wording.within(
        "|".join(row["unless"] for row in rows if row["unless"])
    )


def _rules(looks_at: str, *kinds: str) -> list[tuple[str, str, str]]:
    """Rules of these kinds in file order: what is shown when one decides, its pattern, whom it spares."""
    return [
        (f"{row['kind']}: {row['says']}", wording.whole(row["pattern"]), row["unless"])
        for row in wording.table("kinds.csv")
        if row["looks_at"] == looks_at and row["kind"] in kinds
    ]


def _first(rules: list[tuple[str, str, str]], column: str) -> pl.Expr:
    return pl.coalesce(
        pl.when(pl.col(column).str.contains(pattern)).then(pl.lit(says)) for says, pattern, _ in rules
    )


def _own(own_names: Sequence[str]) -> pl.Expr:
    """Whether a payee is the paying council itself, under one of the names given."""
    holds = pl.lit(value=False)
    for name in own_names:
        own = " ".join(re.findall(r"[a-z0-9]+", name.lower().replace("&", " and ")))
        tail = "( .*)?" if re.search(rf"\b({COUNCIL_WORDS})\b", own) else ""
        holds |= pl.col("plain").str.contains(rf"^(the )?{own}{tail}$") if own else pl.lit(value=False)
    return holds


def _said_by_labels(payments: pl.DataFrame, firm: pl.Series) -> pl.Series:
    """What the labels of a line say of its kind; some rules spare payees that are plainly organisations."""
    columns = [name for name in BOUGHT if name in payments.columns]
    rules = _rules("bought", "internal", "payroll", "resident")
    found: list[pl.Series] = []
    for name in columns:
        texts = payments.select(pl.col(name).alias("text")).with_columns(firm.alias("firm"))
        distinct = texts.unique().with_columns(
            wording.spelt_out(wording.plain(pl.col("text"))).alias("spelt")
        )
        asked = [
            pl.when(
                pl.col("spelt").str.contains(pattern)
                & ~(pl.col("firm") & pl.lit(unless == "firm" or name == "service"))
            ).then(pl.lit(says))
            for says, pattern, unless in rules
        ]
        answers = distinct.select("text", "firm", pl.coalesce(asked).alias(name))
        joined = texts.join(answers, on=["text", "firm"], how="left", nulls_equal=True, maintain_order="left")
        found.append(joined[name])
    if not found:
        return pl.Series("said_by_labels", [None] * payments.height, dtype=pl.String)
    return pl.DataFrame(found).select(pl.coalesce(pl.all()).alias("said_by_labels")).to_series()


def _registered(payments: pl.DataFrame) -> pl.Series:
    """Whether a register number stands beside the payee: then it is no private person."""
    numbers = [name for name in ("company_number", "charity_number") if name in payments.columns]
    if not numbers:
        return pl.Series("registered", [False] * payments.height, dtype=pl.Boolean)
    holds = pl.any_horizontal(
        pl.col(name).str.contains("[0-9]{5}").fill_null(value=False) for name in numbers
    )
    return payments.select(holds.alias("registered")).to_series()
