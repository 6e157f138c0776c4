"""The pages of a challenge: a council writes, another joins, approvers approve, everybody reads."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.challenges import made
from values.years import london_today


def day(name, on):
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}


async def write(browser, place, **other):
    today = london_today()
    await browser.submit_after(
        f"{place}/edit/problem",
        title="Damp is found early",
        category=made.CATEGORY,
        problem="We must leverage our stakeholders. Tenants report damp too late.",
        people="4,200 tenants",
        tried="Nothing yet",
        outcomes="Six weeks earlier",
    )
    await browser.submit_after(
        f"{place}/edit/after",
        interfaces="A file of repairs",
        constraints="No camera",
        after_success="The board decides",
        budget_gross_pence="20,000",
    )
    await browser.submit_after(
        f"{place}/edit/law", route="below-threshold", route_reason="It stays below the threshold", **other
    )
    await browser.submit_after(
        f"{place}/edit/dates",
        **day("questions_on", today + timedelta(days=10)),
        **day("responses_due_on", today + timedelta(days=20)),
        **day("showcase_on", today + timedelta(days=25)),
        **day("decision_on", today + timedelta(days=30)),
        **day("pilot_from_on", today + timedelta(days=40)),
        showcase_where="Town hall",
    )


async def test_a_council_writes_another_joins_and_everybody_reads(browse, cast):
    officer = await browse("officer")
    await officer.submit_after("/challenges/new", title="")
    assert officer.errors() == ["Enter a title", "Choose a category"]
    await officer.submit("/challenges/new", title="Damp is found early", category=made.CATEGORY)
    place = officer.place
    await officer.follow()
    assert "Say what goes wrong" in officer.text
    await write(officer, place)
    await officer.open(f"{place}/edit/problem")
    assert "It means: use something to get more out of it" in officer.text
    rows = {"section1": "Idea", "criterion1": "Fits", "weight1": "60", "criterion2": "Price"}
    await officer.submit_after(f"{place}/edit/response", **rows, words1="0", weight2="")
    assert officer.errors() == [
        "Most words of section 1 must be a whole number from 1 to 1,000",
        "Say how much this criterion weighs",
    ]
    await officer.submit(f"{place}/edit/response", **rows, anonymous="y", words1="90", weight2="40")
    await officer.open(place)
    assert "Nothing. The statement can be approved." in officer.text
    public = await browse("public")
    await public.open(place)
    assert public.status == 404
    camden = await browse("camden officer")
    await camden.open(f"{place}/sponsors")
    assert camden.status == 404
    await officer.open(f"{place}/sponsors")
    await officer.submit(f"{place}/seek")
    await camden.submit_after(f"{place}/sponsor", line="We have 900 such homes")
    await camden.open(f"{place}/sponsors")
    assert "We have 900 such homes" in camden.text
    await camden.submit_after(f"{place}/sponsors/CMD/leave", reason="")
    assert camden.errors() == ["Enter a reason"]
    leeds = await browse("leeds")
    await leeds.submit_after(f"{place}/refuse", reason="Say more of who has it")
    await leeds.open(f"{place}/approve")
    await leeds.submit(f"{place}/approve", code="")
    assert leeds.errors() == ["Enter the code that your app shows"]
    await leeds.submit(f"{place}/approve", code=cast["leeds"].code(steps=1))
    assert leeds.status == 303, leeds.errors()
    await officer.open(f"{place}/approval")
    await officer.submit(f"{place}/publish")
    await officer.follow()
    assert "The challenge is published" in officer.text
    await public.open(place)
    assert public.heading() == "Damp is found early"
    assert "We have 900 such homes" not in public.text
    assert re.search(r"At most \d+ words in all: about \d+ minutes", public.text)
    await officer.open(f"{place}/history")
    assert "Published the challenge" in officer.text
    await officer.submit_after(f"{place}/withdraw", reason="The homes are sold")
    await public.open(place)
    assert "The homes are sold" in public.text


async def test_only_a_sponsor_that_has_not_approved_is_asked(browse, cast, opened):
    place = f"/challenges/{opened}/approval"
    asked, done = "Read and approve, or refuse", "Your council has approved it."
    leeds, camden = await browse("leeds"), await browse("camden")
    await leeds.open(place)
    assert (asked in leeds.text, done in leeds.text) == (False, True)
    officer = await browse("camden officer")
    await officer.submit_after(f"/challenges/{opened}/sponsor", line="We have 900 such homes")
    for page in (place, place.removesuffix("/approval")):
        await camden.open(page)
        assert asked in camden.text
    await camden.open(f"/challenges/{opened}/approve")
    await camden.submit(f"/challenges/{opened}/approve", code=cast["camden"].code(steps=1))
    assert camden.status == 303, camden.errors()
    await camden.open(place)
    assert (asked in camden.text, done in camden.text) == (False, True)
    await camden.open(f"/challenges/{opened}/history")
    assert re.search(r"Let firms ask until \d+ [A-Z][a-z]+ \d{4} at ", camden.text)


async def test_challenges_are_found_and_taken_away_and_their_dates_subscribed_to(
    browse, cast, opened, sessions_app
):
    challenge_id = opened
    await made.begin(sessions_app, cast, "Another one, not published")
    public = await browse("public")
    for query, there in (
        ("", True),
        ("q=tenants", True),
        ("q=parking", False),
        ("budget_from=36000&budget_to=36000", True),
        ("budget_from=36001", False),
        ("category=housing-systems&region=E12000003&state=open", True),
        ("state=closed", False),
        (f"due_from={london_today()}", True),
        (f"due_to={london_today()}", False),
    ):
        await public.open(f"/challenges?{query}")
        assert (f"/challenges/{challenge_id}" in public.text.split("Showcases to come")[0]) == there, query
        assert "not published" not in public.text
    await public.open("/challenges?q=tenants&state=over")
    assert "Without the state" in public.text
    await public.open("/challenges.csv?q=tenants")
    assert public.text.count("\r\n") == 2
    await public.open("/challenges/calendar.ics")
    assert "SUMMARY:Showcase: Damp is found before a child falls ill" in public.text
    assert public.text.count("BEGIN:VEVENT") == 4


async def test_a_notice_that_comes_first_is_recorded_on_its_page(browse, statement):
    place = f"/challenges/{statement}"
    officer = await browse("officer")
    await officer.open(f"{place}/approval")
    await officer.submit(f"{place}/publish")
    assert officer.errors() == ["Record first that the central platform published the notice UK4."]
    today = london_today()
    await officer.submit_after(
        f"{place}/notices/UK4",
        reference="012345-2026",
        published_time="00:01",
        **day("published_on", today),
    )
    await officer.open(f"{place}/approval")
    await officer.submit(f"{place}/publish")
    assert officer.status == 303
    await officer.open(f"{place}/notices/UK9")
    assert officer.status == 404


async def test_the_lead_moves_the_deadline_on_its_page(browse, opened):
    officer, place = await browse("officer"), f"/challenges/{opened}/deadline"
    await officer.submit_after(place, **day("due_on", london_today()), reason="More time")
    assert officer.errors() == ["The deadline can be moved to later only."]
    until = london_today() + timedelta(days=60)
    await officer.submit(place, **day("due_on", until), reason="More time")
    assert officer.status == 303
    assert (await (await browse("outside")).open(place)).status_code == 403
