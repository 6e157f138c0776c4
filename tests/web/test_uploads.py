from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar, Request, post

from web import uploads

TAKES = frozenset[uploads.Kind]({"text", "gzip"})
MOST = 2_000_000


@post("/send", request_max_body_size=None)
async def send(request: Request[Any, Any, Any]) -> dict[str, Any]:
    folder: Path = request.app.state.folder
    async with uploads.received(request, folder, most_bytes=MOST, takes=TAKES) as sent:
        return {
            "fields": sent.fields,
            "files": [
                [
                    file.field,
                    file.name,
                    file.kind,
                    file.size,
                    file.sha256,
                    file.path.read_bytes() == request.app.state.expected,
                ]
                for file in sent.files
            ],
        }


def left(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = Litestar([send], openapi_config=None)
    app.state.folder, app.state.expected = tmp_path, b""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://localhost"
    ) as client:
        client.app = app  # type: ignore[attr-defined]
        yield client


async def test_a_file_arrives_whole_with_its_hash_and_then_is_gone(client: Any, tmp_path: Path):
    content = b"Date,Amount\r\n" + b"01/04/2026,1.00\r\n" * 20_000
    client.app.state.expected = content
    answer = await client.post(
        "/send", data={"note": "April"}, files={"file": ("../../etc/April 2026.csv", content, "image/png")}
    )
    assert answer.status_code == 201
    told = answer.json()
    assert told["fields"] == {"note": "April"}
    digest = hashlib.sha256(content).hexdigest()
    assert told["files"] == [["file", "April 2026.csv", "text", len(content), digest, True]]
    assert not left(tmp_path)


async def test_a_field_without_a_file_is_no_file(client: Any):
    assert (await client.post("/send", files={"file": ("", b"")})).json()["files"] == []


async def test_too_much_is_refused_while_it_comes(client: Any, tmp_path: Path):
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        for _ in range(1000):
            sent += 1
            yield b"a" * 100_000

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = await client.post("/send", content=body(), headers=headers)
    assert answer.status_code == 413
    assert "2.0 MB" in answer.text
    assert sent < 30
    assert not left(tmp_path)


async def test_a_length_that_is_too_much_is_refused_unread(client: Any):
    answer = await client.post("/send", files={"file": ("a.csv", b"x" * (MOST + 1))})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7 ...", "is not a file of a kind"),
        (b"<!DOCTYPE html><p>Not found", "is not a file of a kind"),
        (b"\x7fELF\0\0\0", "is not a file of a kind"),
    ],
)
async def test_another_kind_is_refused_whatever_it_is_called(client: Any, content: bytes, said: str):
    answer = await client.post("/send", files={"file": ("a.csv", content, "text/csv")})
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"a=b"),
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nbroken'),
        ("multipart/form-data; boundary=x", b"no part at all"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 60 + b"--x--\r\n",
        ),
    ],
)
async def test_what_is_no_whole_form_is_a_bad_request(client: Any, tmp_path: Path, kind: str, body: bytes):
    answer = await client.post("/send", content=body, headers={"content-type": kind})
    assert answer.status_code == 400
    assert not left(tmp_path)


def workbook() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"a,b\r\n1,2\r\n", "text"),
        ("£,é\n".encode("cp1252"), "text"),
        ("£,é\n".encode("utf-16"), "text"),
        (b"a,b\n1,2\n\x1a", "text"),
        (gzip.compress(b"a,b", mtime=0), "gzip"),
        (workbook(), "xlsx"),
        (b"PK\x03\x04" + b"\0" * 50, "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "xls"),
        (b"\xef\xbb\xbf\n <HTML>", "html"),
        (bytes(range(256)), "unknown"),
    ],
)
def test_the_kind_comes_from_the_content(content: bytes, kind: str):
    assert uploads.kind_of(content) == kind
