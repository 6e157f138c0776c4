from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import MultiDict
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from values.refusals import NotAllowed, Refused
from web import fields
from web.forms import ErrorLine, Form


class Ask(Form):
    taken: ClassVar = {
        "uq_thing_name": ("name", "Somebody has this name already"),
        "ck_thing_sum": (None, "Too little"),
    }

    name = fields.TextField("Name", [fields.needed("Enter a name")])
    amount = fields.PenceField(
        "Budget", [fields.needed("Enter a budget")], wrong="Enter an amount, like 1,234.56"
    )
    people = fields.CountField("People", wrong="Enter a number from 1 to 99", least=1, most=99)
    until = fields.DayField("End", [fields.needed("Enter the day it ends")], noun="The end")


def typed(**values: str) -> Any:
    return MultiDict({name.replace("_", "-"): value for name, value in values.items()})


GOOD = {
    "name": " Ada ",
    "amount": "£1,234.5",
    "people": "7",
    "until_day": "22",
    "until_month": "11",
    "until_year": "2026",
}


def test_a_good_form_gives_values_in_our_units():
    form = Ask(typed(**GOOD))
    assert form.validate(), form.errors
    assert form.data == {"name": "Ada", "amount": 123450, "people": 7, "until": date(2026, 11, 22)}


def test_all_errors_are_collected_in_page_order_and_what_was_typed_is_kept():
    form = Ask(
        typed(name="  ", amount="lots", people="100", until_day="31", until_month="2", until_year="2026")
    )
    assert not form.validate()
    assert form.error_list == [
        ErrorLine("Enter a name", "name"),
        ErrorLine("Enter an amount, like 1,234.56", "amount"),
        ErrorLine("Enter a number from 1 to 99", "people"),
        ErrorLine("The end must be a real date", "until-day"),
    ]
    assert form.amount._value() == "lots"
    assert [part.typed for part in form.until.parts] == ["31", "2", "2026"]


def test_an_empty_form_says_only_what_is_needed():
    form = Ask(typed(name=""))
    assert not form.validate()
    assert [line.message for line in form.error_list] == [
        "Enter a name",
        "Enter a budget",
        "Enter the day it ends",
    ]


def test_a_choice_that_is_not_offered_is_refused_in_our_words():
    class Pick(Form):
        one = fields.SelectField("One", choices=[fields.SelectChoice("a", "A")])
        some = fields.SelectMultipleField("Some", choices=[fields.SelectChoice("a", "A")])

    form = Pick(typed(one="b", some="c"))
    assert not form.validate()
    assert [line.message for line in form.error_list] == [
        "Choose one of the answers that are offered",
        "Choose only from what is offered",
    ]
    assert not Pick(typed(some="a")).validate()


@pytest.mark.parametrize(
    ("parts", "message", "target"),
    [
        (("1", "", "2026"), "The end must include a month", "until-month"),
        (("", "", "2026"), "The end must include a day and month", "until-day"),
        (("1", "1", "20x6"), "The end must be a real date", "until-day"),
        (("1", "1", "99999"), "The end must be a real date", "until-day"),
        (("²", "1", "2026"), "The end must be a real date", "until-day"),
    ],
)
def test_a_day_that_is_wrong_says_which_part(parts: tuple[str, str, str], message: str, target: str):
    form = Ask(typed(**(GOOD | dict(zip(("until_day", "until_month", "until_year"), parts, strict=True)))))
    assert not form.validate()
    assert form.error_list == [ErrorLine(message, target)]


@pytest.mark.parametrize(
    ("whole", "day", "message"),
    [
        ("2026-11-22", date(2026, 11, 22), ""),
        ("2026-02-30", None, "The end must be a real date"),
        ("2026-11", None, "The end must include a day"),
        ("soon", None, "The end must include a day and month"),
        ("22/11/2026", None, "The end must include a day and month"),
    ],
)
def test_a_link_has_a_day_whole(whole: str, day: date | None, message: str):
    boxes = {f"until_{part}" for part in ("day", "month", "year")}
    form = Ask(typed(**{name: value for name, value in GOOD.items() if name not in boxes}, until=whole))
    assert form.validate() is (day is not None)
    assert (form.until.data, [line.message for line in form.error_list]) == (
        day,
        [message] if message else [],
    )


