"""What a list of 50 rows costs: ours signed in and behind policies, against Starlette and Django, in one run.

Run: `make bench-pages` (README.md beside this file says what is measured and how). A fresh home is filled
with the demonstration world and 5,000 synthetic files; `--home FOLDER` keeps it for another run. Only one
application works at a time; the rounds take turns.
"""

import argparse
import asyncio
import contextlib
import http.client
import json
import os
import re
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from urllib.parse import urlencode

from accounts.actions.demonstration import PASSWORD, PEOPLE
from app import runtime, settings
from app.commands import console, demonstration

HERE = Path(__file__).resolve().parent
PEERS = HERE / "peers"
sys.path.insert(0, str(PEERS))

from world import LISTED, fill  # noqa: E402

LISTS = {"set-aside lines": f"/spend/files/{LISTED}/set-aside", "register of files": "/spend"}
NAMES = ("ours", "starlette", "django")
WARM_UP = 300
CONNECTIONS = 4
# Seconds after which whatever is measured is taken to hang.
ENDLESS = 600
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of(pid: int) -> float:
    """Return the seconds of CPU that a process and all its descendants used."""
    children: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(folder.name))
            # Own time, and that of children that have ended.
            used[int(folder.name)] = sum(map(int, fields[11:15])) / TICKS
    total, waiting = 0.0, [pid]
    while waiting:
        each = waiting.pop()
        total += used.get(each, 0.0)
        waiting += children.get(each, [])
    return total


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class Served:
    """One of the three applications, running."""

    def __init__(self, name: str, port: int, process: subprocess.Popen[bytes]) -> None:
        self.name, self.port, self.process = name, port, process
        self.headers: dict[str, str] = {}

    def get(self, path: str) -> tuple[int, str]:
        """Return status and text of a page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers=self.headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def wait(self) -> None:
        """Wait until it answers."""
        for _ in range(300):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"{self.name} does not answer")

    def generate(self, paths: list[str], **how: object) -> dict:
        """Send pages from another process; return what it saw and the CPU that the server used."""
        job = {"port": self.port, "paths": paths, "headers": self.headers, **how}
        before = cpu_of(self.process.pid)
        done = subprocess.run(
            [sys.executable, str(HERE / "steady.py")],
            input=json.dumps(job).encode(),
            stdout=subprocess.PIPE,
            check=True,
            timeout=ENDLESS,
        )
        seen = json.loads(done.stdout)
        seen["cpu_ms"] = 1000 * (cpu_of(self.process.pid) - before) / seen["pages"]
        if seen["failed"]:
            print(f"  {self.name}: {seen['failed']} pages failed: {seen['statuses']}")
        return seen


@contextlib.contextmanager
def served(name: str, environment: dict[str, str]) -> Iterator[Served]:
    port = free_port()
    command = ["-m", "app", "serve"] if name == "ours" else [str(PEERS / "serving.py"), name, str(port)]
    own = {"BUYTOGETHER_PORT": str(port), "BUYTOGETHER_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=HERE.parent,
        env={**environment, **own},
        stdout=subprocess.DEVNULL,
    )
    try:
        found = Served(name, port, process)
        found.wait()
        yield found
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()


def sign_in_to_ours(ours: Served) -> str:
    """Sign in as an officer with the page's own form; return the cookie."""
    connection = http.client.HTTPConnection("127.0.0.1", ours.port)
    connection.request(
        "POST",
        "/sign-in",
        body=urlencode({"email": PEOPLE[0].email, "password": PASSWORD}),
        headers={
            "content-type": "application/x-www-form-urlencoded",
            "origin": f"http://127.0.0.1:{ours.port}",
        },
    )
    answer = connection.getresponse()
    cookie = answer.getheader("set-cookie", "").split(";")[0]
    if answer.status != 303 or not cookie:
        raise RuntimeError(f"signing in failed: {answer.status}")
    return cookie


def words_of(page: str) -> list[str]:
    """Return what a person reads on a page."""
    return re.sub(r"<[^>]*>", " ", page).split()


def compare(applications: list[Served]) -> None:
    """Check that all three show the same: Starlette our very bytes, Django the same words."""
    for name, path in LISTS.items():
        pages = {each.name: each.get(path) for each in applications}
        for each, (status, text) in pages.items():
            if status != 200 or text.count('<tr class="govuk-table__row">') != 51:
                raise RuntimeError(f"{each} does not show 50 rows of {name}: {status}")
        ours = pages["ours"][1]
        if ours != pages["starlette"][1]:
            raise RuntimeError(f"Starlette's {name} differs")
        pairs = zip_longest(words_of(ours), words_of(pages["django"][1]))
        if other := next(((mine, theirs) for mine, theirs in pairs if mine != theirs), None):
            raise RuntimeError(f"Django's {name} says {other[1]!r} where ours says {other[0]!r}")
        sizes = ", ".join(f"{each} {len(text):,}" for each, (_, text) in pages.items())
        print(f"{name}: 50 rows each, the same words, bytes: {sizes}")


