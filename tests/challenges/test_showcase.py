"""The showcase: times by lot, each firm its own, notes that are a judge's alone; firms are told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from challenges.actions import judging, showcasing
from challenges.queries import phases
from challenges.rules import showcase as rules
from challenges.rules.phases import PhaseKind
from notifications.rules.challenges import ANSWERED
from notifications.tasks import tell
from store.jobs import Work
from tests import build
from tests.challenges import made
from tests.challenges.judging import Judging, points
from tests.challenges.test_judging_pages import sent
from values.actors import Actor
from values.refusals import Refused

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SETTINGS = SimpleNamespace(public_url="https://buy.example.org", key=lambda: build.KEY)


def test_times_follow_each_other_and_fit_into_a_day():
    assert rules.times(NINE, 3, minutes=30, pause=10) == [
        NINE,
        NINE + timedelta(minutes=40),
        NINE + timedelta(minutes=80),
    ]
    fine = {"minutes": 30, "pause": 10, "now": NINE - timedelta(days=1)}
    rules.check_times(PhaseKind.PILOT, NINE, 3, **fine)
    for kind, count, other in (
        (PhaseKind.SHORTLIST, 3, {}),
        (PhaseKind.PILOT, 0, {}),
        (PhaseKind.PILOT, 3, {"minutes": 4}),
        (PhaseKind.PILOT, 3, {"pause": 121}),
        (PhaseKind.PILOT, 3, {"now": NINE}),
        (PhaseKind.PILOT, 30, {}),
    ):
        with pytest.raises(Refused):
            rules.check_times(kind, NINE, count, **fine | other)


async def test_times_are_drawn_notes_stay_alone_and_firms_are_told(
    browse, due, cast, sessions_app, sessions_jobs, owner, ask
):
    await made.close(owner, due)
    walk = Judging(sessions_app, cast, due)
    codes = await walk.codes()
    first = await walk.begin(PhaseKind.SHORTLIST)
    await walk.score(first)
    await walk.agree(first, points(codes, 4, 3))
    [one, _] = await walk.ask(phases.entrants, first)
    await walk.act("leeds", showcasing.note, due, first, one.candidate_id, words="Ask for the battery")
    await walk.settle(first)
    await walk.decide(first, list(codes.values()))
    await walk.act("leeds", judging.lift_names, due, first, reason="The short-list stands")
    last = await walk.begin(PhaseKind.PILOT)
    officer = await browse("officer")
    day = datetime.now(UTC) + timedelta(days=9)
    typed = {"first_on-day": day.day, "first_on-month": day.month, "first_on-year": day.year}
    place = f"/challenges/{due}/judging/{last}"
    await sent(officer, f"{place}/times", **typed, first_time="09:30", minutes="30", pause="10", place="Hall")
    read = {"officer": 2, "camden": 2, "author": 1, "rival": 1, "outside": 0, "public": 0}
    for who, count in read.items():
        assert len(await ask(who, "select * from challenge_slot")) == count, who
    for who, count in (("leeds", 1), ("camden", 0), ("officer", 0), ("author", 0), ("operator", 0)):
        assert len(await ask(who, "select * from challenge_note")) == count, who
    firm = await browse("author")
    await firm.open(f"/challenges/{due}/outcome")
    assert "Your time at the showcase" in firm.text
    ics = await firm.client.get(f"/challenges/{due}/showcase.ics")
    assert ics.text.count("BEGIN:VEVENT") == 1
    await tell(Work(sessions_jobs, Actor(name="clock"), resources={"settings": SETTINGS}))
    rows = await owner.fetch(
        "select p.name, n.text from notice n join person p on p.id = n.person_id where n.reason = 'responds'"
    )
    told = sorted((row["name"], row["text"]) for row in rows)
    firms = ("Asha Author", "Col League", "Rory Rival")
    assert told == sorted((name, text) for name in firms for _, text in ANSWERED.values())
