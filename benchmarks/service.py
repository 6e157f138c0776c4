"""A service that a benchmark started with the demonstration world, and connections of people to it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from urllib.parse import urlencode

import asyncpg

from store import embedded
from store.migrations import plain

BOUNDARY = "between0parts0of0a0form"
# Seconds that somebody waits for an answer before trying again.
PATIENCE = 120


class Connection:
    """One kept connection of one supplier."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.head = f"host: 127.0.0.1:{port}\r\norigin: http://127.0.0.1:{port}\r\ncookie: bt={token}\r\n"
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, kind: str, body: bytes) -> tuple[int, str]:
        """Return status and where the answer leads; 0 where none came."""
        try:
            async with asyncio.timeout(PATIENCE):
                if self.streams is None:
                    self.streams = await asyncio.open_connection("127.0.0.1", self.port)
                reader, writer = self.streams
                about = f"content-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
                writer.write(f"POST {path} HTTP/1.1\r\n{self.head}{about}".encode() + body)
                await writer.drain()
                return await self._answer(reader)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            self.close()
            return 0, ""

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, str]:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
        }
        if "content-length" in headers:
            await reader.readexactly(int(headers["content-length"]))
        else:
            while size := int(await reader.readuntil(b"\r\n"), 16):
                await reader.readexactly(size + 2)
            await reader.readexactly(2)
        return int(lines[0].split(" ", 2)[1]), headers.get("location", "")

    async def form(self, path: str, typed: dict[str, str]) -> tuple[int, str]:
        """Send a form."""
        return await self.post(path, "application/x-www-form-urlencoded", urlencode(typed).encode())

    async def file(self, path: str, name: str, content: bytes) -> tuple[int, str]:
        """Send a form with a file."""
        head = (
            f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="files"; filename="{name}"\r\n'
            "content-type: text/plain\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        return await self.post(path, f"multipart/form-data; boundary={BOUNDARY}", body)

    def close(self) -> None:
        """Hang up."""
        if self.streams is not None:
            self.streams[1].close()
        self.streams = None


class Service:
    """`buytogether run` with the demonstration world."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.started = 0
        self.start()

    def start(self) -> None:
        """Start it, or start it again on the same port."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("BUYTOGETHER_", "DATABASE_", "PG"))}
        own = {"BUYTOGETHER_HOME": str(self.home), "BUYTOGETHER_PORT": str(self.port)}
        self.started += 1
        with (self.home.parent / "said.txt").open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", "run"], env={**kept, **own}, stdout=said, stderr=said
            )

    @property
    def server(self) -> embedded.Server:
        """Its database."""
        return embedded.server_of(self.home)

    async def kept_running(self) -> None:
        """Start it again whenever it ends, as whatever runs services does, until cancelled."""
        while True:
            if self.process.poll() is not None:
                self.start()
            await asyncio.sleep(0.5)

    async def answers(self) -> None:
        """Wait until it answers."""
        for _ in range(3000):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            if self.process.poll() is not None:
                break
            await asyncio.sleep(0.1)
        raise RuntimeError("the service does not answer")

    def kill(self, what: str) -> None:
        """Kill web processes, the database, or both, without mercy."""
        if what in ("web", "both"):
            for listed in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
                for child in map(int, listed.read_text().split()):
                    with contextlib.suppress(OSError):
                        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                            os.kill(child, signal.SIGKILL)
        if what in ("database", "both"):
            with contextlib.suppress(OSError, IndexError, ValueError):
                os.kill(int((self.server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


@contextlib.contextmanager
def served() -> Generator[Service]:
    with tempfile.TemporaryDirectory(prefix="bt-rush-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # as root, the server runs as `nobody`, who must get there
        service = Service(Path(folder) / "home")
        try:
            yield service
        finally:
            service.process.terminate()
            service.process.wait(60)


@contextlib.asynccontextmanager
async def superuser(service: Service) -> AsyncGenerator[asyncpg.Connection]:
    """A connection past all policies, to prepare and to look behind the pages."""
    connection = await asyncpg.connect(plain(service.server.url("postgres")))
    try:
        yield connection
    finally:
        await connection.close()
