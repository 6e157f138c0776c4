"""Files that people sent, handed out again."""

from __future__ import annotations

import urllib.parse

from litestar import Response


def as_sent(content: bytes, name: str) -> Response[bytes]:
    """Return a file byte for byte under its own name, never as something that a browser would show."""
    quoted = urllib.parse.quote(name)
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quoted}"},
    )
