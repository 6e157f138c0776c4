"""What happened to a tender, in words: one sentence for each action of the audit trail about tenders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# In braces: what the entry tells in its details, and `council`, the council that it is about.
SENTENCES: Final[Mapping[str, str]] = {
    "tender.made": "made the tender from the pool “{pool}”",
    "tender.changed": "changed {part}",
    "tender.row_added": "added “{title}” to {part}",
    "tender.row_changed": "changed “{title}” in {part}",
    "tender.row_removed": "removed “{title}” from {part}",
    "tender.buyer_described": "said how {council} is reached",
    "tender.document_added": "added version {version} of the document “{title}”",
    "tender.document_removed": "removed the document “{title}”",
    "tender.in_approval": "asked the buyers for approval of version {version}",
    "tender.given_up_approval": "took the tender back to draft",
    "tender.approval_given": "approved version {version} for {council}",
    "tender.approval_refused": "refused version {version} for {council}, which made it a draft again",
    "tender.approvals_ended": "ended the approvals of {councils}, because the tender was changed",
    "tender.approved": "gave the last approval: the tender is approved",
    "tender.notice_prepared": "prepared the notice {code}",
    "tender.notice_discarded": "discarded the notice {code} that was prepared",
    "tender.notice_sent": "sent the notice {code} to the central platform",
    "tender.notice_confirmed": "recorded that the notice {code} was published as {reference}",
    "tender.published": "published the tender",
    "tender.key_made": "made the key that bids are sealed to",
    "tender.deadline_extended": "moved the deadline to {until} for all",
    "tender.questions_ended": "took no more questions, because the time for them had ended",
    "tender.due_passed": "let nothing more in, because the deadline had passed",
    "tender.opening_proposed": "proposed to open the bids, which closed the tender",
    "tender.opened": "confirmed the opening that {proposed_by} had proposed: {bids} bids, {damaged} damaged",
    "tender.bid_checked": "looked at bid {number}: {kind}, {step}",
    "tender.assessed": "made the assessment, which is computed from what was published, agreed and opened",
    "tender.draw_proposed": "proposed to draw a lot between the bids {bids}",
    "tender.lot_drawn": "confirmed the draw that {proposed_by} had proposed: bid {number} was drawn",
    "tender.summary_withheld": "withheld why the winner got its mark for “{criterion}” from summaries",
    "tender.award_decided": "decided the award as it was computed",
    "tender.award_approved": "approved the award for {council}",
    "tender.awarded": "awarded it, once every buyer had approved",
    "tender.summaries_released": "told all bidders how they were assessed, at one moment",
    "tender.standstill_begun": "began the standstill, which ends on {until}",
    "tender.challenged": "recorded a challenge: nothing is signed meanwhile",
    "tender.challenge_ended": "recorded that the challenge had ended",
    "tender.contract_signed": "recorded the contract of {council}",
    "tender.terminated": "terminated the tender",
    "contract.taken_on": "took on to look after the contract {contract}",
    "contract.indicator_read": "recorded a reading of “{title}” under the contract {contract}",
    "contract.assessed": "assessed how the contract {contract} was performed until {until}",
    "contract.breach_recorded": "recorded a breach or failure under the contract {contract}",
    "contract.ended": "recorded the end of the contract {contract}",
    "contract.ended_in_part": "recorded that a part of the contract {contract} ended",
    "contract.payment_recorded": "recorded an invoice under the contract {contract}",
    "contract.payment_settled": "recorded that an invoice under the contract {contract} was paid",
    "contract.change_proposed": "proposed change {number} of the contract {contract}",
    "contract.change_approved": "approved change {number} of the contract {contract} for {council}",
    "contract.change_refused": "refused change {number} of the contract {contract} for {council}",
    "contract.change_withdrawn": "withdrew change {number} of the contract {contract}",
    "contract.changed": "made change {number} of the contract {contract}",
    "contract.notice_prepared": "prepared the notice {code} of the contract {contract}",
    "contract.notice_discarded": "discarded the notice {code} of the contract {contract}",
    "contract.notice_sent": "sent the notice {code} of the contract {contract} to the central platform",
    "contract.notice_confirmed": "recorded that the notice {code} of the contract {contract} was published "
    "as {reference}",
    "contract.document_added": "added the file “{title}” to the contract {contract}",
    "contract.document_published": "recorded that “{title}” of the contract {contract} was published",
    "panel.formed": "formed the panel, with {chair} as its chair",
    "panel.named": "named {person} for the panel",
    "panel.released": "released {person} from the panel",
    "panel.chair": "made {chair} the chair of the panel",
    "panel.questions": "gave the panel the criteria that it scores",
    "panel.candidates": "gave the panel the bids under their numbers",
    "panel.candidate-out": "took bidder {number} out of what the panel scores",
    "panel.moved": "moved the panel on: it is now {to}",
    "panel.names-lifted": "showed the buyers whom the numbers stand for",
    "conflict.declared": "declared whether there is a conflict of interest with a bidder",
    "conflict.decided": "decided about a declared conflict of interest",
    "score.written": "scored an answer, alone",
    "score.locked": "locked their scores",
    "score.agreed": "wrote down on what the panel agreed about an answer",
    "contract.duty_near": "reminds of the contract {contract}: {duty}, due by {by}",
    "override.set": "set {value} for “{code}” in place of the law’s tables",
    "override.withdrawn": "let the law’s tables count again for “{code}”",
    "subject.registered": "opened it for questions, overrides and scores to be kept under it",
    "subject.buyer-added": "let another buyer act for it",
    "subject.buyer-ended": "let a buyer no longer act for it",
    "question.drafted": "drafted an answer to a question",
    "question.published": "published the answers {first} to {last}",
    "subject.questions-until": "let suppliers ask until {until}",
}
# Details that are somebody's own words: pages show them after the sentence.
OWN_WORDS: Final = "reason"


class _Told(dict[str, str]):
    """Details as a sentence takes them; what an entry does not tell is left empty."""

    def __missing__(self, key: str) -> str:
        return ""


def sentence(action: str, details: Mapping[str, Any], council: str) -> str:
    """Return what was done, without who did it and without anybody's own words."""
    told = _Told({key: _plain(value) for key, value in details.items() if key != OWN_WORDS})
    told["council"] = council
    # A test finds actions without a sentence; a page must not fail for one that a later version wrote.
    return " ".join(SENTENCES.get(action, "changed the tender").format_map(told).split())


def own_words(details: Mapping[str, Any]) -> str:
    """Return the reason that was given, or nothing."""
    return str(details.get(OWN_WORDS) or "")


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType] -- JSON
    return "" if value is None else str(value)
