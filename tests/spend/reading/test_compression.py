"""Compressed files: whole ones are read, damaged ones are refused with what to do."""

import gzip

import pytest

from spend import reading

TEXT = (
    "Supplier Name,Payment Date,Net Amount\nAlder Paving Ltd,03/04/2023,1200.50\nBirch Ltd,04/04/2023,9.99\n"
)


def changed(content: bytes, place: int) -> bytes:
    """The bytes with one of them turned over."""
    turned = bytearray(content)
    turned[place] ^= 0xFF
    return bytes(turned)


PACKED = gzip.compress(TEXT.encode(), mtime=0)


@pytest.mark.parametrize(
    "content",
    [
        PACKED[:-1],
        PACKED[:-9],
        PACKED[: len(PACKED) // 2],
        *(changed(PACKED, place) for place in (-1, -5, 20, 2)),
    ],
    ids=["no end", "no sum", "half", "size", "sum", "text", "method"],
)
def test_a_compressed_file_that_is_damaged_is_refused(content: bytes):
    with pytest.raises(reading.Unreadable, match="damaged or cut off"):
        reading.read(content, "april.csv")


@pytest.mark.parametrize(
    "content",
    [PACKED, gzip.compress(PACKED, mtime=0), PACKED + gzip.compress(b"", mtime=0)],
    ids=["once", "twice", "with an empty member behind"],
)
def test_a_whole_compressed_file_is_read(content: bytes):
    found = reading.read(content, "april.csv")
    assert found.table["amount_pence"].to_list() == [120050, 999]
    assert found.decisions.compression == "gzip"
