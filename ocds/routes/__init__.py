"""Addresses of open data; `routers` are what the application mounts."""

from ocds.routes import downloads, feeds, pages

routers = (feeds.router, downloads.router, pages.router)

__all__ = ["routers"]
