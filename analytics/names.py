"""Supplier names in one form, so that equal keys are one supplier; and company numbers in theirs.

A key is what is left of a name when case, punctuation, legal form, usual abbreviations, trailing references
and the names it also goes by are taken away. Legal forms and aliases are kept beside it, as evidence.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

import polars as pl

# Legal forms of the United Kingdom, and a few of neighbours that sell here, each to one code; misspelt and
# cut spellings are those that ledgers really hold.
_FORM_WORDS = {
    "ltd": "ltd limited limted limitd limite limites limitied lmited ltds limitedltd cyf cyfyngedig",
    "plc": "plc ccc",
    "llp": "llp",
    "cic": "cic cbc",
    "cio": "cio scio",
    "inc": "inc incorporated corp corporation",
    "other": "llc gmbh bv sarl aps pty pte unlimited unltd",
    "co": "co company",
}
LEGAL_FORMS = {word: form for form, words in _FORM_WORDS.items() for word in words.split()}
_FORM_PHRASES = {
    "public limited company": "plc",
    "public limited co": "plc",
    "company limited by guarantee": "ltd",
    "limited by guarantee": "ltd",
    "limited liability partnership": "llp",
    "community interest company": "cic",
    "charitable incorporated organisation": "cio",
    "charitable incorporated organization": "cio",
}
# What ledgers shorten, to one short word; each is also known with one letter missing, doubled or swapped.
_SHORT_WORDS = {
    "serv": "service services svcs svs servs",
    "mgmt": "management mgt",
    "intl": "international",
    "assoc": "association",
    "soln": "solutions solution",
    "grp": "group",
    "mfg": "manufacturing",
    "eng": "engineering",
    "univ": "university",
    "st": "saint",
    "bros": "brothers",
    "dept": "department",
    "constr": "construction",
    "tech": "technology technologies",
    "comms": "communications communication",
    "equip": "equipment",
    "sys": "systems system",
    "centre": "center",
    "partnership": "pship",
    "holdings": "holding hldgs",
    "uk": "unitedkingdom",
}
_GOES_BY = (
    r"[(\s,-]+(?:t/as?\b[/:.]?|t\.a\.|t/\s?a\b|t\s/\s?a\b|trading\s+as\b|formerly(?:\s+known\s+as)?\b|f/?k/?a\b"
    r"|previously\b|also\s+known\s+as\b|a/k/a\b|aka\b)[\s:(]*"
)
# "REF 12345", "- 00123456", "(ACC NO 5512)": the ledger's note and not part of the name.
_REFERENCE = (
    r"(?:\s*[-–(/]\s*(?:(?:ref|inv|invoice|acc|acct|account|a/c|no|number|supplier|vendor)[\s.:]*)*\d{4,}"
    r"|\s+(?:ref|inv|invoice|acc|acct|account|a/c)[\s.:]*(?:no\.?\s*)?\d{4,})\s*\)?\s*$"
)


@dataclass(frozen=True, slots=True)
class NormalisedName:
    """A supplier's name taken apart.

    Attributes:
        key: capital letters and digits without blanks; equal keys are taken for one supplier. Empty when the
            name holds no letter or digit.
        legal_form: "ltd", "plc", "llp", "cic", "cio", "inc", "co", "other", or empty when the name says none.
        aliases: keys of the names it also trades by, or formerly went by, in the order given.
    """

    key: str
    legal_form: str
    aliases: tuple[str, ...]


def normalise(name: str) -> NormalisedName:
    """Return the key of one name with the legal form and aliases that stand beside it."""
    parts = _parts(pl.Series([name])).explode()
    key, *others = [key or "" for key in _keys(parts)] or [""]
    forms = [
        LEGAL_FORMS[word]
        for word in (_words(parts).item(0) if len(parts) else "").split(" ")
        if word in LEGAL_FORMS
    ]
    aliases = tuple(dict.fromkeys(other for other in others if other and other != key))
    return NormalisedName(key, forms[-1] if forms else "", aliases)


def keys(names: pl.Series) -> pl.Series:
    """Return the key of each name, null for null; the same answers as `normalise`, for many at once.

    Invariant to case, accents, punctuation, spacing, legal form and the usual abbreviations, and idempotent.
    """
    first = _parts(names).list.get(0, null_on_oob=True)
    return _keys(first).rename(names.name)


def company_number(text: str) -> str | None:
    """Return a company number in the eight characters of Companies House, or None where it is none.

    Puts back lost leading zeros, trims, drops blanks and a decimal ".0" from spreadsheets, and pads the
    digits of prefixed numbers (SC, NI, OC, RC, IP…R). Numbers that end in letters, as some of societies,
    partnerships and Scottish or Northern Irish firms do, count where all eight characters are there. Refused:
    words, VAT, charity and foreign numbers, two numbers in one cell, more digits than fit, and runs of one
    digit that stand for "none".

    Source of the forms: chguide.co.uk, "Company numbers", which tried them on 13.6 million numbers of the
    register.
    """
    compact = re.sub(r"\.0$", "", text.strip().upper()).replace(" ", "").replace("-", "")
    if re.fullmatch(r"\d{5,8}", compact) and len(set(compact)) > 1:
        return compact.zfill(8)
    if match := re.fullmatch(rf"({_PREFIXES})(\d{{1,6}})", compact):
        return match[1] + match[2].zfill(6)
    if match := re.fullmatch(r"(IP|SP|NP)?(\d{1,5})R", compact):
        return f"{match[1] or 'IP'}{match[2].zfill(5)}R"
    return compact if _LETTERS_BEHIND.fullmatch(compact) else None


# Prefixes of the register: Scotland, Northern Ireland, partnerships, societies, charter, overseas and others.
_PREFIXES = (
    "SC|NI|OC|SO|NC|LP|SL|NL|RC|SR|NR|IP|SP|NP|RS|FC|SF|NF|GE|CE|CS|IC|SI|AC|SA|NA|R0|ZC|OE|NO|PC|SE|GN|GS|GI"
    "|EN|ES|FE|NZ|SG|SZ"
)
# Whole numbers whose last characters are letters, by what the prefix stands for.
_LETTERS_BEHIND = re.compile(
    rf"(?:{_PREFIXES}|\d\d)\d{{5}}[CR]"
    r"|(?:RS|SO)\d{3}(?:\d\d[CFRSWZ]|\d(?:AS|EN|FI|IP|RS|SA|US)|CUS)"
    r"|(?:NI|SL)\d{5}A"
    r"|OC\d{5}[BCERTW]"
)


def _parts(names: pl.Series) -> pl.Series:
    """A name and those it also goes by, in small ASCII-like letters, as lists."""
    lower = names.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase().str.strip_chars()
    split = lower.str.replace(_REFERENCE, "").str.replace_all(_GOES_BY, "\n").str.split("\n")
    return split.list.eval(pl.element().filter(pl.element().str.contains(r"[\p{L}\p{N}]")))


def _words(parts: pl.Series) -> pl.Series:
    """The words of a name, a blank between them; single letters side by side are one word, "and" is gone."""
    text = (
        parts.str.replace_all(r"['’‘`´]", "")
        .str.replace_all(r"[^\p{L}\p{N}]+", " ")
        .str.replace_all(r"\band\b ?", "")
        .str.replace_all(r"\b(\p{L})\b", "\x01$1\x01")
        .str.replace_all("\x01 \x01", "", literal=True)
        .str.replace_all("\x01", "", literal=True)
        .str.strip_chars()
    )
    phrases, forms = list(_FORM_PHRASES), list(_FORM_PHRASES.values())
    return text.str.replace_many(phrases, forms, leftmost=True)


def _keys(parts: pl.Series) -> pl.Series:
    words = _words(parts)
    # Each word between blanks of its own, so that neighbours are replaced in one pass.
    padded = pl.select(
        pl.concat_str(pl.lit(" "), words.str.replace_all(" ", "  ", literal=True), pl.lit(" "))
    )
    short = padded.to_series().str.replace_many(*_replacements()).str.replace_all(" ", "", literal=True)
    whole = words.str.replace_all(" ", "", literal=True)
    key = pl.select(pl.when(short != "").then(short).otherwise(whole)).to_series()
    # A key is its own key: blanks gone, "serv ices" has become a word that is shortened in turn.
    return key.replace(_shortened()).str.to_uppercase()


@functools.cache
def _replacements() -> tuple[list[str], list[str]]:
    """What stands for a word of a name in its key: a short word, or nothing."""
    nothing = dict.fromkeys([*LEGAL_FORMS, "the"], "")
    both = {f" {word} ": f" {short} " for word, short in (_shortened() | nothing).items()}
    return list(both), list(both.values())


@functools.cache
def _shortened() -> dict[str, str]:
    """Every spelling of a shortened word, with one letter missing, doubled or swapped with its neighbour."""
    spellings: dict[str, str] = {}
    for short, words in _SHORT_WORDS.items():
        for word in words.split():
            near = _misspelt(word) if len(word) >= 8 else set[str]()
            spellings |= dict.fromkeys(near | {word}, short)
    for short, words in _SHORT_WORDS.items():
        spellings |= dict.fromkeys(words.split(), short)
        spellings.pop(short, None)
    return spellings


def _misspelt(word: str) -> set[str]:
    places = range(1, len(word))
    missing = {word[:i] + word[i + 1 :] for i in places}
    doubled = {word[:i] + word[i] + word[i:] for i in places}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in places if i + 1 < len(word)}
    return missing | doubled | swapped
