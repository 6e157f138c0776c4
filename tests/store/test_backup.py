"""The drill: back up a world, damage or lose it, bring it back elsewhere, and compare everything."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import hashlib
import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner

from app.__main__ import main
from store import archive, embedded, migrations
from tests import scratch

pytestmark = [pytest.mark.db, pytest.mark.slow]
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "16MB"}
KEY = b"k" * 32
# A restore ends sessions, and writes down that it happened: what those tables held is compared apart.
CHANGED = {"session", "audit_entry", "audit_seal"}
PAYEES = ("Acorn Software Ltd", "Birch Hosting Limited", "Cedar Devices LLP", "Redacted personal data")


class Worlds:
    """Homes of their own, each with its database running until the module ends."""

    def __init__(self, folder: Path, held: contextlib.ExitStack) -> None:
        self.folder = folder
        self._held = held
        self._servers: dict[str, embedded.Server] = {}

    def server(self, name: str) -> embedded.Server:
        if name not in self._servers:
            self._servers[name] = self._held.enter_context(embedded.running(self.home(name), QUICK))
        return self._servers[name]

    def home(self, name: str) -> Path:
        return self.folder / name

    def lake(self, name: str) -> Path:
        return self.home(name) / "lake"

    def run(self, name: str, *words: object, fails: bool = False) -> str:
        """Run the command line in a world; return what it printed."""
        self.server(name)
        settings = {"BUYTOGETHER_HOME": str(self.home(name)), "DATABASE_URL": ""}
        done = CliRunner().invoke(main, [str(word) for word in words], env=settings)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        assert (done.exit_code != 0) == fails, done.output
        return done.output if fails else done.stdout

    def look(self, name: str, look: Callable[[asyncpg.Connection], Any]) -> Any:
        """Look into a world's database as its administrator, or meddle with it."""

        async def run() -> Any:
            connection = await asyncpg.connect(migrations.plain(self.server(name).url("postgres")))
            try:
                return await look(connection)
            finally:
                await connection.close()

        return asyncio.run(run())

    def put_key(self, name: str, key: bytes) -> None:
        place = self.home(name) / "keys/master.key"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(key)


def payments(place: Path, month: int) -> Path:
    draw = random.Random(month)
    with place.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["Body Name", "Date", "Supplier Name", "Net Amount", "Expense Type", "Reference"])
        for number in range(300):
            day, amount = draw.randint(1, 28), draw.uniform(-900, 9000)
            payee, what = draw.choice(PAYEES), draw.choice(["Computer Software", "Data Centre Hosting"])
            out.writerow(
                ["Leeds", f"{day:02}/{month:02}/2024", payee, f"{amount:.2f}", what, f"{month}-{number}"]
            )
        out.writerow(["Leeds", "01/04/2024", "Acorn Software Ltd", "see note", "Computer Software", "x"])
    return place


def made_of(lake: Path) -> dict[str, str]:
    return {
        str(place.relative_to(lake)): hashlib.sha256(place.read_bytes()).hexdigest()
        for place in sorted(lake.rglob("*"))
        if place.is_file() and place.relative_to(lake).parts[0] != "spill"
    }


