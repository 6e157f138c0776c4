"""What came of a job of this slice, once it is finished."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.routes.session import Db, Someone
from spend import queries
from spend.reading import REASONS
from store import jobs
from values.refusals import Missing
from web.jobs import Kind
from web.pages import AnyRequest, Page, to

IMPORTS: Final = frozenset({"spend.import", "spend.reread"})
FILES: Final = frozenset({"spend.withdraw", "spend.restore"})
JOBS: Final = {
    "spend.import": Kind("Importing published files", "See what was read", "/spend/jobs/{id}"),
    "spend.reread": Kind("Reading files again", "See what was read", "/spend/jobs/{id}"),
    "spend.withdraw": Kind("Withdrawing a file", "See the file", "/spend/jobs/{id}"),
    "spend.restore": Kind("Restoring a file", "See the file", "/spend/jobs/{id}"),
}


@get("/spend/jobs/{job_id:uuid}", name="spend.outcome")
async def outcome(request: AnyRequest, db: Db, actor: Someone, job_id: FromPath[UUID]) -> Page | Redirect:
    """Show what an import read, set aside and replaced; of other jobs, the file that they changed."""
    job = await jobs.view(db, job_id)
    if job.kind not in IMPORTS | FILES:
        raise Missing("job")
    if job.result is None:
        return to(request, f"/jobs/{job_id}")
    if job.kind in FILES:
        return to(request, f"/spend/files/{job.result['file']}")
    return Page(
        "spend/import.html",
        context={
            "job": job,
            "summary": job.result,
            "files": await queries.files_of_import(db, job.result["registered"]),
            "reasons": REASONS,
        },
    )


router = Router("/", route_handlers=[outcome], include_in_schema=False)
