"""Who hears of a challenge: owners of saved searches, people of sponsors, followers; each once."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from challenges.actions import approving
from challenges.queries import phases
from challenges.rules.happenings import PANEL_SENTENCES, SENTENCES
from challenges.rules.phases import PhaseKind
from challenges.tasks import record_times, search_published
from notifications.rules import judges
from notifications.rules.challenges import FOLLOWED, TOLD
from notifications.tasks import tell
from sourcing import tasks as sourcing_tasks
from sourcing.actions import declarations, following, panels, searches
from sourcing.rules.panels import Decision
from sourcing.rules.searches import SearchMail
from store.jobs import Work
from tests import build
from tests.challenges import made
from tests.challenges.judging import WHY, Judging, points
from values.actors import Actor

SETTINGS = SimpleNamespace(public_url="https://buy.example.org", key=lambda: build.KEY)


@pytest.fixture
def run(sessions_jobs):
    """All that the worker does each minute about challenges."""

    async def once() -> None:
        work = Work(sessions_jobs, Actor(name="clock"), resources={"settings": SETTINGS})
        await record_times(work)
        await search_published(work)
        await sourcing_tasks.mail_searches(work)
        await tell(work)

    return once


def test_what_is_told_has_a_sentence():
    assert set(TOLD) | set(FOLLOWED) <= set(SENTENCES)
    assert set(judges.WORDS) <= set(PANEL_SENTENCES)


async def test_judges_hear_of_it_and_the_history_tells_of_panels_without_scores(
    due, cast, owner, sessions_app, run, browse
):
    await made.close(owner, due)
    await owner.execute("insert into notice_setting (person_id, mail) values ($1, 'each')", cast["camden"].id)
    walk = Judging(sessions_app, cast, due)
    codes = await walk.codes()
    first = await walk.begin(PhaseKind.SHORTLIST)
    candidate = (await walk.ask(phases.entrants, first))[0].candidate_id
    declare, sister = declarations.declare, "My sister works there"
    declared = await walk.act("camden", declare, first, candidate, conflict=True, nature=sister)
    await walk.act("leeds", declarations.decide, first, declared, Decision.MAY_NOT, reason="Too close")
    await walk.score(first, judges=("leeds",))
    await walk.act("leeds", panels.release_member, first, cast["camden"].id, reason="One judge is enough")
    await walk.agree(first, points(codes, 4, 3))
    await run()
    await run()
    rows = await owner.fetch(
        "select p.name, n.text, n.href from notice n join person p on p.id = n.person_id"
        " where n.reason = 'judges' order by n.entry_id"
    )
    judging = f"/challenges/{due}/judging"
    assert [(row["name"], row["text"].split(" phase ")[0], row["href"]) for row in rows] == [
        ("Lena Leeds", "You chair the panel of the", f"{judging}/{first}"),
        ("Cara Camden", "You were named for the panel of the", f"{judging}/{first}"),
        ("Cara Camden", "You were released from the panel of the", judging),
    ]
    mail = await owner.fetch("select subject, body from mail where subject like '%: You were %'")
    assert len(mail) == 2
    officer = await browse("officer")
    await officer.open(f"/challenges/{due}/history")
    for said in (
        "Named Cara Camden for the panel of the phase “Short-list”",
        "Released Cara Camden from the panel of the phase “Short-list”",
        "Declared in the phase “Short-list” whether there is a conflict with a response",
        "about a conflict that Cara Camden declared: they may not judge it",
        "Locked their scores in the phase “Short-list”",
        "Wrote down on what the panel of the phase “Short-list” agreed",
    ):
        assert said in officer.text, said
    secret = (sister, WHY, *codes.values(), "Small Firm Ltd", "Rival Ltd")
    texts = [officer.text, *(row["text"] for row in rows), *(row["body"] for row in mail)]
    assert not [(word, text) for word in secret for text in texts if word in text]


async def test_each_hears_once_and_never_of_what_they_did(cast, act, run, owner, sessions_app):
    wanted = {"query": "q=tenants", "description": "tenants", "name": "Homes"}
    await act("rival", searches.save, kind="challenges", **wanted, wanted=SearchMail.AT_ONCE, key=build.KEY)
    challenge_id = await made.opened(sessions_app, cast)
    await act("author", following.follow, challenge_id)
    await run()
    await run()
    await made.close(owner, challenge_id)
    await run()
    await run()
    await owner.execute("alter table challenge disable trigger tg_guard_challenge")
    await owner.execute("update challenge set responses_due_at = now() + interval '1 day'")
    await act("officer", approving.withdraw, challenge_id, reason="The homes are sold")
    await run()
    rows = await owner.fetch(
        "select p.name, n.reason, n.text from notice n join person p on p.id = n.person_id order by n.id"
    )
    told = {(row["name"], row["reason"], row["text"]) for row in rows}
    assert len(told) == len(rows)
    assert ("Rory Rival", "searched", "New challenge for your saved search “Homes”") in told
    assert ("Asha Author", "follows_challenge", FOLLOWED["challenge.due_passed"][1]) in told
    assert ("Asha Author", "follows_challenge", FOLLOWED["challenge.withdrawn"][1]) in told
    assert ("Lena Leeds", "sponsors", "Olga Officer of Leeds published the challenge") in told
    assert ("Olga Officer", "sponsors", "Lena Leeds of Leeds approved version 1 for Leeds") in told or any(
        name == "Olga Officer" and "approved version" in text for name, _, text in told
    )
    assert not any("Cleo" in name or "Cara" in name for name, _, _ in told)
    assert not any("homes are sold" in text for _, _, text in told)
    mail = await owner.fetch("select subject, body from mail")
    assert [row["subject"] for row in mail] == ["1 new challenge: Homes"]
    assert f"https://buy.example.org/challenges/{challenge_id}" in mail[0]["body"]
