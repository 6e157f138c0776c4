"""Reading processes end with the process that imports, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT

MOST_SECONDS = 30
# Prints a line with the numbers of its readers and of the process that forked them, then has them work on.
IMPORTER = """
import asyncio, os, time
from spend.actions.readers import FILES_WORTH_PROCESSES, readers

def at_work():
    time.sleep(1)
    return os.getpid(), os.getppid()

async def main():
    async with readers(FILES_WORTH_PROCESSES) as pool:
        begun = [pool.submit(at_work) for _ in range(2 * os.cpu_count())]
        numbers = {number for each in begun for number in each.result()}
        print(*sorted(numbers - {os.getpid(), os.getppid()}), flush=True)
        input()

if __name__ == "__main__":
    asyncio.run(main())
"""


def running(number: int) -> bool:
    try:
        said = Path(f"/proc/{number}/stat").read_text()
    except OSError:
        return False
    return said.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, None], ids=["killed", "ended", "done"])
def test_readers_end_with_the_process_that_imports(tmp_path: Path, how: signal.Signals | None):
    script = tmp_path / "importer.py"
    script.write_text(IMPORTER)
    with subprocess.Popen(
        [sys.executable, script],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as importer:
        assert importer.stdin is not None
        assert importer.stdout is not None
        numbers = [int(number) for number in importer.stdout.readline().split()]
        if not numbers:
            importer.kill()
            pytest.skip("Threads read here: the machine has no semaphores")
        assert all(map(running, numbers))
        if how is None:
            importer.stdin.write(b"\n")
            importer.stdin.flush()
        else:
            importer.send_signal(how)
        importer.wait(MOST_SECONDS)
    # Readers, and the process from which they were forked.
    assert len(numbers) >= 2
    until = time.monotonic() + MOST_SECONDS
    while time.monotonic() < until and any(map(running, numbers)):
        time.sleep(0.1)
    assert [number for number in numbers if running(number)] == []
