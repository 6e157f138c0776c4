"""Records: all releases of a process, and what they come to when merged as the standard says.

https://standard.open-contracting.org/1.1/en/schema/merging/; a test holds this against `ocdsmerge`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ocds.rules.releases import Release
from ocds.rules.saying import Json

# Said of a release, and not of the process; `compile_releases` writes its own.
_OWN: Final = frozenset({"ocid", "id", "date", "tag"})
# Lists of objects that the schema replaces as a whole, although their objects may have ids.
_WHOLE: Final = frozenset(
    {
        "additionalClassifications",
        "additionalIdentifiers",
        "classifications",
        "criteria",
        "numbers",
        "proposedAmendments",
        "rationaleClassifications",
    }
)


def record(releases: Sequence[Release]) -> Json:
    """Return the record of a process: its releases, the oldest first, and the compiled release."""
    return {
        "ocid": releases[0].body["ocid"],
        "releases": [each.body for each in releases],
        "compiledRelease": compile_releases(releases),
    }


def compile_releases(releases: Sequence[Release]) -> Json:
    """Return one release that says what all of them say; `releases` are of one process, the oldest first."""
    last = releases[-1].body
    whole: Json = {
        "ocid": last["ocid"],
        "id": f"{last['ocid']}-{last['date']}",
        "date": last["date"],
        "tag": ["compiled"],
    }
    for each in releases:
        _merge(whole, {name: value for name, value in each.body.items() if name not in _OWN})
    return whole


def _merge(whole: Json, later: Json) -> None:
    for name, value in later.items():
        if value is None:
            whole.pop(name, None)
        elif isinstance(value, dict):
            # Never the later release's own object: what is merged into it next would change that release.
            under = whole.get(name)
            whole[name] = under if isinstance(under, dict) else {}
            _merge(whole[name], value)  # pyright: ignore[reportUnknownArgumentType] -- JSON
        elif isinstance(value, list) and name not in _WHOLE and _have_ids(value):
            whole[name] = _joined(whole.get(name) or [], value)
        else:
            whole[name] = value


def _joined(earlier: list[Json], later: list[Json]) -> list[Json]:
    """Return two lists as one: objects with the same id are merged, new ones follow."""
    known = {each["id"]: each for each in earlier}
    for each in later:
        _merge(known.setdefault(each["id"], {}), each)
    return list(known.values())


def _have_ids(values: list[Any]) -> bool:
    return all(isinstance(each, dict) and "id" in each for each in values)
