"""The panel on pages: formed, declared, scored alone, moderated, settled; names stay hidden until lifted."""

from __future__ import annotations

import re
from types import SimpleNamespace

from notifications.tasks import tell
from sourcing.actions import panels
from sourcing.queries import panels as panel_queries
from sourcing.rules.panels import PanelState
from store.jobs import Work
from tests.tenders import bidding as builder
from tests.tenders.assessing import ASSESSORS, REASON
from tests.tenders.test_routes import as_
from values.actors import Actor


async def links(client, place, part):
    await client.open(place)
    return re.findall(rf'href="({place}/{part}/[0-9a-f/-]+)"', client.text)


async def walk_scoring(client, owner, cast, place, who, points):
    await as_(client, owner, cast[who])
    for href in await links(client, place, "declare"):
        await client.submit_after(href, conflict="no", nature="")
        assert client.status == 303, client.errors()
    for href in await links(client, place, "score"):
        await client.open(href)
        assert builder.WORDS in client.text
        assert builder.FILE_NAME not in client.text
        await client.submit(href, points=points, reason=REASON)
        assert client.status == 303, client.errors()
    await client.open(place)
    await client.submit(f"{place}/lock")
    assert client.status == 303, client.errors()


async def test_more_bids_ask_nothing_more_of_the_database(client, bench, cast, owner, statements):
    await bench.form()
    await as_(client, owner, cast["leeds"])
    statements.clear()
    await client.open(f"/tenders/{bench.tender}/panel")
    assert client.status == 200
    asked = [
        statement for statement in statements if " app.standing(candidate.id, " in statement.split("FROM")[0]
    ]
    assert len(await bench.read(panel_queries.candidates)) == 2
    assert len(asked) == 1, asked


async def test_whoever_is_named_hears_of_it_once(bench, owner, sessions_jobs):
    await bench.form()
    await bench.act("officer", panels.hand_chair, bench.cast["leeds"].id)
    await bench.act("leeds", panels.release_member, bench.cast["camden"].id, reason="She has no time")
    resources = {"settings": SimpleNamespace(public_url="https://buy.example.org")}
    for _ in range(2):
        await tell(Work(sessions_jobs, Actor(name="clock"), resources=resources))
    rows = await owner.fetch(
        "select p.name, n.text, n.href, n.tender_id from notice n join person p on p.id = n.person_id"
        " where n.reason = 'judges' order by n.entry_id"
    )
    leeds, camden = bench.cast["leeds"].name, bench.cast["camden"].name
    assert [(row["name"], row["text"].split(" the panel that assesses the bids")[0]) for row in rows] == [
        (leeds, "You chair"),
        (camden, "You were named for"),
        (leeds, "You chair"),
        (camden, "You were released from"),
    ]
    assert {(row["href"], row["tender_id"]) for row in rows} == {
        (f"/tenders/{bench.tender}/panel", bench.tender)
    }
    # The chair hears of the forming as its chair, and not once more as one of the buyers.
    twice = "select entry_id, person_id from notice group by entry_id, person_id having count(*) > 1"
    assert await owner.fetch(twice) == []


async def test_a_panel_is_walked_on_pages_from_its_forming_to_its_consensus(client, bench, cast, owner):
    place = f"/tenders/{bench.tender}/panel"
    names = await owner.fetch("select name from opened_name")
    await as_(client, owner, cast["officer"])
    await client.open(place)
    await client.submit(f"{place}/form", person=str(cast["leeds"].id), assesses="y")
    assert client.status == 303, client.errors()
    await as_(client, owner, cast["camden officer"])
    await client.open(place)
    await client.submit(f"{place}/name", person=str(cast["camden"].id), assesses="y")
    assert client.status == 303, client.errors()
    await as_(client, owner, cast["leeds"])
    await client.open(place)
    await client.submit(f"{place}/move/scoring")
    assert client.status == 303, client.errors()
    # Before a declaration there is no answer to read.
    assert await links(client, place, "score") == []
    for points, who in enumerate(ASSESSORS, 3):
        await walk_scoring(client, owner, cast, place, who, str(points))
        assert all(row["name"] not in client.text for row in names)
    await as_(client, owner, cast["leeds"])
    await client.open(place)
    await client.submit(f"{place}/move/moderating")
    assert client.status == 303, client.errors()
    await client.open(f"{place}/moderation")
    assert client.text.count("3 to 4") == 2
    for href in re.findall(rf'href="({place}/agree/[0-9a-f/-]+)"', client.text):
        await client.submit_after(href, points="4", reason=REASON)
        assert client.status == 303, client.errors()
    await client.open(place)
    await client.submit(f"{place}/move/settled")
    assert client.status == 303, client.errors()
    await client.submit_after(f"{place}/reopen", reason="One mark was misread")
    assert client.status == 303, client.errors()


async def test_a_conflict_is_decided_and_who_is_barred_reads_no_answer(client, bench, cast, owner):
    place = f"/tenders/{bench.tender}/panel"
    await bench.form()
    await bench.act("leeds", panels.move, PanelState.SCORING)
    await as_(client, owner, cast["camden"])
    first = (await links(client, place, "declare"))[0]
    await client.submit_after(first, conflict="yes", nature="I worked for one of this trade")
    assert client.status == 303, client.errors()
    candidate = first.rsplit("/", 1)[-1]
    question = (await bench.read(panel_queries.scored_questions))[0].id
    assert (await client.open(f"{place}/score/{candidate}/{question}")).status_code == 404
    await as_(client, owner, cast["leeds"])
    (decide,) = await links(client, place, "decide")
    await client.submit_after(decide, decision="may-not", reason="It is too near")
    assert client.status == 303, client.errors()
    await as_(client, owner, cast["camden"])
    assert first not in await links(client, place, "declare")
    await client.submit_after(f"{place}/release/{cast['camden'].id}", reason="No time")
    assert client.status in (403, 303)
    for who in ("outside", "supplier"):
        await as_(client, owner, cast[who])
        assert (await client.open(place)).status_code == 404, who
