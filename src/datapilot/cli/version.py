"""`datapilot version`."""

import typer

from datapilot import __version__

commands = typer.Typer()


@commands.callback()
def _group() -> None: ...


@commands.command("version")
def version() -> None:
    """Print the version."""
    print(f"datapilot {__version__}")
