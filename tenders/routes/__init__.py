"""Pages of tenders; `routers` are what the application mounts."""

from tenders.routes import (
    answers,
    approving,
    bid_files,
    bids,
    buyers,
    documents,
    duties,
    editing,
    ending,
    fitting,
    handing_in,
    listing,
    making,
    notices,
    opening,
    overview,
    questions,
    rows,
    saving,
    timetable,
)

routers = (
    listing.router,
    saving.router,
    making.router,
    overview.router,
    editing.router,
    rows.router,
    buyers.router,
    documents.router,
    approving.router,
    notices.router,
    ending.router,
    timetable.router,
    duties.router,
    fitting.router,
    bids.router,
    bid_files.router,
    handing_in.router,
    opening.router,
    questions.router,
    answers.router,
)

__all__ = ["routers"]
