"""Pages of needs, contracts and pools; `routers` are what the application mounts."""

from procurement.routes import contracts, editing, need, register, succession, upload
from procurement.routes.pools import (
    demand,
    discussion,
    joining,
    leading,
    listing,
    overview,
    requirements,
    starting,
    timeline,
    worth,
)
from procurement.routes.pools import line as pool_line

routers = (
    register.router,
    editing.router,
    upload.router,
    need.router,
    contracts.router,
    listing.router,
    starting.router,
    overview.router,
    joining.router,
    leading.router,
    succession.router,
    worth.router,
    demand.router,
    discussion.router,
    timeline.router,
    requirements.router,
    pool_line.router,
)

__all__ = ["routers"]
