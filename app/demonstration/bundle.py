"""How the bundled payments were made: whole files as published, with the names of private people taken out.

Run by hand: `python -m app.demonstration.bundle ../shared/data/council-spend`. Which lines name a private
person is decided by the same rules that withhold names on pages.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path
from typing import Final

import polars as pl

from spend import reading
from spend.actions.marking import LABELS
from spend.reading import decoding
from spend.rules import payees

TARGET: Final = Path(__file__).with_name("payments")
WITHHELD: Final = "Name withheld"
# Folder of the source → register code; financial years 2018 to 2019 and 2019 to 2020.
COUNCILS: Final = {
    "bradford": "BRD",
    "calderdale": "CLD",
    "darlington": "DAL",
    "gateshead": "GAT",
    "harrogate": "HAG",
    "manchester": "MAN",
}
MONTHS: Final = frozenset(
    f"{year}-{month:02d}" for year in (2018, 2019, 2020) for month in range(1, 13)
) - frozenset(
    [*(f"2018-{month:02d}" for month in (1, 2, 3)), *(f"2020-{month:02d}" for month in range(4, 13))]
)
FIELDS: Final = frozenset({"payee", "payee_ref", "description", "reference"})


def without_private_names(content: bytes, name: str) -> bytes:
    """Return a published file in which every line that names a private person says that it is withheld."""
    found = reading.read(content, name)
    decided = payees.recognise(found.table.select(LABELS).unique())
    private = pl.col("individual") | pl.col("kind").is_in(["resident", "redacted"])
    lines = found.table.join(decided.filter(private), on=LABELS, how="semi", nulls_equal=True)
    wanted = set(lines["line_no"].to_list())
    columns = [column.column for column in found.decisions.columns if column.field in FIELDS]
    rows = csv.reader(io.StringIO(decoding.decode(content).lines.decode(), newline=""))
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    start = 1
    for row in rows:
        private_cells = columns if start in wanted else ()
        writer.writerow(
            [WITHHELD if at in private_cells and cell.strip() else cell for at, cell in enumerate(row)]
        )
        start = rows.line_num + 1
    # A time of zero: made twice, the file is the same.
    return gzip.compress(written.getvalue().encode(), 9, mtime=0)


def main() -> None:
    """Write the bundle from the folder named on the command line."""
    source = Path(sys.argv[1])
    for folder, code in COUNCILS.items():
        target = TARGET / code
        target.mkdir(parents=True, exist_ok=True)
        for file in sorted((source / folder).glob("*.csv.gz")):
            if file.name[:7] in MONTHS and "-card" not in file.name:
                (target / file.name.replace("_clean", "")).write_bytes(
                    without_private_names(file.read_bytes(), file.name)
                )


if __name__ == "__main__":
    main()
