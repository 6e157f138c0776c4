"""Judging on pages: a panel declares, scores, agrees; the lead decides; each firm reads what came of it."""

from __future__ import annotations

import re

import pytest

from challenges.actions import judging
from challenges.rules.phases import PhaseKind
from tests.challenges import made
from tests.challenges.judging import Judging, points

WHY = "Says well what residents would notice."


@pytest.fixture
async def walk(due, cast, sessions_app, owner):
    await made.close(owner, due)
    return Judging(sessions_app, cast, due)


async def sent(browser, path, action=None, **typed):
    """Open a page, send a form of it, and expect to be led on."""
    await browser.open(path)
    await browser.submit(action or path, **typed)
    assert browser.status == 303, browser.errors()


async def judge(browser, place, given):
    """Declare no conflict with anybody, score every response and lock."""
    await browser.open(place)
    for path in sorted(set(re.findall(rf'href="({place}/responses/[0-9a-f-]+/declare)"', browser.text))):
        await sent(browser, path, conflict="no", nature="")
    await browser.open(place)
    found = sorted(set(re.findall(rf'href="({place}/responses/[0-9a-f-]+)"', browser.text)))
    for path in found:
        await browser.open(path)
        assert "Small Firm Ltd" not in browser.text
        assert "Rival Ltd" not in browser.text
        await browser.submit(path, points1="9", reason1="", points2="3", reason2=WHY)
        assert browser.status == 422
        typed = {f"points{n}": given for n in (1, 2, 3)} | {f"reason{n}": WHY for n in (1, 2, 3)}
        await browser.submit(path, **typed)
        assert browser.status == 303, browser.errors()
    await sent(browser, place, f"{place}/lock")
    return found


async def test_a_phase_is_walked_on_pages_until_the_firms_read_why(browse, walk, cast):
    top = f"/challenges/{walk.challenge_id}"
    place = f"{top}/judging/{await walk.phase(PhaseKind.SHORTLIST)}"
    officer, chair, other = await browse("officer"), await browse("leeds"), await browse("camden")
    await sent(officer, place, f"{place}/begin", person=str(cast["leeds"].id), assesses="y")
    camden = await browse("camden officer")
    await sent(camden, place, f"{place}/name", person=str(cast["camden"].id), assesses="y")
    await sent(chair, place, f"{place}/move/scoring")
    await judge(chair, place, "3")
    found = await judge(other, place, "4")
    await sent(chair, place, f"{place}/move/moderating")
    await chair.open(f"{place}/moderation")
    assert chair.text.count("3 to 4") == 6
    for given, path in enumerate(found, 3):
        typed = {f"points{n}": str(given) for n in (1, 2, 3)} | {f"reason{n}": WHY for n in (1, 2, 3)}
        await sent(chair, f"{path}/agree", **typed)
    await sent(chair, place, f"{place}/move/settled")
    await officer.open(f"{place}/outcome")
    codes = re.findall(r'name="goes_on_([^"]+)"', officer.text)
    assert officer.text.count("goes on by rank") == 2
    jargon = {f"reason_{each}": "Leverage your stakeholders." for each in codes}
    await officer.submit(f"{place}/outcome", check="yes", **jargon)
    assert "It means: use something to get more out of it" in officer.text
    await officer.submit(f"{place}/outcome", **{f"goes_on_{codes[0]}": "y"})
    assert len(officer.errors()) == 2
    reasons = {f"reason_{each}": f"You wrote {each} well." for each in codes}
    await officer.submit(f"{place}/outcome", **reasons, **{f"goes_on_{codes[0]}": "y"})
    assert "against its rank" in officer.errors()[0]
    departs = {f"departure_{codes[1]}": "One place is given up, as two pilots cannot be looked after."}
    await officer.submit(f"{place}/outcome", **reasons, **departs, **{f"goes_on_{codes[0]}": "y"})
    assert officer.status == 303, officer.errors()
    texts = []
    for who in ("author", "rival"):
        firm = await browse(who)
        await firm.open(f"{top}/outcome")
        texts.append(firm.text)
        assert len([each for each in codes if f"You wrote {each} well." in firm.text]) == 1
        assert firm.text.count(WHY) == 3
    assert sum(">Short-listed</h2>" in text for text in texts) == 1
    assert sum("two pilots cannot be looked after" in text for text in texts) == 1
    public = await browse("public")
    await public.open(f"{top}/judging")
    assert "2 responses judged, 1 short-listed" in public.text
    assert not any(code in public.text for code in codes)


async def test_a_chosen_firm_is_counted_and_named_only_where_it_says_so(browse, walk, read):
    codes, top = await walk.codes(), f"/challenges/{walk.challenge_id}"
    for kind in (PhaseKind.SHORTLIST, PhaseKind.PILOT):
        phase_id = await walk.begin(kind)
        await walk.score(phase_id)
        await walk.agree(phase_id, points(codes, 4, 3))
        if kind is PhaseKind.SHORTLIST:
            reason = "All responses have their points"
            await walk.act("leeds", judging.lift_names, walk.challenge_id, phase_id, reason=reason)
            await walk.declare(phase_id)
        await walk.settle(phase_id)
        await walk.decide(
            phase_id, list(codes.values()) if kind is PhaseKind.SHORTLIST else [codes["author"]]
        )
    public, firm, rival = await browse("public"), await browse("author"), await browse("rival")
    await public.open(f"{top}/judging")
    assert "1 chosen for a pilot" in public.text
    assert "Small Firm Ltd" not in public.text
    await sent(firm, f"{top}/outcome", f"{top}/outcome/name", may="yes")
    await public.open(f"{top}/judging")
    assert "Small Firm Ltd" in public.text
    await sent(firm, f"{top}/outcome", f"{top}/outcome/name", may="no")
    await public.open(f"{top}/judging")
    assert "Small Firm Ltd" not in public.text
    await rival.post(f"{top}/outcome/name", may="yes")
    assert rival.status == 422
