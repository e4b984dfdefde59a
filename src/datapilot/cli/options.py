"""The reading options as the command line spells them, the same for every command that reads a file."""

from typing import Annotated, get_args

import typer
from pydantic import ValidationError

from datapilot.contracts.errors import InvalidOption
from datapilot.contracts.table import FOUND_TYPES, InferredType, ReadingOptions

Sheet = Annotated[
    str | None, typer.Option("--sheet", help="Name of the sheet to read; * for all with the same columns.")
]
HeaderRow = Annotated[
    int | None, typer.Option("--header-row", help="Line of the header, counted from 1; 0 means there is none.")
]
Delimiter = Annotated[str | None, typer.Option("--delimiter", help="What separates the cells, e.g. ';' or '\\t'.")]
Decimal = Annotated[str | None, typer.Option("--decimal", help="Decimal mark: '.' or ','.")]
DateOrder = Annotated[str | None, typer.Option("--date-order", help="DMY, MDY or YMD.")]
Types = Annotated[list[str] | None, typer.Option("--type", help="COL=TYPE, may be given several times.")]

CHOSEN_TYPES = tuple(kind for kind in get_args(InferredType) if kind not in FOUND_TYPES)
WANTED = {
    "header_row": "a line counted from 1, or 0 for no header",
    "delimiter": "one to eight characters, for example ';' or '\\t', no quote and no line end",
    "decimal": "'.' or ','",
    "date_order": "DMY, MDY or YMD",
}


def reading_options(
    *,
    sheet: str | None,
    header_row: int | None,
    delimiter: str | None,
    decimal: str | None,
    date_order: str | None,
    types: list[str] | None,
) -> ReadingOptions:
    """Return the options as one value; raises InvalidOption with the flag and what it may be."""
    given = {
        "sheet": sheet,
        "header_row": header_row,
        "delimiter": delimiter.replace("\\t", "\t") if delimiter else delimiter,
        "decimal": decimal,
        "date_order": date_order.upper() if date_order else date_order,
        "types": dict(map(_column_type, types or [])),
    }
    try:
        return ReadingOptions.model_validate(given)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise InvalidOption(f"--{name.replace('_', '-')} wants {WANTED[name]}; got “{given[name]}”.") from None


def _column_type(pair: str) -> tuple[str, str]:
    column, _, kind = pair.rpartition("=")
    if not column:
        raise InvalidOption(f"--type wants COLUMN=TYPE, for example --type zip=identifier; got “{pair}”.")
    if kind not in CHOSEN_TYPES:
        raise InvalidOption(f"--type: “{kind}” is no column type. Choose one of: {', '.join(CHOSEN_TYPES)}.")
    return column, kind
