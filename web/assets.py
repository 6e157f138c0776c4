"""What the browser loads: built from the packages and our own files into `static/`, served from memory.

`python -m web.assets` builds. The names carry a hash of the content, so a browser may keep each file for
ever; the bytes are compressed once, here. GOV.UK Frontend may be used off GOV.UK without its fonts, crown and
crest, so those are taken out of its style sheet. No font is sent: Source Sans 3 in two weights would add
about 380 kB compressed to a first visit whose page, styles and scripts together take about 40 kB.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import brotli
import msgspec
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

PREFIX: Final = "/static/"
MANIFEST: Final = "manifest.json"
KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
GOVUK: Final = "govuk-frontend/dist/govuk/govuk-frontend.min"
_SOURCE_MAP: Final = re.compile(rb"\n?(/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S*)\n?")


class Missing(Exception):  # noqa: N818 -- what is missing is said in the message
    """A file that the pages need is not there; the message says which command makes it."""


@dataclass(frozen=True, slots=True)
class Built:
    """What stands in the manifest about one file."""

    path: str
    kind: str


class Manifest(msgspec.Struct, frozen=True):
    """What `static/` holds, and the fingerprint of what it was made from."""

    fingerprint: str
    files: dict[str, Built]


def without_branding(css: str) -> str:
    """Return GOV.UK Frontend's style sheet without its fonts and its crest, which are for GOV.UK alone."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,", "").replace("GDS Transport", "arial")
    css = re.sub(r"url\([^)]*crest[^)]*\)", "none", css)
    if left := re.findall(r"url\((?!data:)[^)]*\)", css):
        raise ValueError(f"the style sheet asks for files that are not sent: {left}")
    return css


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Missing(f"{path} is not there: run `npm ci --ignore-scripts` first") from error


def sources(root: Path) -> dict[str, bytes]:
    """Return the files by the name that templates use, each after those that it needs."""
    packages, ours = root / "node_modules", root / "assets"
    govuk_css = without_branding(_read(packages / f"{GOVUK}.css").decode())
    found = {
        "licences.txt": _read(ours / "licences.txt"),
        "favicon.svg": _read(ours / "favicon.svg"),
        "app.css": govuk_css.encode() + b"\n" + _read(ours / "app.css"),
        "boot.js": _read(ours / "boot.js"),
        "htmx.js": _read(packages / "htmx.org/dist/htmx.min.js"),
        "govuk.js": _read(packages / f"{GOVUK}.js"),
        "app.js": _read(ours / "app.js"),
    }
    return {name: _SOURCE_MAP.sub(b"\n", content) for name, content in found.items()}


def _hashed(name: str, content: bytes) -> str:
    stem, suffix = name.rsplit(".", 1)
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"


def build(root: Path, target: Path) -> bool:
    """Write `target`, the same bytes for the same sources; return False where it was up to date already."""
    files = sources(root)
    maker = Path(__file__).read_bytes() + brotli.__version__.encode()
    joined = b"\0".join(name.encode() + b"\0" + content for name, content in files.items())
    fingerprint = hashlib.sha256(joined + maker).hexdigest()
    if _fingerprint(target) == fingerprint:
        return False
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        old.unlink()
    built: dict[str, Built] = {}
    for name, source in files.items():
        content = source
        for earlier, made in built.items():  # a script imports another by the name with its hash
            content = content.replace(f'"./{earlier}"'.encode(), f'"./{made.path}"'.encode())
        built[name] = Built(_hashed(name, content), KINDS[Path(name).suffix])
        path = target / built[name].path
        path.write_bytes(content)
        path.with_name(path.name + ".br").write_bytes(brotli.compress(content, quality=11))
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))
    # Last: a build that was interrupted has no manifest, and is made again.
    (target / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(Manifest(fingerprint, built))))
    return True


def _fingerprint(target: Path) -> str | None:
    try:
        return msgspec.json.decode((target / MANIFEST).read_bytes(), type=Manifest).fingerprint
    except (FileNotFoundError, msgspec.DecodeError):
        return None


Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Served:
    """One file in memory: its bytes by encoding, with the headers of each."""

    answers: Mapping[str, tuple[Headers, bytes]]

    def best(self, accepted: str) -> tuple[Headers, bytes]:
        """Return headers and bytes in the smallest form that the browser takes."""
        for encoding in ("br", "gzip"):
            if encoding in accepted:
                return self.answers[encoding]
        return self.answers["identity"]


@dataclass(frozen=True, slots=True)
class Assets:
    """The built files: addresses for templates, bytes for the server."""

    addresses: Mapping[str, str]
    served: Mapping[str, Served]

    @classmethod
    def load(cls, folder: Path) -> Assets:
        """Read a built folder into memory.

        Raises:
            Missing: nothing was built there.
        """
        try:
            manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        except FileNotFoundError as error:
            raise Missing(f"{folder} was not built: run `python -m web.assets` first") from error
        addresses = {name: PREFIX + built.path for name, built in manifest.files.items()}
        return cls(
            addresses, {PREFIX + built.path: _served(folder, built) for built in manifest.files.values()}
        )

    def url(self, name: str) -> str:
        """Return the address of a file for a template: `asset("app.css")`."""
        return self.addresses[name]

    def before(self, following: ASGIApp) -> ASGIApp:
        """Answer what lies under /static/ from memory, and pass everything else on."""

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
                await following(scope, receive, send)
                return
            found = self.served.get(scope["path"])
            if found is None or scope["method"] not in {"GET", "HEAD"}:
                await following(scope, receive, send)
                return
            headers, body = found.best(_accepted(scope))
            await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
            sent = b"" if scope["method"] == "HEAD" else body
            await send({"type": "http.response.body", "body": sent, "more_body": False})

        return serve


def _accepted(scope: HTTPScope) -> str:
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            return value.decode("latin-1")
    return ""


def _served(folder: Path, built: Built) -> Served:
    answers: dict[str, tuple[Headers, bytes]] = {}
    for encoding, suffix in (("identity", ""), ("br", ".br"), ("gzip", ".gz")):
        body = (folder / (built.path + suffix)).read_bytes()
        headers = [
            (b"content-type", built.kind.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"public, max-age=31536000, immutable"),
            (b"vary", b"accept-encoding"),
        ]
        if suffix:
            headers.append((b"content-encoding", encoding.encode()))
        answers[encoding] = headers, body
    return Served(answers)


def main() -> int:
    """Build `static/` beside the packages and say what was done."""
    root = Path(__file__).resolve().parent.parent
    try:
        done = build(root, root / "static")
    except Missing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    sys.stdout.write("static/ built\n" if done else "static/ is up to date\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
