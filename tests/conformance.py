"""What every HTML page must be; the test client calls it on each page that it fetches.

`check_page(html)` raises AssertionError with all that is wrong, in words. `parse(html)` gives the small tree
that it works on, for tests that look at structure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset(
    "area base br col embed hr img input link meta source track wbr".split()  # noqa: SIM905 -- reads better
)
UNLABELLED: Final = frozenset({"hidden", "submit", "button", "reset", "image"})
REFERENCES: Final = ("aria-describedby", "aria-labelledby", "aria-controls")


@dataclass(eq=False)
class Node:
    """An element; text is a child too, as str. A page is walked once: it stays as it was read."""

    tag: str
    attrs: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Node]:
        """Walk this element and all below it, in the order of the page."""
        return iter(self._walked)

    @cached_property
    def _walked(self) -> list[Node]:
        found, waiting = [], [self]
        while waiting:
            node = waiting.pop()
            found.append(node)
            waiting += [child for child in reversed(node.children) if isinstance(child, Node)]
        return found

    def all(self, *tags: str) -> list[Node]:
        """Return the elements of these kinds: this one and those below it."""
        return [node for node in self._walked if node.tag in tags]

    @cached_property
    def text(self) -> str:
        """All text inside, spaces run together."""
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join(" ".join(parts).split())

    @cached_property
    def classes(self) -> list[str]:
        return self.attrs.get("class", "").split()

    def named(self, name: str) -> list[Node]:
        """Return the elements with this class: this one and those below it."""
        return [node for node in self._walked if name in node.classes]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.open = [self.root]
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        twice = [name for name, number in Counter(name for name, _ in attrs).items() if number > 1]
        if twice:
            self.wrong.append(f"<{tag}> has an attribute twice: {', '.join(twice)}")
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.open[-1].tag != tag:
            self.wrong.append(f"</{tag}> closes <{self.open[-1].tag}>")
            while len(self.open) > 1 and self.open[-1].tag != tag:
                self.open.pop()
        if len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> Node:
    """Return the tree of a page or a fragment."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


def check_page(html: str) -> None:
    """Check a whole page."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    page = builder.root
    wrong = [*builder.wrong, *(f"<{node.tag}> is never closed" for node in builder.open[1:])]
    wrong += [*_head(html, page), *_whole(page), *_common(page)]
    assert not wrong, "The page is not as it must be:\n- " + "\n- ".join(wrong)


def check_fragment(html: str) -> None:
    """Check a part of a page that was sent alone."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    wrong = [*builder.wrong, *_common(builder.root, alone=True)]
    assert not wrong, "The fragment is not as it must be:\n- " + "\n- ".join(wrong)


def _head(html: str, page: Node) -> Iterator[str]:
    if not html.lstrip().lower().startswith("<!doctype html>"):
        yield "it does not begin with <!DOCTYPE html>"
    if not any(node.attrs.get("lang") for node in page.all("html")):
        yield "<html> has no lang"
    if not any(node.attrs.get("name") == "viewport" for node in page.all("meta")):
        yield "it has no viewport"
    headings = page.all("h1")
    if len(headings) != 1:
        yield f"it has {len(headings)} h1: {[node.text for node in headings]}"
        return
    # A title inside an SVG names the drawing, not the page.
    titles = [title.text for head in page.all("head") for title in head.all("title")]
    if len(titles) != 1:
        yield f"it has {len(titles)} titles"
        return
    bare = titles[0].removeprefix("Error: ")
    if not headings[0].text or not bare.startswith(headings[0].text):
        yield f"the title {titles[0]!r} does not start with the heading {headings[0].text!r}"
    failed = bool(page.named("govuk-error-summary"))
    if failed and not titles[0].startswith("Error: "):
        yield "it has an error summary, but the title does not start with 'Error: '"


def _whole(page: Node) -> Iterator[str]:
    if len(page.all("main")) != 1:
        yield "it has not exactly one main"
    skips = [node for node in page.named("govuk-skip-link") if node.attrs.get("href") == "#main-content"]
    if len(skips) != 1:
        yield "it has not exactly one skip link to #main-content"
    yield from _summary(page)
    before = 0
    for heading in page.all("h1", "h2", "h3", "h4", "h5", "h6"):
        level = int(heading.tag[1])
        # The error summary and the notice stand before the h1, as GOV.UK puts them.
        aside = {"govuk-error-summary__title", "govuk-notification-banner__title"} & set(heading.classes)
        if not aside:
            if before and level > before + 1:
                yield f"<{heading.tag}> {heading.text!r} follows an h{before}"
            before = level
        if not heading.text:
            yield f"<{heading.tag}> is empty"


