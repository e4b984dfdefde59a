"""Lighthouse on the pages of a running product: scores and the moments a reader waits for, as a phone and as a desktop.

The package `lighthouse` is installed by npm into a cache folder on first use; Chromium is the machine's, or the one
that DATAPILOT_CHROMIUM names. Each page is measured several times in turn and the medians are told. Phones are
Lighthouse's own: 1.6 Mbit/s, 150 ms a round trip, a processor four times slower than the machine's.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measured import Row
from benchmarks.served import analysed, served
from benchmarks.tables import cache_folder

VERSION = "12.8.2"  # the last that runs on Node 20
RUNS = int(os.environ.get("BENCHMARK_RUNS", "5"))
ATTEMPTS = 4  # of one visit, each with a browser of its own
RUN_S = 180
SAMPLE = Path(__file__).parent.parent / "examples" / "sales_demo.csv"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FORMS = {"mobile": (), "desktop": ("--preset=desktop",)}
QUIET = (
    "--headless=new", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
AUDITS = {
    "fcp_s": "first-contentful-paint",
    "lcp_s": "largest-contentful-paint",
    "tbt_ms": "total-blocking-time",
    "cls": "cumulative-layout-shift",
    "kib": "total-byte-weight",
}
PER_UNIT = {"fcp_s": 1000, "lcp_s": 1000, "tbt_ms": 1, "cls": 1, "kib": 1024}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LCP_GATES_S = {"mobile": 2.5, "desktop": 1.5}


def measure() -> list[Row]:
    """Return one row for each page and form: the medians of its scores (0-100) and moments."""
    program = _installed()
    with served() as address:
        job = analysed(address, SAMPLE)
        pages = {"upload": "/", "result": f"/results/?id={job}"}
        taken: dict[tuple[str, str], list[dict[str, float]]] = {(page, form): [] for page in pages for form in FORMS}
        for _ in range(RUNS):
            for (page, form), runs in taken.items():
                runs.append(_looked_at(program, address + pages[page], FORMS[form]))
    return [
        {"page": page, "form": form, "runs": len(runs)}
        | {name: round(median(run[name] for run in runs), 3 if name == "cls" else 2) for name in runs[0]}
        for (page, form), runs in taken.items()
    ]


def markdown(rows: list[Row]) -> str:
    """Return the rows as a table, gates beside what they bind."""
    head = "| page | form | performance | accessibility | best practices | SEO | FCP | LCP | gate | TBT | CLS | bytes |"
    lines = [head, "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"]
    lines += [
        f"| {row['page']} | {row['form']} | {row['performance']:.0f} | {row['accessibility']:.0f} "
        f"| {row['best-practices']:.0f} | {row['seo']:.0f} | {row['fcp_s']:.1f} s | {row['lcp_s']:.1f} s "
        f"| {LCP_GATES_S[str(row['form'])]} s | {row['tbt_ms']:.0f} ms | {row['cls']:.3f} | {row['kib']:.0f} KiB |"
        for row in rows
    ]
    return "\n".join(
        [*lines, "", f"Lighthouse {VERSION}, medians of {rows[0]['runs']} runs each, on `sales_demo.csv`."]
    )


def _installed() -> Path:
    """Return Lighthouse's program, fetched by npm when it is not in the cache folder yet."""
    folder = cache_folder() / f"lighthouse-{VERSION}"
    program = folder / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            sys.exit("Lighthouse needs Node 20 or newer with npm on PATH.")
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), f"lighthouse@{VERSION}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return program


def chromium_path() -> str:
    """Return the machine's Chromium, or the one that DATAPILOT_CHROMIUM names; ends the program when there is none."""
    found = os.environ.get("DATAPILOT_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return found or sys.exit("no Chromium: sudo apt-get install -y chromium")


def chromium_switches() -> list[str]:
    """Return what Chromium needs to be told here: it refuses its sandbox to root."""
    return ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def _looked_at(program: Path, address: str, form: tuple[str, ...]) -> dict[str, float]:
    """Return the scores and moments of one visit with an empty cache, made again with another browser when one does not
    come up or its trace tells nothing. Raises CalledProcessError or TimeoutExpired when all attempts fail."""
    for attempts_left in reversed(range(ATTEMPTS)):
        try:
            found = _report(program, address, form)
            break
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failure:
            if not attempts_left:
                raise
            print(f"tried again after: {failure}"[:200], file=sys.stderr)
    scores = {name: 100 * found["categories"][name]["score"] for name in CATEGORIES}
    moments = {name: found["audits"][audit]["numericValue"] / PER_UNIT[name] for name, audit in AUDITS.items()}
    return scores | moments


def _report(program: Path, address: str, form: tuple[str, ...]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="datapilot-lighthouse-", ignore_cleanup_errors=True) as folder:
        flags = " ".join((*QUIET, *chromium_switches(), f"--user-data-dir={folder}/profile"))
        report = Path(folder, "report.json")
        command = [
            str(program), address, *form, "--quiet", "--no-enable-error-reporting", "--output=json",
            f"--output-path={report}", f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}",
        ]  # fmt: skip
        subprocess.run(command, check=True, timeout=RUN_S, env=os.environ | {"CHROME_PATH": chromium_path()})
        found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return found
