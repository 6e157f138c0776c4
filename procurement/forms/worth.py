"""The form about prices before a pool and in it."""

from __future__ import annotations

from web.fields import PenceField, needed
from web.forms import Form

_WRONG = "Enter a price in pounds, such as 12.50"


class OutcomeForm(Form):
    """What a council paid a unit before the pool, and pays in it."""

    before_pence = PenceField("Price of a unit before", [needed("Enter the price before")], wrong=_WRONG)
    after_pence = PenceField(
        "Price of a unit in the pool", [needed("Enter the price in the pool")], wrong=_WRONG
    )
