"""The last minute before a deadline: many suppliers bid at once, then everything is killed again and again.

Run: `python -m benchmarks.rush` (README.md beside this file says what was seen). A fresh home gets the
demonstration world and one invented supplier for each bid, all signed in. Within a minute before the
deadline each begins a bid, fills it in, adds three files and submits, at instants drawn evenly over the
minute. Then, with a later deadline, some of them submit again and again while web processes and database
are killed at random instants. In the end two people open all bids: each is decrypted and held against its
receipt.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import secrets
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from accounts.rules import tokens
from app.settings import Settings
from benchmarks.service import Connection, Service, served, superuser
from store.db import connect, make_sessions, transaction
from tenders.actions.bidding import opening
from tenders.queries import openings
from tenders.queries import tenders as tender_queries
from values.actors import Actor, Role

MINUTE = 60
FILES = 3
PARTS: dict[str, dict[str, str]] = {
    "conditions": {"meets_0": "yes", "evidence_0": "A certificate (invented)"},
    "answers": {f"answer_{number}": "We do it in this way (invented). " * 40 for number in range(3)},
    "prices": {"fixed_0": "120,000", "tier_0_0": "1.50", "tier_0_1": "1.40", "tier_0_2": "1.30"},
}


@dataclass
class Supplier:
    """An invented supplier who is signed in, and what came of its bid."""

    organisation_id: UUID
    person_id: UUID
    token: str
    receipts: list[UUID] = field(default_factory=list[UUID])
    late: bool = False
    unanswered: int = 0
    seconds: float = 0.0


async def prepare(service: Service, count: int) -> tuple[UUID, list[Supplier]]:
    """Wait until the worker is idle; bring suppliers in; return the published tender and them."""
    async with superuser(service) as db:
        while await db.fetchval("select count(*) from job where finished_at is null"):  # noqa: ASYNC110
            await asyncio.sleep(1)
        (tender,) = [row["id"] for row in await db.fetch("select id from tender where state = 'published'")]
        made = [Supplier(uuid4(), uuid4(), tokens.new_token()) for _ in range(count)]
        await db.executemany(
            "insert into organisation (id, kind, name, short_name, type_name, demonstration)"
            " values ($1, 'supplier', $2, $2, 'Supplier', true)",
            [(each.organisation_id, f"Invented rush {n}") for n, each in enumerate(made)],
        )
        await db.executemany(
            "insert into person (id, email, name, demonstration) values ($1, $2, $3, true)",
            [(each.person_id, f"rush{n}@example.org", f"Person {n}") for n, each in enumerate(made)],
        )
        await db.executemany(
            "insert into membership (person_id, organisation_id, role) values ($1, $2, 'supplier')",
            [(each.person_id, each.organisation_id) for each in made],
        )
        await db.executemany(
            "insert into session (id, token_hash, person_id, organisation_id) values ($1, $2, $3, $4)",
            [(uuid4(), tokens.digest(each.token), each.person_id, each.organisation_id) for each in made],
        )
    return tender, made


async def set_deadline(service: Service, tender: UUID, seconds: float) -> None:
    """Move the deadline, which only a superuser who turns the guards off can do in this way."""
    async with superuser(service) as db:
        await db.execute("set session_replication_role = replica")
        await db.execute(
            "update tender set tenders_due_at = clock_timestamp() + $2 * interval '1 second' where id = $1",
            tender,
            seconds,
        )


async def submit(connection: Connection, place: str, one: Supplier) -> None:
    """Submit until there is a receipt, from the form that knows the receipt before."""
    known = str(one.receipts[-1]) if one.receipts else ""
    while True:
        status, where = await connection.form(f"{place}/submit", {"sure": "y", "known": known})
        if status == 303 and "/receipts/" in where:
            one.receipts.append(UUID(where.rsplit("/", 1)[-1]))
            return
        one.unanswered += 1
        if status not in (0, 500, 502, 503):
            raise RuntimeError(f"a bid was answered {status}")
        await asyncio.sleep(0.2)


async def bid(service: Service, tender: UUID, one: Supplier, wait: float, size: int) -> None:
    """Bid as somebody in a hurry does, without waiting between pages."""
    await asyncio.sleep(wait)
    begun = time.perf_counter()
    connection, place = Connection(service.port, one.token), f"/tenders/{tender}/bid"
    steps = [connection.form(place, {})]
    for part, typed in PARTS.items():
        steps.append(connection.form(f"{place}/{part}", {**typed, "seen": "0"}))
    for number in range(FILES):
        content = secrets.token_hex(size // 2).encode()
        steps.append(connection.file(f"{place}/files", f"annex-{number}.txt", content))
    statuses = [(await step)[0] for step in steps]
    # After the deadline a draft can be changed no more, and what lacks something is not submitted.
    one.late = any(status != 303 for status in statuses)
    if not one.late:
        await submit(connection, place, one)
    one.seconds = time.perf_counter() - begun
    connection.close()


async def rush(service: Service, tender: UUID, suppliers: list[Supplier], size: int) -> None:
    """All bid within the minute before the deadline; print what came of it."""
    dice = random.Random(1)
    await set_deadline(service, tender, MINUTE)
    begun = time.perf_counter()
    await asyncio.gather(
        *(bid(service, tender, each, dice.uniform(0, MINUTE - 1), size) for each in suppliers)
    )
    took = time.perf_counter() - begun
    async with superuser(service) as db:
        rows = await db.fetch(
            "select r.id, r.kind, r.at < r.due_at as in_time, s.receipt_id is not null as kept,"
            " (select count(*) from bid_submission_file f where f.receipt_id = r.id) as files"
            " from bid b join bid_receipt r on r.bid_id = b.id"
            " left join bid_submission s on s.receipt_id = r.id where b.tender_id = $1",
            tender,
        )
    kinds = Counter(row["kind"] for row in rows)
    acknowledged = {receipt for each in suppliers for receipt in each.receipts}
    known = {row["id"] for row in rows}
    wrong = [row for row in rows if (row["kind"] == "submitted") != (row["in_time"] and row["kept"])]
    short = [row for row in rows if row["kind"] == "submitted" and row["files"] != FILES]
    seconds = sorted(each.seconds for each in suppliers if each.receipts)
    print(f"the last minute: {len(suppliers)} suppliers, {FILES} files, {FILES * size / 1e6:.1f} MB each")
    print(f"  all were answered after {took:.1f} s; receipts: {dict(kinds)}")
    print(f"  {sum(each.late for each in suppliers)} were too late to finish their draft, and told so")
    if seconds:
        middle, most = statistics.median(seconds), seconds[-1]
        print(f"  a bid from first page to receipt: {middle:.1f} s at the median, {most:.1f} s at most")
    lost, silent = len(acknowledged - known), len(known - acknowledged)
    print(f"  acknowledged {len(acknowledged)}, of them not there {lost}; there, not acknowledged {silent}")
    print(f"  of the wrong kind {len(wrong)}; without all files {len(short)}", flush=True)


async def kills(service: Service, tender: UUID, suppliers: list[Supplier], count: int) -> None:
    """Some submit again and again while things are killed; print whether anything was lost or doubled."""
    dice = random.Random(2)
    await set_deadline(service, tender, 3600)
    ended = asyncio.Event()

    async def again(one: Supplier) -> None:
        connection = Connection(service.port, one.token)
        while not ended.is_set():
            await submit(connection, f"/tenders/{tender}/bid", one)
        connection.close()

    keeper = asyncio.create_task(service.kept_running())
    working = [asyncio.create_task(again(each)) for each in suppliers]
    done = Counter[str]()
    for _ in range(count):
        await asyncio.sleep(dice.uniform(0.5, 4))
        what = dice.choice(("web", "database", "both"))
        service.kill(what)
        done[what] += 1
    ended.set()
    await asyncio.gather(*working)
    keeper.cancel()
    async with superuser(service) as db:
        rows = await db.fetch(
            "select b.organisation_id, r.id, r.kind, s.receipt_id is not null as kept from bid b"
            " join bid_receipt r on r.bid_id = b.id left join bid_submission s on s.receipt_id = r.id"
        )
    there = {row["id"]: row for row in rows}
    mine = {each.organisation_id for each in suppliers}
    acknowledged = [receipt for each in suppliers for receipt in each.receipts]
    lost = [each for each in acknowledged if each not in there or not there[each]["kept"]]
    doubled = sum(row["organisation_id"] in mine for row in rows) - len(set(acknowledged))
    print(
        f"{count} kills {dict(done)} while {len(suppliers)} suppliers submitted {len(acknowledged):,} times"
    )
    print(f"  the service as a whole ended and was started again {service.started - 1} times")
    print(f"  {sum(each.unanswered for each in suppliers):,} requests went unanswered and were sent again")
    twice = len(acknowledged) - len(set(acknowledged))
    print(f"  acknowledged and lost {len(lost)}; doubled {doubled}; one receipt for two {twice}", flush=True)


async def open_all(service: Service, tender: UUID) -> None:
    """Open all bids as two people of two buyers do; print how long it takes and how many are whole."""
    await set_deadline(service, tender, -120)
    async with superuser(service) as db:
        people = await db.fetch(
            "select distinct on (o.code) p.id, p.name, o.id as organisation_id, o.code from membership m"
            " join person p on p.id = m.person_id join organisation o on o.id = m.organisation_id"
            " join tender_buyer b on b.body_code = o.code and b.tender_id = $1"
            " join credential c on c.person_id = p.id where m.role in ('officer', 'approver')"
            " order by o.code",
            tender,
        )
        await db.execute(
            "update credential set totp_last_step = floor(extract(epoch from clock_timestamp()) / 30)"
        )
    engine = connect(service.server.url("bt_app"), size=2, name="rush")
    sessions, master = make_sessions(engine), Settings(home=service.home).key()
    begun = time.perf_counter()
    for number, row in enumerate(people[:2]):
        actor = Actor(
            row["id"], row["organisation_id"], frozenset({Role.OFFICER, Role.APPROVER}), row["name"]
        )
        async with transaction(sessions, actor) as db:
            found = await openings.circumstances(
                db, await tender_queries.tender_row(db, tender), own_code=row["code"], takes_part=True
            )
            if number:
                outcome = await opening.confirm(db, actor, tender, found, master=master)
                took = time.perf_counter() - begun
                print(f"opening: {outcome.bids} bids, {outcome.damaged} damaged, {took:.1f} s")
            else:
                await opening.propose(db, actor, tender, found)
    await engine.dispose()


async def main(arguments: argparse.Namespace) -> None:
    with served() as service:
        await service.answers()
        tender, suppliers = await prepare(service, arguments.suppliers)
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
        await rush(service, tender, suppliers, arguments.bytes // FILES)
        if arguments.kills:
            ready = [each for each in suppliers if each.receipts and not each.late][: arguments.working]
            await kills(service, tender, ready, arguments.kills)
        await open_all(service, tender)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suppliers", type=int, default=500)
    parser.add_argument("--bytes", type=int, default=2_000_000, help="of the files of one bid together")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument(
        "--working", type=int, default=8, help="suppliers that submit while things are killed"
    )
    asyncio.run(main(parser.parse_args()))
