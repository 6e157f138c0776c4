"""A tender of three lots, of which one supplier may bid for two and win one, from draft to award."""

from __future__ import annotations

from typing import Any

import pytest

from tenders.actions import awarding, parts
from tenders.queries import assessments, awards, ties
from tenders.queries import notices as notice_queries
from tenders.rules.bidding.drafts import BidPart
from tenders.rules.linting.findings import Part
from tests.tenders import bidding as builder
from tests.tenders import made, signed
from tests.tenders.assessing import Bench
from tests.tenders.test_routes import as_
from values.refusals import Refused

# Titles and estimated values with VAT beside the library system's £2.28 million: maps are worth most.
MORE = (("Maps", 240_000_000), ("Archives", 30_000_000))
TERMS = {
    "languages": ["en", "cy"],
    "treaties": ["gpa", "cptpp"],
    "recurs": True,
    "recurs_words": "Every four years",
    "specifications": "BS 8878 or an equivalent",
    "payment_terms": "A tenth is kept back for 30 days",
    "most_lots_bid": 2,
    "most_lots_won": 1,
    "lots_order": "value",
}
PASSED = "One supplier may win at most 1 lot here."


@pytest.fixture
async def limited(complete, act, cast, sessions_app, tmp_path):
    """The tender takes bids."""
    for title, gross in MORE:
        values = made.values() | {"title": title, "net_pence": gross * 5 // 6, "gross_pence": gross}
        await act("officer", parts.add_row, complete, Part.LOTS, {**values, "areas": ["UKE4"]})
    await act("officer", parts.save, complete, Part.TERMS, {**TERMS, "most_lots_won": 2})
    with pytest.raises(Refused, match="1 thing is still to be mended"):
        await made.approve_all(sessions_app, cast, complete)
    await act("officer", parts.save, complete, Part.TERMS, TERMS)
    await made.approve_all(sessions_app, cast, complete)
    return await builder.prepare(sessions_app, cast, complete, tmp_path)


async def hand_in(limited, cast, owner, client):
    """Two suppliers bid for two lots each; the first tries all three."""
    ids = {lot.title: lot.id for lot in (await limited.asked()).lots}
    two = {"lots": [ids["Library system"], ids["Maps"]]}
    await limited.fill(cast["supplier"], file=False)
    await limited.save(cast["supplier"], BidPart.LOTS, {"lots": list(ids.values())})
    with pytest.raises(Refused, match="at most 2 lots, and you chose 3"):
        await limited.submit(cast["supplier"])
    await as_(client, owner, cast["supplier"])
    place = f"/tenders/{limited.tender}/bid/lots"
    await client.open(place)
    assert (
        "One supplier may bid for at most 2 of them. One supplier may win at most 1 of them." in client.text
    )
    await client.submit(place, lots=list(ids.values()))
    assert client.status == 422
    assert "This tender lets one supplier bid for at most 2 lots, and you chose 3" in client.text
    await client.submit(place, **two)
    assert client.status == 303, client.errors()
    await limited.fill(cast["rival"], file=False)
    await limited.save(cast["rival"], BidPart.LOTS, two)
    for who in ("supplier", "rival"):
        await limited.submit(cast[who])
    return ids


async def test_bids_keep_to_the_limit_and_who_won_its_most_is_passed_over(limited, cast, owner, read, client):
    notice = (await read(notice_queries.notices, limited.tender))[0]
    told = {each.name: each.value for each in notice.said}
    assert told["Languages of tenders and requests"] == "English, Welsh"
    assert told["Limits on lots"].startswith("One supplier may bid for at most 2 lots\nOne supplier may win")
    await client.open(f"/tenders/{limited.tender}")
    for words in ("English, Welsh", "may win at most 1 lot", "UKE4 in Yorkshire", "Every four years"):
        assert words in client.text

    ids = await hand_in(limited, cast, owner, client)
    await builder.close(owner, limited.tender)
    await builder.give_code(owner, *cast.people.values())
    await limited.propose(cast["leeds"])
    await limited.confirm(cast["camden"])
    bench = Bench(limited)
    await signed.assess(bench, {1: 5, 2: 3})
    found: Any = await bench.read(ties.settled)
    # Bid 1 is best in both, and maps come first: the library system goes to bid 2. Nobody bid for archives.
    assert found.winners == {ids["Maps"]: "1", ids["Library system"]: "2"}
    assert found.passed == {ids["Library system"]: ("1",)}
    await as_(client, owner, cast["officer"])
    await client.open(f"/tenders/{limited.tender}/assessment")
    assert "One supplier may win at most 1 lot. Here each lot stands by itself" in client.text
    await client.open(f"/tenders/{limited.tender}/awarded")
    assert "Library system: passed over because that many lots were won before: bid 1" in client.text
    assert "It is applied once the names are shown" not in client.text

    await bench.act("officer", awarding.decide, reason="As it was computed")
    seen = (await bench.read(assessments.made)).sha256
    for who in signed.BUYERS:
        await bench.act(who, awarding.approve, seen=seen)
    await bench.act("officer", awarding.conclude)
    await client.open(f"/tenders/{limited.tender}/awarded")
    assert "Library system: passed over because that many lots were won before: bid 1" in client.text
    page = await bench.read(awards.page)
    assert len({each.supplier_name for each in page.awards}) == len(page.awards) == 2
    first = next(each.content["lots"] for each in page.summaries if each.content["number"] == "1")
    library = next(lot for lot in first if lot["lot"] == "Library system")
    assert (library["won"], library["rank"], library["passed"][: len(PASSED)]) == (False, 1, PASSED)
    await bench.act("officer", awarding.release)
    read_by = []
    for who in ("supplier", "rival"):
        await as_(client, owner, cast[who])
        await client.open(f"/tenders/{limited.tender}/awarded")
        read_by.append(PASSED in client.text)
    assert sorted(read_by) == [False, True]
