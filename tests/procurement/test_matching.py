"""Matches from job to page: worked out, shown with reasons, taken out, put back, hidden from others."""

from __future__ import annotations

import csv
import dataclasses
import io
import subprocess
import sys
from datetime import date

import asyncpg
import pytest
from sqlalchemy import event, select, text

from analytics.similarity.ranking import NAMES, PRIOR
from procurement import tasks
from procurement.actions import labelling, matching
from procurement.actions import needs as actions
from procurement.actions.keeping import kept_files
from procurement.models import MatchModel, MatchWeights, NeedMatch
from procurement.queries import matches as queries
from procurement.queries import needs as need_queries
from procurement.rules.needs import NeedState, Wanted
from store.db import transaction
from store.jobs import Work
from store.lake import Lake
from store.migrations import plain
from store.models import AuditEntry, Job
from tests.databases import TESTER
from values.refusals import NotAllowed, Refused

TITLES = ("Library software package", "Refuse collection services", "Street-lighting maintenance services")
LIBRARY = Wanted(
    "Library system",
    category="library-systems",
    outcomes="Residents borrow and renew books by phone",
    volume=1000,
    unit="loan",
    earliest_start_on=date(2027, 4, 1),
    latest_start_on=date(2027, 9, 30),
    must=("Hosted in the cloud", "Exports as CSV"),
)
SHELVES = dataclasses.replace(
    LIBRARY,
    title="System for libraries",
    outcomes="Readers borrow books and renew them from any phone",
    volume=4000,
    must=("Must run on premises", "Exports as CSV"),
)
KIOSKS = dataclasses.replace(
    LIBRARY,
    title="Self-service kiosks",
    outcomes="Loans outside staffed hours",
    earliest_start_on=date(2028, 4, 1),
    latest_start_on=date(2028, 9, 30),
    must=(),
)


@pytest.fixture
async def world(people, sessions_app, sessions_jobs, tmp_path):
    """Leeds needs a library system, Camden two of a kind; all are open and matched."""
    made = {}
    for name, who, wanted in (
        ("leeds", "officer", LIBRARY),
        ("shelves", "stranger", SHELVES),
        ("kiosks", "stranger", KIOSKS),
    ):
        async with transaction(sessions_app, people[who].actor) as db:
            made[name] = await actions.record_need(db, people[who].actor, wanted)
            await actions.move_need(db, people[who].actor, made[name], NeedState.OPEN)
    lake = Lake(tmp_path / "lake")
    work = Work(sessions_jobs, TESTER, resources={"lake": lake})
    await matching.refit(work, lake, TITLES)
    return {**made, "work": work, "lake": lake}


async def shown(sessions, actor, need_id, code):
    async with transaction(sessions, actor) as db:
        return await queries.matches(db, await need_queries.need_page(db, need_id), code)


async def asked_for(sessions) -> list[str]:
    async with transaction(sessions, TESTER) as db:
        return list(await db.scalars(select(Job.kind).order_by(Job.created_at, Job.id)))


async def test_the_best_match_comes_first_with_its_reasons(world, people, sessions_app):
    found = await shown(sessions_app, people["officer"].actor, world["leeds"], "LDS")
    assert found.state == "ready"
    assert [match.title for match in found.found] == ["System for libraries", "Self-service kiosks"]
    reasons = found.reasons(found.found[0])
    assert reasons.words[0] == "Same category"
    assert "Both could start from 1 April 2027 to 30 September 2027" in reasons.words
    assert "Both ask the same on format of exports: CSV" in reasons.words
    assert [(each.own, each.other) for each in reasons.conflicts] == [
        ("Hosted in the cloud", "Must run on premises")
    ]
    # The same pair from the other side; and one's own need is no match of one's own.
    back = await shown(sessions_app, people["stranger"].actor, world["shelves"], "CMD")
    assert [match.id for match in back.found] == [world["leeds"]]
    assert back.found[0].score_points == pytest.approx(found.found[0].score_points)


