"""Decisions about tenders, without I/O."""
