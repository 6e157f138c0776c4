"""Pages: the Jinja environment, and the answer that renders a template, whole or one block of it.

A handler returns `Page("files/list.html", context={"page": page})`. To every context are added what the
layout reads: `request`, `actor`, `session`, `identified`, `path`, `failed` (the answer is a 422, so its title
starts "Error: ") and `notice`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, Template
from litestar import Request
from litestar.background_tasks import BackgroundTask, BackgroundTasks
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Response
from litestar.response.base import ASGIResponse

from values.actors import PUBLIC, Actor
from web.assets import Assets
from web.filters import FILTERS
from web.notices import Kind, Notice, Notices

TEMPLATES: Final = Path(__file__).resolve().parent.parent / "templates"
AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A line of a menu.

    Attributes:
        shown_to: says who sees it; by default everybody does.
        counted: how much that is new waits behind it, by what is known of the session (None: the public).
        below: how the addresses of pages below the link begin.
    """

    text: str
    href: str
    shown_to: Callable[[Actor], bool] = field(default=lambda _: True)
    counted: Callable[[Any], int] = field(default=lambda _: 0)
    below: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "below", self.href.rstrip("/") + "/")


class MenuLine(NamedTuple):
    """A link of the menu as one page shows it: `current` is that page itself, `active` one below the link.

    `waiting`: how much that is new is behind it.
    """

    text: str
    href: str
    current: bool
    active: bool
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Site:
    """What is the same on every page.

    Attributes:
        secret: signs notices; the same in every process of one deployment.
        secure: pages are served over HTTPS.
        demonstration: people and companies are invented, and a banner says so.
        navigation: the service's menu, in order.
        footer: links at the foot of every page.
        registers: whoever has no account may make one.
        contact: where people reach whoever runs the service, in words; may be empty.
    """

    product: str
    secret: bytes
    secure: bool = False
    demonstration: bool = False
    navigation: Sequence[Link] = ()
    footer: Sequence[Link] = ()
    account_href: str = "/account"
    sign_in_href: str = "/sign-in"
    sign_out_href: str = "/sign-out"
    registers: bool = True
    contact: str = ""

    def menu(self, actor: Actor, path: str, session: Any = None) -> list[MenuLine]:
        """Return the menu that this actor sees on this page; the session is what links may count from."""
        return [
            MenuLine(
                link.text,
                link.href,
                path == link.href,
                path.startswith(link.below),
                link.counted(session),
            )
            for link in self.navigation
            if link.shown_to(actor)
        ]


