"""`datapilot analyze FILE`: a report without a server, as JSON or as a page of text."""

from pathlib import Path
from typing import Annotated

import typer

from datapilot.cli.options import DateOrder, Decimal, Delimiter, HeaderRow, Sheet, Types, reading_options
from datapilot.cli.report import report_on


def analyze(
    file: Annotated[Path, typer.Argument(help="The file to analyse.")],
    *,
    json: Annotated[
        str | None, typer.Option("--json", metavar="OUT", help="Write result.json to OUT; - means stdout.")
    ] = None,
    html: Annotated[
        str | None,
        typer.Option(
            "--html",
            metavar="OUT",
            help="Write the page to OUT: one file, works offline, asks no server. - means stdout.",
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="OUT",
            help="Write every column in full to OUT (- means stdout), as JSON Lines: also those of a table too wide for"
            " the report.",
        ),
    ] = None,
    sheet: Sheet = None,
    header_row: HeaderRow = None,
    delimiter: Delimiter = None,
    decimal: Decimal = None,
    date_order: DateOrder = None,
    types: Types = None,
    no_llm: Annotated[bool, typer.Option("--no-llm", help="Let the rules speak alone.")] = False,
) -> None:
    """Analyse FILE without a server."""
    options = reading_options(
        sheet=sheet, header_row=header_row, delimiter=delimiter, decimal=decimal, date_order=date_order, types=types
    )
    report_on(file, json=json, html=html, columns=columns, options=options, no_llm=no_llm)
