"""Reads of bodies and people; the first two names are for the other slices."""

from accounts.queries.bodies import Body, body_by_code, councils

__all__ = ["Body", "body_by_code", "councils"]