def environment(site: Site, assets: Assets, *, cache: Path | None = None) -> Environment:
    """Return the environment of all templates.

    Args:
        site: what is the same on every page.
        assets: the built files, for `asset("app.css")`.
        cache: a private folder for compiled templates; without one they are compiled at every start.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=FileSystemBytecodeCache(str(cache)) if cache else None,
    )
    cast("dict[str, Any]", made.filters).update(FILTERS)
    cast("dict[str, Any]", made.globals).update(
        site=site, asset=assets.url, notices=Notices(site.secret, secure=site.secure)
    )
    return made


def engine(made: Environment) -> JinjaTemplateEngine:
    """Return the engine that Litestar takes in its TemplateConfig."""
    return JinjaTemplateEngine.from_environment(made)


def wants_fragment(request: AnyRequest) -> bool:
    """Tell whether htmx asks for a part of a page, and not for a whole one to go back to in its history."""
    headers = request.headers
    return (
        headers.get("hx-request") == "true"
        and headers.get("hx-request-type") != "full"
        and "hx-history-restore-request" not in headers
    )


def render_block(template: Template, block: str, context: Mapping[str, Any]) -> str:
    """Render one block of a template; what stands at the top of its file does not run."""
    return "".join(template.blocks[block](template.new_context(dict(context))))


class Page(Response[bytes]):
    """An HTML answer made from a template.

    Args:
        template_name: its path under `templates/`; a partial (`_job.html`) is an answer of its own.
        context: what the template reads beyond what every page has.
        fragment: the block that htmx gets instead of the whole page, with the page's title, which htmx takes
            over.
        status_code: 422 where a form came back with errors.
    """

    def __init__(
        self,
        template_name: str,
        *,
        context: Mapping[str, Any] | None = None,
        fragment: str | None = None,
        status_code: int = 200,
        headers: dict[str, str] | None = None,
        cookies: Sequence[Cookie] = (),
    ) -> None:
        super().__init__(content=b"", status_code=status_code, headers=headers, cookies=list(cookies))
        self.template_name = template_name
        self.context = context or {}
        self.fragment = fragment

    def rendered(self, request: AnyRequest) -> tuple[bytes, bool]:
        """Return the bytes, and whether a notice was shown that must not be shown again."""
        environment = _environment(request)
        template = environment.get_template(self.template_name)
        context: dict[str, Any] = {
            "request": request,
            "actor": request.scope.get("user") or PUBLIC,
            "session": request.scope.get("auth"),
            # An unknown address is answered before anybody looked who is asking.
            "identified": "user" in request.scope,
            "path": request.scope["path"],
            "failed": self.status_code == 422,
            "notice": None,
            **self.context,
        }
        if self.fragment and wants_fragment(request):
            return _fragment(environment, template, self.fragment, context).encode(), False
        notices = cast("Notices", environment.globals["notices"])
        if kept := request.cookies.get(notices.cookie_name):
            context["notice"] = notices.read(kept)
        return template.render(context).encode(), bool(kept)

    def to_asgi_response(  # noqa: D102 -- Litestar calls it, and gives more than is needed here
        self,
        app: Any,  # noqa: ARG002
        request: AnyRequest,
        *,
        background: BackgroundTask | BackgroundTasks | None = None,
        cookies: Iterable[Cookie] | None = None,
        encoded_headers: Iterable[tuple[bytes, bytes]] | None = None,  # noqa: ARG002
        headers: dict[str, str] | None = None,
        is_head_response: bool = False,
        media_type: MediaType | str | None = None,  # noqa: ARG002
        status_code: int | None = None,
        type_encoders: Any = None,  # noqa: ARG002
    ) -> ASGIResponse:
        body, shown = self.rendered(request)
        notices = cast("Notices", _environment(request).globals["notices"])
        all_headers = {**(headers or {}), **self.headers}
        if self.fragment:
            all_headers.setdefault("vary", "hx-request, hx-request-type")
        return ASGIResponse(
            background=self.background or background,
            body=body,
            cookies=[*self.cookies, *(cookies or ()), *([notices.gone()] if shown else ())],
            headers=all_headers,
            is_head_response=is_head_response,
            media_type=MediaType.HTML,
            status_code=self.status_code or status_code,
        )


def site_of(request: AnyRequest) -> Site:
    """Return what is the same on every page."""
    return cast("Site", _environment(request).globals["site"])


def _environment(request: AnyRequest) -> Environment:
    return cast("JinjaTemplateEngine", request.app.template_engine).engine


def _fragment(environment: Environment, template: Template, block: str, context: dict[str, Any]) -> str:
    site = cast("Site", environment.globals["site"])
    part = render_block(template, block, context)
    if "title" not in template.blocks:
        return part
    failed = "Error: " if context["failed"] else ""
    return f"<title>{failed}{render_block(template, 'title', context)} – {site.product}</title>{part}"


def to(
    request: AnyRequest,
    href: str,
    *,
    notice: str = "",
    kind: Kind = "success",
    link: tuple[str, str] | None = None,
) -> Redirect:
    """Send the person on to another page (303), which may say once what was done."""
    answer = Redirect(href, status_code=303)
    if notice:
        text, address = link or ("", "")
        notices = cast("Notices", _environment(request).globals["notices"])
        answer.cookies.append(notices.cookie(Notice(notice, kind, text, address)))
    return answer
