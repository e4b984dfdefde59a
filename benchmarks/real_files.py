"""Score what is said of real public files, read without a hint, 0-100: rows, columns, duplicates, missing cells,
measures, date ranges and categories against `facts.json`, which was computed with every setting given by hand.

    python -m benchmarks.run real_files=FOLDER
"""

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.measured import Row
from datapilot.actions.analyze_dataset import analyze_file
from datapilot.contracts.limits import Limits
from datapilot.contracts.profile import ColumnProfile
from datapilot.contracts.report import Report
from datapilot.contracts.table import ReadingOptions

PUBLISHED = {"pandas with sniffing": 91.5, "DuckDB": 88.7, "pandas": 72.2}  # of the 17 files that these are taken from
MEASURE_TOLERANCE = 0.001
MISSING_TOLERANCE = 0.05


def measure(folder: Path) -> list[Row]:
    """Return one row a file: how many facts, how many right, and which were told otherwise."""
    truths: dict[str, dict[str, Any]] = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    rows: list[Row] = []
    for name, truth in truths.items():
        path = folder / "files" / name
        report = analyze_file(path, name=name, job_id="local", options=ReadingOptions(), limits=Limits())
        checked = list(facts_of(report, truth))
        wrong = [f"{what}: {said} instead of {true}" for what, said, true, is_right in checked if not is_right]
        right = len(checked) - len(wrong)
        rows.append(
            {
                "file": name,
                "facts": len(checked),
                "right": right,
                "score": round(100 * right / len(checked), 1),
                "wrong": "; ".join(wrong),
            }
        )
    return rows


def facts_of(report: Report, truth: dict[str, Any]) -> Iterator[tuple[str, object, object, bool]]:
    """Yield what is judged, what the report says, what is true, and whether they agree."""
    rows = report.file_info.rows
    yield "rows", rows, truth["rows"], rows in {truth["rows"], truth["rows"] + truth.get("rows_alt", 0)}
    yield "columns", report.file_info.cols, truth["cols"], report.file_info.cols == truth["cols"]
    kpis = report.kpis
    yield "duplicates", kpis.num_duplicates, truth["duplicates"], kpis.num_duplicates == truth["duplicates"]
    missing = kpis.missing_count
    yield "missing", missing, truth["missing"], _is_near(missing, truth["missing"], MISSING_TOLERANCE)
    columns = {column.name: column for column in report.columns}
    for name, figures in truth["measures"].items():
        yield from _measure(report, columns.get(name), name, figures)
    for name, span in truth["dates"].items():
        column = columns.get(name)
        is_date = column is not None and column.inferred_type == "datetime"
        yield f"{name} is a date", column.inferred_type if column else None, "datetime", is_date
        for end, said in (("min", "minimum"), ("max", "maximum")):
            if end in span:
                told = str(getattr(column, said, None))[:10]
                yield f"{name} {end}", told, span[end], told == span[end]
    for name, figures in truth["cats"].items():
        column = columns.get(name)
        yield (
            f"{name} is no number",
            column.inferred_type if column else None,
            "labels",
            (column is not None and column.inferred_type not in {"numeric", "datetime"}),
        )
        unique = column.unique_count if column else None
        yield f"{name} values", unique, figures["unique"], unique == figures["unique"]
        top = column.top_values[0] if column and column.top_values else None
        yield f"{name} top", top.value if top else None, figures["top"], bool(top) and str(top.value) == figures["top"]
        yield (
            f"{name} top count",
            top.count if top else None,
            figures["top_count"],
            (top is not None and top.count == figures["top_count"]),
        )


def _measure(
    report: Report, column: ColumnProfile | None, name: str, figures: dict[str, Any]
) -> Iterator[tuple[str, object, object, bool]]:
    stats = report.kpis.numeric_stats.get(name)
    for key in ("mean", "min", "max"):
        said = getattr(stats, key, None)
        yield f"{name} {key}", said, figures[key], _is_near(said, figures[key], MEASURE_TOLERANCE)
    total = (
        stats.mean * stats.count if stats is not None and stats.mean is not None else None
    )  # a mean's role has no sum
    yield f"{name} sum", total, figures["sum"], _is_near(total, figures["sum"], MEASURE_TOLERANCE)
    missing = column.missing_count if column else None
    yield f"{name} missing", missing, figures["missing"], missing == figures["missing"]


def _is_near(said: float | None, true: float, tolerance: float) -> bool:
    return said is not None and abs(said - true) <= tolerance * max(1e-9, abs(true))


def markdown(rows: list[Row]) -> str:
    """Return the scores, the mean of the files and the peers' figures."""
    lines = ["| file | facts | right | score | told otherwise |", "|---|---|---|---|---|"]
    lines += [f"| {r['file']} | {r['facts']} | {r['right']} | {r['score']} | {r['wrong']} |" for r in rows]
    mean = fmean(float(row["score"]) for row in rows)
    facts, right = sum(int(row["facts"]) for row in rows), sum(int(row["right"]) for row in rows)
    lines.append(f"| all | {facts} | {right} | {mean:.1f} | |")
    return "\n".join([*lines, "", *(f"{peer}: {score} on 17 such files." for peer, score in PUBLISHED.items())])
