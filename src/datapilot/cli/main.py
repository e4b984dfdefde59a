"""`datapilot …`: finds the command and loads only what that command needs, because imports are most of a short run.

Whatever goes wrong ends here: one line on stderr, `error CODE: sentence`, and an exit status. 0: it worked. 1: it
failed. 2: it was called wrongly. 130: it was interrupted.
"""

import errno
import io
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

from datapilot.contracts.errors import (
    DataPilotError,
    InvalidOption,
    MemoryLimitExceeded,
    ProcessingError,
    StorageFull,
)


class Place(NamedTuple):
    """Where a command lives, a function of its name in a module beside this one, and its help in one line."""

    module: str
    summary: str


# In the order `datapilot --help` shows them. The summaries stand here so that showing them loads no command.
COMMANDS = {
    "up": Place("run", "Start everything: page, API, workers and, without REDIS_URL, a queue server of our own."),
    "api": Place("run", "Serve the page and the API alone."),
    "worker": Place("run", "Work on jobs."),
    "analyze": Place("analyze", "Analyse FILE without a server."),
    "table": Place("table", "Write the whole main table of FILE, header first."),
    "verify": Place("verify", "Recompute every number of RESULT from FILE; exit 1 on any mismatch."),
    "reprocess": Place("reprocess", "Make the insights of a finished job anew from its stored result."),
    "cancel": Place("cancel", "Cancel a waiting or running job."),
    "clean": Place("clean", "Delete jobs older than JOB_TTL_HOURS; a dry run unless CLEANER_DRY_RUN=false."),
    "health": Place("health", "Say whether a job could run now; exit 1 when none would be accepted."),
    "keys": Place("keys", "Create, list or revoke the API keys of this folder's server or the one of REDIS_URL."),
    "version": Place("version", "Print the version."),
}

CALLED_WRONGLY = 2
INTERRUPTED = 128 + signal.SIGINT

MEMORY_MESSAGE = (
    "The analysis needed more memory than there is. Try a smaller file, or allow more: JOB_MEMORY_LIMIT_BYTES."
)
FULL_MESSAGE = "There is no room left on the disk. Free some space and try again."
BROKEN_MESSAGE = (
    "Something went wrong ({kind}). It is a fault of ours, not of the file: please report it with the file's kind and"
    " what DEBUG=true shows here."
)


class _CommandsByName(TyperGroup):
    """Loads a command's module when the command is named."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"datapilot.cli.{COMMANDS[cmd_name].module}")
        return _command(cmd_name, getattr(module, cmd_name))

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.summary) for name, place in COMMANDS.items()])


def _typer(**settings: Any) -> typer.Typer:
    """Return an empty application as all of ours are: plain text, which a pipe and a screen reader can read too."""
    return typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False, **settings)


def _command(name: str, function: Callable[..., None]) -> Any:
    one = _typer()
    one.command(name)(function)
    return typer.main.get_command(one)


app = _typer(cls=_CommandsByName, invoke_without_command=True)


@app.callback()
def _root(context: typer.Context) -> None:
    """The self-hosted data analyst whose every sentence is true."""
    if context.invoked_subcommand is None:
        print(context.get_help(), file=sys.stderr)
        raise typer.Exit(CALLED_WRONGLY)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    sys.exit(_run(None if arguments is None else list(arguments)))


def _run(arguments: list[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows "?" rather than nothing at all
            stream.reconfigure(errors="replace")
    try:
        status = app(args=arguments, prog_name="datapilot", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its end
        return 1  # as typer does when it is the one to notice
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except typer.TyperException as refused:
        return _say(_usage(refused))
    except Exception as error:  # noqa: BLE001 - the last stop: whatever it was is told in one line, with its code
        if _is_debug():
            traceback.print_exc()
        return _say(_ours(error))
    return status if isinstance(status, int) else 0


def _say(error: DataPilotError) -> int:
    # A sentence may hold names from a file; whatever they hold, it stays one line and commands no terminal.
    sentence = "".join(letter if letter.isprintable() else " " for letter in " ".join(str(error).split()))
    print(f"error {error.code}: {sentence}", file=sys.stderr)
    return CALLED_WRONGLY if isinstance(error, InvalidOption) else 1


def _usage(refused: typer.TyperException) -> DataPilotError:
    """Return the complaint about the call, with the command that explains it."""
    context = getattr(refused, "ctx", None)
    command = context.command_path if context else "datapilot"
    return InvalidOption(f"{refused.format_message().rstrip('.')}. `{command} --help` explains the command.")


def _ours(error: Exception) -> DataPilotError:
    """Return the error in the words of the house."""
    if isinstance(error, DataPilotError):
        return error
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
        return MemoryLimitExceeded(MEMORY_MESSAGE)
    if getattr(error, "errno", None) == errno.ENOSPC or "No space left on device" in str(error):
        return StorageFull(FULL_MESSAGE)
    return ProcessingError(BROKEN_MESSAGE.format(kind=type(error).__name__))


def _is_debug() -> bool:
    from datapilot.settings import load_settings  # noqa: PLC0415  # pydantic, which a command without settings spares

    try:
        return load_settings().debug
    except DataPilotError:
        return False
