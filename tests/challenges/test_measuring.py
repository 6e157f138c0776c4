"""What an agreement lacks, which lines are readings, and what readings show: rules, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from challenges.rules import measuring
from challenges.rules import pilots as rules
from challenges.rules.measuring import Reading
from challenges.rules.pilots import Agreement, Measure, Milestone, Site
from tests.challenges import piloting as made
from values.refusals import Refused

MEASURE = Measure(position=1, **made.MEASURE)
SITES = [Site(1, "LDS", "Block A", compares=False), Site(2, "LDS", "Block B", compares=False)]
TODAY = date(2026, 11, 26)


def test_lines_are_read_all_or_none_and_faults_have_their_line():
    good = measuring.readings_of(
        'date,site,value,cases,evidence\n2026-11-01,block a,"1,200.5",,Log\n\n', MEASURE, SITES, TODAY
    )
    assert good == [Reading(1, date(2026, 11, 1), 1200.5, None, "Log")]
    wrong = (
        "2026-11-01,Block A,12,,Log\n2026-13-01,Block A,12,,Log\n2026-11-01,Block C,12,,Log\n"
        "2026-11-01,Block A,twelve,,Log\n2026-11-01,Block A,12,,\n"
        "2026-11-01,Block A,12\n2027-01-01,Block A,1,,Log"
    )
    with pytest.raises(Refused) as refused:
        measuring.readings_of(wrong, MEASURE, SITES, TODAY)
    said = refused.value.message
    for line in ("line 2:", "line 3:", "line 4:", "line 5:", "line 6:", "and 1 more lines"):
        assert line in said
    share = replace(MEASURE, kind="share", method="shares", unit="of calls", baseline=80.0, target=60.0)
    for line, told in (("5,4", "More than all"), ("1.5,4", "whole number"), ("1,", "of how many")):
        with pytest.raises(Refused, match=told):
            measuring.readings_of(f"2026-11-01,Block A,{line},Log", share, SITES, TODAY)


def test_an_agreement_is_complete_before_it_is_approved_and_within_the_limit():
    paid = [Milestone(1, "In", TODAY, 5_000_00)]
    whole = Agreement("F", "P", "LDS", "T", "A sensor", TODAY, TODAY + timedelta(1), SITES, paid, [MEASURE])
    rules.check_can_agree(whole, 5_000_00)
    for limit in (None, 4_999_99):
        with pytest.raises(Refused):
            rules.check_can_agree(whole, limit)
    for lacking in (
        {"tries": ""},
        {"sites": []},
        {"milestones": []},
        {"measures": []},
        {"measures": [replace(MEASURE, method="differences")]},
    ):
        assert len(rules.missing(replace(whole, **lacking))) == 1
    assert rules.fingerprint(whole) != rules.fingerprint(
        replace(whole, measures=[replace(MEASURE, target=29.0)])
    )


def test_a_measure_shows_what_was_fixed_first_and_what_others_say():
    start = date(2026, 6, 1)
    sites = [Site(n, code, code, compares=n > 3) for n, code in enumerate("ABCDEFGH", 1)]
    readings = [
        Reading(
            site.position,
            start + timedelta(days=7 * week),
            40
            + site.position
            + (week * site.position) % 5
            + site.position % 4 * (week >= 0)
            - 9 * (week >= 0 and not site.compares),
        )
        for site in sites
        for week in range(-10, 10)
    ]
    measure = replace(MEASURE, method="differences")
    shown = measuring.found(measure, sites, readings, start)
    assert [each.method for each in shown][:3] == ["differences", "permutation", "wild bootstrap"]
    assert {each.method for each in shown} >= set(measuring.OF_KIND["mean"])
    first = shown[0]
    assert first.effect.estimate == pytest.approx(-9, abs=1)
    assert first.words.startswith("Fell by ")
    assert first.against.startswith("less than") or "within" in first.against
    series = next(each for each in shown if each.method == "series")
    assert series.effect.readings == 20
    none = measuring.found(measure, sites, [], start)
    assert all(each.effect.not_computed for each in none)


def test_shares_and_events_are_promised_in_their_own_unit():
    start = date(2026, 6, 1)
    share = replace(MEASURE, kind="share", method="shares", unit="of calls", baseline=80.0, target=60.0)
    readings = [Reading(1, date(2026, 5, 1), 56, 70), Reading(1, date(2026, 7, 1), 48, 80)]
    found = measuring.found(share, SITES, readings, start)[0]
    assert "20 percentage points" in found.words
    assert found.against.startswith("what was promised lies within")
    assert measuring.level(share, readings[:1]) == pytest.approx(80)
    events = replace(MEASURE, kind="count", method="counts", unit="falls", baseline=0.2, target=0.1)
    readings = [Reading(1, date(2026, 5, 1), 40, 180), Reading(1, date(2026, 7, 1), 18, 180)]
    found = measuring.found(events, SITES, readings, start)[0]
    assert "0.45 times as many falls" in found.words