async def test_a_need_that_opens_is_asked_for_in_its_transaction_and_stands_on_both_lists(
    world, people, sessions_app, sessions_jobs
):
    actor, before = people["stranger"].actor, await asked_for(sessions_jobs)
    async with transaction(sessions_app, actor) as db:
        new = await actions.record_need(db, actor, dataclasses.replace(SHELVES, title="New system"))
        await actions.move_need(db, actor, new, NeedState.OPEN)
    assert await asked_for(sessions_jobs) == [*before, "procurement.match_need", "procurement.match_need"]
    waiting = await shown(sessions_app, actor, new, "CMD")
    assert (waiting.state, waiting.found) == ("waiting", [])
    for _ in range(2):
        await tasks.match_need(world["work"], needs=[str(new)])
        found = await shown(sessions_app, actor, new, "CMD")
        assert (found.state, [match.id for match in found.found]) == ("ready", [world["leeds"]])
        theirs = await shown(sessions_app, people["officer"].actor, world["leeds"], "LDS")
        assert new in [match.id for match in theirs.found]
    async with transaction(sessions_app, actor) as db:
        await actions.change_need(db, actor, new, dataclasses.replace(SHELVES, title="Newer"), seen=1)
    assert (await shown(sessions_app, actor, new, "CMD")).state == "waiting"
    async with transaction(sessions_app, actor) as db:
        await actions.move_need(db, actor, new, NeedState.ARCHIVED)
    assert (await shown(sessions_app, actor, new, "CMD")).state == "none"
    theirs = await shown(sessions_app, people["officer"].actor, world["leeds"], "LDS")
    assert new not in [match.id for match in theirs.found]


async def test_a_draft_sees_its_matches_and_is_seen_by_nobody(
    world, people, sessions_app, sessions_jobs, database
):
    actor = people["officer"].actor
    async with transaction(sessions_app, actor) as db:
        draft = await actions.record_need(db, actor, dataclasses.replace(LIBRARY, title="Draft"))
    await tasks.match_need(world["work"], needs=[str(draft)])
    found = await shown(sessions_app, actor, draft, "LDS")
    assert {match.id for match in found.found} == {world["shelves"], world["kiosks"]}
    async with transaction(sessions_jobs, TESTER) as db:
        assert not list(await db.scalars(select(NeedMatch.need_id).where(NeedMatch.other_id == draft)))
    async with transaction(sessions_app, people["stranger"].actor) as db:
        assert draft not in list(await db.scalars(select(NeedMatch.need_id)))


async def test_without_a_model_the_first_job_asks_for_one_and_once(people, needs, sessions_jobs, tmp_path):
    work = Work(sessions_jobs, TESTER, resources={"lake": Lake(tmp_path / "lake")})
    for _ in range(2):
        await tasks.match_need(work, needs=[str(needs["open"])])
    assert (await asked_for(sessions_jobs)).count("procurement.refit_matches") == 1


async def test_a_model_is_kept_with_its_facts_and_the_one_before_is_swept(world, sessions_jobs):
    work, lake = world["work"], world["lake"]
    await matching.refit(work, lake, (*TITLES, "Bridges"))
    async with transaction(sessions_jobs, TESTER) as db:
        models = list(await db.scalars(select(MatchModel)))
        files = await kept_files(db, lake)
    assert len(models) == 1
    assert models[0].facts["texts"] == 3
    assert models[0].facts["seed"] == matching.SEED
    assert files == [f"matching/{models[0].sha256.hex()}.model"]
    assert [place.name for place in lake.path("matching").iterdir()] == [files[0].split("/")[1]]


