"""What happened in a pool, in words: one sentence for each action of the audit trail about pools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from accounts.rules.trail import Words

# In braces: what the entry tells in its details, and `council`, the council that it is about.
SENTENCES: Final[Mapping[str, str]] = {
    "pool.started": "started the pool for {council}",
    "pool.changed": "changed the rules or the dates of the pool",
    "pool.joined": "joined for {council}",
    "pool.stake_changed": "changed what {council} brings",
    "pool.terms_set": "set the terms of {council}",
    "pool.withdrawn": "took {council} out of the pool",
    "pool.member_succeeded": "let {council} follow {predecessor} as a member",
    "pool.lead_offered": "offered the lead of the pool to {council}",
    "pool.lead_offer_ended": "ended the offer of the lead to {council}",
    "pool.lead_taken": "took the lead of the pool for {council}, after {predecessor}",
    "pool.agreeing": "set the pool to agreeing",
    "pool.committed": "set the pool to committed",
    "pool.handed_over": "handed the pool to tender",
    "pool.closed": "closed the pool",
    "pool.dissolved": "dissolved the pool",
    "pool.agreement_made": "made version {version} of the agreement",
    "pool.signed": "signed version {version} of the agreement for {council}",
    "pool.signature_ended": "ended the signature of {council}",
    "pool.sign_again": "asked for version {version} of the agreement to be signed",
    "pool.baseline_kept": "kept what the pool is expected to be worth, as baseline {number}",
    "pool.outcome_told": "told what came out for {council}",
    "pool.commented": "wrote a comment",
    "pool.comment-removed": "removed their comment",
    "pool.lines_brought_in": "brought in the lines of {council}’s need: {new} new, {joined} joined",
    "pool.line_added": "added line {number} to the requirements",
    "pool.line_reworded": "changed the words of line {number}",
    "pool.line_settled": "settled line {number}: {outcome}",
    "pool.stance_taken": "said for {council} what line {number} is to it: {stance}",
    "pool.supplier_sounded": "recorded what a supplier said about the requirements",
    "pool.vote_opened": "opened a vote on line {number}",
    "pool.ballot_cast": "cast the ballot of {council} on line {number}",
    "pool.vote_closed": "closed the vote on line {number}. {ending}",
}
WORDS: Final = Words(SENTENCES, "changed the pool")


@dataclass(frozen=True, slots=True)
class Happening:
    """An entry of the audit trail about a pool.

    Attributes:
        council: short name of the council that the entry is about.
        of: short name of the council that the person acted for; empty for the service itself.
    """

    action: str
    details: Mapping[str, Any]
    council: str
    of: str


def sentence(happening: Happening) -> str:
    """Return what was done, without who did it and without anybody's own words."""
    return WORDS.sentence(happening.action, happening.details, happening.council or happening.of)
