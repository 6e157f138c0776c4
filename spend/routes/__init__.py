"""Pages of published payments; `routers` are what the application mounts, `JOBS` says how jobs are shown."""

from spend.routes import columns, files, kept_out, outcomes, register, set_aside, upload
from spend.routes.outcomes import JOBS

routers = (
    register.router,
    upload.router,
    files.router,
    set_aside.router,
    columns.router,
    kept_out.router,
    outcomes.router,
)

__all__ = ["JOBS", "routers"]
