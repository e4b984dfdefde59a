"""The door of this room: a file in, a typed table and its receipt out."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from datapilot.contracts.errors import InvalidOption, MemoryLimitExceeded, NotATable
from datapilot.contracts.limits import Limits
from datapilot.contracts.steps import Step
from datapilot.contracts.table import ReadingOptions, Receipt
from datapilot.engine import duckdb
from datapilot.engine.connect import expect_width
from datapilot.engine.table import Table
from datapilot.reading.columns.apostrophes import without_apostrophes
from datapilot.reading.columns.type_table import TypedTable, type_table
from datapilot.reading.find_table import find_table
from datapilot.reading.text_table import LARGER_THAN_MEMORY, TextTable, scratch_of


class ReadTable(NamedTuple):
    """The typed table and what was done to get it."""

    table: Table
    receipt: Receipt


def read_table(
    path: Path,
    *,
    name: str,
    options: ReadingOptions,
    limits: Limits,
    connection: duckdb.DuckDBPyConnection,
    progress: Callable[[Step, str], None] | None = None,
) -> ReadTable:
    """Return the main table of the file, typed over all of its rows, in the relation `data`. `name` is the user's name
    of the file. Raises a member of the UnreadableTable family, or InvalidOption for options that do not fit the file.
    """
    say = progress or (lambda _step, _detail: None)
    say("reading", name)
    with tempfile.TemporaryDirectory(prefix="unpacked-", dir=scratch_of(connection)) as scratch:
        opened = find_table(
            path, name=name, options=options, limits=limits, connection=connection, scratch=Path(scratch)
        )
        _check_options(options, opened.text)
        width = len(opened.text.names)
        expect_width(connection, width, file_bytes=path.stat().st_size)
        say("typing", f"{width:,} column{'' if width == 1 else 's'}")
        text = without_apostrophes(opened.text)
        try:
            typed = type_table(text, options=options, connection=connection)
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            # Only the straight scan can fail here: a row of another width, a broken quote, bytes that are not UTF-8.
            if opened.closer is None:
                raise
            text = without_apostrophes(opened.closer())
            typed = type_table(text, options=options, connection=connection)
        except duckdb.OutOfMemoryException:
            raise MemoryLimitExceeded(LARGER_THAN_MEMORY) from None
    connection.execute("DROP TABLE IF EXISTS raw")
    if typed.table.row_count == 0:
        raise NotATable("The file has a header but no rows below it. Check that the export finished.")
    return ReadTable(typed.table, _complete(text.receipt, typed))


def _complete(receipt: Receipt, typed: TypedTable) -> Receipt:
    said = "1 blank line was" if typed.blank_rows == 1 else f"{typed.blank_rows:,} blank lines were"
    blank = (f"{said} left out.",) if typed.blank_rows else ()
    return receipt.model_copy(
        update={
            "conversions": typed.conversions,
            "conversions_count": len(typed.conversions),
            "ambiguities": (*receipt.ambiguities, *typed.ambiguities),
            "ambiguities_count": len(receipt.ambiguities) + len(typed.ambiguities),
            "notes": (*receipt.notes, *typed.notes, *blank),
            "decimal": typed.decimal or receipt.decimal,
        }
    )


def _check_options(options: ReadingOptions, text: TextTable) -> None:
    unknown = [name for name in options.types if name not in text.names]
    if unknown:
        known = ", ".join(text.names[:12])
        raise InvalidOption(f"There is no column “{unknown[0]}” to set a type for. The columns are: {known}.")
