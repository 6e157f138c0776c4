"""Reads of bodies and people; the first two names are for the other slices."""

from accounts.queries.areas import names_of, regions_of
from accounts.queries.bodies import Body, body_by_code, councils, regions

__all__ = ["Body", "body_by_code", "councils", "names_of", "regions", "regions_of"]
