"""The archive: whole or not there, and damage of any kind is found before anything is used."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from store import archive

ABOUT = b'{"format": 1}'


def make(place: Path, files: dict[str, bytes], about: bytes = ABOUT) -> None:
    with archive.written(place) as writer:
        writer.add(archive.ABOUT, about)
        for name, content in files.items():
            writer.add(name, content)


def read(place: Path) -> dict[str, bytes]:
    with archive.Reader.opened(place) as reader:
        return {name: content.read() for name, _, content in reader}


def test_what_goes_in_comes_out(tmp_path: Path):
    place = tmp_path / "a.tar.zst"
    (tmp_path / "file").write_bytes(b"on disk")
    with archive.written(place) as writer:
        writer.add(archive.ABOUT, ABOUT)
        writer.add_file("lake/file", tmp_path / "file")
        writer.add_pieces("database", io.BytesIO(b"x" * (archive.PIECE + 1)))
    assert archive.verify(place) == {"format": 1}
    found = read(place)
    assert found["lake/file"] == b"on disk"
    assert [len(found[f"database/{n:06}"]) for n in (1, 2)] == [archive.PIECE, 1]


def test_only_its_owner_may_read_it(tmp_path: Path):
    make(tmp_path / "a", {})
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_an_archive_is_never_overwritten(tmp_path: Path):
    make(tmp_path / "a", {"x": b"first"})
    with pytest.raises(FileExistsError):
        make(tmp_path / "a", {"x": b"second"})
    assert read(tmp_path / "a")["x"] == b"first"


def test_what_fails_half_way_leaves_nothing(tmp_path: Path):
    def gone() -> None:
        with archive.written(tmp_path / "a") as writer:
            writer.add("x", b"1")
            writer.add_file("y", tmp_path / "not there")

    with pytest.raises(FileNotFoundError):
        gone()
    assert list(tmp_path.iterdir()) == []


def test_what_is_killed_half_way_leaves_nothing_under_its_name(tmp_path: Path):
    code = """
import pathlib, sys, time
from store import archive
with archive.written(pathlib.Path(sys.argv[1])) as writer:
    writer.add("x", b"1" * 10_000_000)
    print("under way", flush=True)
    time.sleep(60)
"""
    place = tmp_path / "a"
    with subprocess.Popen([sys.executable, "-c", code, place], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"under way\n"
        process.send_signal(signal.SIGKILL)
    assert not place.exists()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_broken_off_archive_is_damaged(tmp_path: Path, share: float):
    place = tmp_path / "a"
    make(place, {f"lake/{n}": bytes([n]) * 50_000 for n in range(50)})
    content = place.read_bytes()
    place.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(archive.Damaged):
        archive.verify(place)


def test_a_changed_byte_is_damage_wherever_it_is(tmp_path: Path):
    place = tmp_path / "a"
    make(place, {"lake/x": bytes(range(256)) * 20})
    content = place.read_bytes()
    # The last bytes may be the tar's own padding, packed: they hold nothing.
    for at in range(0, len(content) - 40, 7):
        changed = bytearray(content)
        changed[at] ^= 0x40
        place.write_bytes(changed)
        try:
            archive.verify(place)
        except archive.Damaged:
            continue
        place.write_bytes(content)
        whole = read(place)
        place.write_bytes(changed)
        assert read(place) == whole, f"byte {at} was changed and nobody noticed"


@pytest.mark.parametrize("name", ["/etc/passwd", "../outside", "lake/../../outside"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str):
    make(tmp_path / "a", {name: b"x"})
    with pytest.raises(archive.Damaged, match="no backup has"):
        archive.verify(tmp_path / "a")


def test_a_member_that_the_manifest_does_not_know_is_refused(tmp_path: Path):
    class Quiet(archive.Writer):
        def finish(self) -> None:
            self._manifest = io.BytesIO(b"\n".join(self._manifest.getvalue().splitlines()[:-1]) + b"\n")
            super().finish()

    before = archive.Writer
    archive.Writer = Quiet
    try:
        make(tmp_path / "a", {"lake/x": b"1", "lake/y": b"2"})
    finally:
        archive.Writer = before
    with pytest.raises(archive.Damaged, match="manifest"):
        archive.verify(tmp_path / "a")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not an archive" * 1000])
def test_another_file_is_no_archive(tmp_path: Path, content: bytes):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(archive.Damaged):
        archive.verify(tmp_path / "a")


def test_another_format_is_refused(tmp_path: Path):
    make(tmp_path / "a", {}, about=b'{"format": 2}')
    with pytest.raises(archive.Damaged, match="format 2"):
        archive.verify(tmp_path / "a")


def test_memory_does_not_grow_with_the_archive(tmp_path: Path):
    code = """
import pathlib, resource, sys
from store import archive
folder, size, files = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
with (folder / "large").open("wb") as large:
    large.truncate(size)
with archive.written(folder / "a") as writer:
    writer.add(archive.ABOUT, b'{"format": 1}')
    writer.add_file("lake/large", folder / "large")
    with (folder / "large").open("rb") as large:
        writer.add_pieces("database", large)
    for number in range(files):
        writer.add(f"lake/{number}", b"x")
archive.verify(folder / "a")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""

    def peak_kb(name: str, size: int, files: int) -> int:
        folder = tmp_path / name
        folder.mkdir()
        command = [sys.executable, "-c", code, folder, str(size), str(files)]
        return int(subprocess.run(command, capture_output=True, check=True).stdout)

    small = peak_kb("small", 40_000_000, 10)
    large = peak_kb("large", 400_000_000, 10_000)
    assert large - small < 40_000, (small, large)
