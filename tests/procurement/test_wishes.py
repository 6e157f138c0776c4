"""Wishes about suggested pools: tried at once, saved, refused where they contradict, ended; seen by whom."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text

from procurement.actions.pools import wishing
from procurement.models import SuggestedPool, SuggestionWish
from procurement.rules.pools.wishes import WishKind
from store.db import transaction
from tests.procurement.suggested import YEAR, libraries, open_need, work_out
from values.ids import uuid7
from values.refusals import Missing, NotAllowed, Refused


@pytest.fixture
async def needs(db, people, sessions_jobs):
    """Four library needs in one suggested pool, by council."""
    made = await libraries(db)
    await db.commit()
    await work_out(sessions_jobs)
    return made


async def wish(sessions_app, person, need_id, kind, *others, reason="They share a system"):
    async with transaction(sessions_app, person.actor) as db:
        return await wishing.wish(db, person.actor, need_id, kind=kind, others=others, reason=reason)


async def test_a_wish_is_saved_with_who_and_why_and_the_next_run_keeps_it(
    people, needs, sessions_app, sessions_jobs, db
):
    (wish_id,) = await wish(sessions_app, people["officer"], needs["LDS"], WishKind.OUT)
    saved = await db.get_one(SuggestionWish, wish_id)
    assert (saved.body_code, saved.body_codes, saved.person_name) == ("LDS", ["LDS"], people["officer"].name)
    await work_out(sessions_jobs)
    pool = (await db.scalars(select(SuggestedPool).order_by(SuggestedPool.id.desc()))).first()
    assert pool is not None
    assert pool.need_count == 3


async def test_keeping_apart_from_several_is_a_wish_for_each(people, needs, sessions_app, db):
    made = await wish(
        sessions_app, people["officer"], needs["LDS"], WishKind.APART, needs["CMD"], needs["SLF"]
    )
    assert len(made) == 2
    rows = await db.scalars(select(SuggestionWish.body_codes).order_by(SuggestionWish.id))
    assert list(rows) == [["CMD", "LDS"], ["LDS", "SLF"]]


async def test_what_contradicts_is_refused_in_the_search_s_words(people, needs, sessions_app):
    await wish(sessions_app, people["stranger"], needs["CMD"], WishKind.APART, needs["LDS"])
    with pytest.raises(Refused) as refused:
        await wish(sessions_app, people["officer"], needs["LDS"], WishKind.TOGETHER, needs["CMD"])
    assert "“Need of LDS” (Leeds)" in refused.value.message
    assert refused.value.message.endswith("cannot be pinned together and kept apart.")


async def test_what_no_pool_could_keep_is_refused(people, needs, sessions_app, db):
    window = (date(YEAR + 2, 1, 1), date(YEAR + 2, 2, 1))
    later = await open_need(db, "NOW", 50_000_000, window=window)
    large = await open_need(db, "NOW", 390_000_000)
    await db.commit()
    with pytest.raises(Refused, match="no month suits all"):
        await wish(sessions_app, people["officer"], needs["LDS"], WishKind.TOGETHER, later)
    with pytest.raises(Refused, match="their volume is above the cap"):
        await wish(sessions_app, people["officer"], needs["LDS"], WishKind.TOGETHER, large)


async def test_a_pin_that_leaves_too_few_councils_is_refused(people, sessions_app, db):
    one = await open_need(db, "LDS", 50_000_000, category="gis-systems")
    await open_need(db, "CMD", 50_000_000, category="gis-systems")
    await db.commit()
    with pytest.raises(Refused, match="“Need of LDS”"):
        await wish(sessions_app, people["officer"], one, WishKind.INSIDE)


@pytest.mark.parametrize(
    ("kind", "others", "said"),
    [
        (WishKind.TOGETHER, 0, "Choose between 1 and 11 other needs"),
        (WishKind.APART, 0, "Choose at least one other need"),
    ],
)
async def test_a_wish_names_enough_needs(people, needs, sessions_app, kind, others, said):
    with pytest.raises(Refused, match=said):
        await wish(sessions_app, people["officer"], needs["LDS"], kind, *list(needs.values())[:others])


async def test_a_wish_has_a_reason_and_is_of_the_own_council(people, needs, sessions_app):
    with pytest.raises(Refused, match="Say why"):
        await wish(sessions_app, people["officer"], needs["LDS"], WishKind.OUT, reason="  ")
    with pytest.raises(NotAllowed):
        await wish(sessions_app, people["officer"], needs["CMD"], WishKind.OUT)
    for who in ("approver", "lead"):
        with pytest.raises(NotAllowed):
            await wish(sessions_app, people[who], needs["LDS"], WishKind.OUT)


async def test_every_council_named_may_end_a_wish_once(people, needs, sessions_app, db):
    (wish_id,) = await wish(sessions_app, people["officer"], needs["LDS"], WishKind.TOGETHER, needs["CMD"])
    async with transaction(sessions_app, people["stranger"].actor) as seen:
        await wishing.end_wish(seen, people["stranger"].actor, wish_id)
    saved = await db.get_one(SuggestionWish, wish_id)
    assert saved.ended_at is not None
    assert saved.ended_by_name == people["stranger"].name
    with pytest.raises(Missing):
        async with transaction(sessions_app, people["officer"].actor) as seen:
            await wishing.end_wish(seen, people["officer"].actor, wish_id)


async def test_raw_sql_shows_a_wish_to_those_named_alone(people, needs, sessions_app):
    await wish(sessions_app, people["officer"], needs["LDS"], WishKind.TOGETHER, needs["SLF"])
    for who, number in (("officer", 1), ("approver", 1), ("lead", 1), ("stranger", 0), ("supplier", 0)):
        async with transaction(sessions_app, people[who].actor) as seen:
            assert await seen.scalar(text("select count(*) from suggestion_wish")) == number, who
    async with transaction(sessions_app, people["stranger"].actor) as seen:
        ended = await seen.execute(text("update suggestion_wish set ended_at = now()"))
        assert ended.rowcount == 0


@pytest.mark.parametrize(
    ("who", "own", "named", "codes"),
    [
        ("approver", "LDS", ("LDS",), ["LDS"]),  # no officer
        ("stranger", "LDS", ("LDS",), ["LDS"]),  # in another council's name
        ("officer", "LDS", ("CMD",), ["CMD"]),  # about no need of the own
        ("officer", "LDS", ("LDS", "CMD"), ["LDS"]),  # hiding it from a council that it names
        ("officer", "LDS", ("LDS",), ["LDS", "CMD"]),  # showing it to one that it does not
    ],
)
async def test_raw_sql_lets_nobody_wish_what_is_not_theirs(
    people, needs, sessions_app, who, own, named, codes
):
    with pytest.raises(Exception, match="row-level security"):
        async with transaction(sessions_app, people[who].actor) as seen:
            await seen.execute(
                text(
                    "insert into suggestion_wish (id, kind, need_ids, body_code, body_codes, person_id,"
                    " person_name, reason) values (:id, 'out', :needs, :own, :codes, :person, 'x', 'y')"
                ),
                {
                    "id": uuid7(),
                    "needs": [needs[code] for code in named],
                    "own": own,
                    "codes": codes,
                    "person": people[who].id,
                },
            )


async def test_a_change_is_tried_shown_and_kept(client, people, needs):
    await client.sign_in(people["officer"])
    place = f"/pools/suggested/try?need={needs['LDS']}"
    await client.open(place)
    assert client.heading() == "Try a change: Need of LDS"
    assert "Keep it for the next run" not in client.text
    await client.open(f"{place}&show=y&do=out")
    assert "less</strong>" not in client.text
    assert "less is saved" in client.text
    assert "“Need of CMD” (Camden)" in client.text
    await client.submit("/pools/suggested/try", reason="")
    assert client.status == 422
    assert client.errors() == ["Say why, so that others understand it."]
    await client.submit("/pools/suggested/try", reason="We buy alone this time")
    assert client.place == "/pools/suggested"
    await client.follow()
    assert "We buy alone this time" in client.text
    ending = client.text.split('action="/pools/suggested/wishes/')[1].split('"')[0]
    await client.submit(f"/pools/suggested/wishes/{ending}")
    await client.follow()
    assert "The wish was ended" in client.text
    assert "We buy alone this time" not in client.text


async def test_moving_into_a_pool_says_which_rule_it_would_break(client, people, needs, db):
    large = await open_need(db, "LDS", 200_000_000, title="A large one")
    await db.commit()
    await client.sign_in(people["officer"])
    pool_id = await db.scalar(select(SuggestedPool.id))
    await client.open(f"/pools/suggested/try?need={large}&show=y&do=move&to={pool_id}")
    assert "its joint value would be above £4,000,000, which shuts small firms out" in client.text
    assert "This would break a rule" in client.text


async def test_what_is_not_chosen_is_asked_for_and_what_contradicts_is_said(
    client, people, needs, sessions_app
):
    await wish(sessions_app, people["stranger"], needs["CMD"], WishKind.APART, needs["LDS"])
    await client.sign_in(people["officer"])
    place = f"/pools/suggested/try?need={needs['LDS']}&show=y"
    await client.open(f"{place}&do=apart")
    assert client.errors() == ["Choose at least one other need"]
    await client.open(f"{place}&do=move")
    assert client.errors() == ["Choose a suggested pool"]
    await client.open(f"{place}&do=together&others={needs['CMD']}")
    assert "cannot be pinned together and kept apart" in client.errors()[0]
    await client.open(f"{place}&do=together&others={uuid7()}")
    assert client.status == 422


async def test_others_needs_cannot_be_tried(client, people, needs):
    await client.sign_in(people["stranger"])
    await client.open(f"/pools/suggested/try?need={needs['LDS']}")
    assert client.status == 403
    await client.open("/pools/suggested/try?need=x")
    assert client.status == 404