async def contents(connection: asyncpg.Connection) -> dict[str, str]:
    """Every table that we own, as a digest of its rows; every right and every policy too."""
    tables = await connection.fetch(
        """select oid::regclass::text as name from pg_class where relkind = 'r'
           and relnamespace in ('public'::regnamespace, 'queue'::regnamespace)"""
    )
    found = {
        table["name"]: await connection.fetchval(
            f"select md5(string_agg(t::text, ' ' order by t::text)) from {table['name']} t"
        )
        for table in tables
        if table["name"] not in CHANGED
    }
    found["rights"] = await connection.fetchval(
        """select string_agg(concat_ws(' ', oid::regclass, relacl, relrowsecurity, relowner::regrole), E'\\n'
           order by oid::regclass::text) from pg_class where relnamespace = 'public'::regnamespace"""
    )
    found["columns' rights"] = await connection.fetchval(
        """select string_agg(concat_ws(' ', attrelid::regclass, attname, attacl), E'\\n'
           order by attrelid::regclass::text, attname) from pg_attribute where attacl is not null"""
    )
    found["policies"] = await connection.fetchval(
        "select string_agg(p::text, E'\\n' order by tablename, policyname) from pg_policies p"
    )
    found["functions"] = await connection.fetchval(
        """select string_agg(concat_ws(' ', oid::regprocedure, proacl, prosecdef, md5(prosrc)), E'\\n'
           order by oid::regprocedure::text) from pg_proc where pronamespace = 'app'::regnamespace"""
    )
    return found


