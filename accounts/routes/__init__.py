"""Pages of bodies and people; `routers` are what the application mounts."""

from accounts.routes import account, bodies, people, signing_in, tokens

routers = (bodies.router, signing_in.router, account.router, tokens.router, people.router)

__all__ = ["routers"]
