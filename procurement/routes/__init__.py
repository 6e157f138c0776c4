"""Pages of needs and contracts; `routers` are what the application mounts."""

from procurement.routes import contracts, editing, need, register, upload

routers = (register.router, editing.router, upload.router, need.router, contracts.router)

__all__ = ["routers"]
