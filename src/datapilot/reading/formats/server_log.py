"""Find the table in a server's log, one record a line, whose form is known and needs no header: requests as web servers
and Amazon's services log them, the lines of a system's log, Apache's errors."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine import duckdb
from datapilot.reading.encoding import decide_encoding, read_lines
from datapilot.reading.formats.log_lines import (
    FEWEST_LINES,
    NEARLY_ALL,
    filled_columns,
    head_lines,
    receipt_of_log,
    stored_table,
)
from datapilot.reading.late import late
from datapilot.reading.layout.body import Notes
from datapilot.reading.layout.row_shapes import snippet
from datapilot.reading.text_table import TextTable, store_rows
from datapilot.reading.vocabulary import months

NOT_SAID = "-"
FEWEST_BLANKS = 3  # in a line of any form: a line with fewer is of none
REQUEST, REQUEST_PARTS, REST = "request", ("method", "path", "protocol"), "rest"
SEVERITIES = ("emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug")  # RFC 5424
_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_FIELD = late(rf'{_QUOTED}|\[([^\]]*)\]|([^\s"]\S*)')
_MONTHS = months()
_REQUEST = late(r"([A-Z]{3,10}) (\S+)(?: (HTTP/[\d.]+))?")
_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)"
_ADDRESS = r"(?:[\d.]+|\[?[\da-fA-F:]+\]?):\d+"


def _severity(priority: str) -> str:
    """Return the word for the severity that the number in front of a line packs with the facility (RFC 5424)."""
    return SEVERITIES[int(priority) % len(SEVERITIES)]


def _as_iso(moment: str) -> str:
    """Return "Wed Oct 11 14:32:52 2000" as a moment whose parts stand in order."""
    _, month, day, clock, year = moment.split()
    return f"{year}-{_MONTHS[month.lower()]:02d}-{int(day):02d} {clock}" if month.lower() in _MONTHS else moment


class LogForm(NamedTuple):
    """`line` matches a whole line; its groups are the fields `names`, unless `is_cut`: then the fields stand between
    blanks, quotes and brackets. The field called "request" is cut into method, path and protocol; `turned` are fields
    that are written otherwise in the table, `note` what the receipt says besides."""

    words: str
    line: Callable[[], re.Pattern[str]]
    names: tuple[str, ...]
    is_cut: bool = False
    turned: Mapping[str, Callable[[str], str]] = {}
    note: str | None = None


# Sources: Apache's mod_log_config; Amazon's guides to access logs of S3 and of load balancers, and to flow logs;
# RFC 3164, RFC 5424 and rsyslog's templates; Apache's ErrorLogFormat.
FORMS = (
    LogForm(
        "a web server's log (Common Log Format); each request is a row",
        late(rf"(\S+) (\S+) (\S+) \[([^\]]+)\] {_QUOTED} (\d{{3}}) (\d+|-)(?: {_QUOTED} {_QUOTED})?(?: (.*))?"),
        ("host", "identity", "user", "time", "request", "status code", "bytes", "referrer", "user agent", "rest"),
    ),
    LogForm(
        "an S3 bucket's access log; each request is a row",
        late(rf"[0-9a-f]{{64}} \S+ \[[^\]]+\] \S+ \S+ \S+ [A-Z]+\.\S+ \S+ (?:{_QUOTED}|-) (?:\d{{3}}|-) .*"),
        (
            "bucket owner",
            "bucket",
            "time",
            "remote ip",
            "requester",
            "request id",
            "operation",
            "key",
            "request",
            "status code",
            "error code",
            "bytes sent",
            "object size",
            "total time (ms)",
            "turn-around time (ms)",
            "referrer",
            "user agent",
            "version id",
            "host id",
            "signature version",
            "cipher suite",
            "authentication type",
            "host header",
            "tls version",
            "access point arn",
            "acl required",
        ),
        is_cut=True,
    ),
    LogForm(
        "an application load balancer's log; each request is a row",
        late(rf"(?:https?|h2|grpcs|wss?) {_MOMENT} \S+ {_ADDRESS} (?:{_ADDRESS}|-) .*"),
        (
            "type",
            "time",
            "load balancer",
            "client",
            "target",
            "request processing time (s)",
            "target processing time (s)",
            "response processing time (s)",
            "status code",
            "target status code",
            "received bytes",
            "sent bytes",
            "request",
            "user agent",
            "ssl cipher",
            "ssl protocol",
            "target group arn",
            "trace id",
            "domain name",
            "certificate arn",
            "matched rule priority",
            "request creation time",
            "actions executed",
            "redirect url",
            "error reason",
            "target list",
            "target status code list",
            "classification",
            "classification reason",
            "connection trace id",
        ),
        is_cut=True,
    ),
    LogForm(
        "a classic load balancer's log; each request is a row",
        late(rf"{_MOMENT} \S+ {_ADDRESS} (?:{_ADDRESS}|-) [\d.-]+ [\d.-]+ [\d.-]+ .*"),
        (
            "time",
            "load balancer",
            "client",
            "backend",
            "request processing time (s)",
            "backend processing time (s)",
            "response processing time (s)",
            "status code",
            "backend status code",
            "received bytes",
            "sent bytes",
            "request",
            "user agent",
            "ssl cipher",
            "ssl protocol",
        ),
        is_cut=True,
    ),
    LogForm(
        "a flow log (version 2) of a virtual network; each flow is a row",
        late(r"2 \d{12} eni-\w+ (?:\S+ ){9}(?:ACCEPT|REJECT|-) (?:OK|NODATA|SKIPDATA)"),
        (
            "version",
            "account id",
            "interface id",
            "source address",
            "destination address",
            "source port",
            "destination port",
            "protocol code",
            "packets",
            "bytes",
            "start time",
            "end time",
            "action",
            "log status",
        ),
        is_cut=True,
    ),
    LogForm(
        "a system's log (syslog); each message is a row",
        late(
            r"(?:<(\d{1,3})>)?([A-Z][a-z]{2} [ \d]\d) (\d\d:\d\d:\d\d)"
            r" (\S+) (?:([^\s:\[\]]+)(?:\[(\d+)\])?: ?|(?=last message |message repeated |-- MARK))(.*)"
        ),
        ("severity", "day", "time", "host", "program", "process id", "message"),
        turned={"severity": _severity},
        note="The lines name no year, so that their days stay text.",
    ),
    LogForm(
        "a system's log (syslog, RFC 5424); each message is a row",
        late(
            rf"<(\d{{1,3}})>\d ({_MOMENT}|-) (\S+) (\S+) (\S+)"
            r" (\S+) (-|(?:\[(?:[^\]\\]|\\.)*\])+)(?: (.*))?"
        ),
        ("severity", "time", "host", "program", "process id", "message id", "data", "message"),
        turned={"severity": _severity},
    ),
    LogForm(
        "a system's log (syslog); each message is a row",
        late(
            rf"(?:<(\d{{1,3}})>)?({_MOMENT}) ([^\s:,;|]+)"
            r" ([^\s:\[\],;|]+)(?:\[(\d+)\])?: (.*)"
        ),
        ("severity", "time", "host", "program", "process id", "message"),
        turned={"severity": _severity},
    ),
    LogForm(
        "a web server's log of errors; each message is a row",
        late(
            r"\[([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})? \d{4})\]"
            r" \[(?:(\w*):)?([a-z]+\d?)\](?: \[pid (\d+)(?::tid (\d+))?\])?"
            r"(?: \[client ([^\]]+)\])?(?: (AH\d{5}):)? (.*)"
        ),
        ("time", "module", "level", "process id", "thread id", "client", "message id", "message"),
        turned={"time": _as_iso},
    ),
)


def holds_server_log(lines: Sequence[str]) -> bool:
    """True where a file's first lines are records in one of the known forms."""
    return _form_of(lines) is not None


