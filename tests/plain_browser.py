"""A browser without JavaScript: keeps cookies, fills in forms as they stand, checks every page."""

from __future__ import annotations

from typing import Any, Self

import httpx

from tests.build import Built
from tests.conformance import Node, check_page, parse

ADDRESS = "http://127.0.0.1"


class Browser:
    """`await browser.sign_in(person)`, `await browser.open(path)`, `await browser.submit(action, name=…)`"""

    def __init__(self, app: Any, address: str = ADDRESS, network: str = "192.0.2.1") -> None:
        transport = httpx.ASGITransport(app=app, client=(network, 40_000))
        self.client = httpx.AsyncClient(
            transport=transport,
            base_url=address,
            headers={"origin": address, "user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"},
        )
        self.answer: httpx.Response | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    @property
    def text(self) -> str:
        assert self.answer is not None
        return self.answer.text

    @property
    def status(self) -> int:
        assert self.answer is not None
        return self.answer.status_code

    @property
    def place(self) -> str:
        assert self.answer is not None
        return self.answer.headers.get("location", "")

    @property
    def token(self) -> str | None:
        """What the session's cookie holds."""
        return self.client.cookies.get("bt") or self.client.cookies.get("__Host-bt")

    async def open(self, path: str) -> httpx.Response:
        self.answer = await self.client.get(path)
        self._check()
        return self.answer

    async def follow(self) -> httpx.Response:
        return await self.open(self.place)

    async def post(self, path: str, **typed: Any) -> httpx.Response:
        self.answer = await self.client.post(path, data=typed)
        self._check()
        return self.answer

    async def submit(self, action: str, **typed: Any) -> httpx.Response:
        """Send the form of the page that has this action, its hidden fields included."""
        found = [form for form in parse(self.text).all("form") if form.attrs.get("action") == action]
        assert found, f"no form sends to {action}"
        hidden = {
            field.attrs["name"]: field.attrs.get("value", "")
            for field in found[0].all("input")
            if field.attrs.get("type") == "hidden"
        }
        names = {field.attrs.get("name") for field in found[0].all("input", "select", "textarea", "button")}
        assert set(typed) <= names, f"the form has no {set(typed) - names}"
        return await self.post(action, **{**hidden, **typed})

    async def submit_after(self, path: str, **typed: Any) -> httpx.Response:
        """Open a page and send the form on it that leads to the same address."""
        await self.open(path)
        return await self.submit(path, **typed)

    async def sign_in(self, person: Built, *, next_: str = "/private") -> None:
        """Sign in as a person would, with the second factor where they have one."""
        await self.open(f"/sign-in?next={next_}")
        await self.submit("/sign-in", email=person.email, password=person.password)
        assert self.status == 303, self.text
        if person.totp_secret:
            await self.client.get(self.place)
            await self.open(f"/sign-in/second-factor?next={next_}")
            await self.submit("/sign-in/second-factor", code=person.code())
            assert self.status == 303, self.text

    def heading(self) -> str:
        headings = parse(self.text).all("h1")
        return _words(headings[0]) if headings else ""

    def errors(self) -> list[str]:
        """The lines of the error summary."""
        summary = [
            n
            for n in parse(self.text).all("div")
            if "govuk-error-summary" in n.attrs.get("class", "").split()
        ]
        return [_words(line) for line in summary[0].all("li")] if summary else []

    def _check(self) -> None:
        assert self.answer is not None
        if self.answer.headers.get("content-type", "").startswith("text/html") and self.answer.text:
            check_page(self.answer.text)


def _words(node: Node) -> str:
    parts = [child if isinstance(child, str) else _words(child) for child in node.children]
    return " ".join(" ".join(parts).split())
