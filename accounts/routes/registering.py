"""Pages on which a firm registers itself."""

from __future__ import annotations

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from accounts import forms
from accounts.actions import registering as actions
from accounts.actions.throttling import TooMany
from accounts.routes.session import Db, entrance_of, visit_of
from accounts.routes.signing_in import NO_STORE, invalid_page, refused_page
from values.refusals import Missing, Refused
from web.pages import AnyRequest, Page, to


@get("/register", name="accounts.register")
async def register_page() -> Page:
    """Ask which firm, and where its first person is reached."""
    return Page("accounts/register.html", context={"form": forms.RegisterFirm()}, headers=NO_STORE)


@post("/register", name="accounts.register_now", status_code=200)
async def register(request: AnyRequest, db: Db) -> Page:
    """Have an address sent; the answer is the same whoever has it."""
    form = forms.RegisterFirm(await request.form())
    if not form.validate():
        return invalid_page(form, "accounts/register.html")
    try:
        await actions.ask(
            db,
            firm=form.firm.data or "",
            email=form.email.data or "",
            network=visit_of(request).network,
            address=entrance_of(request).address,
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
