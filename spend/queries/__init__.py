"""Reads of published payments: the register, what was set aside, mappings, lines."""

from spend.queries.files import Registered, mappings, publishing_bodies, registered

__all__ = ["Registered", "mappings", "publishing_bodies", "registered"]
