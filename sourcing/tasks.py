"""The work of this slice: mail about what saved searches found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, Protocol, cast

from accounts.actions import mail
from sourcing.actions import searches as actions
from sourcing.queries import searches as queries
from store.db import transaction
from store.jobs import Task, Work

MAIL: Final = "sourcing.mail_searches"


class Known(Protocol):
    """Settings that say at which address people find the service, and with which key it signs."""

    @property
    def public_url(self) -> str:
        """What people type."""
        ...

    def key(self) -> bytes:
        """Return the master key."""
        ...


async def mail_searches(work: Work) -> dict[str, int]:
    """Write the mail of saved searches that is due, each in a transaction of its own. Safe to run twice."""
    settings = cast("Known", work.resources["settings"])
    now, key, written = datetime.now(UTC), settings.key(), 0
    async with transaction(work.sessions, work.actor) as db:
        due = await queries.due(db, now)
    for each in due:
        async with transaction(work.sessions, work.actor) as db:
            written += await actions.write_mail(db, each, key=key, address=settings.public_url, now=now)
    if written:
        async with transaction(work.sessions, work.actor) as db:
            await mail.send_soon(db, work.actor)
    return {"written": written}


TASKS: Final[dict[str, Task]] = {MAIL: cast("Any", mail_searches)}
