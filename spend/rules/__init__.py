"""Decisions about published payments from their own words: kinds of line, categories, replaced files."""
