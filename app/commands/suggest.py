"""`buytogether suggest …`: what the pages propose, from files; needs no database."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from analytics.pooling import listing, suggesting
from analytics.pooling.crew import SECONDS, Limits
from analytics.pooling.needs import Model, Need, Wishes
from analytics.pooling.optimising import Kept, Standing, optimise
from values.refusals import Refused

ASSUMED = Model()


@click.group("suggest")
def commands() -> None:
    """Proposals computed from a file: councils join by their own act."""


@commands.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--seconds", type=click.FloatRange(min=0), default=SECONDS, show_default=True, help="Time at most."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the search and of the intervals.")
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--at-once", is_flag=True, help="Greedy only: an answer in under a second, without a bound.")
@click.option("--pin", "pins", multiple=True, help="ID,ID…: in one pool; one ID: in some pool.")
@click.option("--forbid", "forbidden", multiple=True, help="ID,ID…: never together; one ID: in no pool.")
@click.option(
    "--keep",
    type=click.Path(dir_okay=False, path_type=Path),
    help="What is known: read if there, written at the end. Only what changed is searched again.",
)
@click.option("--elasticity", type=float, default=ASSUMED.elasticity, show_default=True, help="Assumed, β.")
@click.option("--elasticity-error", type=float, default=ASSUMED.elasticity_error, show_default=True)
@click.option("--pool-cost", type=float, default=ASSUMED.pool_cost, show_default=True, help="In £10,000.")
@click.option("--member-cost", type=float, default=ASSUMED.member_cost, show_default=True, help="In £10,000.")
@click.option("--quorum", type=int, default=ASSUMED.quorum, show_default=True, help="Members and councils.")
@click.option("--largest", type=int, default=ASSUMED.largest, show_default=True, help="Members at most.")
@click.option("--national-cap", type=int, default=ASSUMED.national_cap, show_default=True, help="In £10,000.")
@click.option("--regional-cap", type=int, default=ASSUMED.regional_cap, show_default=True, help="In £10,000.")
def pools(
    file: Path,
    seconds: float,
    seed: int,
    processes: int,
    at_once: bool,  # noqa: FBT001 -- a flag of the command line
    pins: Sequence[str],
    forbidden: Sequence[str],
    keep: Path | None,
    **model: Any,
) -> None:
    """Propose pools for the needs of FILE (CSV, plain or gzip): JSON with objective, bound and gap."""
    try:
        needs, rules, wishes = _read(file), _model(model), _wishes(pins, forbidden)
        if at_once:
            seconds = 0.0
        kept = _kept(keep)
        with _Bar(silent=at_once) as bar:
            plan = optimise(
                needs,
                rules,
                wishes=wishes,
                kept=kept,
                seed=seed,
                limits=Limits(seconds=seconds, processes=processes),
                tell=bar.tell,
            )
    except Refused as refusal:
        raise click.ClickException(refusal.message) from refusal
    if keep is not None:
        keep.write_text(json.dumps(asdict(plan.kept)), encoding="utf-8")
    click.echo(json.dumps(suggesting.as_told(plan, needs, rules, seed=seed), indent=2))


class _Bar:
    """The standing of a run on the terminal's error stream; nothing where that is no terminal."""

    def __init__(self, *, silent: bool) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        console = Console(stderr=True)
        self._bar = Progress(
            *columns, console=console, disable=silent or not console.is_terminal, transient=True
        )
        self._task = self._bar.add_task("Searching for pools", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def tell(self, standing: Standing) -> None:
        """Show saving and gap so far."""
        told = f"{standing.objective:,.0f} of at most {standing.bound:,.0f} (gap {standing.gap:.1%})"
        self._bar.update(
            self._task, description=told, total=standing.part_count, completed=standing.settled_count
        )


def _read(file: Path) -> list[Need]:
    with file.open("rb") as start:
        packed = start.read(2) == b"\x1f\x8b"
    opened = gzip.open if packed else open
    with opened(file, "rt", encoding="utf-8-sig", newline="") as lines:
        return listing.read(lines)


def _model(chosen: dict[str, Any]) -> Model:
    try:
        return Model(**chosen)
    except ValueError as error:
        raise Refused(f"These rules cannot be: {error}.") from error


def _wishes(pins: Sequence[str], forbidden: Sequence[str]) -> Wishes:
    together = tuple(frozenset(_names(pin)) for pin in pins)
    kept_apart = [_names(names) for names in forbidden]
    return Wishes(
        together=together,
        apart=frozenset(
            frozenset(pair) for names in kept_apart for pair in itertools.combinations(sorted(names), 2)
        ),
        out=frozenset(name for names in kept_apart if len(names) == 1 for name in names),
    )


def _names(told: str) -> set[str]:
    if names := {name.strip() for name in told.split(",")} - {""}:
        return names
    raise Refused("Name at least one need, by its id.")


def _kept(file: Path | None) -> Kept | None:
    if file is None or not file.exists():
        return None
    try:
        return suggesting.kept_from(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{file} does not hold what an earlier run kept.") from error
