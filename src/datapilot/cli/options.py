"""The reading options as the command line spells them, the same for every command that reads a file."""

from pathlib import Path
from typing import Annotated, get_args

import typer
from pydantic import ValidationError

from datapilot.contracts.errors import InvalidOption, MissingFile
from datapilot.contracts.table import InferredType, ReadingOptions

Sheet = Annotated[str | None, typer.Option("--sheet", help="Name of the sheet to read.")]
HeaderRow = Annotated[
    int | None, typer.Option("--header-row", help="Line of the header, counted from 1; 0 means there is none.")
]
Delimiter = Annotated[str | None, typer.Option("--delimiter", help="What separates the cells, e.g. ';' or '\\t'.")]
Decimal = Annotated[str | None, typer.Option("--decimal", help="Decimal mark: '.' or ','.")]
DateOrder = Annotated[str | None, typer.Option("--date-order", help="DMY, MDY or YMD.")]
Types = Annotated[list[str] | None, typer.Option("--type", help="COL=TYPE, may be given several times.")]


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
    wanted: dict[str, str] = {}
    for pair in types or []:
        column, separator, kind = pair.rpartition("=")
        if not separator:
            raise InvalidOption(f"--type wants COLUMN=TYPE, for example --type zip=identifier; got “{pair}”.")
        if kind not in get_args(InferredType):
            raise InvalidOption(f"“{kind}” is no column type. Choose one of: {', '.join(get_args(InferredType))}.")
        wanted[column] = kind
    try:
        return ReadingOptions.model_validate(
            {
                "sheet": sheet,
                "header_row": header_row,
                "delimiter": delimiter.replace("\\t", "\t") if delimiter else delimiter,
                "decimal": decimal,
                "date_order": date_order.upper() if date_order else None,
                "types": wanted,
            }
        )
    except ValidationError as error:
        first = error.errors()[0]
        flag = "--" + str(first["loc"][0]).replace("_", "-")
        raise InvalidOption(f"{flag}: {first['msg']}.") from None


def existing_file(path: Path) -> Path:
    """Return the path when a file is there; raises MissingFile with what to check."""
    if path.is_dir():
        raise MissingFile(f"{path} is a folder. Name one file in it.")
    if not path.is_file():
        raise MissingFile(f"There is no file {path}. Check the name and the folder you are in.")
    return path