async def entries(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch(
        """select e::text || s.hash::text as row from audit_entry e
           join audit_seal s on s.entry_id = e.id order by e.id"""
    )
    return [row["row"] for row in rows]


@pytest.fixture(scope="module")
def worlds() -> Iterator[Worlds]:
    with scratch.folder() as made, contextlib.ExitStack() as held:
        worlds = Worlds(made, held)
        files = [payments(worlds.folder / f"spend-2024-{month:02}.csv", month) for month in (4, 5, 6)]
        worlds.run("first", "import", "spend", *files, "--council", "E08000035")
        revised = payments(worlds.folder / "spend-2024-06-revised.csv", 7)
        worlds.run("first", "import", "spend", revised, "--council", "E08000035")
        worlds.run("first", "report", "market", "--format", "json")
        worlds.put_key("first", KEY)
        yield worlds


@pytest.fixture(scope="module")
def archived(worlds: Worlds) -> Path:
    place = worlds.folder / "kept.tar.zst"
    assert "The master key is not in it" in worlds.run("first", "backup", place)
    return place


def test_everything_comes_back_in_another_place(worlds: Worlds, archived: Path):
    found = json.loads(worlds.run("second", "restore", archived, "--json"))
    assert (found["files"], found["lines"], found["different"]) == (4, 1200, [])
    assert (found["audit_broken_at"], found["audit_head_found"]) == (None, True)
    assert made_of(worlds.lake("second")) == made_of(worlds.lake("first"))
    assert worlds.look("second", contents) == worlds.look("first", contents)
    before = worlds.look("first", entries)
    assert worlds.look("second", entries)[: len(before)] == before
    report = ("report", "market", "--format", "json")
    assert worlds.run("second", *report) == worlds.run("first", *report)
    # It goes on as a service: the same files are known.
    again = ("import", "spend", worlds.folder / "spend-2024-04.csv", "--council", "LDS", "--json")
    assert json.loads(worlds.run("second", *again))["already"] == 1


def test_the_master_key_is_not_in_it_and_another_one_is_noticed(worlds: Worlds, archived: Path):
    with archive.Reader.opened(archived) as reader:
        assert all(KEY not in content.read() for _, _, content in reader)
    worlds.put_key("scratch", b"o" * 32)
    assert (
        json.loads(worlds.run("scratch", "restore", archived, "--replace", "--yes", "--json"))["same_key"]
        is False
    )
    worlds.put_key("scratch", KEY)
    again = worlds.run("scratch", "restore", archived, "--replace", "--yes", "--json")
    assert json.loads(again)["same_key"] is True


def test_a_damaged_world_is_replaced_only_when_told(worlds: Worlds, archived: Path):
    worlds.run("scratch", "restore", archived, "--replace", "--yes")
    lake = worlds.lake("scratch")
    whole, kept = worlds.look("scratch", contents), made_of(lake)
    lines = next((lake / "lines").rglob("*.parquet"))
    lines.write_bytes(lines.read_bytes()[:-100])
    (lake / "originals/stray").write_bytes(b"left over")
    shutil.rmtree(lake / "marked")

    async def damage(connection: asyncpg.Connection) -> None:
        await connection.execute(
            "truncate market_measure; drop table set_aside_line; create table mine (x int)"
        )
        await connection.execute("alter table mine owner to bt_owner")

    worlds.look("scratch", damage)
    assert "not empty" in worlds.run("scratch", "restore", archived, fails=True)
    assert not (lake / "marked").exists()
    worlds.run("scratch", "restore", archived, "--replace", "--yes")
    assert worlds.look("scratch", contents) == whole
    assert made_of(lake) == kept


def test_a_damaged_archive_changes_nothing(worlds: Worlds, archived: Path):
    before = (worlds.look("first", contents), made_of(worlds.lake("first")))
    content = bytearray(archived.read_bytes())
    content[len(content) // 2] ^= 1
    damaged = worlds.folder / "damaged.tar.zst"
    damaged.write_bytes(content)
    broken_off = worlds.folder / "broken-off.tar.zst"
    broken_off.write_bytes(archived.read_bytes()[:-500])
    for place in (damaged, broken_off):
        said = worlds.run("first", "restore", place, "--replace", "--yes", fails=True)
        assert "Nothing was changed" in said
    assert (worlds.look("first", contents), made_of(worlds.lake("first"))) == before


def test_an_archive_of_a_newer_program_changes_nothing(worlds: Worlds):
    place = worlds.folder / "newer.tar.zst"
    with archive.written(place) as writer:
        writer.add(archive.ABOUT, b'{"format": 1, "revision": "9999"}')
    said = worlds.run("first", "restore", place, "--replace", "--yes", fails=True)
    assert "newer version" in said


def test_what_the_database_refuses_leaves_all_as_it_was(worlds: Worlds, archived: Path):
    before = (worlds.look("first", contents), made_of(worlds.lake("first")))
    place = worlds.folder / "refused.tar.zst"
    with archive.Reader.opened(archived) as reader, archive.written(place) as writer:
        for name, _, content in reader:
            if name.startswith("database/"):
                # The end of the dump is missing, although the archive itself is whole.
                writer.add(name, content.read()[:-2000])
            elif name != archive.MANIFEST:
                writer.add(name, content.read())
    assert "PostgreSQL says" in worlds.run("first", "restore", place, "--replace", "--yes", fails=True)
    assert (worlds.look("first", contents), made_of(worlds.lake("first"))) == before


def test_a_file_that_is_missing_from_the_lake_is_told(worlds: Worlds, archived: Path):
    worlds.run("scratch", "restore", archived, "--replace", "--yes")
    next((worlds.lake("scratch") / "lines").rglob("*.parquet")).unlink()
    said = worlds.run("scratch", "backup", worlds.folder / "never.tar.zst", fails=True)
    assert "which is not in the lake" in said
    assert not list(worlds.folder.glob("*never*"))


def test_lines_that_differ_from_the_register_are_named(worlds: Worlds, archived: Path):
    worlds.run("scratch", "restore", archived, "--replace", "--yes")

    async def forge(connection: asyncpg.Connection) -> None:
        await connection.execute(
            """update published_file set amount_read_pence = amount_read_pence + 1
               where name = 'spend-2024-05.csv'"""
        )

    worlds.look("scratch", forge)
    forged = worlds.folder / "forged.tar.zst"
    worlds.run("scratch", "backup", forged)
    said = worlds.run("scratch", "restore", forged, "--replace", "--yes", fails=True)
    assert "spend-2024-05.csv" in said


def test_an_empty_world_has_nothing_to_keep(worlds: Worlds):
    assert "nothing to keep" in worlds.run("empty", "backup", worlds.folder / "none", fails=True)


def test_an_archive_is_not_overwritten(worlds: Worlds, archived: Path):
    kept = archived.read_bytes()
    assert "There is a file" in worlds.run("first", "backup", archived, fails=True)
    assert archived.read_bytes() == kept
