"""A draft of a bid: what was filled in, what is missing, and the manifest that is sealed and hashed."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from tenders.rules.bidding import team as teams
from tenders.rules.bidding.asked import Asked, AskedLot
from tenders.rules.bidding.team import Fulfilment, Member, Team
from values.refusals import Refused

LONGEST_ANSWER: Final = 20_000
MOST_FILES: Final = 30
MOST_FILE_BYTES: Final = 20_000_000
MOST_BYTES: Final = 100_000_000
# More than all English councils spend in a year; a longer number is a slip.
MOST_PENCE: Final = 20_000_000_000_000


class BidPart(enum.StrEnum):
    """A part of a bid, in the order of its task list. Files are a part as well, kept in another way."""

    TEAM = "team"
    LOTS = "lots"
    CONDITIONS = "conditions"
    ANSWERS = "answers"
    PRICES = "prices"


PART_WORDS: Final[Mapping[BidPart, str]] = {
    BidPart.TEAM: "Who bids",
    BidPart.LOTS: "Lots",
    BidPart.CONDITIONS: "Conditions of participation",
    BidPart.ANSWERS: "Answers to the award criteria",
    BidPart.PRICES: "Prices",
}


@dataclass(frozen=True, slots=True)
class PriceSchedule:
    """The prices for a lot: a fixed sum, and pence for each unit by tier; None where it is open."""

    fixed_pence: int | None = None
    tiers: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class BidFileFacts:
    """A file of a bid."""

    id: str
    name: str
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What was filled in so far, by the ids of what is asked."""

    lots: tuple[str, ...] = ()
    conditions: Mapping[str, Fulfilment] = field(default_factory=dict[str, Fulfilment])
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    prices: Mapping[str, PriceSchedule] = field(default_factory=dict[str, PriceSchedule])
    files: tuple[BidFileFacts, ...] = ()
    team: Team = field(default_factory=Team)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that a bid lacks, and the part where it is filled in."""

    part: BidPart
    words: str


def chosen(asked: Asked, draft: Draft) -> tuple[AskedLot, ...]:
    """Return the lots that are bid for: those chosen, or the only one that there is."""
    if len(asked.lots) == 1:
        return asked.lots
    return tuple(lot for lot in asked.lots if lot.id in draft.lots)


def too_many(asked: Asked, lots: int) -> str:
    """Return why a bid for so many lots is refused; empty where it is not."""
    most = asked.most_lots
    if most is None or lots <= most:
        return ""
    limit = "1 lot" if most == 1 else f"{most} lots"
    return f"This tender lets one supplier bid for at most {limit}, and you chose {lots}"


def gaps(asked: Asked, draft: Draft) -> list[Gap]:
    """Return what is missing, or is too much, in the order of the parts."""
    lots = chosen(asked, draft)
    found = [Gap(BidPart.TEAM, words) for words in teams.lacks(draft.team, [lot.id for lot in lots])]
    found += [] if lots else [Gap(BidPart.LOTS, "Choose at least one lot")]
    if beyond := too_many(asked, len(lots)):
        found.append(Gap(BidPart.LOTS, beyond))
    for each in asked.conditions:
        said = draft.conditions.get(each.id, Fulfilment())
        if said.meets is None:
            found.append(Gap(BidPart.CONDITIONS, f"Say whether you meet “{each.title}”"))
        elif said.meets and not said.evidence:
            found.append(Gap(BidPart.CONDITIONS, f"Say what shows that you meet “{each.title}”"))
    found += [
        Gap(BidPart.ANSWERS, f"Answer “{each.title}”")
        for each in asked.questions
        if not draft.answers.get(each.id)
    ]
    for lot in lots if asked.priced else ():
        prices = draft.prices.get(lot.id, PriceSchedule())
        open_tiers = len(prices.tiers) != len(lot.tier_starts) or None in prices.tiers
        if prices.fixed_pence is None or open_tiers:
            found.append(Gap(BidPart.PRICES, f"Enter all prices for “{lot.title}”, 0 where nothing is due"))
    return found


def check_whole(asked: Asked, draft: Draft) -> None:
    """Refuse to hand in what could not be assessed.

    Raises:
        Refused: something is missing, or there are more lots than one supplier may bid for.
    """
    if beyond := too_many(asked, len(chosen(asked, draft))):
        raise Refused(f"{beyond}. Choose fewer lots, and submit again.")
    left = gaps(asked, draft)
    if left:
        things = "thing is" if len(left) == 1 else "things are"
        raise Refused(
            f"{len(left)} {things} missing. The first: {left[0].words[0].lower()}{left[0].words[1:]}."
        )


def check_room(files: Sequence[int], size: int) -> None:
    """Refuse a file too many, or too much of them.

    Args:
        files: sizes of those that are there.
        size: of the one that comes.

    Raises:
        Refused: with the limit that would be passed.
    """
    if size > MOST_FILE_BYTES:
        raise Refused("The file must be 20 MB or less", "files")
    if len(files) >= MOST_FILES:
        raise Refused(f"A bid takes {MOST_FILES} files. Remove one, or join some.", "files")
    if sum(files) + size > MOST_BYTES:
        raise Refused("All files of a bid together must be 100 MB or less", "files")


def manifest(*, tender_id: UUID, code: str, salt: str, asked: Asked, draft: Draft) -> bytes:
    """Return all that is handed in, in a form in which the same content gives the same bytes everywhere.

    Files stand in it with their hashes. The salt keeps somebody who has nothing but the hash from trying out
    prices until one fits. A supplier that does all of it alone gives the first form; with others, who bids
    stands in it too.
    """
    lots = chosen(asked, draft)
    said: dict[str, Any] = {
        "form": 1,
        "tender": str(tender_id),
        "bid": code,
        "salt": salt,
        "lots": [lot.id for lot in lots],
        "conditions": {
            each.id: {"meets": bool(met.meets), "evidence": met.evidence}
            for each in asked.conditions
            for met in (draft.conditions.get(each.id, Fulfilment()),)
        },
        "answers": {each.id: draft.answers.get(each.id, "") for each in asked.questions},
        "prices": {lot.id: _priced(lot, draft) for lot in lots} if asked.priced else {},
        "files": [
            {"id": each.id, "name": each.name, "kind": each.kind, "size": each.size, "sha256": each.sha256}
            for each in sorted(draft.files, key=lambda file: file.id)
        ],
    }
    if not draft.team.alone:
        said |= {"form": 2, "team": teams.handed_in(draft.team)}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _priced(lot: AskedLot, draft: Draft) -> dict[str, Any]:
    schedule = draft.prices[lot.id]
    return {
        "fixed_pence": schedule.fixed_pence,
        "tiers": [list(pair) for pair in zip(lot.tier_starts, schedule.tiers, strict=True)],
    }


def from_parts(
    parts: Mapping[str, Mapping[str, Any]], files: Sequence[BidFileFacts], members: Sequence[Member] = ()
) -> Draft:
    """Return a draft from its parts as they are kept."""
    return Draft(
        team=teams.from_kept(parts.get(BidPart.TEAM, {}), members),
        lots=tuple(parts.get(BidPart.LOTS, {}).get("lots", ())),
        conditions={
            key: Fulfilment(said["meets"], said["evidence"])
            for key, said in parts.get(BidPart.CONDITIONS, {}).items()
        },
        answers=dict(parts.get(BidPart.ANSWERS, {})),
        prices={
            key: PriceSchedule(said["fixed_pence"], tuple(said["tiers"]))
            for key, said in parts.get(BidPart.PRICES, {}).items()
        },
        files=tuple(files),
    )
