"""Identifiers: of processes and parties, and who gives them out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from values import registers
from values.refusals import Refused

# Six letters that nobody was given: the default is a placeholder, and must not look registered.
PLACEHOLDER: Final = "ocds-xxxxxx"
_PREFIX: Final = re.compile(r"ocds-[a-z0-9]{6}")
# Those of Find a Tender, Contracts Finder and Public Contracts Scotland: never ours to give out ids under.
TAKEN: Final = frozenset({"ocds-h6vhtk", "ocds-b5fd17", "ocds-r6ebe6"})
_NOTICE: Final = re.compile(r"\d{6}-\d{4}")


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes the data.

    Attributes:
        prefix: of every ocid, as registered with the Open Contracting Partnership, or the placeholder.
        address: where the service is reached; links in the data begin with it.
    """

    prefix: str
    address: str
    name: str = "Buy Together"


def check_prefix(prefix: str) -> str:
    """Return a prefix that ocids may begin with.

    Raises:
        Refused: it is not of the form that is given out, or it is somebody else's.
    """
    if not _PREFIX.fullmatch(prefix):
        raise Refused("An ocid prefix is “ocds-” and six small letters or digits, as it was registered.")
    if prefix in TAKEN:
        raise Refused(f"The ocid prefix {prefix} is another publisher's.")
    return prefix


def is_registered(prefix: str) -> bool:
    """Tell whether the prefix claims to be registered: all but the placeholder do."""
    return prefix != PLACEHOLDER


def ocid(publisher: Publisher, tender_id: UUID) -> str:
    """Return the identifier of a contracting process."""
    return f"{publisher.prefix}-{tender_id}"


def tender_of(publisher: Publisher, text: str) -> UUID | None:
    """Return the tender that an ocid of ours is of, or None where it is none of ours."""
    start = f"{publisher.prefix}-"
    try:
        found = UUID(text.removeprefix(start)) if text.startswith(start) else None
    except ValueError:
        return None
    return found if found and text == ocid(publisher, found) else None


def party(code: str) -> str:
    """Return the identifier of a council within a release."""
    return f"GB-LAE-{code}"


def supplier(supplier_id: str) -> str:
    """Return the identifier of a supplier within releases: ours, as it may declare numbers later."""
    return f"supplier-{supplier_id}"


def is_ppon(identifier: str) -> bool:
    """Tell whether a buyer's identifier is a number of the central platform."""
    return registers.ppon(identifier) == identifier


def notice_url(reference: str) -> str | None:
    """Return where the central platform shows a notice, if the reference is one of its own."""
    if not _NOTICE.fullmatch(reference):
        return None
    return f"https://www.find-tender.service.gov.uk/Notice/{reference}"
