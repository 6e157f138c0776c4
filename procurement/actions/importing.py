"""Importing contract registers and lists of needs. Safe to repeat: the same line is known by its text."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.needs import ask_for_matches, write_need
from procurement.models import Contract, ContractSetAside, Need
from procurement.queries import contracts as queries
from procurement.reading import buyers
from procurement.reading import contracts as registers
from procurement.reading import needs as lists
from procurement.reading.tables import SetAside
from procurement.rules import needs as rules
from procurement.rules.needs import Wanted
from spend.rules.categories import taxonomy
from store import audit
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Refused

_KEPT = (
    "reference",
    "title",
    "supplier_name",
    "company_number",
    "start_on",
    "end_on",
    "notice_on",
    "extension_options",
    "extension_months",
    "value_pence",
    "annual_value_pence",
    "source_key",
)
_BATCH = 500


@dataclass(slots=True)
class Summary:
    """What an import came to; `lines` is always `read` and `set_aside` together."""

    files: int = 1
    lines: int = 0
    read: int = 0
    set_aside: int = 0
    new: int = 0
    already: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    bodies: dict[str, int] = field(default_factory=dict)
    without_end: int = 0
    left_out: list[SetAside] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the summary in the shape that programs rely on."""
        shown = {name: getattr(self, name) for name in self.__slots__ if name != "left_out"}
        left_out = [{"line": line.line_no, "reason": line.reason} for line in self.left_out]
        return {**shown, "set_aside_lines": left_out}


async def import_contracts(
    db: AsyncSession, actor: Actor, name: str, content: bytes, *, body_code: str | None
) -> Summary:
    """Read a register; without `body_code` each line belongs to the buyer that it names.

    Raises:
        Refused: the file has no column with the contracts' titles.
    """
    reading = registers.read(content)
    if not reading.recognised:
        raise Refused("The file has no column of contract titles, so it is not read as a register.", "files")
    known = {} if body_code else await queries.buyer_index(db)
    rows: list[dict[str, Any]] = []
    left_out = list(reading.set_aside)
    for contract in reading.contracts:
        code, reason = (body_code, "") if body_code else buyers.code_of(contract.buyer, known)
        if code is None:
            left_out.append(SetAside(contract.line_no, reason, contract.raw))
            continue
        rows.append(
            {
                "id": uuid7(),
                "body_code": code,
                "source_file": name,
                "source_line": contract.line_no,
                "notes": list(contract.notes),
                **{column: getattr(contract, column) for column in _KEPT},
            }
        )
    new = 0
    for start in range(0, len(rows), _BATCH):
        added = (
            insert(Contract)
            .values(rows[start : start + _BATCH])
            .on_conflict_do_nothing()
            .returning(Contract.id)
        )
        new += len(list(await db.scalars(added)))
    await _set_aside(db, name, content, body_code, left_out)
    summary = _summary(reading.lines, len(rows), new, left_out)
    summary.bodies = dict(sorted(Counter(row["body_code"] for row in rows).items()))
    summary.without_end = sum(row["end_on"] is None for row in rows)
    await audit.record(
        db,
        actor,
        "contracts.imported",
        "contract_register",
        hashlib.sha256(content).hexdigest(),
        file=name,
        lines=summary.lines,
        read=summary.read,
        set_aside=summary.set_aside,
        new=new,
    )
    return summary


async def import_needs(db: AsyncSession, actor: Actor, content: bytes, *, body_code: str) -> Summary:
    """Read a list of needs as drafts of a body."""
    reading = lists.read(content, frozenset(category.code for category in taxonomy().categories))
    known = set(await db.scalars(select(Need.source_key).where(Need.body_code == body_code)))
    left_out = list(reading.set_aside)
    read = 0
    new: list[UUID] = []
    for line in reading.needs:
        wanted = Wanted(**line.values)
        try:
            rules.check(wanted)
        except Refused:
            left_out.append(SetAside(line.line_no, "bad_window", line.raw))
            continue
        read += 1
        if line.source_key not in known:
            known.add(line.source_key)
            new.append(await write_need(db, actor, body_code, wanted, source_key=line.source_key))
    await ask_for_matches(db, actor, new)
    return _summary(reading.lines, read, len(new), left_out)


def _summary(lines: int, read: int, new: int, left_out: list[SetAside]) -> Summary:
    left_out = sorted(left_out, key=lambda each: each.line_no)
    return Summary(
        lines=lines,
        read=read,
        set_aside=len(left_out),
        new=new,
        already=read - new,
        reasons=dict(sorted(Counter(each.reason for each in left_out).items())),
        left_out=left_out,
    )


async def _set_aside(
    db: AsyncSession, name: str, content: bytes, body_code: str | None, left_out: list[SetAside]
) -> None:
    digest = hashlib.sha256(content).digest()
    rows = [
        {
            "file_sha256": digest,
            "line_no": each.line_no,
            "body_code": body_code,
            "source_file": name,
            "reason": each.reason,
            "raw": each.raw,
        }
        for each in left_out
    ]
    if rows:
        await db.execute(insert(ContractSetAside).values(rows).on_conflict_do_nothing())