def _summary(page: Node) -> Iterator[str]:
    summaries = page.named("govuk-error-summary")
    if len(summaries) > 1:
        yield "it has more than one error summary"
    linked = {link.attrs.get("href", "") for summary in summaries for link in summary.all("a")}
    for message in page.named("govuk-error-message"):
        name = message.attrs.get("id", "").removesuffix("-error")
        if not any(link == f"#{name}" or link.startswith(f"#{name}-") for link in linked):
            yield f"the error at {name!r} is not in the error summary"


def _common(page: Node, *, alone: bool = False) -> Iterator[str]:
    ids = Counter(node.attrs["id"] for node in page if node.attrs.get("id") is not None)
    yield from (f"the id {name!r} stands {number} times" for name, number in ids.items() if number > 1)
    yield from (f"the id {name!r} has a space or is empty" for name in ids if not name or " " in name)
    for node in page:
        yield from _inline(node)
        for name in REFERENCES:
            for target in node.attrs.get(name, "").split():
                if target not in ids and not alone:
                    yield f"{name}={target!r} of <{node.tag}> leads nowhere"
    yield from _links(page, ids, alone=alone)
    yield from _forms(page)
    for table in page.all("table"):
        if not table.all("caption"):
            yield "a table has no caption"
        if any(not cell.attrs.get("scope") for cell in table.all("th")):
            yield "a table's heading has no scope"
    yield from (f"<img> {n.attrs.get('src')!r} has no alt" for n in page.all("img") if "alt" not in n.attrs)


def _inline(node: Node) -> Iterator[str]:
    """What the content-security policy forbids."""
    if node.tag == "style" or "style" in node.attrs:
        yield f"<{node.tag}> has an inline style"
    if node.tag == "script" and (node.text or not node.attrs.get("src", "").startswith("/static/")):
        yield "a script is inline or does not come from /static/"
    for name, value in node.attrs.items():
        if name.startswith(("on", "hx-on")):
            yield f"<{node.tag}> has {name}, which the policy stops"
        if value.strip().lower().startswith("javascript:"):
            yield f"<{node.tag}> has {name} with a script in it"
        if name.startswith("hx-") and value.strip().startswith("js:"):
            yield f"<{node.tag}> has {name} with a script in it"


def _links(page: Node, ids: Counter[str], *, alone: bool) -> Iterator[str]:
    for link in page.all("a"):
        href = link.attrs.get("href", "")
        if not href or href == "#":
            yield f"the link {link.text!r} leads nowhere"
        if href.startswith("#") and href[1:] not in ids and not alone:
            yield f"the link {link.text!r} leads to {href}, which is not on the page"
        if not link.text and not link.attrs.get("aria-label") and not link.all("img", "svg"):
            yield f"the link to {href!r} has no text"
    for button in page.all("button"):
        if not button.text and not button.attrs.get("aria-label"):
            yield "a button has no text"


def _forms(page: Node) -> Iterator[str]:
    yield from _labels(page)
    for form in page.all("form"):
        if not form.attrs.get("action"):
            yield "a form has no action"
        if form.attrs.get("method", "").lower() not in {"get", "post"}:
            yield "a form has no method"
        has_file = any(entry.attrs.get("type") == "file" for entry in form.all("input"))
        if has_file and form.attrs.get("enctype") != "multipart/form-data":
            yield "a form with a file is not sent as multipart/form-data"
    for group in page.all("fieldset"):
        if not group.all("legend"):
            yield "a fieldset has no legend"


def _labels(page: Node) -> Iterator[str]:
    labelled = {label.attrs.get("for") for label in page.all("label")}
    for label in page.all("label"):
        if not label.text:
            yield f"the label for {label.attrs.get('for')!r} is empty"
    for entry in page.all("input", "select", "textarea"):
        named = entry.attrs.get("id") in labelled or entry.attrs.get("aria-label")
        if not named and not (entry.tag == "input" and entry.attrs.get("type") in UNLABELLED):
            yield f"<{entry.tag} name={entry.attrs.get('name')!r}> has no label"
