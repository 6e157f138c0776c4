"""The lists in Starlette and SQLAlchemy, for everybody: our template and rows, no sign-in and no policies.

Written as Starlette's and SQLAlchemy's documentation do: a session a request, statements built where they are
used, rows handed to the template. The database is opened as the tables' owner, to whom no policy applies.
"""

import os

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates
from world import OFFICER

from accounts.models import Organisation
from app.main import STATIC, _site
from app.settings import read
from spend.models import PublishedFile, SetAsideLine
from spend.reading import REASONS
from spend.routes import register as ours
from spend.routes import set_aside as ours_set_aside
from spend.routes.showing import BASIS_WORDS, STATE_WORDS
from web import pages
from web.assets import Assets
from web.paging import Listing

PER_PAGE = 50


def application() -> Starlette:
    """Return the application; the environment says which database."""
    engine = create_async_engine(os.environ["PEER_DATABASE_URL"], pool_size=8)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    templates = Jinja2Templates(env=pages.environment(_site(read(os.environ)), Assets.load(STATIC)))
    # What our layout reads; the person is a constant, so that both send the same bytes.
    layout = {
        "actor": OFFICER,
        "identified": True,
        "failed": False,
        "notice": None,
        "session": None,
    }

    async def register(request: Request) -> Response:
        listing = Listing.of(request, sorts=ours.SORTS, default="-imported")
        current = PublishedFile.state == "current"
        async with sessions() as db:
            files = await db.execute(
                select(
                    PublishedFile.id,
                    PublishedFile.name,
                    PublishedFile.body_code,
                    Organisation.short_name.label("body_name"),
                    PublishedFile.state,
                    PublishedFile.first_on,
                    PublishedFile.last_on,
                    PublishedFile.lines,
                    PublishedFile.read,
                    PublishedFile.set_aside,
                    PublishedFile.amount_read_pence,
                    PublishedFile.amount_basis,
                    PublishedFile.imported_at,
                )
                .join(Organisation, Organisation.code == PublishedFile.body_code)
                .where(current)
                .order_by(PublishedFile.imported_at.desc(), PublishedFile.id)
                .limit(PER_PAGE)
                .offset(listing.offset)
            )
            totals = await db.execute(
                select(
                    func.count().label("files"),
                    func.count(PublishedFile.body_code.distinct()).label("bodies"),
                    func.sum(PublishedFile.lines).label("lines"),
                    func.sum(PublishedFile.read).label("read"),
                    func.sum(PublishedFile.set_aside).label("set_aside"),
                    func.sum(PublishedFile.amount_read_pence).label("amount_read_pence"),
                )
                .join(Organisation, Organisation.code == PublishedFile.body_code)
                .where(current)
            )
            bodies = await db.execute(
                select(Organisation.code, Organisation.short_name)
                .where(Organisation.code.in_(select(PublishedFile.body_code)))
                .order_by(Organisation.short_name)
            )
        context = layout | {
            "path": request.url.path,
            "files": files.all(),
            # PostgreSQL sums BIGINT to NUMERIC.
            "totals": {name: int(value) for name, value in totals.mappings().one().items()},
            "bodies": bodies.all(),
            "wanted": ours.FileFilter(),
            "states": ours.STATE_CHOICES,
            "state_words": STATE_WORDS,
            "basis_words": BASIS_WORDS,
            "listing": listing,
            "columns": ours.COLUMNS,
            "uploads": True,
        }
        return templates.TemplateResponse(request, "spend/files.html", context)

    async def set_aside(request: Request) -> Response:
        file_id = request.path_params["file_id"]
        listing = Listing.of(request, sorts=[], default="")
        of_file = SetAsideLine.file_id == file_id
        async with sessions() as db:
            file = (
                await db.execute(
                    select(PublishedFile.id, PublishedFile.name).where(PublishedFile.id == file_id)
                )
            ).one()
            reasons = await db.execute(
                select(SetAsideLine.reason, func.count())
                .where(of_file)
                .group_by(SetAsideLine.reason)
                .order_by(SetAsideLine.reason)
            )
            lines = await db.execute(
                select(SetAsideLine.line_no, SetAsideLine.reason, SetAsideLine.raw)
                .where(of_file)
                .order_by(SetAsideLine.line_no)
                .limit(PER_PAGE)
                .offset(listing.offset)
            )
        counts = dict(reasons.tuples().all())
        context = layout | {
            "path": request.url.path,
            "file": file,
            "lines": lines.all(),
            "counts": counts,
            "reason": "",
            "words": REASONS,
            "total": sum(counts.values()),
            "columns": ours_set_aside.COLUMNS,
            "listing": listing,
        }
        return templates.TemplateResponse(request, "spend/set_aside.html", context)

    return Starlette(
        routes=[Route("/spend", register), Route("/spend/files/{file_id:uuid}/set-aside", set_aside)]
    )
