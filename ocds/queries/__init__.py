"""Reads of what is public, each under a name."""
