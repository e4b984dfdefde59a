"""Logs of programs: a moment, a level, where from, and messages that go on for lines."""

from datetime import datetime

import pytest

pytestmark = pytest.mark.spec("A2")


@pytest.mark.parametrize(
    ("lines", "names", "first"),
    [
        pytest.param(
            ["2024-11-01 08:06:29,235 ERROR [main] com.acme.Orders - Cache miss"],
            ["time", "level", "thread", "source", "message"],
            (datetime(2024, 11, 1, 8, 6, 29, 235_000), "ERROR", "main", "com.acme.Orders", "Cache miss"),  # noqa: DTZ001
            id="log4j",
        ),
        pytest.param(
            ["2024-11-01T08:06:29.123+01:00  WARN 12345 --- [http-1] c.a.Pay    : Slow: 900 ms"],
            ["time", "level", "thread", "source", "message"],
            (datetime(2024, 11, 1, 7, 6, 29, 123_000), "WARN", "http-1", "c.a.Pay", "Slow: 900 ms"),  # noqa: DTZ001
            id="Spring Boot, in UTC",
        ),
        pytest.param(
            ["2024-11-01 08:06:29,123 - app.db - INFO - Connected"],
            ["time", "level", "source", "message"],
            (datetime(2024, 11, 1, 8, 6, 29, 123_000), "INFO", "app.db", "Connected"),  # noqa: DTZ001
            id="Python",
        ),
        pytest.param(
            ["2024/11/01 08:06:29 [error] 12#0: *86 open() failed, client: 10.0.0.1"],
            ["time", "level", "message"],
            (datetime(2024, 11, 1, 8, 6, 29), "ERROR", "12#0: *86 open() failed, client: 10.0.0.1"),  # noqa: DTZ001
            id="nginx",
        ),
    ],
)
def test_log_of_a_program_is_a_table_of_its_entries(read_text, lines, names, first):
    """Each form has its moment, level and message; thread and source are there where the program says them."""
    others = [lines[0].replace("08:06", f"08:{minute:02d}") for minute in range(7, 12)]
    read = read_text("\n".join([*lines, *others, ""]), name="app.log")

    assert read.names == names
    assert read.rows()[0] == first
    assert len(read.rows()) == 6
    assert "The lines are the log of a program" in read.receipt.notes[0]


def test_lines_without_a_moment_belong_to_the_message_above(read_text):
    """The trace of an error is part of its message, and what stands before the first entry is named."""
    entry = "2024-11-01 08:0{}:00 ERROR [main] Orders - Failed"
    trace = "java.lang.Error: no\n\tat x.Y(Y.java:1)"
    read = read_text("\n".join([entry.format(1), trace, entry.format(2), entry.format(3), trace, ""]), name="app.log")

    assert read.values("message") == [f"Failed\n{trace}", "Failed", f"Failed\n{trace}"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2024-11-01 08:00:00,INFO,12\n" * 5, id="commas"),
        pytest.param("2024-11-01 08:00:00\tINFO\t12\n" * 5, id="tabs"),
        pytest.param("2024-11-01 08:00:00 | INFO | 12 | 3\n" * 5, id="bars"),
        pytest.param("day;level\n" + "2024-11-01 08:00:00;INFO\n" * 5, id="a header"),
    ],
)
def test_delimited_text_with_levels_stays_a_table(read_text, text):
    """Where cells are delimited, each is a column."""
    read = read_text(text, name="table.csv")

    assert "message" not in read.names
    assert not any("log of a program" in note for note in read.receipt.notes)
