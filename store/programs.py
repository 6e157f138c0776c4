"""PostgreSQL's own programs for dumps, and how they are told where a database is."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from sqlalchemy.engine import make_url

from store import embedded

# What an address may say after its question mark, and libpq's variables for it.
OPTIONS: Final = {"host": "PGHOST", "port": "PGPORT"}


class ProgramError(RuntimeError):
    """One of PostgreSQL's programs is missing or failed; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder of pg_dump, pg_restore and psql: of one version, and not older than the server."""

    folder: Path

    @contextlib.contextmanager
    def dump(self, url: str, snapshot: str) -> Generator[IO[bytes]]:
        """Hand out a dump in PostgreSQL's custom format, as somebody else's snapshot sees the database."""
        command = [self._path("pg_dump"), "--format=custom", "--compress=none", f"--snapshot={snapshot}"]
        with _running(command, environment(url), stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            yield process.stdout

    @contextlib.contextmanager
    def script(self, place: Path) -> Generator[IO[bytes]]:
        """Hand out a dump that lies in a file, as SQL."""
        command = [self._path("pg_restore"), "--no-owner", "--file=-", str(place)]
        with _running(command, {}, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            yield process.stdout

    @contextlib.contextmanager
    def session(self, url: str) -> Generator[IO[bytes]]:
        """Take SQL into one transaction that ends with the first error, and commits at the end."""
        command = [self._path("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--file=-"]
        command += ["--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        with _running(command, environment(url), stdin=subprocess.PIPE) as process:
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):  # it gave up: its exit code and words say why
                yield process.stdin
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()

    def _path(self, name: str) -> str:
        place = self.folder / name
        if not place.exists():
            raise ProgramError(f"{name} is not in {self.folder}")
        return str(place)


def for_server(major: int) -> Programs:
    """Return the programs for a server: those inside our wheel, unless the server is newer than they.

    Raises:
        ProgramError: the server is newer, and no matching programs are on the PATH.
    """
    if major <= embedded.VERSION:
        return Programs(embedded.programs())
    found = shutil.which("pg_dump")
    if found is not None:
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
        if int(said.split()[2].split(".")[0]) >= major:
            return Programs(Path(found).resolve().parent)
    raise ProgramError(
        f"The server is PostgreSQL {major}: put pg_dump, pg_restore and psql {major} on the PATH"
    )


def environment(url: str) -> dict[str, str]:
    """Return libpq's variables for an address: in a command line, everybody could read the password."""
    address = make_url(url)
    found = {
        "PGHOST": address.host,
        "PGPORT": str(address.port) if address.port else None,
        "PGUSER": address.username,
        "PGPASSWORD": str(address.password) if address.password else None,
        "PGDATABASE": address.database,
    }
    for name, value in address.query.items():
        if name in OPTIONS and isinstance(value, str):
            found[OPTIONS[name]] = value
    return {name: value for name, value in found.items() if value}


@contextlib.contextmanager
def _running(
    command: list[str], variables: dict[str, str], *, stdin: int | None = None, stdout: int | None = None
) -> Generator[subprocess.Popen[bytes]]:
    # Which database it is stands in the address alone; how connections are encrypted, in the environment.
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PG") or name.startswith("PGSSL")
    }
    with subprocess.Popen(
        command,
        stdin=stdin or subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**inherited, **variables},
    ) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            if process.stdin is not None:
                # What was not written yet has nobody to read it, and must not hide what went wrong.
                with contextlib.suppress(BrokenPipeError):
                    process.stdin.close()
            raise
        assert process.stderr is not None
        said = process.stderr.read().decode(errors="replace").strip()
        if process.wait() != 0:
            raise ProgramError(said or f"{command[0]} ended with {process.returncode}")
