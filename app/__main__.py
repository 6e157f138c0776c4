"""The command line: `buytogether` or `python -m app`."""

from __future__ import annotations

import logging

import click

from app.commands import demonstration, imports, keeping, operations, people, reports, serving


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="buytogether", prog_name="buytogether")
def main() -> None:
    """Buy Together: free software with which English councils buy together."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


main.add_command(imports.commands)
main.add_command(serving.run)
main.add_command(serving.serve)
main.add_command(serving.worker)
main.add_command(demonstration.demo)
main.add_command(reports.commands)
main.add_command(operations.migrate)
main.add_command(operations.audit_commands)
main.add_command(people.invite)
main.add_command(keeping.back_up)
main.add_command(keeping.restore)

if __name__ == "__main__":
    main(prog_name="buytogether")
