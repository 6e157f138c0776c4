"""A tab of a real browser: it signs people in, and complains about what a page must never do."""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

import playwright
import pytest
from pyotp.totp import TOTP

from accounts.actions.demonstration import PASSWORD, TOTP_SECRET
from accounts.rules.totp import STEP_SECONDS
from tests.browser.axe import findings
from tests.browser.service import ROOT

# The one without a window of its own does the same with less of the processor.
CHROMIUMS: Final = [Path("/usr/bin", name) for name in ("chromium-headless-shell", "chromium")]
CHROMIUM: Final = Path(os.environ.get("CHROMIUM") or next(filter(Path.exists, CHROMIUMS), CHROMIUMS[-1]))
# What the browser's own window would do besides: an address bar that opens with every tab took more of the
# processor than most pages. Of two lists that are given, Chromium takes the last; Playwright's is repeated.
WITHOUT: Final = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints"),
    *("NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"),
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    *("InitialWebUI", "Webium", "PreloadTopChromeWebUI"),
)
ARGS: Final = [
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(WITHOUT)}",
]


def _driver_starts() -> bool:
    """Whether the program that drives the browser finds the libraries that it asks for."""
    node = Path(playwright.__path__[0], "driver", "node")
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


# What a module of tests in a browser is marked with.
MARKS: Final = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.skipif(
        not _driver_starts(), reason="What drives Chromium does not start: install libatomic1"
    ),
    pytest.mark.skipif(
        not (ROOT / "node_modules").exists(), reason="node_modules is not installed: npm ci --ignore-scripts"
    ),
]
WIDTHS: Final = (1280, 360)
DRAWN: Final = "async () => { for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame); }"
# A folder to put pictures into, for looking at them.
SHOTS: Final = os.environ.get("SCREENSHOTS")
# What the console says of every answer that refuses; the page itself is checked like any other.
REFUSED: Final = "Failed to load resource: the server responded with a status of 4"
# From reading a code to its arrival at the service, on a machine that is busy.
LONGEST_POST_SECONDS: Final = 15
_steps: Counter[str] = Counter()


class Tab:
    """One tab with its own cookies."""

    def __init__(self, browser: Any, address: str, *, scripts: bool = True) -> None:
        self.address = address
        self.scripts = scripts
        self.context = browser.new_context(
            viewport={"width": WIDTHS[0], "height": 900}, java_script_enabled=scripts, base_url=address
        )
        self.context.set_default_timeout(30_000)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(REFUSED):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def go(self, path: str) -> Any:
        """Open a page; return the answer to it."""
        return self.page.goto(path)

    def title(self) -> str:
        """The title without the name of the service."""
        return self.page.title().removesuffix(" – Buy Together")

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def press(self, name: str) -> None:
        """Press a button, and wait for what it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str, *, within: Any = None, exact: bool = True) -> None:
        """Follow the first link of this name."""
        link = (within or self.page).get_by_role("link", name=name, exact=exact).first
        with self.page.expect_navigation():
            link.click()

    def sign_in(
        self, email: str, *, to: str = "/account", second_factor: bool = False, password: str = PASSWORD
    ) -> None:
        """Sign in as one of the invented people."""
        self.go(f"/sign-in?next={to}")
        self.fill("E-mail address", email)
        self.fill("Password", password)
        self.press("Sign in")
        if second_factor:
            self.fill("Code from your app", code(email))
            self.press("Continue")
        if "sign-in" in self.page.url:
            pytest.fail(f"{email} could not sign in: {self.content()}")

    def settle(self) -> None:
        """Wait until what the page asks for by itself has come."""
        if self.scripts:
            self.page.locator("[hx-trigger=load], .htmx-request").first.wait_for(state="detached")

    def content(self) -> str:
        return self.page.locator("main").inner_text()

    def facts(self) -> dict[str, str]:
        """What the summary lists of this page say."""
        rows = self.page.locator(".govuk-summary-list__row")
        keys, values = (
            rows.locator("dt").all_inner_texts(),
            rows.locator("dd:nth-of-type(1)").all_inner_texts(),
        )
        return dict(zip(keys, values, strict=True))

    def findings(self, *, again: bool = False) -> list[Any]:
        """What axe finds on this page at WCAG 2.2 AA; again, where only the width has changed."""
        return findings(self.page, again=again)

    def overflows(self) -> bool:
        """Whether the whole page scrolls sideways."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )

    def beyond(self) -> list[str]:
        """The buttons of tables that are out of sight until the table is scrolled sideways."""
        return self.page.evaluate(
            """[...document.querySelectorAll("table button")].filter(button => button.checkVisibility()
                 && button.getBoundingClientRect().right > document.documentElement.clientWidth)
               .map(button => button.innerText)"""
        )

    def check(self, name: str = "", *, axe: bool = True) -> list[str]:
        """Return what is wrong with this page in either width; take its pictures if they are wanted.

        Args:
            name: of the pictures.
            axe: whether axe is to look at it, too; without scripts, it cannot.
        """
        wrong = []
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            if self.scripts:  # what they draw is drawn again
                self.page.evaluate(DRAWN)
            if self.overflows():
                wrong.append(f"{self.page.url} scrolls sideways at {width} pixels")
            wrong += [
                f"{self.page.url}: “{button}” is out of sight at {width} pixels" for button in self.beyond()
            ]
            if self.scripts and axe:
                wrong += [
                    f"{self.page.url} at {width} pixels: {found}"
                    for found in self.findings(again=width != WIDTHS[0])
                ]
            wrong += self.complaints
            self.complaints.clear()
            self._picture(f"{name}-{width}" if name else "")
        return wrong

    def _picture(self, name: str) -> None:
        if SHOTS and name:
            self.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
            # To take a picture, Playwright puts a style into the page, which the policy stops.
            self.complaints.clear()

    def close(self) -> None:
        self.context.close()


def forget_codes() -> None:
    """Let each code count again, where the service was made to forget them too."""
    _steps.clear()


def code(email: str) -> str:
    """Return a code of a person's second factor that they have not used: each counts once.

    The service takes a code until the step after its own has passed. One that is about to end would make
    a test fail now and then, when the form arrives a moment too late.
    """
    now = time.time()
    step = max(int((now + LONGEST_POST_SECONDS) // STEP_SECONDS) - 1, _steps[email] + 1)
    # The service takes the step before this one and the one after; beyond that, time must pass.
    while step > int(time.time()) // STEP_SECONDS + 1:
        time.sleep(0.5)
    _steps[email] = step
    return TOTP(TOTP_SECRET).generate_otp(step)
