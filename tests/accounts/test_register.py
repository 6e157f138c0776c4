from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from accounts import actions, queries
from accounts.queries import bodies
from values.actors import Actor
from values.refusals import Missing

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "local-authorities"
OPERATOR = Actor(name="tests")


async def test_there_are_317_english_councils(db):
    assert len(await queries.councils(db)) == 317


async def test_the_councils_are_of_the_kinds_that_england_has(db):
    assert Counter(body.type_name for body in await queries.councils(db)) == {
        "Non-metropolitan district": 164,
        "Unitary authority": 63,
        "Metropolitan district": 36,
        "London borough": 32,
        "County": 21,
        "City corporation": 1,
    }


async def test_every_council_lies_in_one_of_nine_regions(db):
    assert {body.region_code for body in await queries.councils(db)} == {f"E1200000{n}" for n in range(1, 10)}
    assert dict(await bodies.regions(db))["E12000007"] == "London"


async def test_loading_again_changes_nothing(db, owner):
    before = await owner.fetchval("select count(*) from audit_entry")
    assert await actions.load_register(db, OPERATOR) == 0
    await db.commit()
    assert await owner.fetchval("select count(*) from audit_entry") == before == 1


async def test_loading_again_repairs_what_was_changed(db, owner):
    await owner.execute("update organisation set name = 'Wrong', population = null where code = 'LDS'")
    assert await actions.load_register(db, OPERATOR) == 1
    await db.commit()
    assert await owner.fetchval("select name from organisation where code = 'LDS'") == "Leeds City Council"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("E08000035", "Leeds"),
        ("lds", "Leeds"),
        (" E08000016 ", "Barnsley"),
        ("E08000038", "Barnsley"),
        ("E08000019", "Sheffield"),
        ("E08000039", "Sheffield"),
        ("E06000048", "Northumberland"),
        ("E10000006", "Cumbria"),
        ("E61000001", "Greater London"),
        ("LGA", "LGA"),
    ],
)
async def test_a_body_is_found_by_any_code_it_ever_had(db, code, name):
    body = await queries.body_by_code(db, code)
    assert body is not None
    assert body.short_name == name


async def test_a_code_that_nobody_has_finds_nothing(db):
    assert await queries.body_by_code(db, "E99999999") is None
    assert await queries.body_by_code(db, "") is None
    with pytest.raises(Missing):
        await bodies.body_page(db, "E99999999")


async def test_a_former_council_names_its_successors_and_their_first_day(db):
    page = await bodies.body_page(db, "CMA")
    assert page.body.kind == "former_council"
    assert [(body.code, on.isoformat()) for body, on in page.successors] == [
        ("CBD", "2023-04-01"),
        ("WAF", "2023-04-01"),
    ]
    assert {body.code for body, _ in (await bodies.body_page(db, "CBD")).predecessors} == {
        "ALL",
        "CAR",
        "CMA",
        "COP",
    }


async def test_a_list_is_filtered_and_paged_without_gaps(db):
    wanted = bodies.BodyFilter(region_code="E12000007", type_name="London borough")
    total, first = await bodies.bodies(db, wanted, offset=0, limit=20)
    _, second = await bodies.bodies(db, wanted, offset=20, limit=20)
    assert total == 32
    assert len({body.id for body in [*first, *second]}) == 32
    assert [body.short_name for body in [*first, *second]] == sorted(b.short_name for b in [*first, *second])


@pytest.mark.parametrize(("words", "count"), [("leeds", 1), ("E08000038", 1), ("%", 0), ("_", 0), ("zzz", 0)])
async def test_a_search_takes_words_and_codes_and_no_patterns(db, words, count):
    total, _ = await bodies.bodies(db, bodies.BodyFilter(words=words), offset=0, limit=50)
    assert total == count


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published list lies beside the checkout")
async def test_the_bundled_register_holds_what_was_published(db):
    with (PUBLISHED / "english_councils.csv").open(encoding="utf-8", newline="") as lines:
        published = {row["code"]: row for row in csv.DictReader(lines)}
    ours = {body.code: body for body in await queries.councils(db)}
    assert ours.keys() == published.keys()
    for code, row in published.items():
        assert (ours[code].gss_code, ours[code].name, ours[code].region_name, ours[code].population) == (
            row["gss_code"],
            row["official_name"],
            row["region"],
            int(row["population_2020"]),
        )
