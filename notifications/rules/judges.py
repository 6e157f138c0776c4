"""Who hears that they are on a panel that judges a challenge, or no longer: the person named alone.

The words name no entrant, and nothing of what anybody gave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from challenges.rules.phases import PHASE_WORDS, PhaseKind
from notifications.rules.telling import Reason, Wording


@dataclass(frozen=True, slots=True)
class Named:
    """An entry that says of somebody what they are on the panel of a phase.

    Attributes:
        by_id: who did it.
        person_id: whom it is about.
    """

    entry_id: int
    at: datetime
    challenge_id: UUID
    title: str
    phase_id: UUID
    kind: str
    action: str
    by_id: UUID | None
    person_id: UUID


RELEASED: Final = "panel.released"
WORDS: Final[Mapping[str, str]] = {
    "panel.formed": "You chair the panel of the phase “{phase}”: begin once all councils have named people",
    "panel.named": "You were named for the panel of the phase “{phase}”: declare conflicts, then score",
    "panel.chair": "You chair the panel of the phase “{phase}” from now on",
    RELEASED: "You were released from the panel of the phase “{phase}”: it no longer waits for you",
}


def notices(entries: Sequence[Named]) -> Sequence[Wording]:
    """Return the notices that entries make for whom they are about, where somebody else did it."""
    return [
        Wording(
            each.person_id,
            each.entry_id,
            each.at,
            each.title,
            Reason.JUDGES,
            WORDS[each.action].format(phase=PHASE_WORDS[PhaseKind(each.kind)]),
            _href(each),
            challenge_id=each.challenge_id,
        )
        for each in entries
        if each.person_id != each.by_id
    ]


def _href(named: Named) -> str:
    judging = f"/challenges/{named.challenge_id}/judging"
    return judging if named.action == RELEASED else f"{judging}/{named.phase_id}"
