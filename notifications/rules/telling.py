"""Who hears of an entry of the audit trail, why, and in which words."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from procurement.rules.pools import timeline
from procurement.rules.pools.timeline import Happening
from values.years import LONDON


class Reason(enum.StrEnum):
    """Why somebody is told."""

    MENTIONED = "mentioned"
    TO_SIGN = "to_sign"
    TO_APPROVE = "to_approve"
    MATCHED = "matched"
    SUGGESTED = "suggested"
    SEARCHED = "searched"
    BUYS = "buys"
    SPONSORS = "sponsors"
    FOLLOWS = "follows"
    FOLLOWS_TENDER = "follows_tender"
    FOLLOWS_CHALLENGE = "follows_challenge"
    BIDS = "bids"
    RESPONDS = "responds"
    JUDGES = "judges"


class MailWanted(enum.StrEnum):
    """How much mail somebody wants about notices."""

    EACH = "each"
    DAILY = "daily"
    NONE = "none"


# Nobody needs to hear that less is said than before.
QUIET: Final = frozenset({"pool.comment-removed"})
# After these the approvers of the members have an agreement to sign.
TO_SIGN: Final = frozenset({"pool.agreement_made", "pool.sign_again"})
TALK: Final = frozenset({"pool.commented", "pool.comment-removed"})
# What comes to light much later, as after an outage, is no news in a mail box.
NEWS_LASTS: Final = timedelta(days=2)
SUMMARY_HOUR: Final = 7  # before the working day, in London
WHY: Final[Mapping[Reason, str]] = {
    Reason.MENTIONED: "You are mentioned",
    Reason.TO_SIGN: "To sign",
    Reason.TO_APPROVE: "Tender to approve",
    Reason.MATCHED: "Close match to your council’s need",
    Reason.SUGGESTED: "Suggested pool for your council’s need",
    Reason.SEARCHED: "Your saved search found it",
    Reason.BUYS: "Your council buys by this tender",
    Reason.SPONSORS: "Your council sponsors this challenge",
    Reason.FOLLOWS: "You follow this pool",
    Reason.FOLLOWS_TENDER: "You follow this tender",
    Reason.FOLLOWS_CHALLENGE: "You follow this challenge",
    Reason.BIDS: "Your bid for this tender",
    Reason.RESPONDS: "Your firm responded to this challenge",
    Reason.JUDGES: "You were named for a panel, or released from one",
}


@dataclass(frozen=True, slots=True)
class Told:
    """An entry about a pool, as it is to be told."""

    entry_id: int
    at: datetime
    pool_id: UUID
    pool_title: str
    person_id: UUID | None
    person_name: str
    happening: Happening

    @property
    def details(self) -> Mapping[str, Any]:
        """What the entry tells."""
        return self.happening.details


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be told of a pool: an officer or approver of a council in it.

    Attributes:
        here: their council has not left.
        since: when they first acted in the pool, or chose to follow it; None where they never did.
    """

    pool_id: UUID
    person_id: UUID
    body_code: str
    here: bool
    since: datetime | None
    follows: bool
    approver: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """A notice to write, about a pool, a need of the person's council, a tender or a challenge.

    Attributes:
        title: of that one.
    """

    person_id: UUID
    entry_id: int
    at: datetime
    title: str
    reason: Reason
    text: str
    href: str
    pool_id: UUID | None = None
    need_id: UUID | None = None
    tender_id: UUID | None = None
    challenge_id: UUID | None = None

    @property
    def about(self) -> str:
        """What it is about, for a mail."""
        if self.challenge_id:
            return "Challenge"
        return "Pool" if self.pool_id else "Need" if self.need_id else "Tender"

    @property
    def own_mail(self) -> bool:
        """Whether mail about it comes another way: a saved search writes its own, when its owner wants it."""
        return self.reason is Reason.SEARCHED


def notices(entries: Sequence[Told], candidates: Sequence[Candidate]) -> Sequence[Wording]:
    """Return the notices that entries make: one a person and entry, never for who did it.

    A council that has left hears no more, but of what is about itself, such as its own withdrawal.
    """
    found: list[Wording] = []
    for told in entries:
        reasons: dict[UUID, Reason] = {}
        for one in candidates:
            if one.pool_id == told.pool_id and one.person_id != told.person_id:
                reason = _reason(told, one)
                # The first of the two in the order of Reason: a person may act for two councils of a pool.
                if reason and (one.person_id not in reasons or _before(reason, reasons[one.person_id])):
                    reasons[one.person_id] = reason
        found += [_wording(who, told, why) for who, why in reasons.items()]
    return found


def _wording(who: UUID, told: Told, why: Reason) -> Wording:
    return Wording(
        who,
        told.entry_id,
        told.at,
        told.pool_title,
        why,
        words(told, why),
        href(told),
        pool_id=told.pool_id,
    )


def _reason(told: Told, one: Candidate) -> Reason | None:
    if told.happening.action in QUIET or not (one.here or told.details.get("body_code") == one.body_code):
        return None
    if str(one.person_id) in told.details.get("mentioned", ()):
        return Reason.MENTIONED
    if told.happening.action in TO_SIGN and one.approver:
        return Reason.TO_SIGN
    # What was done before they came is on the timeline.
    came = one.since is not None and one.since <= told.at
    return Reason.FOLLOWS if one.follows and came else None


def _before(one: Reason, other: Reason) -> bool:
    order = list(Reason)
    return order.index(one) < order.index(other)


def words(told: Told, reason: Reason) -> str:
    """Return a notice's sentence. It holds nobody's own words: it is also sent by mail."""
    who = f"{told.person_name} of {told.happening.of}" if told.happening.of else "Buy Together"
    if reason is Reason.MENTIONED:
        return f"{who} mentioned you"
    return f"{who} {timeline.sentence(told.happening)}"


def href(told: Told) -> str:
    """Return where a notice leads: to the discussion, the agreement or the timeline."""
    tab = "timeline"
    if told.happening.action in TALK:
        tab = "discussion"
    elif told.happening.action in TO_SIGN:
        tab = "agreement"
    return f"/pools/{told.pool_id}/{tab}"


def is_news(at: datetime, now: datetime) -> bool:
    """Tell whether what was done then is new enough to be worth a mail of its own."""
    return now - at <= NEWS_LASTS


def summary_time(now: datetime) -> datetime:
    """Return when the last summaries were due: seven in the morning, today or else yesterday."""
    local = now.astimezone(LONDON)
    due = local.replace(hour=SUMMARY_HOUR, minute=0, second=0, microsecond=0)
    return due if due <= local else due - timedelta(days=1)


def once(found: Iterable[Wording]) -> list[Wording]:
    """Return one notice a person, entry and thing: the first. Who buys by a tender may follow it as well."""
    kept: dict[tuple[UUID, int, tuple[UUID | None, ...]], Wording] = {}
    for each in found:
        about = (each.pool_id, each.need_id, each.tender_id, each.challenge_id)
        kept.setdefault((each.person_id, each.entry_id, about), each)
    return list(kept.values())
