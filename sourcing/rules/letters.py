"""The words of mail about saved searches. They name what everybody may read, and the search."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.rules.letters import Letter

# More lines than anybody reads in a mail; the page has all.
MOST_LINES = 30


def found(
    *, name: str, kind: str, lines: Sequence[tuple[str, str]], search_href: str, stop_href: str, address: str
) -> Letter:
    """Return the mail that tells what a search found; `lines` are titles and addresses."""
    one = len(lines) == 1
    what = f"{len(lines)} new {kind.rstrip('s') if one else kind}"
    told = "".join(f"- {' '.join(title.split())}\n  {address}{href}\n" for title, href in lines[:MOST_LINES])
    more = f"and {len(lines) - MOST_LINES} more.\n" if len(lines) > MOST_LINES else ""
    return Letter(
        f"{what}: {' '.join(name.split())}"[:200],
        f"Your saved search “{name}” found {what}:\n\n{told}{more}\n"
        f"The search: {address}{search_href}\n\n"
        f"To stop this mail, without signing in: {address}{stop_href}\n",
    )
