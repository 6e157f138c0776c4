"""The sentences of a tender's history, for what other slices record about it."""

from __future__ import annotations

import re
from pathlib import Path

from tenders.rules import happenings
from tenders.rules.happenings import SENTENCES

ACTIONS = Path(__file__).resolve().parents[2] / "sourcing" / "actions"
RECORDED = re.compile(r'"((?:panel|conflict|score)\.[a-z-]+)"')


def test_all_that_a_panel_records_has_a_sentence():
    recorded = {action for path in ACTIONS.glob("*.py") for action in RECORDED.findall(path.read_text())}
    assert len(recorded) > 10
    assert recorded <= set(SENTENCES)


def test_a_panel_that_moves_on_is_said_with_where_it_is_now():
    said = happenings.sentence("panel.moved", {"before": "forming", "to": "scoring"}, "Leeds")
    assert said == "moved the panel on: it is now scoring"
