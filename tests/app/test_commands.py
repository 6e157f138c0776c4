"""The command line as an operator meets it: help for all, and the first person of a new deployment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click import Command, Context, Group
from click.testing import CliRunner

from app.__main__ import main
from tests import scratch


def every_command() -> list[list[str]]:
    """The words that lead to each command, groups included."""

    def below(words: list[str], command: Command) -> list[list[str]]:
        if not isinstance(command, Group):
            return [words]
        with Context(command) as context:
            found = {name: command.get_command(context, name) for name in command.list_commands(context)}
        assert all(found.values())
        return [
            words,
            *(deeper for name, each in found.items() for deeper in below([*words, name], each)),
        ]

    return below([], main)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with scratch.folder() as made:
        yield made


def run(home: Path, *words: str, **settings: str) -> tuple[int, str]:
    environment = {"BUYTOGETHER_HOME": str(home), "DATABASE_URL": "", **settings}
    done = CliRunner().invoke(main, words, env=environment)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done.exit_code, done.output


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_a_command_explains_itself(words: list[str]):
    done = CliRunner().invoke(main, [*words, "--help"])
    assert done.exit_code == 0
    assert done.output.startswith("Usage: ")


@pytest.mark.db
@pytest.mark.slow
def test_the_first_operator_of_a_deployment_is_invited(home: Path):
    code, said = run(home, "invite", "Jo@Example.org", BUYTOGETHER_PUBLIC_URL="https://buy.example.org")
    assert code == 0
    assert "Role: Operator" in said
    first = re.search(r"https://buy\.example\.org/invitation/(\S+)", said)
    # Asked again, the earlier address is worth nothing any more.
    code, said = run(home, "invite", "jo@example.org", BUYTOGETHER_PUBLIC_URL="https://buy.example.org")
    again = re.search(r"https://buy\.example\.org/invitation/(\S+)", said)
    assert first
    assert again
    assert first[1] != again[1]
    code, said = run(home, "invite", "jo@example.org", "--body", "nowhere")
    assert code == 1
    assert "No body has the code 'nowhere'" in said


def test_a_setting_that_cannot_be_used_is_said_in_a_sentence(home: Path):
    code, said = run(home, "migrate", BUYTOGETHER_PORT="eighty")
    assert (code, said) == (
        1,
        "Error: BUYTOGETHER_PORT must be a whole number from 1 to 65535, not 'eighty'\n",
    )


def test_an_outside_database_needs_the_workers_address_too(home: Path):
    code, said = run(home, "serve", DATABASE_URL="postgresql://bt_app@127.0.0.1/none", DATABASE_JOBS_URL="")
    assert code == 1
    assert "set DATABASE_JOBS_URL too" in said
