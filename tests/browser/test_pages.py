"""The whole service in a real browser, started as somebody would start it.

All of it is one module, so that one process starts one service, and the tests share it.
"""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.actions.demonstration import PASSWORD
from tests.browser.crawler import crawl
from tests.browser.kinds import (
    BIDS,
    CHALLENGES,
    CHANGING,
    COUNCIL,
    FINDING,
    INSIDE,
    JOINED,
    LEADS,
    OWN,
    PARTNERS,
    PILOTING,
    POOLS,
    PUBLIC,
    RESPONDING,
    TENDERS,
    WRITING,
)
from tests.browser.tabs import MARKS, Tab

LEAD, OFFICER, OPERATOR = "sector.lead@example.org", "officer.leeds@example.org", "operator@example.org"
SUPPLIER, APPROVER = "supplier@example.org", "approver.leeds@example.org"
PARTNER = "partner@example.org"
MARKET = "/market?area=E92000001&year=2018"
# A report may be in the making, and jobs wait for each other: milliseconds.
LONG = 120_000
POUNDS = re.compile(r"-?£[\d,]+\.\d\d")

pytestmark = MARKS


def pence(text: str) -> int:
    """The pence of an amount as pages and files write it."""
    return int(re.sub(r"[£,.]", "", text))


def download(tab: Tab, link: str) -> list[dict[str, str]]:
    """Follow a link to a file; return its rows."""
    with tab.page.expect_download() as arriving:
        tab.page.get_by_role("link", name=link, exact=True).click()
    content = Path(arriving.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_a_sector_lead_signs_in_reads_the_market_and_signs_out_everywhere(tab: Tab, open_tab):
    tab.go("/account")
    assert tab.title() == "Sign in"
    tab.fill("E-mail address", LEAD)
    tab.fill("Password", PASSWORD)
    tab.press("Sign in")
    assert tab.title() == "Your account"
    tab.follow("Market")
    assert tab.title() == "Market report"
    elsewhere = open_tab(scripts=tab.scripts)
    elsewhere.sign_in(LEAD)
    assert elsewhere.title() == "Your account"
    elsewhere.press("Sign out everywhere")
    assert "You are signed out everywhere" in elsewhere.content()
    tab.go("/account")
    assert tab.title() == "Sign in"


def test_an_operator_signs_in_with_a_second_factor(tab: Tab):
    tab.sign_in(OPERATOR, to="/mail", second_factor=True)
    assert tab.title() == "Mail"
    tab.press("Sign out")
    tab.go("/mail")
    assert tab.title() == "Sign in"


def test_what_is_wrong_at_sign_in_is_said(tab: Tab):
    tab.go("/sign-in")
    tab.press("Sign in")
    assert tab.title() == "Error: Sign in"
    assert tab.page.locator(".govuk-error-summary__list a").all_inner_texts() == [
        "Enter an e-mail address",
        "Enter your password",
    ]
    tab.fill("E-mail address", APPROVER)
    tab.fill("Password", "lantern otter quarri")
    tab.press("Sign in")
    assert tab.title() == "Error: Sign in"
    assert tab.page.get_by_label("Password", exact=True).input_value() == ""
    wrong = tab.check(f"sign-in-error-{tab.scripts}")
    tab.fill("Password", PASSWORD)
    tab.press("Sign in")
    tab.fill("Code from your app", "000000")
    tab.press("Continue")
    assert tab.title() == "Error: Enter a code from your app"
    assert tab.page.locator("#code-error").inner_text().startswith("Error:")
    tab.go("/people")
    assert tab.title() == "Enter a code from your app"
    assert wrong + tab.check(f"code-error-{tab.scripts}") == []


def published(lines: int, note: str) -> bytes:
    """A file as a council might publish it; two of its lines hold no amount."""
    row = "{0:02d}/05/2025,Brightwater Software Ltd,{0}00.50,Computer software licences,INV{0},{1} {0}"
    rows = [row.format(day, note) for day in range(1, lines - 1)]
    rows += ["30/05/2025,Fenwick & Rowe Ltd,see invoice,Stationery,INV90,", "31/05/2025,Total carried on,,,,"]
    return "\r\n".join(
        [f"Date Paid,Supplier Name,Amount Net,Expense Type,Transaction No,{note}", *rows]
    ).encode()


def finish_job(tab: Tab, result: str) -> None:
    """Watch a job until its result is there: by itself with scripts, by asking again without."""
    link = tab.page.get_by_role("link", name=result, exact=True)
    for _ in range(0 if tab.scripts else LONG // 500):
        if link.count():
            break
        again = tab.page.get_by_role("link", name="Check again", exact=True)
        tab.page.wait_for_timeout(500)
        with tab.page.expect_navigation():
            again.click()
    link.wait_for(timeout=LONG)
    tab.follow(result)


def test_an_officer_uploads_payments_looks_at_what_was_set_aside_and_corrects_columns(tab: Tab):
    note = f"Jotting {secrets.token_hex(3)}"  # a file is taken once
    tab.sign_in(OFFICER, to="/spend")
    tab.press("Upload files")
    tab.press("Upload")
    assert tab.title().startswith("Error: Upload published payments of")
    wrong = tab.check(f"upload-error-{tab.scripts}")
    tab.page.get_by_label("Files", exact=True).set_input_files(
        {"name": f"leeds-{note}.csv", "mimeType": "text/csv", "buffer": published(9, note)}
    )
    tab.press("Upload")
    wrong += tab.check(f"job-{tab.scripts}")
    finish_job(tab, "See what was read")
    assert tab.title() == "What was read"
    facts = tab.facts()
    assert (facts["Lines"], facts["Read"], facts["Set aside"]) == ("9", "7", "2")
    assert pence(facts["Sum of the lines read"]) == sum(day * 100_00 + 50 for day in range(1, 8))
    wrong += tab.check(f"import-{tab.scripts}")
    tab.follow(f"leeds-{note}.csv")
    here = tab.page.url
    tab.follow("Show set aside")
    assert "see invoice" in tab.content()
    wrong += tab.check(f"set-aside-{tab.scripts}")
    rows = download(tab, "Download as CSV")
    assert [row["line"] for row in rows] == ["9", "10"]
    tab.page.goto(here)
    tab.follow("Correct the columns")
    choice = tab.page.get_by_label("Description", exact=True)
    choice.select_option(value=choice.locator("option", has_text=note).get_attribute("value"))
    tab.press("Show what this does")
    assert "Nothing is kept yet" in tab.content()
    wrong += tab.check(f"columns-{tab.scripts}")
    tab.press("Keep and read again")
    finish_job(tab, "See what was read")
    tab.follow(f"leeds-{note}.csv")
    assert "a person’s correction" in tab.content()
    assert "Description" in tab.page.locator("tr", has_text=note).first.inner_text()
    assert wrong == []


def test_a_figure_opens_the_lines_that_add_up_to_it_and_the_file_they_stand_in(tab: Tab):
    tab.go(MARKET)
    tab.page.get_by_label("Category contains").fill("software")
    tab.press("Filter")
    row = tab.page.locator("tbody tr").first
    category = row.locator("th").inner_text()
    spend = row.locator("td").first.inner_text()
    tab.follow(category)
    assert tab.title() == category
    figure = tab.page.locator(".app-figure", has_text="payment lines").first
    assert POUNDS.search(figure.inner_text()).group() == spend
    with tab.page.expect_navigation():
        figure.locator(".app-figure__value a").click()
    assert tab.page.locator("main strong").first.inner_text() == spend
    rows = download(tab, "Download these lines as CSV")
    assert sum(int(line["amount_pence"]) for line in rows) == pence(spend)
    shown = pence(tab.page.locator("tbody tr").first.locator("td").last.inner_text())
    assert any(int(line["amount_pence"]) == shown for line in rows)
    tab.page.locator("summary", has_text="Where it stands").first.click()
    place = tab.page.locator("details[open]")
    line = int(re.search(r"line ([\d,]+)", place.inner_text()).group(1).replace(",", ""))
    amount = tab.page.locator("tbody tr").first.locator("td").last.inner_text()
    file = place.get_by_role("link", name="Published file").get_attribute("href")
    tab.follow(f"line {line:,}", within=place)
    assert tab.page.locator(f"#line-{line}").locator("td").last.inner_text() == amount
    tab.go(file)
    assert line <= int(tab.facts()["Lines"].replace(",", "")) + 1


def test_the_figures_are_downloaded_and_are_those_of_the_page(tab: Tab):
    tab.go(MARKET)
    on_page = tab.page.locator("tbody").first.locator("tr").first
    spend = pence(on_page.locator("td").first.inner_text())
    rows = download(tab, "Download these figures as CSV")
    assert spend in [int(row["spend_pence"]) for row in rows]


def test_councils_are_chosen_instead_of_an_area(tab: Tab):
    tab.go(MARKET)
    tab.page.locator("summary", has_text="Choose councils").click()
    for name in ("Bradford", "Gateshead"):
        tab.page.get_by_label(name).check()
    tab.press("Show")
    assert (
        "Bradford" in tab.page.locator("h2").first.inner_text()
        or "Bodies whose payments are known here: 2" in tab.content()
    )
    chosen = tab.page.locator("input[name=body][type=checkbox]:checked")
    assert chosen.count() == 2
    before = tab.page.locator("tbody tr").first.locator("td").first.inner_text()
    assert POUNDS.fullmatch(before)
    assert tab.check(f"chosen-{tab.scripts}") == []


def test_somebody_works_out_dates_and_takes_them_away(tab: Tab):
    tab.go("/")
    tab.follow("work out the lawful dates of a procurement")
    wrong = tab.check(f"dates-asked-{tab.scripts}")
    tab.press("Show the dates")
    assert tab.title() == "Error: Dates of a procurement"
    wrong += tab.check(f"dates-error-{tab.scripts}")
    tab.page.get_by_label("Competitive flexible procedure", exact=True).check()
    day = tab.page.get_by_role("group", name="Day of the contract award notice")
    for part, typed in (("Day", "18"), ("Month", "12"), ("Year", "2026")):
        day.get_by_label(part, exact=True).fill(typed)
    tab.press("Show the dates")
    assert "Thursday 31 December 2026" in tab.page.locator("tr", has_text="Standstill ends").inner_text()
    wrong += tab.check(f"dates-{tab.scripts}")
    rows = download(tab, "Download as CSV")
    assert {row["step"]: row["date"] for row in rows}["standstill ends"] == "2026-12-31"
    tab.follow("Link to these dates")
    assert tab.page.url.endswith("/timetable?procedure=competitive-flexible&award_notice=2026-12-18")
    assert "Thursday 31 December 2026" in tab.content()
    tab.follow("The tables behind these dates")
    tab.follow("Bank holidays")
    assert "Monday 4 January 2027" in tab.content()
    assert wrong == []


@pytest.fixture(scope="module")
def checked() -> set[str]:
    """What was looked at already, whoever saw it."""
    return set()


# What each must meet.
SEES = {
    None: PUBLIC,
    OFFICER: OWN
    | COUNCIL
    | {
        "/spend/upload",
        "/contracts/import",
        "/needs/new",
        "/needs/import",
        "/needs/*/matches",
        "/pools/new",
        "/challenges/new",
    }
    | {"/pools/suggested/now/*", "/duties/record"}
    | TENDERS
    | CHANGING
    | CHALLENGES
    | PILOTING
    | WRITING,
    LEAD: OWN | POOLS | INSIDE | TENDERS | CHALLENGES | {"/spend/files/*/set-aside"},
    SUPPLIER: OWN
    | BIDS
    | LEADS
    | FINDING
    | PARTNERS
    | RESPONDING
    | {"/responses", "/assurance", "/offer", "/firm"},
    PARTNER: OWN | JOINED | {"/partners", "/partners/*"},
    APPROVER: OWN
    | COUNCIL
    | {"/people", "/people/invite", "/people/*/*", "/authority", "/authority/*/*"}
    | TENDERS
    | {"/tenders/*/approve", "/tenders/*/refuse", "/challenges/*/approve"}
    | CHALLENGES,
    OPERATOR: OWN
    | {"/people", "/people/invite", "/people/*/*", "/mail", "/spend/upload", "/spend/files/*/columns"}
    | {"/spend/files/*/withdraw", "/spend/files/*/set-aside", "/people/*/*/remove", "/partners/reports"},
}


@pytest.mark.parametrize("email", list(SEES), ids=lambda email: (email or "public").partition("@")[0])
def test_every_page_is_accessible_fits_and_complains_of_nothing(
    open_tab: Callable[..., Tab], checked: set[str], email: str | None
):
    tab = open_tab()
    if email:
        tab.sign_in(email, second_factor=email in (OPERATOR, APPROVER))
    found = crawl(tab, (email or "public").partition("@")[0], checked)
    assert SEES[email] - set(found.pages) == set()
    assert found.wrong == []


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere", 404), ("/market/nothing-of-the-kind", 404), ("/spend/files/0/lines", 404), ("/mail", 403)],
)
def test_a_page_that_is_refused_is_a_page_too(open_tab: Callable[..., Tab], path: str, status: int):
    tab = open_tab()
    tab.sign_in("officer.camden@example.org")
    answer: Any = tab.go(path)
    assert answer.status == status
    assert tab.page.locator("h1").inner_text() == tab.title()
    assert tab.check(f"refused-{status}") == []
