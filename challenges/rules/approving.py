"""When a sponsor's approver can approve or refuse a statement, and when the lead can publish it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from challenges.rules.linting import Lack, blocking
from challenges.rules.states import ChallengeState
from values.actors import Actor, Role
from values.money import format_pence
from values.refusals import NotAllowed, Refused

LONGEST_REASON: Final = 2000
SEEN: Final = "The statement was changed since you opened this page. Read it again, then approve it."


@dataclass(frozen=True, slots=True)
class Standing:
    """How a council stands to a challenge.

    Attributes:
        sponsor: it is one, the lead included.
        fingerprint: of the statement as it stands; empty while it is being changed.
        stands: it has approved the statement as it stands.
        limit_pence: up to which sum its approver may commit it; None where nobody set one.
    """

    state: str
    sponsor: bool
    leads: bool
    fingerprint: bytes
    stands: bool
    takes_responses: bool
    budget_pence: int | None
    limit_pence: int | None


def check_approver(actor: Actor) -> None:
    """Refuse whoever does not commit a council.

    Raises:
        NotAllowed: the actor is no approver.
    """
    if not actor.has(Role.APPROVER):
        raise NotAllowed("Only an approver can do this.")


def check_can_decide(standing: Standing) -> None:
    """Refuse an answer where none is asked for.

    Raises:
        NotAllowed: the council is no sponsor.
        Refused: the statement is past the point at which this council answers, or has its answer.
    """
    if not standing.sponsor:
        raise NotAllowed("Only an approver of a sponsor can do this.")
    late = standing.takes_responses and not standing.leads
    if standing.state != ChallengeState.STATEMENT and not late:
        raise Refused("There is nothing to approve: the statement was published or given up.")
    if not standing.fingerprint:
        raise Refused("The statement is being changed. Try again in a moment.")
    if standing.stands:
        raise Refused("Your council has approved this statement already.")


def check_can_approve(standing: Standing, found: Sequence[Lack]) -> None:
    """Refuse an approval that would not hold.

    Raises:
        NotAllowed: the council is no sponsor.
        Refused: with what is in the way.
    """
    check_can_decide(standing)
    if blocked := blocking(list(found)):
        raise Refused(
            f"The statement is not complete: {blocked[0].message[0].lower()}{blocked[0].message[1:]}."
        )
    if not standing.leads:
        return
    budget = standing.budget_pence or 0
    if standing.limit_pence is None:
        raise Refused("Nobody has said up to which sum you may commit your council.")
    if standing.limit_pence < budget:
        raise Refused(
            f"You may commit your council up to {format_pence(standing.limit_pence)}, and the pilot costs up "
            f"to {format_pence(budget)}."
        )


def check_seen(seen: bytes, standing: Standing) -> None:
    """Refuse an approval of something else than what was read.

    Raises:
        Refused: the statement is another one by now.
    """
    if seen != standing.fingerprint:
        raise Refused(SEEN)


def check_can_publish(
    *, lead_stands: bool, needs_notice: str, confirmed: bool, due_at: datetime | None, now: datetime
) -> None:
    """Refuse to publish what was not approved, or before its notice, or too late.

    Raises:
        Refused: with what is in the way.
    """
    if not lead_stands:
        raise Refused("An approver of your council must approve the statement as it stands first.")
    if needs_notice and not confirmed:
        raise Refused(f"Record first that the central platform published the notice {needs_notice}.")
    if due_at is None or due_at <= now:
        raise Refused("The deadline for responses has passed already: choose a later one.")
