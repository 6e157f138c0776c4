"""The content of files in the database: in chunks under its SHA-256, written once, checked when it is read.

One backup holds it all, and row-level security covers it: a file is read by whoever may read a row that names
it. Object storage can take the place of this module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from store.models import StoredChunk, StoredFile
from values.refusals import Missing

CHUNK_BYTES: Final = 512 * 1024


class Damaged(Exception):  # noqa: N818 -- what happened, in the words that operators read
    """The content that is kept under a hash does not have that hash."""


async def keep(db: AsyncSession, path: Path) -> tuple[bytes, int]:
    """Keep the content of a file; return its SHA-256 and its size. The same content is kept once."""
    sha256, size = _hashed(path)
    # Without a named target: whoever keeps a file may not be able to read the one that is there already.
    new = await db.execute(
        insert(StoredFile).values(sha256=sha256, size=size).on_conflict_do_nothing().inline()
    )
    if _count(new):
        for position, content in enumerate(_chunks(path)):
            await db.execute(
                insert(StoredChunk).values(sha256=sha256, position=position, content=content).inline()
            )
    return sha256, size


async def read(db: AsyncSession, sha256: bytes) -> bytes:
    """Return the content that is kept under a hash.

    Raises:
        Missing: nothing is, or the reader may not read it.
        Damaged: what is kept is not what was.
    """
    chunks = await db.scalars(
        select(StoredChunk.content).where(StoredChunk.sha256 == sha256).order_by(StoredChunk.position)
    )
    content = b"".join(chunks)
    if not content:
        raise Missing("file")
    if hashlib.sha256(content).digest() != sha256:
        raise Damaged(sha256.hex())
    return content


def _hashed(path: Path) -> tuple[bytes, int]:
    found, size = hashlib.sha256(), 0
    for content in _chunks(path):
        found.update(content)
        size += len(content)
    return found.digest(), size


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while content := file.read(CHUNK_BYTES):
            yield content


def _count(result: Any) -> int:
    return int(result.rowcount)
