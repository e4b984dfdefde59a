"""The complete analysis beside other profilers, whole processes from import to a report: seconds and memory.

Every peer lives in an environment of its own below the cache folder, made before anything is measured and once for
all; one that cannot be installed, or does not finish, is named with the reason, and the others go on. Runs take turns,
medians are told, and a picture is drawn.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.bar_picture import Bar, draw_bars
from benchmarks.measured import Row, Run
from benchmarks.tables import ROWS, cache_folder, table_path

RUNS = int(os.environ.get("BENCHMARK_RUNS", "3"))
PATIENCE_S = 300  # a peer that takes longer on one table is not asked about larger ones
INSTALL_S = 1_800  # what was installed until then stays, and the next run goes on from there
FASTER_THAN, FASTER_ON = "dataprof", ("s100k", "s1m")
PICTURE = Path(__file__).parent / "results" / "peers.svg"


_CLOCK = """
import resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
status = done.returncode
sys.stderr.write(done.stderr if status else "")
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(status, time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


@dataclass(frozen=True)
class Peer:
    """A package at a version, and the program that makes its full report: argument 1 is the CSV, 2 a file to write."""

    package: str
    version: str
    program: str
    also: tuple[str, ...] = ()


PEERS = (
    Peer(
        "dataprof", "0.13.0",
        "import dataprof, sys; open(sys.argv[2], 'w').write(str(dataprof.profile(sys.argv[1])))",
    ),
    Peer(
        "pysuricata", "0.2.0",
        "import pysuricata, pandas as pd, sys; pysuricata.profile(pd.read_csv(sys.argv[1])).save_html(sys.argv[2])",
    ),
    Peer(
        "skrub", "0.11.0",
        "import pandas as pd, skrub, sys; "
        "skrub.TableReport(pd.read_csv(sys.argv[1]), verbose=0).write_html(sys.argv[2])",
    ),
    Peer(
        "sweetviz", "2.3.3",
        "import pandas as pd, sweetviz, sys; r = sweetviz.analyze(pd.read_csv(sys.argv[1]), pairwise_analysis='off'); "
        "r.show_html(sys.argv[2], open_browser=False)",
        also=("setuptools<81",),
    ),
    Peer(
        "fg-data-profiling", "4.20.0",
        "import pandas as pd, sys; from data_profiling import ProfileReport; "
        "ProfileReport(pd.read_csv(sys.argv[1]), progress_bar=False).to_file(sys.argv[2])",
        also=("setuptools<81",),
    ),
)  # fmt: skip


def measure() -> list[Row]:
    """Return one row per tool and table, ours and DuckDB's SUMMARIZE first."""
    summarize = "import duckdb, sys; duckdb.sql(f\"SUMMARIZE FROM '{sys.argv[1]}'\").fetchall()"
    datapilot = str(Path(sys.executable).with_name("datapilot"))
    absent: dict[str, str] = {}
    programs: dict[str, list[str]] = {}
    for peer in PEERS:
        python, reason = environment_of(peer)
        if reason:
            absent[peer.package] = reason
        else:
            programs[peer.package] = [python, "-c", peer.program]
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="datapilot-bench-") as folder:
        for table in ROWS:
            path, out = str(table_path(table)), str(Path(folder) / "report.html")
            commands = {
                "DataPilot AI": [datapilot, "analyze", path, "--json", out, "--no-llm"],
                "DuckDB SUMMARIZE": [sys.executable, "-c", summarize, path],
                **{name: [*program, path, out] for name, program in programs.items() if name not in absent},
            }
            taken = _in_turns(commands, folder, absent)
            ours = taken["DataPilot AI"].wall_s
            rows += [
                {
                    "tool": name,
                    "table": table,
                    "seconds": round(one.wall_s, 2),
                    "cpu_s": round(one.cpu_s, 2),
                    "mib": round(one.peak_mib),
                    "times_ours": round(one.wall_s / ours, 2),
                }
                for name, one in taken.items()
            ]
            rows += [
                {"tool": peer.package, "table": table, "absent": absent[peer.package]}
                for peer in PEERS
                if peer.package not in taken
            ]
    PICTURE.parent.mkdir(exist_ok=True)
    bars = [Bar(f"{row['table']}", str(row["tool"]), float(row["seconds"])) for row in rows if "seconds" in row]
    PICTURE.write_text(draw_bars("Seconds from start to report (logarithmic)", bars), encoding="utf-8")
    return rows


