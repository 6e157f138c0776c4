"""Pages of needs and contracts; `routers` are what the application mounts."""

from procurement.routes import contracts, editing, need, register, upload
from procurement.routes.pools import demand, discussion, timeline, worth

routers = (
    register.router,
    editing.router,
    upload.router,
    need.router,
    contracts.router,
    worth.router,
    demand.router,
    discussion.router,
    timeline.router,
)

__all__ = ["routers"]