def measure_cpu(applications: list[Served], postmaster: int, rounds: int, count: int) -> None:
    """Take turns; print medians of CPU per page and their ratios."""
    seen: dict[tuple[str, str, str], list[float]] = {}
    for one in applications:
        one.generate(list(LISTS.values()), count=WARM_UP, connections=CONNECTIONS)
    for _ in range(rounds):
        for list_name, path in LISTS.items():
            for one in applications:
                before = cpu_of(postmaster)
                found = one.generate([path], count=count, connections=CONNECTIONS)
                database = 1000 * (cpu_of(postmaster) - before) / count
                seen.setdefault((list_name, one.name, "cpu"), []).append(found["cpu_ms"])
                seen.setdefault((list_name, one.name, "database"), []).append(database)
                seen.setdefault((list_name, one.name, "rate"), []).append(count / found["seconds"])
    print(f"\nCPU for a page, {rounds} rounds of {count:,} pages each, medians (least to most)")
    for list_name in LISTS:
        print(list_name)
        base = statistics.median(seen[list_name, "ours", "cpu"])
        for name in NAMES:
            cpu, database, rate = (seen[list_name, name, kind] for kind in ("cpu", "database", "rate"))
            middle = statistics.median(cpu)
            print(
                f"  {name:10} {middle:6.2f} ms ({min(cpu):.2f} to {max(cpu):.2f})"
                f"   ours is {base / middle:5.2f} × of it"
                f"   PostgreSQL {statistics.median(database):5.2f} ms"
                f"   {statistics.median(rate):5.0f} pages a second"
            )


def measure_steadily(ours: Served, market: list[str], rate: int, seconds: int, rounds: int) -> None:
    """Send pages at fixed instants, compressed as browsers take them; print the times."""
    ours.headers["accept-encoding"] = "gzip, deflate, br"
    scenarios = {
        "set-aside lines": [LISTS["set-aside lines"]],
        "register of files": [LISTS["register of files"]],
        "a list, a market, its lines": [LISTS["set-aside lines"], *market],
    }
    print(f"\n{rate} pages a second for {seconds} s at even instants, from another process on the same cores")
    for name, paths in scenarios.items():
        ours.generate(paths, count=WARM_UP, connections=CONNECTIONS)
        for _ in range(rounds):
            load = os.getloadavg()[0]
            found = ours.generate(paths, rate=rate, seconds=seconds)
            print(
                f"  {name:28} p50 {found['p50']:6.1f}  p95 {found['p95']:6.1f}  p99 {found['p99']:6.1f}"
                f"  most {found['most']:6.1f} ms   {found['pages']:,} pages, {found['failed']} failed,"
                f" {found['cpu_ms']:.2f} ms CPU each, {found['connections']} connections;"
                f" load before {load:.1f}"
            )


def market_pages(ours: Served) -> list[str]:
    """Return a market's page and the page of its lines, from the first that the report links to."""
    _, text = ours.get("/market")
    found = re.search(r'href="(/market/[a-z-]+)\?([^"]*)"', text)
    if not found:
        raise RuntimeError("the report links to no market")
    query = found[2].replace("&amp;", "&")
    return [f"{found[1]}?{query}", f"{found[1]}/lines?{query}"]


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU and time for a list of 50 rows")
    parser.add_argument("--home", type=Path, help="keep database and lake here for another run")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=int, default=2000, help="in each round")
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--steady-rounds", type=int, default=1)
    chosen = parser.parse_args()
    # Being told to stop takes the servers along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with contextlib.ExitStack() as stack:
        home = chosen.home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bt-pages-")))
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o755)
        environment = {
            **{
                key: value
                for key, value in os.environ.items()
                if not key.startswith(("BUYTOGETHER", "DATABASE"))
            },
            "BUYTOGETHER_HOME": str(home),
            "PEER_SECRET": secrets.token_hex(16),
            "PYTHONPATH": f"{HERE.parent}:{PEERS}",
        }
        opened = stack.enter_context(runtime.opened(settings.read(environment)))
        console.run(opened, console.load_register)
        demonstration.load_if_empty(opened)
        from spend.reading import REASONS  # noqa: PLC0415

        asyncio.run(fill(opened.owner_url, list(REASONS)))
        environment["PEER_DATABASE_URL"] = opened.owner_url
        cookie = subprocess.run(
            [sys.executable, str(PEERS / "django_pages.py")],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        applications = [stack.enter_context(served(name, environment)) for name in NAMES]
        ours, _, django = applications
        ours.headers["cookie"] = sign_in_to_ours(ours)
        django.headers["cookie"] = cookie
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        compare(applications)
        postmaster = int((opened.server.data / "postmaster.pid").read_text().split()[0])
        if chosen.rounds:
            measure_cpu(applications, postmaster, chosen.rounds, chosen.pages)
        if chosen.steady_rounds:
            measure_steadily(ours, market_pages(ours), chosen.rate, chosen.seconds, chosen.steady_rounds)


if __name__ == "__main__":
    main()
