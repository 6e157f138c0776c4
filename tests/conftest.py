"""What every test may ask for: a server, a database of its own, the whole application, a plain browser."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import hypothesis
import pytest
from litestar import Litestar
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncSession

from store import db as store_db
from store import embedded
from tests import build, scratch
from tests import world as made_world
from tests.beginnings import Beginning
from tests.databases import TEMPLATE, TESTER, Clones, Database, connected, drop_clone, make_template
from tests.engines import sharing
from tests.plain_browser import Browser
from web.assets import Assets
from web.assets import build as build_assets

ROOT = Path(__file__).resolve().parents[1]
# A busy machine is no fault of the code: how long an example takes says nothing about what it shows.
hypothesis.settings.register_profile("buytogether", deadline=None)
hypothesis.settings.load_profile("buytogether")

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}
ADDRESS = "http://127.0.0.1"
DATABASE_FIXTURES = {"server", "template", "database", "demonstration_world"}
LONG = {"browser", "slow"}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    if config.getoption("dist") != "loadfile":
        return None
    from tests.spreading import Spreading  # noqa: PLC0415 -- only where several processes share the tests

    return Spreading(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if (
            "demonstration_world" in getattr(item, "fixturenames", ())
            and item.nodeid.partition("::")[0] not in made_world.READERS
        ):
            raise pytest.UsageError(f"{item.nodeid} reads the demonstration world: name it in tests/world.py")
        if DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.db)
    # A test process takes a module whole. One of the longest that came last would be waited for alone; and
    # while the first in a browser makes the world that all of them need, the others have something to do.
    longest = {item.path for item in items if LONG.intersection(mark.name for mark in item.iter_markers())}
    browsed = Counter(item.path for item in items if "address" in getattr(item, "fixturenames", ()))
    makes_world = max(browsed, key=lambda path: browsed[path], default=None)
    items.sort(
        key=lambda item: (
            item.path != makes_world,
            item.path not in longest or item.path in browsed,
            item.path not in browsed,
        )
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any) -> Generator[None]:
    """Say among the closing lines, after all others, how many browser tests were left out."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = sum("browser" in report.keywords for report in skipped)
    if left_out:
        terminalreporter.write_line(
            f"{left_out} browser tests did not run: they need Chromium, which the README names"
        )


@pytest.fixture(scope="session", autouse=True)
def _compile_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_db, "create_async_engine", sharing(store_db.create_async_engine))
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[embedded.Server]:
    """A PostgreSQL of this test process alone."""
    with scratch.folder() as home, embedded.running(home, QUICK) as running:
        yield running


@pytest.fixture(scope="session")
def template(server: embedded.Server) -> str:
    """The name of a migrated database with the register of bodies, to be cloned."""
    with ThreadPoolExecutor(1) as thread:  # migrations run a loop of their own
        thread.submit(make_template, server).result()
    return TEMPLATE


@pytest.fixture(scope="session")
def clones(server: embedded.Server, template: str) -> Iterator[Clones]:
    """Clones of the template, made ahead."""
    made = Clones(server, template)
    yield made
    made.close()


@pytest.fixture
def beginning() -> Beginning | None:
    """The state that a test begins from: nothing but the register, unless its folder says otherwise."""
    return None


@pytest.fixture
async def database(
    server: embedded.Server, clones: Clones, beginning: Beginning | None
) -> AsyncIterator[Database]:
    """A fresh clone of the state that the test begins from."""
    made = await clones.take(beginning)
    yield made
    await drop_clone(server, made.name)


@pytest.fixture(scope="session")
def demonstration_world(server: embedded.Server, template: str) -> Database:
    """The demonstration world, for tests that only read it."""
    made_world.make(server, template)
    return Database(made_world.NAME, server)


@pytest.fixture
async def world_app(demonstration_world: Database) -> AsyncIterator[store_db.Sessions]:
    """Sessions of the application's role in the demonstration world."""
    async with connected(demonstration_world.app) as sessions:
        yield sessions


@pytest.fixture
async def sessions_app(database: Database) -> AsyncIterator[store_db.Sessions]:
    """Sessions of the application's role: row-level security applies."""
    async with connected(database.app) as sessions:
        yield sessions


@pytest.fixture
async def sessions_jobs(database: Database) -> AsyncIterator[store_db.Sessions]:
    """Sessions of the worker's role."""
    async with connected(database.jobs) as sessions:
        yield sessions


@pytest.fixture
async def db(sessions_jobs: store_db.Sessions) -> AsyncIterator[AsyncSession]:
    """A session of the worker's role, to build what a test needs; `await db.commit()` shows it to others."""
    async with sessions_jobs(info={"actor": TESTER}) as session:
        yield session
        await session.commit()


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A raw connection that sees everything, to look behind the pages."""
    async with database.administering() as connection:
        yield connection


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that the application asks of the database, as a list that grows; clear it at will.

    Who is asking goes over connections of its own and is not among them.
    """
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    """The front-end files, built once a test process."""
    if not (ROOT / "node_modules" / "govuk-frontend").exists():
        pytest.skip("node_modules is not installed: npm ci --ignore-scripts")
    folder = tmp_path_factory.mktemp("static")
    build_assets(ROOT, folder)
    return Assets.load(folder)


class Assembled:
    """The application, put together once a test process; each test gives it a life of its own."""

    def __init__(self, home: Path, assets: Assets) -> None:
        from app.main import assemble  # noqa: PLC0415 -- tests of one slice do not need all the others

        self._next: Any = None
        self.app = assemble(_settings(home), self._live, assets=assets)

    def _live(self, app: Litestar) -> Any:
        return self._next(app)

    def serve_next(self, home: Path, database_url: str) -> Litestar:
        """Return the application; started, it works with this folder and this database."""
        from app.main import serving  # noqa: PLC0415

        self._next = serving(_settings(home), database_url)
        return self.app


def _settings(home: Path) -> Any:
    from app.settings import Settings  # noqa: PLC0415

    key = home / "keys" / "master.key"
    key.parent.mkdir(mode=0o700)
    key.write_bytes(build.KEY)
    return Settings(home=home, public_url=ADDRESS, demonstration=False, cheap_passwords=True)


@pytest.fixture(scope="session")
def assembled(assets: Assets, tmp_path_factory: pytest.TempPathFactory) -> Assembled:
    """Routes and compiled templates of the whole application."""
    return Assembled(tmp_path_factory.mktemp("assembled"), assets)


@pytest.fixture
async def application(database: Database, assembled: Assembled, tmp_path: Path) -> AsyncIterator[Litestar]:
    """The whole application on this test's database, started and stopped as a server would."""
    made = assembled.serve_next(tmp_path, database.app)
    started, done = asyncio.Event(), asyncio.Event()

    async def serve() -> None:
        # In one task from start to end, as its task groups demand; a fixture's two halves run in two.
        try:
            async with made.lifespan():
                started.set()
                await done.wait()
        finally:
            started.set()

    serving = asyncio.create_task(serve())
    await started.wait()
    await asyncio.sleep(0)
    if serving.done():
        await serving  # raises what kept it from starting
    yield made
    done.set()
    await serving


@pytest.fixture
async def client(application: Litestar) -> AsyncIterator[Browser]:
    """A browser without JavaScript at the whole application; it checks every page that it gets."""
    async with Browser(application, ADDRESS) as opened:
        yield opened
