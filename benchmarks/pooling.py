"""Suggested pools against greedy and against the bound, on generated needs.

python benchmarks/pooling.py [--seeds 1 2 3 4 5] [--seconds 112] [--processes 2] [--referee FILE]

The referee makes the instances (5,000 needs of 317 councils) and scores the answers. Printed for each seed:
greedy's time and saving; of the optimised answer the saving, its ratio to the referee's own greedy, the bound
and the gap, wall time, processor time over all processes, and how many components were settled; then how long
one new need takes with what was kept. Ratios are what counts. Processor time far below processes times wall
time says that others had the machine.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from analytics.pooling import listing
from analytics.pooling.crew import SECONDS, Limits
from analytics.pooling.needs import Model, Need
from analytics.pooling.optimising import Plan, at_once, optimise

ROOT = Path(__file__).resolve().parents[1]
SAVING_TARGET, GAP_TARGET = 1.05, 0.12


def make(referee: Path, seed: int, file: Path) -> list[Need]:
    with file.open("w") as opened:
        subprocess.run([sys.executable, referee, "make", "--seed", str(seed)], stdout=opened, check=True)
    with file.open() as opened:
        return listing.read(opened)


def score(referee: Path, file: Path, plan: Plan) -> dict[str, Any]:
    answer = file.with_suffix(".json")
    answer.write_text(json.dumps({"pools": [{"needs": pool} for pool in plan.pools]}))
    told = subprocess.run(
        [sys.executable, referee, "score", file, answer], capture_output=True, text=True, check=False
    )
    return json.loads(told.stdout)


def processor_seconds() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def measure(referee: Path, seed: int, limits: Limits, folder: Path) -> bool:
    file = folder / f"needs{seed}.csv"
    needs = make(referee, seed, file)
    began = time.perf_counter()
    at_once(needs, Model())
    greedy_seconds, busy = time.perf_counter() - began, processor_seconds()
    plan = optimise(needs, Model(), seed=seed, limits=limits)
    busy = processor_seconds() - busy
    scored, standing = score(referee, file, plan), plan.standing
    print(
        f"seed {seed}: greedy {scored['greedy_10k_gbp']:.1f} in {greedy_seconds:.2f} s; "
        f"optimised {scored['saving_10k_gbp']:.1f} = {scored['ratio']:.4f} x greedy, "
        f"bound {standing.bound:.1f}, gap {standing.gap:.2%}, {standing.seconds:.0f} s wall, "
        f"{busy:.0f} s processor, {standing.settled_count} of {standing.part_count} components settled, "
        f"{scored['broken_count']} broken",
        flush=True,
    )
    new = Need("new", "C999", "0", needs[0].category, needs[0].national, 20, 5, 9, 0)
    began = time.perf_counter()
    again = optimise([*needs, new], Model(), kept=plan.kept, limits=Limits(10.0, processes=1))
    print(
        f"        one new need: {again.searched_count} component searched, first answer kept, "
        f"{again.standing.objective:.1f} after {time.perf_counter() - began:.1f} s",
        flush=True,
    )
    return scored["ratio"] >= SAVING_TARGET and standing.gap <= GAP_TARGET and not scored["broken_count"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--referee", type=Path, default=ROOT.parent / "shared/tools/needs_instance.py")
    chosen = parser.parse_args()
    limits = Limits(chosen.seconds, processes=chosen.processes)
    with tempfile.TemporaryDirectory() as folder:
        met = [measure(chosen.referee, seed, limits, Path(folder)) for seed in chosen.seeds]
    print(f"targets (saving {SAVING_TARGET} x greedy, gap {GAP_TARGET:.0%}) met: {sum(met)} of {len(met)}")


if __name__ == "__main__":
    main()
