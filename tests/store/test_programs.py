"""How PostgreSQL's programs are told where a database is."""

from __future__ import annotations

import subprocess
import sys

import pytest

from store import programs


def test_an_address_becomes_variables():
    assert programs.environment("postgresql://jo:p%40ss@db.example.org:5433/buy") == {
        "PGHOST": "db.example.org",
        "PGPORT": "5433",
        "PGUSER": "jo",
        "PGPASSWORD": "p@ss",
        "PGDATABASE": "buy",
    }
    assert programs.environment("postgresql+asyncpg://bt_owner@/buy?host=%2Frun%2Fsockets") == {
        "PGHOST": "/run/sockets",
        "PGUSER": "bt_owner",
        "PGDATABASE": "buy",
    }


def test_the_environment_says_how_to_encrypt_and_not_where_to_go(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGHOST", "elsewhere")
    code = "import os; print(os.environ.get('PGSSLMODE'), os.environ.get('PGHOST'))"
    with programs._running([sys.executable, "-c", code], {}, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.read() == b"verify-full None\n"


def test_what_a_program_says_when_it_fails_is_the_error():
    code = "import sys; sys.exit('no such database')"
    with (
        pytest.raises(programs.ProgramError, match="no such database"),
        programs._running([sys.executable, "-c", code], {}),
    ):
        pass


def test_a_newer_server_needs_newer_programs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert programs.for_server(15).folder == programs.for_server(18).folder
    with pytest.raises(programs.ProgramError, match="PostgreSQL 99"):
        programs.for_server(99)
