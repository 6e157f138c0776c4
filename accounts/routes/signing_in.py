"""Sign in, show the second factor, sign out."""

from __future__ import annotations

from urllib.parse import quote

from litestar import Router, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from accounts import forms
from accounts.actions import second_factor, signing_in
from accounts.queries.sessions import Login
from accounts.queries.sessions import login_of as login_with
from accounts.routes.confirming import refused_as
from accounts.routes.session import STEP, arriving, entrance_of, login_of, visit_of
from accounts.rules.addresses import safe_next
from accounts.rules.roles import Stage
from values.refusals import Missing, Refused
from web.forms import Form
from web.pages import AnyRequest, Page, to

NO_STORE = {"cache-control": "no-store"}


def refused_page(form: Form, refused: Refused, template: str, **context: object) -> Page:
    """Show a form again with a refusal: 422, or 429 where there were too many tries."""
    return Page(
        template,
        context={"form": form, "failed": True, **context},
        status_code=refused_as(form, refused),
        headers=NO_STORE,
    )


def invalid_page(form: Form, template: str, **context: object) -> Page:
    """Show a form again with what is wrong in it."""
    return Page(template, context={"form": form, **context}, status_code=422, headers=NO_STORE)


def go_on(request: AnyRequest, token: str, href: str) -> Redirect:
    """Lead on with a new session token in the cookie."""
    answer = to(request, href)
    answer.cookies.append(entrance_of(request).cookie(token))
    return answer


@get("/sign-in", name="accounts.sign_in")
async def sign_in_page(request: AnyRequest, next: FromQuery[str] = "") -> Page | Redirect:  # noqa: A002
    """Ask for e-mail address and password."""
    login = login_of(request)
    if login is not None:
        return to(request, _after(login, next))
    return Page(
        "accounts/sign_in.html", context={"form": forms.SignIn(), "next": safe_next(next)}, headers=NO_STORE
    )


@post("/sign-in", name="accounts.sign_in_now", status_code=200)
async def sign_in(request: AnyRequest) -> Page | Redirect:
    """Open a session, always under a new token; one that the browser was in before ends."""
    typed = await request.form()
    form, href = forms.SignIn(typed), safe_next(typed.get("next"))
    if not form.validate():
        return invalid_page(form, "accounts/sign_in.html", next=href)
    entrance = entrance_of(request)
    try:
        token = await signing_in.sign_in(
            entrance.sessions,
            entrance.passwords,
            visit_of(request),
            email=form.email.data or "",
            password=form.password.data or "",
        )
    except Refused as refused:
        return refused_page(form, refused, "accounts/sign_in.html", next=href)
    if (before := login_of(request)) is not None:
        await _end(request, before)
    opened = await login_with(entrance.lookup, token)
    return go_on(request, token, _after(opened, href) if opened else href)


async def _end(request: AnyRequest, login: Login) -> None:
    try:
        await signing_in.sign_out(entrance_of(request).sessions, login)
    except Missing:
        return  # it ended meanwhile


def _after(login: Login, wanted: str) -> str:
    step = STEP.get(login.stage)
    return f"{step}?next={quote(safe_next(wanted), safe='/')}" if step else safe_next(wanted)


@get("/sign-in/second-factor", name="accounts.second_factor")
async def second_factor_page(request: AnyRequest, next: FromQuery[str] = "") -> Page | Redirect:  # noqa: A002
    """Ask for a code from the app: to complete a sign-in, or again before something that binds."""
    login = arriving(request)
    if not login.enrolled:
        return to(request, "/second-factor")
    return Page(
        "accounts/show_second_factor.html",
        context={"form": forms.SecondFactor(), "next": safe_next(next), "complete": _is_complete(login)},
        headers=NO_STORE,
    )


@post("/sign-in/second-factor", name="accounts.show_second_factor", status_code=200)
async def show_second_factor(request: AnyRequest) -> Page | Redirect:
    """Take a code from the app; the session gets a new token."""
    login, entrance = arriving(request), entrance_of(request)
    typed = await request.form()
    form, href = forms.SecondFactor(typed), safe_next(typed.get("next"))
    context = {"next": href, "complete": _is_complete(login)}
    if not form.validate():
        return invalid_page(form, "accounts/show_second_factor.html", **context)
    try:
        token = await second_factor.show(entrance.sessions, entrance.sealer, login, code=form.code.data or "")
    except Refused as refused:
        return refused_page(form, refused, "accounts/show_second_factor.html", **context)
    return go_on(request, token, href)


@get("/sign-in/recovery-code", name="accounts.recovery_code")
async def recovery_code_page(request: AnyRequest, next: FromQuery[str] = "") -> Page:  # noqa: A002
    """Ask for a recovery code, where the app is lost."""
    arriving(request)
    return Page(
        "accounts/recovery_code.html",
        context={"form": forms.RecoveryCode(), "next": safe_next(next)},
        headers=NO_STORE,
    )


@post("/sign-in/recovery-code", name="accounts.use_recovery_code", status_code=200)
async def use_recovery_code(request: AnyRequest) -> Page | Redirect:
    """Take a recovery code; the session gets a new token."""
    login, entrance = arriving(request), entrance_of(request)
    typed = await request.form()
    form, href = forms.RecoveryCode(typed), safe_next(typed.get("next"))
    if not form.validate():
        return invalid_page(form, "accounts/recovery_code.html", next=href)
    try:
        token, left = await second_factor.show_recovery_code(
            entrance.sessions, entrance.sealer, login, code=form.recovery_code.data or ""
        )
    except Refused as refused:
        return refused_page(form, refused, "accounts/recovery_code.html", next=href)
    answer = to(
        request,
        href,
        notice=f"You used a recovery code. {left} {'is' if left == 1 else 'are'} left",
        kind="information",
        link=("Set up your app again", "/second-factor"),
    )
    answer.cookies.append(entrance.cookie(token))
    return answer


def _is_complete(login: Login) -> bool:
    return login.stage is Stage.COMPLETE


@post("/sign-out", name="accounts.sign_out", status_code=200)
async def sign_out(request: AnyRequest) -> Redirect:
    """End this session."""
    login = login_of(request)
    if login is not None:
        await _end(request, login)
    answer = to(request, "/sign-in", notice="You are signed out")
    answer.cookies.append(entrance_of(request).no_cookie())
    return answer


router = Router(
    "/",
    route_handlers=[
        sign_in_page,
        sign_in,
        second_factor_page,
        show_second_factor,
        recovery_code_page,
        use_recovery_code,
        sign_out,
    ],
    include_in_schema=False,
)
