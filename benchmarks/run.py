"""Run benchmarks by name, or all: `python -m benchmarks.run [NAME[=FOLDER] …]`. Results go to benchmarks/results/.

A benchmark is a module with `measure() -> list[Row]` and `markdown(rows) -> str`; adding one is adding a line to
BENCHMARKS. Those in NEED_A_FOLDER measure data that is not in this repository: `measure(folder)`. Every result names
its machine by cores and memory only.
"""

import compileall
import json
import os
import signal
import sys
from importlib import import_module
from pathlib import Path

import datapilot
from benchmarks import readme
from benchmarks.measured import Row

RESULTS = Path(__file__).parent / "results"

BENCHMARKS = {
    "analysis_speed": "benchmarks.analysis_speed",
    "column_classes": "benchmarks.column_classes",
    "column_kinds": "benchmarks.column_kinds",
    "fleet": "benchmarks.fleet",
    "hostile_files": "benchmarks.hostile_files",
    "insight_noise": "benchmarks.insight_noise",
    "insight_truth": "benchmarks.insight_truth",
    "insights_aloud": "benchmarks.insights_aloud",
    "large_table": "benchmarks.large_table",
    "lighthouse": "benchmarks.lighthouse",
    "page_checklist": "benchmarks.page_checklist",
    "part_latency": "benchmarks.part_latency",
    "peers": "benchmarks.peers",
    "real_files": "benchmarks.real_files",
    "result_size": "benchmarks.result_size",
    "reading_corpus": "benchmarks.reading_corpus",
    "table_shapes": "benchmarks.table_shapes",
    "upload_latency": "benchmarks.upload_latency",
    "telemetry_overhead": "benchmarks.telemetry_overhead",
    "verify_mutations": "benchmarks.verify_mutations",
    "reading_fuzz": "benchmarks.reading_fuzz",
    "reading_speed": "benchmarks.reading_speed",
    "wording_scores": "benchmarks.wording_scores",
}
NEED_A_FOLDER = frozenset({"column_classes", "hostile_files", "insight_truth", "insights_aloud", "real_files"})


def main(asked: list[str]) -> int:
    """Run the named benchmarks, or all that need no folder; 2 for an unknown name or a folder that is missing."""
    named = dict(_name_and_folder(one) for one in asked)
    unknown = [name for name in named if name not in BENCHMARKS]
    if unknown:
        print(f"No benchmark is named {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    # As an installation leaves it: a command whose bytecode is missing or old spends its time on translating itself.
    compileall.compile_dir(Path(datapilot.__file__).parent, quiet=1)
    for name in named or BENCHMARKS:
        folder = named.get(name)
        if name in NEED_A_FOLDER and (folder is None or not folder.is_dir()):
            print(f"{name} needs its data: python -m benchmarks.run {name}=FOLDER", file=sys.stderr)
            if named:
                return 2
            continue
        module = import_module(BENCHMARKS[name])
        rows: list[Row] = module.measure(folder) if name in NEED_A_FOLDER else module.measure()
        table: str = module.markdown(rows)
        RESULTS.mkdir(exist_ok=True)
        kept = {"benchmark": name, "machine": machine(), "rows": rows}
        (RESULTS / f"{name}.json").write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
        (RESULTS / f"{name}.md").write_text(f"{table}\n\nMeasured on {machine_words()}.\n", encoding="utf-8")
        print(f"\n{table}\n\nMeasured on {machine_words()}.")
        readme.update()
    return 0


def _name_and_folder(asked: str) -> tuple[str, Path | None]:
    name, _, folder = asked.partition("=")
    return name, Path(folder) if folder else None


def machine() -> dict[str, int]:
    """Return what of the machine matters to the figures."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"cores": os.cpu_count() or 1, "memory_gib": round(memory / 2**30)}


def machine_words() -> str:
    """Return the machine in words."""
    facts = machine()
    return f"{facts['cores']} cores, {facts['memory_gib']} GiB of memory"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what a benchmark started is ended
    sys.exit(main(sys.argv[1:]))
