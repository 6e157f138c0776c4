"""Pages of dates, law, searches, partners and answers; `routers` are what the application mounts."""

from sourcing.routes import law, partners, questions, searches, timetable

routers = (timetable.router, law.router, questions.router, searches.router, partners.router)

__all__ = ["routers"]
