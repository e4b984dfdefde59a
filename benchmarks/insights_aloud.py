"""The findings of real files as a reader meets them, to be read aloud: `python -m benchmarks.run insights_aloud=FOLDER`
prints the first five of every file below FOLDER, each with its advice, analysed without a hint and without a model.

Nothing is scored: whether a sentence is true is shown by `datapilot verify`; whether a manager would sign it is for
people to say.
"""

from pathlib import Path

from benchmarks.measured import Row
from datapilot.actions.analyze_dataset import analyze_file
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions

ALOUD = 5
ENDINGS = frozenset({".csv", ".tsv", ".json", ".xlsx", ".ods", ".parquet"})
_NOT_TABLES = frozenset({"facts.json"})


def measure(folder: Path) -> list[Row]:
    """Return one row a finding, in the order of the page; a table in two formats is read once."""
    rows: list[Row] = []
    told: set[str] = set()
    for path in sorted(folder.rglob("*")):
        if path.suffix not in ENDINGS or path.name in _NOT_TABLES or "truth" in path.parts or path.stem in told:
            continue
        told.add(path.stem)
        report = analyze_file(path, name=path.name, job_id="local", options=ReadingOptions(), limits=Limits())
        for insight in report.insights.analyst_insights[:ALOUD]:
            said = insight.recommendation
            rows.append(
                {
                    "file": path.name,
                    "rows": report.kpis.row_count,
                    "headline": insight.headline,
                    "severity": insight.severity,
                    "advice": f"{said.who}: {said.what}",
                }
            )
    return rows


def markdown(rows: list[Row]) -> str:
    """Return the sentences under the names of their files, numbered through."""
    lines: list[str] = []
    file = None
    for number, row in enumerate(rows, start=1):
        if row["file"] != file:
            file = row["file"]
            lines += ["", f"**{file}** ({row['rows']:,} rows)", ""]
        lines.append(f"{number}. {row['headline']}. *({row['severity']}; {row['advice']})*")
    return "\n".join(lines[1:])
