"""Charts: a Vega-Lite specification becomes an SVG that stands in the page, drawn once and kept.

Drawing happens in one process beside this one (`web.drawing`), started for the first chart. What was drawn is
kept under the hash of all that it was drawn from, in memory and in a folder, so the next reader waits for
nothing. A chart that cannot be drawn is None: the page shows its table, which says the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import importlib.metadata
import json
import logging
import re
import sys
import tempfile
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup, escape

from web import drawing

SECONDS: Final = 20.0  # the first chart waits for the drawing process to start, about two seconds
LINE_BYTES: Final = 32_000_000
KEPT: Final = 256
KEPT_IN_FOLDER: Final = 2_000  # of 40 kB each; which charts a service shows changes with its data
FORBIDDEN: Final = re.compile(
    r"<(script|style|foreignObject|iframe)\b|\s(style|on\w+)\s*=|href\s*=\s*[\"'](?!#)", re.IGNORECASE
)
_ROLES: Final = re.compile(r'\s(?:role|aria-[a-z]+)="[^"]*"')
_IDS: Final = re.compile(r'(?<=\s)id="([^"]+)"')
_ROOT: Final = Path(__file__).resolve().parent.parent

log = logging.getLogger(__name__)


class Charts:
    """Draws charts for one process that answers requests.

    Args:
        folder: keeps the newest drawings over a restart; made when it is not there. None: only memory does.
        seconds: how long a page waits for a drawing.
    """

    def __init__(self, folder: Path | None = None, *, seconds: float = SECONDS) -> None:
        self._folder = folder
        self._seconds = seconds
        self._kept: OrderedDict[str, Markup] = OrderedDict()
        self._pen = _Pen()
        self._version = importlib.metadata.version("vl-convert-python")
        if folder is not None:
            thin_out(folder, KEPT_IN_FOLDER)

    async def draw(self, spec: Mapping[str, Any], *, title: str, description: str) -> Markup | None:
        """Return the SVG of a chart for the `chart` macro, or None where it could not be drawn in time.

        Args:
            spec: Vega-Lite, with its data inside.
            title: names the chart to a screen reader.
            description: says in a sentence what it shows.
        """
        line = json.dumps(spec, sort_keys=True, ensure_ascii=True, allow_nan=False)
        made_from = f"{self._version}\0{title}\0{description}\0{line}"
        key = hashlib.sha256(made_from.encode()).hexdigest()
        if found := self._find(key):
            return found
        try:
            async with asyncio.timeout(self._seconds):
                svg = await self._pen.draw(line)
            drawn = finished(svg, key=key, title=title, description=description)
        except (TimeoutError, OSError, ValueError) as error:
            log.warning("a chart was not drawn: %s", error or type(error).__name__)
            return None
        self._keep(key, drawn)
        return drawn

    async def close(self) -> None:
        """End the drawing process."""
        await self._pen.stop()

    def _find(self, key: str) -> Markup | None:
        if found := self._kept.get(key):
            self._kept.move_to_end(key)
            return found
        if self._folder is not None:
            with contextlib.suppress(FileNotFoundError):
                drawn = Markup((self._folder / f"{key}.svg").read_text("utf-8"))  # noqa: S704 -- our own
                self._remember(key, drawn)
                return drawn
        return None

    def _keep(self, key: str, drawn: Markup) -> None:
        self._remember(key, drawn)
        if self._folder is not None:
            try:
                write_whole(self._folder / f"{key}.svg", drawn)
            except OSError as error:
                # The reader has the chart; whoever comes after a restart waits for it once more.
                log.warning("a chart was drawn and not kept: %s", error)

    def _remember(self, key: str, drawn: Markup) -> None:
        self._kept[key] = drawn
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def write_whole(place: Path, text: str) -> None:
    """Write a file that appears under its name when it is whole, whoever else writes the same meanwhile.

    Raises:
        OSError: it could not be written; nothing is left of it.
    """
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Several processes answer pages and may draw the same at the same time: each under a name of its own.
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", suffix=".part", dir=place.parent, delete=False
    ) as file:
        fresh = Path(file.name)
        try:
            file.write(text)
            file.flush()
            fresh.replace(place)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise


def thin_out(folder: Path, kept: int) -> None:
    """Remove all files of a folder but those written last; one that is gone meanwhile was removed by another.

    What somebody was killed over while writing goes with them: it gets no newer.
    """
    found: list[tuple[float, Path]] = []
    for file in folder.glob("*"):
        with contextlib.suppress(FileNotFoundError):
            found.append((file.stat().st_mtime, file))
    for _, file in sorted(found, reverse=True)[kept:]:
        file.unlink(missing_ok=True)


def finished(svg: str, *, key: str, title: str, description: str) -> Markup:
    """Return a drawing fit to stand in a page: named, harmless, with ids that no other drawing has.

    Raises:
        ValueError: it holds what our content-security policy or our page must not have.
    """
    if not svg.startswith("<svg ") or FORBIDDEN.search(svg):
        raise ValueError("the drawing holds a script, a style or an address")
    # It is one picture to a screen reader; the roles of its parts would only be noise there.
    svg = _ROLES.sub("", svg)
    prefix = f"c{key[:10]}"
    for name in set(_IDS.findall(svg)):
        svg = svg.replace(f'id="{name}"', f'id="{prefix}-{name}"').replace(f"#{name}", f"#{prefix}-{name}")
    start, rest = svg.removeprefix("<svg ").split(">", 1)
    return Markup(  # noqa: S704 -- checked above
        f'<svg role="img" aria-labelledby="{prefix}-title {prefix}-desc" focusable="false" {start}>'
        f'<title id="{prefix}-title">{escape(title)}</title>'
        f'<desc id="{prefix}-desc">{escape(description)}</desc>{rest}'
    )


class _Pen:
    """The drawing process, one drawing at a time."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None

    async def draw(self, line: str) -> str:
        async with self._lock:
            process = await self._running()
            reader, writer = process.stdout, process.stdin
            if reader is None or writer is None:
                raise OSError("the drawing process has no pipes")
            try:
                writer.write(line.encode() + b"\n")
                await writer.drain()
                answer = await reader.readline()
            except BaseException as error:
                # Timed out or broken in the middle: the next answer would be that of this question.
                await self._end(process)
                if isinstance(error, RuntimeError):
                    # So uvloop says that the pipe closed in this very moment.
                    raise OSError("the drawing process is gone") from error
                raise
        if not answer:
            raise OSError("the drawing process ended")
        told = json.loads(answer)
        if "svg" not in told:
            raise ValueError(told["error"])
        return str(told["svg"])

    async def stop(self) -> None:
        if self._process is not None:
            await self._end(self._process)

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is not None and (self._process.stdin is None or self._process.stdin.is_closing()):
            # It is ending, although its code is not known yet.
            await self._end(self._process)
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                drawing.__name__,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=LINE_BYTES,
                cwd=_ROOT,
            )
        return self._process

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        self._process = None
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
