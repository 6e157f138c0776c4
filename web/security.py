"""What stands before and after every page: requests from other sites refused, headers, request numbers, HEAD.

There are no tokens in forms. A browser says where a request comes from, and one that changes something must
come from our own pages; this is decided from the headers, before a byte of the body is read.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, Final, cast

from litestar.datastructures import Headers
from litestar.exceptions import PermissionDeniedException
from litestar.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

# Nothing inline and nothing from elsewhere; scripts cannot make code out of text either.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    # Not `no-referrer`: browsers would send `Origin: null` with our own forms.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
STRICT_TRANSPORT_SECURITY: Final = "max-age=31536000; includeSubDomains"


def same_origin(headers: Mapping[str, str], origins: frozenset[str]) -> bool:
    """Tell whether a request that changes something may have come from our own pages.

    Args:
        headers: of the request, names in lower case.
        origins: the addresses at which the service is known, such as "https://buy.example.org".
    """
    origin = headers.get("origin")
    if origin in origins:
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    if origin is not None:
        return origin.split("://")[-1] == headers.get("host")
    # A program that sends its own key; no browser leaves both of the headers above out.
    return "authorization" in headers


class Shield:
    """Refuses requests from other sites that would change something, before their body is read."""

    def __init__(self, app: ASGIApp, *, origins: Iterable[str] = ()) -> None:
        self.app = app
        self.origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if (
            scope["type"] == "http"
            and scope["method"] not in SAFE_METHODS
            and not same_origin(Headers.from_scope(scope), self.origins)
        ):
            raise PermissionDeniedException(
                "This request came from another website, so it was not carried out."
            )
        await self.app(scope, receive, send)


Hook = Callable[[Message, Scope], Coroutine[Any, Any, None]]


def harden(*, secure: bool) -> Hook:
    """Return the `before_send` hook that sets the security headers on every answer, errors too.

    `secure`: pages are served over HTTPS, and browsers shall insist on it from now on.
    """
    fixed = dict(HEADERS)
    if secure:
        fixed["strict-transport-security"] = STRICT_TRANSPORT_SECURITY
    usual = [(name.encode(), value.encode()) for name, value in fixed.items()]

    async def set_headers(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        # As bytes and in one go: this stands in the way of every answer.
        headers = [(name.lower(), value) for name, value in message["headers"]]
        if _is_person(scope.get("user")):
            headers = [header for header in headers if header[0] != b"cache-control"]
            headers.append((b"cache-control", b"no-store"))
        present = {name for name, _ in headers}
        own = [(b"x-request-id", request_id(scope).encode()), (b"cache-control", b"no-cache")]
        headers += [header for header in (*usual, *own) if header[0] not in present]
        message["headers"] = headers

    return set_headers


def _is_person(user: Any) -> bool:
    return getattr(user, "person_id", None) is not None


def request_id(scope: Scope) -> str:
    """Return the number of this request: in its answer's headers, in the log, on the page of a fault."""
    state = scope.setdefault("state", {})
    number = state.get("request_id")
    if number is None:
        # Ours always: one that the client chose could be made to look like another request in the log.
        number = state["request_id"] = secrets.token_hex(6)
    return str(number)


def head(following: ASGIApp) -> ASGIApp:
    """Answer HEAD as GET without its body: routes know only GET."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await following(scope, receive, send)
            return

        async def blank(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        scope["method"] = cast("Any", "GET")
        await following(scope, receive, blank)

    return answer
