"""The words of mail about notices: what a page behind the sign-in says, and nothing that only it may say."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.rules.letters import Letter


def one_notice(*, about: str, title: str, text: str, href: str, address: str) -> Letter:
    """Return the mail that tells of one thing; `about` says whose title it is."""
    return Letter(
        f"{_line(title)}: {_line(text)}"[:200],
        f"{text}\n\n{about}: {title}\n\nTo read more, open this address and sign in:\n\n{address}{href}\n\n"
        + _choose(address),
    )


def summary(*, name: str, lines: Sequence[tuple[str, str]], count: int, address: str) -> Letter:
    """Return the mail that tells of a day.

    `lines` are titles of pools, needs and tenders with what there is to tell, the first of `count` notices.
    """
    more = f"\nand {count - len(lines)} more.\n" if count > len(lines) else ""
    told: dict[str, list[str]] = {}
    for title, text in lines:
        told.setdefault(title, []).append(text)
    parts = [f"{title}\n" + "".join(f"- {text}\n" for text in texts) for title, texts in told.items()]
    return Letter(
        f"Buy Together: {count} notice" + ("s" if count != 1 else ""),
        f"Dear {name},\n\nthis is new since the last summary.\n\n"
        + "\n".join(parts)
        + more
        + f"\nTo read more, open this address and sign in:\n\n{address}/notices\n\n"
        + _choose(address),
    )


def _choose(address: str) -> str:
    return f"To choose how much mail you get: {address}/notices/settings\n"


def _line(text: str) -> str:
    """Return a text in one line, as a subject must be."""
    return " ".join(text.split())
