"""What somebody of a buyer reads that they do next, for each state and role; without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sourcing.rules.panels import PanelState
from tenders.rules.next_steps import Awards, Opens, Panels, Progress, next_step
from tenders.rules.states import CHANGEABLE, TenderState

LEAD = Progress(TenderState.PUBLISHED, "Leeds", leads=True, approves=False, officer=True)
APPROVER = replace(LEAD, leads=False, approves=True, officer=False)
OTHER = replace(LEAD, leads=False)
PASSED = Opens(datetime(2026, 11, 1, tzinfo=UTC), due_passed=True, proposes=True)
TWO = Opens(bids=2)
DECIDED = Awards(decided=True, missing=("Camden", "Salford"), own_missing=True)
ENDS = Awards(decided=True, told=True, noticed=True, ends_on=date(2026, 12, 8), signs=True)


def at(who, state, **more):
    step = next_step(replace(who, state=state, **more))
    return step.action, step.tab


STEPS = [
    (LEAD, TenderState.PUBLISHED, {}, "See suppliers’ questions"),
    (APPROVER, TenderState.PUBLISHED, {}, ""),
    (OTHER, TenderState.PUBLISHED, {"opens": PASSED}, "Propose to open the bids"),
    (OTHER, TenderState.CLOSED, {"opens": Opens(due_passed=True, proposed_by="A", confirms=True)}, "Confirm"),
    (OTHER, TenderState.CLOSED, {"opens": Opens(due_passed=True, proposed_by="A")}, ""),
    (LEAD, TenderState.OPENED, {}, "Terminate this tender"),
    (LEAD, TenderState.OPENED, {"opens": TWO}, "Form the panel"),
    (OTHER, TenderState.OPENED, {"opens": TWO}, ""),
    (OTHER, TenderState.OPENED, {"opens": TWO, "panel": Panels(PanelState.FORMING)}, "Name people"),
    (APPROVER, TenderState.OPENED, {"opens": TWO, "panel": Panels(PanelState.FORMING, chairs=True)}, "Begin"),
    (
        APPROVER,
        TenderState.OPENED,
        {"opens": TWO, "panel": Panels(PanelState.SCORING, behind=True, assesses=True)},
        "Declare, and score",
    ),
    (
        APPROVER,
        TenderState.OPENED,
        {"opens": TWO, "panel": Panels(PanelState.SCORING, chairs=True)},
        "Open moderation",
    ),
    (LEAD, TenderState.OPENED, {"opens": TWO, "panel": Panels(PanelState.MODERATING)}, ""),
    (LEAD, TenderState.OPENED, {"opens": TWO, "panel": Panels(PanelState.SETTLED)}, "Check the bids"),
    (LEAD, TenderState.ASSESSED, {}, ""),
    (LEAD, TenderState.ASSESSED, {"panel": Panels(names_shown=True)}, "Decide the award"),
    (APPROVER, TenderState.ASSESSED, {"award": DECIDED}, "Approve the award"),
    (LEAD, TenderState.ASSESSED, {"award": DECIDED}, ""),
    (LEAD, TenderState.ASSESSED, {"award": Awards(decided=True)}, "Award"),
    (LEAD, TenderState.AWARDED, {}, "Tell all bidders"),
    (OTHER, TenderState.AWARDED, {}, ""),
    (LEAD, TenderState.AWARDED, {"award": Awards(told=True)}, "Prepare the contract award notice"),
    (LEAD, TenderState.AWARDED, {"award": Awards(told=True), "below": True}, "Record a contract"),
    (LEAD, TenderState.AWARDED, {"award": Awards(told=True, noticed=True)}, "Record that it was published"),
    (OTHER, TenderState.STANDSTILL, {"award": ENDS}, ""),
    (LEAD, TenderState.STANDSTILL, {"award": replace(ENDS, suspended=True)}, "Record that it ended"),
    (OTHER, TenderState.CONTRACTS, {"award": replace(ENDS, over=True)}, "Record the contract"),
    (APPROVER, TenderState.CONTRACTS, {"award": replace(ENDS, over=True)}, ""),
    (OTHER, TenderState.CONTRACTS, {"award": replace(ENDS, over=True, signed=True)}, "What is due when"),
]


@pytest.mark.parametrize(("who", "state", "more", "action"), STEPS)
def test_each_role_reads_what_it_does_next_or_that_others_act(who, state, more, action):
    found, tab = at(who, state, **more)
    assert found.startswith(action) if action else found == ""
    assert tab or not found


def test_who_is_waited_for_is_named():
    step = next_step(replace(LEAD, state=TenderState.ASSESSED, award=DECIDED))
    assert step.words == "The award waits for approval by Camden and Salford."


@pytest.mark.parametrize("state", [each for each in TenderState if each not in CHANGEABLE])
@pytest.mark.parametrize("who", [LEAD, APPROVER, OTHER])
def test_every_state_that_is_not_over_says_something_to_everybody(who, state):
    step = next_step(replace(who, state=state))
    assert (step is None) == (state is TenderState.TERMINATED)
