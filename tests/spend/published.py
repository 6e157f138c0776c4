"""Published files as tests need them: written, imported, and their jobs worked off."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from spend.actions.importing import Incoming, Summary, import_files
from spend.actions.intake import lines_path
from spend.tasks import TASKS
from store import jobs
from store.db import Sessions
from store.jobs import Progress, Silent, Work
from store.lake import Lake
from values.actors import Actor, Role

HEADER = ("Date Paid", "Supplier Name", "Amount Net", "Expense Type", "Transaction No", "Directorate")
OPERATOR = Actor(roles=frozenset({Role.OPERATOR}), name="tests")
# Nobody is called so: it stands where a private person's name would, and must be on no page.
PRIVATE = "Zebedee Quillfeather"
LEEDS = "LDS"


def row(
    number: int = 1,
    *,
    day: str = "14/05/2025",
    payee: str = "Brightwater Software Ltd",
    amount: str = "1250.00",
    expense: str = "Computer software licences",
    directorate: str = "Resources",
) -> tuple[str, ...]:
    """A line of a council's file."""
    return (day, payee, amount, expense, f"INV{number:05d}", directorate)


def written(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> bytes:
    """The bytes of a file with these lines."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(header)
    lines.writerows(rows)
    return text.getvalue().encode()


def ordinary(lines: int = 5, *, first: int = 1) -> list[tuple[str, ...]]:
    """So many lines, each another payment."""
    return [row(number, amount=f"{number}.{number % 100:02d}") for number in range(first, first + lines)]


@dataclass(frozen=True)
class World:
    """Where a test's files are registered and kept."""

    sessions: Sessions
    lake: Lake
    folder: Path
    owner: Any

    async def publish(
        self,
        name: str,
        rows: Sequence[Sequence[str]],
        *,
        body: str = LEEDS,
        header: Sequence[str] = HEADER,
        **more: Any,
    ) -> Summary:
        """Import one file as the command line would."""
        return await self.publish_bytes({name: written(rows, header)}, body=body, **more)

    async def publish_bytes(
        self,
        files: dict[str, bytes],
        *,
        body: str = LEEDS,
        progress: Progress | None = None,
        replaces: UUID | None = None,
    ) -> Summary:
        """Import files as the command line would."""
        incoming: list[Incoming] = []
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            incoming.append(Incoming(path, name))
        work = Work(self.sessions, OPERATOR, progress or Silent())
        return await import_files(work, self.lake, body, incoming, replaces=replaces)

    async def file_id(self, name: str) -> UUID:
        """The newest version of a file."""
        found = await self.owner.fetchval(
            "select id from published_file where name = $1 order by id desc limit 1", name
        )
        assert found is not None, f"{name} is not registered"
        return UUID(str(found))

    async def state(self, file_id: UUID) -> str:
        return await self.owner.fetchval("select state from published_file where id = $1", file_id)

    async def run_jobs(self) -> list[dict[str, Any]]:
        """Do what the worker would with this slice's jobs; return how each ended, oldest first."""
        waiting = await self.owner.fetch(
            "select id from job where state = 'queued' and kind like 'spend.%' order by created_at, id"
        )
        for job in waiting:
            await jobs.run(self.sessions, TASKS, UUID(str(job["id"])), {"lake": self.lake})
        ended = await self.owner.fetch(
            "select kind, state, error, result from job where id = any($1::uuid[]) order by created_at, id",
            [job["id"] for job in waiting],
        )
        return [{**job, "result": json.loads(job["result"]) if job["result"] else None} for job in ended]

    async def waiting(self, kind: str) -> int:
        return await self.owner.fetchval(
            "select count(*) from job where state = 'queued' and kind = $1", kind
        )

    def lines_of(self, body: str, lines_name: str) -> Path:
        return lines_path(self.lake, body, lines_name)
