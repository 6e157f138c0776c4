"""Where the lake keeps what is read of published files."""

from __future__ import annotations


def lines_place(body_code: str, lines_name: str) -> tuple[str, str, str]:
    """Return the place of the lines of one version of a file, as parts of a path."""
    return "lines", body_code, f"{lines_name}.parquet"
