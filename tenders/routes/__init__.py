"""Pages of tenders; `routers` are what the application mounts."""

from tenders.routes import (
    approving,
    buyers,
    documents,
    duties,
    editing,
    ending,
    fitting,
    listing,
    making,
    notices,
    overview,
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
)

__all__ = ["routers"]
