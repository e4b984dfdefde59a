"""`datapilot …`: finds the command and loads only what that command needs, because imports are most of a short run.

Whatever goes wrong ends here: one line on stderr, `error CODE: sentence`, and an exit status. 0: it worked. 1: it
failed. 2: it was called wrongly. 128 and a signal's number, 130 for Ctrl-C: it was told to end.
"""

import atexit
import errno
import gc
import io
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NamedTuple, NoReturn, TextIO

from datapilot.cli.commands import CALLED_WRONGLY
from datapilot.contracts.errors import (
    DataPilotError,
    InvalidOption,
    MemoryLimitExceeded,
    ProcessingError,
    StorageFull,
)
from datapilot.engine.heap import keep_freed_memory, leave_engines

# Commands that end with their work. So little of their garbage has cycles that looking for it every 700 objects is
# wasted: a tenth of the time of a small file.
SHORT_LIVED = frozenset({"analyze", "table", "verify", "version"})
OBJECTS_BETWEEN_LOOKS = 1_000_000

TOLD_TO_END = 128  # plus the number of the signal

MEMORY_MESSAGE = (
    "The analysis needed more memory than there is. Try a smaller file, or allow more: JOB_MEMORY_LIMIT_BYTES."
)
FULL_MESSAGE = "There is no room left on the disk. Free some space and try again."
BROKEN_MESSAGE = (
    "Something went wrong ({kind}). It is a fault of ours, not of the file: please report it with the file's kind and"
    " what DEBUG=true shows here."
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status. With `arguments` the process is somebody else's, and goes on."""
    if arguments is not None:
        sys.exit(_run(list(arguments)))
    is_short = bool(SHORT_LIVED.intersection(sys.argv[1:2]))
    if is_short:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # as `nohup` has it
                signal.signal(number, _leave)
        gc.set_threshold(OBJECTS_BETWEEN_LOOKS)
        # Idle threads of numpy's linear algebra turn in circles while they wait, and the engine has use for every core.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        # Contracts have none, and looking for some reads what every installed package offers.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
        keep_freed_memory()
        leave_engines()
    status = _run(sys.argv[1:])
    if not is_short:
        atexit._run_exitfuncs()  # what libraries still have to send or to remove, such as traces
    _leave_the_house_as_it_is(status)


def _leave_the_house_as_it_is(status: int) -> NoReturn:
    """End the process without taking everything down module by module. That is a tenth of the time of a small file, and
    half a second of work for each process of `up`, which is to be gone soon after it was told to end, on a busy machine
    too."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads it any more
            stream.flush()
    os._exit(status)


_told: list[int] = []  # the signals that told this process to end


def _leave(number: int, _frame: FrameType | None) -> None:
    """End the command wherever it is, so that it tidies up behind itself."""
    _told.append(number)
    raise KeyboardInterrupt


def _run(arguments: list[str]) -> int:
    sys.stdout = sys.stdout or _nowhere()  # closed by whoever started us
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows "?" rather than nothing at all
            stream.reconfigure(errors="replace")
    try:
        status = _called(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its end
        return 1  # as typer does when it is the one to notice
    except KeyboardInterrupt:
        return TOLD_TO_END + (_told[0] if _told else signal.SIGINT)
    except Exception as error:  # noqa: BLE001 - the last stop: whatever it was is told in one line, with its code
        if _told:  # in the middle of a query the engine makes an error of its own of it
            return TOLD_TO_END + _told[0]
        if _is_debug():
            traceback.print_exc()
        return _say(_ours(error))
    return status if isinstance(status, int) else 0


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")  # for as long as the process lives


def _called(arguments: list[str]) -> object:
    """Run the command; a plain `analyze FILE [--json OUT] [--no-llm]` spares itself the parser's import."""
    plain = _plain_analysis(arguments)
    if plain is None:
        from datapilot.cli.parser import run_command  # noqa: PLC0415  # 40 ms

        return run_command(arguments)
    from datapilot.cli.report import report_on  # noqa: PLC0415  # the engine, which other commands spare
    from datapilot.contracts.table import ReadingOptions  # noqa: PLC0415

    report_on(plain.file, json=plain.json, options=ReadingOptions(), no_llm=plain.no_llm)
    return 0


class _PlainAnalysis(NamedTuple):
    file: Path
    json: str | None
    no_llm: bool


def _plain_analysis(arguments: Sequence[str]) -> _PlainAnalysis | None:
    """Return what a call of `analyze` without reading options says; None where the parser has to look."""
    if arguments[:1] != ["analyze"]:
        return None
    files: list[str] = []
    json: str | None = None
    no_llm = False
    left = iter(arguments[1:])
    for word in left:
        if word == "--json":
            json = next(left, None)
            if json is None:
                return None
        elif word == "--no-llm":
            no_llm = True
        elif word.startswith("-"):
            return None
        else:
            files.append(word)
    return _PlainAnalysis(Path(files[0]), json, no_llm) if len(files) == 1 else None


def _say(error: DataPilotError) -> int:
    # A sentence may hold names from a file; whatever they hold, it stays one line and commands no terminal.
    sentence = "".join(letter if letter.isprintable() else " " for letter in " ".join(str(error).split()))
    print(f"error {error.code}: {sentence}", file=sys.stderr)
    return CALLED_WRONGLY if isinstance(error, InvalidOption) else 1


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
