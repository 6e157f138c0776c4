"""The pages of dates and of the law, as anybody meets them: without an account, and without the database."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from click.testing import CliRunner

from app.__main__ import main
from sourcing.rules import tables
from tests.conformance import parse
from tests.web.test_icalendar import plain, read
from values.dates import weekday

OPEN = "procedure=open&publish=2026-09-07"
STANDSTILL = "procedure=competitive-flexible&award_notice=2026-12-18"


def steps(html: str) -> dict[str, tuple[str, str]]:
    """Name of each step → its day and kind, and its rule, as the page's table has them."""
    found = {}
    for row in parse(html).all("tbody")[0].all("tr"):
        [step], [rule] = row.all("th"), row.all("td")
        name = next(each for each in step.children if isinstance(each, str) and each.strip()).strip()
        found[name] = (step.text.removeprefix(name).strip(), rule.text)
    return found


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


class TestTimetable:
    async def test_the_page_asks_before_it_answers(self, client):
        await client.open("/timetable")
        assert client.status == 200
        assert client.heading() == "Dates of a procurement"
        assert not parse(client.text).all("table")
        assert client.errors() == []

    async def test_boxes_and_a_link_give_the_same_dates(self, client):
        boxes = (
            "/timetable?procedure=open&publish-day=7&publish-month=9&publish-year=2026"
            "&award_notice-day=&award_notice-month=&award_notice-year=&value_gross=&contract=goods-or-services"
        )
        typed = steps((await client.open(boxes)).text)
        linked = steps((await client.open(f"/timetable?{OPEN}")).text)
        assert typed == linked
        assert typed["Tenders due"][0] == "Friday 2 October 2026 Earliest"
        assert "Procurement Act 2023, section 54(4), entry 7 (read in the Act)" in typed["Tenders due"][1]
        # The boxes show what the link said.
        typed_day = [
            each for each in parse(client.text).all("input") if each.attrs.get("id") == "publish-day"
        ]
        assert typed_day[0].attrs["value"] == "07"

    async def test_an_award_notice_is_enough(self, client):
        found = steps((await client.open(f"/timetable?{STANDSTILL}")).text)
        assert found["Standstill ends"][0] == "Thursday 31 December 2026 Earliest"
        assert found["Contract details notice due"][0] == "Saturday 30 January 2027 Latest"

    async def test_everything_that_can_be_answered_is_answered(self, client):
        found = steps(
            (
                await client.open(
                    "/timetable?procedure=competitive-flexible&publish=2026-09-07&preselected=y"
                    "&invite-day=12&invite-month=10&invite-year=2026&value_gross=£6,000,000&sign=2027-01-05"
                    "&ends=2028-06-30&assessment_days=20"
                )
            ).text
        )
        assert found["Tenders due"][0] == "Thursday 22 October 2026 Earliest"
        assert found["Contract published"][0] == "Sunday 4 April 2027 Latest"
        assert found["Contract termination notice due"][0] == "Saturday 29 July 2028 Latest"

    @pytest.mark.parametrize(
        ("query", "line"),
        [
            ("publish=2026-09-07", "Choose how the contract is awarded"),
            ("procedure=lottery&publish=2026-09-07", "Choose one of the answers that are offered"),
            ("procedure=open", "Give the day of the first notice or of the contract award notice."),
            ("procedure=open&publish=2026-02-30", "The day of the first notice must be a real date"),
            ("procedure=open&publish=soon", "The day of the first notice must include a day and month"),
            ("procedure=open&publish-day=7", "The day of the first notice must include a month and year"),
            (f"{OPEN}&value_gross=much", "Enter the value in pounds, such as 1,200,000"),
            (
                f"{OPEN}&negotiated=y",
                "A period is agreed with pre-selected suppliers in a competitive flexible",
            ),
            (f"{OPEN}&sign=2026-10-01", "“Contract signed” on 1 October 2026 is too early"),
            ("procedure=direct&ground=user-choice&publish=2026-09-07", "A user choice contract needs no"),
        ],
    )
    async def test_what_cannot_be_is_said_at_its_question(self, client, query: str, line: str):
        await client.open(f"/timetable?{query}")
        assert client.status == 422
        assert any(each.startswith(line) for each in client.errors()), client.errors()
        [link] = parse(client.text).named("govuk-error-summary__list")[0].all("a")
        assert link.attrs["href"].startswith("#")
        assert not parse(client.text).all("tbody")

    async def test_a_day_that_is_not_known_is_not_made_up(self, client):
        found = steps((await client.open("/timetable?procedure=open&award_notice=2028-12-20")).text)
        assert found["Standstill ends"][0] == "Not known Earliest"
        assert "The table of bank holidays reaches from 1 January 2024" in found["Standstill ends"][1]
        assert "Not every day could be computed." in client.text

    async def test_a_warning_stands_above_the_dates(self, client):
        await client.open(f"/timetable?{OPEN}&value_gross=1000")
        assert (
            "is below the threshold of £207,720.00" in parse(client.text).named("govuk-warning-text")[0].text
        )


