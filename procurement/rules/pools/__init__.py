"""Decisions about pools on values already loaded: states, who may do what, terms, dates."""
