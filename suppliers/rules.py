"""What a firm says of itself, once for all that it answers: its assurance, its size and its kind."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused

LONGEST_EVIDENCE: Final = 500


class Answer(enum.StrEnum):
    """How far a firm is."""

    YES = "yes"
    UNDERWAY = "underway"
    NO = "no"


ANSWER_WORDS: Final[Mapping[Answer, str]] = {
    Answer.YES: "Yes",
    Answer.UNDERWAY: "Under way",
    Answer.NO: "No",
}
# What councils ask for most; none of it is a condition by itself.
ASKED: Final[Mapping[str, str]] = {
    "cyber-essentials": "Cyber Essentials",
    "cyber-essentials-plus": "Cyber Essentials Plus",
    "iso-27001": "ISO/IEC 27001, or an equivalent",
    "data-protection": "Registered with the Information Commissioner",
    "accessibility": "Tested against WCAG 2.2 AA",
}


class Size(enum.StrEnum):
    """How large a firm says that it is."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


SIZE_WORDS: Final[Mapping[Size, str]] = {
    Size.MICRO: "Micro",
    Size.SMALL: "Small",
    Size.MEDIUM: "Medium-sized",
    Size.LARGE: "Large",
}
# The Act says what is small or medium-sized (section 123, in the tables of the law); it has no line below.
# These, in people, are ours: they tell micro, small and medium-sized firms apart, and no rule rests on them.
FEWER_PEOPLE: Final[Mapping[Size, int]] = {Size.MICRO: 10, Size.SMALL: 50}
NOT_DECLARED: Final = "Not declared"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a firm says of its size and kind; None is what it has not said.

    Attributes:
        voluntary: it is a voluntary, community or social enterprise.
        supported: it is a supported employment provider.
    """

    size: Size | None = None
    voluntary: bool | None = None
    supported: bool | None = None

    @property
    def small_or_medium(self) -> bool | None:
        """Whether it is a small and medium-sized enterprise of the Act; a micro firm is one too."""
        return None if self.size is None else self.size is not Size.LARGE

    @property
    def words(self) -> str:
        """All of it in words."""
        kinds = [
            words
            for held, words in (
                (self.voluntary, "voluntary, community or social enterprise"),
                (self.supported, "supported employment provider"),
            )
            if held
        ]
        return "; ".join([SIZE_WORDS[self.size] if self.size else NOT_DECLARED, *kinds])


NOTHING_DECLARED: Final = Declared()


def declared_from(size: str | None, voluntary: bool | None, supported: bool | None) -> Declared:  # noqa: FBT001 -- as kept
    """Return what a firm had declared, as it was kept."""
    return Declared(Size(size) if size else None, voluntary, supported)


def check_firm(actor: Actor) -> UUID:
    """Return the organisation of somebody who acts for a firm.

    Raises:
        NotAllowed: the actor does not.
    """
    if actor.organisation_id is None or not actor.has(Role.SUPPLIER):
        raise NotAllowed("Only people of a supplier can do this.")
    return actor.organisation_id


def check_assurance(code: str, evidence: str) -> None:
    """Refuse an answer to something that is not asked, and evidence that is a document.

    Raises:
        Refused: there is no such question, or the evidence is too long.
    """
    if code not in ASKED:
        raise Refused("Choose one of the answers that are offered.")
    if len(evidence) > LONGEST_EVIDENCE:
        raise Refused(f"Say it in {LONGEST_EVIDENCE} characters or less", f"{code}-evidence")


def check_declared(declared: Declared) -> None:
    """Refuse a declaration without a size. The same once more is one: its day says that it still holds.

    Raises:
        Refused: no size was chosen.
    """
    if declared.size is None:
        raise Refused("Choose the size of your firm", "size")
