"""Decisions about needs and contracts on values already loaded: wording, validity, states, proposals."""
