"""What the web server's processes load: the application for the settings of the environment."""

from __future__ import annotations

import os
from typing import Any

from app import settings
from app.main import create_app
from store import embedded


def application() -> Any:
    """Return the application; the process that serves it started the database."""
    read = settings.read(os.environ)
    url = read.database_url or embedded.server_of(read.home).url("bt_app")
    return create_app(read, database_url=url, warm=True)
