"""Long work: a job row in the caller's transaction, progress in its own, cancelling in between.

PgQueuer is the queue (a trigger on `job` puts the row into it, so the application needs no right on the
queue); this module owns what people see of a job. A task is
`async def task(work: Work, **args) -> dict | None`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from sqlalchemy import bindparam, cast, func, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from store.db import Sessions, transaction
from store.models import Job, JobState
from values.actors import Actor, Role
from values.ids import uuid7
from values.refusals import Missing, NotAllowed, Refused

LOG = logging.getLogger(__name__)
MOST_ATTEMPTS = 3
ALONE_LOCK = 720_411_553
# Progress is written at most this often, so that telling does not cost more than doing.
SECONDS_BETWEEN_REPORTS = 0.25


class Cancelled(Exception):  # noqa: N818 -- not an error: somebody asked for it
    """A person asked to stop the job; what was done is undone with its transaction."""


class Progress(Protocol):
    """Where a task says how far it is. `report` raises `Cancelled` when somebody asked to stop."""

    async def report(self, done: int, total: int | None, doing: str) -> None:
        """Say that `done` of `total` (None: not known) is finished, and what is being done."""
        ...


class Silent:
    """Progress that nobody watches."""

    async def report(self, done: int, total: int | None, doing: str) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a task is given: sessions, who asked, where to report, and what the application handed down."""

    sessions: Sessions
    actor: Actor
    progress: Progress = field(default_factory=Silent)
    resources: Mapping[str, Any] = field(default_factory=dict)


Lane = Literal["long", "quick"]
Task = Callable[..., Awaitable[dict[str, Any] | None]]


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as a page shows it."""

    id: UUID
    kind: str
    state: str
    done: int
    total: int | None
    doing: str
    error: str | None
    result: dict[str, Any] | None
    created_at: datetime
    finished_at: datetime | None
    cancelling: bool

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen, so that a page stops asking."""
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

    @property
    def failed(self) -> bool:
        """Whether it ended without doing what was asked."""
        return self.state == JobState.FAILED


_VIEW = select(
    Job.id,
    Job.kind,
    Job.state,
    Job.done,
    Job.total,
    Job.doing,
    Job.error,
    Job.result,
    Job.created_at,
    Job.finished_at,
    Job.cancel_requested_at.is_not(None).label("cancelling"),
).where(Job.id == bindparam("job_id"))


async def enqueue(db: AsyncSession, actor: Actor, kind: str, *, lane: Lane = "long", **args: Any) -> UUID:
    """Ask for work, in this transaction: the job exists exactly if its reason does.

    Jobs of one lane wait for each other. `quick` is for work of well under a second that a page waits for, so
    that no import of an hour holds it up.
    """
    job_id = uuid7()
    await db.execute(
        insert(Job).values(
            id=job_id,
            kind=kind,
            lane=lane,
            args=args,
            person_id=actor.person_id,
            organisation_id=actor.organisation_id,
            roles=",".join(sorted(actor.roles)),
            actor_name=actor.name,
        )
    )
    return job_id


async def enqueue_once(
    db: AsyncSession, actor: Actor, kind: str, *, lane: Lane = "long", **args: Any
) -> UUID | None:
    """Ask for work that looks at what is there when it begins; None: the same waits already.

    What waits begins after this transaction has ended, and so sees what it wrote. Only for work whose result
    is the same whoever asked.
    """
    if await db.scalar(select(func.app.job_waits(kind, cast(args, JSONB)))):
        return None
    return await enqueue(db, actor, kind, lane=lane, **args)


async def enqueue_alone(db: AsyncSession, actor: Actor, kind: str, **args: Any) -> UUID | None:
    """Ask for work that nobody gains from having done twice at once; None: it waits or runs already.

    Of two who ask at once the second waits for the first one's transaction, and then sees its job.
    """
    await db.execute(select(func.pg_advisory_xact_lock(ALONE_LOCK, func.hashtext(kind))))
    if await under_way(db, kind) is not None:
        return None
    return await enqueue(db, actor, kind, **args)


