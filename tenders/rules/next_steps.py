"""What somebody of a buyer does next with a published tender, or for what and whom it waits.

The rules of each step are elsewhere; this only says where one stands, so that the overview can answer "what
do I do now?" for each role in each state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sourcing.rules.holidays import in_words
from sourcing.rules.panels import PanelState
from tenders.rules.states import TenderState
from values.years import LONDON


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next.

    Attributes:
        words: where the tender stands, in a sentence or two.
        action, tab: what the reader can do about it and the part of the tender where; empty if others act.
    """

    words: str
    action: str = ""
    tab: str = ""


@dataclass(frozen=True, slots=True)
class Opens:
    """How near the bids are to being opened.

    Attributes:
        due_passed: whether the deadline has passed, by the database's clock.
        proposed_by: who proposed it, if a proposal stands.
        proposes, confirms: whether the reader can do so now.
        bids: how many were opened.
    """

    due_at: datetime | None = None
    due_passed: bool = False
    proposed_by: str = ""
    proposes: bool = False
    confirms: bool = False
    bids: int = 0


@dataclass(frozen=True, slots=True)
class Panels:
    """How far the panel is, and what the reader is on it."""

    state: PanelState | None = None
    chairs: bool = False
    behind: bool = False
    assesses: bool = False
    names_shown: bool = False


@dataclass(frozen=True, slots=True)
class Awards:
    """How far the award is.

    Attributes:
        missing: the councils that have not approved it.
        own_missing: whether the reader's is among them.
        told: whether all bidders were told.
        noticed: whether the award notice is prepared.
        over: whether the standstill has ended.
        signs: whether the reader's council signs a contract of its own.
        signed: whether it has recorded all of its contracts.
    """

    decided: bool = False
    missing: tuple[str, ...] = ()
    own_missing: bool = False
    told: bool = False
    noticed: bool = False
    ends_on: date | None = None
    over: bool = False
    suspended: bool = False
    signs: bool = False
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """A published tender as somebody of a buyer stands to it; `below` the threshold less is owed."""

    state: TenderState
    lead: str
    leads: bool
    approves: bool
    officer: bool
    opens: Opens = Opens()
    panel: Panels = Panels()
    award: Awards = Awards()
    below: bool = False


def next_step(at: Progress) -> NextStep | None:
    """Return what comes next, or None where nothing does."""
    step = _STEPS.get(at.state)
    return step(at) if step else None


def _bidding(at: Progress) -> NextStep:
    opens = at.opens
    if not opens.due_passed:
        due = opens.due_at.astimezone(LONDON) if opens.due_at else None
        until = f" until {due:%H:%M} on {in_words(due.date())}" if due else ""
        words = f"Suppliers prepare and submit bids{until}. Nobody learns who bids before they are opened."
        return NextStep(words, "See suppliers’ questions" if at.officer else "", "/questions")
    if opens.confirms:
        return NextStep(
            f"{opens.proposed_by} proposed to open the bids. A second person confirms it within a day.",
            "Confirm the opening",
            "/bids",
        )
    if opens.proposed_by:
        return NextStep(
            f"{opens.proposed_by} proposed to open the bids. Somebody of another buyer, where there is one, "
            "confirms it within a day."
        )
    words = "The deadline has passed and the bids are sealed. Two people open them together."
    return NextStep(words, "Propose to open the bids" if opens.proposes else "", "/bids")


def _opened(at: Progress) -> NextStep:
    if not at.opens.bids:
        words = "Nobody bid, so nothing can be awarded."
        return NextStep(words, "Terminate this tender" if at.leads else "", "/terminate")
    return _PANEL[at.panel.state](at)


def _no_panel(at: Progress) -> NextStep:
    if at.leads:
        return NextStep("The bids are open. A panel assesses them next.", "Form the panel", "/panel")
    return NextStep(f"The bids are open. {at.lead} forms the panel that assesses them.")


def _forming(at: Progress) -> NextStep:
    words = "Each council names its own people for the panel; then its chair begins the scoring."
    if at.panel.chairs:
        return NextStep(words, "Begin to score, once all are named", "/panel")
    return NextStep(words, "Name people of your council" if at.officer else "", "/panel")


