"""A generator of page requests: at fixed instants whatever the answers do, or one after the other.

Run by pages.py as a process of its own: a JSON job on standard input, a JSON answer on standard output. In
the first kind a request that is due leaves at once, on an idle connection or a new one, and its time counts
from the instant at which it was due, so that a server which falls behind cannot hide it.
"""

import asyncio
import json
import sys
import time
from collections import Counter

import uvloop

# Seconds that a request waits for its answer.
PATIENCE = 10


class Connection(asyncio.Protocol):
    """One kept connection with at most one request on its way."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.answer: asyncio.Future[int] | None = None
        self.open = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self.transport = transport

    def ask(self, request: bytes) -> asyncio.Future[int]:
        """Send a request; the future gets its status."""
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self.answer

    def data_received(self, data: bytes) -> None:
        """Collect until the answer is whole."""
        if self.answer is None or self.answer.done():
            # Nobody waits for it any more.
            self.close()
            return
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.buffer[:end]).lower()
        place = head.find(b"content-length:")
        if place >= 0:
            length = int(head[place + 15 :].split(b"\r\n", 1)[0])
            whole = len(self.buffer) >= end + 4 + length
        else:
            whole = self.buffer.endswith(b"0\r\n\r\n")
        if whole:
            self.buffer.clear()
            self.answer.set_result(int(head[9:12]))

    def close(self) -> None:
        """Hang up, as a browser does that waits no longer."""
        self.open = False
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        self.open = False
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(exc or ConnectionResetError("closed"))


class Client:
    """All connections to one server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.idle: list[Connection] = []
        self.opened = 0

    async def fetch(self, request: bytes) -> int:
        """Return the status of one answer; 0 where there was none in time."""
        connection = self._idle()
        try:
            connection = connection or await self._open()
            async with asyncio.timeout(PATIENCE):
                status = await connection.ask(request)
        except (OSError, TimeoutError):
            if connection is not None:
                connection.close()
            return 0
        self.idle.append(connection)
        return status

    def _idle(self) -> Connection | None:
        """Return a connection that nobody uses; a server closes one that was idle for half a minute."""
        while self.idle:
            if (connection := self.idle.pop()).open:
                return connection
        return None

    async def _open(self) -> Connection:
        self.opened += 1
        _, made = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", self.port)
        return made


def request_of(path: str, headers: dict[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "host: 127.0.0.1", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def closed(client: Client, requests: list[bytes], job: dict) -> list[tuple[float, int]]:
    """Ask for `count` pages from `connections` at once, each asking again when it was answered."""
    numbers = iter(range(job["count"]))
    found: list[tuple[float, int]] = []

    async def one() -> None:
        for number in numbers:
            start = time.perf_counter()
            status = await client.fetch(requests[number % len(requests)])
            found.append((time.perf_counter() - start, status))

    await asyncio.gather(*(one() for _ in range(job["connections"])))
    return found


async def opened(client: Client, requests: list[bytes], job: dict) -> list[tuple[float, int]]:
    """Ask for `rate` pages a second for `seconds`, at even instants."""
    found: list[tuple[float, int]] = []
    begun = time.perf_counter() + 0.1

    async def one(number: int, due: float) -> None:
        status = await client.fetch(requests[number % len(requests)])
        found.append((time.perf_counter() - due, status))

    async with asyncio.TaskGroup() as group:
        for number in range(int(job["rate"] * job["seconds"])):
            due = begun + number / job["rate"]
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            group.create_task(one(number, due))
    return found


async def main() -> None:
    job = json.load(sys.stdin)
    client = Client(job["port"])
    requests = [request_of(path, job["headers"]) for path in job["paths"]]
    start = time.perf_counter()
    found = await (opened if "rate" in job else closed)(client, requests, job)
    seconds = time.perf_counter() - start
    times = sorted(each for each, _ in found)
    statuses = Counter(status for _, status in found)

    def at(part: float) -> float:
        return 1000 * times[min(len(times) - 1, int(part * len(times)))]

    answer = {
        "pages": len(found),
        "seconds": seconds,
        "failed": len(found) - statuses[200],
        "statuses": {str(status): number for status, number in statuses.items()},
        "connections": client.opened,
        "p50": at(0.5),
        "p95": at(0.95),
        "p99": at(0.99),
        "most": 1000 * times[-1],
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    uvloop.run(main())
