"""Logs whose form is known are tables: requests, flows, the messages of a system."""

from datetime import date, datetime, time

import pytest

pytestmark = pytest.mark.spec("A2")


def moment(*parts: int) -> datetime:
    """Return a moment as the table has it: in UTC, and without saying so."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


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
    assert read.values("time")[0] == moment(2024, 5, 3, 8, 15, 1)
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


BALANCER = (
    "https 2024-03-0{k}T22:23:00.18664{k}Z app/shop/50dc6c495c0c9188 10.1.0.{k}:2817 10.0.0.1:80 0.086 0.04{k} 0.037"
    ' 200 502 0 57 "GET https://shop.example:443/a?b={k} HTTP/1.1" "curl/7.46.0" ECDHE-RSA TLSv1.2 arn:aws:tg/my'
    ' "Root=1-58337281-1d84f" "shop.example" "arn:aws:acm:cert" 1 2024-03-02T22:22:48.364000Z "forward" "-" "-"'
    ' "10.0.0.1:80" "200" "-" "-"'
)
BUCKET = (
    "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be files [06/Feb/2024:00:00:3{k} +0000] 192.0.2.{k}"
    ' - 3E57427F3EXAMPL{k} REST.GET.OBJECT a/{k}.csv "GET /files/a/{k}.csv HTTP/1.1" 404 NoSuchKey 11{k} - 7 - "-"'
    ' "S3Console/0.4 x" - s9lzHYrFp76Z= SigV4 ECDHE-RSA AuthHeader files.s3.example TLSV1.2 - -'
)
FLOW = "2 123456789010 eni-1235b8ca 172.31.16.139 172.31.16.{k} 20641 22 6 20 42{k} 141853001{k} 1418530070 ACCEPT OK"


@pytest.mark.parametrize(
    ("line", "words", "expected"),
    [
        (BALANCER, "load balancer's log", {"method": "GET", "target status code": 502, "sent bytes": 57}),
        (BUCKET, "S3 bucket's access log", {"operation": "REST.GET.OBJECT", "key": "a/1.csv", "bytes sent": 111}),
        (FLOW, "flow log", {"destination address": "172.31.16.1", "bytes": 421, "action": "ACCEPT"}),
    ],
)  # fmt: skip
def test_logs_of_a_cloud_have_the_names_of_their_guides(read_text, line, words, expected):
    """They bear no header, so the fields get the names that the services give them."""
    read = read_text("".join(line.format(k=k) + "\n" for k in range(1, 9)), name="day.log")

    assert len(read.rows()) == 8
    assert {name: read.values(name)[0] for name in expected} == expected
    assert read.column(next(name for name in read.names if "time" in name)).inferred_type in {"datetime", "numeric"}
    assert words in read.receipt.notes[0]


def test_syslog_without_a_year_keeps_its_days_as_text(read_text):
    """Host, program and process are columns; a day without a year is no month of 2026, and the receipt says so."""
    lines = [f"Nov {k:2d} 14:02:{k:02d} web1 sshd[{100 + k}]: Failed password for root, try {k}" for k in range(10, 29)]
    lines += ["Nov 29 14:03:00 web1 kernel: [12.3] eth0: link up", "Nov 29 14:03:01 web1 last message repeated 2 times"]

    read = read_text("\n".join(lines) + "\n", name="messages")

    assert read.names == ["day", "time", "host", "program", "process id", "message"]
    assert read.rows()[0] == ("Nov 10", time(14, 2, 10), "web1", "sshd", 110, "Failed password for root, try 10")
    assert read.rows()[19][3:] == ("kernel", None, "[12.3] eth0: link up")
    assert read.values("message")[20] == "last message repeated 2 times"
    assert any("name no year" in note for note in read.receipt.notes)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "<34>1 2024-10-11T22:14:0{k}.003Z db.house su - ID47 - su failed on /dev/{k}",
            ("critical", moment(2024, 10, 11, 22, 14, 1, 3000), "db.house", "su", "ID47", "su failed on /dev/1"),
        ),
        (
            "2024-11-26T14:02:1{k}.5+01:00 db cron[7{k}]: job: done, 1 of {k}",
            (moment(2024, 11, 26, 13, 2, 11, 500000), "db", "cron", 71, "job: done, 1 of 1"),
        ),
        (
            "[Fri Sep 09 10:42:0{k}.902022 2011] [core:error] [pid 35708:tid 43286] [client 72.15.99.7:5{k}] Gone: /x",
            (moment(2011, 9, 9, 10, 42, 1, 902022), "core", "error", 35708, 43286, "72.15.99.7:51", "Gone: /x"),
        ),
        (
            "[Wed Oct 11 14:32:0{k} 2000] [error] [client 127.0.0.{k}] client denied: /x{k}",
            (moment(2000, 10, 11, 14, 32, 1), "error", "127.0.0.1", "client denied: /x1"),
        ),
    ],
    ids=["RFC 5424", "rsyslog", "Apache 2.4", "Apache 2.2"],
)  # fmt: skip
def test_messages_of_systems_and_servers_are_rows(read_text, line, expected):
    """Each message is cut into its moment, where it is from, and what it says."""
    read = read_text("".join(line.format(k=k) + "\n" for k in range(1, 9)), name="error.log")

    assert read.rows()[0] == expected
    assert len(read.rows()) == 8


def test_log_that_names_its_fields_in_a_comment(read_text):
    """IIS writes the names anew each day, perhaps more of them; a hyphen says nothing."""
    text = (
        "#Software: IIS\n#Fields: date time s-ip cs-method cs-uri-query sc-status cs-username\n"
        + "".join(f"2024-01-01 00:00:0{k} 10.0.0.1 GET {'-' if k % 2 else 'x=1'} 200 -\n" for k in range(9))
        + "#Date: 2024-01-02 00:00:00\n#Fields: date time s-ip cs-method cs-uri-query time-taken sc-status\n"
        + "".join(f"2024-01-02 00:00:0{k} 10.0.0.1 GET - 1{k} 404\n" for k in range(4))
        + "2024-01-02 00:00\n"
    )

    read = read_text(text, name="u_ex240101.log")

    assert read.names == ["date", "time", "s-ip", "cs-method", "cs-uri-query", "sc-status", "time-taken"]
    assert read.rows()[0] == (date(2024, 1, 1), time(0, 0), "10.0.0.1", "GET", "x=1", 200, None)
    assert read.rows()[-1] == (date(2024, 1, 2), time(0, 0, 3), "10.0.0.1", "GET", None, 404, 13)
    assert (read.receipt.header_row, len(read.rows())) == (2, 13)
    assert [note.line for note in read.receipt.skipped] == [1, 2, 12, 13, 18]
    assert "No line says its cs-username" in read.receipt.notes[0]


def test_log_of_a_network_monitor(read_text):
    """Zeek parts its fields by tabs and tells moments in seconds since 1970."""
    head = (
        "#separator \\x09",
        "#open\t2024-01-01",
        "#fields\tts\tuid\tid.orig_h\tduration",
        "#types\ttime\tstring\taddr\tx",
    )
    rows = [f"170000000{k}.123456\tC{k}xy\t10.0.0.{k}\t{'-' if k == 3 else k * 0.5}" for k in range(9)]

    read = read_text("\n".join([*head, *rows, "#close\t2024-01-02", ""]), name="conn.log")

    assert read.names == ["ts", "uid", "id.orig_h", "duration"]
    assert read.column("ts").inferred_type == "datetime"
    assert read.values("duration")[2:5] == [1.0, None, 2.0]
