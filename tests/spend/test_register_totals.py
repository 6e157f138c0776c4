"""What a register of files comes to is kept, and is always what its files come to."""

from __future__ import annotations

from spend import queries
from spend.queries import ALL, FileFilter
from store.db import transaction
from tests.spend.published import LEEDS, World, ordinary, row
from values.actors import PUBLIC

COUNTED = """
select body_code, state, count(*) files, sum(lines) lines, sum(read) read, sum(set_aside) set_aside,
  sum(amount_read_pence) amount_read_pence
from published_file group by body_code, state order by body_code, state
"""
KEPT = """
select body_code, state, files, lines, read, set_aside, amount_read_pence
from published_file_total where files > 0 order by body_code, state
"""


async def kept(world: World) -> list[dict[str, object]]:
    """What is kept, once it was found to be what is there."""
    rows = [dict(each) for each in await world.owner.fetch(KEPT)]
    assert rows == [dict(each) for each in await world.owner.fetch(COUNTED)]
    return rows


async def test_files_that_come_and_are_replaced_change_what_is_kept(world: World):
    assert await kept(world) == []
    await world.publish("April 2025.csv", [*ordinary(6), row(7, amount="none")])
    await world.publish("May 2025.csv", ordinary(4, first=20))
    [only] = await kept(world)
    assert (only["files"], only["lines"], only["read"], only["set_aside"]) == (2, 11, 10, 1)
    await world.publish("April 2025.csv", ordinary(5))
    states = {str(each["state"]): each["files"] for each in await kept(world)}
    assert states == {"current": 2, "replaced": 1}
    await world.owner.execute("update published_file set state = 'withdrawn' where state = 'current'")
    assert {str(each["state"]) for each in await kept(world)} == {"withdrawn", "replaced"}
    await world.owner.execute("delete from published_file where state = 'withdrawn'")
    assert [each["state"] for each in await kept(world)] == ["replaced"]


async def test_a_change_that_is_taken_back_leaves_what_is_kept(world: World):
    await world.publish("April 2025.csv", ordinary(3))
    before = await kept(world)
    change = world.owner.transaction()
    await change.start()
    await world.owner.execute("update published_file set state = 'withdrawn'")
    await change.rollback()
    assert await kept(world) == before


async def test_totals_are_the_same_with_words_and_without(world: World):
    await world.publish("April 2025.csv", [*ordinary(6), row(7, amount="none")])
    await world.publish("May 2025.csv", ordinary(4, first=20))
    await world.publish("April 2025.csv", ordinary(5))
    async with transaction(world.sessions, PUBLIC) as db:
        for filters in ({"state": ALL}, {}, {"body": LEEDS}, {"body": "CMD"}, {"state": "replaced"}):
            plain = await queries.totals(db, FileFilter(**filters))
            assert plain == await queries.totals(db, FileFilter(words=".csv", **filters))
        assert (await queries.totals(db, FileFilter(words="may"))).files == 1
        assert (await queries.totals(db, FileFilter(body="CMD"))).bodies == 0
