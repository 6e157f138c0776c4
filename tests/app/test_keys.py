"""`buytogether keys`: a master key that was lost is named before anybody needs to open something."""

from __future__ import annotations

import asyncio
import json

import pytest
from click.testing import CliRunner

from app.__main__ import main
from store import sealing
from store.db import transaction
from tenders.actions.bidding import sealed
from tests import build
from tests.tenders import made

OTHER = b"another master key, made anew..."


@pytest.fixture
def ask(database, tmp_path):
    """Run the command beside a master key."""

    async def asking(master, *words):
        key = tmp_path / "keys/master.key"
        key.parent.mkdir(exist_ok=True)
        key.write_bytes(master)
        environment = {
            "BUYTOGETHER_HOME": str(tmp_path),
            "DATABASE_URL": database.app,
            "DATABASE_JOBS_URL": database.jobs,
        }
        # The command runs a loop of its own.
        return await asyncio.to_thread(CliRunner().invoke, main, ["keys", *words], env=environment)

    return asking


async def test_a_lost_master_key_is_named_and_one_that_is_back_is_right(ask, db, sessions_app, owner):
    cast = await made.build_cast(db)
    tender_id = await made.make(sessions_app, cast)
    actor = cast["officer"].actor
    async with transaction(sessions_app, actor) as own:
        await sealed.make_key(own, actor, tender_id, master=build.KEY)
    right = await ask(build.KEY)
    assert right.exit_code == 0
    assert "Keys of tenders: 1." in right.output
    lost = await ask(OTHER)
    assert lost.exit_code == 1
    assert "KeyLost" in lost.output
    assert sealing.fingerprint(build.KEY).hex() in lost.output
    assert "put the earlier file keys/master.key back" in lost.output
    assert (await ask(build.KEY)).exit_code == 0
    await owner.execute("update tender_key set public = $1", b"x" * 32)
    changed = await ask(build.KEY, "--json")
    assert changed.exit_code == 1
    assert json.loads(changed.output)["tenders"][0]["wrong"].startswith("Tampered")
