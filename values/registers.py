"""Numbers that registers give out, beside those of Companies House (`analytics.names.company_number`)."""

from __future__ import annotations

import re
from typing import Final

# Public procurement organisation numbers of the central platform: P, then letters, digits, letters. It draws
# from fewer letters and from the digits 1 to 9; its own search takes all, and so do we.
_PPON: Final = re.compile(r"(P[A-Z]{3})-?(\d{4})-?([A-Z]{4})")
# Registers of charities: Scotland, Northern Ireland, and England and Wales, by org-id.guide's codes.
_CHARITIES: Final = (
    ("GB-SC", re.compile(r"SC\d{6}")),
    ("GB-NIC", re.compile(r"NIC\d{6}")),
    ("GB-CHC", re.compile(r"\d{6,7}")),
)


def ppon(text: str) -> str | None:
    """Return a number of the central platform as it writes them, or None where the text is none."""
    match = _PPON.fullmatch(_compact(text))
    return "-".join(match.groups()) if match else None


def charity(text: str) -> tuple[str, str] | None:
    """Return the register of a charity's number and the number, or None where the text is none."""
    compact = _compact(text).replace("-", "")
    return next(((scheme, compact) for scheme, form in _CHARITIES if form.fullmatch(compact)), None)


def _compact(text: str) -> str:
    return "".join(text.upper().split())
