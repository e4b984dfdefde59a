"""`datapilot table FILE --out OUT`: the whole main table, clean and typed, or raw."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from datapilot.actions.export_dataset import export_file, export_file_raw
from datapilot.cli.files import existing_file, name_of
from datapilot.cli.options import (
    DateOrder,
    Decimal,
    Delimiter,
    HeaderRow,
    Sheet,
    Types,
    reading_options,
)
from datapilot.cli.output import check_target, remark, written_whole
from datapilot.contracts.errors import InvalidOption
from datapilot.reading.export_table import LeftOut
from datapilot.settings import load_settings

MOST_TOLD = 10  # of the lines that are not in the raw table


def table(
    file: Annotated[Path, typer.Argument(help="The file to read.")],
    *,
    out: Annotated[
        Path, typer.Option("--out", help="Where to write; .parquet writes Parquet, anything else CSV; - means stdout.")
    ],
    raw: Annotated[bool, typer.Option("--raw", help="Keep every cell's text untouched (CSV only).")] = False,
    sheet: Sheet = None,
    header_row: HeaderRow = None,
    delimiter: Delimiter = None,
    decimal: Decimal = None,
    date_order: DateOrder = None,
    types: Types = None,
) -> None:
    """Write the whole main table of FILE, header first."""
    options = reading_options(
        sheet=sheet, header_row=header_row, delimiter=delimiter, decimal=decimal, date_order=date_order, types=types
    )
    path = existing_file(file)
    check_target(out, "--out", source=path)
    if raw and out.suffix.lower() == ".parquet":
        raise InvalidOption("--raw writes text, which is CSV. Give --out an ending other than .parquet.")
    limits, name = load_settings().limits, name_of(path)
    with tempfile.TemporaryDirectory(prefix="datapilot-") as scratch, written_whole(out, "--out") as target:
        if raw:
            left_out = export_file_raw(path, target, name=name, options=options, limits=limits, scratch=Path(scratch))
        else:
            export_file(path, target, name=name, options=options, limits=limits, scratch=Path(scratch))
    if raw:
        _tell(left_out)


def _tell(left_out: LeftOut) -> None:
    """Say on stderr what stands in the file and not in the raw table, if anything does."""
    for note in left_out.lines[:MOST_TOLD]:
        remark(f"left out: line {note.line}, {note.reason}: {note.text}")
    if left_out.line_count > MOST_TOLD:
        remark(f"left out: {left_out.line_count - MOST_TOLD:,} more lines")
    for table in left_out.tables[:MOST_TOLD]:
        remark(f"left out: another table. {table}")
