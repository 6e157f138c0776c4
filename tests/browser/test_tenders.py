"""From a committed pool to signed contracts, and from a search to feedback, in a real browser.

What each may see and do is tested closer to the code; here people walk the whole way.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import behind, tendering
from tests.browser.pooling import APPROVERS, OFFICERS, fill_day
from tests.browser.tabs import MARKS, Tab
from tests.browser.walking import Walk
from tests.build import PASSWORD
from values.years import london_today

SUPPLIER = "supplier@example.org"
EASE, LEAVING = "Ease of use", "Leaving"

pytestmark = MARKS


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def walk(open_tab: Callable[..., Tab], home: Path, request: pytest.FixtureRequest) -> Walk:
    return Walk(open_tab, home, kind="tender", title="Self-service in libraries", scripts=request.param)


def test_a_committed_pool_ends_in_a_contract_for_each_council(walk: Walk):
    behind.committed_pool(walk.home, walk.title)
    draft(walk)
    approve_and_publish(walk)
    bid(walk)
    correct(walk)
    open_together(walk)
    score_alone(walk)
    agree(walk)
    assess(walk)
    award(walk)
    sign(walk)
    assert walk.wrong == []


def draft(walk: Walk) -> None:
    officer = walk.officer
    walk.place = tendering.make(officer, walk.title)
    tendering.fill_parts(officer, walk.place)
    tendering.fill_terms(officer, walk.place)
    tendering.describe_buyers(officer, walk.place)
    tendering.fill_dates(officer, walk.place, due_in=42)
    tendering.fill_lot(officer, walk.place)
    tendering.fill_condition(officer, walk.place)
    tendering.fill_award(officer, walk.place, ((EASE, 45), (LEAVING, 20)), price=40)
    officer.go(walk.place)
    assert "weights" in officer.content().lower()
    walk.look(officer, "overview-findings")
    officer.go(f"{walk.place}/award")
    officer.follow(EASE)
    officer.fill("Weight", "40")
    officer.press("Save")
    tendering.add_document(officer, walk.place)
    officer.go(walk.place)
    officer.press("Ask the buyers for approval")


def approve_and_publish(walk: Walk) -> None:
    officer = walk.officer
    for council in tendering.COUNCILS:
        walk.tab(APPROVERS[council])
    behind.let_codes_pass(walk.home)
    for council in tendering.COUNCILS:
        approver = walk.tab(APPROVERS[council])
        approver.go(walk.place)
        if council == "Leeds":
            walk.look(approver, "overview-approver")
        approver.press("Read and approve, or refuse")
        if council == "Leeds":
            walk.look(approver, "approve")
        tendering.approve(approver, APPROVERS[council], "Approve this tender")
    officer.go(walk.place)
    officer.press("Prepare the notice")
    officer.press("Prepare it")
    walk.look(officer, "notice")
    tendering.confirm_notice(officer, "012345-2026")
    officer.go(walk.place)
    assert "Published" in officer.content()
    walk.look(officer, "overview-published")


def bid(walk: Walk) -> None:
    rival = behind.another_supplier(walk.home, f"Selby{walk.mark} Systems Ltd (invented)")
    tendering.hand_in(walk.tab(SUPPLIER), walk.place, "Scan, and it is yours until Friday", "90,000")
    tendering.hand_in(
        walk.tab(rival.email, password=PASSWORD), walk.place, "Staff scan it for you", "120,000"
    )
    walk.officer.go(f"{walk.place}/bids")
    assert "nobody learns who bids" in walk.officer.content()


def correct(walk: Walk) -> None:
    """Draft it as the lead, approve it as another buyer, publish it; a bidder reads what changed."""
    officer, camden, supplier = walk.officer, walk.tab(APPROVERS["Camden"]), walk.tab(SUPPLIER)
    place = tendering.draft_correction(
        officer, walk.place, "Known risks", "Councils may be merged while the contracts run\nBranches close"
    )
    walk.look(officer, "correction-draft")
    officer.press("Ask the buyers for approval")
    behind.approve_correction(walk.home, tendering.id_of(walk.place), "leeds", "salford")
    behind.let_codes_pass(walk.home)
    camden.go(place)
    camden.press("Read and approve, or refuse")
    walk.look(camden, "correction-approve")
    tendering.approve(camden, APPROVERS["Camden"], "Approve this correction")
    assert "It was the last" in camden.content()
    officer.go(place)
    officer.press("Prepare the notice")
    tendering.confirm_notice(officer, "022345-2026")
    supplier.go(f"{walk.place}/bid")
    assert "What you submitted still counts" in supplier.content()
    supplier.follow("Read what changed")
    assert supplier.page.locator("ins").all_inner_texts() == ["Branches close"]
    walk.look(supplier, "corrections")
    supplier.follow("Correction 1")
    walk.look(supplier, "correction")


def open_together(walk: Walk) -> None:
    behind.let_the_deadline_pass(walk.home, tendering.id_of(walk.place))
    behind.let_codes_pass(walk.home)
    walk.officer.go(walk.place)
    leeds, camden = walk.tab(APPROVERS["Leeds"]), walk.tab(APPROVERS["Camden"])
    leeds.go(f"{walk.place}/bids")
    walk.look(leeds, "propose")
    tendering.approve(leeds, APPROVERS["Leeds"], "Propose to open the bids")
    camden.go(f"{walk.place}/bids")
    walk.look(camden, "confirm")
    tendering.approve(camden, APPROVERS["Camden"], "Confirm, and open the bids")
    assert "2 bids" in camden.content()
    walk.look(camden, "opened")
    walk.officer.go(walk.place)


def score_alone(walk: Walk) -> None:
    officer, chair, other = walk.officer, walk.tab(APPROVERS["Leeds"]), walk.tab(APPROVERS["Camden"])
    officer.go(f"{walk.place}/panel")
    officer.page.get_by_label("Person", exact=True).select_option(label="Arthur Penrose")
    officer.page.get_by_label("Scores as well", exact=True).check()
    officer.press("Form the panel")
    camden = walk.tab(OFFICERS["Camden"])
    camden.go(f"{walk.place}/panel")
    camden.page.get_by_label("Person", exact=True).select_option(label="Amina Holloway")
    camden.page.get_by_label("Scores as well", exact=True).check()
    camden.press("Name them")
    chair.go(f"{walk.place}/panel")
    chair.press("Begin to score")
    walk.look(chair, "panel-scoring")
    for tab in (chair, other):
        tendering.declare_no_conflict(tab, walk.place)
    tendering.score_all(chair, walk.place, (5, 4))
    tendering.score_all(other, walk.place, (3, 4))
    other.go(f"{walk.place}/panel")
    walk.look(other, "panel-scored")
    for tab in (chair, other):
        tab.go(f"{walk.place}/panel")
        tab.press("Lock my scores for good")


def agree(walk: Walk) -> None:
    chair, other = walk.tab(APPROVERS["Leeds"]), walk.tab(APPROVERS["Camden"])
    chair.go(f"{walk.place}/panel")
    chair.press("Open moderation")
    walk.look(chair, "panel-moderating")
    chair.follow("Show the names")
    chair.fill("Reason", "Exclusions are looked at next")
    chair.press("Show the names")
    for tab in (chair, other):
        tendering.declare_no_conflict(tab, walk.place)
    chair.go(f"{walk.place}/panel/moderation")
    walk.look(chair, "moderation")
    links = [each.get_attribute("href") for each in chair.page.locator("main a[href*='/panel/agree/']").all()]
    for number, href in enumerate(links):
        chair.go(href)
        if not number:
            walk.look(chair, "agree")
        chair.fill("Points", "5" if number % 2 else "4")
        chair.fill("Reason", tendering.REASON)
        chair.press("Keep it")
    chair.go(f"{walk.place}/panel")
    chair.press("Settle")


def assess(walk: Walk) -> None:
    officer = walk.officer
    officer.go(walk.place)
    officer.go(f"{walk.place}/assessment")
    for number in (1, 2):
        officer.go(f"{walk.place}/assessment/bids/{number}")
        if number == 1:
            walk.look(officer, "assessment-bid")
        officer.page.get_by_label("Passes", exact=True).check()
        officer.fill("Reason", "The certificate is valid")
        officer.press("Record it")
    officer.go(f"{walk.place}/assessment")
    officer.press("Make the assessment")
    walk.look(officer, "assessment")
    officer.go(walk.place)


def award(walk: Walk) -> None:
    officer = walk.officer
    officer.go(f"{walk.place}/awarded")
    officer.fill("Reason", "It follows the published method")
    officer.press("Decide the award as it was computed")
    walk.look(officer, "award-decided")
    behind.let_codes_pass(walk.home)
    for council in tendering.COUNCILS:
        approver = walk.tab(APPROVERS[council])
        approver.go(f"{walk.place}/awarded")
        if council == "Salford":
            walk.look(approver, "award-approve")
        tendering.approve(approver, APPROVERS[council], "Approve the award for your council")
    officer.go(f"{walk.place}/awarded")
    officer.press("Award the tender")
    officer.press("Tell all bidders now")
    walk.look(officer, "award-told")
    officer.follow("Prepare the contract award notice")
    officer.press("Prepare it")
    tendering.confirm_notice(officer, "054321-2026")
    officer.go(walk.place)
    walk.look(officer, "overview-standstill")


def sign(walk: Walk) -> None:
    officer = walk.officer
    officer.go(f"{walk.place}/awarded")
    walk.look(officer, "award-standstill")
    behind.let_the_standstill_end(walk.home, tendering.id_of(walk.place))
    for council in tendering.COUNCILS:
        tab = walk.tab(OFFICERS[council])
        tab.go(f"{walk.place}/awarded")
        tab.fill("Reference of the contract", f"{council}-{walk.mark}")
        fill_day(tab, "Day of the signature", london_today())
        tab.page.get_by_role("button", name="Record it for", exact=False).click()
    walk.look(officer, "award-contracts")
    officer.go(walk.place)
    walk.look(officer, "overview-contracts")
    assert "Contracts signed" in officer.content()


def test_a_small_supplier_goes_from_a_search_to_feedback(walk: Walk):
    walk.place = behind.published_tender(walk.home, walk.title)
    find_and_ask(walk)
    answer(walk)
    bid_and_keep_the_receipt(walk)
    rival = behind.another_supplier(walk.home, f"Selby{walk.mark} Systems Ltd (invented)")
    behind.awarded(walk.home, tendering.id_of(walk.place), rival, best=5)
    read_feedback(walk)
    assert walk.wrong == []


def find_and_ask(walk: Walk) -> None:
    tab = walk.stranger(SUPPLIER)
    tab.go("/tenders")
    tab.fill("Words", walk.mark)
    with tab.page.expect_response(lambda answer: "q=" in answer.url):
        tab.page.get_by_role("button", name="Find", exact=True).click()
    tab.follow(walk.title)
    assert "Residents borrow" in tab.content()
    walk.look(tab, "public")
    tab.follow("Questions")
    tab.follow("Sign in as a supplier to ask a question")
    tab.sign_in(SUPPLIER, to=f"{walk.place}/fit")
    walk.look(tab, "fit")
    groups = tab.page.locator("main fieldset")
    for number in range(groups.count()):
        groups.nth(number).get_by_label("Not yet" if number == 0 else "Yes", exact=True).check()
    tab.press("Keep these answers")
    assert "Missing" in tab.content()
    walk.look(tab, "fit-kept")
    tab.follow("Questions")
    tab.press("Ask a question")
    tab.fill("Your question", "Can readers keep their old cards?")
    tab.press("Send the question")
    assert "Can readers keep their old cards?" in tab.content()
    walk.look(tab, "asked")


def answer(walk: Walk) -> None:
    officer, tab = walk.officer, walk.tab(SUPPLIER)
    officer.go(f"{walk.place}/questions")
    officer.follow("Answer", exact=False)
    officer.fill("Answer", "Yes, for as long as the contract runs")
    officer.press("Keep the draft")
    officer.press("Publish 1 drafted answer")
    officer.page.locator("main input[type=checkbox]").first.check()
    officer.press("Publish them now")
    tab.go(f"{walk.place}/questions")
    assert "Yes, for as long as the contract runs" in tab.content()
    walk.look(tab, "answered")


def bid_and_keep_the_receipt(walk: Walk) -> None:
    tab = walk.tab(SUPPLIER)
    tendering.hand_in(tab, walk.place, "Scan, and it is yours until Friday", "90,000")
    walk.look(tab, "receipt")
    tab.go(walk.place)
    walk.look(tab, "supplier-submitted")


def read_feedback(walk: Walk) -> None:
    tab = walk.tab(SUPPLIER)
    tab.go(walk.place)
    walk.look(tab, "supplier-told")
    tab.press("See how your bid was assessed")
    said = tab.content()
    assert "How your bid was assessed" in said
    assert "Five tasks in two minutes" in said
    assert "points of 100" in said
    walk.look(tab, "feedback")
