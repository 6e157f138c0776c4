"""The rows that all three list: a register of 5,000 files, one of them with 400 lines set aside."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

import asyncpg

from accounts.actions.demonstration import PEOPLE
from store.migrations import plain
from values.actors import Actor, Role

# Whom the pages are for, as their layout shows them.
OFFICER = Actor(UUID(int=1), UUID(int=2), frozenset({Role.OFFICER}), PEOPLE[0].name)
FILES = 5_000
SET_ASIDE = 400
# Synthetic, and named so: what they hold is made from their number.
SPACE = UUID("6f1c6c1e-8f4e-4b39-9a4f-2f0f7c1b7d11")
LISTED = uuid5(SPACE, "0")
BODIES = ("LDS", "BRD", "CLD", "DAL", "GAT")
INSERT = """
insert into published_file (id, body_code, name, sha256, lines_name, size_bytes, state, lines, read,
    set_aside, amount_read_pence, amount_basis, first_on, last_on, decisions, imported_at)
values ($1, $2, $3, $4, $5, 100000, 'current', $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict do nothing
"""


def file_row(number: int) -> tuple[object, ...]:
    """Return one file of the register."""
    digest = hashlib.sha256(str(number).encode()).digest()
    aside = SET_ASIDE if number == 0 else number % 7
    first = date(2019, 1, 1) + timedelta(days=number % 900)
    return (
        uuid5(SPACE, str(number)),
        BODIES[number % len(BODIES)],
        f"Payments over £500, synthetic file {number}.csv",
        digest,
        f"{digest.hex()}.parquet",
        1_000 + number,
        1_000 + number - aside,
        aside,
        123_456_789 + 1_001 * number,
        ("net", "gross", "unknown")[number % 3],
        first,
        first + timedelta(days=27),
        json.dumps({"delimiter": ",", "encoding": "utf-8", "columns": {}}),
        datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
    )


async def fill(owner_url: str, reasons: list[str]) -> None:
    """Add the rows, once."""
    connection = await asyncpg.connect(plain(owner_url))
    try:
        await connection.executemany(INSERT, [file_row(number) for number in range(FILES)])
        await connection.executemany(
            "insert into set_aside_line (file_id, line_no, body_code, reason, raw)"
            " values ($1, $2, $3, $4, $5) on conflict do nothing",
            [
                (
                    LISTED,
                    10 * number + 7,
                    BODIES[0],
                    reasons[number % len(reasons)],
                    f"14/05/2025,Invented Supplier {number} Ltd,see invoice,IT & support,INV",
                )
                for number in range(SET_ASIDE)
            ],
        )
        # The peers count no notices, so that nobody has any that is new.
        await connection.execute("update notice set read_at = statement_timestamp() where read_at is null")
        await connection.execute("vacuum analyze published_file, set_aside_line")
    finally:
        await connection.close()
