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
from datapilot.cli.output import check_target, written_whole
from datapilot.contracts.errors import InvalidOption
from datapilot.settings import load_settings


def table(
    file: Annotated[Path, typer.Argument(help="The file to read.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="Where to write; .parquet writes Parquet, anything else CSV.")],
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
    write = export_file_raw if raw else export_file
    limits = load_settings().limits
    with tempfile.TemporaryDirectory(prefix="datapilot-") as scratch, written_whole(out, "--out") as target:
        write(path, target, name=name_of(path), options=options, limits=limits, scratch=Path(scratch))
