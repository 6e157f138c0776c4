"""What people do with a tender in a browser, as steps that journeys are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from tests.browser.pooling import fill_day
from tests.browser.tabs import Tab, code
from values.years import LONDON, london_today

COUNCILS: Final = ("Leeds", "Camden", "Salford")
REASON: Final = "All five tasks were finished, four of them within a minute"


def make(tab: Tab, pool: str) -> str:
    """Make the tender of a pool from the pool's page; return its address."""
    tab.go(f"/pools?q={pool}&state=")
    tab.follow(pool)
    tab.settle()
    tab.follow("Make the tender of this pool" if tab.scripts else "The tender of this pool")
    tab.press("Make the tender")
    return place_of(tab)


def place_of(tab: Tab) -> str:
    """The address of this page, within the service."""
    return str(tab.page.url).removeprefix(tab.address).partition("?")[0]


def id_of(place: str) -> str:
    """The id in a tender's address."""
    return place.rsplit("/", 1)[-1]


def fill_all(tab: Tab, typed: Mapping[str, str]) -> None:
    for label, text in typed.items():
        tab.fill(label, text)


def describe_buyers(tab: Tab, place: str) -> None:
    """Say how each buyer is reached."""
    for council in COUNCILS:
        tab.go(f"{place}/buyers")
        tab.follow(f"Change how {council} is reached")
        fill_all(
            tab,
            {
                "Postal address": f"1 Example Square, {council} (invented)",
                "E-mail address": "procurement@example.org",
                "Identifier": f"PXXX-0000-{council[:4].upper()}",
            },
        )
        tab.press("Save")


def fill_parts(tab: Tab, place: str) -> None:
    """Fill in the parts that are one page each, but for the dates."""
    tab.go(f"{place}/edit/basics")
    tab.fill("Why is it not divided into lots?", "Its parts work on the same records")
    tab.fill("Known risks", "Councils may be merged while the contracts run")
    tab.press("Save")
    tab.go(f"{place}/edit/procedure")
    tab.page.get_by_role("group", name="Contracts").get_by_label("A contract for each", exact=False).check()
    tab.page.get_by_role("group", name="Were suppliers engaged").get_by_label("No", exact=True).check()
    tab.press("Save")
    tab.go(f"{place}/edit/considered")
    fill_all(
        tab,
        {
            "Barriers for small and medium-sized firms": "No turnover is asked for, and documents are short",
            "Regard to the National Procurement Policy Statement": "Small firms can bid, alone or together",
            "Conflicts assessment": "Nobody who takes part has an interest that was found",
        },
    )
    fill_day(tab, "When was the conflicts assessment prepared", london_today() - timedelta(days=7))
    tab.press("Save")


def fill_terms(tab: Tab, place: str) -> None:
    """Say which agreements apply; the rest stays as it is."""
    tab.go(f"{place}/edit/terms")
    agreements = tab.page.get_by_role("group", name="Which international agreements")
    agreements.get_by_label("Agreement on Government Procurement", exact=False).check()
    tab.press("Save")


def fill_dates(tab: Tab, place: str, *, due_in: int) -> None:
    """Set the days of the tender, with tenders due in some days."""
    today = london_today()
    tab.go(f"{place}/edit/dates")
    for legend, days in (
        ("Day of the tender notice", 0),
        ("Last day for tenders", due_in),
        ("Estimated day of the award", 90),
        ("First day of the contract", 150),
        ("Last day of the contract, without extensions", 150 + 4 * 365),
    ):
        fill_day(tab, legend, today + timedelta(days=days))
    tab.press("Save")


def fill_lot(tab: Tab, place: str) -> None:
    """Say what the only lot is worth, and how its prices are compared."""
    tab.go(f"{place}/lots")
    tab.page.locator(f"main a[href^='{place}/lots/']").first.click()
    fill_all(
        tab,
        {
            "CPV code": "48000000",
            "Estimated value without VAT": "1,750,000",
            "Options and extensions without VAT": "0",
            "Estimated value with VAT, options and extensions": "2,100,000",
            "Unit": "borrower",
            "Low take-up, in units": "60,000",
            "Expected take-up, in units": "90,000",
            "Full take-up, in units": "109,000",
            "Where tiers of the price schedule begin": "0 50,000",
        },
    )
    tab.page.get_by_label("Suitable for small and medium-sized firms", exact=False).check()
    tab.press("Save")


