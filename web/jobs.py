"""How far long work has come: the page of a job, the part of it that is asked for again, asking it to stop.

A job of any kind has the same page. What came of it is the business of whoever asked: the application hands
down, for each kind of job, the page that shows its result.
"""

# ruff: noqa: ARG001 -- a handler names `actor` to be for people who are signed in, used or not

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from store import jobs
from values.actors import Actor
from web.pages import AnyRequest, Page, to

Db = NamedDependency[AsyncSession]
Someone = NamedDependency[Actor]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of job is shown.

    Attributes:
        title: what it does, as a heading: "Importing files".
        result_text: the link to what came of it.
        result_href: the address of that, with `{id}` for the job's.
    """

    title: str
    result_text: str = ""
    result_href: str = ""


UNKNOWN = Kind("Work in progress")
Kinds = NamedDependency[Mapping[str, Kind]]


@get("/{job_id:uuid}", name="web.job")
async def job_page(db: Db, actor: Someone, kinds: Kinds, job_id: FromPath[UUID]) -> Page:
    """Show how far a job is; htmx asks for the part that changes."""
    job = await jobs.view(db, job_id)
    return Page("web/job.html", context=_context(job, kinds), fragment="progress")


@get("/{job_id:uuid}/cancel", name="web.ask_cancel_job")
async def ask_cancel(
    request: AnyRequest, db: Db, actor: Someone, kinds: Kinds, job_id: FromPath[UUID]
) -> Page | Redirect:
    """Ask whether the job shall really stop."""
    job = await jobs.view(db, job_id)
    if job.finished:
        return to(request, f"/jobs/{job_id}")
    return Page("web/cancel_job.html", context=_context(job, kinds))


@post("/{job_id:uuid}/cancel", name="web.cancel_job", status_code=200)
async def cancel(request: AnyRequest, db: Db, actor: Someone, job_id: FromPath[UUID]) -> Redirect:
    """Ask a job to stop at its next step."""
    await jobs.ask_to_cancel(db, job_id)
    return to(request, f"/jobs/{job_id}")


def _context(job: jobs.JobView, kinds: Mapping[str, Kind]) -> dict[str, object]:
    kind = kinds.get(job.kind, UNKNOWN)
    return {"job": job, "kind": kind, "result_href": kind.result_href.replace("{id}", str(job.id))}


def router(kinds: Mapping[str, Kind]) -> Router:
    """Return the pages of all jobs; `kinds` says how each kind is shown."""
    return Router(
        "/jobs",
        route_handlers=[job_page, ask_cancel, cancel],
        dependencies={"kinds": Provide(lambda: kinds, sync_to_thread=False)},
        include_in_schema=False,
    )
