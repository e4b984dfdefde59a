"""The third journey: no server at all. One command reads a file, says what is in it, and fails in plain words."""

import json
from pathlib import Path

import pytest
from tests.journeys.product import EXAMPLES, Product, comparable, run

SALES = EXAMPLES / "sales_demo.csv"


@pytest.mark.spec("B1", "C6")
def test_command_and_job_give_the_same_result(product: Product, tmp_path: Path) -> None:
    """`datapilot analyze --json -` prints exactly what a job stores, but for ids and times."""
    job = product.analyse(SALES)

    printed = run("analyze", SALES, "--json", "-", folder=tmp_path)
    report = json.loads(printed.stdout)

    assert printed.returncode == 0
    assert report["jobId"] == "local"
    assert comparable(report) == comparable(job)


@pytest.mark.spec("C6")
def test_summary_reads_as_a_person_would_tell_it(tmp_path: Path) -> None:
    """Without --json the command prints the size, the quality and the story; a pipe gets no progress bar."""
    told = run("analyze", SALES, folder=tmp_path)

    assert told.returncode == 0
    assert "1,546 rows" in told.stdout
    assert "of 100" in told.stdout
    assert not told.stderr


@pytest.mark.spec("C6")
def test_planted_stories_are_found(tmp_path: Path) -> None:
    """What was put into the sample is told: the leading region, the growth, the returns, the quiet Sundays, the odd
    order."""
    report = json.loads(run("analyze", SALES, "--json", "-", folder=tmp_path).stdout)

    told = [f"{insight['headline']} {insight['detail']}" for insight in report["insights"]["analystInsights"]]
    told += [f"{card['label']}: {card['display']}" for card in report["kpis"]["cards"]]

    for words in (("West", "%"), ("grew",), ("Lighting", "returned"), ("Sunday",), ("units", "160")):
        assert [sentence for sentence in told if all(word in sentence for word in words)], f"nothing about {words}"


@pytest.mark.spec("B6")
def test_whole_table_can_be_had_and_the_raw_one_is_untouched(tmp_path: Path) -> None:
    """The clean table has every row with typed cells; the raw one is the file again, cell for cell."""
    clean = run("table", SALES, "--out", "clean.csv", folder=tmp_path)
    raw = run("table", SALES, "--out", "raw.csv", "--raw", folder=tmp_path)

    assert clean.returncode == raw.returncode == 0
    assert len((tmp_path / "clean.csv").read_text(encoding="utf-8").splitlines()) == len(SALES.read_text().splitlines())
    assert (tmp_path / "raw.csv").read_text(encoding="utf-8").split() == SALES.read_text(encoding="utf-8").split()


BAD_FILES = {
    "missing": (None, "missing_file"),
    "empty": (b"", "empty_file"),
    "binary": (bytes(range(256)) * 64, "unsupported_format"),
}


@pytest.mark.spec("A4")
@pytest.mark.parametrize("case", BAD_FILES)
def test_bad_file_ends_with_one_line_that_helps(case: str, tmp_path: Path) -> None:
    """Exit status 1, nothing on stdout, one line on stderr with the code; never a traceback."""
    content, code = BAD_FILES[case]
    if content is not None:
        (tmp_path / "bad.csv").write_bytes(content)

    failed = run("analyze", "bad.csv", "--json", "-", folder=tmp_path)

    assert failed.returncode == 1
    assert failed.stdout == ""
    assert failed.stderr.startswith(f"error {code}: ")
    assert len(failed.stderr.splitlines()) == 1


@pytest.mark.spec("A4", "B3")
@pytest.mark.parametrize(
    ("content", "rows", "columns"),
    [("amount\n1\n2\n3\n", 3, 1), ("name,amount\nAnna,12\n", 1, 2)],
    ids=["one column", "one row"],
)
def test_tiny_file_is_a_table_too(content: str, rows: int, columns: int, tmp_path: Path) -> None:
    """A file of one column or one row gives a small result rather than an error."""
    (tmp_path / "tiny.csv").write_text(content)

    printed = run("analyze", "tiny.csv", "--json", "-", folder=tmp_path)
    report = json.loads(printed.stdout)

    assert printed.returncode == 0
    assert (report["fileInfo"]["rows"], report["fileInfo"]["cols"]) == (rows, columns)


@pytest.mark.parametrize(
    "arguments", [("analyze",), ("analyse", "x.csv"), ("analyze", "x.csv", "--sheets", "a")], ids=" ".join
)
def test_wrong_call_is_told_from_a_failure(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """Exit status 2 says that the command was called wrongly, so that scripts can tell."""
    refused = run(*arguments, folder=tmp_path)

    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    "command",
    [
        "up",
        "api",
        "worker",
        "analyze",
        "table",
        "verify",
        "reprocess",
        "feedback",
        "dataset",
        "cancel",
        "delete",
        "health",
        "version",
    ],
)
def test_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    """`--help` says in words what the command does."""
    told = run(command, "--help", folder=tmp_path)

    assert told.returncode == 0
    assert command in told.stdout
