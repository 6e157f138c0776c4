"""Pages of dates, law and searches, answers to take away; `routers` are what the application mounts."""

from sourcing.routes import law, questions, searches, timetable

routers = (timetable.router, law.router, questions.router, searches.router)

__all__ = ["routers"]