def fill_award(tab: Tab, place: str, criteria: Sequence[tuple[str, int]], price: int) -> None:
    """Set the award criteria with their weights, and the method with that of the price."""
    tab.go(f"{place}/award")
    tab.fill("The method in words", "Each marks alone, then a consensus. Equal totals go to ease of use")
    tab.fill("Weight of the price", str(price))
    tab.press("Save")
    for title, weight in criteria:
        tab.go(f"{place}/award/new")
        fill_all(
            tab,
            {
                "Title": title,
                "What is assessed": f"{title}: how surely five described tasks are finished",
                "Weight": str(weight),
                "Best mark": "5",
                "How it is marked": "5: without a gap; 3: with small gaps; 0: not answered",
            },
        )
        tab.press("Save")


def fill_condition(tab: Tab, place: str) -> None:
    tab.go(f"{place}/conditions/new")
    fill_all(
        tab,
        {
            "Title": "Keeps personal data safe",
            "What suppliers must meet": "Cyber Essentials or an equivalent, by the start of the contract",
            "How it is met": "A certificate, or a description of equivalent measures",
            "Why it is proportionate": "The system holds the names and addresses of all borrowers",
        },
    )
    tab.press("Save")


def add_document(tab: Tab, place: str) -> None:
    tab.go(f"{place}/documents/new")
    tab.fill("What is it?", "Draft contract")
    tab.page.get_by_label("File", exact=True).set_input_files(
        {"name": "contract.txt", "mimeType": "text/plain", "buffer": b"An invented contract"}
    )
    tab.press("Add")


def approve(tab: Tab, email: str, button: str) -> None:
    """Give a code for an approval."""
    tab.fill("Code from your app", code(email))
    tab.press(button)


def confirm_notice(tab: Tab, reference: str, *, button: str = "Record the confirmation") -> None:
    """Record on the page of a notice that the central platform has published it just now."""
    now = datetime.now(LONDON)
    tab.fill("Reference of the notice", reference)
    fill_day(tab, "Day of publication", now.date())
    tab.fill("Time of publication", f"{now:%H:%M}")
    tab.press(button)


def draft_correction(tab: Tab, place: str, value: str, text: str) -> str:
    """Begin a correction of a published tender that changes one value; return its address."""
    tab.go(f"{place}/corrections")
    tab.fill("Why is the tender corrected?", "A risk was left out")
    tab.press("Begin a correction")
    tab.press("Change something")
    tab.follow(value, exact=False)
    tab.fill(value, text)
    tab.press("Write it down")
    return f"{place}/corrections/1"


def hand_in(tab: Tab, place: str, answer: str, pounds: str) -> None:
    """Begin a bid, fill in all that is asked for, and submit it."""
    tab.go(place)
    tab.press("Your bid")
    tab.press("Begin a bid")
    tab.follow("Conditions of participation")
    tab.page.locator("input[type=radio]").first.check()
    tab.page.locator("textarea").first.fill("A certificate that is renewed each spring")
    tab.press("Save")
    tab.follow("Answers to the award criteria")
    for box in tab.page.locator("textarea").all():
        box.fill(answer)
    tab.press("Save")
    tab.follow("Prices")
    for number, box in enumerate(tab.page.locator("main input[type=text]").all()):
        box.fill(pounds if number == 0 else "1.50")
    tab.press("Save")
    tab.press("Submit this bid")
    tab.page.get_by_label("I may submit this bid", exact=False).check()
    tab.press("Submit")
    assert tab.title().startswith("Receipt of bid")


def declare_no_conflict(tab: Tab, place: str) -> None:
    """Declare for every bidder that there is none."""
    tab.go(f"{place}/panel")
    declare_for_all(tab)


def declare_for_all(tab: Tab) -> None:
    """Declare on the page of a panel that there is no conflict with anybody."""
    links = tab.page.locator("a", has_text="Declare for")
    while links.count():
        with tab.page.expect_navigation():
            links.first.click()
        tab.page.get_by_label("No", exact=True).check()
        tab.press("Declare")


def score_all(tab: Tab, place: str, points: Sequence[int]) -> None:
    """Score every answer alone, one after another as the panel's page lists them."""
    tab.go(f"{place}/panel")
    links = tab.page.locator(f"main a[href*='{place}/panel/score/']")
    for number, href in enumerate([each.get_attribute("href") for each in links.all()]):
        tab.go(href)
        fill_all(tab, {"Points": str(points[number % len(points)]), "Reason": REASON})
        tab.press("Keep it")
