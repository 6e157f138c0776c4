"""From a statement that three councils publish to a result that others take on, in a real browser.

What each may see and do is tested closer to the code; here people walk the whole way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.actions.demonstration import PASSWORD
from challenges.actions.demonstration_pilots import FAILED
from tests.browser import behind, behind_challenges, challenging, tendering
from tests.browser.challenging import PRODUCT, open_panel, open_part
from tests.browser.pooling import APPROVERS, OFFICERS, fill_day
from tests.browser.tabs import MARKS, Tab
from tests.browser.walking import OPERATOR, Walk
from tests.challenges.piloting import STARTED

LEEDS, CAMDEN, GUILDFORD = APPROVERS["Leeds"], OFFICERS["Camden"], "officer.guildford@example.org"
FIRM, PUBLIC = "the new firm", "anybody"

pytestmark = MARKS


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def walk(open_tab: Callable[..., Tab], home: Path, request: pytest.FixtureRequest) -> Walk:
    title = "Damp is known before it is seen"
    return Walk(open_tab, home, kind="challenge", title=title, scripts=request.param)


def test_a_statement_of_three_councils_ends_in_a_result_that_two_others_take_on(walk: Walk):
    write(walk)
    find_sponsors(walk)
    approve_and_publish(walk)
    register(walk)
    ask_and_answer(walk)
    respond(walk)
    score_alone(walk)
    agree_and_decide(walk)
    read_outcome(walk)
    agree_on_a_pilot(walk)
    run_it(walk)
    decide_and_publish(walk)
    take_it_on(walk)
    read_it(walk)
    assert walk.wrong == []


def firm_name(walk: Walk) -> str:
    return f"Dampfinder {walk.mark} Ltd (invented)"


def pilot_name(walk: Walk) -> str:
    return f"{PRODUCT}: {walk.title}"


def write(walk: Walk) -> None:
    officer = walk.officer
    officer.go("/challenges")
    officer.press("Write a challenge")
    officer.fill("What should become possible?", walk.title)
    officer.page.get_by_label("Category", exact=True).select_option("housing-systems")
    officer.press("Begin the statement")
    walk.place = tendering.place_of(officer)
    challenging.fill_parts(officer)
    assert "The statement can be approved" in officer.content()
    open_part(officer, walk.place, "Judging")
    officer.follow("Change the phases")
    officer.fill("Chosen for a pilot: how many at most?", "1")
    officer.press("Fix the phases")


def find_sponsors(walk: Walk) -> None:
    officer, camden = walk.officer, walk.tab(CAMDEN)
    officer.go(walk.place)
    officer.follow("Find other councils that have the problem")
    officer.press("Show it to all councils")
    camden.go("/challenges")
    camden.follow(walk.title)
    open_part(camden, walk.place, "Sponsors")
    camden.press("Join as a sponsor")
    camden.fill("What does your council need?", "We have 900 such homes, and would try it in one block")
    camden.press("Join")
    behind_challenges.salford_joins_and_co_sponsors_approve(walk.home, tendering.id_of(walk.place))
    camden.go(f"{walk.place}/sponsors")
    assert "We have 1,100 such homes" in camden.content()
    walk.look(camden, "sponsors")


def approve_and_publish(walk: Walk) -> None:
    officer, approver = walk.officer, walk.tab(LEEDS)
    behind.let_codes_pass(walk.home)
    approver.go(walk.place)
    approver.press("Read and approve, or refuse")
    tendering.approve(approver, LEEDS, "Approve this statement")
    open_part(officer, walk.place, "Notices")
    officer.follow("Record that the central platform published UK4")
    walk.look(officer, "notice")
    tendering.confirm_notice(officer, "012345-2026", button="Record it")
    open_part(officer, walk.place, "Approval")
    officer.press("Publish the challenge")
    assert "The challenge is published" in officer.content()
    walk.look(officer, "published")


def register(walk: Walk) -> None:
    """Somebody whom nobody here knows finds the challenge, and registers their firm through a mail."""
    firm = walk.stranger(FIRM)
    firm.go("/")
    firm.follow("Challenges")
    firm.fill("Words", walk.mark)
    with firm.page.expect_response(lambda answer: "q=" in answer.url):
        firm.page.get_by_role("button", name="Find", exact=True).click()
    firm.follow(walk.title)
    said = firm.content()
    assert all(council in said for council in ("Leeds", "Camden", "Salford"))
    firm.press("Register your firm and respond")
    email = f"asha.{walk.mark}@example.org"
    challenging.register(firm, walk.tab(OPERATOR), firm_name(walk), email)
    walk.look(firm, "registering")
    firm.fill("Your name", "Asha Author")
    firm.fill("Password", PASSWORD)
    firm.press("Register")
    firm.fill("E-mail address", email)
    firm.fill("Password", PASSWORD)
    firm.press("Sign in")
    firm.follow(walk.title)


def ask_and_answer(walk: Walk) -> None:
    firm, officer = walk.stranger(FIRM), walk.officer
    open_part(firm, walk.place, "Questions")
    firm.press("Ask a question")
    firm.fill("Your question", "How thick are the outer walls?")
    firm.press("Send the question")
    open_part(officer, walk.place, "Questions")
    officer.follow("Answer", within=officer.page.locator("main"), exact=False)
    walk.look(officer, "answer")
    officer.fill("Answer", "Between 25 and 40 centimetres")
    officer.press("Keep the draft")
    officer.press("Publish 1 drafted answer")
    walk.look(officer, "publish-answers")
    officer.press("Publish them now")
    open_part(firm, walk.place, "Questions")
    assert "Between 25 and 40 centimetres" in firm.content()


def respond(walk: Walk) -> None:
    firm = walk.stranger(FIRM)
    firm.go(walk.place)
    firm.press("Your response")
    challenging.hand_in(firm)
    assert "Submitted" in firm.content()
    walk.look(firm, "submitted")
    receipt = firm.page.locator("main a[href$='receipt.txt']").get_attribute("href")
    text = firm.context.request.get(str(receipt)).text()
    firm.follow("check one")
    firm.fill("The receipt", text)
    firm.press("Check it")
    assert "This receipt is ours, and no line of it was changed" in firm.content()
    challenge = tendering.id_of(walk.place)
    rival = behind.another_supplier(walk.home, f"Wall{walk.mark} Watch Ltd (invented)")
    behind_challenges.a_rival_responds(walk.home, challenge, rival)
    open_part(walk.officer, walk.place, "Responses")
    assert "Nobody but the firms themselves" in walk.officer.content()
    behind_challenges.let_responses_be_due(walk.home, challenge)


def score_alone(walk: Walk) -> None:
    officer, chair, challenge = walk.officer, walk.tab(LEEDS), tendering.id_of(walk.place)
    open_panel(officer, walk.place)
    walk.look(officer, "panel-none")
    officer.page.get_by_label("Person", exact=True).select_option(label="Arthur Penrose")
    officer.page.get_by_label("Scores as well", exact=True).check()
    officer.press("Form the panel")
    assert "Responses to judge: 2" in officer.content()
    behind_challenges.camden_names_a_judge(walk.home, challenge)
    open_panel(chair, walk.place)
    chair.press("Begin to score")
    tendering.declare_for_all(chair)
    behind_challenges.camden_judges(walk.home, challenge)
    panel = tendering.place_of(chair)
    responses = chair.page.locator(f"main a[href*='{panel}/responses/']:not([href$=declare])")
    for number in range(responses.count()):
        link = responses.nth(number)
        points = 5 if firm_name(walk) in link.inner_text() else 2
        with chair.page.expect_navigation():
            link.click()
        if number == 0:
            walk.look(chair, "score")
        challenging.fill_points(chair, points)
        chair.press("Keep them")
    walk.look(chair, "panel-scored")
    chair.press("Lock my scores for good")


def agree_and_decide(walk: Walk) -> None:
    officer, chair = walk.officer, walk.tab(LEEDS)
    chair.press("Open moderation")
    chair.follow("Scores side by side, and what was agreed")
    walk.look(chair, "moderation")
    links = chair.page.get_by_role("link", name="Agree on response")
    for number in range(links.count()):
        points = 4 if firm_name(walk).lower() in links.nth(number).inner_text().lower() else 2
        with chair.page.expect_navigation():
            links.nth(number).click()
        if number == 0:
            walk.look(chair, "agree")
        challenging.fill_points(chair, points)
        chair.press("Keep what was agreed")
    chair.follow("Back to the panel")
    chair.press("Settle")
    open_part(officer, walk.place, "Judging")
    officer.follow("Decide who goes on from the phase Pilot")
    for box in officer.page.locator("main textarea[name^=reason]").all():
        box.fill("Say earlier what the residents would notice")
    walk.look(officer, "decide")
    officer.press("Decide, and tell the firms")
    assert f"{firm_name(walk)}, {PRODUCT}, 80 of 100" in officer.content()
    walk.look(officer, "judged")


def read_outcome(walk: Walk) -> None:
    firm = walk.stranger(FIRM)
    open_part(firm, walk.place, "Your response")
    firm.follow("What came of it")
    assert "Chosen for a pilot" in firm.content()
    walk.look(firm, "outcome")
    firm.press("Name us")
    anybody = walk.stranger(PUBLIC)
    open_part(anybody, walk.place, "Judging")
    assert firm_name(walk) in anybody.content()


def agree_on_a_pilot(walk: Walk) -> None:
    officer, approver = walk.officer, walk.tab(LEEDS)
    open_part(officer, walk.place, "Pilots")
    officer.press("Begin the agreement of a pilot")
    officer.page.get_by_label("Whose response is tried?", exact=True).select_option(
        label=f"{firm_name(walk)}: {PRODUCT}"
    )
    fill_day(officer, "First day of the pilot", STARTED)
    fill_day(officer, "Last day of the pilot", STARTED + timedelta(days=180))
    walk.look(officer, "pilot-begin")
    officer.press("Begin")
    challenging.fill_agreement(officer)
    walk.look(officer, "pilot-measure")
    officer.press("Add it")
    walk.look(officer, "pilot-draft")
    behind.let_codes_pass(walk.home)
    open_part(approver, walk.place, "Pilots")
    approver.follow(pilot_name(walk))
    approver.press("Read and approve")
    walk.look(approver, "pilot-agree")
    tendering.approve(approver, LEEDS, "Approve this agreement")


def run_it(walk: Walk) -> None:
    officer = walk.officer
    open_pilot(officer, walk)
    officer.press("Start: fix the measures")
    assert "its measures are fixed" in officer.content()
    walk.look(officer, "pilot-running")
    challenging.record(officer)
    challenging.add_evidence(officer)
    walk.look(officer, "measure")
    open_pilot(officer, walk)
    challenging.pay(officer)
    challenging.write_account(officer)
    officer.follow("End the pilot")
    officer.fill("Reason", "It ran as agreed")
    officer.press("End it")
    walk.look(officer, "pilot-ended")


def open_pilot(tab: Tab, walk: Walk) -> None:
    open_part(tab, walk.place, "Pilots")
    tab.follow(pilot_name(walk))


def decide_and_publish(walk: Walk) -> None:
    officer, approver = walk.officer, walk.tab(LEEDS)
    open_pilot(approver, walk)
    approver.press("Decide what becomes of it")
    approver.page.get_by_label("What do you decide?", exact=True).select_option("scale")
    approver.fill("Why? Everybody reads it", "It did what was promised")
    walk.look(approver, "pilot-decide")
    approver.press("Decide")
    open_pilot(officer, walk)
    officer.press("Publish the result")
    assert officer.title() == f"Result: {pilot_name(walk)}"


def take_it_on(walk: Walk) -> None:
    for email in (CAMDEN, GUILDFORD):
        tab = walk.tab(email)
        challenging.take_on(tab, pilot_name(walk))
        assert "your council is asked whether it is still in use" in tab.content()
        assert tab.page.get_by_role("button", name="Take it on").count() == 0
    walk.look(walk.tab(GUILDFORD), "taken-on")


def read_it(walk: Walk) -> None:
    anybody = walk.stranger(PUBLIC)
    anybody.go("/challenges")
    anybody.follow("Results of pilots")
    anybody.fill("Words of your problem", walk.mark)
    anybody.press("Apply filters")
    walk.look(anybody, "results")
    anybody.follow(pilot_name(walk))
    said = anybody.content()
    assert "Damp was known ten days earlier" in said
    assert all(f"{council}, from" in said for council in ("Camden", "Guildford"))
    assert "The weekly reports" in said
    walk.look(anybody, "result")
    with anybody.page.expect_download() as kept:
        anybody.page.get_by_role("link", name="reports.csv", exact=True).click()
    assert Path(kept.value.path()).read_text() == challenging.REPORTS
    anybody.go("/results")
    anybody.follow("From responses to use, in numbers")
    line = anybody.page.locator("main li", has_text=walk.title)
    assert "2 responses, 1 chosen, 1 pilot, 2 councils took it on" in line.inner_text()
    open_part(anybody, walk.place, "Challenge")
    assert "Route to buy" in anybody.content()


def test_a_pilot_that_failed_is_found_and_says_so(tab: Tab):
    tab.go("/challenges")
    tab.follow("Results of pilots")
    tab.page.get_by_label("Decision", exact=True).select_option(label="Stop")
    tab.press("Apply filters")
    tab.follow(FAILED.title)
    said = tab.content()
    assert FAILED.account is not None
    for words in (FAILED.reason, FAILED.account["learnt"], FAILED.account["harms"]):
        assert words in said
    assert "No council has recorded that yet" in said
    assert tab.check(f"failed-pilot-{tab.scripts}") == []
