"""Codes that all packages know."""

from __future__ import annotations

from typing import Final

ENGLAND: Final = "E92000001"  # the GSS code of England, Office for National Statistics
