"""Pages of dates, law, searches, partners, answers and firms; `routers` are what the application mounts."""

from sourcing.routes import firm, law, partners, questions, searches, timetable

routers = (timetable.router, law.router, questions.router, searches.router, partners.router, firm.router)

__all__ = ["routers"]
