"""When a tender goes to its buyers, and who of them may approve it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenders.rules import states
from tenders.rules.linting.checking import blocking
from tenders.rules.linting.findings import Finding
from tenders.rules.states import STATE_WORDS, TenderState
from values.actors import Actor, Role
from values.money import format_pence
from values.refusals import NotAllowed, Refused

CHANGED = "The tender was changed"
LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Standing:
    """How a council and its approver stand to a tender.

    Attributes:
        state: of the tender.
        buyer: whether the council is a buyer in it.
        fingerprint: of the tender's content.
        approved_by: who approved this content for the council already, or empty.
        share_pence: what the council expects to spend by it, or None where nobody said.
        limit_pence: the approver's own authority, or None where nobody set one.
        bound_pence: up to which sum the council is bound by its signature in the pool, or None.
    """

    state: str
    buyer: bool
    fingerprint: bytes
    approved_by: str
    share_pence: int | None
    limit_pence: int | None
    bound_pence: int | None


def check_can_submit(state: str, findings: Sequence[Finding]) -> None:
    """Refuse to ask the buyers for approval of what would have to be changed.

    Raises:
        Refused: the tender is no draft, or the linter has findings that block.
    """
    states.check_move(state, TenderState.IN_APPROVAL)
    left = len(blocking(findings))
    if left:
        things = "thing is" if left == 1 else "things are"
        raise Refused(f"{left} {things} still to be mended. The task list says what and where.")


def check_approver(actor: Actor) -> None:
    """Refuse whoever cannot speak for a council here.

    Raises:
        NotAllowed: not an approver.
    """
    if not actor.has(Role.APPROVER):
        raise NotAllowed("Only an approver of a council in the tender approves it.")


def check_can_decide(standing: Standing) -> None:
    """Refuse an answer where none is asked for.

    Raises:
        Refused: the tender is not waiting, or the council is not a buyer in it.
    """
    if TenderState(standing.state) is not TenderState.IN_APPROVAL:
        now = STATE_WORDS[TenderState(standing.state)][0].lower()
        raise Refused(f"A tender that is {now} does not wait for approval.")
    if not standing.buyer:
        raise Refused("Your council is not a buyer in this tender.")


def check_can_approve(standing: Standing) -> None:
    """Refuse an approval that would not hold.

    Raises:
        Refused: with what is in the way.
    """
    check_can_decide(standing)
    if standing.approved_by:
        raise Refused(f"{standing.approved_by} approved this tender for your council already.")
    if standing.limit_pence is None:
        raise Refused("Nobody has set up to which sum you may commit your council.")
    share = standing.share_pence
    if share is None:
        return
    if share > standing.limit_pence:
        raise Refused(
            f"Your council expects to spend {_pounds(share)}, and you may commit it up to "
            f"{_pounds(standing.limit_pence)}. Ask an approver with a higher limit."
        )
    if standing.bound_pence is not None and share > standing.bound_pence:
        raise Refused(
            f"Your council expects to spend {_pounds(share)}, and its signature in the pool binds it up to "
            f"{_pounds(standing.bound_pence)}."
        )


def check_seen(seen: bytes, standing: Standing) -> None:
    """Refuse to approve what was not before the approver.

    Raises:
        Refused: the tender was changed since they opened it.
    """
    if seen != standing.fingerprint:
        raise Refused("The tender was changed since you opened this page. Read it again, then approve it.")


def is_whole(buyers: Sequence[str], approved: Sequence[str]) -> bool:
    """Tell whether every buyer has approved."""
    return bool(buyers) and set(buyers) <= set(approved)


def _pounds(pence: int) -> str:
    return format_pence(pence).removesuffix(".00")