def _form_of(lines: Sequence[str]) -> LogForm | None:
    fewest = NEARLY_ALL * len(lines)
    if len(lines) < FEWEST_LINES or sum(line.count(" ") >= FEWEST_BLANKS for line in lines) < fewest:
        return None
    for form in FORMS:
        whole = form.line().fullmatch
        if sum(whole(line) is not None for line in lines) >= fewest:
            return form
    return None


def read_server_log(
    path: Path, *, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Return one row a record. What no line says (`-`) is missing, and a column that no line fills is left out; lines
    of any other make are named in the receipt."""
    form = _form_of(head_lines(path))
    assert form is not None  # the same lines were looked at before
    encoding = decide_encoding(path)
    names = _columns(form)
    skipped = Notes()
    store_rows(connection, _rows(read_lines(path, encoding), form, skipped), len(names), limits)
    filled = filled_columns(connection, names)
    unsaid = [name for name in names if name not in filled and name != REST]
    note = f"The file is {form.words}."
    if unsaid:
        note += f" No line says its {', '.join(unsaid)}."
    notes = (note, form.note) if form.note else (note,)
    receipt = receipt_of_log(encoding, skipped, notes, options)
    return stored_table(connection, filled, receipt)


def _columns(form: LogForm) -> list[str]:
    names = [part for name in form.names for part in (REQUEST_PARTS if name == REQUEST else (name,))]
    return [*names, REST] if form.is_cut else names


def _rows(lines: Iterator[str], form: LogForm, skipped: Notes) -> Iterator[list[str | None]]:
    whole = form.line().fullmatch
    for number, line in enumerate(lines, start=1):
        text = line.rstrip("\r\n")
        match = whole(text)
        if match is None:
            if text.strip():
                skipped.add(number, "no record as the other lines are", snippet([text]))
            continue
        fields = _cut(text, len(form.names)) if form.is_cut else list(match.groups())
        row: list[str | None] = []
        for name, field in zip(form.names, fields, strict=False):
            if name == REQUEST:
                parts = _REQUEST().fullmatch(field or "")
                # What is no request in the protocol's form (a probe, garbage) stands whole under the path.
                row += parts.groups() if parts else (None, field, None)
            else:
                turn = form.turned.get(name)
                row.append(turn(field) if turn and field else field)
        yield [None if cell == NOT_SAID else cell for cell in (*row, *fields[len(form.names) :])]


def _cut(text: str, most: int) -> list[str | None]:
    """Return the fields of a line, those beyond the known ones as one."""
    found = list(_FIELD().finditer(text))
    fields: list[str | None] = [next((part for part in one.groups() if part is not None), None) for one in found[:most]]
    return [*fields, text[found[most].start() :]] if len(found) > most else fields
