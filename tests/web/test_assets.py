from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import httpx
import pytest
from litestar import Request
from litestar.response import Response

from tests.web.conftest import PACKAGES, ROOT
from web import assets

pytestmark = pytest.mark.skipif(not PACKAGES.exists(), reason="node_modules is not installed")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_two_builds_are_the_same_and_the_second_is_skipped(tmp_path: Path):
    assert assets.build(ROOT, tmp_path / "one")
    assert assets.build(ROOT, tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "one").iterdir()}
    assert not assets.build(ROOT, tmp_path / "one")
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "one").iterdir()} == before


def test_a_build_that_broke_off_is_made_again(tmp_path: Path):
    assets.build(ROOT, tmp_path)
    (tmp_path / assets.MANIFEST).unlink()
    (tmp_path / "left-over.css").write_text("x")
    assert assets.build(ROOT, tmp_path)
    assert not (tmp_path / "left-over.css").exists()


def test_packed_forms_hold_the_same(tmp_path: Path):
    assets.build(ROOT, tmp_path)
    plain = [path for path in tmp_path.iterdir() if path.suffix not in {".br", ".gz", ".json"}]
    assert len(plain) == 7
    for path in plain:
        assert brotli.decompress(Path(f"{path}.br").read_bytes()) == path.read_bytes()
        assert gzip.decompress(Path(f"{path}.gz").read_bytes()) == path.read_bytes()


def test_nothing_of_the_brand_is_left(static: assets.Assets):
    css = static.served[static.url("app.css")].answers["identity"][1].decode()
    assert not re.search(r"transport\b,|gds|crest|@font-face|url\((?!data:)", css, re.IGNORECASE)
    assert "font-family:arial" in css
    assert ".app-header" in css


def test_scripts_name_each_other_with_their_hashes(static: assets.Assets):
    script = static.served[static.url("app.js")].answers["identity"][1].decode()
    address = re.search(r'from "\./(govuk\.[0-9a-f]{12}\.js)"', script)
    assert address
    assert static.url("govuk.js") == assets.PREFIX + address[1]
    assert not any(
        "sourceMappingURL" in body.decode()
        for _, body in (served.answers["identity"] for served in static.served.values())
    )


def test_what_is_missing_is_said_with_the_command_that_makes_it(tmp_path: Path):
    with pytest.raises(assets.Missing, match="npm ci"):
        assets.build(tmp_path, tmp_path / "static")
    with pytest.raises(assets.Missing, match=r"python -m web\.assets"):
        assets.Assets.load(tmp_path)


def test_a_style_sheet_that_asks_for_other_files_is_refused():
    with pytest.raises(ValueError, match="not sent"):
        assets.without_branding("a{background:url(/assets/new.svg)}")


def test_the_lock_names_no_host_and_pins_what_is_sent():
    lock = (ROOT / "package-lock.json").read_text()
    assert "resolved" not in lock
    assert "://" not in re.sub(r'"funding": \{[^}]*\}', "", lock)
    wanted = json.loads((ROOT / "package.json").read_text())
    for name, version in (wanted["dependencies"] | wanted["devDependencies"]).items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        assert json.loads(lock)["packages"][f"node_modules/{name}"]["version"] == version


async def test_assets_come_from_memory_in_the_smallest_form(static: assets.Assets):
    async def elsewhere(scope: Any, receive: Any, send: Any) -> None:
        await Response(content=b"else", status_code=404).to_asgi_response(app=None, request=Request(scope))(
            scope, receive, send
        )

    transport = httpx.ASGITransport(app=static.before(elsewhere))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        address = static.url("app.css")
        plain = await client.get(address, headers={"accept-encoding": "identity"})
        small = await client.get(address, headers={"accept-encoding": "gzip, br"})
        assert small.headers["content-encoding"] == "br"
        assert small.content == plain.content
        assert int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 5
        assert plain.headers["content-type"] == "text/css; charset=utf-8"
        assert "immutable" in plain.headers["cache-control"]
        gzipped = await client.get(address, headers={"accept-encoding": "gzip"})
        assert gzipped.headers["content-encoding"] == "gzip"
        assert (await client.head(address)).content == b""
        for path in ("/static/gone.css", "/static/../pyproject.toml", "/plain"):
            assert (await client.get(path)).status_code == 404
        assert urlsplit(address).path.startswith("/static/app.")