class TestFiles:
    async def test_csv_calendar_page_interface_and_command_have_the_same_dates(self, client):
        query = f"{STANDSTILL}&value_gross=6000000&ends=2028-03-31"
        told = (await client.client.get(f"/api/v1/timetable?{query}")).json()
        dates = {step["code"]: step["date"] for step in told["steps"]}
        assert len(dates) == 10
        sheet = rows((await client.client.get(f"/timetable.csv?{query}")).content)
        assert [row["date"] for row in sheet] == list(dates.values())
        assert all(row["rule"] and row["source"] and row["checked"] for row in sheet)
        lines = read((await client.client.get(f"/timetable.ics?{query}")).content)
        starts = sorted(value for name, _, value in lines if name == "DTSTART")
        assert starts == sorted(day.replace("-", "") for day in dates.values())
        words = [
            *("--procedure", "competitive-flexible", "--award-notice", "2026-12-18"),
            *("--value-gross", "6000000", "--ends", "2028-03-31"),
        ]
        printed = CliRunner().invoke(main, ["timetable", *words])
        assert json.loads(printed.stdout) == told

    async def test_a_calendar_program_gets_rule_and_address_and_moves_no_event(self, client):
        first = await client.client.get(f"/timetable.ics?{STANDSTILL}")
        assert first.headers["content-type"].startswith("text/calendar")
        assert first.content == (await client.client.get(f"/timetable.ics?{STANDSTILL}")).content
        lines = read(first.content)
        ends = lines.index(("SUMMARY", {}, "Standstill ends (earliest)"))
        assert "section 51(2)" in plain(lines[ends + 1][2])
        assert lines[ends + 2][2].endswith(
            "/timetable?procedure=competitive-flexible&award_notice=2026-12-18"
        )

    async def test_the_page_links_to_its_files_by_the_shortest_query(self, client):
        await client.open(
            "/timetable?procedure=open&publish-day=7&publish-month=9&publish-year=2026&value_gross=£250,000.50"
            "&light_touch=no&contract=goods-or-services&ground="
        )
        links = [each.attrs["href"] for each in parse(client.text).all("a")]
        assert f"/timetable.csv?{OPEN}&value_gross=250000.50" in links

    @pytest.mark.parametrize(
        ("query", "status", "words"),
        [
            ("", 422, "Give the day of the first notice or of the contract award notice."),
            ("procedure=lottery", 422, "Choose one of the answers that are offered"),
            ("procedure=open", 422, "Give the day of the first notice"),
            (f"{OPEN}&ligth_touch=yes", 422, "There is no question called “ligth_touch”."),
        ],
    )
    async def test_a_program_is_refused_in_a_sentence(self, client, query: str, status: int, words: str):
        answer = await client.client.get(f"/api/v1/timetable?{query}")
        assert answer.status_code == status
        assert words in answer.json()["detail"]
        for suffix in ("csv", "ics"):
            assert (await client.client.get(f"/timetable.{suffix}?{query}")).status_code == status

    async def test_the_open_procedure_is_usual_for_programs_too(self, client):
        told = (await client.client.get("/api/v1/timetable?award_notice=2026-12-18")).json()
        assert told["procedure"] == "open"
        assert "2026-12-31" in [step["date"] for step in told["steps"]]

    async def test_no_answer_says_no(self, client):
        async def due(answer: str) -> str:
            told = (await client.client.get(f"/api/v1/timetable?{OPEN}&urgent={answer}")).json()
            return next(step["date"] for step in told["steps"] if step["code"] == "tenders-due")

        assert [await due(answer) for answer in ("yes", "no", "false", "0", "")] == [
            "2026-09-17", "2026-10-02", "2026-10-02", "2026-10-02", "2026-10-02",
        ]  # fmt: skip


class TestLaw:
    async def test_the_list_names_every_table_and_what_each_council_owes(self, client):
        await client.open("/law")
        links = {each.attrs["href"] for each in parse(client.text).all("a")}
        for each in tables.tables():
            assert {f"/law/{each.code}", f"/law/{each.code}.csv"} <= links
        assert tables.version() in client.text
        # A year holds two payments compliance notices, four quarters and a pipeline notice.
        assert len(parse(client.text).all("tbody")[1].all("tr")) == 7

    @pytest.mark.parametrize("code", [each.code for each in tables.tables()])
    async def test_a_table_shows_its_rows_with_their_source_and_can_be_taken_away(self, client, code: str):
        table = tables.table(code)
        await client.open(f"/law/{code}")
        assert client.heading() == table.title
        shown = parse(client.text).all("tbody")[0].all("tr")
        assert len(shown) == len(table.rows)
        for row, line in zip(table.rows, shown, strict=True):
            assert row["source"] in line.text
            assert row["checked"] in line.text
            assert line.all("th")[0].text == (row.get("code") or weekday(date.fromisoformat(row["day"])))
        taken = rows((await client.client.get(f"/law/{code}.csv")).content)
        assert taken == [dict(row) for row in table.rows]

    async def test_sums_and_days_read_as_people_write_them(self, client):
        await client.open("/law/thresholds")
        assert "£207,720.00" in client.text
        assert "Holds 1 January 2024 to 31 December 2025" in client.text
        await client.open("/law/bank-holidays")
        assert "Monday 15 June 2026" in client.text
        assert "1 January 2024 to 31 December 2028" in client.text

    async def test_a_table_that_is_not_there_is_not_found(self, client):
        for name in ("fees", "fees.csv", "tables"):
            await client.open(f"/law/{name}")
            assert client.status == 404


async def test_none_of_these_asks_the_database(client, statements: list[str]):
    for path in (
        f"/timetable?{OPEN}",
        f"/timetable.ics?{OPEN}",
        f"/api/v1/timetable?{OPEN}",
        "/law",
        "/law/money",
    ):
        assert (await client.client.get(path)).status_code == 200
    assert statements == []


async def test_they_are_found_from_the_front_page_and_from_every_foot(client):
    await client.open("/")
    for href in ("/timetable", "/law"):
        assert [each.attrs["href"] for each in parse(client.text).all("a")].count(href) == 2
