"""From published bytes to UTF-8 lines: compression, encoding, byte order marks, line endings."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import re
import zlib
from dataclasses import dataclass
from functools import cache

import numpy as np
from isal import isal_zlib

from spend.reading.refused import Unreadable

_NOT_TEXT = (
    (
        b"%PDF",
        "This is a PDF. Ask the council for the CSV file, or save the table as CSV from a spreadsheet.",
    ),
    (
        b"PK\x03\x04",
        "This is a spreadsheet or a zip file. Open it, and save the sheet with the payments as CSV.",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "This is an old Excel or Word file. Open it, and save the sheet with the payments as CSV.",
    ),
    (b"\x89PNG", "This is a picture. Ask the council for the CSV file."),
    (b"\xff\xd8\xff", "This is a picture. Ask the council for the CSV file."),
    (b"{\\rtf", "This is a word processor's file. Ask the council for the CSV file."),
)
_HTML = re.compile(rb"^\s*(<!doctype html|<html|<head|<body|<\?xml|<!--|<table|<div|<script)", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32 little endian"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16 little endian"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16 big endian"),
)
# A UTF-8 mark read as Windows-1252 and written as UTF-8 again, once or several times over.
_DOUBLE_MARK = "ï»¿".encode()
_TWICE_DOUBLE_MARK = "ï»¿".encode().decode("cp1252").encode()
# Deflate cannot make anything smaller than this.
_MOST_TIMES_SMALLER = 1032
_MEMBER = b"\x1f\x8b\x08"
_GZIP = zlib.MAX_WBITS | 16
_EMPTY = b"\x00 \t\r\n,;|"
_START = 1000
_FEED = 10
_LAST_OF_ASCII = 127
_HIGH = range(128, 256)
_UTF8_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# A pound sign is what payment files hold most: where no letter follows, it weighs more than an accent.
_WINDOWS_POUND = re.compile(rb"\xa3(?![A-Za-z])")
_DOS_POUND = re.compile(rb"\x9c(?![A-Za-z])")
# Single bytes that stand for what English payment files really hold: pound, curly quotes, dashes, accents.
_WINDOWS_BYTES = frozenset(
    b"\xb4\xa3\x91\x92\x93\x94\x96\x97\x85\x99\xa0\xa9\xae\xb0\xbd\xbc\xb7\xe9\xe8\xe1\xe0\xf6\xfc\xf3\xed\xe7\xf1\xc9\xe4"
)
_DOS_BYTES = frozenset(b"\xef\x9c\x82\x8a\x81\x84\x94\xab\xac\xf8\x90\xa0\x88\xa4\x87")


@dataclass(frozen=True, slots=True)
class Text:
    """A file's lines as UTF-8, every line ended by a line feed, and what it took to get there."""

    lines: bytes
    compression: str
    encoding: str
    line_ending: str


def decode(content: bytes) -> Text:
    """Return the content as UTF-8 lines.

    Raises:
        Unreadable: it is empty, broken, or no text.
    """
    plain, compression = _decompressed(content)
    if not plain[:_START].strip(_EMPTY) and not plain.strip(_EMPTY):
        raise Unreadable("The file is empty. Download it again, or ask the council for the month's payments.")
    for start, advice in _NOT_TEXT:
        if plain.startswith(start):
            raise Unreadable(advice)
    lines, encoding = _as_utf8(plain)
    if _HTML.match(lines[:2000]):
        raise Unreadable("This is a web page, not the file itself. Follow the page's link to the CSV file.")
    lines, ending = _with_line_feeds(lines)
    return Text(lines, compression, encoding, ending)


def _decompressed(content: bytes) -> tuple[bytes, str]:
    """Undo gzip, also where it was done twice."""
    compression = "none"
    while content.startswith(_MEMBER[:2]):
        try:
            content = _inflated(content)
        except (OSError, EOFError, zlib.error) as error:
            raise Unreadable("The compressed file is damaged or cut off. Download it again.") from error
        compression = "gzip"
    return content, compression


def _inflated(content: bytes) -> bytes:
    """Undo gzip once: into one buffer of the size that the end names.

    With ISA-L, which takes half of the time that zlib does. What is not one whole member of that size, or is
    damaged, is left to the standard library.
    """
    size = int.from_bytes(content[-4:], "little")
    if content.find(_MEMBER, 1) < 0 and size < _MOST_TIMES_SMALLER * len(content):
        with contextlib.suppress(isal_zlib.error):  # pyright: ignore[reportArgumentType] -- typed as an instance
            plain = isal_zlib.decompress(content, _GZIP, size)
            if len(plain) == size:
                return plain
    return gzip.decompress(content)


