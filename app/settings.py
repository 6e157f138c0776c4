"""Every setting, read once from the environment and handed down; nobody else looks at the environment."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ocds.rules.ids import PLACEHOLDER, check_prefix
from values.refusals import Refused

CHECKOUT = Path(__file__).resolve().parents[1]
# A second process answers while the first is at work; more than two is for an operator to want.
PROCESSES: Final = min(2, os.cpu_count() or 1)


class SettingError(ValueError):
    """A setting cannot be used as it stands; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Where mail goes out. Without a host it waits in the outbox, and operators read it on a page."""

    host: str
    port: int
    user: str
    password: str
    sender: str
    tls: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can set. docs/operations.md explains each; a test keeps the two alike.

    Attributes:
        home: BUYTOGETHER_HOME. Everything kept on a single machine: database, facts, keys, logs.
        port: BUYTOGETHER_PORT. Where pages are served.
        host: BUYTOGETHER_HOST. The address to listen on; this machine only unless set.
        public_url: BUYTOGETHER_PUBLIC_URL. What people type; decides cookies, links in mail, origins.
        database_url: DATABASE_URL. The application's role; empty means the embedded server.
        database_jobs_url: DATABASE_JOBS_URL. The worker's role.
        database_owner_url: DATABASE_OWNER_URL. For `migrate` only: a role that may create roles.
        web_processes: BUYTOGETHER_WEB_PROCESSES. How many processes answer pages.
        demonstration: BUYTOGETHER_DEMONSTRATION. Whether `run` fills an empty database and the banner shows.
        engine: BUYTOGETHER_ENGINE. Where the measures run, as a URL.
        engine_memory: BUYTOGETHER_ENGINE_MEMORY. What one analysis may use; more spills to disk.
        upload_limit_bytes: BUYTOGETHER_UPLOAD_LIMIT_MB. The largest file that an upload may bring.
        ocid_prefix: BUYTOGETHER_OCID_PREFIX. Begins the identifiers of tenders in open data.
        registration: BUYTOGETHER_REGISTRATION. Whether firms register themselves, or operators invite each.
        contact: BUYTOGETHER_CONTACT. Where people reach whoever runs the service, in words.
        mail: BUYTOGETHER_SMTP_*. The mail server.
    """

    home: Path
    port: int = 8000
    host: str = "127.0.0.1"
    public_url: str = "http://127.0.0.1:8000"
    database_url: str = ""
    database_jobs_url: str = ""
    database_owner_url: str = ""
    web_processes: int = PROCESSES
    demonstration: bool = True
    engine: str = "duckdb://"
    engine_memory: str = "1GB"
    upload_limit_bytes: int = 200_000_000
    ocid_prefix: str = PLACEHOLDER
    registration: bool = True
    contact: str = ""
    mail: Mail = Mail("", 25, "", "", "buytogether@localhost", tls=False)
    cheap_passwords: bool = False

    @property
    def lake(self) -> Path:
        """The folder of columnar files and originals."""
        return self.home / "lake"

    def key(self) -> bytes:
        """Return the master key, made on first use; it is kept apart from backups.

        Secrets that must be read again (second factors) are encrypted under it, so a copy of the database
        alone opens none of them.
        """
        place = self.home / "keys" / "master.key"
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not place.exists():
            # Written beside, then linked into place: two processes that start at once share one whole key.
            fresh = place.with_name(f".{os.getpid()}.key")
            fresh.touch(mode=0o600)
            fresh.write_bytes(secrets.token_bytes(32))
            with contextlib.suppress(FileExistsError):
                place.hardlink_to(fresh)
            fresh.unlink()
        return place.read_bytes()


def read(environment: Mapping[str, str]) -> Settings:
    """Return the settings that an environment holds.

    Raises:
        SettingError: one of them cannot be used.
    """

    def get(name: str, default: str = "") -> str:
        return environment.get(name, default).strip()

    port = _number("BUYTOGETHER_PORT", get("BUYTOGETHER_PORT", "8000"), 1, 65_535)
    database_url = get("DATABASE_URL")
    return Settings(
        home=Path(get("BUYTOGETHER_HOME") or CHECKOUT / "var").expanduser().resolve(),
        port=port,
        host=get("BUYTOGETHER_HOST", "127.0.0.1"),
        public_url=(get("BUYTOGETHER_PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        database_url=database_url,
        database_jobs_url=get("DATABASE_JOBS_URL"),
        database_owner_url=get("DATABASE_OWNER_URL"),
        web_processes=_number(
            "BUYTOGETHER_WEB_PROCESSES", get("BUYTOGETHER_WEB_PROCESSES", str(PROCESSES)), 1, 64
        ),
        demonstration=_yes("BUYTOGETHER_DEMONSTRATION", get("BUYTOGETHER_DEMONSTRATION"), not database_url),
        engine=get("BUYTOGETHER_ENGINE", "duckdb://"),
        engine_memory=get("BUYTOGETHER_ENGINE_MEMORY", "1GB"),
        upload_limit_bytes=1_000_000
        * _number("BUYTOGETHER_UPLOAD_LIMIT_MB", get("BUYTOGETHER_UPLOAD_LIMIT_MB", "200"), 1, 10_000),
        ocid_prefix=_prefix("BUYTOGETHER_OCID_PREFIX", get("BUYTOGETHER_OCID_PREFIX", PLACEHOLDER)),
        registration=_yes("BUYTOGETHER_REGISTRATION", get("BUYTOGETHER_REGISTRATION"), default=True),
        contact=get("BUYTOGETHER_CONTACT"),
        mail=Mail(
            host=get("BUYTOGETHER_SMTP_HOST"),
            port=_number("BUYTOGETHER_SMTP_PORT", get("BUYTOGETHER_SMTP_PORT", "25"), 1, 65_535),
            user=get("BUYTOGETHER_SMTP_USER"),
            password=get("BUYTOGETHER_SMTP_PASSWORD"),
            sender=get("BUYTOGETHER_SMTP_SENDER", "buytogether@localhost"),
            tls=_yes("BUYTOGETHER_SMTP_TLS", get("BUYTOGETHER_SMTP_TLS"), default=False),
        ),
    )


def _prefix(name: str, value: str) -> str:
    try:
        return check_prefix(value)
    except Refused as refusal:
        raise SettingError(f"{name} cannot be {value!r}. {refusal.message}") from refusal


def _number(name: str, value: str, least: int, most: int) -> int:
    if not value.isdecimal() or not least <= int(value) <= most:
        raise SettingError(f"{name} must be a whole number from {least} to {most}, not {value!r}")
    return int(value)


def _yes(name: str, value: str, default: bool) -> bool:  # noqa: FBT001 -- a setting's default is a value
    if not value:
        return default
    if value.lower() not in ("yes", "no", "true", "false", "1", "0"):
        raise SettingError(f"{name} must be yes or no, not {value!r}")
    return value.lower() in ("yes", "true", "1")
