"""A person's own account: sessions, organisations, password, second factor."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import segno
from litestar import Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from markupsafe import Markup

from accounts import forms
from accounts.actions import passwords, second_factor, signing_in
from accounts.queries import sessions as queries
from accounts.queries.sessions import Login
from accounts.routes.session import (
    Db,
    Someone,
    arriving,
    entrance_of,
    require_fresh_second_factor,
)
from accounts.routes.signing_in import NO_STORE, invalid_page, refused_page
from accounts.rules import roles, totp
from accounts.rules.addresses import safe_next
from values.refusals import Refused
from web.pages import AnyRequest, Page, site_of, to


@get("/account", name="accounts.account")
async def account(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """Show a person what we keep about them, and where they are signed in."""
    return Page(
        "accounts/account.html",
        context={
            "page": await queries.account_page(db, actor),
            "session_id": arriving(request).session_id,
            "role_names": roles.NAMES,
            "organisation_id": actor.organisation_id,
            "manages": roles.may_manage_people(actor),
        },
    )


@post("/account/sessions/{session_id:uuid}/end", name="accounts.end_session", status_code=200)
async def end_session(request: AnyRequest, db: Db, actor: Someone, session_id: FromPath[UUID]) -> Redirect:
    """End one of one's own sessions."""
    await signing_in.end_session(db, actor, session_id)
    return to(request, "/account", notice="The session was ended")


@post("/account/sign-out-everywhere", name="accounts.sign_out_everywhere", status_code=200)
async def sign_out_everywhere(request: AnyRequest, db: Db, actor: Someone) -> Redirect:
    """End all of one's own sessions, this one too."""
    await signing_in.sign_out_everywhere(db, actor)
    answer = to(request, "/sign-in", notice="You are signed out everywhere")
    answer.cookies.append(entrance_of(request).no_cookie())
    return answer


@post("/account/act-for/{organisation_id:uuid}", name="accounts.act_for", status_code=200)
async def act_for(request: AnyRequest, db: Db, actor: Someone, organisation_id: FromPath[UUID]) -> Redirect:
    """Go on for another of one's organisations."""
    await signing_in.act_for(db, arriving(request), organisation_id)
    return to(request, "/account", notice="You act for another organisation now")


@get("/account/password", name="accounts.password")
async def password_page(actor: Someone) -> Page:
    """Ask for the current password and another."""
    return Page("accounts/password.html", context={"form": forms.ChangePassword()}, headers=NO_STORE)


@post("/account/password", name="accounts.change_password", status_code=200)
async def change_password(request: AnyRequest, db: Db, actor: Someone) -> Page | Redirect:
    """Change one's own password; all other sessions end."""
    form, entrance = forms.ChangePassword(await request.form()), entrance_of(request)
    if not form.validate():
        return invalid_page(form, "accounts/password.html")
    page = await queries.account_page(db, actor)
    try:
        await passwords.change_password(
            entrance.sessions,
            entrance.passwords,
            arriving(request),
            current=form.current.data or "",
            new=form.password.data or "",
            about=(page.email, page.name),
        )
    except Refused as refused:
        return refused_page(form, refused, "accounts/password.html")
    return to(request, "/account", notice="Your password was changed, and all other sessions were ended")


@get("/second-factor", name="accounts.enrol")
async def enrol_page(request: AnyRequest, next: FromQuery[str] = "") -> Page:  # noqa: A002
    """Show a secret to put into an authenticator app."""
    login = arriving(request)
    if login.enrolled:
        require_fresh_second_factor(request)
    offer = second_factor.offer(entrance_of(request).sealer, login)
    return Page(
        "accounts/enrol.html",
        context={"form": forms.Enrol(), **_offered(request, login, offer), "next": safe_next(next)},
        headers=NO_STORE,
    )


@post("/second-factor", name="accounts.enrol_now", status_code=200)
async def enrol(request: AnyRequest) -> Page:
    """Take a second factor into use, and show the recovery codes this once."""
    login, entrance = arriving(request), entrance_of(request)
    if login.enrolled:
        require_fresh_second_factor(request)
    typed = await request.form()
    form, sealed, href = forms.Enrol(typed), str(typed.get("sealed", "")), safe_next(typed.get("next"))
    context = {
        **_offered(request, login, second_factor.offer(entrance.sealer, login, sealed)),
        "next": href,
    }
    if not form.validate():
        return invalid_page(form, "accounts/enrol.html", **context)
    try:
        enrolled = await second_factor.enrol(
            entrance.sessions, entrance.sealer, login, sealed=sealed, code=form.code.data or ""
        )
    except Refused as refused:
        return refused_page(form, refused, "accounts/enrol.html", **context)
    return Page(
        "accounts/recovery_codes.html",
        context={"codes": enrolled.recovery_codes, "next": href, "actor": login.actor},
        headers=NO_STORE,
        cookies=[entrance.cookie(enrolled.token)],
    )


def _offered(request: AnyRequest, login: Login, offer: second_factor.Offer) -> dict[str, object]:
    name = site_of(request).product
    drawn = BytesIO()
    code = segno.make(totp.address(offer.secret, login.actor.name, name), error="m", micro=False)
    code.save(
        drawn, kind="svg", scale=5, border=4, xmldecl=False, svgns=True, svgclass="app-qr", lineclass=None,
        light="#fff", dark="#000", nl=False,
    )  # fmt: skip
    key = " ".join(offer.secret[at : at + 4] for at in range(0, len(offer.secret), 4))
    return {
        # Made by the library from our own text: nothing that was typed goes in unescaped.
        "qr": Markup(drawn.getvalue().decode()),  # noqa: S704
        "key": key,
        "sealed": offer.sealed,
        "needed": roles.needs_second_factor(login.actor.roles),
    }


@get("/second-factor/turn-off", name="accounts.ask_turn_off")
async def ask_turn_off(request: AnyRequest, actor: Someone) -> Page:
    """Ask whether the second factor shall really go."""
    require_fresh_second_factor(request)
    return Page("accounts/turn_off.html")


@post("/second-factor/turn-off", name="accounts.turn_off", status_code=200)
async def turn_off(request: AnyRequest, db: Db, actor: Someone) -> Redirect:
    """Give the second factor up, where no role needs it."""
    require_fresh_second_factor(request)
    await second_factor.turn_off(db, arriving(request))
    return to(request, "/account", notice="Your second factor was turned off")


router = Router(
    "/",
    route_handlers=[
        account,
        end_session,
        sign_out_everywhere,
        act_for,
        password_page,
        change_password,
        enrol_page,
        enrol,
        ask_turn_off,
        turn_off,
    ],
    include_in_schema=False,
)
