"""The processes that read published files: one a processor, started once, each with a thread of its own."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import AsyncGenerator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from multiprocessing import forkserver

# Starting reading processes takes about as long as reading so many files.
FILES_WORTH_PROCESSES = 8
# What they load before they are told apart, so that it is loaded once; the second is for Polars.
_LOADED = ["spend.actions.intake", "numpy.ma"]
# Files are read side by side: threads within one would only get into each other's way. Those of the library
# behind numpy, which nobody here asks for anything, wait for work on a processor that reads.
_ONE_THREAD = {"POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@asynccontextmanager
async def readers(files: int) -> AsyncGenerator[Executor]:
    """Hand out readers for so many files: processes, or one thread where starting them costs more."""
    pool = ThreadPoolExecutor(1) if files < FILES_WORTH_PROCESSES else _processes()
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def prepare(files: int) -> None:
    """Begin to load what reading needs, beside whatever else is to be done first; does not wait for it."""
    if files < FILES_WORTH_PROCESSES:
        return
    multiprocessing.set_forkserver_preload(_LOADED)
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    try:
        forkserver.ensure_running()
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _processes() -> Executor:
    size = os.cpu_count() or 1
    try:
        prepare(FILES_WORTH_PROCESSES)
        pool = ProcessPoolExecutor(
            size, mp_context=multiprocessing.get_context("forkserver"), initializer=_make_ready
        )
    except OSError:
        # Some containers have no /dev/shm that we may write to, and so no semaphores: threads read, slower.
        return ThreadPoolExecutor(size)
    # Each starts with something to do, and all now: beside the first questions to the database.
    for _ in range(size):
        pool.submit(int)
    return pool


def _make_ready() -> None:
    """Read a file of one line, as the first costs three times the others; then let the collector rest.

    It leaves alone what was loaded, and looks for rings only now and then: there are few.
    """
    threading.Thread(target=_end_with_importer, name="importer", daemon=True).start()
    from spend import reading  # noqa: PLC0415 -- the process that imports need not read

    reading.read(b"Date,Supplier,Amount\n01/04/2024,Invented Ltd,1.00\n", "first.csv")
    gc.freeze()
    gc.set_threshold(100_000)


def _end_with_importer() -> None:
    """End this reader when the process that imports was killed: nobody else would tell it to."""
    importer = multiprocessing.parent_process()
    if importer is not None:
        importer.join()
        os._exit(1)
