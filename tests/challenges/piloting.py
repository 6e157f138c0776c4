"""A pilot in tests: an agreement with sites, money and measures, and readings that a firm would like."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from challenges.actions import piloting, results
from challenges.queries import pilots, selection
from challenges.rules import pilots as rules
from challenges.rules.evidence import File, Reach
from values.years import london_today

STARTED = london_today() - timedelta(days=70)
MEASURE = {
    "title": "Days until damp is known",
    "unit": "days",
    "kind": "mean",
    "baseline": 40.0,
    "baseline_source": "Repairs of last winter",
    "target": 30.0,
    "method": "means",
    "season": 0,
    "measured_by": "The repairs team",
}
ACCOUNT = {
    "harms": "None was seen; two tenants asked for the sensor to be taken away.",
    "equality": "Older tenants were visited more often. No difference by ethnicity was seen.",
    "staff_hours": 120,
    "use_gross_pence": 9_000_00,
    "carries": "Homes with cavity walls read differently.",
    "learnt": "Damp was known ten days earlier.",
    "ask_whom": "The housing innovation team of Leeds",
}


async def begun(act: Any, read: Any, challenge_id: UUID, *, who: str = "officer") -> UUID:
    """A complete agreement that nobody has approved yet, of a pilot that began ten weeks ago."""
    [chosen] = await read(selection.selected, challenge_id)
    pilot_id = await act(
        who,
        piloting.begin,
        challenge_id,
        chosen.response_id,
        starts_on=STARTED,
        ends_on=STARTED + timedelta(days=180),
    )
    await act(
        who,
        piloting.describe,
        pilot_id,
        title="A listening wall",
        tries="A sensor in each outer wall of two blocks",
        starts_on=STARTED,
        ends_on=STARTED + timedelta(days=180),
    )
    for place, code, compares in (
        ("Block A", "LDS", False),
        ("Block B", "LDS", False),
        ("Camden", "CMD", True),
    ):
        await act(who, piloting.add_part, pilot_id, "site", body_code=code, place=place, compares=compares)
    paid = {"title": "Sensors are in", "due_on": STARTED, "gross_pence": 12_000_00}
    await act(who, piloting.add_part, pilot_id, "milestone", **paid)
    await act(who, piloting.add_part, pilot_id, "measure", **MEASURE)
    return pilot_id


async def seen(read: Any, pilot_id: UUID, who: str = "leeds") -> bytes:
    """The hash of the agreement as an approver reads it."""
    row = await read(pilots.pilot_row, pilot_id, who=who)
    return rules.fingerprint(await read(pilots.agreement, row, who=who))


async def running(act: Any, read: Any, challenge_id: UUID) -> UUID:
    """One that was approved and started, with readings before and after."""
    pilot_id = await begun(act, read, challenge_id)
    await act("leeds", piloting.agree, pilot_id, seen=await seen(read, pilot_id))
    await act("officer", piloting.start, pilot_id)
    await act("officer", results.record_readings, pilot_id, 1, lines=LINES)
    return pilot_id


def _lines() -> str:
    rows = [
        (STARTED + timedelta(days=7 * week), place, value + wobble)
        for week, wobble in enumerate((-1, 2, 0, 1, -2, 1), -3)
        for place, value in (("Block A", 40 if week < 0 else 28), ("Block B", 42 if week < 0 else 31))
    ]
    return "date,site,value,cases,evidence\n" + "\n".join(
        f"{on.isoformat()},{place},{value},,Report of the week" for on, place, value in rows
    )


LINES = _lines()


async def ended(act: Any, read: Any, challenge_id: UUID) -> UUID:
    """One that ended, with its account."""
    pilot_id = await running(act, read, challenge_id)
    await act("officer", results.give_account, pilot_id, **ACCOUNT)
    await act("officer", piloting.end, pilot_id, reason="As agreed")
    return pilot_id


async def published(act: Any, read: Any, challenge_id: UUID, decision: str = "scale") -> UUID:
    """One whose result everybody reads."""
    pilot_id = await ended(act, read, challenge_id)
    await act("leeds", results.decide, pilot_id, decision=decision, reason="It did what was promised")
    await act("officer", results.publish, pilot_id)
    return pilot_id


def evidence(
    folder: Path, *, content: str = "week,days\n1,40", reach: Reach | None = None, **said: Any
) -> dict[str, Any]:
    """What adds a file that shows all readings, and that everybody may open once there is a result."""
    path = folder / "report.csv"
    path.write_text(content)
    file = File("report.csv", "text", "The weekly report")
    shown = reach or Reach(STARTED - timedelta(days=300), london_today(), None)
    return {"path": path, "file": file, "reach": shown, "for_public": True, "checked": True} | said
