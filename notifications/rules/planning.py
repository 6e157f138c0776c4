"""Who hears of a planned procurement because they follow it, before there is a tender that they may read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from notifications.rules.following import Followed
from notifications.rules.telling import Reason, Wording


def _newer(details: Mapping[str, Any]) -> str:
    return f"The central platform published the notice {details.get('code')} of it: read what it says now"


def _ended(_details: Mapping[str, Any]) -> str:
    return "The councils ended this before there was a tender"


WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "tender.early_notice_confirmed": _newer,
    "tender.terminated": _ended,
}


def notices(entries: Sequence[Followed]) -> Sequence[Wording]:
    """Return the notices that entries make for those who follow; `title` is that of the notice.

    They lead to what the notices say: the tender itself is a draft of its buyers.
    """
    return [
        Wording(
            person_id,
            each.entry_id,
            each.at,
            each.title,
            Reason.FOLLOWS_TENDER,
            WORDS[each.action](each.details),
            f"/tenders/planned/{each.tender_id}",
            tender_id=each.tender_id,
        )
        for each in entries
        for person_id in each.people
        if person_id != each.by
    ]
