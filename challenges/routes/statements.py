"""A challenge: what everybody reads of it, its task list for the lead, and the pages of its statement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.queries.bodies import regions
from accounts.routes.session import Anybody, Db, Someone
from challenges.actions import approving, making
from challenges.forms.fields import PartForm
from challenges.forms.statements import FORMS, BeginForm, ProblemForm, ResponseForm
from challenges.queries import challenges as queries
from challenges.queries import phases, responses
from challenges.routes import showing
from challenges.routes.showing import Head
from challenges.rules import language, states
from challenges.rules.content import Content
from challenges.rules.effort import minutes_to_answer
from challenges.rules.guides import GUIDES
from challenges.rules.linting import PART_WORDS, Part, blocking
from sourcing.rules.challenge_routes import routes
from spend.queries import own_code
from values.actors import Actor
from values.refusals import Missing
from web.pages import AnyRequest, Page, to

TAB = "Challenge"


def _begin_page(form: BeginForm) -> Page:
    form.offer()
    context = {"form": form, "guide": GUIDES["title"]}
    return Page("challenges/begin.html", context=context, status_code=422 if form.error_list else 200)


@get("/challenges/new", name="challenges.begin_page")
async def begin_page(db: Db, actor: Someone) -> Page:
    """Ask what should become possible."""
    states.check_officer(actor, await own_code(db, actor))
    return _begin_page(BeginForm())


@post("/challenges/new", name="challenges.begin", status_code=200)
async def begin(request: AnyRequest, db: Db, actor: Someone) -> Page | Redirect:
    """Begin a statement."""
    states.check_officer(actor, await own_code(db, actor))
    form = BeginForm(await request.form())
    form.offer()
    if form.validate():
        async with form.attempt(db):
            made = await making.begin(
                db, actor, title=form.title.data or "", category=form.category.data or ""
            )
            return to(request, f"/challenges/{made}", notice="The statement was begun")
    return _begin_page(form)


@get("/challenges/{challenge_id:uuid}", name="challenges.challenge")
async def challenge(db: Db, visitor: Anybody, challenge_id: FromPath[UUID]) -> Page:
    """Show everybody what is published, and the sponsors how far the statement is and what is missing."""
    head = await showing.head(db, visitor, challenge_id, TAB)
    content = await queries.content(db, challenge_id)
    found = await approving.lacks(db, head.challenge) if head.inside else []
    return Page(
        "challenges/challenge.html",
        context={
            "head": head,
            "content": content,
            "region": dict(await regions(db)).get(content.region_code, "Anywhere"),
            "parts": PART_WORDS,
            "lacks": found,
            "blocking": blocking(found),
            "notices": await queries.notices(db, challenge_id),
            "phases": await phases.phases(db, challenge_id),
            "minutes": minutes_to_answer(content.most_words),
            "chance": await responses.chance(db),
            "signed_in": visitor.person_id is not None,
        },
    )


def _part(name: str) -> Part:
    if name not in tuple(Part):
        raise Missing("part")
    return Part(name)


async def _shown(db: AsyncSession, content: Content, part: Part) -> PartForm | ResponseForm:
    if part is Part.RESPONSE:
        return ResponseForm(data=ResponseForm.shown(content))
    stored = {name: getattr(content, name) for name in Content.__dataclass_fields__}
    form = FORMS[part](data=FORMS[part].shown(stored))
    await _offer(db, form)
    return form


async def _offer(db: AsyncSession, form: PartForm | ResponseForm) -> None:
    if isinstance(form, ProblemForm):
        form.offer(await regions(db))


async def _edit_page(
    db: AsyncSession, head: Head, part: Part, form: PartForm | ResponseForm, content: Content
) -> Page:
    lacks = await approving.lacks(db, head.challenge)
    return Page(
        "challenges/response_parts.html" if part is Part.RESPONSE else "challenges/edit.html",
        context={
            "head": head,
            "form": form,
            "part": part,
            "heading": PART_WORDS[part],
            "guides": GUIDES,
            "lacks": [each for each in lacks if each.part is part],
            "reading": _reading(form, content),
            "routes": routes(),
            "numbers": range(1, making.MOST_PARTS + 1),
            "minutes": minutes_to_answer(content.most_words),
            "most_words": content.most_words,
        },
        status_code=422 if form.error_list else 200,
    )


def _reading(form: PartForm | ResponseForm, content: Content) -> list[dict[str, Any]]:
    """Return for each text of this page, as it was saved, how it reads and what is hard in it."""
    names = [field.name for field in form if field.type == "LongTextField" and getattr(content, field.name)]
    return [
        {
            "name": name,
            "label": form[name].label.text,
            "age": language.reading_age(getattr(content, name)),
            "findings": language.findings(getattr(content, name)),
            "marked": language.marked(getattr(content, name)),
        }
        for name in names
    ]


@get("/challenges/{challenge_id:uuid}/edit/{name:str}", name="challenges.edit_page")
async def edit_page(db: Db, actor: Someone, challenge_id: FromPath[UUID], name: FromPath[str]) -> Page:
    """Ask for a part of the statement, and show what is missing in it and what is hard to read."""
    part = _part(name)
    head = await showing.head_of_lead(db, actor, challenge_id, TAB)
    states.check_changeable(head.challenge.state)
    content = await queries.content(db, challenge_id)
    return await _edit_page(db, head, part, await _shown(db, content, part), content)


@post("/challenges/{challenge_id:uuid}/edit/{name:str}", name="challenges.edit", status_code=200)
async def edit(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID], name: FromPath[str]
) -> Page | Redirect:
    """Save a part of the statement; nothing needs to be whole before approval is asked for."""
    part = _part(name)
    head = await showing.head_of_lead(db, actor, challenge_id, TAB)
    typed = await request.form()
    form = ResponseForm(typed) if part is Part.RESPONSE else FORMS[part](typed)
    await _offer(db, form)
    if form.validate():
        async with form.attempt(db):
            await _save(db, actor, challenge_id, part, form)
            stays = "again" in typed
            place = f"/challenges/{challenge_id}" + (f"/edit/{part.value}" if stays else "")
            return to(request, place, notice="Saved")
    return await _edit_page(db, head, part, form, await queries.content(db, challenge_id))


async def _save(
    db: AsyncSession, actor: Actor, challenge_id: UUID, part: Part, form: PartForm | ResponseForm
) -> None:
    if isinstance(form, PartForm):
        await making.save(db, actor, challenge_id, part, form.values)
        return
    await making.save_response(
        db,
        actor,
        challenge_id,
        sections=form.sections,
        criteria=form.criteria,
        anonymous=bool(form.anonymous.data),
    )


router = Router("/", route_handlers=[begin_page, begin, challenge, edit_page, edit], include_in_schema=False)
