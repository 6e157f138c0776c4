"""Pages on which a firm registers itself."""

from __future__ import annotations

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from accounts import forms
from accounts.actions import registering as actions
from accounts.actions.throttling import TooMany
from accounts.routes.session import Anybody, Db, entrance_of, visit_of
from accounts.routes.signing_in import NO_STORE, invalid_page, refused_page
from store.db import transaction
from values.actors import PUBLIC, Actor, Role
from values.refusals import Missing, Refused
from web.pages import AnyRequest, Page, to


def _closed(request: AnyRequest, visitor: Actor) -> bool:
    """Tell whether firms do not register themselves here; an operator registers one for them all the same."""
    return not request.app.state.settings.registration and not visitor.has(Role.OPERATOR)


def _closed_page(status: int) -> Page:
    return Page("accounts/register_closed.html", status_code=status, headers=NO_STORE)


@get("/register", name="accounts.register")
async def register_page(request: AnyRequest, visitor: Anybody) -> Page:
    """Ask which firm, and where its first person is reached."""
    if _closed(request, visitor):
        return _closed_page(200)
    return Page("accounts/register.html", context={"form": forms.RegisterFirm()}, headers=NO_STORE)


@post("/register", name="accounts.register_now", status_code=200)
async def register(request: AnyRequest, visitor: Anybody) -> Page:
    """Have an address sent; the answer is the same whoever has it."""
    if _closed(request, visitor):
        return _closed_page(403)
    form = forms.RegisterFirm(await request.form())
    if not form.validate():
        return invalid_page(form, "accounts/register.html")
    entrance = entrance_of(request)
    try:
        # As nobody, whoever is signed in: what is asked for is kept under the mail's token alone.
        async with transaction(entrance.sessions, PUBLIC) as db:
            await actions.ask(
                db,
                firm=form.firm.data or "",
                email=form.email.data or "",
                network=visit_of(request).network,
                address=entrance.address,
            )
    except TooMany as refused:
        return refused_page(form, refused, "accounts/register.html")
    return Page("accounts/register_sent.html", context={"email": form.email.data}, headers=NO_STORE)


def _used_up() -> Page:
    context = {"what": "registration"}
    return Page("accounts/used_up.html", context=context, status_code=404, headers=NO_STORE)


@get("/register/{token:str}", name="accounts.finish_registration_page")
async def finish_page(db: Db, token: FromPath[str]) -> Page:
    """Ask for name and password; looking at the page does not use the token up."""
    try:
        asked = await actions.asked(db, token)
    except Missing:
        return _used_up()
    return Page(
        "accounts/register_finish.html",
        context={"form": forms.Accept(), "asked": asked, "token": token},
        headers=NO_STORE,
    )


@post("/register/{token:str}", name="accounts.finish_registration", status_code=200)
async def finish(request: AnyRequest, db: Db, token: FromPath[str]) -> Page | Redirect:
    """Make the firm; its first person signs in."""
    form, entrance = forms.Accept(await request.form()), entrance_of(request)
    try:
        asked = await actions.asked(db, token)
    except Missing:
        return _used_up()
    if not asked.known and not form.validate():
        return invalid_page(form, "accounts/register_finish.html", asked=asked, token=token)
    try:
        firm = await actions.finish(
            entrance.sessions,
            entrance.passwords,
            token=token,
            name="" if asked.known else form.name.data or "",
            password="" if asked.known else form.password.data or "",
        )
    except Missing:
        return _used_up()
    except Refused as refused:
        return refused_page(form, refused, "accounts/register_finish.html", asked=asked, token=token)
    return to(request, "/sign-in?next=/challenges", notice=f"{firm} is registered. Sign in")


router = Router("/", route_handlers=[register_page, register, finish_page, finish], include_in_schema=False)
