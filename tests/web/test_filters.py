from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from jinja2 import Environment

from values import dates
from web.notices import Notice, Notices


@pytest.mark.parametrize(
    ("template", "value", "shown"),
    [
        ("{{ v | pence }}", 123456, "£1,234.56"),
        ("{{ v | pence }}", -5, "−£0.05"),
        ("{{ v | pounds }}", 123450, "£1,235"),
        ("{{ v | pounds }}", -123449, "−£1,234"),
        ("{{ v | pounds }}", -49, "£0"),
        ("{{ v | large_pounds }}", 315_000_000, "£3.2 million"),
        ("{{ v | large_pounds }}", 99_999_000_000, "£1.0 billion"),
        ("{{ v | large_pounds }}", 81_234_567, "£812,000"),
        ("{{ v | large_pounds }}", 99_999_999, "£1.0 million"),
        ("{{ v | large_pounds }}", 9_950, "£100"),
        ("{{ v | large_pounds }}", -315_000_000, "−£3.2 million"),
        ("{{ v | share }}", 0.4123, "41.2%"),
        ("{{ v | share(0) }}", 1.0, "100%"),
        ("{{ v | share }}", -0.05, "−5.0%"),
        ("{{ v | points }}", 2345.6, "2,346"),
        ("{{ v | weekday }}", date(2026, 10, 2), "Friday 2 October 2026"),
        ("{{ v | weekday }}", date(2027, 4, 4), "Sunday 4 April 2027"),
        ("{{ v | points(1) }}", 3.25, "3.2"),
        ("{{ v | count }}", 12345, "12,345"),
        ("{{ v | plural('line') }}", 1, "1 line"),
        ("{{ v | plural('line') }}", 2000, "2,000 lines"),
        ("{{ v | plural('body', 'bodies') }}", 0, "0 bodies"),
        ("{{ v | day }}", date(2026, 11, 22), "22 November 2026"),
        ("{{ v | day }}", datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "1 July 2026"),
        ("{{ v | instant }}", datetime(2026, 11, 22, 21, 36, tzinfo=UTC), "22 November 2026 at 9:36pm"),
        ("{{ v | instant }}", datetime(2026, 6, 1, 8, 5, tzinfo=UTC), "1 June 2026 at 9:05am"),
        ("{{ v | instant }}", datetime(2026, 5, 31, 23, 0, tzinfo=UTC), "1 June 2026 at midnight"),
        ("{{ v | instant }}", datetime(2026, 1, 1, 12, 0, tzinfo=UTC), "1 January 2026 at midday"),
        ("{{ v | size }}", 999_600, "1.0 MB"),
        ("{{ v | size }}", 4_200, "4 kB"),
        ("{{ v | size }}", 1, "1 byte"),
        ("{{ v | lower_first }}", "Payment date", "payment date"),
        ("{{ v | lower_first }}", "VAT number", "VAT number"),
        ("{{ v | lines }}", "one\ntwo <b>\r\nthree", "one<br>two &lt;b&gt;<br>three"),
        ("{{ v | lines }}", "", ""),
        ("{{ v | upper_first }}", "wrote a comment", "Wrote a comment"),
    ],
)
def test_filters(env: Environment, template: str, value: Any, shown: str):
    assert env.from_string(template).render(v=value) == shown


def test_an_instant_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="time zone"):
        dates.instant(datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_notice_lasts_a_minute_and_only_as_it_was_sent():
    notices = Notices(b"one", secure=True)
    cookie = notices.cookie(Notice("Done – “all”", link_text="See", link_href="/x"), now=1000)
    assert cookie.key == "__Host-notice"
    assert (cookie.secure, cookie.httponly, cookie.samesite) == (True, True, "lax")
    value = cookie.value or ""
    assert notices.read(value, now=1060) == Notice("Done – “all”", link_text="See", link_href="/x")
    assert notices.read(value, now=1062) is None
    assert Notices(b"two", secure=True).read(value, now=1000) is None
    assert notices.read("A" + value[1:], now=1000) is None
    for broken in ("", ".", "é.x", "a.b.c", value.replace(".", "")):
        assert notices.read(broken, now=1000) is None
