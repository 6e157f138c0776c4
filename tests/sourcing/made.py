"""Timetables for tests, by a few words."""

from __future__ import annotations

from datetime import date
from typing import Any

from sourcing.rules.law import law
from sourcing.rules.overrides import Override
from sourcing.rules.timetables.asked import Asked, Procedure
from sourcing.rules.timetables.making import Timetable, timetable
from sourcing.rules.timetables.steps import Step

MONDAY = date(2026, 9, 7)
CHRISTMAS = date(2026, 12, 18)


def make(procedure: str = "open", overrides: dict[str, Override] | None = None, **asked: Any) -> Timetable:
    return timetable(Asked(procedure=Procedure(procedure), **asked), law(), overrides)


def steps(procedure: str = "open", **asked: Any) -> dict[str, Step]:
    return {step.name: step for step in make(procedure, **asked).steps}


def days(procedure: str = "open", **asked: Any) -> dict[str, str]:
    return {name: str(step.on) for name, step in steps(procedure, **asked).items()}
