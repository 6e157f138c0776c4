"""A receipt as a text that its bidder keeps, and how such a text is read again."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from tenders.rules.bidding.standing import RECEIPT_WORDS, ReceiptKind
from values.refusals import Refused

PURPOSE: Final = "receipts of bids"
HEADING: Final = "Buy Together: receipt of a bid"
SIGNED: Final = ("Receipt", "Bid", "Tender", "What", "At", "Deadline", "SHA-256")
UNREADABLE: Final = "Paste the whole receipt, from its first line to its signature"


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What a receipt says; `sha256` is empty where nothing was handed in."""

    id: UUID
    bid_code: str
    tender_id: UUID
    kind: ReceiptKind
    at: datetime
    due_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """A receipt as somebody pasted it: the text that was signed, its signature, and two of its lines."""

    signed: str
    signature: bytes
    id: UUID
    sha256: bytes | None


def signed_text(facts: ReceiptFacts) -> str:
    """Return the lines of a receipt that its signature is of."""
    said = (
        str(facts.id),
        facts.bid_code,
        str(facts.tender_id),
        RECEIPT_WORDS[facts.kind],
        facts.at.astimezone(UTC).isoformat(timespec="microseconds"),
        facts.due_at.astimezone(UTC).isoformat(timespec="microseconds"),
        facts.sha256 or "none",
    )
    return _text(dict(zip(SIGNED, said, strict=True)))


def whole_text(facts: ReceiptFacts, signature: bytes) -> str:
    """Return a receipt with its signature."""
    return f"{signed_text(facts)}Signature: {base64.b64encode(signature).decode()}\n"


def pasted(text: str) -> Pasted:
    """Read a receipt that somebody pasted; spaces and empty lines do not matter.

    Raises:
        Refused: a line is missing or cannot be read.
    """
    lines = dict(re.findall(r"^\s*([A-Z][\w-]+):[ \t]*(\S.*?)\s*$", text.replace(HEADING, ""), re.MULTILINE))
    try:
        signed = _text({name: lines[name] for name in SIGNED})
        signature = base64.b64decode(lines["Signature"], validate=True)
        receipt_id = UUID(lines["Receipt"])
        digest = None if lines["SHA-256"] == "none" else bytes.fromhex(lines["SHA-256"])
    except (KeyError, ValueError, binascii.Error) as error:
        raise Refused(UNREADABLE, "text") from error
    return Pasted(signed, signature, receipt_id, digest)


def _text(lines: dict[str, str]) -> str:
    return "\n".join([HEADING, *(f"{name}: {said}" for name, said in lines.items()), ""])
