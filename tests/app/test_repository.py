"""What the repository may hold: no drawers, no long files, no paths of a machine, no package index."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DRAWERS = re.compile(r"(^|/)(utils?|helpers?|common|misc|core|managers?)(\.py|/)")
FIELD = re.compile(r"\b(pool|lot|bid|supplier|tender|council)s?\b", re.IGNORECASE)
# Addresses of package indexes, and folders that exist on somebody's machine only. Spelled apart, so that this
# file does not hold what it looks for.
HOSTS = re.compile(
    "|".join(["pypi" + r"\.org", "pythonhosted" + r"\.org", "npmjs" + r"\.(?:org|com)", "--index" + "-url"])
)
MACHINE = re.compile("|".join(["/ho" + r"me/\w+", "/Us" + r"ers/\w+", "/ro" + "ot/", r"\B/wo" + "rk/"]))


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    return tracked()


def texts(files: list[Path]) -> list[tuple[str, str]]:
    found = []
    for place in files:
        content = place.read_bytes()
        if b"\0" not in content[:4096] and place.suffix not in (".csv", ".gz", ".svg"):
            found.append((str(place.relative_to(ROOT)), content.decode(errors="replace")))
    return found


def test_there_are_no_drawers(files: list[Path]):
    assert [name for place in files if DRAWERS.search(name := str(place.relative_to(ROOT)))] == []


def test_files_can_be_read_in_one_go(files: list[Path]):
    # A migration is one step of the database's history; it is read top to bottom once, and never grows.
    long = {
        str(place.relative_to(ROOT)): count
        for place in files
        if place.suffix == ".py" and "migrations" not in place.parts and (count := lines(place)) > 350
    }
    assert long == {}


def lines(place: Path) -> int:
    return place.read_bytes().count(b"\n")


@pytest.mark.parametrize("package", ["web", "store"])
def test_furniture_and_store_hold_no_word_of_the_field(package: str):
    said = {
        f"{place.relative_to(ROOT)}: {match.group()}"
        for place in sorted((ROOT / package).rglob("*.py"))
        for match in FIELD.finditer(place.read_text())
    }
    assert said == set()


def test_nothing_names_a_package_index(files: list[Path]):
    assert [name for name, text in texts(files) if HOSTS.search(text)] == []


def test_lock_files_have_hashes_and_no_addresses(files: list[Path]):
    names = {place.name for place in files}
    assert "uv.lock" not in names  # it writes package indexes down
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
    for place in files:
        if re.fullmatch(r"requirements.*\.lock", place.name):
            text = place.read_text()
            assert "://" not in text, place.name
            pinned = re.findall(r"^[a-z0-9][^\n]*?==[^\n]*", text, re.MULTILINE)
            hashed = re.findall(r"^[a-z0-9][^\n]*?==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)
            assert pinned
            assert len(pinned) == len(hashed), place.name


def test_nothing_names_a_folder_of_somebody_s_machine(files: list[Path]):
    found = [(name, match.group()) for name, text in texts(files) for match in MACHINE.finditer(text)]
    assert found == []


def test_scripts_can_be_run(files: list[Path]):
    for place in files:
        if place.read_bytes()[:2] == b"#!":
            assert place.stat().st_mode & 0o100, place


def test_locks_are_kept_apart(files: list[Path]):
    """Two that share a lock wait for each other for no reason, or refuse as if the other were the same."""
    code = [place.read_text() for place in files if place.suffix == ".py" and "tests" not in place.parts]
    names = [name for text in code for name in set(re.findall(r'take_turns\(\w+, "([a-z._]+)"\)', text))]
    numbers = [
        number for text in code for number in re.findall(r"^\w*LOCK\b.* = ([\d_]{6,})$", text, re.MULTILINE)
    ]
    assert len(names) > 5
    assert len(numbers) > 3
    assert sorted(names) == sorted(set(names))
    assert sorted(numbers) == sorted(set(numbers))
