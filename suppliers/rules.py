"""What a firm says of itself, once for all that it answers: assurance, size, kind, numbers in registers."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from analytics import names
from values import registers
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
        mutual: it is a public service mutual.
    """

    size: Size | None = None
    voluntary: bool | None = None
    supported: bool | None = None
    mutual: bool | None = None

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
                (self.mutual, "public service mutual"),
            )
            if held
        ]
        return "; ".join([SIZE_WORDS[self.size] if self.size else NOT_DECLARED, *kinds])


NOTHING_DECLARED: Final = Declared()


def declared_from(
    size: str | None,
    voluntary: bool | None,  # noqa: FBT001 -- as kept
    supported: bool | None,  # noqa: FBT001
    mutual: bool | None = None,  # noqa: FBT001
) -> Declared:
    """Return what a firm had declared, as it was kept; before firms said so, none was a mutual."""
    return Declared(Size(size) if size else None, voluntary, supported, mutual)


@dataclass(frozen=True, slots=True)
class Registered:
    """Under which numbers registers know a firm, as it says; empty is what it has not said.

    Attributes:
        company_number: of Companies House, in its eight characters.
        charity_number: its form tells the register.
        ppon: of the central platform.
        none_because: why it has none of these.
    """

    company_number: str = ""
    charity_number: str = ""
    ppon: str = ""
    none_because: str = ""

    @property
    def identifiers(self) -> tuple[tuple[str, str], ...]:
        """Its numbers, each with the code of its register: the law's own registers before the platform."""
        charity = registers.charity(self.charity_number) if self.charity_number else None
        found = [
            (COMPANIES_HOUSE, self.company_number),
            charity or ("", ""),
            (PLATFORM, self.ppon),
        ]
        return tuple((scheme, number) for scheme, number in found if number)

    @property
    def words(self) -> str:
        """All of it in words."""
        said = [f"{REGISTERS[scheme]} {number}" for scheme, number in self.identifiers]
        if said:
            return ", ".join(said)
        return f"No number, because: {self.none_because}" if self.none_because else NOT_DECLARED

    @property
    def is_said(self) -> bool:
        """Whether the firm said a number, or why it has none."""
        return bool(self.identifiers or self.none_because)


COMPANIES_HOUSE: Final = "GB-COH"
PLATFORM: Final = "GB-PPON"
# Registers by their codes: those of org-id.guide, and the central platform's own for its numbers.
REGISTERS: Final[Mapping[str, str]] = {
    COMPANIES_HOUSE: "Companies House",
    "GB-CHC": "Charity Commission",
    "GB-SC": "Scottish Charity Register",
    "GB-NIC": "Charity Commission for Northern Ireland",
    PLATFORM: "Central platform",
}
NOTHING_REGISTERED: Final = Registered()
LONGEST_WHY: Final = 200


def registered_from(*kept: str | None) -> Registered:
    """Return numbers as they were kept, in the order of `Registered`; what is None was not said."""
    return Registered(*(each or "" for each in kept))


def registered(typed: Registered) -> Registered:
    """Return numbers as their registers write them.

    Raises:
        Refused: a number is none of its register, nothing was said, or both a number and why there is none.
    """
    company = names.company_number(typed.company_number)
    if typed.company_number and company is None:
        raise Refused(
            "Enter the company number as Companies House writes it, such as 01234567 or SC123456",
            "company_number",
        )
    charity = registers.charity(typed.charity_number)
    if typed.charity_number and charity is None:
        raise Refused(
            "Enter the charity number with 6 or 7 digits, or as the registers of Scotland (SC012345) and "
            "Northern Ireland (NIC123456) write it",
            "charity_number",
        )
    ppon = registers.ppon(typed.ppon)
    if typed.ppon and ppon is None:
        raise Refused(
            "Enter the number of the central platform as it writes it, such as PBBB-1111-DDDD", "ppon"
        )
    found = Registered(company or "", charity[1] if charity else "", ppon or "", typed.none_because.strip())
    _check_said(found)
    return found


def _check_said(found: Registered) -> None:
    if not found.is_said:
        raise Refused("Enter a number, or say why your firm has none", "company_number")
    if found.identifiers and found.none_because:
        raise Refused("Your firm has a number: leave out why it has none", "none_because")
    if len(found.none_because) > LONGEST_WHY:
        raise Refused(f"Say it in {LONGEST_WHY} characters or less", "none_because")


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
