"""Decisions about procurements, from tables of the law that each name their source."""
