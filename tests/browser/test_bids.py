"""A supplier finishes its bid for the invented tender and submits it; the buyers learn nothing of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from tests.browser.tabs import MARKS, Tab

SUPPLIER, OFFICER = "supplier@example.org", "officer.leeds@example.org"
PUBLISHED = "Housing repairs online"

pytestmark = MARKS


def test_a_supplier_finishes_its_draft_and_keeps_a_receipt_that_is_verified(
    tab: Tab, open_tab: Callable[..., Tab]
):
    wrong: list[str] = []
    name = tab.scripts
    tab.sign_in(SUPPLIER, to="/bids")
    tab.follow(PUBLISHED)
    assert tab.title().startswith("Your bid")
    wrong += tab.check(f"bid-{name}")
    tab.follow("Conditions of participation")
    wrong += tab.check(f"bid-conditions-{name}")
    tab.press("Save")
    tab.follow("Answers to the award criteria")
    boxes = tab.page.locator("textarea")
    for number in range(boxes.count()):
        boxes.nth(number).fill(f"An invented answer, number {number + 1}")
    wrong += tab.check(f"bid-answers-{name}")
    tab.press("Save")
    tab.follow("Prices")
    sums = tab.page.locator("input[type=text]")
    for number in range(sums.count()):
        sums.nth(number).fill("a lot" if number == 0 else f"{number}.50")
    tab.press("Save")
    assert tab.title().startswith("Error: Prices")
    wrong += tab.check(f"bid-prices-error-{name}")
    sums.first.fill("12,000")
    tab.press("Save")
    tab.follow("Files")
    tab.page.get_by_label("File", exact=True).set_input_files(
        {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"An invented plan"}
    )
    tab.press("Add this file")
    assert "plan.txt" in tab.content()
    wrong += tab.check(f"bid-files-{name}")
    tab.follow("Back to your bid")
    again = tab.page.get_by_role("button", name=re.compile("Submit"))
    with tab.page.expect_navigation():
        again.click()
    tab.page.get_by_label(re.compile("I may submit this bid")).check()
    wrong += tab.check(f"bid-submit-{name}")
    tab.press("Submit")
    assert tab.title().startswith("Receipt of bid")
    wrong += tab.check(f"receipt-{name}")
    digest = tab.page.locator("p.app-hash").inner_text()
    with tab.page.expect_download() as arriving:
        tab.page.get_by_role("link", name="Download what was submitted as JSON").click()
    assert hashlib.sha256(Path(arriving.value.path()).read_bytes()).hexdigest() == digest
    text = tab.page.locator("pre").inner_text()
    anybody = open_tab(scripts=tab.scripts)
    anybody.go("/receipts")
    anybody.fill("The whole receipt", text)
    anybody.press("Check it")
    assert "This receipt is genuine" in anybody.content()
    wrong += anybody.check(f"receipts-{name}")
    tab.follow("Back to your bid")
    tab.follow("Withdraw your bid")
    wrong += tab.check(f"bid-withdraw-{name}")
    tab.press("Withdraw the bid")
    assert "Your bid was withdrawn" in tab.content()
    assert wrong == []


def test_before_the_deadline_the_buyers_see_no_bid_and_can_move_the_deadline(tab: Tab):
    tab.sign_in(OFFICER, to="/tenders")
    tab.follow(PUBLISHED)
    tab.follow("Bids")
    assert "nobody learns who bids" in tab.content()
    wrong = tab.check(f"bids-{tab.scripts}")
    tab.follow("Move the deadline to later, for all")
    tab.press("Move the deadline for all")
    assert tab.title().startswith("Error: Move the deadline")
    wrong += tab.check(f"extend-error-{tab.scripts}")
    assert wrong == []
