"""Reads of tenders, each under a name."""
