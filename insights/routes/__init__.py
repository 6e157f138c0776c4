"""Pages of the market report; `routers` are what the application mounts."""

from insights.routes import downloads, lines, market, method

routers = (market.router, lines.router, downloads.router, method.router)

__all__ = ["routers"]
