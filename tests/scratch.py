"""Folders for servers that a test starts: in memory where there is room, for a server makes many small files.

A clone of the template is some hundred files. On a disk, making them took up to ten times as long.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")
# All that the test processes of a machine keep at once, several times over.
ROOM_BYTES: Final = 4_000_000_000


@contextlib.contextmanager
def folder(prefix: str = "bt-") -> Iterator[Path]:
    """Yield a folder that an embedded server can use, gone at the end."""
    with tempfile.TemporaryDirectory(prefix=prefix, dir=_place(), ignore_cleanup_errors=True) as name:
        made = Path(name)
        made.chmod(0o755)  # as root, the server runs as `nobody`, who must get there
        yield made


def _place() -> Path | None:
    if os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        return MEMORY
    return None
