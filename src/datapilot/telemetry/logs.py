"""Logs as one JSON line per event on stdout, or readable lines on a terminal. Every room's own logger ends here."""

import logging
import re
import sys
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, FilteringBoundLogger

from datapilot.telemetry.masking import OURS, masked

# What others say at INFO is their diary, not ours.
QUIET = ("docket", "redis", "uvicorn.access", "asyncio", "httpx", "httpcore", "sse_starlette", "multipart")
# All but tab and line feed, which traces have; then the marks that turn the direction of what follows.
CONTROLS = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]")
FIRST = ("timestamp", "level", "component", "jobId", "requestId", "step", "message", "duration_ms")


def configure(
    *, component: str, level: str = "INFO", as_json: bool | None = None, stream: TextIO | None = None
) -> None:
    """Send all logs of this process to stdout (or `stream`), each with the component's name. JSON unless that is a
    terminal, or as `as_json` says. May be called again."""
    out = stream or sys.stdout
    lines = not out.isatty() if as_json is None else as_json

    def named(_: Any, __: str, event: EventDict) -> EventDict:
        event.setdefault("component", component)
        return event

    alike: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),  # what the rooms pass to the standard library's loggers
        named,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.EventRenamer("message"),
        _without_personal_data,
        _without_controls,
    ]
    shown: list[structlog.typing.Processor] = (
        [_in_order, structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
        if lines
        else [structlog.dev.ConsoleRenderer(event_key="message", colors=out.isatty())]
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    output = logging.StreamHandler(out)
    output.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[*alike, *shown]))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(output)
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def set_level(component: str, level: str) -> None:
    """Let one component say more or less than the others."""
    logging.getLogger(f"datapilot.{component}").setLevel(level)


def get_logger(component: str) -> FilteringBoundLogger:
    """Return a logger that names its component: `get_logger("worker").info("job started", jobId=…)`. It may be made
    before `configure` is called, and obeys the latest call."""
    return cast("FilteringBoundLogger", structlog.get_logger(f"datapilot.{component}", component=component))


@contextmanager
def bound(**context: Any) -> Iterator[None]:
    """Add these fields (jobId, requestId, step …) to every line that is logged inside the block."""
    with structlog.contextvars.bound_contextvars(**{key: value for key, value in context.items() if value}):
        yield


@contextmanager
def stage(log: FilteringBoundLogger, step: str, message: str, **fields: Any) -> Iterator[dict[str, Any]]:
    """Log the message when the block has ended well, with how long it took. What the block puts into the mapping it
    is given is logged too. Lines inside bear the step's name."""
    found: dict[str, Any] = dict(fields)
    begun = time.perf_counter()
    with bound(step=step):
        yield found
        log.info(message, duration_ms=ms_since(begun), **found)


def ms_since(begun: float) -> float:
    """Return the milliseconds since this reading of `time.perf_counter()`, as the log tells durations."""
    return round((time.perf_counter() - begun) * 1000, 1)


def _without_personal_data(_: Any, __: str, event: EventDict) -> EventDict:
    # Keys with an underscore are structlog's own.
    return {key: value if key in OURS else masked(value) for key, value in event.items() if not key.startswith("_")}


def _without_controls(_: Any, __: str, event: EventDict) -> EventDict:
    """Show what a path or a name of a stranger's would do to the terminal that the line is read on."""
    return cast("EventDict", _shown(event))


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", value)
    if isinstance(value, dict):
        return {key: _shown(inner) for key, inner in value.items()}
    return [_shown(inner) for inner in value] if isinstance(value, list) else value


def _in_order(_: Any, __: str, event: EventDict) -> EventDict:
    """Put the fields everybody looks for first, and the rest below `extra`, so that keys never clash."""
    event = cast("MutableMapping[str, Any]", dict(event))
    ordered = {key: event.pop(key) for key in FIRST if key in event}
    return ordered | ({"extra": event} if event else {})
