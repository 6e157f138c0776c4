"""The answers to questions about a subject, to take away; the slices above show them on their pages."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath
from litestar.response import Response

from accounts.routes.session import Db
from sourcing.queries import questions as queries
from sourcing.queries.subjects import subject
from web.exports import csv_bytes, csv_file

# More than suppliers ask about anything.
MOST: Final = 10_000


@get("/questions/{subject_id:uuid}/answers.csv", name="sourcing.answers_csv")
async def answers_csv(db: Db, subject_id: FromPath[UUID]) -> Response[bytes]:
    """Download what was answered, the newest first; a private answer only for those who may read it."""
    await subject(db, subject_id)
    _, rows = await queries.questions(db, subject_id, limit=MOST)
    return csv_file("answers.csv", csv_bytes(queries.HEADINGS, queries.csv_rows(rows)))


router = Router("/", route_handlers=[answers_csv], include_in_schema=False)
