"""Where a contract is to be performed: a lot's own areas, or those of the buyers, as notices code them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Area:
    """A region of England, by its code of the International Territorial Levels, first level.

    Attributes:
        code: as ITL has it since 2021.
    """

    code: str
    name: str

    @property
    def notice_code(self) -> str:
        """The code with the letters of the country that notices use."""
        return f"UK{self.code[2:]}"


# By the code of the region in the register of bodies. Office for National Statistics, "International
# Territorial Level 1 (January 2021) Names and Codes in the United Kingdom".
AREAS: Final = {
    "E12000001": Area("TLC", "North East (England)"),
    "E12000002": Area("TLD", "North West (England)"),
    "E12000003": Area("TLE", "Yorkshire and The Humber"),
    "E12000004": Area("TLF", "East Midlands (England)"),
    "E12000005": Area("TLG", "West Midlands (England)"),
    "E12000006": Area("TLH", "East of England"),
    "E12000007": Area("TLI", "London"),
    "E12000008": Area("TLJ", "South East (England)"),
    "E12000009": Area("TLK", "South West (England)"),
}


# A region of the United Kingdom, and with one or two signs more a part of it: levels 1 to 3. Which parts
# there are is not held here, so that only the form of a finer code can be looked at.
SHAPE: Final = re.compile(r"UK[C-N](?:[0-9][0-9A-Z]?)?")
REGIONS: Final = {each.notice_code: each.name for each in AREAS.values()}


def areas(region_codes: Iterable[str]) -> list[Area]:
    """Return the areas of some regions, as far as they are known."""
    return sorted({AREAS[code] for code in region_codes if code in AREAS}, key=lambda area: area.code)


def said(region_codes: Iterable[str]) -> str:
    """Return the areas in words, a line for each."""
    return "\n".join(f"{area.notice_code} {area.name}" for area in areas(region_codes))


def named(codes: Iterable[str]) -> str:
    """Return codes of notices in words, a line for each: a finer code with the region that it lies in."""
    return "\n".join(_named(code) for code in codes)


def _named(code: str) -> str:
    region = REGIONS.get(code[:3], "")
    if not region:
        return code
    return f"{code} {region}" if code in REGIONS else f"{code} in {region}"
