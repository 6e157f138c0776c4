"""Pages of notices and calendars; `routers` are what the application mounts."""

from notifications.routes import calendar, notices

routers = (notices.router, calendar.router)

__all__ = ["routers"]
