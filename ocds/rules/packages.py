"""Packages: releases or records with who publishes them, under which licence, and by which extensions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from ocds.rules.ids import Publisher
from ocds.rules.saying import Json, instant, said

LICENCE: Final = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
_EXTENSIONS: Final = "https://raw.githubusercontent.com/open-contracting-extensions"
# In the order in which they are merged. Our own comes last, and is served by the service itself.
EXTENSIONS: Final = (
    "https://standard.open-contracting.org/profiles/eu/latest/en/extension.json",
    f"{_EXTENSIONS}/ocds_suitability_extension/master/extension.json",
    f"{_EXTENSIONS}/ocds_enquiry_extension/v1.1.5/extension.json",
    f"{_EXTENSIONS}/ocds_pagination_extension/master/extension.json",
    f"{_EXTENSIONS}/ocds_amendment_rationale_classifications_extension/master/extension.json",
    f"{_EXTENSIONS}/ocds_performance_failures_extension/master/extension.json",
    "https://raw.githubusercontent.com/cabinetoffice/ocds_uk_extension/main/extension.json",
)
OWN_EXTENSION: Final = "/ocds/extension/extension.json"


def of_releases(
    publisher: Publisher, releases: Sequence[Json], *, path: str, at: datetime, links: Json | None = None
) -> Json:
    """Return a package of releases; `at` is when the last of them became public, `links` lead to others."""
    return {**_package(publisher, path, at), **said(links=links), "releases": list(releases)}


def of_records(publisher: Publisher, records: Sequence[Json], *, path: str, at: datetime) -> Json:
    """Return a package of records."""
    return {**_package(publisher, path, at), "records": list(records)}


def _package(publisher: Publisher, path: str, at: datetime) -> Json:
    return said(
        uri=f"{publisher.address}{path}",
        version="1.1",
        extensions=[*EXTENSIONS, f"{publisher.address}{OWN_EXTENSION}"],
        publishedDate=instant(at),
        publisher=said(name=publisher.name, uri=publisher.address),
        license=LICENCE,
        publicationPolicy=f"{publisher.address}/open-data",
    )
