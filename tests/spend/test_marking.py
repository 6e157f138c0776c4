"""What becomes of each line: duplicates, what is kept out and why, names that are withheld."""

from __future__ import annotations

import json

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from spend import queries
from spend.actions import marking
from spend.actions.marking import Body
from spend.rules import marking as rules
from store.jobs import Work
from tests.spend.published import LEEDS, OPERATOR, PRIVATE, World, ordinary, row

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "file": st.integers(0, 3),
            "paid_on": st.sampled_from(["2025-05-01", "2025-05-02", None]),
            "amount_pence": st.integers(-3, 3),
            "payee": st.sampled_from(["A Ltd", "B Ltd", None]),
        }
    ),
    min_size=1,
    max_size=40,
)


def as_lines(rows: list[dict[str, object]]) -> pl.DataFrame:
    frame = pl.DataFrame(
        rows,
        schema={"file": pl.Int32, "paid_on": pl.String, "amount_pence": pl.Int64, "payee": pl.String},
    )
    absent = [name for name in rules.SAME_PAYMENT if name not in frame.columns]
    return frame.with_columns(pl.col("paid_on").str.to_date(), *(pl.lit("x").alias(n) for n in absent))


@given(ROWS)
def test_each_payment_counts_as_often_as_the_file_that_has_it_most_often(rows):
    lines = as_lines(rows).with_columns(duplicate=rules.duplicates(as_lines(rows)))
    for payment, found in lines.group_by(rules.SAME_PAYMENT):
        left = found.filter(~pl.col("duplicate")).height
        if payment[0] is None or payment[2] is None:
            assert left == found.height, "too little is said to know such a line again"
        else:
            assert left == found["file"].value_counts()["count"].max()


@given(ROWS)
def test_no_line_is_a_duplicate_within_one_file(rows):
    lines = as_lines([{**each, "file": 1} for each in rows])
    assert not rules.duplicates(lines).any()


CANDIDATES = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["purchase", "redacted", "resident", "payroll", "internal", "no_payee"]),
            "duplicate": st.booleans(),
            "year": st.sampled_from([2024, 2025, None]),
            "category": st.sampled_from(["a", "b"]),
            "supplier_id": st.sampled_from(["one", "two", None]),
            "amount_pence": st.integers(-100, 100),
        }
    ),
    min_size=1,
    max_size=40,
)


@given(CANDIDATES)
@settings(max_examples=60)
def test_every_line_has_one_outcome_and_what_counts_is_above_zero(rows):
    lines = pl.DataFrame(rows, schema_overrides={"year": pl.Int16, "supplier_id": pl.String})
    lines = lines.with_columns(outcome=rules.outcomes(lines))
    assert set(lines["outcome"]) <= {rules.COUNTED, *rules.KEPT_OUT}
    counted = lines.filter(pl.col("outcome") == rules.COUNTED)
    assert (counted["kind"] == "purchase").all()
    assert not counted["duplicate"].any()
    assert counted["year"].null_count() == counted["supplier_id"].null_count() == 0
    sums = counted.group_by(rules.CELL).agg(pl.col("amount_pence").sum())
    assert (sums["amount_pence"] > 0).all()


async def marked(world: World) -> pl.DataFrame:
    """Leeds's lines as they are marked now."""
    body = Body(LEEDS, ["Leeds City Council", "Leeds"])
    marking_id = await marking.mark(Work(world.sessions, OPERATOR), world.lake, body)
    fingerprint = await world.owner.fetchval("select fingerprint from marking where id = $1", marking_id)
    return pl.read_parquet(world.lake.path("marked", LEEDS, f"{fingerprint}.parquet"))


async def test_a_line_that_stands_in_two_files_counts_once(world):
    await world.publish("April 2025.csv", ordinary(6))
    await world.publish("April and May 2025.csv", ordinary(10))
    lines = await marked(world)
    assert lines.height == 16
    assert lines["duplicate"].sum() == 6
    assert lines.filter("counted")["amount_pence"].sum() == sum(101 * n for n in range(1, 11))


async def test_what_was_kept_out_adds_up_to_the_register(world, sessions_app):
    await world.publish(
        "April 2025.csv",
        [
            *ordinary(5),
            row(6, payee="Mr Zebedee Quillfeather"),
            row(7, payee="REDACTED PERSONAL DATA"),
            row(8, payee="HMRC", expense="PAYE and National Insurance"),
            row(9, payee="Leeds City Council"),
            row(10, payee=""),
            row(11, day=""),
            row(12, payee="Ebbing Tides Ltd", amount="-40.00"),
        ],
    )
    await world.publish("May 2025.csv", ordinary(3))
    await marked(world)
    async with sessions_app() as db:
        found = await queries.outcomes(db)
        in_2025 = await queries.outcomes(db, body=LEEDS, year=2025)
        undated = await queries.outcomes(db, year=-1)
        years = await queries.body_years(db)
        reconciled = await queries.reconciliation(db)
    assert reconciled.agrees, reconciled
    assert not reconciled.behind
    assert sum(each.lines for each in found.values()) == reconciled.read == 15
    assert sum(each.pence for each in found.values()) == reconciled.read_pence
    assert {"duplicate", "redacted", "internal", "no_payee", "no_date", "credit"} <= set(found)
    assert found["duplicate"].lines == 3
    assert found["credit"].pence == -4000
    assert undated["no_date"].lines == 1
    assert sum(e.lines for e in in_2025.values()) + sum(e.lines for e in undated.values()) == 15
    assert sum(each.lines for each in years) == 15
    assert [each.year for each in years] == [2025, None]


async def test_a_changed_register_is_said_to_be_behind(world, sessions_app):
    await world.publish("April 2025.csv", ordinary(5))
    await marked(world)
    await world.publish("May 2025.csv", ordinary(5, first=50))
    async with sessions_app() as db:
        reconciled = await queries.reconciliation(db)
    assert not reconciled.agrees
    assert reconciled.behind == ["Leeds"]
    await marked(world)
    async with sessions_app() as db:
        assert (await queries.reconciliation(db)).agrees


async def test_no_private_name_is_in_the_marked_lines(world):
    await world.publish(
        "April 2025.csv",
        [
            row(1, payee=f"Mr {PRIVATE}"),
            row(2, payee=PRIVATE, expense="Direct payments"),
            row(3, payee="Brightwater Software Ltd"),
        ],
    )
    lines = await marked(world)
    assert lines.height == 3
    assert PRIVATE.split()[1] not in json.dumps(lines.to_dicts(), default=str)
    assert "Brightwater Software Ltd" in lines["payee"].to_list()
