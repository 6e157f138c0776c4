"""Pages that are reached by mail: a new password, an invitation."""

from __future__ import annotations

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from accounts import forms
from accounts.actions import passwords, people
from accounts.actions.throttling import TooMany
from accounts.models import TokenKind
from accounts.queries import people as queries
from accounts.queries.people import OpenToken
from accounts.routes.session import Db, entrance_of, visit_of
from accounts.routes.signing_in import NO_STORE, invalid_page, refused_page
from accounts.rules import roles
from values.refusals import Missing, Refused
from web.pages import AnyRequest, Page, to


@get("/forgotten-password", name="accounts.forgotten_password")
async def forgotten_password_page() -> Page:
    """Ask where to send the address at which a new password is chosen."""
    return Page("accounts/forgotten_password.html", context={"form": forms.ForgottenPassword()})


@post("/forgotten-password", name="accounts.ask_for_reset", status_code=200)
async def ask_for_reset(request: AnyRequest, db: Db) -> Page:
    """Have a reset sent; the answer is the same whether anybody has the address."""
    form = forms.ForgottenPassword(await request.form())
    if not form.validate():
        return invalid_page(form, "accounts/forgotten_password.html")
    try:
        await passwords.ask_for_reset(
            db,
            email=form.email.data or "",
            network=visit_of(request).network,
            address=entrance_of(request).address,
        )
    except TooMany as refused:
        return refused_page(form, refused, "accounts/forgotten_password.html")
    return Page("accounts/reset_sent.html", context={"email": form.email.data})


@get("/reset/{token:str}", name="accounts.reset")
async def reset_page(db: Db, token: FromPath[str]) -> Page:
    """Ask for a new password; looking at the page does not use the token up."""
    try:
        await queries.open_token(db, TokenKind.PASSWORD_RESET, token)
    except Missing:
        return _used_up("reset")
    return Page(
        "accounts/reset.html", context={"form": forms.NewPassword(), "token": token}, headers=NO_STORE
    )


@post("/reset/{token:str}", name="accounts.reset_now", status_code=200)
async def reset(request: AnyRequest, token: FromPath[str]) -> Page | Redirect:
    """Set a new password; all sessions of the person end, and they sign in with it."""
    form, entrance = forms.NewPassword(await request.form()), entrance_of(request)
    if not form.validate():
        return invalid_page(form, "accounts/reset.html", token=token)
    try:
        await passwords.reset_password(
            entrance.sessions, entrance.passwords, token=token, new=form.password.data or ""
        )
    except Missing:
        return _used_up("reset")
    except Refused as refused:
        return refused_page(form, refused, "accounts/reset.html", token=token)
    return to(request, "/sign-in", notice="Your password was changed. Sign in with it")


@get("/invitation/{token:str}", name="accounts.invitation")
async def invitation_page(db: Db, token: FromPath[str]) -> Page:
    """Show what somebody is invited to; looking at it does not use the token up."""
    try:
        invitation = await queries.open_token(db, TokenKind.INVITATION, token)
    except Missing:
        return _used_up("invitation")
    return Page(
        "accounts/invitation.html",
        context={"form": forms.Accept(), **_invited(invitation, token)},
        headers=NO_STORE,
    )


@post("/invitation/{token:str}", name="accounts.accept_invitation", status_code=200)
async def accept_invitation(request: AnyRequest, db: Db, token: FromPath[str]) -> Page | Redirect:
    """Make the person a member, with a new account where they have none."""
    form, entrance = forms.Accept(await request.form()), entrance_of(request)
    try:
        invitation = await queries.open_token(db, TokenKind.INVITATION, token)
    except Missing:
        return _used_up("invitation")
    if not invitation.known and not form.validate():
        return invalid_page(form, "accounts/invitation.html", **_invited(invitation, token))
    try:
        await people.accept_invitation(
            entrance.sessions,
            entrance.passwords,
            token=token,
            name="" if invitation.known else form.name.data or "",
            password="" if invitation.known else form.password.data or "",
        )
    except Missing:
        return _used_up("invitation")
    except Refused as refused:
        return refused_page(form, refused, "accounts/invitation.html", **_invited(invitation, token))
    return to(request, "/sign-in", notice=f"You can act for {invitation.organisation_name} now. Sign in")


def _invited(invitation: OpenToken, token: str) -> dict[str, object]:
    role = roles.NAMES[invitation.role] if invitation.role else ""
    return {"invitation": invitation, "role_name": role, "token": token}


def _used_up(what: str) -> Page:
    return Page("accounts/used_up.html", context={"what": what}, status_code=404, headers=NO_STORE)


router = Router(
    "/",
    route_handlers=[
        forgotten_password_page,
        ask_for_reset,
        reset_page,
        reset,
        invitation_page,
        accept_invitation,
    ],
    include_in_schema=False,
)
