"""The command line: `buytogether` or `python -m app`."""

from __future__ import annotations

import importlib
import logging
from typing import Final

import click

# Each command's module is loaded when the command is asked for: most bring along what no other needs.
COMMANDS: Final = {
    "import": "imports:commands",
    "run": "serving:run",
    "serve": "serving:serve",
    "worker": "serving:worker",
    "demo": "demonstration:demo",
    "report": "reports:commands",
    "export": "exports:commands",
    "suggest": "suggest:commands",
    "timetable": "timetable:timetable",
    "migrate": "operations:migrate",
    "audit": "operations:audit_commands",
    "keys": "keys:keys",
    "invite": "people:invite",
    "authority": "authority:authority",
    "backup": "keeping:back_up",
    "restore": "keeping:restore",
}


class Commands(click.Group):
    """The commands by name, loaded one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(f"app.commands.{module}"), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="buytogether", prog_name="buytogether")
def main() -> None:
    """Buy Together: free software with which English councils buy together."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


if __name__ == "__main__":
    main(prog_name="buytogether")
