"""Pages of dates and of the law, and answers to take away; `routers` are what the application mounts."""

from sourcing.routes import law, questions, timetable

routers = (timetable.router, law.router, questions.router)

__all__ = ["routers"]
