"""What the worker would do, done at once."""

from __future__ import annotations

import json
import re

from accounts import tasks
from store.jobs import Work
from tests.databases import TESTER


async def run_jobs(sessions_jobs, owner) -> None:
    """Do what the worker would: every job of this slice that waits."""
    for row in await owner.fetch(
        "select id, kind, args from job where state = 'queued' order by created_at, id"
    ):
        await owner.execute("update job set state = 'done' where id = $1", row["id"])
        args = json.loads(row["args"])
        await tasks.TASKS[row["kind"]](Work(sessions_jobs, TESTER), **args)


async def link_in_mail(owner, path: str) -> str:
    body = await owner.fetchval("select body from mail order by created_at desc, id desc limit 1")
    return re.search(rf"http://127\.0\.0\.1({path}/\S+)", body)[1]
