"""The report as one HTML file."""

import json
from pathlib import Path

import pytest

from datapilot.actions.export_page import page_of
from datapilot.contracts.errors import WebAppMissing

MOULD = (
    '<meta content="@@GENERATOR@@"><title>@@TITLE@@</title><script id="report">@@REPORT@@</script><script>go</script>'
)


@pytest.fixture
def mould(tmp_path: Path) -> Path:
    """A small mould with the markers of the real one."""
    path = tmp_path / "mould"
    path.write_text(MOULD)
    return path


def report_with(name: str, *summary: str) -> str:
    """The parts of a report that the page's head needs."""
    return json.dumps({"fileInfo": {"name": name}, "insights": {"businessSummary": summary}})


@pytest.mark.spec("H8")
def test_report_stands_in_the_page_as_it_is(mould: Path) -> None:
    """What is embedded is the report itself, and the title names the file and the main finding."""
    report = report_with("sales.csv", "Revenue grew.", "So did costs.")

    page = page_of(report, mould=mould)

    assert json.loads(page.partition('"report">')[2].partition("</script>")[0]) == json.loads(report)
    assert "<title>sales.csv: Revenue grew.</title>" in page
    assert page.endswith("<script>go</script>")


@pytest.mark.parametrize(
    "hostile",
    ["</script><script>alert(1)</script>", "<!--<script>", "@@REPORT@@", "@@TITLE@@", "</title><b>"],
)
def test_hostile_text_stays_text(mould: Path, hostile: str) -> None:
    """A cell or a file name can neither end its place in the page nor pass for a marker."""
    page = page_of(report_with(hostile, hostile), mould=mould)

    assert page.count("<script") == 2
    assert "<b>" not in page
    embedded = page.partition('"report">')[2].partition("</script>")[0]
    assert json.loads(embedded)["fileInfo"]["name"] == hostile


def test_page_that_was_never_built_is_said(tmp_path: Path) -> None:
    """Without the built page there is a sentence and not a broken file."""
    with pytest.raises(WebAppMissing, match="make setup"):
        page_of(report_with("a.csv"), mould=tmp_path / "absent")
