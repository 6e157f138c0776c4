"""Files that are handed out to be kept: those that people sent, texts, and values for programs."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Mapping
from typing import Any

from litestar import Response


def as_sent(content: bytes, name: str) -> Response[bytes]:
    """Return a file byte for byte under its own name, never as something that a browser would show."""
    quoted = urllib.parse.quote(name)
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quoted}"},
    )


def as_text(text: str, name: str) -> Response[bytes]:
    """Return a text that the browser saves under `name`, which has plain letters, digits and hyphens only."""
    return _saved(text, name, "text/plain")


def as_json(values: Mapping[str, Any], name: str) -> Response[bytes]:
    """Return values, one a line, that the browser saves under `name`, plain as that of a text."""
    return _saved(json.dumps(values, indent=2, ensure_ascii=False), name, "application/json")


def _saved(text: str, name: str, media_type: str) -> Response[bytes]:
    return Response(
        text.encode(),
        media_type=media_type,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
