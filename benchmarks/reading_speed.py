"""Compare reading (types, roles, receipt included) with DuckDB's own `read_csv` on a clean table, in one run.

python benchmarks/reading_speed.py [ROWS]
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
from datapilot.reading.read_table import read_table

REPEATS = 3
TABLE = """
    SELECT DATE '2022-01-01' + (hash(i) % 1000)::INT AS order_date, 100000 + i AS order_id,
        printf('C%06d', hash(i + 1) % 50000) AS customer_id,
        'user' || hash(i + 2) % 50000 || '@example.com' AS customer_email,
        'Region ' || hash(i + 3) % 5 AS region, 'Category ' || hash(i + 4) % 12 AS category,
        'Product ' || hash(i + 5) % 400 AS product, 'Channel ' || hash(i + 6) % 3 AS channel,
        ['fine', '"great", he said', 'late, but ok', NULL, 'broken box'][(1 + hash(i + 7) % 5)::INT] AS note,
        CASE WHEN hash(i + 8) % 33 > 0 THEN 1 + hash(i + 9) % 19 END AS quantity,
        CASE WHEN hash(i + 10) % 33 > 0 THEN round(1 + hash(i + 11) % 100000 / 100, 2) END AS unit_price,
        CASE WHEN hash(i + 12) % 33 > 0 THEN round(hash(i + 13) % 30 / 100, 2) END AS discount,
        CASE WHEN hash(i + 14) % 33 > 0 THEN round(hash(i + 15) % 1000000 / 100, 2) END AS revenue
    FROM range({rows}) AS t(i)
"""


def best(work: Callable[[], object]) -> float:
    """Return the least wall time of a few runs, in seconds."""
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def compare(rows: int) -> dict[str, float]:
    """Return both times and their ratio for a table of this many rows."""
    limits = Limits()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clean.csv"
        duckdb.execute(f"COPY ({TABLE.format(rows=rows)}) TO '{path}' (FORMAT csv, HEADER)")

        def theirs() -> None:
            with duckdb.connect(config={"threads": str(limits.threads)}) as connection:
                connection.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{path}')")

        def ours() -> None:
            with connect(limits, Path(folder)) as connection:
                read_table(path, name=path.name, options=ReadingOptions(), limits=limits, connection=connection)

        reference, reading = best(theirs), best(ours)
        megabytes = path.stat().st_size / 1e6
    return {
        "rows": rows,
        "megabytes": megabytes,
        "read_csv_s": reference,
        "reading_s": reading,
        "ratio": reading / reference,
    }


if __name__ == "__main__":
    sizes = [int(sys.argv[1])] if len(sys.argv) > 1 else [10_000, 100_000, 1_000_000]
    for size in sizes:
        print(json.dumps({key: round(value, 3) for key, value in compare(size).items()}))
