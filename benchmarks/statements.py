"""Print where the processor milliseconds of analysing a file go, statement by statement, of all threads:
`python -m benchmarks.statements FILE`. Everything is loaded, and the file analysed once, before it is measured."""

import os
import resource
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command and the workers do

from datapilot.actions import analyze_dataset
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect

LEAST_MS = 10.0  # of a statement that is told by itself
SHOWN = 110  # characters of it


@dataclass
class _Stage:
    """A stage's milliseconds, and those of its statements."""

    name: str
    ms: float = 0.0
    statements: list[tuple[float, str]] = field(default_factory=list)


class _Watched:
    """A connection that notes what its statements take, until their rows are fetched."""

    def __init__(self, connection: Any, stages: list[_Stage]) -> None:
        self._connection = connection
        self._stages = stages

    def execute(self, sql: str, *values: Any) -> "_Watched":
        self._timed(lambda: self._connection.execute(sql, *values), sql)
        return self

    def fetchall(self) -> Any:
        return self._timed(self._connection.fetchall)

    def fetchone(self) -> Any:
        return self._timed(self._connection.fetchone)

    def fetchnumpy(self) -> Any:
        return self._timed(self._connection.fetchnumpy)

    def cursor(self) -> "_Watched":
        return _Watched(self._connection.cursor(), self._stages)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def __enter__(self) -> "_Watched":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _timed(self, call: Any, sql: str | None = None) -> Any:
        before = _processor_ms()
        try:
            return call()
        finally:
            taken, told = _processor_ms() - before, self._stages[-1].statements
            if sql is not None or not told:
                told.append((taken, sql or ""))
            else:
                told[-1] = (told[-1][0] + taken, told[-1][1])


def tell_statements(path: Path) -> str:
    """Return a table of the stages and of their statements that take LEAST_MS or more."""
    _stages_of(path)
    lines = ["| stage | processor ms | of a statement |", "|---|---:|---|"]
    for stage in _stages_of(path):
        in_engine = sum(ms for ms, _ in stage.statements)
        lines.append(
            f"| **{stage.name}** | **{stage.ms:.0f}** | {in_engine:.0f} in {len(stage.statements)} statements |"
        )
        for ms, sql in sorted(stage.statements, reverse=True):
            if ms >= LEAST_MS:
                shown = " ".join(sql.split()).replace("|", "\\|")[:SHOWN]
                lines.append(f"| | {ms:.0f} | `{shown}` |")
    return "\n".join(lines)


def _stages_of(path: Path) -> list[_Stage]:
    stages = [_Stage("start")]
    begun = _processor_ms()

    def next_stage(step: str, _detail: str) -> None:
        nonlocal begun
        now = _processor_ms()
        stages[-1].ms, begun = now - begun, now
        stages.append(_Stage(step))

    engine = analyze_dataset.engine
    analyze_dataset.engine = lambda *given, **named: _Watched(connect(*given, **named), stages)  # type: ignore[assignment,return-value]
    try:
        with tempfile.TemporaryDirectory() as scratch:
            report = analyze_dataset.analyze_file(
                path, name=path.name, job_id="local", options=ReadingOptions(), limits=Limits(),
                scratch=Path(scratch), progress=next_stage,
            )  # fmt: skip
            next_stage("saving", "")
            analyze_dataset.report_json(report)
            stages[-1].ms = _processor_ms() - begun
    finally:
        analyze_dataset.engine = engine
    return stages


def _processor_ms() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return 1000 * (usage.ru_utime + usage.ru_stime)


if __name__ == "__main__":
    print(tell_statements(Path(sys.argv[1])))