def _scoring(at: Progress) -> NextStep:
    words = "People of the panel declare conflicts, score alone and lock their scores."
    if at.panel.behind:
        return NextStep(words, "Declare, and score" if at.panel.assesses else "Declare conflicts", "/panel")
    if at.panel.chairs:
        return NextStep(words, "Open moderation, once all scores are locked", "/panel")
    return NextStep(words)


def _moderating(at: Progress) -> NextStep:
    words = "The panel compares its scores, and its chair writes down on what it agrees."
    if at.panel.chairs:
        return NextStep(words, "Agree on each answer, then settle", "/panel")
    if at.panel.behind:
        return NextStep(words, "Declare conflicts again, now for names", "/panel")
    return NextStep(words)


def _settled(at: Progress) -> NextStep:
    words = "The panel has settled. The conditions are checked next; then the assessment is made."
    return NextStep(words, "Check the bids, and make the assessment" if at.leads else "", "/assessment")


_PANEL: Final[Mapping[PanelState | None, Callable[[Progress], NextStep]]] = {
    None: _no_panel,
    PanelState.FORMING: _forming,
    PanelState.SCORING: _scoring,
    PanelState.MODERATING: _moderating,
    PanelState.SETTLED: _settled,
}


def _assessed(at: Progress) -> NextStep:
    award = at.award
    if not award.decided:
        if not at.panel.names_shown:
            action = "Show the names" if at.panel.chairs else ""
            return NextStep("The chair of the panel shows the names before an award.", action, "/panel")
        words = f"The assessment is made. {at.lead} decides the award as it was computed."
        return NextStep(words, "Decide the award" if at.leads else "", "/awarded")
    if at.approves and award.own_missing:
        words = "The award was decided as it was computed. Every buyer approves it."
        return NextStep(words, "Approve the award for your council", "/awarded")
    if award.missing:
        return NextStep(f"The award waits for approval by {_listed(award.missing)}.")
    return NextStep("Every buyer has approved the award.", "Award" if at.leads else "", "/awarded")


def _awarded(at: Progress) -> NextStep:
    if not at.award.told:
        words = f"The tender is awarded. {at.lead} tells all bidders at one moment how they were assessed."
        return NextStep(words, "Tell all bidders" if at.leads else "", "/awarded")
    if at.below:
        words = "All bidders were told. Below the threshold contracts can be signed now."
        return NextStep(words, "Record a contract" if at.officer else "", "/awarded")
    if not at.award.noticed:
        words = "All bidders were told. The contract award notice (UK6) comes next."
        return NextStep(words, "Prepare the contract award notice" if at.leads else "", "/notices")
    words = "The contract award notice (UK6) is prepared. The standstill begins once it is published there."
    return NextStep(words, "Record that it was published" if at.leads else "", "/notices")


def _signing(at: Progress) -> NextStep:
    award = at.award
    if award.suspended:
        words = "A challenge is open. Nothing is signed until it has ended."
        return NextStep(words, "Record that it ended" if at.leads else "", "/awarded")
    if not award.over and award.ends_on:
        words = f"Standstill: nothing is signed before the end of {in_words(award.ends_on)}."
        return NextStep(words, "Record a challenge, if there is one" if at.leads else "", "/awarded")
    if award.signed:
        return NextStep("Your council’s contract is recorded.", "What is due when", "/awarded")
    if award.signs and at.officer:
        words = "The standstill has ended. Your council can sign."
        return NextStep(words, "Record the contract of your council", "/awarded")
    who = "An officer of your council" if award.signs else f"An officer of {at.lead}"
    return NextStep(f"The standstill has ended. {who} records the contract once it is signed.")


_STEPS: Final[Mapping[TenderState, Callable[[Progress], NextStep]]] = {
    TenderState.PUBLISHED: _bidding,
    TenderState.CLOSED: _bidding,
    TenderState.OPENED: _opened,
    TenderState.ASSESSED: _assessed,
    TenderState.AWARDED: _awarded,
    TenderState.STANDSTILL: _signing,
    TenderState.CONTRACTS: _signing,
}


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