async def test_not_alike_hides_the_pair_for_that_council_and_can_be_undone(
    world, people, sessions_app, sessions_jobs
):
    officer, stranger = people["officer"].actor, people["stranger"].actor
    pair = (world["leeds"], world["shelves"])
    for _ in range(2):
        async with transaction(sessions_app, officer) as db:
            await labelling.say_not_alike(db, officer, *pair)
    mine = await shown(sessions_app, officer, world["leeds"], "LDS")
    assert [match.id for match in mine.found] == [world["kiosks"]]
    assert [match.id for match in mine.not_alike] == [world["shelves"]]
    theirs = await shown(sessions_app, stranger, world["shelves"], "CMD")
    assert [match.id for match in theirs.found] == [world["leeds"]]
    learnt = (await tasks.learn_matches(world["work"]))["weights"]
    assert dict(zip(NAMES, learnt, strict=True))["text"] < dict(zip(NAMES, PRIOR, strict=True))["text"]
    after = await shown(sessions_app, stranger, world["shelves"], "CMD")
    assert after.found[0].score_points < theirs.found[0].score_points
    async with transaction(sessions_app, officer) as db:
        await labelling.take_back(db, officer, *pair)
    assert len((await shown(sessions_app, officer, world["leeds"], "LDS")).found) == 2
    assert (await tasks.learn_matches(world["work"]))["weights"] == list(PRIOR)
    async with transaction(sessions_jobs, TESTER) as db:
        said = list(await db.scalars(select(AuditEntry.action).where(AuditEntry.action.like("match.%"))))
    assert said == ["match.not_alike", "match.weights_learnt", "match.alike_again", "match.weights_learnt"]


async def test_pairs_that_ended_in_one_pool_raise_what_is_like_them(world, sessions_jobs):
    pair = (str(world["leeds"]), str(world["shelves"]))
    learnt = (await tasks.learn_matches(world["work"], pooled=[pair]))["weights"]
    assert dict(zip(NAMES, learnt, strict=True))["text"] > dict(zip(NAMES, PRIOR, strict=True))["text"]
    async with transaction(sessions_jobs, TESTER) as db:
        assert await db.scalar(select(MatchWeights.label_count)) == 1


async def test_only_the_two_councils_say_what_is_alike(world, people, sessions_app):
    lead = people["lead"].actor
    async with transaction(sessions_app, lead) as db:
        with pytest.raises(NotAllowed):
            await labelling.say_not_alike(db, lead, world["leeds"], world["shelves"])
    actor = people["officer"].actor
    async with transaction(sessions_app, actor) as db:
        with pytest.raises(Refused, match="Nobody of your council"):
            await labelling.take_back(db, actor, world["leeds"], world["shelves"])
        with pytest.raises(Refused, match="no longer matched"):
            await labelling.say_not_alike(db, actor, world["leeds"], world["leeds"])


ENTER = "select set_config('app.person', '{}', false), set_config('app.organisation', '{}', false), "
ROLES = "set_config('app.roles', '{}', false)"


