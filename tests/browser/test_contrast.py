"""When a wide page is asked about contrast again, although the narrow one passed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.tabs import is_implied

TEXT: list[Any] = ["black,white", 16]


@pytest.mark.parametrize(
    ("wide", "narrow", "implied"),
    [
        ([TEXT, TEXT], [TEXT, TEXT], True),
        ([["black,white", 19]], [TEXT], True),
        ([None, TEXT], [TEXT, TEXT], True),
        ([TEXT, TEXT], [None, TEXT], False),
        ([["grey,white", 16]], [TEXT], False),
        ([["black,white", 14]], [TEXT], False),
        ([TEXT], [TEXT, TEXT], False),
    ],
    ids=["the same", "larger", "hidden", "only there", "other colours", "smaller", "another page"],
)
def test_contrast_of_the_narrow_page_speaks_for_the_wide_one(
    wide: list[Any], narrow: list[Any], *, implied: bool
):
    assert is_implied(wide, narrow) is implied
