"""`buytogether timetable` as a person and a program meet it: no database, dates or a sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from app.__main__ import main


def run(*words: str) -> Any:
    return CliRunner().invoke(main, ["timetable", *words])


def answer(*words: str) -> dict[str, Any]:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def dates(*words: str) -> dict[str, str]:
    return {step["name"]: step["date"] for step in answer(*words)["steps"]}


def test_each_step_has_name_date_and_rule():
    told = answer("--procedure", "open", "--publish", "2026-09-07")
    assert set(told) == {"procedure", "steps", "warnings", "complete", "law"}
    assert all(
        step["name"] and step["date"] and "Procurement Act 2023" in step["rule"] for step in told["steps"]
    )
    due = next(step for step in told["steps"] if step["name"] == "tenders due")
    assert (due["date"], due["kind"]) == ("2026-10-02", "earliest")
    assert due["rule"].startswith("25 days, counted from the day after the invitation")


@pytest.mark.parametrize(
    ("published", "ends"),
    [("2026-12-18", "2026-12-31"), ("2026-12-19", "2027-01-05"), ("2024-12-24", "2025-01-08")],
)
def test_standstill_ends_by_the_award_notice_alone(published: str, ends: str):
    found = dates("--procedure", "competitive-flexible", "--award-notice", published)
    assert found["standstill ends"] == ends


def test_one_day_is_enough_and_the_open_procedure_is_usual():
    told = answer("--award-notice", "2026-12-18")
    assert told["procedure"] == "open"
    assert told == answer("--procedure", "open", "--award-notice", "2026-12-18")


def test_options_are_those_of_the_rules():
    found = dates(
        *("--procedure", "competitive-flexible", "--publish", "2026-09-07", "--invite", "2026-10-12"),
        *(
            "--preselected",
            "--sign",
            "2027-01-05",
            "--award-notice",
            "2026-12-18",
            "--value-gross",
            "£6,000,000",
        ),
    )
    assert found["tenders due"] == "2026-10-22"
    assert found["contract details notice due"] == "2027-02-03"
    assert found["contract published"] == "2027-04-04"


def test_a_warning_goes_to_the_error_stream_and_leaves_the_json_whole():
    result = run("--procedure", "open", "--publish", "2026-09-07", "--value-gross", "1000")
    assert result.exit_code == 0
    assert "below the threshold" in result.stderr
    assert "below the threshold" in json.loads(result.stdout)["warnings"][0]


def test_what_could_not_be_computed_has_no_date_and_fails_the_command():
    result = run("--procedure", "open", "--award-notice", "2028-12-20")
    assert result.exit_code == 1
    assert "reaches from 1 January 2024 to 31 December 2028" in result.stderr
    told = json.loads(result.stdout)
    ends = next(step for step in told["steps"] if step["name"] == "standstill ends")
    assert ends["date"] is None
    assert "bank holidays" in ends["not_computed"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--procedure", "open"], "--publish: Give the day of the first notice"),
        (
            ["--procedure", "open", "--publish", "2026-09-07", "--negotiated"],
            "--negotiated: A period is agreed",
        ),
        (
            ["--procedure", "open", "--publish", "2026-09-07", "--value-gross", "much"],
            "--value-gross: Give an amount",
        ),
        (["--procedure", "open", "--publish", "2026-09-31"], "does not match the format"),
        (["--procedure", "lottery"], "is not one of 'open'"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(words: list[str], message: str):
    result = run(*words)
    assert result.exit_code != 0
    assert message in result.output
    assert "Traceback" not in result.output
