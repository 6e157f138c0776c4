"""Calendars in the form of RFC 5545, read back by a reader of its rules."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.icalendar import Event, calendar

NOW = datetime(2026, 11, 25, 12, 30, 15, tzinfo=timezone(timedelta(hours=1)))


def read(content: bytes) -> list[tuple[str, dict[str, str], str]]:
    """The lines of a calendar as (name, parameters, value); everything that the form demands is asserted."""
    text = content.decode()
    assert text.endswith("\r\n")
    lines = text[:-2].split("\r\n")
    for line in lines:
        assert len(line.encode()) <= 75
        assert "\n" not in line
        assert "\r" not in line
    unfolded: list[str] = []
    for line in lines:
        if line.startswith(" "):
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    found = []
    for line in unfolded:
        head, _, value = line.partition(":")
        name, *parameters = head.split(";")
        assert re.fullmatch("[A-Z-]+", name), line
        found.append((name, dict(each.split("=") for each in parameters), value))
    return found


def plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


def event(uid: str = "1@x", on: date | datetime = NOW, summary: str = "Maps") -> Event:
    return Event(uid, NOW, on, summary, "https://b.example/pools/1")


def test_a_calendar_has_what_programs_need():
    found = read(calendar("Leeds", [event(), event("2@x", date(2027, 3, 31))]))
    names = [name for name, _, _ in found]
    assert names[0:3] == ["BEGIN", "VERSION", "PRODID"]
    assert found[0][2] == found[-1][2] == "VCALENDAR"
    assert names.count("BEGIN") == names.count("END") == 3
    assert [(p, v) for name, p, v in found if name == "DTSTART"] == [
        ({}, "20261125T113015Z"),
        ({"VALUE": "DATE"}, "20270331"),
    ]
    assert [v for name, _, v in found if name == "DTSTAMP"] == ["20261125T113015Z"] * 2
    assert [v for name, _, v in found if name == "UID"] == ["1@x", "2@x"]


def test_a_calendar_without_events_is_one_too():
    assert [value for name, _, value in read(calendar("Leeds", [])) if name == "BEGIN"] == ["VCALENDAR"]


def test_order_does_not_matter():
    events = [event("b@x"), event("a@x"), event("c@x")]
    assert calendar("Leeds", events) == calendar("Leeds", reversed(events))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_comes_back_as_far_as_it_can_be_seen(text):
    lines = read(calendar(text, [event(summary=text)]))
    shown = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join(sign for sign in shown if sign == "\n" or sign.isprintable())
    assert [plain(value) for name, _, value in lines if name in ("SUMMARY", "NAME")] == [shown, shown]
    assert len([name for name, _, _ in lines if name == "SUMMARY"]) == 1


def test_an_instant_needs_its_zone():
    with pytest.raises(ValueError, match="time zone"):
        calendar("Leeds", [event(on=datetime(2026, 1, 1))])  # noqa: DTZ001 -- that is the point
    assert b"DTSTART:20260101T000000Z" in calendar("x", [event(on=datetime(2026, 1, 1, tzinfo=UTC))])
