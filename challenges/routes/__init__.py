"""Pages of challenges; `routers` are what the application mounts."""

from challenges.routes import approving, ending, listing, notices, sponsors, statements

routers = (
    listing.router,
    statements.router,
    sponsors.router,
    approving.router,
    notices.router,
    ending.router,
)

__all__ = ["routers"]
