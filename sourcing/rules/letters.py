"""The words of mail about saved searches, and that something waits.

They name what everybody may read, and the search; of partners and of joint bids not even that: operators see
who gets mail.
"""

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


def invited(address: str, secret: str) -> Letter:
    """Return the mail that asks somebody whom this service may not know into a bid."""
    return Letter(
        "Something waits for your organisation at Buy Together",
        "Another supplier would like to work with your organisation. What it is about, and who asks, you "
        "read once you are signed in for a supplier:\n\n"
        f"{address}/invited/{secret}\n\n"
        f"If your organisation has no account yet, it registers first, free of charge: {address}/register\n"
        "Keep the address above to yourself: whoever of a supplier takes it up first has it. Nobody needs to "
        "answer.\n",
    )


def waiting(address: str) -> Letter:
    """Return the mail that tells a supplier to look: the same for joint bids as for partners."""
    return Letter(
        "Something waits for your organisation at Buy Together",
        "Another supplier has written to your organisation, or answered it. What it is about stands on the "
        "pages alone, for your own people:\n\n"
        f"Bids, and being asked to join one: {address}/bids\n"
        f"Looking for partners: {address}/partners\n\n"
        "Nobody needs to answer.\n",
    )
