"""Who of a tender's buyers hears of what is done with it, and in which words.

Nothing here tells of bids before they are opened: the entries that this reads hold nothing of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from notifications.rules.telling import Reason, Wording
from tenders.rules import happenings
from values.years import LONDON


@dataclass(frozen=True, slots=True)
class Bought:
    """An entry about a tender, as its buyers are to hear of it.

    Attributes:
        about: the short name of the council that it is about; empty where it is about none.
        of: the short name of the council of whoever did it.
        published: the tender was published, so that ending it owes a notice.
    """

    entry_id: int
    at: datetime
    tender_id: UUID
    title: str
    published: bool
    person_id: UUID | None
    person_name: str
    action: str
    details: Mapping[str, Any]
    about: str
    of: str


@dataclass(frozen=True, slots=True)
class Buying:
    """Somebody of a buyer, as they are today; `of`: the short name of their council."""

    tender_id: UUID
    person_id: UUID
    approves: bool
    officer: bool
    of: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """How an action is told.

    Attributes:
        tab: the part of the tender that it leads to.
        approvers: approvers hear of it as well as officers.
        asks: it asks approvers for something.
        words: what is said in place of the history's sentence.
        own: only people of the council that the entry is about hear of it.
    """

    tab: str = ""
    approvers: bool = False
    asks: bool = False
    words: str = ""
    own: bool = False


TOLD: Final[Mapping[str, Telling]] = {
    "tender.in_approval": Telling("/approval", approvers=True, asks=True),
    "tender.given_up_approval": Telling("/approval", approvers=True),
    "tender.approval_refused": Telling("/approval", approvers=True),
    "tender.approvals_ended": Telling("/approval", approvers=True),
    "tender.approved": Telling("/approval", approvers=True),
    "tender.early_notice_confirmed": Telling("/notices", approvers=True),
    "tender.published": Telling(approvers=True),
    "tender.deadline_extended": Telling("/timetable", approvers=True),
    "tender.correction_in_approval": Telling("/corrections", approvers=True, asks=True),
    "tender.correction_taken_back": Telling("/corrections", approvers=True),
    "tender.correction_approval_given": Telling("/corrections"),
    "tender.correction_refused": Telling("/corrections", approvers=True),
    "tender.correction_approved": Telling("/corrections", approvers=True),
    "tender.correction_withdrawn": Telling("/corrections", approvers=True),
    "tender.corrected": Telling("/corrections", approvers=True),
    "tender.questions_ended": Telling("/questions", words="The time for suppliers’ questions has ended"),
    "tender.due_passed": Telling(
        approvers=True, words="The deadline has passed: two people can open what was handed in"
    ),
    "tender.opening_proposed": Telling(
        approvers=True, words="The opening was proposed: a second person confirms it"
    ),
    "tender.opened": Telling(approvers=True, words="What was handed in has been opened"),
    "panel.formed": Telling("/panel", approvers=True, words="The panel that assesses the bids was formed"),
    "panel.moved": Telling("/panel", approvers=True),
    "panel.names-lifted": Telling(
        "/panel",
        approvers=True,
        words="The names of the bidders are shown: the panel declares conflicts again",
    ),
    "tender.assessed": Telling("/assessment", approvers=True, words="The assessment was made"),
    "tender.award_decided": Telling(
        "/awarded", approvers=True, asks=True, words="The award was decided: each buyer approves it"
    ),
    "tender.award_approved": Telling("/awarded"),
    "tender.awarded": Telling("/awarded", approvers=True),
    "tender.summaries_released": Telling("/awarded", approvers=True),
    "tender.standstill_begun": Telling("/awarded", approvers=True),
    "tender.challenged": Telling("/awarded", approvers=True),
    "tender.challenge_ended": Telling("/awarded", approvers=True),
    "tender.contract_signed": Telling("/awarded", approvers=True),
    "tender.draw_proposed": Telling("/awarded", approvers=True),
    "contract.change_proposed": Telling("/contracts", approvers=True, asks=True, own=True),
    "contract.change_approved": Telling("/contracts", own=True),
    "contract.change_refused": Telling("/contracts", own=True),
    "contract.duty_near": Telling("/contracts", own=True),
    "council.duty_near": Telling("/duties", own=True),
    "tender.terminated": Telling("/notices", approvers=True),
    "override.set": Telling("/timetable", approvers=True),
    "override.withdrawn": Telling("/timetable", approvers=True),
    "subject.questions-until": Telling("/questions"),
    "question.published": Telling("/questions", words="Answers to suppliers’ questions were published"),
}
# Until when something now is: an instant among the details, to be said as people say it. The standstill has a
# day there, which is said already.
_INSTANTS: Final = ("until",)


def notices(entries: Sequence[Bought], buyers: Sequence[Buying]) -> Sequence[Wording]:
    """Return the notices that entries make for people of the buyers, never for who did it."""
    return [
        Wording(
            one.person_id,
            each.entry_id,
            each.at,
            each.title,
            _reason(TOLD[each.action], one),
            words(each),
            _href(each),
            tender_id=each.tender_id,
        )
        for each in entries
        for one in buyers
        if one.tender_id == each.tender_id
        and one.person_id != each.person_id
        and (one.officer or TOLD[each.action].approvers)
        and (one.of == (each.about or each.of) or not TOLD[each.action].own)
    ]


def _href(bought: Bought) -> str:
    tab = TOLD[bought.action].tab
    if tab == "/duties":
        return tab
    contract = f"/{bought.details['contract_id']}" if tab == "/contracts" else ""
    return f"/tenders/{bought.tender_id}{tab}{contract}"


def _reason(telling: Telling, one: Buying) -> Reason:
    return Reason.TO_APPROVE if telling.asks and one.approves else Reason.BUYS


def words(bought: Bought) -> str:
    """Return a notice's sentence. It holds nobody's own words: it is also sent by mail."""
    if fixed := TOLD[bought.action].words:
        return fixed
    who = f"{bought.person_name} of {bought.of}" if bought.of else "Buy Together"
    details = {name: _said(name, value) for name, value in bought.details.items()}
    said = f"{who} {happenings.sentence(bought.action, details, bought.about or bought.of)}"
    if bought.action == "tender.terminated" and bought.published:
        return f"{said}. A procurement termination notice (UK12) is due"
    return said


def _said(name: str, value: Any) -> Any:
    if name not in _INSTANTS or not isinstance(value, str):
        return value
    try:
        at = datetime.fromisoformat(value).astimezone(LONDON)
    except ValueError:
        return value
    return f"{at:%H:%M} on {at.day} {at:%B %Y}"
