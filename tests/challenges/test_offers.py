"""What a firm offers: what is proposed to it and to councils, who reads it, and that nothing is hidden."""

from __future__ import annotations

import pytest

from challenges.actions import offering
from challenges.queries import finding, offers
from challenges.rules import proposing
from challenges.rules.finding import ChallengeFilter
from tests.challenges.test_judging_pages import sent
from values.refusals import NotAllowed, Refused

WORDS = "We find damp in flats early, with sensors in walls, so that tenants need not report mould."


def test_an_offer_says_something_and_not_everything():
    proposing.check_offer(WORDS, ["housing-systems"])
    for words, codes in ((" ", []), ("x" * 2001, []), (WORDS, ["a", "b", "c", "d"])):
        with pytest.raises(Refused):
            proposing.check_offer(words, codes)


async def test_a_challenge_is_proposed_set_aside_and_stays_in_the_list(browse, opened, act, read, ask, cast):
    firm = await browse("author")
    await firm.open("/challenges")
    assert "Say what your firm does" in firm.text
    await sent(firm, "/offer", words=WORDS, category1="housing-systems", listed="y")
    await firm.open("/challenges")
    assert "same category (" in firm.text
    assert "words in common: " in firm.text
    aside = f"/challenges/{opened}/aside"
    await sent(firm, "/challenges", aside, aside="yes")
    found = await offers_of(read, cast)
    assert (found.first, [each[0] for each in found.aside]) == ([], [opened])
    total, _ = await read(finding.listed_challenges, ChallengeFilter(), who="author")
    assert total == 1
    await sent(firm, "/challenges", aside, aside="no")
    [proposed] = (await offers_of(read, cast)).first
    assert proposed.id == opened
    # Councils find a firm that wants to be found; nobody else does, and no firm reads another's.
    officer = await browse("officer")
    await officer.open(f"/challenges/{opened}/firms")
    assert "Small Firm Ltd" in officer.text
    assert "Why it stands here: same category" in officer.text
    for who, count in (("officer", 1), ("outside", 1), ("rival", 0), ("operator", 0), ("public", 0)):
        assert len(await ask(who, "select * from firm_offer")) == count, who
        assert await ask(who, "select * from challenge_dismissal") == [], who
    await act("author", offering.save_offer, words=WORDS, categories=[], listed=False)
    for who in ("officer", "outside", "lead"):
        assert await ask(who, "select * from firm_offer") == [], who
    with pytest.raises(NotAllowed):
        await act("officer", offering.save_offer, words=WORDS, categories=[], listed=True)


async def offers_of(read, cast):
    return await read(lambda db: offers.proposals(db, cast["author"].actor, 5), who="author")
