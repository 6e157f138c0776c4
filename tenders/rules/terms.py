"""What a tender notice says besides: languages, treaties, a further notice, an auction, limits on lots."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

# By their codes of ISO 639-1: what the councils of England, and their neighbours, can be written to in.
LANGUAGES: Final[Mapping[str, str]] = {
    "en": "English",
    "cy": "Welsh",
    "ga": "Irish",
    "gd": "Scottish Gaelic",
}
TREATIES: Final[Mapping[str, str]] = {
    "gpa": "The Agreement on Government Procurement (GPA)",
    "cptpp": "The Comprehensive and Progressive Agreement for Trans-Pacific Partnership (CPTPP)",
    "other": "Another agreement",
    "none": "None of these",
}
NONE: Final = "none"
# In which order lots are awarded where one supplier may win only so many of them.
LOTS_ORDERS: Final[Mapping[str, str]] = {
    "value": "The lot with the highest estimated value first, with VAT; of equal values the lower number",
    "number": "In the order of the lots’ numbers",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a notice says besides. As it stands here a tender says it where nobody has chosen.

    Attributes:
        languages: in which tenders and requests to participate may be submitted.
        requests_how: how requests to participate are submitted.
        treaties: agreements that cover the procurement, or `none`; empty until somebody says which.
        recurs: a contract like these is likely to be tendered again.
        recurs_on: when a further notice may be expected.
        repeats: the intention to award similar services directly later (Schedule 5, paragraph 8).
        payment_terms: those beyond what the Act implies.
        most_lots_bid, most_lots_won: how many lots one supplier may bid for, and win.
        lots_order: in which order lots are then awarded.
    """

    languages: tuple[str, ...] = ("en",)
    requests_how: str = ""
    auction: bool = False
    auction_words: str = ""
    treaties: tuple[str, ...] = ()
    treaties_words: str = ""
    recurs: bool = False
    recurs_on: date | None = None
    recurs_words: str = ""
    repeats: str = ""
    specifications: str = ""
    payment_terms: str = ""
    most_lots_bid: int | None = None
    most_lots_won: int | None = None
    lots_order: str = ""

    @property
    def languages_words(self) -> str:
        """The languages in words."""
        return ", ".join(LANGUAGES.get(code, code) for code in self.languages)

    @property
    def treaties_said(self) -> str:
        """The agreements that apply in words, a line for each; empty until somebody says which."""
        if NONE in self.treaties:
            return "None applies"
        named = [TREATIES[code] for code in self.treaties if code != "other"]
        return "\n".join([*named, *([self.treaties_words] if "other" in self.treaties else [])])

    @property
    def recurrence_words(self) -> str:
        """Whether it is likely to recur, and when a further notice may be expected."""
        if not self.recurs:
            return "Not likely to recur"
        on = self.recurs_on
        when = f", a further notice may be expected on {on.day} {on:%B %Y}" if on else ""
        return f"Likely to recur{when}" + (f"\n{self.recurs_words}" if self.recurs_words else "")

    @property
    def auction_said(self) -> str:
        """Whether an electronic auction is used, and how it goes."""
        return f"One is used. {self.auction_words}".strip() if self.auction else "None is used"

    @property
    def limits_words(self) -> str:
        """How many lots one supplier may bid for and win, and by which rule; empty without a limit."""
        lines: list[str] = []
        if self.most_lots_bid is not None:
            lines.append(f"One supplier may bid for at most {_lots(self.most_lots_bid)}")
        if self.most_lots_won is not None:
            lines += [f"One supplier may win at most {_lots(self.most_lots_won)}", self.rule_words]
        return "\n".join(line for line in lines if line)

    @property
    def rule_words(self) -> str:
        """The rule by which lots are awarded under a limit on what one supplier may win."""
        if self.most_lots_won is None or self.lots_order not in LOTS_ORDERS:
            return ""
        order = LOTS_ORDERS[self.lots_order]
        return (
            f"Lots are awarded one after the other: {order[0].lower()}{order[1:]}. Each goes to the best bid "
            "whose suppliers have not won that many lots before"
        )


NAMES: Final = tuple(each.name for each in dataclasses.fields(Terms))
UNSAID: Final = Terms()


def chosen(terms: Terms) -> dict[str, Any]:
    """Return what of it somebody has chosen: all that is not as it stands without a choice."""
    return {name: value for name in NAMES if (value := getattr(terms, name)) != getattr(UNSAID, name)}


def _lots(number: int) -> str:
    return "1 lot" if number == 1 else f"{number} lots"