async def test_raw_sql_shows_a_match_to_whoever_may_read_both_needs(world, people, sessions_app, database):
    officer = people["officer"].actor
    async with transaction(sessions_app, officer) as db:
        await labelling.say_not_alike(db, officer, world["leeds"], world["shelves"])
    async with transaction(sessions_app, people["stranger"].actor) as db:
        await actions.move_need(db, people["stranger"].actor, world["kiosks"], NeedState.DRAFT)
    connection = await asyncpg.connect(plain(database.app))
    # Leeds and sector leads no longer see the pair with Camden's draft; Camden does.
    for who, matched, labels in (
        ("officer", 2, 1),
        ("approver", 2, 1),
        ("stranger", 4, 0),
        ("lead", 2, 0),
        ("supplier", 0, 0),
    ):
        actor = people[who].actor
        await connection.execute(
            ENTER.format(actor.person_id, actor.organisation_id) + ROLES.format(",".join(actor.roles))
        )
        assert len(await connection.fetch("select * from need_match")) == matched, who
        assert len(await connection.fetch("select * from match_label")) == labels, who
        for hidden in ("select vector from need_vector", "select * from match_model"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(hidden)
    actor = people["lead"].actor
    await connection.execute(
        ENTER.format(actor.person_id, actor.organisation_id) + ROLES.format("sector_lead")
    )
    for forged in ("'LDS'", "'LGA'"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                f"insert into match_label values ($1, $2, {forged}, array[0]::real[], 'x')",
                min(world["leeds"], world["kiosks"]),
                max(world["leeds"], world["kiosks"]),
            )
    await connection.close()


async def test_the_pages_show_filter_and_hand_out_matches(client, world, people):
    await client.sign_in(people["officer"])
    place = f"/needs/{world['leeds']}"
    await client.open(place)
    assert client.text.index("System for libraries") < client.text.index("Self-service kiosks")
    assert "where it runs: “Hosted in the cloud” here, “Must run on premises” there" in client.text
    assert "being worked out" not in client.text
    await client.open(f"{place}/matches")
    assert client.heading() == "Matches of Library system"
    assert "2 matches" in client.text
    await client.open(f"{place}/matches?window=meets&category=same&sort=title")
    assert "1 match." in client.text
    assert "Self-service kiosks" not in client.text
    await client.open(f"{place}/matches?region=same")
    assert "No match passes this filter" in client.text
    await client.open(f"{place}/matches.csv?sort=-text")
    rows = list(csv.DictReader(io.StringIO(client.text.lstrip("\ufeff"))))
    assert {row["title"] for row in rows} == {"System for libraries", "Self-service kiosks"}
    assert "Hosted in the cloud" in client.text
    await client.open(place)
    await client.submit(f"{place}/matches/{world['shelves']}/not-alike")
    await client.follow()
    assert "1 match." in client.text
    assert "Not alike, as your council said" in client.text
    await client.submit(f"{place}/matches/{world['shelves']}/alike")
    await client.follow()
    assert "2 matches" in client.text


async def test_what_is_being_worked_out_is_asked_for_again_until_it_is_there(
    client, people, world, sessions_app
):
    actor = people["officer"].actor
    async with transaction(sessions_app, actor) as db:
        draft = await actions.record_need(db, actor, LIBRARY)
    await client.sign_in(people["officer"])
    await client.open(f"/needs/{draft}")
    assert f'hx-get="/needs/{draft}/matches/first"' in client.text
    await tasks.match_need(world["work"], needs=[str(draft)])
    answer = await client.client.get(f"/needs/{draft}/matches/first")
    assert "hx-get" not in answer.text
    assert "System for libraries" in answer.text


async def test_more_matches_take_no_more_queries(world, people, sessions_app, sessions_jobs):
    actor = people["officer"].actor

    async def count() -> int:
        statements = []
        async with transaction(sessions_app, actor) as db:
            connection = await db.connection()
            event.listen(
                connection.sync_connection, "before_cursor_execute", lambda *a: statements.append(a[2])
            )
            await queries.matches(db, await need_queries.need_page(db, world["leeds"]), "LDS")
        return len(statements)

    before = await count()
    ids = []
    async with transaction(sessions_app, people["stranger"].actor) as db:
        for number in range(10):
            wanted = dataclasses.replace(SHELVES, title=f"System {number}")
            ids.append(await actions.record_need(db, people["stranger"].actor, wanted))
            await actions.move_need(db, people["stranger"].actor, ids[-1], NeedState.OPEN)
    await tasks.match_need(world["work"], needs=[str(each) for each in ids])
    assert len((await shown(sessions_app, actor, world["leeds"], "LDS")).found) == 12
    assert await count() == before <= 10


async def test_the_need_s_own_lines_stay_private_in_a_draft(people, needs, sessions_app):
    async with transaction(sessions_app, people["stranger"].actor) as db:
        ids = set(await db.scalars(text("select need_id from need_line")))
    assert ids == {needs["open"]}


def test_the_web_process_never_loads_what_only_the_worker_needs():
    code = "import sys, app.main; print(sorted({'sklearn', 'scipy'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
