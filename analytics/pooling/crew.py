"""Two processes, or more, that take turns at the components: the widest gap for the work so far first."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing.synchronize import Event

from analytics.pooling.search import Search, advance

SECONDS = 112.0  # of the two minutes that a run may take with reading needs and writing pools
TURN_SECONDS = 1.5
TELL_SECONDS = 0.5
WORTH_PROCESSES = 150  # needs: fewer are solved before another process has started
HANDING_OVER = 0.3  # seconds before the deadline at which a turn ends

_told_to_stop: Event | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and with how much a run works.

    Attributes:
        seconds: wall time; near it the best so far is handed out.
        steps: of each component; where this ends a run before the time does, the same seed gives the same.
        processes: how many at once; 1 works in this process.
        gap: a component whose own gap is no wider is left alone.
    """

    seconds: float = SECONDS
    steps: int = 1_000_000
    processes: int = 2
    gap: float = 0.0


def run(
    searches: list[Search],
    work: list[int],
    *,
    deadline: float,
    limits: Limits,
    tell: Callable[[], None],
    cancelled: Callable[[], bool],
) -> None:
    """Work on some searches until all are settled, the deadline comes or it is cancelled.

    The list is changed in place: each search is replaced by how it stands.
    """
    needs = sum(len(searches[n].part.items) for n in work)
    crew = _alone if limits.processes == 1 or needs < WORTH_PROCESSES else _together
    crew(searches, work, deadline=deadline, limits=limits, tell=tell, cancelled=cancelled)


def _next(searches: list[Search], waiting: set[int], limits: Limits) -> int | None:
    """Return the search with most to gain for the work that it has had."""
    left = [
        n
        for n in waiting
        if not searches[n].done
        and searches[n].step_count < limits.steps
        and not (searches[n].started and _gap(searches[n]) <= limits.gap)
    ]
    return min(left, key=lambda n: (-_promise(searches[n]), n), default=None)


def _promise(search: Search) -> float:
    """Return how much may be gained for a step, whose time grows faster than the needs."""
    return (search.bound - search.value) / (len(search.part.items) ** 1.5 * (1 + search.step_count))


def _gap(search: Search) -> float:
    return 1 - search.value / search.bound if search.bound > 0 else 0.0


def _alone(
    searches: list[Search],
    work: list[int],
    *,
    deadline: float,
    limits: Limits,
    tell: Callable[[], None],
    cancelled: Callable[[], bool],
) -> None:
    told = time.monotonic()

    def stop() -> bool:
        return time.monotonic() > deadline or cancelled()

    while not stop() and (n := _next(searches, set(work), limits)) is not None:
        advance(searches[n], steps=1, stop=stop)
        if time.monotonic() - told > TELL_SECONDS:
            told = time.monotonic()
            tell()


def _together(
    searches: list[Search],
    work: list[int],
    *,
    deadline: float,
    limits: Limits,
    tell: Callable[[], None],
    cancelled: Callable[[], bool],
) -> None:
    # A fresh process each: a fork of a program with threads may never wake up.
    context = multiprocessing.get_context("spawn")
    try:
        event = context.Event()
    except OSError:
        # Some containers have no /dev/shm that we may write to, and so no semaphores: one process does all.
        _alone(searches, work, deadline=deadline, limits=limits, tell=tell, cancelled=cancelled)
        return
    waiting, running = set(work), dict[Future[Search], int]()
    with ProcessPoolExecutor(limits.processes, context, _begin, (event,)) as pool:
        while True:
            late = time.monotonic() > deadline - HANDING_OVER or cancelled()
            while not late and len(running) < limits.processes:
                n = _next(searches, waiting, limits)
                if n is None:
                    break
                waiting.discard(n)
                seconds = deadline - HANDING_OVER - time.monotonic()
                steps = limits.steps - searches[n].step_count
                running[pool.submit(_turn, searches[n], seconds, steps)] = n
            if late:
                event.set()
            if not running:
                break
            finished, _ = wait(running, timeout=TELL_SECONDS, return_when=FIRST_COMPLETED)
            for future in finished:
                n = running.pop(future)
                searches[n] = future.result()
                waiting.add(n)
            tell()


def _begin(event: Event) -> None:
    """Remember in a new process how it is told to stop."""
    global _told_to_stop  # noqa: PLW0603 -- a process has one initialiser, and an event travels only through it
    _told_to_stop = event


def _turn(search: Search, seconds: float, steps: int) -> Search:
    """Take steps for a turn, whole ones unless time is up or the run is cancelled."""
    began = time.monotonic()

    def stop() -> bool:
        told = _told_to_stop is not None and _told_to_stop.is_set()
        return told or time.monotonic() - began > seconds

    before = search.step_count
    while time.monotonic() - began < TURN_SECONDS and search.step_count - before < steps:
        taken = search.step_count
        advance(search, steps=1, stop=stop)
        if search.step_count == taken:
            break
    return search
