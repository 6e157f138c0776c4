"""What people do with a challenge and its pilot in a browser, as steps that journeys are made of."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tests.browser.pooling import fill_day
from tests.browser.tabs import Tab
from tests.browser.tendering import fill_all
from tests.challenges.piloting import ACCOUNT, LINES, STARTED
from values.years import london_today

PRODUCT: Final = "Dampometer"
# A file that shows readings; nothing reads it but people.
REPORTS: Final = "week,days\n1,40\n"
WHY: Final = "Two of three outcomes can be seen in what they wrote"
PARTS: Final = {
    "The problem, and what should be different": {
        "The problem": "Tenants report damp only once mould can be seen",
        "Who has it": "About 4,200 tenants in flats built before 1970",
        "What was tried": "A trial with 50 sensors ended when their batteries ran out",
        "Outcomes wanted": "Damp is known six weeks earlier than today",
    },
    "What there is to work with, money, and what follows": {
        "Data and interfaces that can be used": "Repairs since 2015 as a file",
        "What cannot be changed": "No camera in a home",
        "What happens after success": "The housing board decides in May",
        "Budget for a pilot, with VAT": "36,000",
    },
}
DATES: Final = {
    "Last day for questions": 14,
    "Last day for responses": 28,
    "Day by which you decide": 48,
    "First day of the pilot": 70,
    "Last day of the pilot": 170,
}


def open_part(tab: Tab, place: str, part: str) -> None:
    """Open a part of a challenge from its own page."""
    tab.go(place)
    tab.follow(part, within=tab.page.get_by_role("navigation", name="Parts of this challenge"))


def fill_parts(tab: Tab) -> None:
    """Fill in the statement from its list of parts; what a response says stays as it is proposed."""
    for part, typed in PARTS.items():
        tab.follow(part)
        fill_all(tab, typed)
        tab.press("Save")
    tab.follow("The legal route")
    tab.page.get_by_label("Competition below the threshold", exact=True).check()
    tab.fill("Why this route", "Pilot and what may follow stay below the threshold")
    tab.press("Save")
    tab.follow("Dates")
    for legend, days in DATES.items():
        fill_day(tab, legend, london_today() + timedelta(days=days))
    tab.press("Save")


def register(tab: Tab, operator: Tab, firm: str, email: str) -> None:
    """Register a firm as its first person, who opens the address in the mail."""
    fill_all(tab, {"Name of your firm": firm, "E-mail address": email})
    tab.press("Send e-mail")
    operator.go("/mail")
    letter = operator.page.locator("section", has_text=f"To {email}")
    link = letter.get_by_role("link").first.get_attribute("href")
    tab.go(str(link).removeprefix(tab.address))


def hand_in(tab: Tab) -> None:
    """Write a whole response from the page that offers to begin one, and submit it."""
    tab.press("Begin")
    for box in tab.page.locator("main textarea").all():
        box.fill("A sensor in each outer wall listens for damp, and tells the inspectors where to look")
    fill_all(
        tab,
        {
            "What your product or service is called": PRODUCT,
            "What the pilot would cost at least, with VAT": "18,000",
            "What the pilot would cost at most, with VAT": "25,000",
            "Who would do it: people and partners": "Asha and Col",
        },
    )
    tab.page.get_by_label("How far it is", exact=True).select_option("6")
    tab.press("Save the draft")
    tab.press("Submit the response")


def open_panel(tab: Tab, place: str) -> None:
    """Open the panel of the only phase."""
    open_part(tab, place, "Judging")
    tab.follow("The panel of the phase Pilot")


def fill_points(tab: Tab, points: int) -> None:
    """Give the same points for each criterion."""
    for box in tab.page.locator("main input[name^=points]").all():
        box.fill(str(points))
    for box in tab.page.locator("main textarea[name^=reason]").all():
        box.fill(WHY)


def fill_agreement(tab: Tab) -> None:
    """Fill in an agreement that was begun: what is tried, two places, what is paid, what is measured."""
    tab.follow("Say what is tried, and when")
    tab.fill("What is tried, and how", "A sensor in each outer wall of two blocks")
    tab.press("Save")
    for block in ("Block A", "Block B"):
        tab.follow("Add a place")
        tab.fill("Place", block)
        tab.page.get_by_label("Council", exact=True).select_option("LDS")
        tab.press("Add it")
    tab.follow("Add a milestone")
    fill_all(tab, {"What is reached?": "Sensors are in", "Paid then, with VAT": "12,000"})
    fill_day(tab, "By when", STARTED)
    tab.press("Add it")
    tab.follow("Add a measure")
    fill_all(
        tab,
        {
            "What is measured?": "Days until damp is known",
            "Unit": "days",
            "Baseline": "40",
            "Source of the baseline": "Repairs of last winter",
            "Target": "30",
            "Who measures?": "The repairs team",
        },
    )


def record(tab: Tab) -> None:
    """Record readings and the payment of a pilot that runs, from its page."""
    tab.follow("Record readings of Days until damp is known")
    tab.fill("Readings", LINES)
    tab.press("Record them")


def add_evidence(tab: Tab) -> None:
    """Add a file that shows all readings, from the page of their measure, for everybody to open."""
    tab.follow("Add a file of evidence")
    reports = {"name": "reports.csv", "mimeType": "text/csv", "buffer": REPORTS.encode()}
    tab.page.get_by_label("File", exact=True).set_input_files(reports)
    tab.fill("What does it show?", "The weekly reports")
    fill_day(tab, "Readings from", STARTED - timedelta(days=60))
    fill_day(tab, "Readings until", STARTED + timedelta(days=60))
    tab.page.get_by_label("Who may open it?", exact=True).select_option("public")
    tab.press("Add it")
    assert "Open the file, look for personal data" in tab.content()
    # A browser does not send a file again that a page asks for once more.
    tab.page.get_by_label("File", exact=True).set_input_files(reports)
    tab.page.get_by_label("I have opened the file, and there are no personal data in it", exact=True).check()
    tab.press("Add it")
    assert "Everybody, once published" in tab.content()


def pay(tab: Tab) -> None:
    tab.follow("Record the payment of Sensors are in")
    fill_day(tab, "Paid on", STARTED)
    tab.fill("What showed that it was reached?", "The delivery note, and a visit")
    tab.press("Record it")


def write_account(tab: Tab) -> None:
    tab.follow("Write the account")
    fill_all(
        tab,
        {
            "What came of it": str(ACCOUNT["learnt"]),
            "Harms that were seen": str(ACCOUNT["harms"]),
            "Equality impact": str(ACCOUNT["equality"]),
            "Staff hours": "120",
            "Cost in use a year": "9,000",
            "Where it does not carry over": str(ACCOUNT["carries"]),
            "Whom others can ask": str(ACCOUNT["ask_whom"]),
        },
    )
    tab.press("Save")


def take_on(tab: Tab, pilot: str) -> None:
    """Find a published result from the list of challenges, and record that the council takes it on."""
    tab.go("/challenges")
    tab.follow("Results of pilots")
    tab.follow(pilot)
    tab.press("Take it on")
    tab.page.get_by_label("How does your council get it?", exact=True).select_option("own")
    fill_all(
        tab,
        {
            "Which lawful path, in a sentence or two": "A purchase below the threshold, after three offers",
            "What it costs a year, with VAT": "9,000",
        },
    )
    fill_day(tab, "In use from", london_today() + timedelta(days=30))
    tab.press("Record it")
