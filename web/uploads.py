"""Files that people send: read as they arrive, checked by size and by content, never held whole in memory.

    async with uploads.received(request, folder, most_bytes=200_000_000, takes=frozenset({"text", "gzip"})) as
    sent: sent.fields["note"]; sent.files[0].path

The files are in the folder until the block ends. What the browser says of a file's type is not believed, and
its name is only ever shown, never used as a path.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, Protocol

from litestar.exceptions import ClientException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from multipart import (
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from web.filters import size as readable_size
from web.pages import AnyRequest

Kind = Literal["text", "gzip", "zip", "xlsx", "docx", "ods", "odt", "xls", "pdf", "html", "unknown"]
# Kinds of a document: nothing that a browser would run, and nothing with an archive inside.
DOCUMENT_KINDS: Final[frozenset[Kind]] = frozenset({"pdf", "docx", "odt", "xlsx", "ods", "text"})
SNIFFED_BYTES: Final = 4096
FIELD_BYTES: Final = 100_000
MOST_PARTS: Final = 50
NAME_CHARACTERS: Final = 200
KIND_NAMES: Final = {
    "text": "CSV",
    "gzip": "CSV packed with gzip",
    "zip": "ZIP",
    "xlsx": "Excel (XLSX)",
    "docx": "Word (DOCX)",
    "ods": "OpenDocument spreadsheet (ODS)",
    "odt": "OpenDocument text (ODT)",
    "xls": "Excel 97 (XLS)",
    "pdf": "PDF",
    "html": "a web page",
}


class Taking(Protocol):
    """Where the bytes of a file go as they arrive."""

    def write(self, content: bytes, /) -> object:
        """Take the next bytes."""

    def close(self) -> None:
        """Take none any more."""


def _plainly(path: Path) -> Taking:
    return path.open("wb")


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that arrived.

    Attributes:
        field: the name of the form field.
        name: as the sender's computer calls it, without folders; for showing only.
        kind: found out from the content.
        sha256: of the content, in hexadecimal.
    """

    field: str
    name: str
    kind: Kind
    size: int
    sha256: str
    path: Path


@dataclass(slots=True)
class Sent:
    """All that one form sent."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[SentFile] = field(default_factory=list)


def kind_of(start: bytes) -> Kind:
    """Return what kind of file begins with these bytes (some thousands are enough)."""
    if start.startswith(b"\x1f\x8b"):
        return "gzip"
    if start.startswith(b"%PDF-"):
        return "pdf"
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    if start.startswith(b"PK\x03\x04"):
        return _kind_of_archive(start)
    return _kind_of_text(start)


def _kind_of_archive(start: bytes) -> Kind:
    kinds: tuple[tuple[bytes, bytes, Kind], ...] = (
        (b"opendocument.spreadsheet", start[:200], "ods"),
        (b"opendocument.text", start[:200], "odt"),
        (b"word/", start, "docx"),
        (b"xl/", start, "xlsx"),
        (b"[Content_Types].xml", start, "xlsx"),
    )
    for mark, place, kind in kinds:
        if mark in place:
            return kind
    return "zip"


def _kind_of_text(start: bytes) -> Kind:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"  # UTF-16, in which every other byte may be zero
    if b"\0" in start:
        return "unknown"
    control = sum(byte < 32 and byte not in b"\t\n\v\f\r\x1a\x1b" for byte in start)
    if control > len(start) // 100:
        return "unknown"
    first = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:14].lower()
    return "html" if first.startswith((b"<!doctype html", b"<html")) else "text"


@asynccontextmanager
async def received(
    request: AnyRequest,
    folder: Path,
    *,
    most_bytes: int,
    takes: frozenset[Kind],
    taking: Callable[[Path], Taking] = _plainly,
) -> AsyncGenerator[Sent, None]:
    """Read a multipart form into files of a private folder, which are gone when the block ends.

    The handler needs `request_max_body_size=None`; the limit is kept here, while reading.

    Args:
        request: its body must not have been read.
        folder: where there is room for `most_bytes`.
        most_bytes: of the whole form.
        takes: the kinds of file that are welcome; an empty file is left out.
        taking: opens what a file is written to, so that it can be encrypted before it reaches the disk.

    Raises:
        RequestEntityTooLarge: more was sent (413).
        ClientException: it is no multipart form, breaks off, or a file is of another kind (400).
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise ClientException("The form was not sent as a form with files.")
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most_bytes:
        raise _too_large(most_bytes)
    with tempfile.TemporaryDirectory(dir=folder, prefix="upload-") as private:
        reading = _Reading(Path(private), most_bytes, takes, taking)
        try:
            with PushMultipartParser(options["boundary"], max_segment_count=MOST_PARTS) as parser:
                async for chunk in request.stream():
                    reading.count(chunk)
                    for event in parser.parse(chunk):
                        reading.take(event)
        except ParserLimitReached as error:
            raise ClientException("The form has too many parts.") from error
        except MultipartError as error:
            raise ClientException("The form broke off before its end, or is not whole.") from error
        finally:
            reading.close()
        yield reading.sent


def _too_large(most_bytes: int) -> RequestEntityTooLarge:
    return RequestEntityTooLarge(detail=f"The most that can be sent at once is {readable_size(most_bytes)}.")


class _Reading:
    """Where the reading of one form stands."""

    def __init__(
        self, folder: Path, most_bytes: int, takes: frozenset[Kind], taking: Callable[[Path], Taking]
    ) -> None:
        self.sent = Sent()
        self._folder = folder
        self._most_bytes = most_bytes
        self._takes = takes
        self._taking = taking
        self._total = 0
        self._segment: MultipartSegment | None = None
        self._value = bytearray()
        self._start = b""
        self._hash = hashlib.sha256()
        self._path = folder
        self._file: Taking | None = None

    def count(self, chunk: bytes) -> None:
        self._total += len(chunk)
        if self._total > self._most_bytes:
            raise _too_large(self._most_bytes)

    def take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        """Take what the parser found next: the head of a part, bytes of it, or its end."""
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            self._end()
        elif self._file is not None:
            self._write(self._file, bytes(event))
        else:
            self._value += event
            if len(self._value) > FIELD_BYTES:
                raise ClientException("A text in the form is too long.")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self, segment: MultipartSegment) -> None:
        self._segment, self._value, self._start = segment, bytearray(), b""
        if segment.filename is not None:
            self._hash = hashlib.sha256()
            self._path = self._folder / str(len(self.sent.files))
            self._file = self._taking(self._path)

    def _write(self, file: Taking, content: bytes) -> None:
        if len(self._start) < SNIFFED_BYTES:
            self._start += content[: SNIFFED_BYTES - len(self._start)]
        self._hash.update(content)
        file.write(content)

    def _end(self) -> None:
        segment = self._segment
        if segment is None:
            return
        name = segment.name or ""
        if self._file is None:
            self.sent.fields.setdefault(name, self._value.decode("utf-8", "replace"))
            return
        path = self._path
        self.close()
        if segment.size == 0:  # a browser sends an empty part for a field without a file
            return
        shown = _shown_name(segment.filename or "")
        kind = kind_of(self._start)
        if kind not in self._takes:
            wanted = " or ".join(KIND_NAMES[one] for one in sorted(self._takes))
            raise ClientException(f"“{shown}” is not a file of a kind that can be read here: {wanted}.")
        self.sent.files.append(SentFile(name, shown, kind, segment.size, self._hash.hexdigest(), path))


def _shown_name(name: str) -> str:
    """Return a file's name without folders and without what cannot be shown."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(character for character in last if character.isprintable()).strip()
    return clean[:NAME_CHARACTERS] or "file"
