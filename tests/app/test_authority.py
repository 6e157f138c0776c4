"""`buytogether authority`: a limit is set and recorded, or refused in a sentence."""

from __future__ import annotations

import asyncio

import pytest
from click.testing import CliRunner

from accounts.actions.demonstration import PEOPLE, load_demonstration
from accounts.actions.passwords import Passwords
from app.__main__ import main
from app.runtime import COMMAND_LINE
from procurement.actions.demonstration.authority import LIMIT_PENCE, load_demonstration_authority
from procurement.actions.demonstration.pools import PENCE_IN_THOUSAND, POOLS
from store.migrations import plain
from tests import build
from tests.databases import TESTER
from values.actors import Role

LIMITS = "select body_code, person_id, limit_pence, set_by_name from approver_authority order by body_code"


@pytest.fixture
def run(database, tmp_path):
    """Type a command beside a database that is running."""

    async def typed(*words: str) -> tuple[int, str]:
        environment = {
            "BUYTOGETHER_HOME": str(tmp_path),
            "DATABASE_URL": plain(database.app),
            "DATABASE_JOBS_URL": plain(database.jobs),
        }
        # A command runs a loop of its own.
        done = await asyncio.to_thread(CliRunner().invoke, main, ["authority", *words], env=environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        return done.exit_code, done.output

    return typed


@pytest.fixture
async def approver(db):
    made = await build.person(db, Role.APPROVER, second_factor=True, name="Cy Lowe", email="cy@example.org")
    await db.commit()
    return made


async def limits(owner) -> list[tuple[str, int, str]]:
    return [(row["body_code"], row["limit_pence"], row["set_by_name"]) for row in await owner.fetch(LIMITS)]


async def test_a_limit_is_set_changed_and_recorded_for_the_council(run, approver, owner):
    code, said = await run("--email", "Cy@Example.org", "--limit", "£250,000")
    assert (code, said) == (0, "Cy Lowe may commit Leeds up to £250,000.00.\n")
    assert await limits(owner) == [("LDS", 25_000_000, "command line")]
    assert (await run("--email", "cy@example.org", "--limit", "0"))[0] == 0
    assert await limits(owner) == [("LDS", 0, "command line")]
    trail = await owner.fetch(
        "select organisation_id, details from audit_entry where action = 'authority.set' order by id"
    )
    assert {row["organisation_id"] for row in trail} == {approver.organisation_id}
    assert '"before_pence": 25000000' in trail[1]["details"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--email", "cy@example.org", "--limit", "much"), 2, "'much' is no sum in pounds"),
        (("--email", "cy@example.org", "--limit", "-1"), 2, "the limit is 0 or more"),
        (("--email", "no@example.org", "--limit", "1"), 1, "No approver has the address no@example.org."),
        (
            ("--email", "cy@example.org", "--limit", "1", "--council", "CMD"),
            1,
            "No approver of CMD has the address cy@example.org.",
        ),
        (("--limit", "1"), 2, "Missing option '--email'"),
    ],
)
async def test_what_cannot_be_is_said_in_a_sentence_and_changes_nothing(
    run, approver, owner, words, code, said
):
    assert (await run(*words))[0] == code
    assert said in (await run(*words))[1]
    assert await limits(owner) == []


async def test_an_officer_has_no_limit(run, db, owner):
    await build.person(db, email="jo@example.org")
    await db.commit()
    assert (await run("--email", "jo@example.org", "--limit", "1"))[0] == 1
    assert await limits(owner) == []


async def test_who_approves_for_several_councils_needs_one_named(run, db, approver, owner):
    await build.membership(db, approver.id, build.council("CMD"), Role.APPROVER)
    await db.commit()
    code, said = await run("--email", "cy@example.org", "--limit", "1")
    assert (code, "approves for several councils. Say which one with --council." in said) == (1, True)
    gss = await owner.fetchval("select gss_code from organisation where code = 'CMD'")
    for council, pounds in (("cmd", "5"), (gss, "7")):
        assert (await run("--email", "cy@example.org", "--limit", pounds, "--council", council))[0] == 0
        assert await limits(owner) == [("CMD", int(pounds) * 100, "command line")]


async def test_invented_approvers_may_sign_what_they_bring_from_the_start(db, owner):
    await load_demonstration(db, TESTER, Passwords(cheap=True), build.SEALER)
    approvers = {person.body for person in PEOPLE if person.role is Role.APPROVER}
    for _ in range(2):
        assert await load_demonstration_authority(db, COMMAND_LINE) == len(approvers)
    await db.commit()
    assert {(code, pence) for code, pence, _ in await limits(owner)} == {
        (code, LIMIT_PENCE) for code in approvers
    }
    brought = [thousands for pool in POOLS for code, thousands, _ in pool.members if code in approvers]
    assert max(brought) * PENCE_IN_THOUSAND <= LIMIT_PENCE
