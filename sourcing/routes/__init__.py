"""Pages of dates and of the law; `routers` are what the application mounts."""

from sourcing.routes import law, timetable

routers = (timetable.router, law.router)

__all__ = ["routers"]
