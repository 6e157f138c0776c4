"""People of an organisation: list, invite, change, remove; the outbox for operators."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from litestar import Router, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from accounts import forms
from accounts.actions import people as actions
from accounts.queries import people as queries
from accounts.routes.session import Db, Someone, entrance_of
from accounts.rules import roles as rules
from values.actors import Actor, Role
from values.refusals import NotAllowed
from web.pages import AnyRequest, Page, to
from web.paging import Listing


@get("/people", name="accounts.people")
async def people(request: AnyRequest, db: Db, actor: Someone, q: FromQuery[str] = "") -> Page:
    """List the members of one's organisation; operators see everybody's."""
    listing = Listing.of(request, sorts=["name"], default="name")
    words = q.strip()[:100]
    total, members = await queries.members(db, words=words, offset=listing.offset, limit=listing.per_page)
    return Page(
        "accounts/people.html",
        context={
            "members": members,
            "words": words,
            "listing": listing,
            "total": total,
            "invitations": await queries.invitations(db),
            "manages": rules.may_manage_people(actor),
            "operator": Role.OPERATOR in actor.roles,
        },
    )


async def _invite_form(db: Db, actor: Actor, typed: FormMultiDict | None = None) -> forms.Invite:
    if not rules.may_manage_people(actor):
        raise NotAllowed("Only approvers, sector leads, suppliers and operators invite people.")
    places = await queries.inviting(db, actor)
    form = forms.Invite(typed, data={"organisation": str(actor.organisation_id)})
    form.organisation.choices = forms.choices((str(id_), name) for id_, name, _ in places)
    may = rules.grantable(actor)
    if len(places) == 1:
        may &= rules.possible(places[0][2])
    form.role.choices = forms.choices([("", "Choose a role"), *_named(may)])
    return form


def _named(may: Collection[Role]) -> list[tuple[str, str]]:
    return [(role.value, rules.NAMES[role]) for role in Role if role in may]


@get("/people/invite", name="accounts.ask_invite")
async def invite_page(db: Db, actor: Someone) -> Page:
    """Ask whom to invite."""
    return Page("accounts/invite.html", context={"form": await _invite_form(db, actor)})


@post("/people/invite", name="accounts.invite", status_code=200)
async def invite(request: AnyRequest, db: Db, actor: Someone) -> Page | Redirect:
    """Invite somebody by e-mail."""
    form = await _invite_form(db, actor, await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.invite(
                db,
                actor,
                UUID(form.organisation.data),
                email=form.email.data or "",
                role=Role(form.role.data),
                address=entrance_of(request).address,
            )
            return to(request, "/people", notice=f"An invitation to {form.email.data} is on its way")
    return Page("accounts/invite.html", context={"form": form}, status_code=422)


@post("/people/invitations/{token_id:uuid}/withdraw", name="accounts.withdraw", status_code=200)
async def withdraw(request: AnyRequest, db: Db, actor: Someone, token_id: FromPath[UUID]) -> Redirect:
    """Take an invitation back."""
    await actions.withdraw_invitation(db, actor, token_id)
    return to(request, "/people", notice="The invitation was withdrawn")


@get("/people/{organisation_id:uuid}/{person_id:uuid}", name="accounts.member")
async def member_page(
    db: Db, actor: Someone, organisation_id: FromPath[UUID], person_id: FromPath[UUID]
) -> Page:
    """Show a member, with what may be changed."""
    return await _member_page(db, actor, organisation_id, person_id, None)


@post("/people/{organisation_id:uuid}/{person_id:uuid}", name="accounts.set_roles", status_code=200)
async def set_roles(
    request: AnyRequest, db: Db, actor: Someone, organisation_id: FromPath[UUID], person_id: FromPath[UUID]
) -> Page | Redirect:
    """Change what a member may do."""
    form = forms.Roles(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.set_roles(db, actor, organisation_id, person_id, roles=form.chosen)
            return to(request, "/people", notice="The roles were changed")
    return await _member_page(db, actor, organisation_id, person_id, form)


async def _member_page(
    db: Db, actor: Actor, organisation_id: UUID, person_id: UUID, form: forms.Roles | None
) -> Page:
    member = await queries.member(db, organisation_id, person_id)
    may = rules.grantable(actor) & rules.possible(member.organisation_kind)
    shown = form or forms.Roles(data={"roles": [role.value for role in member.roles]})
    shown.roles.choices = forms.choices(_named(may))
    changeable = person_id != actor.person_id and rules.grantable(actor).issuperset(member.roles)
    return Page(
        "accounts/member.html",
        context={"member": member, "form": shown, "changeable": changeable},
        status_code=422 if form else 200,
    )


@get("/people/{organisation_id:uuid}/{person_id:uuid}/remove", name="accounts.ask_remove")
async def remove_page(
    db: Db, actor: Someone, organisation_id: FromPath[UUID], person_id: FromPath[UUID]
) -> Page:
    """Ask whether a member shall really go."""
    return Page(
        "accounts/remove.html", context={"member": await queries.member(db, organisation_id, person_id)}
    )


@post("/people/{organisation_id:uuid}/{person_id:uuid}/remove", name="accounts.remove", status_code=200)
async def remove(
    request: AnyRequest, db: Db, actor: Someone, organisation_id: FromPath[UUID], person_id: FromPath[UUID]
) -> Redirect:
    """End a membership."""
    await actions.remove_member(db, actor, organisation_id, person_id)
    return to(request, "/people", notice="The person was removed")


@get("/mail", name="accounts.mail")
async def mail(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """Show operators what waits to be sent; the text too where no mail server is set."""
    if Role.OPERATOR not in actor.roles:
        raise NotAllowed("Only operators can read the mail that the service sends.")
    return Page(
        "accounts/mail.html",
        context={"letters": await queries.outbox(db), "readable": entrance_of(request).outbox_shown},
    )


router = Router(
    "/",
    route_handlers=[
        people,
        invite_page,
        invite,
        withdraw,
        member_page,
        set_roles,
        remove_page,
        remove,
        mail,
    ],
    include_in_schema=False,
)
