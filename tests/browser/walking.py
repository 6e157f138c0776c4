"""The people who walk a journey together, each in a tab of their own."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from tests.browser.pooling import APPROVERS, OFFICERS
from tests.browser.tabs import Tab

OPERATOR = "operator@example.org"


class Walk:
    """The people of councils and firms, what they walk, and what was wrong with the pages they came by.

    Attributes:
        kind: what is walked, for the names of pictures.
        mark: what tells this walk from others in the same service.
        place: the address of what is walked.
    """

    def __init__(
        self, open_tab: Callable[..., Tab], home: Path, *, kind: str, title: str, scripts: bool
    ) -> None:
        self.home, self.open_tab, self.kind, self.scripts = home, open_tab, kind, scripts
        self.mark = secrets.token_hex(3)
        self.title = f"{title} {self.mark}"
        self.place = ""
        self.wrong: list[str] = []
        self.tabs: dict[str, Tab] = {}

    def tab(self, email: str, *, password: str | None = None) -> Tab:
        """The tab of somebody, who signs in when they are first needed."""
        if email not in self.tabs:
            tab = self.tabs[email] = self.open_tab(scripts=self.scripts)
            more = {"password": password} if password else {}
            tab.sign_in(email, second_factor=email in (OPERATOR, *APPROVERS.values()), **more)
        return self.tabs[email]

    def stranger(self, name: str) -> Tab:
        """The tab of somebody who has not signed in, under a name that they are called by."""
        if name not in self.tabs:
            self.tabs[name] = self.open_tab(scripts=self.scripts)
        return self.tabs[name]

    @property
    def officer(self) -> Tab:
        return self.tab(OFFICERS["Leeds"])

    def look(self, tab: Tab, name: str) -> None:
        """Keep what is wrong with this page; it is asserted at the end, so that one page hides no other."""
        tab.settle()
        self.wrong += tab.check(f"{self.kind}-{name}-{tab.scripts}")
