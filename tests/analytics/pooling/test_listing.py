from __future__ import annotations

import pytest

from analytics.pooling.listing import COLUMNS, read
from analytics.pooling.needs import Need
from values.refusals import Refused

HEADER = ",".join(COLUMNS)
LINE = "N1,C1,4,12,1,30,3,5,2"


def test_a_table_is_read_whatever_the_order_of_its_columns() -> None:
    expected = Need("N1", "C1", "4", "12", True, 30, 3, 5, 2)
    assert read([HEADER, LINE]) == [expected]
    turned = [",".join(reversed(f"note,{line}".split(","))) for line in (HEADER, LINE)]
    assert read(turned) == [expected]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "lacks the column id"),
        ([HEADER.replace("national,", "")], "lacks the column national"),
        ([HEADER], "lists no needs"),
        ([HEADER, LINE, LINE], "Line 3: N1 stands in line 2 already"),
        ([HEADER, LINE.replace(",30,", ",3.5,")], "Line 2: value_10k_gbp is not a whole number: 3.5"),
        ([HEADER, LINE.replace(",30,", ",0,")], "Line 2: value_10k_gbp is 0, less than 1"),
        ([HEADER, LINE.replace(",1,", ",2,")], "Line 2: national is 2, more than 1"),
        ([HEADER, LINE.replace(",3,5,", ",5,3,")], "Line 2: last_month is 3, less than 5"),
        ([HEADER, LINE.replace("C1", " ")], "Line 2: council is empty"),
        ([HEADER, "N1,C1"], "Line 2: first_month is empty"),
        ([HEADER, LINE + '\n"'], "no table separated by commas"),
    ],
)
def test_a_bad_table_is_refused_with_its_line(lines: list[str], message: str) -> None:
    with pytest.raises(Refused, match=message):
        read(lines)
