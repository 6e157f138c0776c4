from __future__ import annotations

import math

import hypothesis
import hypothesis.strategies as st
import pytest

from values.figures import exact, rounded


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (21, "21"),
        (21.0, "21"),
        (29.9, "29.9"),
        (-0.0, "0"),
        (-7.25, "−7.25"),
        (1234567.5, "1,234,567.5"),
        (12345678901.0, "12,345,678,901"),
        (1e22, "10,000,000,000,000,000,000,000"),
        (0.00001234, "0.00001234"),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_what_was_read_is_said_with_all_its_digits(value: float, said: str):
    assert exact(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (12437.2, "12,437"),
        (123.4, "123"),
        (20.94, "20.9"),
        (6.149, "6.15"),
        (14.0, "14"),
        (-7, "−7"),
        (-0.0982, "−0.098"),
        (0.0079, "0.0079"),
        (-0.0000031, "−0.0000031"),
        (0.5, "0.5"),
    ],
)
def test_an_estimate_has_the_digits_that_it_deserves(value: float, said: str):
    assert rounded(value) == said


@hypothesis.given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_said_is_what_was_meant(value: float):
    assert float(exact(value).replace(",", "").replace("−", "-")) == value
    again = float(rounded(value).replace(",", "").replace("−", "-"))
    assert math.isclose(again, value, rel_tol=0.05, abs_tol=1e-300)
