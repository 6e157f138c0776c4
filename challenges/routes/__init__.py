"""Pages of challenges; `routers` are what the application mounts."""

from challenges.routes import (
    approving,
    ending,
    entries,
    listing,
    notices,
    partners,
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
    partners.router,
    responding.router,
    entries.router,
    ending.router,
)

__all__ = ["routers"]
