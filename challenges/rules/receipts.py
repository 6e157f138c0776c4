"""A receipt of a response as a text that its firm keeps, and how such a text is read again."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from challenges.rules.responding import KIND_WORDS, Kind
from values.refusals import Refused

PURPOSE: Final = "receipts of responses"
HEADING: Final = "Buy Together: receipt of a response"
SIGNED: Final = ("Receipt", "Response", "Challenge", "What", "At", "Deadline", "SHA-256")
UNREADABLE: Final = "Paste the whole receipt, from its first line to its signature"


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What a receipt says; `sha256` is empty where nothing was handed in."""

    id: UUID
    code: str
    challenge_id: UUID
    kind: Kind
    at: datetime
    due_at: datetime
    sha256: str


def signed_text(facts: ReceiptFacts) -> str:
    """Return the lines of a receipt that its signature is of."""
    said = (
        str(facts.id),
        facts.code,
        str(facts.challenge_id),
        KIND_WORDS[facts.kind],
        facts.at.astimezone(UTC).isoformat(timespec="microseconds"),
        facts.due_at.astimezone(UTC).isoformat(timespec="microseconds"),
        facts.sha256 or "none",
    )
    return _text(dict(zip(SIGNED, said, strict=True)))


def whole_text(facts: ReceiptFacts, signature: bytes) -> str:
    """Return a receipt with its signature."""
    return f"{signed_text(facts)}Signature: {base64.b64encode(signature).decode()}\n"


def pasted(text: str) -> tuple[str, bytes]:
    """Read a receipt that somebody pasted: the text that was signed, and its signature.

    Spaces and empty lines do not matter.

    Raises:
        Refused: a line is missing or cannot be read.
    """
    lines = dict(re.findall(r"^\s*([A-Z][\w-]+):[ \t]*(\S.*?)\s*$", text.replace(HEADING, ""), re.MULTILINE))
    try:
        return _text({name: lines[name] for name in SIGNED}), base64.b64decode(
            lines["Signature"], validate=True
        )
    except (KeyError, binascii.Error) as error:
        raise Refused(UNREADABLE, "text") from error


def _text(lines: dict[str, str]) -> str:
    return "\n".join([HEADING, *(f"{name}: {said}" for name, said in lines.items()), ""])
