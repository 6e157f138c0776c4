"""Walk all pages that a person can reach by links, one of each kind."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.browser.tabs import Tab
from tests.conformance import Node, parse

# Addresses that answer with something to keep, not with a page.
DOWNLOAD = re.compile(r"\.(csv|json|gz|txt|ics)$|/(original|text)$")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Addresses of one thing of many: one of each kind stands for all.
ONE_OF_MANY = re.compile(r"^/(market|bodies|reorganisation|law)/(?!by-supplier|choices)[A-Za-z0-9-]+")


def kind_of(address: str) -> str:
    """Return what an address has in common with all others that one handler answers."""
    return ONE_OF_MANY.sub(r"/\1/*", UUID.sub("*", urlsplit(address).path))


@dataclass
class Crawl:
    """What a walk found.

    Attributes:
        pages: kind → address of the page that stood for it.
        wrong: what was wrong, in words, with its address.
    """

    pages: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def crawl(tab: Tab, who: str, checked: set[str], start: str = "/") -> Crawl:
    """Visit and check each kind of page that links lead to.

    Args:
        tab: signed in or not.
        who: for the names of pictures.
        checked: parts of pages that were looked at before, whoever saw them; added to. Axe takes its time,
            and finds the same where the page is the same.
        start: where to begin.
    """
    found, waiting, known = Crawl(), deque([start]), {kind_of(start)}
    while waiting:
        address = waiting.popleft()
        answer = tab.context.request.get(address)
        if not answer.ok:
            found.wrong.append(f"{address} answers {answer.status}")
            continue
        if DOWNLOAD.search(urlsplit(address).path):
            continue
        kind = kind_of(address)
        found.pages[kind] = address
        page = parse(answer.text())
        parts = {_made(part) for part in page.all("main", "header", "nav")}
        if not parts <= checked:
            tab.go(address)
            tab.settle()
            found.wrong += tab.check(re.sub(r"[^a-z0-9*]+", "-", f"{who}{kind}"))
            checked |= parts
        for link in page.all("a"):
            href = link.attrs["href"]
            if href.startswith("/") and kind_of(href) not in known:
                known.add(kind_of(href))
                waiting.append(href)
    return found


def _made(node: Node) -> str:
    """Return how a part of a page is made: elements, attributes that matter to axe, and text."""
    made = [(each.tag, each.attrs.get("class", ""), each.attrs.get("role", "")) for each in node]
    return UUID.sub("*", f"{made}{node.text}")
