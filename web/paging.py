"""Long lists a page at a time: which page, how many lines, which order; links keep all the rest."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlencode

from web.pages import AnyRequest

PER_PAGE: Final = 50
MOST_PER_PAGE: Final = 200
# Beyond it nobody reads, and a database must still count its way there.
LAST_PAGE: Final = 100_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, whether it holds numbers, the name to sort it by (empty: none)."""

    text: str
    numeric: bool = False
    sort: str = ""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A number in the row of pages, or an ellipsis (`number` is None)."""

    number: int | None
    href: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """What the pagination macro draws; no links where all fits on one page."""

    links: Sequence[PageLink] = ()
    previous_href: str = ""
    next_href: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Which part of a list is asked for.

    Attributes:
        sort: a name from the handler's own list, never the client's text.
        kept: all other query parameters, which every link repeats.
    """

    path: str
    page: int
    per_page: int
    sort: str
    descending: bool
    default: str
    kept: Sequence[tuple[str, str]] = field(default=())
    usual_per_page: int = PER_PAGE

    @classmethod
    def of(
        cls, request: AnyRequest, *, sorts: Iterable[str], default: str, per_page: int = PER_PAGE
    ) -> Listing:
        """Read page, length and order from a request; what makes no sense is replaced by the usual.

        Args:
            request: its query may have `page`, `per_page` and `sort` ("amount", or "-amount" for descending).
            sorts: the names by which this list can be sorted.
            default: the usual order, such as "-paid_on".
            per_page: the usual number of lines.
        """
        query = request.query_params
        wanted = query.get("sort", default)
        if wanted.removeprefix("-") not in set(sorts):
            wanted = default
        return cls(
            path=request.scope["path"],
            page=_whole(query.get("page"), 1, LAST_PAGE),
            per_page=_whole(query.get("per_page"), per_page, MOST_PER_PAGE),
            sort=wanted.removeprefix("-"),
            descending=wanted.startswith("-"),
            default=default,
            kept=[(k, v) for k, v in query.items() if k not in {"page", "per_page", "sort"}],
            usual_per_page=per_page,
        )

    @property
    def offset(self) -> int:
        """How many lines come before this page."""
        return (self.page - 1) * self.per_page

    @property
    def order(self) -> str:
        """The order as an address writes it."""
        return ("-" if self.descending else "") + self.sort

    def href(self, *, page: int = 1, order: str | None = None, without: Sequence[str] = ()) -> str:
        """Return the address of this list on another page or in another order."""
        order = self.order if order is None else order
        query = [(k, v) for k, v in self.kept if k not in without]
        if order != self.default:
            query.append(("sort", order))
        if self.per_page != self.usual_per_page:
            query.append(("per_page", str(self.per_page)))
        if page != 1:
            query.append(("page", str(page)))
        return self.path + ("?" + urlencode(query) if query else "")

    def file_href(self, ending: str) -> str:
        """Return the address of the whole list as a file, such as ".csv", filtered and sorted as it is."""
        return dataclasses.replace(self, path=self.path + ending, per_page=self.usual_per_page).href()

    def sort_href(self, name: str) -> str:
        """Return the address of this list by another column, or by the same the other way round."""
        turned = name == self.sort and not self.descending
        return self.href(order=f"-{name}" if turned else name)

    def aria_sort(self, name: str) -> Literal["ascending", "descending", "none"]:
        """Say for a column's heading whether and how the list is sorted by it."""
        if name != self.sort:
            return "none"
        return "descending" if self.descending else "ascending"

    def pages(self, total: int) -> Pages:
        """Return the links to the other pages of a list with `total` lines."""
        last = min(max(1, -(-total // self.per_page)), LAST_PAGE)
        if last == 1 and self.page == 1:
            return Pages()
        here = min(self.page, last)
        near = sorted({1, last, *range(max(1, here - 1), min(last, here + 1) + 1)})
        links: list[PageLink] = []
        before = 0
        for number in near:
            if number == before + 2:
                links.append(PageLink(number - 1, self.href(page=number - 1)))
            elif number > before + 1:
                links.append(PageLink(None))
            links.append(PageLink(number, self.href(page=number), number == self.page))
            before = number
        return Pages(
            links,
            self.href(page=here - 1) if here > 1 else "",
            self.href(page=here + 1) if here < last else "",
        )

    def shown(self, total: int) -> Mapping[str, int]:
        """Return the numbers of the first and the last line on this page, for "Lines 51 to 100 of 312"."""
        first = min(self.offset + 1, total)
        return {"first": first, "last": min(self.offset + self.per_page, total), "total": total}


def _whole(text: str | None, usual: int, most: int) -> int:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        return usual
    return min(max(int(text), 1), most)
