"""The form of a response: a page for all of it; its sections are those of the challenge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from challenges.forms.fields import SHORT, sum_of_money
from challenges.queries.responses import AnswerRow
from challenges.rules.content import Section
from challenges.rules.responding import READINESS, Particulars
from suppliers.rules import ANSWER_WORDS, ASKED, LONGEST_EVIDENCE, Answer
from web.fields import (
    Length,
    LongTextField,
    Optional,
    PenceField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    TextField,
    ValidationError,
)
from web.forms import Form

_WORDS = Length(max=12_000, message="This text must be 12,000 characters or less")


class RespondForm(Form):
    """The short answers; `of` adds the sections."""

    product = TextField("What your product or service is called", [SHORT])
    price_low = PenceField(
        "What the pilot would cost at least, with VAT",
        [Optional(), sum_of_money],
        wrong="Enter the lowest price in pounds, such as 18,000",
    )
    price_high = PenceField(
        "What the pilot would cost at most, with VAT",
        [Optional(), sum_of_money],
        wrong="Enter the highest price in pounds, such as 30,000",
    )
    price_words = TextField("What the price depends on, and what it would cost after the pilot", [SHORT])
    readiness = SelectField(
        "How far it is",
        choices=[
            SelectChoice("", "Choose"),
            *(SelectChoice(str(n), words) for n, words in READINESS.items()),
        ],
        default="",
    )
    team = TextField("Who would do it: people and partners", [SHORT])

    @classmethod
    def of(cls, sections: Sequence[Section]) -> type[RespondForm]:
        """Return the form of a challenge that asks these sections."""
        fields = {
            f"answer{position}": LongTextField(each.title, [_WORDS])
            for position, each in enumerate(sections, 1)
        }
        return type("RespondForm", (cls,), fields)

    @staticmethod
    def shown(said: Particulars, answers: Mapping[int, AnswerRow]) -> dict[str, Any]:
        """Return a draft as the form shows it."""
        return {
            "product": said.product,
            "price_low": said.price_low_pence,
            "price_high": said.price_high_pence,
            "price_words": said.price_words,
            "readiness": str(said.readiness or ""),
            "team": said.team,
        } | {f"answer{position}": each.words for position, each in answers.items()}

    def validate_price_high(self, field: Any) -> None:
        """Refuse a range that nothing lies in."""
        low = self.price_low.data
        if field.data is not None and low is not None and field.data < low:
            raise ValidationError("The highest price must not be below the lowest")
        if field.data is None and low is not None:
            raise ValidationError("Enter also what the pilot would cost at most")

    @property
    def said(self) -> Particulars:
        """Return the short answers."""
        high = self.price_high.data
        low = self.price_low.data
        return Particulars(
            self.product.data or "",
            high if low is None else low,
            high,
            self.price_words.data or "",
            int(self.readiness.data) if self.readiness.data else None,
            self.team.data or "",
        )

    def answers(self, count: int) -> dict[int, str]:
        """Return the words of each section."""
        return {position: self[f"answer{position}"].data or "" for position in range(1, count + 1)}


class AssuranceForm(Form):
    """What a firm says of its assurance; what is not answered stays unsaid."""

    @property
    def values(self) -> dict[str, tuple[Answer, str]]:
        """Return what was answered, by code."""
        return {
            code: (Answer(self[code].data), self[f"{code}-evidence"].data or "")
            for code in ASKED
            if self[code].data in tuple(Answer)
        }


_EVIDENCE = Length(
    max=LONGEST_EVIDENCE, message=f"What shows it must be {LONGEST_EVIDENCE} characters or less"
)
for _code, _name in ASKED.items():
    setattr(
        AssuranceForm,
        _code,
        RadioField(
            _name,
            choices=[SelectChoice(each.value, words) for each, words in ANSWER_WORDS.items()],
            validate_choice=False,
            default="",
            name=_code,
        ),
    )
    setattr(
        AssuranceForm,
        f"{_code}-evidence",
        TextField(f"What shows it: {_name}", [_EVIDENCE], name=f"{_code}-evidence"),
    )


class ReceiptForm(Form):
    """A receipt that somebody wants to check."""

    text = LongTextField("The receipt", [Length(max=4_000, message="Paste one receipt alone")])
