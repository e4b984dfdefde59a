"""`datapilot …`: finds the command and loads only what that command needs, because imports are most of a short run."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from datapilot.contracts.errors import DataPilotError

COMMANDS = {
    "up": "run",
    "api": "run",
    "worker": "run",
    "analyze": "analyze",
    "table": "table",
    "verify": "verify",
    "cancel": "jobs",
    "health": "health",
    "version": "version",
}  # in the order `datapilot --help` shows them; the value is the module beside this one


class _CommandsByName(TyperGroup):
    """Loads a command's module when the command is named."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"datapilot.cli.{COMMANDS[cmd_name]}")
        group = typer.main.get_group(module.commands)
        return group.get_command(ctx, cmd_name)


app = typer.Typer(
    cls=_CommandsByName,
    help="The self-hosted data analyst whose every sentence is true.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _root() -> None:
    """The self-hosted data analyst whose every sentence is true."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; exits 0 when it worked, 1 when it failed, 2 when it was called wrongly."""
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="datapilot")
    except DataPilotError as error:
        print(f"error {error.code}: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
