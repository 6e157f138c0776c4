"""The schemas that our data is held against: the profile with the UK extension and ours, and the core."""

from __future__ import annotations

import functools
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
from libcoveocds.api import ocds_json_output
from libcoveocds.config import LibCoveOCDSConfig
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

STANDARD = Path(__file__).parent / "standard"
EXTENSION = Path(__file__).resolve().parents[2] / "ocds" / "data" / "extension" / "release-schema.json"
CORE = "https://standard.open-contracting.org/schema/1__1__5"


def read(name: str) -> Any:
    return json.loads((STANDARD / name).read_text())


def patched(whole: Any, patch: Any) -> Any:
    """Apply a JSON Merge Patch (RFC 7396), which is how extensions extend the schema."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(whole) if isinstance(whole, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = patched(merged.get(name), value)
    return merged


@functools.cache
def release_schema() -> Any:
    """The profile, then the UK extension, then ours."""
    whole = patched(read("eu-profile/release-schema.json"), read("uk-extension/release-schema.json"))
    return patched(whole, json.loads(EXTENSION.read_text()))


@functools.cache
def validator() -> jsonschema.Draft4Validator:
    return jsonschema.Draft4Validator(release_schema(), format_checker=jsonschema.FormatChecker())


def errors(release: Any) -> list[str]:
    """Return what the merged schema says against a release."""
    return [f"{each.json_path}: {each.message}" for each in validator().iter_errors(release)]


@functools.cache
def _package_validator(name: str) -> jsonschema.Draft4Validator:
    """Packages by the core's schema, with the merged schema for the releases in them."""
    schema = read(f"ocds-1.1.5/{name}.json")
    whole = dict(release_schema())
    whole.pop("id", None)
    versioned = read("ocds-1.1.5/versioned-release-validation-schema.json")
    registry = Registry().with_resources(
        [
            (f"{CORE}/release-schema.json", Resource.from_contents(whole, DRAFT4)),
            (f"{CORE}/versioned-release-validation-schema.json", Resource.from_contents(versioned, DRAFT4)),
        ]
    )
    checker = jsonschema.FormatChecker()
    return jsonschema.Draft4Validator(schema, format_checker=checker, registry=registry)


def package_errors(package: Any) -> list[str]:
    """Return what is said against a package of releases or records."""
    name = "record-package-schema" if "records" in package else "release-package-schema"
    return [f"{each.json_path}: {each.message}" for each in _package_validator(name).iter_errors(package)]


@functools.cache
def _standard_zip() -> bytes:
    """The standard as its reviewer takes it: a repository in a ZIP file, so that nothing is fetched."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("standard-1.1/", "")
        folder = STANDARD / "ocds-1.1.5"
        for place in sorted(folder.rglob("*.*")):
            name = place.relative_to(folder).as_posix()
            archive.writestr(f"standard-1.1/schema/{name}", _without_versions(name, place.read_text()))
    return whole.getvalue()


def _without_versions(name: str, text: str) -> str:
    """Return a schema for the reviewer: that of versioned releases it would fetch, and we publish none."""
    if name != "record-package-schema.json":
        return text
    schema = json.loads(text)
    del schema["definitions"]["record"]["properties"]["versionedRelease"]
    return json.dumps(schema)


def review(package: Any, folder: Path) -> dict[str, Any]:
    """Let the standard's own reviewer read a package by the core; it cannot fetch extensions here."""
    config = LibCoveOCDSConfig({"standard_zip": _standard_zip(), "context": "api"})
    plain = {**package, "extensions": []}
    return ocds_json_output(str(folder), json_data=plain, lib_cove_ocds_config=config)


def unknown_fields(thing: Any) -> set[str]:
    """Return the paths of fields that the merged schema does not know; draft 4 lets them pass."""
    return set(_unknown(thing, release_schema(), ""))


def _unknown(thing: Any, schema: Any, path: str) -> Iterator[str]:
    schema = _resolved(schema)
    if isinstance(thing, list):
        for each in thing:
            yield from _unknown(each, schema.get("items", {}), path)
    elif isinstance(thing, dict):
        known = schema.get("properties", {})
        for name, value in thing.items():
            if name in known:
                yield from _unknown(value, known[name], f"{path}/{name}")
            else:
                yield f"{path}/{name}"


def _resolved(schema: Any) -> Any:
    while "$ref" in schema:
        schema = release_schema()["definitions"][schema["$ref"].rsplit("/", 1)[1]]
    return schema
