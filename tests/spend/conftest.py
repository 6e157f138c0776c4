"""Published files in a test's own database and lake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from store.db import Sessions
from store.lake import Lake
from tests.spend.published import World


@pytest.fixture
def world(sessions_jobs: Sessions, owner: Any, tmp_path: Path) -> World:
    """Files go where the application of the same test reads them."""
    return World(sessions_jobs, Lake(tmp_path / "lake"), tmp_path / "files", owner)
