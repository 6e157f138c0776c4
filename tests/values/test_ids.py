from __future__ import annotations

import time
from uuid import RFC_4122

from hypothesis import given
from hypothesis import strategies as st
from pytest import MonkeyPatch  # noqa: PT013 -- the type alone

from values.ids import uuid7


def test_it_is_a_version_7_uuid_of_this_moment() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


@given(st.integers(0, (2**48 - 1) * 1_000_000), st.integers(0, (2**48 - 1) * 1_000_000))
def test_ids_of_later_milliseconds_sort_later(first: int, second: int) -> None:
    with MonkeyPatch.context() as patch:
        ids = []
        for moment in (first, second):
            patch.setattr(time, "time_ns", lambda moment=moment: moment)
            ids.append(uuid7())
    if first // 1_000_000 < second // 1_000_000:
        assert ids[0] < ids[1]
        assert str(ids[0]) < str(ids[1])


def test_no_two_are_the_same() -> None:
    assert len({uuid7() for _ in range(10_000)}) == 10_000
