"""Pages of challenges; `routers` are what the application mounts."""

from challenges.routes import (
    approving,
    ending,
    entries,
    listing,
    notices,
    questions,
    responding,
    saving,
    sponsors,
    statements,
)

routers = (
    listing.router,
    saving.router,
    statements.router,
    sponsors.router,
    approving.router,
    notices.router,
    questions.router,
    responding.router,
    entries.router,
    ending.router,
)

__all__ = ["routers"]
