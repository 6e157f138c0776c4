"""The line that a page shows once after a redirect: "The file was uploaded".

There is no session store to keep it in, and an address that carries it would show it again when it is shared.
So it travels in a cookie of its own that lives for a minute, is signed so that nobody else can put words onto
our pages, and is deleted by the page that shows it. It holds nothing that the person has not just done
themself.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Final, Literal

import msgspec
from litestar.datastructures import Cookie

KEPT_SECONDS: Final = 60

Kind = Literal["success", "information"]


class Notice(msgspec.Struct, frozen=True):
    """What to say once on the next page."""

    text: str
    kind: Kind = "success"
    link_text: str = ""
    link_href: str = ""


class _Sent(msgspec.Struct, frozen=True, array_like=True):
    until: int
    notice: Notice


class Notices:
    """Signs notices and reads them back."""

    def __init__(self, secret: bytes, *, secure: bool) -> None:
        self._key = hashlib.sha256(b"notice\0" + secret).digest()
        self._secure = secure
        # The prefix makes browsers refuse the cookie from anywhere but this very host, and needs HTTPS.
        self.cookie_name = "__Host-notice" if secure else "notice"

    def cookie(self, notice: Notice, *, now: float | None = None) -> Cookie:
        """Return the cookie that carries a notice over a redirect."""
        until = int(now if now is not None else time.time()) + KEPT_SECONDS
        body = base64.urlsafe_b64encode(msgspec.json.encode(_Sent(until, notice)))
        return self._cookie(f"{body.decode()}.{self._mac(body)}", KEPT_SECONDS)

    def gone(self) -> Cookie:
        """Return the cookie that ends a notice, sent with the page that showed it."""
        return self._cookie("", 0)

    def read(self, value: str, *, now: float | None = None) -> Notice | None:
        """Return what a cookie says, or nothing where it is old, changed or not ours."""
        body, _, mac = value.partition(".")
        if not hmac.compare_digest(mac.encode(), self._mac(body.encode()).encode()):
            return None
        try:
            sent = msgspec.json.decode(base64.urlsafe_b64decode(body), type=_Sent)
        except (ValueError, msgspec.DecodeError):
            return None
        return sent.notice if sent.until >= (now if now is not None else time.time()) else None

    def _mac(self, body: bytes) -> str:
        return hmac.new(self._key, body, hashlib.sha256).hexdigest()

    def _cookie(self, value: str, seconds: int) -> Cookie:
        return Cookie(
            key=self.cookie_name,
            value=value,
            max_age=seconds,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )
