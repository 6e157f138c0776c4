"""Who hears that they are on a panel, of a challenge or a tender, or no longer: the person named alone.

The words name nobody who is judged, and nothing of what anybody gave.
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
    """An entry that says of somebody what they are on a panel.

    Attributes:
        thing_id: the challenge or tender.
        phase_id, kind: the phase of a challenge; None and empty for a tender.
        by_id: who did it.
        person_id: whom it is about.
    """

    entry_id: int
    at: datetime
    thing_id: UUID
    title: str
    action: str
    by_id: UUID | None
    person_id: UUID
    phase_id: UUID | None = None
    kind: str = ""


RELEASED: Final = "panel.released"
WORDS: Final[Mapping[str, str]] = {
    "panel.formed": "You chair {panel}: begin once all councils have named people",
    "panel.named": "You were named for {panel}: declare conflicts, then score",
    "panel.chair": "You chair {panel} from now on",
    RELEASED: "You were released from {panel}: it no longer waits for you",
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
            WORDS[each.action].format(panel=_panel(each)),
            _href(each),
            tender_id=None if each.phase_id else each.thing_id,
            challenge_id=each.thing_id if each.phase_id else None,
        )
        for each in entries
        if each.person_id != each.by_id
    ]


def _panel(named: Named) -> str:
    if not named.kind:
        return "the panel that assesses the bids"
    return f"the panel of the phase “{PHASE_WORDS[PhaseKind(named.kind)]}”"


def _href(named: Named) -> str:
    if named.phase_id is None:
        return f"/tenders/{named.thing_id}/panel"
    judging = f"/challenges/{named.thing_id}/judging"
    return judging if named.action == RELEASED else f"{judging}/{named.phase_id}"
