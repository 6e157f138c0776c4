"""What people of councils do with needs and pools in a browser, as steps that journeys are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from accounts.actions.demonstration import PASSWORD
from procurement.rules.proposals import add_months
from tests.browser.tabs import Tab, code
from values.years import london_today

OFFICERS: Final = {
    "Leeds": "officer.leeds@example.org",
    "Camden": "officer.camden@example.org",
    "Salford": "officer.salford@example.org",
}
APPROVERS: Final = {name: email.replace("officer", "approver") for name, email in OFFICERS.items()}
CATEGORY: Final = "Document and records management"
# What the worker does at once may wait for what it does already, and some of it comes by the clock, once a
# minute: milliseconds.
LONG: Final = 120_000


def contract_ends() -> date:
    """A day beyond all deadlines that a pool proposes by itself."""
    return add_months(london_today(), 9)


def register(mark: str) -> bytes:
    """A contract register as a council might publish it: one line is no contract, one has no end."""
    start, end = add_months(london_today(), -40), contract_ends()
    lines = (
        "Contract reference,Contract title,Supplier name,Contract value,Start date,End date,Extension months",
        f'{mark}-1,Records {mark},Ledgerleaf Ltd,"£1,300,000",{start:%d/%m/%Y},{end:%d/%m/%Y},12',
        f"{mark}-2,Archive boxes {mark},Shelfmark Ltd,see file,,ongoing,",
        f"{mark}-3,,Total,,,,",
    )
    return "\r\n".join(lines).encode()


def fill_day(tab: Tab, legend: str, day: date) -> None:
    """Type a day into three boxes."""
    boxes = tab.page.get_by_role("group", name=legend)
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(label, exact=True).fill(str(number))


def fill_need(tab: Tab, typed: Mapping[str, str]) -> None:
    """Type what the form of a need asks for, but for its days."""
    tab.page.get_by_label("Category", exact=True).select_option(label=CATEGORY)
    for label, text in typed.items():
        tab.fill(label, text)


def open_need(tab: Tab, title: str, *, value: str, must: str) -> None:
    """Record a need and open it at once."""
    tab.go("/needs/new")
    needed = {"Title": title, "Outcomes": "Every record is found in a minute and deleted on its day"}
    fill_need(tab, {**needed, "Volume": "900", "Estimated value": value, "Must have": must})
    fill_day(tab, "Earliest start", contract_ends() + timedelta(days=20))
    fill_day(tab, "Latest start", add_months(contract_ends(), 8))
    tab.press("Save and open")
    assert tab.title() == title


def join(tab: Tab, pool: str, need: str) -> None:
    """Find a pool in the list, and join it with a need."""
    tab.go("/pools")
    tab.fill("Words", pool)
    with tab.page.expect_response(lambda answer: "q=" in answer.url):
        tab.page.get_by_role("button", name="Apply filters", exact=True).click()
    tab.follow(pool)
    tab.press("Join this pool")
    tab.page.get_by_label(need, exact=False).check()
    tab.press("Join")


def wait_for(tab: Tab, place: str, words: str) -> None:
    """Watch a page until it says something: by itself with scripts, else by asking."""
    tab.go(place)
    said = tab.page.locator("main").get_by_text(words)
    for _ in range(0 if tab.scripts else LONG // 500):
        if said.count():
            break
        tab.page.wait_for_timeout(500)
        tab.page.reload()
    said.first.wait_for(timeout=LONG)


def vote(tab: Tab, line: str, answer: str) -> None:
    """Cast the ballot of a council on the page of a line."""
    tab.go(line)
    tab.page.locator("form", has=tab.page.get_by_role("button", name="Vote", exact=True)).get_by_label(
        answer, exact=False
    ).check()
    tab.press("Vote")


def allow(tab: Tab, council: str, limit: str) -> None:
    """Set the limit of a council's approver."""
    tab.go(f"/authority?q={council}")
    row = tab.page.locator("tbody tr", has_text=council)
    with tab.page.expect_navigation():
        row.first.get_by_role("link").click()
    tab.fill("Up to which sum?", limit)
    tab.press("Set the limit")


def sign(tab: Tab, place: str, council: str, limit: str) -> None:
    """Sign the last version of a pool's agreement with a fresh code of the second factor."""
    tab.go(f"{place}/sign")
    tab.fill("Up to which sum do you commit your council?", limit)
    tab.fill("Code from your app", code(APPROVERS[council]))
    tab.press(f"Sign and bind {council}")


def offer_lead_in_vain(lead: Tab, other: Tab, place: str, council: str) -> list[str]:
    """Offer the lead of a pool to a council, which declines; return what is wrong with the pages."""
    lead.go(place)
    lead.follow("Offer the lead to another council")
    wrong = lead.check(f"pool-lead-offer-{lead.scripts}")
    lead.page.get_by_label(council, exact=True).check()
    lead.press("Offer the lead")
    other.go("/council")
    assert "You are asked to lead" in other.content()
    other.go(place)
    other.press("Answer the offer to lead this pool")
    wrong += other.check(f"pool-lead-answer-{lead.scripts}")
    other.press("Decline")
    assert "Answer the offer" not in other.content()
    return wrong


def invite_officer(operator: Tab, tab: Tab, council: str, email: str) -> None:
    """Let an operator invite somebody who follows the link of the mail, and signs in."""
    operator.go("/people/invite")
    operator.fill("E-mail address", email)
    operator.page.get_by_label("Organisation", exact=True).select_option(label=council)
    operator.page.get_by_label("Role", exact=True).select_option(label="Procurement officer")
    operator.press("Send invitation")
    operator.go("/mail")
    letter = operator.page.locator("section", has_text=f"To {email}")
    link = letter.get_by_role("link").first.get_attribute("href")
    tab.go(link.removeprefix(tab.address))
    tab.fill("Your name", "Greta Underhill")
    tab.fill("Password", PASSWORD)
    tab.press("Accept invitation")
    tab.sign_in(email)


def place_of(tab: Tab) -> str:
    """The address of this page, within the service."""
    return str(tab.page.url).removeprefix(tab.address).partition("?")[0]


def pool_of(tab: Tab, title: str, *, state: str = "") -> str:
    """Open an invented pool from the list; return its address."""
    tab.go(f"/pools?q={title}&state={state}")
    tab.follow(title)
    return place_of(tab)
