"""Pages of challenges; `routers` are what the application mounts."""

from challenges.routes import (
    approving,
    ending,
    entries,
    judging,
    listing,
    notices,
    outcomes,
    panels,
    partners,
    pilot_steps,
    pilots,
    proposing,
    questions,
    responding,
    results,
    saving,
    scoring,
    showcase,
    sponsors,
    statements,
)

routers = (
    listing.router,
    saving.router,
    statements.router,
    sponsors.router,
    approving.router,
    notices.router,
    questions.router,
    partners.router,
    responding.router,
    entries.router,
    judging.router,
    panels.router,
    proposing.router,
    scoring.router,
    showcase.router,
    outcomes.router,
    ending.router,
    pilots.router,
    pilot_steps.router,
    results.router,
)

__all__ = ["routers"]
