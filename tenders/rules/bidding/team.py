"""Who bids: alone or together, who does which part, who is relied upon, and what each says of itself."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from values.refusals import Refused

MOST_MEMBERS: Final = 10
MOST_SUBCONTRACTORS: Final = 20
WHOLE_PERCENT: Final = 100
# Who a member or sub-contractor is called until the names are lifted; there are fewer of either.
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class MemberState(enum.StrEnum):
    """How far a supplier that was asked into a bid is."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"
    REMOVED = "removed"


STATE_WORDS: Final[Mapping[MemberState, tuple[str, str]]] = {
    MemberState.INVITED: ("Asked", "yellow"),
    MemberState.ACCEPTED: ("Accepted", "green"),
    MemberState.DECLINED: ("Declined", "grey"),
    MemberState.LEFT: ("Left", "grey"),
    MemberState.REMOVED: ("Taken out", "grey"),
}
LIVE: Final = frozenset({MemberState.INVITED, MemberState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """Whether a condition is met, and what shows it."""

    meets: bool | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a member says of itself, and which lots it accepted the bid for.

    Attributes:
        ground: whether a ground of exclusion applies to it or somebody connected with it.
        ground_words: which, and what was done since.
    """

    lots: tuple[str, ...] = ()
    conditions: Mapping[str, Fulfilment] = field(default_factory=dict[str, Fulfilment])
    ground: bool = False
    ground_words: str = ""
    person_name: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A supplier that was asked into a bid.

    Attributes:
        id: of its membership.
        organisation_id: empty until an invitation by mail was taken up.
        name: as it is registered, or as the lead calls it.
        part: what it does.
        said: what it says of itself, once it accepted.
    """

    id: str
    organisation_id: str
    name: str
    state: MemberState
    writes: bool
    part: str
    share_percent: int
    said: Said | None = None

    @property
    def live(self) -> bool:
        """Whether it is in the bid, or may still come in."""
        return self.state in LIVE

    @property
    def state_words(self) -> tuple[str, str]:
        """How far it is, in words and the colour of its tag."""
        return STATE_WORDS[self.state]


@dataclass(frozen=True, slots=True)
class Subcontractor:
    """Somebody who does a part for the bidders and signs nothing with the buyers.

    Attributes:
        relied_on: the conditions that the bidders meet only with it: an associated person.
    """

    name: str
    identifier: str
    part: str
    share_percent: int
    relied_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """All who bid; `part` and `share_percent` are the lead's own."""

    part: str = ""
    share_percent: int | None = None
    members: tuple[Member, ...] = ()
    subcontractors: tuple[Subcontractor, ...] = ()

    @property
    def live(self) -> tuple[Member, ...]:
        """The members that are in the bid or may still come in."""
        return tuple(each for each in self.members if each.live)

    @property
    def alone(self) -> bool:
        """Whether one supplier does all of it."""
        return not self.live and not self.subcontractors

    @property
    def total_percent(self) -> int:
        """What all shares come to."""
        others = (*self.live, *self.subcontractors)
        return (self.share_percent or 0) + sum(each.share_percent for each in others)

    @property
    def words(self) -> str:
        """Who bids, for a line of a summary."""
        found = [
            f"{len(several)} {one}{'' if len(several) == 1 else 's'}"
            for one, several in (("other supplier", self.live), ("sub-contractor", self.subcontractors))
            if several
        ]
        return f"With {' and '.join(found)}" if found else "You alone, without sub-contractors"


def lacks(team: Team, lots: Sequence[str]) -> Iterator[str]:
    """Yield what is missing of who bids, in words.

    Args:
        team: who bids.
        lots: what is bid for, by id.
    """
    for each in team.live:
        if each.said is None:
            yield f"“{each.name}” has not accepted yet"
        elif not set(lots) <= set(each.said.lots):
            yield f"“{each.name}” accepted other lots: ask it to accept again"
    if team.alone:
        return
    if not team.part or team.share_percent is None:
        yield "Say which part of the work is yours, and how much of it"
    elif team.total_percent != WHOLE_PERCENT:
        yield f"All parts of the work come to {team.total_percent}%: they must come to 100%"


def check_inviting(team: Team, organisation_id: str, own_id: str) -> None:
    """Refuse to ask a supplier that is in the bid, or one too many.

    Raises:
        Refused: with what is in the way.
    """
    if organisation_id == own_id:
        raise Refused("This is your own organisation.", "who")
    if organisation_id and organisation_id in [each.organisation_id for each in team.live]:
        raise Refused("You have asked this supplier already.", "who")
    if len(team.live) >= MOST_MEMBERS:
        raise Refused(f"At most {MOST_MEMBERS} other suppliers can be in a bid.", "who")


def check_one_bid(
    wanted: Sequence[str], elsewhere: Sequence[Sequence[str]], titles: Mapping[str, str], *, several: bool
) -> None:
    """Refuse a second bid of a supplier for a lot, unless the tender allows several.

    Args:
        wanted: lots that it would bid for now.
        elsewhere: lots of each other bid that it has submitted or joined.
        titles: id of a lot → its title.
        several: whether the tender allows it.

    Raises:
        Refused: with the lot. It tells a supplier of its own bids alone.
    """
    taken = {lot for lots in elsewhere for lot in lots}
    both = [titles.get(lot, "this tender") for lot in wanted if lot in taken]
    if both and not several:
        raise Refused(
            f"Your organisation is in another bid for “{both[0]}”. This tender allows one for each lot: "
            "leave or withdraw that one first."
        )


def check_most_lots(wanted: Sequence[str], elsewhere: Sequence[Sequence[str]], most: int | None) -> None:
    """Refuse a bid by which a supplier would bid for more lots than it may, in all of its bids together.

    Args:
        wanted: lots that it would bid for now.
        elsewhere: lots of each other bid that it has submitted or joined.
        most: for how many one supplier may bid, or None.

    Raises:
        Refused: with how many there would be.
    """
    lots = {*wanted, *(lot for lots in elsewhere for lot in lots)}
    if most is not None and len(lots) > most:
        limit = "1 lot" if most == 1 else f"{most} lots"
        raise Refused(
            f"Your organisation would bid for {len(lots)} lots, in this bid and those that it has joined or "
            f"submitted. This tender lets one supplier bid for at most {limit}."
        )


def from_kept(said: Mapping[str, Any], members: Sequence[Member]) -> Team:
    """Return who bids from the part of a draft as it is kept, and its members."""
    return Team(
        part=said.get("part", ""),
        share_percent=said.get("share_percent"),
        members=tuple(members),
        subcontractors=tuple(
            Subcontractor(
                each["name"],
                each["identifier"],
                each["part"],
                each["share_percent"],
                tuple(each["relied_on"]),
            )
            for each in said.get("subcontractors", ())
        ),
    )


def kept(team: Team) -> dict[str, Any]:
    """Return the lead's own part of it, as it is kept in a draft."""
    return {
        "part": team.part,
        "share_percent": team.share_percent,
        "subcontractors": [
            {
                "name": each.name,
                "identifier": each.identifier,
                "part": each.part,
                "share_percent": each.share_percent,
                "relied_on": list(each.relied_on),
            }
            for each in team.subcontractors
        ],
    }


def said_from(kept_said: Mapping[str, Any]) -> Said:
    """Return what a member says of itself, as it is kept."""
    return Said(
        lots=tuple(kept_said["lots"]),
        conditions={key: Fulfilment(**each) for key, each in kept_said["conditions"].items()},
        ground=kept_said["ground"],
        ground_words=kept_said["ground_words"],
        person_name=kept_said["person_name"],
    )


def said_kept(said: Said) -> dict[str, Any]:
    """Return the same as JSON has it."""
    return {
        "lots": list(said.lots),
        "conditions": {
            key: {"meets": each.meets, "evidence": each.evidence} for key, each in said.conditions.items()
        },
        "ground": said.ground,
        "ground_words": said.ground_words,
        "person_name": said.person_name,
    }


def handed_in(team: Team) -> dict[str, Any]:
    """Return who bids as a manifest says it."""
    return {
        "lead": {"part": team.part, "share_percent": team.share_percent or 0},
        "members": [
            {
                "organisation": each.organisation_id,
                "name": each.name,
                "part": each.part,
                "share_percent": each.share_percent,
                "conditions": {
                    key: {"meets": bool(met.meets), "evidence": met.evidence}
                    for key, met in each.said.conditions.items()
                },
                "ground": each.said.ground,
                "ground_words": each.said.ground_words,
            }
            for each in team.live
            if each.said
        ],
        "subcontractors": kept(team)["subcontractors"],
    }


def masked(handed: Mapping[str, Any]) -> dict[str, Any]:
    """Return who bids as a panel reads it: letters in place of names, and no identifiers."""
    hidden = ("organisation", "name", "identifier")

    def under(label: str, each: Mapping[str, Any]) -> dict[str, Any]:
        return {"label": label, **{key: said for key, said in each.items() if key not in hidden}}

    return {
        "lead": dict(handed["lead"]),
        "members": [under(f"Member {LETTERS[at]}", each) for at, each in enumerate(handed["members"])],
        "subcontractors": [
            under(f"Sub-contractor {LETTERS[at]}", each) for at, each in enumerate(handed["subcontractors"])
        ],
    }


def together(lead: str, members: Sequence[str]) -> str:
    """Return the names of all who bid, as an award says them."""
    if not members:
        return lead
    others = members[0] if len(members) == 1 else f"{', '.join(members[:-1])} and {members[-1]}"
    return f"{lead}, together with {others}"
