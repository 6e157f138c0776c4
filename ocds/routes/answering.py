"""What every answer of open data needs: who publishes, and whether the asker has it already."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Final

import msgspec
from litestar import Response

from accounts.routes.session import entrance_of
from ocds.rules.ids import Publisher
from web.pages import AnyRequest

# Anybody's cache may keep it; whoever asks again hears whether it is still the same.
KEPT: Final = {"cache-control": "public, max-age=60", "access-control-allow-origin": "*"}


def publisher_of(request: AnyRequest) -> Publisher:
    """Return who publishes the data."""
    return Publisher(request.app.state.settings.ocid_prefix, entrance_of(request).address)


def path_of(request: AnyRequest) -> str:
    """Return the address that was asked for, without the host."""
    query = request.scope["query_string"].decode("latin-1")
    return request.scope["path"] + (f"?{query}" if query else "")


def json_of(request: AnyRequest, package: Any, at: datetime | None) -> Response[bytes]:
    """Return JSON with what lets the asker ask only for news; `at` is when the last of it became public."""
    content = msgspec.json.encode(package)
    headers = {**KEPT, **validators(hashlib.sha256(content).hexdigest()[:32], at)}
    if is_known(request, headers):
        return Response(b"", status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)


def validators(mark: str, at: datetime | None) -> dict[str, str]:
    """Return the headers by which an answer is known again."""
    # Weak: what is sent may be packed on its way.
    modified = {"last-modified": format_datetime(at.astimezone(UTC), usegmt=True)} if at else {}
    return {"etag": f'W/"{mark}"', **modified}


def is_known(request: AnyRequest, headers: dict[str, str]) -> bool:
    """Tell whether the asker has the answer; a mark counts more than a time (RFC 9110, section 13.2.2)."""
    marks = request.headers.get("if-none-match")
    if marks is not None:
        return marks.strip() == "*" or headers["etag"] in [mark.strip() for mark in marks.split(",")]
    since, modified = request.headers.get("if-modified-since"), headers.get("last-modified")
    if not since or not modified:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False
