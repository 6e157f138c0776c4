"""How much of the money the word rules categorise, how fast, and how well supplier names are keyed.

.venv/bin/python -m benchmarks.categories ../shared/data
.venv/bin/python -m benchmarks.categories ../shared/data --draw lines.csv --seed 7      # 300 lines to judge
.venv/bin/python -m benchmarks.categories ../shared/data --draw payees.csv --of payees  # 300 payees to judge
.venv/bin/python -m benchmarks.categories --judged 285 300                              # share and its bounds
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import polars as pl

from analytics import names
from spend.reading.files import read
from spend.reading.refused import Unreadable
from spend.rules import categories, payees

OWN = {
    "bradford": [
        "City of Bradford Metropolitan District Council",
        "Bradford Council",
        "City of Bradford MDC",
    ],
    "calderdale": ["The Borough of Calderdale", "Calderdale Council", "Calderdale MBC"],
    "darlington": ["Darlington Borough Council"],
    "gateshead": ["Gateshead Council", "Gateshead MBC"],
    "greater-london-authority": ["Greater London Authority"],
    "harrogate": ["Harrogate Borough Council"],
    "hyndburn": ["Hyndburn Borough Council"],
    "leeds": ["Leeds City Council"],
    "manchester": ["Manchester City Council"],
    "newcastle": ["Newcastle City Council"],
    "oxford": ["Oxford City Council"],
}
KEPT = [
    "amount_pence",
    *dict.fromkeys([*categories.LABELS, *payees.BOUGHT, "company_number", "charity_number"]),
]


def lines_of(folder: Path) -> pl.DataFrame:
    tables: list[pl.DataFrame] = []
    for file in sorted(folder.glob("*.csv*")):
        try:
            tables.append(read(file.read_bytes(), file.name).table.select(KEPT))
        except Unreadable as refused:
            print(f"  {file.name}: {refused}")
    return pl.concat(tables)


def decided(folder: Path) -> pl.DataFrame:
    lines = lines_of(folder)
    combinations = lines.select(KEPT[1:]).unique()
    started = time.perf_counter()
    answers = categories.categorise(combinations)
    between = time.perf_counter()
    answers = payees.recognise(answers, OWN[folder.name])
    ended = time.perf_counter()
    joined = lines.join(answers, on=KEPT[1:], how="left", nulls_equal=True)
    purchases = joined.filter(pl.col("kind") == payees.PURCHASE)
    known = pl.col("category") != categories.UNKNOWN
    money = pl.col("amount_pence").abs()
    share = purchases.select(
        known.mean().alias("lines"), ((money * known).sum() / money.sum()).alias("pounds")
    ).row(0)
    print(
        f"{folder.name:26}{lines.height:>9,}{purchases.height:>10,}{share[0]:>8.1%}{share[1]:>8.1%}"
        f"{combinations.height:>9,}{between - started:>7.2f}{ended - between:>7.2f}"
    )
    return joined.with_columns(pl.lit(folder.name).alias("council"))


def print_totals(everything: pl.DataFrame) -> None:
    by_kind = everything.group_by("kind").agg(
        pl.len().alias("lines"),
        (pl.col("amount_pence").sum() / 100).alias("pounds"),
        pl.col("individual").sum(),
        pl.col("public_body").sum(),
    )
    known = pl.col("category") != categories.UNKNOWN
    money = pl.col("amount_pence").abs()
    purchases = everything.filter(pl.col("kind") == payees.PURCHASE)
    with pl.Config(tbl_rows=-1, thousands_separator=","):
        print(by_kind.sort("lines", descending=True))
        print(
            purchases.select(
                known.mean().alias("lines"), ((money * known).sum() / money.sum()).alias("pounds")
            )
        )


def draw(everything: pl.DataFrame, of: str, path: Path, seed: int) -> None:
    """Write 300 at random, for a person to judge."""
    if of == "payees":
        rows = everything.filter(pl.col("payee").is_not_null()).unique("payee").sort("payee")
        columns = ["council", "payee", "expense", "kind", "kind_rule", "individual", "public_body"]
    else:
        rows = everything.filter(pl.col("kind") == payees.PURCHASE, pl.col("category") != categories.UNKNOWN)
        columns = ["council", *categories.LABELS, "category", "because"]
    rows.select(columns).sample(300, seed=seed).write_csv(path)


def print_names(folder: Path) -> None:
    def equal(file: str, left_out: str) -> tuple[int, int]:
        pairs = pl.read_csv(folder / file, infer_schema_length=0).filter(pl.col("kind") != left_out)
        return int((names.keys(pairs["name_a"]) == names.keys(pairs["name_b"])).sum()), pairs.height

    found, true_pairs = equal("positive_pairs.csv", "dissimilar")
    false_found, false_pairs = equal("hard_negative_pairs.csv", "same_name")
    print(f"names: equal keys for {found} of {true_pairs} true pairs, {false_found} of {false_pairs} false")


def print_speed_of_keys(payee: pl.Series) -> None:
    distinct = payee.drop_nulls().unique()
    started = time.perf_counter()
    names.keys(distinct)
    seconds = time.perf_counter() - started
    print(
        f"names: {distinct.len():,} payees keyed in {seconds:.2f} s, {distinct.len() / seconds:,.0f} a second"
    )


def print_bounds(right: int, judged: int) -> None:
    """Wilson's interval at 95 %: Wilson (1927), J. Am. Stat. Assoc. 22, 209-212."""
    z, share = 1.959964, right / judged
    middle = share + z * z / (2 * judged)
    spread = z * math.sqrt(share * (1 - share) / judged + z * z / (4 * judged * judged))
    low, high = ((middle + side * spread) / (1 + z * z / judged) for side in (-1, 1))
    print(f"{right} of {judged}: {share:.3f}, 95 % from {low:.3f} to {high:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--draw", type=Path)
    parser.add_argument("--of", choices=["lines", "payees"], default="lines")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--judged", type=int, nargs=2, metavar=("RIGHT", "JUDGED"))
    options = parser.parse_args()
    if options.judged:
        print_bounds(*options.judged)
    if not options.data:
        return
    print(f"taxonomy {categories.taxonomy().version}, {len(categories.taxonomy().categories)} categories")
    print(
        f"{'body':26}{'lines':>9}{'purchases':>10}{'known':>8}{'of £':>8}{'distinct':>9}{'s':>7}{'kind s':>7}"
    )
    folders = sorted(
        (*(options.data / "council-spend").iterdir(), *(options.data / "council-spend-raw").iterdir())
    )
    everything = pl.concat([decided(folder) for folder in folders if folder.is_dir()])
    print_totals(everything)
    print_names(options.data / "supplier-names")
    print_speed_of_keys(everything["payee"])
    if options.draw:
        draw(everything, options.of, options.draw, options.seed)


if __name__ == "__main__":
    main()
