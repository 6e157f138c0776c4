"""Pages of notices, calendars and duties; `routers` are what the application mounts."""

from notifications.routes import calendar, duties, notices

routers = (notices.router, calendar.router, duties.router)

__all__ = ["routers"]
