"""Print the processor milliseconds, of all threads, that each stage of analysing a file takes from the start of the
process: `python -m benchmarks.stages FILE`. Loads nothing that the command does not load."""

import resource
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

STAGES = ("start", "load", "reading", "typing", "profiling", "quality", "charts", "facts", "insights", "saving")


def tell_stages(path: Path) -> None:
    """Analyse the file and print a number for each of STAGES, on one line."""
    moments = [0.0, _processor_ms()]
    from datapilot.actions.analyze_dataset import analyze_file, report_json
    from datapilot.contracts.limits import Limits
    from datapilot.contracts.table import ReadingOptions

    moments.append(_processor_ms())
    with tempfile.TemporaryDirectory() as scratch:
        report = analyze_file(
            path,
            name=path.name,
            job_id="local",
            options=ReadingOptions(),
            limits=Limits(),
            scratch=Path(scratch),
            progress=lambda step, _: moments.append(_processor_ms()) if step != "reading" else None,
        )
        moments.append(_processor_ms())
        (Path(scratch) / "result.json").write_text(report_json(report), encoding="utf-8")
    moments.append(_processor_ms())
    print(*(round(end - begin, 1) for begin, end in pairwise(moments)))


def _processor_ms() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return 1000 * (usage.ru_utime + usage.ru_stime)


if __name__ == "__main__":
    tell_stages(Path(sys.argv[1]))
