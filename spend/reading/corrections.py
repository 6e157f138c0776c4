"""A person's correction of what was found in a file, to be remembered for files with the same header."""

from __future__ import annotations

import json
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Literal, cast

from spend.reading import vocabulary

DateOrderName = Literal["day first", "month first"]


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a person decided about a council's files.

    `columns` gives for a field (vocabulary.FIELDS) the column's number from 0, its header, or None: there is
    no such column. Fields that are not named are found as always. `header_line` is the header's physical line
    from 1, or 0: there is none. With a `fingerprint` the mapping touches only files with that header.
    """

    columns: AnyMapping[str, int | str | None] = field(default_factory=dict[str, int | str | None])
    date_order: DateOrderName | None = None
    header_line: int | None = None
    fingerprint: str | None = None

    def __post_init__(self) -> None:
        unknown = set(self.columns) - set(vocabulary.FIELDS)
        if unknown:
            raise ValueError(f"no such field: {', '.join(sorted(unknown))}")

    def to_json(self) -> str:
        """Return the mapping as JSON, to be kept."""
        return json.dumps(
            {
                "columns": dict(self.columns),
                "date_order": self.date_order,
                "header_line": self.header_line,
                "fingerprint": self.fingerprint,
            },
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str) -> Mapping:
        """Return a mapping that was kept."""
        kept = json.loads(text)
        return cls(
            columns=dict(kept["columns"]),
            date_order=cast("DateOrderName | None", kept["date_order"]),
            header_line=kept["header_line"],
            fingerprint=kept["fingerprint"],
        )