def markdown(rows: list[Row]) -> str:
    """Return the rows as a table, seconds, processor seconds and memory per tool, and whether the gate is met."""
    tables = list(dict.fromkeys(str(row["table"]) for row in rows))
    lines = [f"| tool | {' | '.join(tables)} |", "|---" + "|---:" * len(tables) + "|"]
    for tool in dict.fromkeys(str(row["tool"]) for row in rows):
        told = {str(row["table"]): row for row in rows if row["tool"] == tool}
        lines.append(f"| {_named(tool)} | {' | '.join(_cell(told[table]) for table in tables)} |")
    picture = f"![Seconds of each tool on each table]({PICTURE.name})"
    return "\n".join([*lines, "", *(_gate(rows, table) for table in FASTER_ON if table in tables), "", picture])


def _cell(row: Row) -> str:
    if "absent" in row:
        return str(row["absent"])
    return f"{row['seconds']} s ({row['times_ours']}x ours), CPU {row['cpu_s']} s, {row['mib']} MiB"


def _gate(rows: list[Row], table: str) -> str:
    other = next((row for row in rows if row["tool"] == FASTER_THAN and row["table"] == table), {})
    if "times_ours" not in other:
        return f"- Faster than {FASTER_THAN} on {table}: not measured ({other.get('absent', 'no run')})."
    met = "met" if float(other["times_ours"]) > 1 else "missed"
    return f"- Faster than {FASTER_THAN} on {table}: {met}, it takes {other['times_ours']} times as long."


def _named(tool: str) -> str:
    version = next((peer.version for peer in PEERS if peer.package == tool), "")
    return f"{tool} {version}".strip()


def environment_of(peer: Peer) -> tuple[str, str]:
    """Return the interpreter of the peer's environment, or the reason why there is none."""
    folder = cache_folder() / "peers" / f"{peer.package}-{peer.version}"
    python = folder / "bin" / "python"
    if (folder / "ready").exists():
        return str(python), ""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent))  # among the tests' tools; fast
    install = [uv, "pip", "install", "--python", str(python)] if uv else [str(python), "-m", "pip", "install"]
    try:
        if not python.exists():
            venv.create(folder, with_pip=True, clear=True)
        subprocess.run(
            [*install, "--quiet", f"{peer.package}=={peer.version}", *peer.also],
            check=True, capture_output=True, text=True, timeout=INSTALL_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "", f"not installed within {INSTALL_S} s"
    except subprocess.CalledProcessError as failed:
        return "", f"not installable here ({_last_words(failed.stderr or failed.stdout or str(failed))})"
    (folder / "ready").touch()
    return str(python), ""


def _last_words(text: str) -> str:
    """Return the last line of what a program said, short, and without what would break a table or name a machine."""
    said = [line.strip() for line in text.splitlines() if line.strip()]
    return re.sub(r"\S*[/\\]\S*|\|", "…", said[-1])[:80] if said else "it said nothing"


def _in_turns(commands: dict[str, Sequence[str]], folder: str, absent: dict[str, str]) -> dict[str, Run]:
    """Return each tool's median run; one that fails or loses patience is noted in `absent`, for all that follows."""
    taken: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            if name in absent:
                continue
            found = _timed(command, folder)
            if isinstance(found, str):
                absent[name] = found
            else:
                taken[name].append(found)
    return {
        name: Run(
            median(one.wall_s for one in runs), median(one.cpu_s for one in runs), max(one.peak_mib for one in runs)
        )
        for name, runs in taken.items()
        if runs
    }


def _timed(command: Sequence[str], folder: str) -> Run | str:
    """Return the run of a command, or why there is none. It is ended when patience runs out."""
    told = subprocess.run(
            ["timeout", "--kill-after=5", str(PATIENCE_S), sys.executable, "-c", _CLOCK, *command],
            cwd=folder, env=os.environ | {"MPLBACKEND": "agg"}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if told.returncode in {124, 137}:
        return f"not done within {PATIENCE_S} s"
    if told.returncode:
        return f"not started ({_last_words(told.stderr)})"
    status, wall, cpu, mib = told.stdout.split()
    if status != "0":
        return f"ended with status {status} ({_last_words(told.stderr)})"
    return Run(float(wall), float(cpu), float(mib))
