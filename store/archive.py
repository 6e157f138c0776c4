"""One file that holds a backup: a tar under zstd, written and read as a stream.

It begins with `about.json`, which says what it is, and ends with `manifest.jsonl`, which has the name, the
size and the SHA-256 of everything between. `tar --zstd -xf` opens it too.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, Final, Self, cast

import pyarrow as pa

ABOUT: Final = "about.json"
MANIFEST: Final = "manifest.jsonl"
FORMAT: Final = 1
# What has no known length (a dump from a pipe) is kept in pieces of this size: no temporary file is needed.
PIECE: Final = 16 * 1024 * 1024
BLOCK: Final = 1024 * 1024


class Damaged(Exception):  # noqa: N818 -- a finding about a file, said in words for whoever restores
    """The archive is not whole, or not what its manifest says."""


class Writer:
    """Adds members to an archive that is being written, and keeps their digests for its manifest."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._manifest = io.BytesIO()
        self.members = 0
        self.size_bytes = 0

    def add(self, name: str, content: bytes) -> None:
        """Add bytes under a name."""
        self._add(name, len(content), io.BytesIO(content))

    def add_file(self, name: str, place: Path) -> None:
        """Add a file, read as it is written."""
        with place.open("rb") as file:
            self._add(name, os.fstat(file.fileno()).st_size, file)

    def add_pieces(self, folder: str, source: IO[bytes]) -> None:
        """Add everything that comes out of a pipe, in numbered pieces."""
        number = 0
        while piece := source.read(PIECE):
            number += 1
            self.add(f"{folder}/{number:06}", piece)

    def finish(self) -> None:
        """Add the manifest. Without it the archive counts as damaged."""
        content = self._manifest.getvalue()
        self._member(MANIFEST, len(content), io.BytesIO(content))

    def _add(self, name: str, size: int, source: BinaryIO) -> None:
        digest = hashlib.sha256()
        self._member(name, size, cast("BinaryIO", _Tee(source, digest.update)))
        line = {"name": name, "size": size, "sha256": digest.hexdigest()}
        self._manifest.write(json.dumps(line).encode() + b"\n")
        self.members += 1
        self.size_bytes += size

    def _member(self, name: str, size: int, source: BinaryIO) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = size
        entry.mode = 0o600
        self._tar.addfile(entry, source)
        _forget_members(self._tar)


class _Tee:
    """Shows what is read to somebody else as well."""

    def __init__(self, source: BinaryIO, also: Callable[[bytes], None]) -> None:
        self._source = source
        self._also = also

    def read(self, size: int = -1) -> bytes:
        content = self._source.read(size)
        self._also(content)
        return content


@contextlib.contextmanager
def written(place: Path) -> Generator[Writer]:
    """Open an archive for writing; it appears under its name when it is whole, or not at all.

    Raises:
        FileExistsError: there is a file of that name.
    """
    if place.exists():
        raise FileExistsError(place)
    fresh = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        # Only its owner may read it: it holds people's names and the digests of their passwords.
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            packed = pa.CompressedOutputStream(pa.PythonFile(file, "w"), "zstd")
            with tarfile.open(fileobj=cast("Any", packed), mode="w|", format=tarfile.PAX_FORMAT) as tar:
                writer = Writer(tar)
                yield writer
                writer.finish()
            packed.close()
            with fresh.open("rb") as whole:
                os.fsync(whole.fileno())
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


class Reader:
    """The members of an archive, one after another; each must be read before the next is asked for."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def __iter__(self) -> Iterator[tuple[str, int, BinaryIO]]:
        """Go through names, sizes and contents."""
        while (entry := self._tar.next()) is not None:
            if not entry.isreg() or not _stays_inside(entry.name):
                raise Damaged(f"it holds {entry.name!r}, which no backup has")
            content = self._tar.extractfile(entry)
            assert content is not None
            yield entry.name, entry.size, cast("BinaryIO", content)
            _forget_members(self._tar)

    @classmethod
    @contextlib.contextmanager
    def opened(cls, place: Path) -> Generator[Self]:
        """Open an archive for reading.

        Raises:
            Damaged: what is read is no archive, or is broken off.
        """
        try:
            with place.open("rb") as file:
                packed = pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd")
                with tarfile.open(fileobj=cast("Any", packed), mode="r|") as tar:
                    yield cls(tar)
        except (tarfile.TarError, EOFError, pa.ArrowInvalid) as error:
            raise Damaged("it cannot be unpacked to its end") from error
        except OSError as error:
            if error.errno is not None:  # the disk's trouble, not the archive's
                raise
            raise Damaged("it cannot be unpacked to its end") from error


def verify(place: Path, tell: Callable[[int], None] = lambda _: None) -> dict[str, Any]:
    """Read an archive to its end, compare everything with its manifest, and return what `about.json` says.

    Args:
        place: the archive.
        tell: called with the number of members read so far.

    Raises:
        Damaged: something is missing, added, changed or broken off.
    """
    about = b""
    found = hashlib.sha256()
    count = 0
    with Reader.opened(place) as reader:
        for name, size, content in reader:
            if name == MANIFEST:
                _compare(content, found, count)
                return _checked(about)
            if name == ABOUT:
                about = content.read(BLOCK)
                _note(found, name, size, hashlib.sha256(about).hexdigest())
            else:
                _note(found, name, size, _digest(content))
            count += 1
            tell(count)
    raise Damaged("its manifest is missing: it was broken off")


def _compare(manifest: BinaryIO, found: Any, count: int) -> None:
    """Compare the manifest with what was read, line by line in the same order, without holding either."""
    said = hashlib.sha256()
    lines = 0
    try:
        for text in manifest:
            line = json.loads(text)
            _note(said, line["name"], line["size"], line["sha256"])
            lines += 1
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged("its manifest cannot be read") from error
    if lines != count or said.digest() != found.digest():
        raise Damaged("its content is not what its manifest says")


def _note(all_of_it: Any, name: str, size: int, digest: str) -> None:
    all_of_it.update(json.dumps([name, size, digest]).encode())


def _checked(content: bytes) -> dict[str, Any]:
    try:
        about = json.loads(content)
    except ValueError as error:
        raise Damaged("it does not say what it is") from error
    if about.get("format") != FORMAT:
        raise Damaged(f"it has format {about.get('format')!r}; this program reads format {FORMAT}")
    return about


def _digest(content: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := content.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _forget_members(tar: tarfile.TarFile) -> None:
    # tarfile remembers every member that went by; with many files that is memory which grows.
    tar.members = []  # pyright: ignore[reportAttributeAccessIssue] -- a plain attribute, not in the stubs
