"""`datapilot.analyze`: files and tables in memory, in the caller's own process."""

import html
import io
import json
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import datapilot
from datapilot.contracts.errors import InvalidOption, NotATable, UnreadableTable
from datapilot.contracts.limits import Limits
from datapilot.contracts.report import Report

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "python.md").read_text(encoding="utf-8"), re.DOTALL)
FRAME = pl.DataFrame(
    {
        "region": ["North", "South", None, "North"] * 30,
        "units": list(range(120)),
        "share": [0.5 * n for n in range(120)],
    }
)


@pytest.mark.parametrize("code", BLOCKS, ids=["a file", "a table in memory", "read another way"])
def test_example_of_the_documentation_runs(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every block of docs/python.md can be pasted and says something."""
    for sample in EXAMPLES.glob("*.csv"):
        (tmp_path / sample.name).write_bytes(sample.read_bytes())
    monkeypatch.chdir(tmp_path)

    said = io.StringIO()
    with redirect_stdout(said):
        exec(compile(code, "docs/python.md", "exec"), {})

    assert said.getvalue().strip()


def test_file_gives_the_report_of_the_command() -> None:
    """The same facts as everywhere: their ids derive from the measures, their values from the file."""
    report = datapilot.analyze(EXAMPLES / "sales_demo.csv")

    assert isinstance(report, Report)
    assert (report.job_id, report.file_info.name, report.file_info.rows) == ("local", "sales_demo.csv", 1546)
    assert json.loads(report.to_json())["qualityScore"] == report.quality_score


@pytest.mark.parametrize("cell", ["1.7e308", "-1e160", "1e70"])
def test_number_beyond_all_measures_leaves_the_figures_of_the_others(cell: str, tmp_path: Path) -> None:
    """Its square is no number any more: it is kept and told as a cell that does not fit, and the analysis goes on."""
    path = tmp_path / "loads.csv"
    lines = [f"{'NS'[at % 2]},{at},{at * 1.5}" for at in range(99)]
    path.write_text("\n".join(["side,people,load", *lines, f"N,7,{cell}"]), encoding="utf-8")

    report = datapilot.analyze(path)

    assert report.kpis.numeric_stats["load"].max == 147.0
    assert next(one for one in report.receipt.conversions if one.column == "load").failed_examples == (cell,)


def test_table_in_memory_keeps_its_types_and_gaps() -> None:
    """A number stays a number and a missing cell a missing cell; nothing goes by way of text."""
    report = datapilot.analyze(FRAME, name="orders")

    types = {column.name: column.storage for column in report.columns}
    assert (report.file_info.name, report.file_info.rows, report.kpis.missing_count) == ("orders", 120, 30)
    assert types == {"region": "VARCHAR", "units": "BIGINT", "share": "DOUBLE"}


def test_whatever_offers_the_arrow_interface_is_a_table() -> None:
    """The interface decides, not the library."""

    class Foreign:
        """A table of a library that nobody here knows."""

        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return FRAME.__arrow_c_stream__(requested_schema)

    report = datapilot.analyze(Foreign())

    assert report.file_info.cols == 3


@pytest.mark.parametrize("source", [42, ["a", "b"], {"a": [1]}, None], ids=["a number", "a list", "a dict", "nothing"])
def test_anything_else_is_refused_with_its_name(source: object) -> None:
    """No guess is made of what it might mean."""
    with pytest.raises(TypeError, match=type(source).__name__):
        datapilot.analyze(source)


def test_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Python's own error, as from open()."""
    with pytest.raises(FileNotFoundError, match=re.escape("nowhere.csv")):
        datapilot.analyze(tmp_path / "nowhere.csv")


def test_folder_is_called_one(tmp_path: Path) -> None:
    """Not a file that is missing: it is there, and one of its files is wanted."""
    with pytest.raises(IsADirectoryError, match="is a folder"):
        datapilot.analyze(tmp_path)


def test_address_is_repeated_as_it_was_written() -> None:
    """Nothing is fetched, and the sentence shows what was given."""
    with pytest.raises(FileNotFoundError, match=re.escape("https://example.com/a.csv")):
        datapilot.analyze("https://example.com/a.csv")


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ({"decimal": "x"}, "decimal: must be '.' or ','."),
        ({"header_row": -1}, "header_row: must be greater than or equal to 0."),
        ({"types": {"revenue": "money"}}, "types.revenue: must be 'numeric'"),
    ],
    ids=["a mark", "a row", "a type"],
)
def test_option_that_cannot_be_is_said_in_words(option: dict[str, Any], sentence: str) -> None:
    """As the command and the API say it; no traceback of a library that the caller never heard of."""
    with pytest.raises(InvalidOption, match=re.escape(sentence)):
        datapilot.analyze(FRAME, **option)


def test_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    """The reader's own error, with its code."""
    path = tmp_path / "noise.csv"
    path.write_bytes(bytes(range(256)) * 16)

    with pytest.raises(UnreadableTable) as refused:
        datapilot.analyze(path, limits=Limits(threads=1))

    assert refused.value.code != NotATable.__base__.code  # type: ignore[union-attr]  # one of the finer ones


@pytest.mark.spec("H8")
def test_notebook_shows_the_page_in_a_frame_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Jupyter shows is the page, sandboxed, with every quote of it escaped."""
    monkeypatch.setattr("datapilot.actions.analyze_here.page_of", lambda report: f'<p id="x">{len(report)}</p>')
    report = datapilot.analyze(FRAME)

    shown = report._repr_html_()

    assert shown.startswith('<iframe srcdoc="&lt;p id=&quot;x&quot;&gt;')
    assert "allow-same-origin" not in shown
    assert html.unescape(shown).count("<p id=") == 1
    assert repr(report).startswith("Report on table.parquet: 120 rows, 3 columns, quality ")


def test_editor_offers_the_function() -> None:
    """It is loaded on demand, so the module has to name it."""
    assert "analyze" in dir(datapilot)


def test_package_loads_nothing_until_it_is_asked() -> None:
    """`import datapilot` is free; a name that is not there is Python's own error."""
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        datapilot.analyse  # noqa: B018
