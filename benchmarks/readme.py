"""Write README's table of measurements from the kept results: `python -m benchmarks.readme`. `benchmarks.run` does so
after every run, and `tests/test_docs.py` compares."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measured import Row

ROOT = Path(__file__).parent.parent
README, RESULTS = ROOT / "README.md", ROOT / "benchmarks" / "results"
START, END = "<!-- measured -->", "<!-- /measured -->"


def update() -> None:
    """Write the table anew between its two marks."""
    before, _, rest = README.read_text(encoding="utf-8").partition(START)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{START}\n{table()}\n{END}{after}", encoding="utf-8")


def table() -> str:
    """Return the table: a line for each result that is kept, with the benchmark that prints it."""
    lines = ["| what was measured | | benchmark |", "|---|---|---|"]
    for benchmark, tells in _LINES.items():
        file = RESULTS / f"{benchmark}.json"
        if file.exists():
            rows: list[Row] = json.loads(file.read_text(encoding="utf-8"))["rows"]
            lines += [f"| {what} | {figure} | [{benchmark}]({_place(benchmark)}) |" for what, figure in tells(rows)]
    return "\n".join(lines)


def _place(benchmark: str) -> str:
    return f"benchmarks/results/{benchmark}.md"


Told = Sequence[tuple[str, str]]


def _speed(rows: list[Row]) -> Told:
    return [
        (f"Complete, exact analysis of {row['rows']:,} rows ({row['megabytes']} MB), start to result", _beside(row))
        for row in rows
    ]


def _beside(row: Row) -> str:
    ours, theirs = f"{row['datapilot_s']} s, {row['datapilot_mib']} MiB", f"{row['summarize_s']} s"
    return f"{ours}; DuckDB's approximate `SUMMARIZE`: {theirs}"


def _verify(rows: list[Row]) -> Told:
    tried = {str(row["what"]): row for row in rows}
    return [
        ("False claims that `datapilot verify` accepts", _of(tried["false accept"])),
        ("True claims that it rejects", _of(tried["false reject"])),
    ]


def _of(row: Row) -> str:
    return f"{row['wrong']} of {row['tried']:,}"


def _noise(rows: list[Row]) -> Told:
    value = {str(row["what"]): float(row["value"]) for row in rows}
    return [
        ("False findings per table of pure chance", f"{value['false findings per noise table']:.3f}"),
        ("Planted effects found", f"{value['planted effects told']:.1%}"),
    ]


def _pollution(rows: list[Row]) -> Told:
    kinds = [row for row in rows if not row["lost"]]
    cells = sum(float(row["cells"]) for row in kinds) / len(kinds)
    return [(f"Cells read right in files made dirty in {len(kinds)} ways (F1)", f"{cells:.4f}")]


def _real(rows: list[Row]) -> Told:
    right, facts = (sum(int(row[name]) for row in rows) for name in ("right", "facts"))
    return [(f"Facts about {len(rows)} real files that are right", f"{right} of {facts}")]


def _fleet(rows: list[Row]) -> Told:
    return [(f"Jobs lost of {rows[0]['jobs']} when one of two workers is killed", str(rows[0]["lost"]))]


def _telemetry(rows: list[Row]) -> Told:
    return [("Logs, metrics and traces, as a share of a job", f"{rows[0]['share_percent']} %")]


_LINES: dict[str, Callable[[list[Row]], Told]] = {
    "analysis_speed": _speed,
    "verify_mutations": _verify,
    "insight_noise": _noise,
    "reading_corpus": _pollution,
    "real_files": _real,
    "fleet": _fleet,
    "telemetry_overhead": _telemetry,
}


if __name__ == "__main__":
    sys.exit(update())
