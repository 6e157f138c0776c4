"""What a person or a program sees when something cannot be answered.

`Missing` is 404, `NotAllowed` 403, `Refused` 422; a database that cannot be had in time is 503; everything
that nobody foresaw is 500, logged once with a reference that the page shows too. Under /api/ the answer is a
problem document (RFC 9457).
"""

from __future__ import annotations

import http
import logging
import traceback
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import msgspec
from litestar.exceptions import HTTPException
from litestar.response import Redirect, Response
from litestar.types import ExceptionHandlersMap
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime

from store.sealing import KeyLost
from values.refusals import Missing, NotAllowed, Refused
from web.pages import AnyRequest, Page, site_of, wants_fragment
from web.security import SAFE_METHODS, request_id

API: Final = "/api/"
# Seconds after which a program may ask again when the database could not be had.
RETRY_AFTER: Final = 10
PAGES: Final = frozenset({400, 403, 404, 405, 413, 422, 429, 500, 503})
# An error comes as a whole page; without these htmx would put it into the target of the request.
RETARGET: Final[Mapping[str, str]] = {
    "HX-Retarget": "#main-content",
    "HX-Reselect": "#main-content",
    "HX-Reswap": "outerHTML",
}

# For whoever meets it on a page; the log has the fingerprints, for whoever can mend it.
KEY_LOST: Final = (
    "The key under which this was sealed is not here any more (KeyLost). Nothing was changed, and nothing "
    "can be opened or sealed until those who run this service put the file keys/master.key back."
)

log = logging.getLogger(__name__)


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A problem document, RFC 9457."""

    title: str
    status: int
    detail: str = ""
    reference: str = ""
    type: str = "about:blank"


def on_error(request: AnyRequest, error: Exception) -> Response[Any]:
    """Answer any exception that a handler, a guard or a middleware let through."""
    status, said, headers = _read(error)
    reference = request_id(request.scope)
    if status >= 500:
        log.error("fault %s at %s %s\n%s", reference, request.method, request.scope["path"], told(error))
    if request.scope["path"].startswith(API):
        return _problem(status, said, reference, headers)
    if status == 401:
        return _sign_in(request)
    page = status if status in PAGES else 500 if status >= 500 else 400
    return Page(
        f"errors/{page}.html",
        context={"said": said, "reference": reference},
        status_code=status,
        headers={**headers, **(RETARGET if wants_fragment(request) else {})},
    )


HANDLERS: Final[ExceptionHandlersMap] = {HTTPException: on_error, Exception: on_error}


def _read(error: Exception) -> tuple[int, str, dict[str, str]]:
    """Return status, words for people, and headers of an exception."""
    match error:
        case Missing():
            return 404, "", {}
        case NotAllowed():
            return 403, str(error), {}
        case Refused():
            return 422, error.message, {}
        case HTTPException():
            kept = {
                name: value for name, value in (error.headers or {}).items() if name.lower() in KEPT_HEADERS
            }
            # What a library says of its own errors is for its users, not for ours.
            ours = error.status_code in {400, 403, 413, 422, 429} and error.detail != _phrase(
                error.status_code
            )
            return error.status_code, error.detail if ours else "", kept
        case KeyLost() | NoConnectionInTime() | ConnectionError() | DBAPIError(connection_invalidated=True):
            said = KEY_LOST if isinstance(error, KeyLost) else ""
            return 503, said, {"retry-after": str(RETRY_AFTER)}
        case _:
            return 500, "", {}


KEPT_HEADERS: Final = frozenset({"retry-after", "allow", "www-authenticate"})


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _problem(status: int, said: str, reference: str, headers: dict[str, str]) -> Response[Any]:
    if status == 401:
        headers = {"www-authenticate": "Bearer", **headers}
    problem = Problem(_phrase(status), status, said, reference if status >= 500 else "")
    return Response(
        content=msgspec.json.encode(problem),
        media_type="application/problem+json",
        status_code=status,
        headers=headers,
    )


def _sign_in(request: AnyRequest) -> Response[Any]:
    """Send a person to sign in, and after that back to the page that they asked for."""
    href = site_of(request).sign_in_href
    if wants_fragment(request):
        return Response(content=b"", status_code=200, headers={"HX-Redirect": href})
    if request.method in SAFE_METHODS:
        query = request.scope["query_string"].decode("latin-1")
        href += "?next=" + quote(request.scope["path"] + ("?" + query if query else ""), safe="/")
    return Redirect(href, status_code=303)


def told(error: BaseException) -> str:
    """Return a traceback for the log that holds no row of the database.

    A database error carries the refused row in its message ("Failing row contains …"): only its class, its
    SQLSTATE and the constraint are kept of it.
    """
    parts: list[str] = []
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        frames = "".join(traceback.format_tb(following.__traceback__))
        parts.append(
            f"{frames}{type(following).__module__}.{type(following).__qualname__}: {_message(following)}"
        )
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    return "\nafter:\n".join(parts)


def _message(error: BaseException) -> str:
    code, constraint = getattr(error, "sqlstate", None), getattr(error, "constraint_name", None)
    if code is not None or type(error).__module__.startswith(("sqlalchemy.", "asyncpg.")):
        return f"SQLSTATE {code or 'unknown'}" + (f", constraint {constraint}" if constraint else "")
    return str(error)
