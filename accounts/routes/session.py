"""Who is asking, for every request: the middleware, and what handlers take from it.

A handler takes `db: Db` and either `actor: Someone`, which sends everybody else to the sign-in page, or
`visitor: Anybody`, which may be the public. Until a sign-in is complete, its person is the public for all
pages but the few that complete it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Any, Final, cast
from urllib.parse import quote

from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotAuthorizedException
from litestar.response import Redirect
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions.passwords import Passwords
from accounts.actions.signing_in import Visit
from accounts.queries import sessions as session_queries
from accounts.queries.sessions import Login
from accounts.rules import addresses, roles
from accounts.rules.roles import Stage
from accounts.rules.totp import Sealer
from store import lookups
from store.db import Sessions, transaction
from values.actors import PUBLIC, Actor
from values.refusals import NotAllowed
from web.pages import AnyRequest

Db = NamedDependency[AsyncSession]
Someone = NamedDependency[Actor]
Anybody = NamedDependency[Actor]

# Statements at once that find out who is asking.
LOOKUPS: Final = 4


@dataclass(frozen=True, slots=True)
class Entrance:
    """What sign-in needs, made once by the application and kept as `app.state.entrance`.

    Attributes:
        sessions: of the application's role.
        lookup: raw connections of the same role, for the one query that every page waits for.
        address: the public address, for links in mail; with https, cookies are marked for it.
        outbox_shown: no mail server is set, so operators may read the mail itself.
    """

    sessions: Sessions
    lookup: session_queries.Lookup
    passwords: Passwords
    sealer: Sealer
    address: str
    outbox_shown: bool

    @property
    def secure(self) -> bool:
        """Whether pages are served over HTTPS."""
        return self.address.startswith("https://")

    @property
    def cookie_name(self) -> str:
        """The name of the session's cookie.

        The prefix makes browsers refuse it from anywhere but this very host, and needs HTTPS; so on
        http://127.0.0.1, for development, it goes without.
        """
        return "__Host-bt" if self.secure else "bt"

    def cookie(self, token: str) -> Cookie:
        """Return the cookie that carries a session; it goes with the browser's window."""
        return self._cookie(token, None)

    def no_cookie(self) -> Cookie:
        """Return the cookie that takes the session's away."""
        return self._cookie("", 0)

    def _cookie(self, value: str, seconds: int | None) -> Cookie:
        return Cookie(
            key=self.cookie_name,
            value=value,
            max_age=seconds,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )


@contextlib.asynccontextmanager
async def opened_entrance(
    database_url: str,
    sessions: Sessions,
    *,
    key: bytes,
    address: str,
    outbox_shown: bool,
    cheap_passwords: bool = False,
) -> AsyncGenerator[Entrance]:
    """Open what sign-in needs, for as long as the application runs."""
    async with lookups.opened(database_url, size=LOOKUPS, name="buytogether sign-in") as lookup:
        yield Entrance(
            sessions,
            lookup,
            Passwords(cheap=cheap_passwords),
            Sealer(key),
            address.rstrip("/"),
            outbox_shown,
        )


class Authentication:
    """Puts the actor into `scope["user"]` and the session, if there is one, into `scope["auth"]`.

    `exclude`: patterns of paths for which nobody needs to be known.
    """

    def __init__(self, app: ASGIApp, exclude: Sequence[str] = ()) -> None:
        self.app = app
        self._excluded = re.compile("|".join(exclude)) if exclude else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out who is asking, and pass the request on."""
        if scope["type"] == "http" and not (self._excluded and self._excluded.search(scope["path"])):
            entrance = cast("Entrance", scope["litestar_app"].state.entrance)
            token = _cookie_of(scope, entrance.cookie_name)
            login = await session_queries.login_of(entrance.lookup, token) if token else None
            scope["auth"] = login
            scope["user"] = login.shown if login else PUBLIC
        await self.app(scope, receive, send)


def _cookie_of(scope: HTTPScope, name: str) -> str:
    for header, value in scope["headers"]:
        if header == b"cookie":
            text = value.decode("latin-1")
            if name in text and (morsel := SimpleCookie(text).get(name)):
                return morsel.value
    return ""


def login_of(request: AnyRequest) -> Login | None:
    """Return the session that a request belongs to, complete or not."""
    return cast("Login | None", request.scope.get("auth"))


def entrance_of(request: AnyRequest) -> Entrance:
    """Return what sign-in needs."""
    return cast("Entrance", request.app.state.entrance)


def visit_of(request: AnyRequest) -> Visit:
    """Return where a request comes from."""
    host = request.client.host if request.client else None
    return Visit(addresses.network_of(host), addresses.describe_agent(request.headers.get("user-agent", "")))


def arriving(request: AnyRequest) -> Login:
    """Return the session of somebody who gave the right password, whatever is still asked of them.

    Raises:
        NotAuthorizedException: there is none; the answer leads to the sign-in page.
    """
    login = login_of(request)
    if login is None:
        raise NotAuthorizedException
    return login


def require_fresh_second_factor(request: AnyRequest) -> None:
    """Let an action that binds go on only if the second factor was shown in the last ten minutes.

    Raises:
        NotAllowed: the person has none.
        Unfinished: it was longer ago; the answer asks for it and leads back here.
    """
    login = arriving(request)
    if not login.enrolled:
        raise NotAllowed("This needs a second factor. Set one up on your account page first.")
    if not roles.is_fresh(login.second_factor_at, datetime.now(UTC)):
        raise Unfinished("/sign-in/second-factor")


class Unfinished(Exception):  # noqa: N818 -- a way to go on, not an error
    """A page cannot be shown before another one was completed."""

    def __init__(self, href: str) -> None:
        super().__init__(href)
        self.href = href


def to_unfinished(request: AnyRequest, unfinished: Unfinished) -> Redirect:
    """Lead to the page that is still to be completed, and from there back. An exception handler."""
    back = ""
    if request.method == "GET":
        query = request.scope["query_string"].decode("latin-1")
        back = "?next=" + quote(request.scope["path"] + ("?" + query if query else ""), safe="/")
    return Redirect(unfinished.href + back, status_code=303)


STEP: Final[Mapping[Stage, str]] = {
    Stage.SECOND_FACTOR: "/sign-in/second-factor",
    Stage.ENROL: "/second-factor",
}


# Both take the session of the database, which has asked nothing yet, so that one dependency is made after the
# other: for two at a time Litestar starts two tasks, on every page.
async def provide_actor(request: AnyRequest, db: Db) -> Actor:
    """Return the person who is signed in, or lead everybody else to where they can be."""
    login = login_of(request)
    if login is not None and login.stage in STEP:
        raise Unfinished(STEP[login.stage])
    if login is None:
        raise NotAuthorizedException
    return login.actor


async def provide_visitor(request: AnyRequest, db: Db) -> Actor:
    """Return whoever is asking: a person, or the public."""
    return cast("Actor", request.scope.get("user") or PUBLIC)


async def provide_db(request: AnyRequest) -> AsyncGenerator[AsyncSession]:
    """Open the one transaction of a request, as whoever is asking; it commits before the answer leaves."""
    actor = cast("Actor", request.scope.get("user") or PUBLIC)
    async with transaction(entrance_of(request).sessions, actor) as db:
        yield db


DEPENDENCIES: Final[Mapping[str, Any]] = {
    "db": Provide(provide_db),
    "actor": Provide(provide_actor),
    "visitor": Provide(provide_visitor),
}
EXCEPTION_HANDLERS: Final[Mapping[Any, Any]] = {Unfinished: to_unfinished}
