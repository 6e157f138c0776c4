"""The form of what a notice says besides: languages, treaties, recurrence, an auction, limits on lots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from tenders.forms.fields import LONG, SHORT, PartForm
from tenders.rules.terms import LANGUAGES, LOTS_ORDERS, NONE, TREATIES
from web.fields import (
    BooleanField,
    CountField,
    DayField,
    LongTextField,
    Optional,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectMultipleField,
    TextField,
    ValidationError,
    needed,
)

_WRONG_COUNT: Final = "Enter a whole number, such as 2"


def choices(words: Mapping[str, str]) -> list[Any]:
    """Return codes with their words as a field offers them."""
    return [SelectChoice(code, said) for code, said in words.items()]


def one_answer(_form: object, field: Any) -> None:
    """Refuse that none applies beside one that does."""
    if NONE in (field.data or ()) and len(field.data) > 1:
        raise ValidationError("Choose the agreements that apply, or “None of these”")


class TermsForm(PartForm):
    """What the notice says besides."""

    hints: ClassVar[Mapping[str, str]] = {
        "languages": "In which tenders and requests to participate may be submitted",
        "treaties": "The notice names them. Ask for legal advice if you are not sure which apply",
        "treaties_words": "Only for another agreement",
        "recurs_on": "An estimate",
        "recurs_words": "Such as how often, or on what it depends",
        "repeats": "Only if you may award similar services to the winner later without competition "
        "(Schedule 5, paragraph 8). It can be done within five years, and only if this notice announced it. "
        "Leave it empty if not",
        "specifications": "Standards and the like that have to be met, beyond the requirements. Describe "
        "what is to be performed; name a standard or a brand only with “or equivalent”",
        "payment_terms": "Only what goes beyond the 30 days within which a valid invoice is paid",
        "requests_how": "Only for the competitive flexible procedure: where and in which form. This service "
        "takes tenders, not requests",
        "auction": "None is held here: bids are assessed with the prices that were submitted",
        "auction_words": "Only for an electronic auction",
        "most_lots_bid": "Only with several lots. Leave it empty if there is no limit. A bid for more lots "
        "cannot be submitted",
        "most_lots_won": "Only with several lots. Leave it empty if there is no limit. The award then "
        "follows the rule below",
        "lots_order": "Only with a limit on winning. Each lot in turn goes to the best bid whose suppliers "
        "have not won that many lots before",
    }
    headings: ClassVar[Mapping[str, str]] = {
        "languages": "Languages and agreements",
        "recurs": "Contracts to follow",
        "specifications": "Specifications and payment",
        "requests_how": "How suppliers take part",
        "most_lots_bid": "Limits on lots",
    }
    languages = SelectMultipleField(
        "Languages", [needed("Choose at least one language")], choices=choices(LANGUAGES)
    )
    treaties = SelectMultipleField(
        "Which international agreements cover it?", [one_answer], choices=choices(TREATIES)
    )
    treaties_words = TextField("Name of the other agreement", [SHORT])
    recurs = BooleanField("It is likely to be tendered again")
    recurs_on = DayField("When may a further notice be expected?", noun="The day of a further notice")
    recurs_words = LongTextField("More about that", [LONG])
    repeats = LongTextField("Intention to award similar services directly", [LONG])
    specifications = LongTextField("Technical specifications", [LONG])
    payment_terms = LongTextField("Further payment terms", [LONG])
    requests_how = LongTextField("How are requests to participate submitted?", [LONG])
    auction = BooleanField("An electronic auction is used")
    auction_words = LongTextField("How does the auction go?", [LONG])
    most_lots_bid = CountField(
        "How many lots may one supplier bid for?", [Optional()], wrong=_WRONG_COUNT, least=1, most=1000
    )
    most_lots_won = CountField(
        "How many lots may one supplier win?", [Optional()], wrong=_WRONG_COUNT, least=1, most=1000
    )
    lots_order = RadioField(
        "In which order are lots then awarded?",
        [Optional()],
        choices=choices(LOTS_ORDERS),
        validate_choice=False,
    )

    @property
    def values(self) -> dict[str, Any]:
        """Return what was filled in; an order that was not chosen is none."""
        said = dict(self.data)
        said["lots_order"] = said["lots_order"] if said["lots_order"] in LOTS_ORDERS else ""
        return said
