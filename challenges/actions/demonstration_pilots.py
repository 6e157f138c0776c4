"""Invented pilots: three with a result, one of them failed; two decided, two not yet; one that runs."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from challenges.actions import evidencing, piloting, results
from challenges.queries import pilots, selection
from challenges.rules import measuring
from challenges.rules import pilots as rules
from challenges.rules.evidence import File, Reach
from store.db import Sessions, transaction
from values.actors import Actor
from values.years import london_today

DAYS: Final = 182
WEEKS_BEFORE: Final = 12
# How readings differ from week to week: made once, so that the world is the same each time.
NOISE: Final = (1.2, -0.8, 0.4, -1.5, 0.9, 0.1, -0.6, 1.4, -0.3, 0.7, -1.1, 0.2, -0.9)


@dataclass(frozen=True, slots=True)
class InventedPilot:
    """A pilot of the invented world: its measure, what the readings do, and what was decided.

    Attributes:
        effect: how much readings change when it begins; in the unit of the measure.
        decision: empty while it runs, and while it is over and nobody has decided.
        over: it has ended.
        published: what was decided can be read by everybody.
        adopted: what the co-sponsor says that takes it on; empty where it does not.
    """

    product: str
    title: str
    tries: str
    measure: Mapping[str, Any]
    effect: float
    decision: str = ""
    reason: str = ""
    account: Mapping[str, Any] | None = None
    over: bool = True
    published: bool = True
    adopted: str = ""


def _measure(title: str, unit: str, baseline: float, target: float, method: str) -> dict[str, Any]:
    return {
        "title": title,
        "unit": unit,
        "kind": "mean",
        "baseline": baseline,
        "baseline_source": "Twelve weeks before the pilot (invented)",
        "target": target,
        "method": method,
        "season": 0,
        "measured_by": "The contact centre (invented)",
    }


def _account(learnt: str, carries: str, harms: str, use_gross_pence: int) -> dict[str, Any]:
    return {
        "learnt": f"{learnt} (invented)",
        "harms": f"{harms} (invented)",
        "equality": "Looked at by age and by language spoken at home: no difference was seen. (invented)",
        "staff_hours": 140,
        "use_gross_pence": use_gross_pence,
        "carries": f"{carries} (invented)",
        "ask_whom": "The innovation team of Leeds (invented)",
    }


WORKED: Final = InventedPilot(
    "Onecall",
    "Repairs are booked in one call (invented)",
    "Whoever answers sees the diaries of all trades and books the visit during the call. (invented)",
    _measure("Days from call to repair", "days", 21, 15, "series"),
    -7,
    "scale",
    "Repairs came a week earlier, and tenants had one call instead of three. (invented)",
    _account(
        "Repairs came about a week earlier.",
        "Councils whose trades keep paper diaries have to change that first.",
        "None was seen. Two visits were booked twice in the first week.",
        14_000_00,
    ),
    adopted="Bought below the threshold for two years, after three quotations (invented)",
)
FAILED: Final = InventedPilot(
    "Nightline",
    "A robot answers calls about repairs (invented)",
    "A voice robot takes calls about repairs outside office hours and files them. (invented)",
    _measure("Days from call to repair", "days", 21, 15, "means"),
    0.3,
    "stop",
    "Repairs did not come earlier, and older tenants hung up. (invented)",
    _account(
        "Nothing became quicker: what the robot filed was asked again in the morning.",
        "It may do better where calls are of one kind only.",
        "Eleven tenants could not make themselves understood; all were called back.",
        22_000_00,
    ),
)
CHANGED: Final = InventedPilot(
    "Plainly",
    "Letters about arrears say one thing (invented)",
    "Letters are cut to one page with one thing to do and a number that is answered. (invented)",
    _measure("Households that call back in a week", "households", 30, 45, "means"),
    6,
    "change",
    "More households called, but fewer than was promised. We try it with text messages too. (invented)",
    _account(
        "More households called back, about half of what was promised.",
        "It was tried in English alone.",
        "One family felt accused by the first wording, which was changed.",
        3_000_00,
    ),
)
RUNNING: Final = InventedPilot(
    "Earlyword",
    "Text messages before arrears grow (invented)",
    "A text message on the day after a payment was missed, with a link to agree on a plan. (invented)",
    _measure("Households that call back in a week", "households", 30, 45, "means"),
    9,
    over=False,
)
AT_THE_DOOR: Final = InventedPilot(
    "Doorstep",
    "Carers read on the way what changed (invented)",
    "A telephone that only carers can open tells before each visit what changed since the last. (invented)",
    _measure("Visits that are made twice", "visits a week", 60, 40, "means"),
    -14,
    account=_account(
        "Fewer visits were made twice, most of them in the first month.",
        "Rounds without a signal in the valleys read it too late.",
        "One telephone was lost; nothing could be read on it.",
        11_000_00,
    ),
)
CALLED: Final = InventedPilot(
    "Callround",
    "Somebody calls the carer first (invented)",
    "Two people in the office call each carer before a visit that changed. (invented)",
    _measure("Visits that are made twice", "visits a week", 60, 40, "means"),
    -3,
    account=_account(
        "A few visits fewer were made twice.",
        "It asks for two people in each office.",
        "None was seen. Carers said that calls came while they drove.",
        26_000_00,
    ),
)
TOLD_AT_NIGHT: Final = InventedPilot(
    "Standing",
    "Applicants are told overnight what changed (invented)",
    "A message goes out each night to everybody whose application moved on that day. (invented)",
    _measure("Calls that ask how it stands", "calls a week", 80, 40, "means"),
    -22,
    "change",
    "A quarter fewer calls, but half was promised. Messages will say the next step too. (invented)",
    _account(
        "A quarter fewer people called; those who did asked what comes next.",
        "Councils whose officers note steps at the end of the week would tell people late.",
        "One message went to a former agent. Addresses are asked for again now.",
        4_000_00,
    ),
    published=False,
)
ASKED_OF_A_ROBOT: Final = InventedPilot(
    "Planbot",
    "A robot answers how an application stands (invented)",
    "Whoever calls says the number of the application, and a voice reads how it stands. (invented)",
    _measure("Calls that ask how it stands", "calls a week", 80, 40, "means"),
    -2,
    "stop",
    "As many people called as before, and most asked for a person at once. (invented)",
    _account(
        "Hardly anybody listened to the end.",
        "It may do where callers have the number before them.",
        "None was seen.",
        16_000_00,
    ),
    published=False,
)


class Piloting:
    """Walks pilots of a challenge that is judged, as the people of the demonstration."""

    def __init__(self, app: Sessions, *, officer: Actor, approver: Actor, adopter: Actor) -> None:
        self.app, self.officer, self.approver, self.adopter = app, officer, approver, adopter

    async def _act(self, actor: Actor, action: Any, *args: Any, **more: Any) -> Any:
        async with transaction(self.app, actor) as db:
            return await action(db, actor, *args, **more)

    async def walk(self, challenge_id: UUID, invented: tuple[InventedPilot, ...]) -> list[UUID]:
        """Walk a pilot for each response that was chosen, in their order; return which there are."""
        async with transaction(self.app, self.officer) as db:
            chosen = await selection.selected(db, challenge_id)
        # All are agreed before any is ended, so that the challenge is measured with its last one.
        begun = [
            (await self._agreed(challenge_id, row.response_id, each), each)
            for row, each in zip(chosen, invented, strict=True)
        ]
        for pilot_id, each in begun:
            if each.over:
                await self._ended(pilot_id, each)
        return [pilot_id for pilot_id, _ in begun]

    async def _agreed(self, challenge_id: UUID, response_id: UUID, each: InventedPilot) -> UUID:
        days = self._days(each)
        pilot_id: UUID = await self._act(self.officer, piloting.begin, challenge_id, response_id, **days)
        told = {"title": each.title, "tries": each.tries, **days}
        await self._act(self.officer, piloting.describe, pilot_id, **told)
        site = {"body_code": "LDS", "place": "Leeds East", "compares": False}
        await self._act(self.officer, piloting.add_part, pilot_id, "site", **site)
        for position, (title, pence) in enumerate((("It is in use", 12_000_00), ("Half-way", 9_000_00))):
            due_on = days["starts_on"] + timedelta(days=14 + 70 * position)
            paid = {"title": f"{title} (invented)", "due_on": due_on, "gross_pence": pence}
            await self._act(self.officer, piloting.add_part, pilot_id, "milestone", **paid)
        await self._act(self.officer, piloting.add_part, pilot_id, "measure", **each.measure)
        async with transaction(self.app, self.approver) as db:
            row = await pilots.pilot_row(db, pilot_id)
            seen = rules.fingerprint(await pilots.agreement(db, row))
            await piloting.agree(db, self.approver, pilot_id, seen=seen)
        await self._act(self.officer, piloting.start, pilot_id)
        lines = _lines(each, days["starts_on"])
        await self._act(self.officer, results.record_readings, pilot_id, 1, lines=lines)
        await self._evidence(pilot_id, lines)
        first = {"paid_on": days["starts_on"] + timedelta(days=14), "evidence": "Delivery note (invented)"}
        await self._act(self.officer, results.pay, pilot_id, 1, **first)
        return pilot_id

    async def _evidence(self, pilot_id: UUID, lines: str) -> None:
        """Add what the readings were copied from, for everybody to open."""
        days = [date.fromisoformat(line.partition(",")[0]) for line in lines.splitlines()]
        file = File("weekly-report-invented.csv", "text", "Export of the weekly reports (invented)")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / file.name
            path.write_text(f"{','.join(measuring.HEADINGS)}\n{lines}\n", encoding="utf-8")
            reach = Reach(min(days), max(days), None)
            said = {"path": path, "file": file, "reach": reach, "for_public": True, "checked": True}
            await self._act(self.officer, evidencing.add, pilot_id, 1, **said)

    def _days(self, each: InventedPilot) -> dict[str, date]:
        today = london_today()
        starts_on = today - timedelta(days=DAYS if each.over else 49)
        return {"starts_on": starts_on, "ends_on": starts_on + timedelta(days=DAYS)}

    async def _ended(self, pilot_id: UUID, each: InventedPilot) -> None:
        await self._act(self.officer, results.give_account, pilot_id, **(each.account or {}))
        reason = "It ran for the time that was agreed (invented)"
        await self._act(self.officer, piloting.end, pilot_id, reason=reason)
        if not each.decision:
            return
        said = {"decision": each.decision, "reason": each.reason}
        await self._act(self.approver, results.decide, pilot_id, **said)
        if each.published:
            await self._act(self.officer, results.publish, pilot_id)
        if each.adopted:
            taken = {"way": "own", "pool_id": None, "words": each.adopted, "yearly_gross_pence": 14_000_00}
            await self._act(self.adopter, results.adopt, pilot_id, from_on=london_today(), **taken)


def _lines(each: InventedPilot, starts_on: date) -> str:
    """Return weekly readings from twelve weeks before the pilot until today."""
    today = london_today()
    lines: list[str] = []
    week = -WEEKS_BEFORE
    while (on := starts_on + timedelta(days=7 * week)) <= today:
        value = each.measure["baseline"] + NOISE[week % len(NOISE)] + (each.effect if week >= 0 else 0)
        lines.append(f"{on.isoformat()},Leeds East,{value:.1f},,Report of the week (invented)")
        week += 1
    return "\n".join(lines)
