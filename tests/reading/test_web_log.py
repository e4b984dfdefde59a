"""A web server's log is a table of requests."""

from datetime import datetime

import pytest

pytestmark = pytest.mark.spec("A2")

COMBINED = [
    '10.0.0.{k} - - [03/May/2024:10:15:{k:02d} +0200] "GET /shop?id={k} HTTP/1.1" 200 {k}12 "-" "Mozilla/5.0 (X11)"',
    '10.0.0.{k} - - [03/May/2024:10:16:{k:02d} +0200] "POST /login HTTP/1.1" 404 - "http://a.example" "curl/8 \\"x\\""',
]


def test_requests_are_rows(read_text):
    """Moments are read as such, requests are cut up, and what no line says makes no column."""
    lines = [line.format(k=k) for k in range(1, 21) for line in COMBINED]

    read = read_text("\n".join(lines) + "\n", name="access.log")

    assert read.names == [
        "host", "time", "method", "path", "protocol", "status code", "bytes", "referrer", "user agent",
    ]  # fmt: skip
    assert len(read.rows()) == 40
    assert read.values("time")[0] == datetime(2024, 5, 3, 8, 15, 1)  # noqa: DTZ001
    assert read.values("bytes")[:2] == [112, None]
    assert read.column("status code").inferred_type == "categorical"
    assert read.column("host").pii == "ip"
    assert any("web server's log" in note and "identity, user" in note for note in read.receipt.notes)


def test_lines_that_are_no_requests_are_named(read_text):
    """A probe that speaks no HTTP stays a row, a line that was cut is told with its number."""
    lines = [f'h{k} - bob [03/May/2024:10:15:{k:02d} +0000] "GET /{k} HTTP/1.1" 200 5' for k in range(30)]
    lines[7] = 'h7 - - [03/May/2024:10:15:07 +0000] "\\x16\\x03" 400 0'
    lines.append("h9 - - [03/May/2024:10")

    read = read_text("\n".join(lines) + "\n", name="access.log")

    assert len(read.rows()) == 30
    assert read.values("path")[7] == "\\x16\\x03"
    assert read.values("user")[7] is None
    assert [note.line for note in read.receipt.skipped] == [31]
