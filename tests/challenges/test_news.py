"""Who hears of a challenge: owners of saved searches, people of sponsors, followers; each once."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from challenges.actions import approving
from challenges.rules.happenings import SENTENCES
from challenges.tasks import record_times, search_published
from notifications.rules.challenges import FOLLOWED, TOLD
from notifications.tasks import tell
from sourcing import tasks as sourcing_tasks
from sourcing.actions import following, searches
from sourcing.rules.searches import SearchMail
from store.jobs import Work
from tests import build
from tests.challenges import made
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