async def under_way(db: AsyncSession, kind: str) -> datetime | None:
    """Return when work of a kind that has not ended was asked for, by whomever; None: there is none."""
    return await db.scalar(select(func.app.job_under_way(kind)))


async def view(db: AsyncSession, job_id: UUID) -> JobView:
    """Return a job; row-level security hides other people's.

    Raises:
        Missing: there is none that this actor may see.
    """
    row = (await db.execute(_VIEW, {"job_id": job_id})).first()
    if row is None:
        raise Missing("job")
    return JobView(*row)


async def ask_to_cancel(db: AsyncSession, job_id: UUID) -> None:
    """Ask a job to stop at its next report."""
    await view(db, job_id)
    await db.execute(
        update(Job)
        .where(Job.id == job_id, Job.finished_at.is_(None))
        .values(cancel_requested_at=func.statement_timestamp())
    )


class JobProgress:
    """Progress that people see: short transactions of its own, at most a few a second."""

    def __init__(self, sessions: Sessions, job_id: UUID) -> None:
        self._sessions = sessions
        self._job_id = job_id
        self._last = 0.0

    async def report(self, done: int, total: int | None, doing: str) -> None:
        """Write how far the job is; raise `Cancelled` if somebody asked for that."""
        now = time.monotonic()
        if now - self._last < SECONDS_BETWEEN_REPORTS and done != total:
            return
        self._last = now
        async with self._sessions.begin() as db:
            cancel = await db.scalar(
                update(Job)
                .where(Job.id == self._job_id)
                .values(done=done, total=total, doing=doing)
                .returning(Job.cancel_requested_at)
            )
        if cancel is not None:
            raise Cancelled


async def run(
    sessions: Sessions, tasks: Mapping[str, Task], job_id: UUID, resources: Mapping[str, Any]
) -> None:
    """Run one job from the queue to its end, and write down how it ended."""
    job = await _begin(sessions, job_id)
    if job is None:
        return
    actor = Actor(
        job.person_id,
        job.organisation_id,
        frozenset(Role(role) for role in job.roles.split(",") if role),
        job.actor_name,
    )
    work = Work(sessions, actor, JobProgress(sessions, job_id), resources)
    try:
        result = await tasks[job.kind](work, **job.args)
    except Cancelled:
        await _end(sessions, job_id, JobState.CANCELLED, None, None)
    except Refused as refusal:
        await _end(sessions, job_id, JobState.FAILED, refusal.message, None)
    except NotAllowed as refusal:
        await _end(sessions, job_id, JobState.FAILED, str(refusal) or "You may not do this.", None)
    except asyncio.CancelledError:
        raise  # the worker is stopping: the queue hands the job to the next one
    except Exception:
        LOG.exception("Job %s (%s) failed", job_id, job.kind)
        reference = str(job_id)[-8:]
        await _end(
            sessions,
            job_id,
            JobState.FAILED,
            f"Something went wrong on our side. Quote reference {reference} when you report it.",
            None,
        )
    else:
        await _end(sessions, job_id, JobState.DONE, None, result)


async def _begin(sessions: Sessions, job_id: UUID) -> Job | None:
    async with transaction(sessions, Actor()) as db:
        job = await db.get(Job, job_id, with_for_update=True)
        if job is None or job.finished_at is not None:
            return None
        job.attempts += 1
        if job.cancel_requested_at is not None or job.attempts > MOST_ATTEMPTS:
            gave_up = job.cancel_requested_at is None
            job.state = JobState.FAILED if gave_up else JobState.CANCELLED
            job.error = "It was started three times and did not finish." if gave_up else None
            job.finished_at = datetime.now(UTC)
            await db.flush()
            return None
        job.state = JobState.RUNNING
        job.started_at = job.started_at or datetime.now(UTC)
        await db.flush()
        return job


async def _end(
    sessions: Sessions, job_id: UUID, state: JobState, error: str | None, result: dict[str, Any] | None
) -> None:
    async with sessions.begin() as db:
        await db.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(state=state, error=error, result=result, finished_at=func.statement_timestamp())
        )