def test_boxes_count_more_than_a_whole_day():
    form = Ask(typed(**GOOD, until="2001-01-01"))
    assert form.validate()
    assert form.until.data != date(2001, 1, 1)


def test_stored_values_are_shown_as_people_type_them():
    form = Ask(data={"name": "Ada", "amount": 123450, "people": 7, "until": date(2026, 1, 2)})
    assert (form.amount._value(), form.people._value()) == ("1234.50", "7")
    assert [part.typed for part in form.until.parts] == ["2", "1", "2026"]


@settings(deadline=None)  # a busy machine is no fault
@given(st.integers(-(10**13), 10**13))
def test_every_sum_comes_back_from_the_box(pence: int):
    form = Ask(typed(amount=Ask(data={"amount": pence}).amount._value()))
    assert form.amount.data == pence


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(max_size=30))
def test_no_text_breaks_a_field(anything: str):
    form = Ask(
        typed(
            name=anything,
            amount=anything,
            people=anything,
            until_day=anything,
            until_month="1",
            until_year="2026",
        )
    )
    form.validate()
    assert form.amount.data is None or isinstance(form.amount.data, int)
    assert form.amount._value() == anything


@pytest.fixture
async def db(server: Any) -> Any:
    """A session on a small table of its own, for the constraints."""
    url = server.url("postgres", "postgres")
    engine = create_async_engine(url, hide_parameters=True)
    async with engine.connect() as connection:
        await connection.execute(
            text(
                "create temporary table thing (name text constraint uq_thing_name unique,"
                " size int constraint ck_thing_sum check (size > 0)"
                " constraint ck_thing_most check (size < 99))"
            )
        )
        await connection.commit()
        async with AsyncSession(connection, expire_on_commit=False) as session:
            yield session
    await engine.dispose()


async def insert(db: AsyncSession, name: str, size: int = 1) -> None:
    await db.execute(text("insert into thing values (:name, :size)"), {"name": name, "size": size})


async def names(db: AsyncSession) -> list[str]:
    return list((await db.execute(text("select name from thing order by name"))).scalars())


async def test_a_change_that_succeeds_stays(db: AsyncSession):
    async with Ask(typed(**GOOD)).attempt(db):
        await insert(db, "one")
    assert await names(db) == ["one"]


async def test_a_refusal_becomes_a_line_and_undoes_the_change_alone(db: AsyncSession):
    form = Ask(typed(**GOOD))
    await insert(db, "before")
    async with form.attempt(db):
        await insert(db, "undone")
        raise Refused("Enter a later day", "until")
    assert form.error_list == [ErrorLine("Enter a later day", "until-day")]
    assert await names(db) == ["before"]


async def test_a_refusal_of_no_field_stands_first_without_a_link(db: AsyncSession):
    form = Ask(typed(**GOOD))
    async with form.attempt(db):
        raise Refused("It is closed already", "no_such_field")
    assert form.error_list == [ErrorLine("It is closed already", "")]


async def test_a_value_that_is_taken_is_said_at_its_field(db: AsyncSession):
    await insert(db, "Ada")
    form = Ask(typed(**GOOD))
    assert form.validate()
    async with form.attempt(db):
        await insert(db, "Ada")
    assert form.error_list == [ErrorLine("Somebody has this name already", "name")]
    assert await names(db) == ["Ada"]  # the transaction goes on


async def test_a_constraint_of_the_form_and_one_that_nobody_foresaw(db: AsyncSession):
    form = Ask(typed(**GOOD))
    async with form.attempt(db):
        await insert(db, "a", 0)
    assert form.error_list == [ErrorLine("Too little", "")]
    with pytest.raises(IntegrityError):
        async with form.attempt(db):
            await insert(db, "a", 100)


async def test_what_is_no_refusal_goes_on(db: AsyncSession):
    with pytest.raises(NotAllowed):
        async with Ask(typed(**GOOD)).attempt(db):
            raise NotAllowed
