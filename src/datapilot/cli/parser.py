"""The commands as typer reads them: each is found by its name, and only what it needs is loaded."""

import sys
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from datapilot.cli.commands import CALLED_WRONGLY, COMMANDS
from datapilot.cli.version import version as print_version
from datapilot.contracts.errors import InvalidOption
from datapilot.words.complaints import in_plain_words


class _CommandsByName(TyperGroup):
    """Loads a command's module when the command is named."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            alike = get_close_matches(cmd_name, [*COMMANDS, "--help"], n=1)
            meant = f" Did you mean `datapilot {alike[0]}`?" if alike else ""
            raise InvalidOption(f"No such command '{cmd_name}'.{meant} `datapilot --help` explains the command.")
        module = import_module(f"datapilot.cli.{COMMANDS[cmd_name].module}")
        verbs = getattr(module, "VERBS", None)
        return _command(cmd_name, getattr(module, cmd_name)) if verbs is None else _group(cmd_name, verbs)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.summary) for name, place in COMMANDS.items()])


def _typer(**settings: Any) -> typer.Typer:
    """Return an empty application as all of ours are: plain text, which a pipe and a screen reader can read too."""
    return typer.Typer(
        rich_markup_mode=None,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
        **settings,
    )


def _command(name: str, function: Callable[..., None]) -> Any:
    one = _typer()
    one.command(name)(function)
    return typer.main.get_command(one)


def _group(name: str, verbs: Mapping[str, Callable[..., None]]) -> Any:
    one = _typer(help=COMMANDS[name].summary, no_args_is_help=False)
    one.callback()(lambda: None)  # without it, a single verb would be the command itself
    for verb, function in verbs.items():
        one.command(verb)(function)
    return typer.main.get_command(one)


app = _typer(cls=_CommandsByName, invoke_without_command=True)


@app.callback()
def _root(
    context: typer.Context, *, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """The self-hosted data analyst whose every sentence is true."""
    if version:
        print_version()
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help(), file=sys.stderr)
        raise typer.Exit(CALLED_WRONGLY)


def run_command(arguments: list[str]) -> object:
    """Run the command and return its status. Raises InvalidOption when it is called wrongly."""
    try:
        return app(args=arguments, prog_name="datapilot", standalone_mode=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except typer.TyperException as refused:
        raise _usage(refused) from None


def _usage(refused: typer.TyperException) -> InvalidOption:
    """Return the complaint about the call, with the command that explains it."""
    context = getattr(refused, "ctx", None)
    command = context.command_path if context else "datapilot"
    what, colon, reason = refused.format_message().rstrip(".").partition(": ")
    said = f"{what}{colon}{in_plain_words(reason)}"
    return InvalidOption(f"{said}{'' if said.endswith('?') else '.'} `{command} --help` explains the command.")
