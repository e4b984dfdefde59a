"""What all text of one record a line has: first lines that show what it is, and what the receipt says of its form."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from datapilot.contracts.table import ReadingOptions, Receipt
from datapilot.engine import duckdb
from datapilot.reading.encoding import Encoding, encoding_of_head
from datapilot.reading.layout.body import Notes
from datapilot.reading.layout.header import distinct
from datapilot.reading.text_table import RAW_RELATION, TextTable

HEAD_LINES = 50
HEAD_BYTES = 64 * 1024
FEWEST_LINES = 3
SAMPLED_ROWS = 20_000
NEARLY_ALL = 0.95  # of the first lines; a log may hold a few that were cut


def head_lines(path: Path) -> list[str]:
    """Return the first lines of a file that are whole, without their ends; none where the first is very long."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    told = encoding_of_head(head)
    text = head[told.mark_bytes :].decode(told.codec, "replace") if told else head.decode("utf-8", "replace")
    return [line.rstrip("\r") for line in text.split("\n")[:-1][:HEAD_LINES]]


def receipt_of_log(
    encoding: Encoding,
    skipped: Notes,
    notes: Sequence[str],
    options: ReadingOptions,
    *,
    delimiter: str = " ",
    quote: str | None = '"',
    header_row: int | None = None,
) -> Receipt:
    """Return the receipt of text that is read line by line; most logs have fields apart by blanks, quoted where they
    hold some."""
    return Receipt(
        file_type="csv",
        encoding=encoding.label,
        encoding_note=encoding.note,
        delimiter=delimiter,
        quote=quote,
        header_row=header_row,
        skipped=tuple(skipped.kept),
        skipped_count=skipped.count,
        notes=tuple(notes),
        options=options,
    )


def filled_columns(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> dict[str, str]:
    """Return the SQL of the columns of `raw` that any row fills, by their names."""
    counts = ", ".join(f"count(c{place})" for place in range(len(names)))
    filled = connection.execute(f"SELECT {counts} FROM {RAW_RELATION}").fetchone() or ()
    return {name: f"c{place}" for place, (name, count) in enumerate(zip(names, filled, strict=True)) if count}


def stored_table(connection: duckdb.DuckDBPyConnection, cells: Mapping[str, str], receipt: Receipt) -> TextTable:
    """Return the table of the rows that lie in `raw`: `cells` gives each column's name the SQL of its cell there."""
    columns = ", ".join(f"{cell} AS c{place}" for place, cell in enumerate(cells.values()))
    (count,) = connection.execute(f"SELECT count(*) FROM {RAW_RELATION}").fetchone() or (0,)
    step = max(1, count // SAMPLED_ROWS)
    sample = connection.execute(f"SELECT {columns} FROM {RAW_RELATION} WHERE rowid % {step} = 0 ORDER BY rowid")
    source = f"(SELECT {columns} FROM {RAW_RELATION})"
    return TextTable(source, distinct(list(cells)), sample.fetchall(), receipt, exact_sample=step == 1)
