"""Pages of the market report; `routers` are what the application mounts."""

from insights.routes import downloads, lines, market, method, suppliers

routers = (market.router, lines.router, downloads.router, method.router, suppliers.router)

__all__ = ["routers"]
