"""Pages of this slice; `routers` are what the application mounts, `JOBS` says how jobs are shown."""

from procurement.routes import (
    authority,
    contracts,
    council,
    editing,
    matches,
    need,
    opportunities,
    register,
    succession,
    upload,
)
from procurement.routes.pools import (
    agreement,
    at_once,
    demand,
    discussion,
    joining,
    lead,
    leading,
    listing,
    overview,
    requirements,
    signing,
    starting,
    suggested,
    timeline,
    trying,
    worth,
)
from procurement.routes.pools import line as pool_line
from procurement.routes.pools.suggested import JOBS

routers = (
    register.router,
    editing.router,
    upload.router,
    need.router,
    matches.router,
    contracts.router,
    council.router,
    opportunities.router,
    listing.router,
    starting.router,
    overview.router,
    joining.router,
    leading.router,
    lead.router,
    succession.router,
    worth.router,
    demand.router,
    discussion.router,
    timeline.router,
    requirements.router,
    pool_line.router,
    suggested.router,
    at_once.router,
    trying.router,
    agreement.router,
    signing.router,
    authority.router,
)

__all__ = ["JOBS", "routers"]
