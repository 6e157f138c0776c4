"""Trying a change of the suggested pools, and wishing it of the next run."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from procurement.rules.pools.candidates import Candidate
from procurement.rules.pools.wishes import MOST_TOGETHER, WishKind
from web.fields import (
    Length,
    Optional,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    SelectMultipleField,
    TextField,
)
from web.forms import Form


class Change(enum.StrEnum):
    """What a person tries: a wish, or a move into one suggested pool."""

    TOGETHER = "together"
    INSIDE = "inside"
    APART = "apart"
    OUT = "out"
    MOVE = "move"


CHANGES: Final = {
    Change.TOGETHER: "Keep it in one pool with the needs chosen below",
    Change.APART: "Never put it in one pool with the needs chosen below",
    Change.INSIDE: "Put it in some pool",
    Change.OUT: "Put it in no pool",
    Change.MOVE: "Move it to the suggested pool chosen below",
}
MOST_OFFERED: Final = 200


class Try(Form):
    """What to try. `do` and `others` are also how an address names a change."""

    do = RadioField(
        "What would you change?",
        choices=[SelectChoice(change.value, words) for change, words in CHANGES.items()],
        default=Change.TOGETHER.value,
    )
    others = SelectMultipleField("Other needs", [Optional()], choices=[])
    to = SelectField("Suggested pool", [Optional()], choices=[], default="")
    reason = TextField("Why", [Length(max=300, message="The reason must be 300 characters or fewer")])

    def offer(self, others: Sequence[Candidate], pools: Sequence[tuple[str, str]]) -> None:
        """Let a person choose among these needs and pools."""
        self.others.choices = [SelectChoice(str(each.id), each.told) for each in others[:MOST_OFFERED]]
        self.to.choices = [SelectChoice("", "None chosen"), *(SelectChoice(*pool) for pool in pools)]

    @property
    def change(self) -> Change:
        """What is tried."""
        return Change(self.do.data)

    @property
    def named(self) -> list[UUID]:
        """The other needs, where the change names any."""
        if self.change not in (Change.TOGETHER, Change.APART):
            return []
        return [UUID(each) for each in (self.others.data or [])]

    @property
    def wish_kind(self) -> WishKind:
        """The wish behind the change; a move is kept as being together with that pool's needs."""
        return WishKind.TOGETHER if self.change is Change.MOVE else WishKind(self.change.value)

    def missing(self) -> str:
        """Return what is still to be chosen, in a sentence, or nothing."""
        count = len(self.named)
        if self.change in (Change.TOGETHER, Change.APART) and not count:
            return "Choose at least one other need"
        if self.change is Change.TOGETHER and count >= MOST_TOGETHER:
            return f"Choose at most {MOST_TOGETHER - 1} other needs"
        if self.change is Change.MOVE and not self.to.data:
            return "Choose a suggested pool"
        return ""
