from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyotp.totp import TOTP

from accounts.rules import addresses, roles, tokens, totp
from tests import build
from values.actors import Role

AT = datetime(2026, 11, 22, 12, 0, 10, tzinfo=UTC)
SECRET = totp.new_secret()


@given(st.text(max_size=60) | st.text(alphabet="/\\:@?#%.\t\n evilhtp", max_size=20))
def test_sign_in_leads_only_to_our_own_host(wanted):
    safe = addresses.safe_next(wanted)
    # As browsers do: control characters are dropped, a backslash is a slash.
    read = "".join(letter for letter in safe if letter >= " ").replace("\\", "/")
    assert urlsplit(urljoin("https://buy.example.org/sign-in", read)).netloc == "buy.example.org"


@pytest.mark.parametrize("path", ["/market?year=2024&region=E12000007", "/", "/people?q=a%20b", "/a//b"])
def test_a_page_of_ours_is_kept(path):
    assert addresses.safe_next(path) == path


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        (None, "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_a_line_with_many_addresses_is_one_network(host, network):
    assert addresses.network_of(host) == network


@pytest.mark.parametrize(
    "good", ["a@b.uk", "first.last+tag@council.gov.uk", "o'b@example.org".replace("'", "-")]
)
def test_addresses_are_taken(good):
    assert addresses.is_email(good)


@pytest.mark.parametrize(
    "bad",
    ["", "a", "a@b", "@b.uk", "a b@c.uk", "a@b.uk\nBcc: c@d.uk", "a@b.uk,c@d.uk", "a@" + "b" * 260 + ".uk"],
)
def test_what_could_not_be_an_address_or_could_become_two_is_refused(bad):
    assert not addresses.is_email(bad)


@given(st.integers(-4, 4), st.integers(0, 29))
def test_codes_count_within_a_step_of_now(steps, second):
    now = AT.replace(second=0) + timedelta(seconds=second)
    code = TOTP(SECRET).at(now + timedelta(seconds=30 * steps))
    found = totp.matching_step(SECRET, code, now, None)
    if abs(steps) <= 1:
        assert found == int(now.timestamp()) // 30 + steps
    else:
        assert found is None or TOTP(SECRET).generate_otp(found) == code


@given(st.integers(-1, 1), st.integers(-3, 3))
def test_a_step_that_was_used_or_is_older_is_not_taken_again(steps, last):
    current = int(AT.timestamp()) // 30
    code = TOTP(SECRET).generate_otp(current + steps)
    found = totp.matching_step(SECRET, code, AT, current + last)
    assert found is None or found > current + last


@given(st.text(min_size=1, max_size=40))
def test_a_sealed_secret_opens_for_its_person_and_use_alone(secret):
    one, other = build.council("LDS"), build.council("CMD")
    sealed = build.SEALER.seal(secret, one)
    assert build.SEALER.open(sealed, one) == secret
    assert build.SEALER.open(sealed, other) is None
    assert build.SEALER.open(sealed, one, "offered") is None
    assert build.SEALER.open(sealed[:-1], one) is None
    assert totp.Sealer(b"another key").open(sealed, one) is None
    assert build.SEALER.seal(secret, one) != sealed


def test_recovery_codes_are_read_as_people_write_them():
    person = build.council()
    codes = totp.new_recovery_codes()
    assert len(set(build.SEALER.recovery_hashes(codes, person))) == totp.RECOVERY_CODES
    assert build.SEALER.recovery_hash(" ABCDE fghjk ", person) == build.SEALER.recovery_hash(
        "abcde-fghjk", person
    )
    assert build.SEALER.recovery_hash(codes[0], person) != build.SEALER.recovery_hash(
        codes[0], build.council("CMD")
    )


def test_tokens_have_the_length_that_is_looked_up():
    assert {len(tokens.new_token()) for _ in range(50)} == {tokens.LENGTH}


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_bind_others_need_a_second_factor(role):
    needed = role in {Role.APPROVER, Role.OPERATOR}
    assert roles.needs_second_factor({role}) is needed
    expected = roles.Stage.ENROL if needed else roles.Stage.COMPLETE
    assert roles.stage({role}, enrolled=False, second_factor_at=None) is expected
    assert roles.stage({role}, enrolled=True, second_factor_at=None) is roles.Stage.SECOND_FACTOR
    assert roles.stage({role}, enrolled=True, second_factor_at=AT) is roles.Stage.COMPLETE


def test_a_second_factor_is_fresh_for_ten_minutes():
    assert roles.is_fresh(AT, AT + timedelta(minutes=10))
    assert not roles.is_fresh(AT, AT + timedelta(minutes=10, seconds=1))
    assert not roles.is_fresh(None, AT)
