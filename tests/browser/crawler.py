"""Walk all pages that a person can reach by links, one of each kind."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.browser.axe import keep_ready
from tests.browser.tabs import Tab
from tests.conformance import Node, parse

# Addresses that answer with something to keep, not with a page.
DOWNLOAD = re.compile(r"\.(csv|json|gz|txt|ics)$|/(original|text|file)$")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Addresses of one thing of many: one of each kind stands for all.
ONE_OF_MANY = re.compile(r"^/(market|bodies|reorganisation|law)/(?!by-supplier|choices)[A-Za-z0-9-]+")


# What assistive technology is told of an element's state.
STATES = frozenset(
    f"aria-{state}"
    for state in ("busy", "checked", "current", "expanded", "hidden", "invalid", "live", "pressed", "sort")
)


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
        checked: how parts of pages are made, with their words and without, that were looked at before,
            whoever saw them; added to. Axe takes its time, and finds the same where a page is made the same:
            other words can only take more room than there is.
        start: where to begin.
    """
    keep_ready(tab.context)
    found, waiting, known = Crawl(), deque([start]), {kind_of(start)}
    while waiting:
        address = waiting.popleft()
        download = DOWNLOAD.search(urlsplit(address).path)
        answer = tab.context.request.get(address) if download else tab.go(address)
        if not answer.ok:
            found.wrong.append(f"{address} answers {answer.status}")
            continue
        if download:
            continue
        kind = kind_of(address)
        found.pages[kind] = address
        page = parse(answer.text())
        parts = page.all("main", "header", "nav")
        said, made = {_said(part) for part in parts}, {_made(part) for part in parts}
        tab.settle()
        if not said <= checked:
            found.wrong += tab.check(re.sub(r"[^a-z0-9*]+", "-", f"{who}{kind}"), axe=bool(made - checked))
            checked |= said | made
        for link in page.all("a"):
            href = link.attrs["href"]
            if href.startswith("/") and kind_of(href) not in known:
                known.add(kind_of(href))
                waiting.append(href)
    return found


def _said(node: Node) -> str:
    """Return a part of a page: its elements, and its words."""
    made = [(each.tag, each.attrs.get("class", ""), each.attrs.get("role", "")) for each in node]
    return UUID.sub("*", f"{made}{node.text}")


def _made(node: Node) -> str:
    """Return how a part of a page is made: what axe looks at but for colours, without the words.

    Rows that are made alike count once.
    """
    about = [(name, _kept(name, value)) for name, value in sorted(node.attrs.items())]
    inside: list[str] = []
    for child in node.children:
        one = ("words" if child.strip() else "") if isinstance(child, str) else _made(child)
        if one and one not in inside[-1:]:
            inside.append(one)
    return f"{node.tag}{about}({' '.join(inside)})"


def _kept(name: str, value: str) -> str:
    """Return what matters of an attribute: its class or role, but not where it leads or what it says."""
    if name in ("class", "role", "type", "lang", "scope", "tabindex", "autocomplete") or name in STATES:
        return value
    return "" if not value.strip() else "said"
