"""Write the whole main table of a file: typed and clean, or every cell's text untouched."""

from pathlib import Path
from typing import Literal

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions, Receipt
from datapilot.engine.connect import engine
from datapilot.reading.export_table import LeftOut, export_raw, export_table
from datapilot.reading.read_table import read_table


def export_file(
    path: Path,
    out: Path,
    *,
    name: str,
    options: ReadingOptions,
    limits: Limits,
    scratch: Path | None = None,
) -> Receipt:
    """Write the table to `out`, as Parquet when its ending says so, else CSV (comma, RFC 4180, UTF-8, header first).

    CSV text cells that a spreadsheet would run get a leading apostrophe. Raises as `read_table` does.
    """
    kind: Literal["csv", "parquet"] = "parquet" if out.suffix.lower() == ".parquet" else "csv"
    with engine(limits, scratch) as connection:
        read = read_table(path, name=name, options=options, limits=limits, connection=connection)
        export_table(read.table, out, format=kind)
        return read.receipt


def export_file_raw(
    path: Path,
    out: Path,
    *,
    name: str,
    options: ReadingOptions,
    limits: Limits,
    scratch: Path | None = None,
) -> LeftOut:
    """Write the main table to `out` as text, exactly as the cells stand, and return what of the file is not in it."""
    with engine(limits, scratch) as connection:
        return export_raw(path, out, name=name, options=options, limits=limits, connection=connection)
