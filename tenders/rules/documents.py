"""Which files a tender takes, and how they are handed out again."""

from __future__ import annotations

from typing import Final

from values.refusals import Refused

MOST_BYTES: Final = 20_000_000
MOST_DOCUMENTS: Final = 50
KIND_WORDS: Final = {
    "pdf": "PDF",
    "docx": "Word",
    "odt": "OpenDocument text",
    "xlsx": "Excel",
    "ods": "OpenDocument spreadsheet",
    "text": "Text",
}


def check_room(there: int) -> None:
    """Refuse one document too many.

    Raises:
        Refused: there are as many as a tender takes.
    """
    if there >= MOST_DOCUMENTS:
        raise Refused(f"A tender takes {MOST_DOCUMENTS} documents. Remove one, or join some.", "files")
