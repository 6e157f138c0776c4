"""Decisions about challenges, without I/O: states, wording, the law, effort, responses."""
