"""Councils find each other, pool a need, agree, sign, leave and dissolve, in a real browser.

What each may see and do is tested closer to the code; here people walk the whole way.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.browser import pooling
from tests.browser.pooling import APPROVERS, OFFICERS
from tests.browser.tabs import MARKS, Tab
from values.years import london_today

LEAD, SUPPLIER, OPERATOR = "sector.lead@example.org", "supplier@example.org", "operator@example.org"
SIGN_IN_ITSELF = "Staff sign in with our own identity provider"

pytestmark = MARKS


class Walk:
    """Three councils with a tab each, and what was wrong with the pages that they came by."""

    def __init__(self, open_tab: Callable[..., Tab], *, scripts: bool) -> None:
        self.mark = secrets.token_hex(3)
        self.pool = f"Records together {self.mark}"
        self.place = ""
        self.open_tab, self.scripts = open_tab, scripts
        self.wrong: list[str] = []
        self.tabs = {name: self.signed_in(email) for name, email in OFFICERS.items()}

    def signed_in(self, email: str, *, second_factor: bool = False) -> Tab:
        tab = self.open_tab(scripts=self.scripts)
        tab.sign_in(email, second_factor=second_factor)
        return tab

    def look(self, tab: Tab, name: str) -> None:
        """Keep what is wrong with this page; it is asserted at the end, so that one page hides no other."""
        tab.settle()
        self.wrong += tab.check(f"pool-{name}-{tab.scripts}")

    def need(self, council: str) -> str:
        return f"Records of {council} {self.mark}"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def walk(open_tab: Callable[..., Tab], request: pytest.FixtureRequest) -> Walk:
    return Walk(open_tab, scripts=request.param)


def test_a_contract_that_ends_becomes_a_need_and_a_pool_of_three_councils_that_is_bound(walk: Walk):
    import_and_propose(walk)
    find_others_and_start(walk)
    join_on_terms(walk)
    reconcile_by_vote(walk)
    talk(walk)
    agree_and_sign(walk)
    look_back(walk)
    assert walk.wrong == []


def import_and_propose(walk: Walk) -> None:
    leeds = walk.tabs["Leeds"]
    leeds.go("/contracts")
    walk.look(leeds, "contracts")
    leeds.go("/contracts/import")
    leeds.page.get_by_label("File", exact=True).set_input_files(
        {"name": "register.csv", "mimeType": "text/csv", "buffer": pooling.register(walk.mark)}
    )
    leeds.press("Import")
    facts = leeds.facts()
    assert (facts["Lines"], facts["New"], facts["Set aside"]) == ("3", "2", "1")
    assert "The line has no title" in leeds.content()
    walk.look(leeds, "imported")
    leeds.follow("Show contracts")
    leeds.press(f"Propose a need after Archive boxes {walk.mark}")
    assert leeds.title() == f"When does Archive boxes {walk.mark} end?"
    walk.look(leeds, "end")
    leeds.go("/contracts")
    leeds.press(f"Propose a need after Records {walk.mark}")
    assert "assumes one extension of 12 months" in leeds.content()


def find_others_and_start(walk: Walk) -> None:
    leeds = walk.tabs["Leeds"]
    for council, value, must in (
        ("Camden", "900,000", SIGN_IN_ITSELF),
        ("Salford", "800,000", "Records can be exported"),
    ):
        pooling.open_need(walk.tabs[council], walk.need(council), value=value, must=must)
    pooling.fill_need(
        leeds,
        {
            "Title": walk.need("Leeds"),
            "Outcomes": "Every record is found in a minute and deleted on its day",
            "Volume": "1,400",
            "Estimated value": "1,300,000",
            "Must have": f"{SIGN_IN_ITSELF}\nRecords can be exported",
        },
    )
    walk.look(leeds, "edit")
    leeds.press("Save")
    leeds.press("Open to other councils")
    need = pooling.place_of(leeds)
    for council in ("Camden", "Salford"):
        pooling.wait_for(leeds, need, walk.need(council))
    walk.look(leeds, "need")
    leeds.go(f"{need}/matches")
    walk.look(leeds, "matches")
    leeds.go(need)
    leeds.follow("See a pool at once")
    assert leeds.title() == f"A pool at once: {walk.need('Leeds')}"
    assert walk.need("Camden") in leeds.content()
    walk.look(leeds, "at-once")
    leeds.press("Start a pool with this need")
    leeds.fill("Title", walk.pool)
    leeds.fill("Least number of councils", "2")
    leeds.press("Start the pool")
    assert leeds.page.locator(".govuk-error-summary__list a").all_inner_texts() == [
        "A pool needs at least 3 councils"
    ]
    walk.look(leeds, "start-error")
    leeds.fill("Least number of councils", "3")
    leeds.press("Start the pool")
    walk.place = pooling.place_of(leeds)
    assert leeds.title() == f"{walk.pool}: overview"


def join_on_terms(walk: Walk) -> None:
    camden, salford = walk.tabs["Camden"], walk.tabs["Salford"]
    pooling.join(camden, walk.pool, walk.need("Camden"))
    camden.go(f"{walk.place}/terms")
    camden.fill("The most you would pay", "950,000")
    camden.fill("The fewest other councils", "2")
    walk.look(camden, "terms")
    camden.press("Save")
    pooling.wait_for(camden, walk.place, "Your council waits. Only your council sees for what")
    walk.look(camden, "waits")
    pooling.wait_for(salford, walk.place, "Your council would see it too, once it joins")
    assert salford.page.locator(".app-tabs").count() == 0
    assert "950,000" not in salford.content()
    pooling.join(salford, walk.pool, walk.need("Salford"))
    pooling.wait_for(salford, walk.place, "The pool holds: 3 councils are in")
    assert "£900,000" in salford.content()
    assert "950,000" not in salford.content()
    walk.look(salford, "holds")
    walk.wrong += pooling.offer_lead_in_vain(walk.tabs["Leeds"], salford, walk.place, "Salford")


def reconcile_by_vote(walk: Walk) -> None:
    leeds, salford = walk.tabs["Leeds"], walk.tabs["Salford"]
    for tab in walk.tabs.values():
        tab.go(f"{walk.place}/requirements")
        tab.press("Bring in lines")
    salford.follow(SIGN_IN_ITSELF)
    line = pooling.place_of(salford)
    salford.page.get_by_label("Cannot live with it", exact=True).check()
    salford.page.get_by_label("Why", exact=True).first.fill("We share ours with the hospital, which decides")
    salford.press("Save what your council says")
    assert "Conflicting" in salford.content()
    leeds.go(line)
    summary = leeds.page.locator("summary", has_text="Let the members vote")
    summary.click()
    answers = leeds.page.locator("details", has=summary)
    answers.get_by_label("In a lot of its own", exact=True).check()
    answers.get_by_label("As an option", exact=True).check()
    leeds.fill("Name of the lot, where a lot is among the answers", "Own identity provider")
    pooling.fill_day(leeds, "Last day of the vote", london_today() + timedelta(days=7))
    leeds.press("Open vote")
    for council, answer in (("Leeds", "lot"), ("Camden", "option"), ("Salford", "lot")):
        pooling.vote(walk.tabs[council], line, answer)
    walk.look(salford, "vote")
    leeds.go(line)
    leeds.press("Count now, because all have voted")
    assert "Decided: in a lot of its own" in leeds.content()
    walk.look(leeds, "line")
    leeds.go(f"{walk.place}/requirements")
    assert "Own identity provider" in leeds.content()
    walk.look(leeds, "requirements")


def talk(walk: Walk) -> None:
    leeds, salford = walk.tabs["Leeds"], walk.tabs["Salford"]
    leeds.go(f"{walk.place}/discussion")
    leeds.page.locator("textarea").fill("@Odile Ramsbottom, does the lot suit the hospital too?")
    leeds.press("Add comment")
    assert leeds.page.locator("article strong").all_inner_texts() == ["@Odile Ramsbottom"]
    walk.look(leeds, "discussion")
    salford.go("/notices")
    assert walk.pool in salford.content()
    assert "mention" in salford.content()
    walk.look(salford, "notices")


def agree_and_sign(walk: Walk) -> None:
    leeds = walk.tabs["Leeds"]
    leeds.go(walk.place)
    leeds.press("Open it for agreeing now")
    walk.look(leeds, "open")
    leeds.press("Open for agreeing")
    leeds.go(f"{walk.place}/agreement")
    leeds.press("Make the first version")
    leeds.press("Preview")
    assert "Own identity provider" in leeds.content()
    walk.look(leeds, "draft")
    leeds.press("Make version 1")
    walk.look(leeds, "agreement")
    approvers = {council: walk.signed_in(email, second_factor=True) for council, email in APPROVERS.items()}
    operator = walk.signed_in(OPERATOR, second_factor=True)
    # What an approver may commit from the start is not enough for this pool, until an operator says more.
    pooling.allow(operator, "Leeds", "1,000,000")
    pooling.sign(approvers["Leeds"], walk.place, "Leeds", "1,500,000")
    assert "You may commit your council up to £1,000,000" in approvers["Leeds"].content()
    for council in OFFICERS:
        pooling.allow(operator, council, "2,000,000")
    walk.look(operator, "limit")
    for council, approver in approvers.items():
        approver.go(f"{walk.place}/sign")
        walk.look(approver, f"sign-{council}")
        pooling.sign(approver, walk.place, council, "1,500,000")
        assert "You signed version 1. Your council is bound" in approver.content()
    pooling.wait_for(leeds, walk.place, "Committed")


def look_back(walk: Walk) -> None:
    leeds, camden = walk.tabs["Leeds"], walk.tabs["Camden"]
    assert leeds.page.locator("tbody tr", has_text="Bound").count() == 3
    walk.look(leeds, "committed")
    camden.go(f"{walk.place}/worth")
    assert "When the pool committed" in camden.content()
    walk.look(camden, "worth")
    leeds.go(f"{walk.place}/timeline")
    for words in ("joined", "signed", "vote"):
        assert words in leeds.content()
    assert "950,000" not in leeds.content()
    walk.look(leeds, "timeline")
    camden.go(f"{walk.place}/agreement/1")
    assert camden.page.locator("tbody tr", has_text="Stands").count() == 3
    walk.look(camden, "signatures")


def test_a_council_leaves_freely_before_it_is_bound_and_may_come_again(open_tab: Callable[..., Tab]):
    tab = open_tab(scripts=False)
    tab.sign_in(OFFICERS["Salford"])
    pooling.pool_of(tab, "Museum and archive catalogue")
    tab.follow("Leave this pool")
    assert "Nothing binds your council yet" in tab.content()
    wrong = tab.check("pool-leave")
    tab.press("Leave this pool")
    assert "Left" in tab.page.locator("tbody tr", has_text="Salford").inner_text()
    tab.press("Join this pool")
    tab.page.get_by_label("Museum and archive catalogue").check()
    tab.press("Join")
    assert "Interested" in tab.page.locator("tbody tr", has_text="Salford").inner_text()
    assert wrong == []


def test_a_bound_council_leaves_only_with_a_reason_that_the_others_read(open_tab: Callable[..., Tab]):
    tab = open_tab()
    tab.sign_in(OFFICERS["Leeds"])
    place = pooling.pool_of(tab, "Electoral registers")
    tab.follow("Leave this pool")
    tab.press("Leave this pool")
    assert tab.title().startswith("Error: ")
    wrong = tab.check("pool-leave-bound")
    tab.fill("Reason", "The election service moves to the combined authority")
    tab.press("Leave this pool")
    lead = open_tab()
    lead.sign_in(OFFICERS["Salford"])
    pooling.wait_for(lead, place, "3 councils are in")
    assert "The election service moves to the combined authority" in lead.content()
    assert "Committed" in lead.content()
    assert wrong + lead.check("pool-left") == []


def test_the_lead_dissolves_a_pool_with_a_reason_and_needs_are_free_again(open_tab: Callable[..., Tab]):
    tab, member = open_tab(), open_tab(scripts=False)
    tab.sign_in(OFFICERS["Camden"])
    place = pooling.pool_of(tab, "Planning and building control")
    tab.follow("Dissolve this pool")
    tab.press("Dissolve")
    assert tab.title().startswith("Error: ")
    wrong = tab.check("pool-dissolve")
    tab.fill("Reason", "The supplier that most of us have was bought")
    tab.press("Dissolve")
    member.sign_in(OFFICERS["Leeds"])
    pooling.wait_for(member, place, "The supplier that most of us have was bought")
    assert "Dissolved" in member.content()
    assert member.page.get_by_role("button", name="Join this pool").count() == 0
    member.go("/needs?whose=own&q=Planning and building control")
    member.follow("Planning and building control")
    assert member.page.get_by_role("link", name="Start a pool from this need").count() == 1
    assert wrong + tab.check("pool-dissolved") == []


def test_councils_that_merge_look_at_their_contracts_together_and_nobody_else_does(open_tab):
    other, operator, tab = open_tab(scripts=False), open_tab(scripts=False), open_tab()
    other.sign_in(LEAD)
    other.go("/reorganisation")
    other.follow("West Surrey")
    assert "You see none of these councils’ contracts" in other.content()
    operator.sign_in(OPERATOR, second_factor=True)
    email = f"merging-{secrets.token_hex(3)}@example.org"
    pooling.invite_officer(operator, tab, "Guildford Borough Council", email)
    tab.go("/reorganisation")
    wrong = tab.check("reorganisation")
    tab.follow("West Surrey")
    for council in ("Guildford", "Waverley", "Woking"):
        assert tab.page.locator("tbody tr", has_text=council).count() > 1
    assert "Expected saving" in tab.content()
    assert wrong + tab.check("merger") == []


def test_the_market_sees_totals_and_nothing_from_the_inside(tab: Tab):
    tab.go("/demand")
    wrong = tab.check(f"demand-{tab.scripts}")
    tab.follow("Maps for all staff")
    assert tab.facts()["Councils"] == "4"
    assert not {"LDS", "Leeds", "Camden", "£620,000"} & set(tab.content().split())
    wrong += tab.check(f"demand-page-{tab.scripts}")
    inside = pooling.place_of(tab).replace("/demand/", "/pools/")
    tab.sign_in(SUPPLIER)
    for part in ("", "/requirements", "/worth", "/agreement", "/discussion", "/timeline"):
        assert tab.go(inside + part).status in (403, 404)
    assert wrong + tab.check(f"pool-refused-{tab.scripts}") == []


def test_a_sector_lead_reads_every_part_of_a_pool_and_changes_none(open_tab: Callable[..., Tab]):
    tab = open_tab()
    tab.sign_in(LEAD)
    pooling.pool_of(tab, "Museum and archive catalogue")
    tabs = tab.page.locator(".app-tabs a")
    wrong = []
    for name, href in zip(
        tabs.all_inner_texts(), [each.get_attribute("href") for each in tabs.all()], strict=True
    ):
        assert tab.go(href).ok
        assert tab.page.locator("main form").count() == 0
        wrong += tab.check(f"lead-{name.lower()}")
    assert wrong == []
