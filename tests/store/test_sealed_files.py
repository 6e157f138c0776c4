"""Files that are sealed as they arrive, keys that are handed on, keys that are vouched for, signatures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import sealing, signing
from store.sealing import KeyLost, SealedFile, Sealer, Tampered

MASTER = b"a master key that only tests use"
OTHER = b"another master key, made anew..."
PLACE = b"thing 1 file 1"
KEY = sealing.new_key(MASTER, "thing 1")
LATER = sealing.new_key(MASTER, "thing 2")


def private_of(key, subject):
    return sealing.unlock(MASTER, key, subject)


@pytest.mark.parametrize(
    "size", [0, 1, sealing.CHUNK_BYTES, sealing.CHUNK_BYTES + 1, 3 * sealing.CHUNK_BYTES]
)
def test_a_file_is_ciphertext_from_its_first_byte_and_opens_to_what_was_written(tmp_path, size):
    content = (b"plain as day " * (size // 13 + 1))[:size]
    file = SealedFile(tmp_path / "file", Sealer(KEY.public, PLACE))
    for at in range(0, size, 70_000):
        file.write(content[at : at + 70_000])
        assert b"plain as day" not in file.path.read_bytes()
    file.close()
    file.close()
    assert b"plain as day" not in file.path.read_bytes()
    opened = sealing.opened(private_of(KEY, "thing 1"), file.sealer.header, PLACE, file.chunks())
    assert b"".join(opened) == content


@given(st.lists(st.binary(max_size=200_000), max_size=12))
def test_it_does_not_matter_in_which_pieces_a_file_arrives(tmp_path_factory, pieces):
    file = SealedFile(tmp_path_factory.mktemp("sealed") / "file", Sealer(KEY.public, PLACE))
    for piece in pieces:
        file.write(piece)
    file.close()
    chunks = list(file.chunks())
    assert len(chunks) == max(1, -(-sum(map(len, pieces)) // sealing.CHUNK_BYTES))
    opened = sealing.opened(private_of(KEY, "thing 1"), file.sealer.header, PLACE, chunks)
    assert b"".join(opened) == b"".join(pieces)


def test_an_object_is_handed_on_to_another_key_without_its_content():
    sealer = Sealer(KEY.public, PLACE)
    chunks = sealer.whole(b"content")
    header = sealing.handed_on(private_of(KEY, "thing 1"), sealer.header, PLACE, LATER.public)
    later = private_of(LATER, "thing 2")
    assert b"".join(sealing.opened(later, header, PLACE, chunks)) == b"content"
    own = sealing.content_key(later, header, PLACE)
    assert b"".join(sealing.opened_with(own, PLACE, chunks)) == b"content"
    with pytest.raises(Tampered):
        sealing.content_key(later, sealer.header, PLACE)
    with pytest.raises(Tampered):
        sealing.handed_on(later, header, b"another place", KEY.public)


@pytest.mark.parametrize("header", [b"", b"\x01", b"\x01" + b"x" * 20, b"\x01" + b"x" * 80, b"\x02" * 81])
def test_nonsense_in_place_of_a_header_is_tampering(header):
    with pytest.raises(Tampered):
        sealing.content_key(private_of(KEY, "thing 1"), header, PLACE)


def test_a_key_is_vouched_for_under_one_master_key_and_one_subject():
    voucher = sealing.vouch(MASTER, KEY.public, "thing 1")
    sealing.check_vouched(MASTER, KEY.public, "thing 1", voucher)
    with pytest.raises(KeyLost, match=sealing.fingerprint(MASTER).hex()):
        sealing.check_vouched(OTHER, KEY.public, "thing 1", voucher)
    for public, subject, given_ in (
        (LATER.public, "thing 1", voucher),
        (KEY.public, "thing 2", voucher),
        (KEY.public, "thing 1", voucher[:-1] + bytes([voucher[-1] ^ 1])),
    ):
        with pytest.raises(Tampered):
            sealing.check_vouched(MASTER, public, subject, given_)


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_signature_is_good_for_its_text_purpose_and_key_alone(text, other):
    signature = signing.sign(MASTER, "one", text)
    public = signing.public_key(MASTER, "one")
    assert signing.holds(public, signature, text)
    assert signing.holds(public, signature, other) == (text == other)
    assert not signing.holds(signing.public_key(MASTER, "two"), signature, text)
    assert not signing.holds(signing.public_key(OTHER, "one"), signature, text)
    assert not signing.holds(public, signature[:-1], text)
