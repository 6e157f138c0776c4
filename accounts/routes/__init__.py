"""Pages of bodies and people; `routers` are what the application mounts."""

from accounts.routes import account, bodies, people, registering, signing_in, tokens

routers = (
    bodies.router,
    signing_in.router,
    registering.router,
    account.router,
    tokens.router,
    people.router,
)

__all__ = ["routers"]
