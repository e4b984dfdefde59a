"""From a table to everything that is said about it."""

import random
from pathlib import Path

import pytest

from datapilot.actions import report_table
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
from datapilot.reading.read_table import read_table


def test_findings_are_the_same_beside_other_work_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only time depends on whether a table is long enough to be screened in a thread of its own."""
    chance = random.Random(3)
    lines = [
        f"2024-0{row % 8 + 1}-1{row % 9},{'abc'[row % 3]},{chance.choice('xy')},{chance.gauss(row % 3 * 10, 1)}"
        for row in range(1_500)
    ]
    path = tmp_path / "orders.csv"
    path.write_text("sold,kind,place,amount\n" + "\n".join(lines), encoding="utf-8")
    told = []
    for sample_rows in (1_000, 10_000):
        monkeypatch.setattr(report_table, "SAMPLE_ROWS", sample_rows)
        with connect(Limits(), tmp_path) as connection:
            read = read_table(path, name=path.name, options=ReadingOptions(), limits=Limits(), connection=connection)
            told.append(report_table.analyse_table(read.table, read.receipt, tell=lambda _step, _detail: None))

    assert told[0] == told[1]
    assert told[0].insights.analyst_insights
