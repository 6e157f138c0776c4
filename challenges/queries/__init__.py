"""Reads of challenges, by noun."""
