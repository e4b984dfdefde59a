"""Read JSONTestSuite and the workbooks of calamine, each file in a process of its own under limits of time and memory.

    python -m benchmarks.run hostile_files=FOLDER        FOLDER holds json-test-suite/ and workbooks/

JSON: an `n_` file must be refused, a `y_` file read or answered by a clear "no table". Workbooks: those listed as
opening must give a table or, when no cell is filled, say so; where the first sheet was read its size is compared; the
rest must be refused. A crash, a hang or an error without a code is a failure.
"""

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.guarded import Outcome, read_guarded
from benchmarks.measured import Row

NO_TABLE = frozenset({"empty_file", "not_a_table"})
FAILED = frozenset({"crash", "hang", ""})


def measure(folder: Path) -> list[Row]:
    """Return one row a kind of file: how many, how many as they must be, and which were not."""
    return [*_json(folder / "json-test-suite"), *_workbooks(folder / "workbooks"), *_made()]


def _made() -> Iterator[Row]:
    """Yield one row a file that is made here, too large to keep: each must be refused, and cost little memory."""
    beginnings = {
        "a quoted cell of 1 GB": (b'id,text\n1,"', b"a", "not_a_table"),
        "a bare cell of 1 GB": (b"id,text\n1,", b"a", "not_a_table"),
        "10 million columns": (b"1", b",1", "too_many_columns"),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.csv"
        for what, (beginning, piece, code) in beginnings.items():
            with path.open("wb") as file:
                file.write(beginning)
                for _ in range(1024 if piece == b"a" else 10):
                    file.write(piece * 2**20)
            outcome = read_guarded(path)
            bad = [] if outcome.code == code else [outcome.code or "read"]
            yield _row(f"{what}: {code}, {outcome.peak_mib:,} MiB at most", {what: outcome}, bad)


def _json(folder: Path) -> list[Row]:
    rows = []
    for letter, what in (("y", "valid JSON"), ("n", "invalid JSON"), ("i", "either"), ("", "odd transformations")):
        place = folder / "test_parsing" if letter else folder / "test_transform"
        files = sorted(place.glob(f"{letter}_*.json" if letter else "*.json"))
        outcomes = {file.name: read_guarded(file) for file in files}
        bad = [name for name, outcome in outcomes.items() if not _json_is_right(letter, outcome)]
        rows.append(_row(f"JSONTestSuite: {what}", outcomes, bad))
    return rows


def _json_is_right(letter: str, outcome: Outcome) -> bool:
    if outcome.code in {"crash", "hang"}:
        return False
    if letter == "n":
        return outcome.code != ""
    return letter != "y" or outcome.code in {"", *NO_TABLE}


def _workbooks(folder: Path) -> list[Row]:
    with (folder / "readable.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    read: dict[str, Outcome] = {}
    refused: dict[str, Outcome] = {}
    unread, wrong_size, not_refused = [], [], []
    for row in listed:
        outcome = read_guarded(folder / "files" / row["file"])
        if row["opens"] != "yes":
            refused[row["file"]] = outcome
            if outcome.code in FAILED:
                not_refused.append(row["file"])
            continue
        read[row["file"]] = outcome
        is_empty = row["first_sheet_rows"] in {"0", "1"}
        if outcome.code and not (is_empty and outcome.code in NO_TABLE):
            unread.append(f"{row['file']} ({outcome.code})")
        elif not outcome.code and row["sheets"] == "1" and not _fits(outcome, row):
            wrong_size.append(f"{row['file']} ({outcome.rows} × {outcome.columns})")
    return [
        _row("workbooks that open: read, or empty and said so", read, unread),
        _row("workbooks of one sheet: its listed size, titles and empty columns left out", read, wrong_size),
        _row("workbooks that do not open: refused", refused, not_refused),
    ]


def _fits(outcome: Outcome, listed: dict[str, str]) -> bool:
    """True when no cell of the listed area can be missing: header and title rows are not counted as rows."""
    rows, columns = int(listed["first_sheet_rows"]), int(listed["first_sheet_columns"])
    return rows - 5 <= outcome.rows <= rows and outcome.columns <= columns


def _row(what: str, outcomes: dict[str, Outcome], bad: list[str]) -> Row:
    slowest = max((outcome.seconds for outcome in outcomes.values()), default=0.0)
    return {
        "files": what,
        "count": len(outcomes),
        "right": len(outcomes) - len(bad),
        "slowest s": round(slowest, 1),
        "not right": ", ".join(bad),
    }


def markdown(rows: list[Row]) -> str:
    """Return the rows as a table."""
    lines = ["| files | count | as they must be | slowest, s | not |", "|---|---|---|---|---|"]
    lines += [f"| {r['files']} | {r['count']} | {r['right']} | {r['slowest s']} | {r['not right']} |" for r in rows]
    return "\n".join(lines)