def _as_utf8(plain: bytes) -> tuple[bytes, str]:
    """Return the bytes as UTF-8 without marks and without NULs, and the encoding's name for people."""
    for mark, codec, name in _MARKS:
        if plain.startswith(mark):
            body = plain[len(mark) :]
            if codec != "utf-8":
                return _cleaned(body.decode(codec, "replace").encode()), name
            return _cleaned(_utf8_or_older(body)[0]), name
    codec = _unmarked_utf16(plain)
    if codec is not None:
        return _cleaned(plain.decode(codec, "replace").encode()), f"{codec.upper()} without byte order mark"
    lines, name = _utf8_or_older(plain)
    if lines.startswith((_DOUBLE_MARK, _TWICE_DOUBLE_MARK)):
        name += " with a doubly encoded byte order mark"
    return _cleaned(lines), name


def _cleaned(lines: bytes) -> bytes:
    """Drop marks at the start, however often they were encoded, and NULs anywhere."""
    marks = (codecs.BOM_UTF8, _DOUBLE_MARK, _TWICE_DOUBLE_MARK)
    while lines.startswith(marks):
        lines = next(lines[len(mark) :] for mark in marks if lines.startswith(mark))
    return lines.replace(b"\x00", b"") if b"\x00" in lines else lines


def _unmarked_utf16(plain: bytes) -> str | None:
    """Return the byte order of UTF-16 text that came without a mark: every other byte is then NUL."""
    sample = plain[:4000]
    half = len(sample) // 2
    if half < 8 or sample.count(0) < 0.4 * len(sample):
        return None
    if sample[1::2].count(0) > 0.8 * half:
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) > 0.8 * half else None


def _utf8_or_older(plain: bytes) -> tuple[bytes, str]:
    """Return UTF-8 for bytes that are UTF-8, mostly UTF-8, or of an older single-byte code."""
    if plain.isascii():
        return plain, "ASCII"
    try:
        plain.decode("utf-8")
    except UnicodeDecodeError:
        return _older(plain)
    return plain, "UTF-8"


def _older(plain: bytes) -> tuple[bytes, str]:
    """Choose between UTF-8 with strays, Windows-1252 and code page 850 by what the bytes would mean."""
    content = np.frombuffer(plain, np.uint8)
    places = np.flatnonzero(content > _LAST_OF_ASCII)
    high = content[places].tobytes()
    whole = len(_UTF8_CHARACTER.findall(high))
    if whole * 4 > len(high):
        return plain.decode("utf-8", "stray_windows_1252").encode(), "UTF-8 with stray Windows-1252 bytes"
    windows = sum(map(_WINDOWS_BYTES.__contains__, high)) + 2 * len(_WINDOWS_POUND.findall(plain))
    dos = sum(map(_DOS_BYTES.__contains__, high)) + 2 * len(_DOS_POUND.findall(plain))
    codec, name = ("cp850", "code page 850") if dos > windows else ("cp1252", "Windows-1252")
    return _recoded(plain, places.tolist(), codec), name


def _recoded(plain: bytes, places: list[int], codec: str) -> bytes:
    """Return text of a single-byte code as UTF-8; the bytes that are no ASCII stand at these places."""
    known = _utf8_of(codec)
    pieces: list[bytes] = []
    at = 0
    for place in places:
        pieces += (plain[at:place], known[plain[place]])
        at = place + 1
    return b"".join([*pieces, plain[at:]])


@cache
def _utf8_of(codec: str) -> dict[int, bytes]:
    return {byte: bytes([byte]).decode(codec, "stray_windows_1252").encode() for byte in _HIGH}


def _stray(error: UnicodeError) -> tuple[str, int]:
    """Read a byte that an encoding does not know as Windows-1252; failing that, mark it as unknown."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start : error.start + 1]
    try:
        return byte.decode("cp1252"), error.start + 1
    except UnicodeDecodeError:
        return "\ufffd", error.start + 1


codecs.register_error("stray_windows_1252", _stray)


def _with_line_feeds(lines: bytes) -> tuple[bytes, str]:
    """End every line with a line feed, and name the endings found."""
    if b"\r" not in lines:
        ending = "LF" if b"\n" in lines else "none"
        return (lines if lines.endswith(b"\n") else lines + b"\n"), ending
    ended = lines.endswith((b"\n", b"\r"))
    unified = lines.replace(b"\r\n", b"\n")
    both, returns = len(lines) - len(unified), unified.count(b"\r")
    lines = unified.replace(b"\r", b"\n") if returns else unified
    if not ended:
        lines += b"\n"
    ends = int(np.count_nonzero(np.frombuffer(lines, np.uint8) == _FEED))
    feeds = max(ends - both - returns - (not ended), 0)
    found = [(count, name) for count, name in ((both, "CRLF"), (feeds, "LF"), (returns, "CR")) if count]
    ending = ", ".join(name for _, name in sorted(found, reverse=True)) or "none"
    return lines, f"mixed ({ending})" if len(found) > 1 else ending
