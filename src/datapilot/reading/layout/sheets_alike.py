"""Tell which sheets of a workbook hold one table in parts: a sheet a month, a year or a shop, with the same columns."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from datapilot.contracts.table import ReadingOptions
from datapilot.reading.layout.header import free_name
from datapilot.reading.vocabulary import months

ALL_SHEETS = "*"  # the option that asks for every sheet with the columns of the largest
SHEET_COLUMN = "Sheet"
_MONTHS = frozenset(months())
_DAY = re.compile(r"(?:1[5-9]|20)\d{2}-\d{2}-\d{2}(?:[ T].*)?|\d{1,2}[./]\d{1,2}[./](?:\d{2}|\d{4})")
MOSTLY = 0.9
LONG_TABLE = 1000  # rows
_NEW_SHEETS = frozenset({
    "sheet", "tabelle", "feuil", "feuille", "hoja", "foglio", "blad", "planilha", "folha", "arkusz", "list", "munka",
    "sayfa", "ark", "taul", "лист",
})  # fmt: skip
_FEWEST_LETTERS = 3  # of a month: shorter ones are words of their own in too many languages


class Part(NamedTuple):
    """A sheet as a table: its column names, its rows as text, and the places of the columns it holds natively."""

    sheet: str
    names: tuple[str, ...]
    rows: list[list[str]]
    native: frozenset[int]


class Joined(NamedTuple):
    """One table of several sheets: `whole` goes by the first and the last sheet's name, `parts` are the sheets it was
    made of, `copies` those left out because their rows are another's, and `sheet_column` the name of the first column
    where it says which sheet a row is from."""

    whole: Part
    parts: tuple[str, ...]
    copies: tuple[str, ...]
    sheet_column: str | None


def asks_for_all(options: ReadingOptions) -> bool:
    """Whether the user asked for every sheet with the columns of the largest."""
    return options.sheet is not None and options.sheet.strip() == ALL_SHEETS


def names_alike(chosen: str, others: Sequence[str], *, rows: int, options: ReadingOptions) -> list[str]:
    """Return which of the other sheets may carry on the chosen one, which has so many rows: all where the user asked
    for all, none where they named one, and else those whose names differ from its name in nothing but numbers and
    months. The names that a program gives to new sheets say nothing, unless a long table was cut."""
    if options.sheet is not None:
        return list(others) if asks_for_all(options) else []
    form = _form(chosen)
    if form is not None and form.removesuffix("#").strip() in _NEW_SHEETS and rows < LONG_TABLE:
        return []
    return [name for name in others if form is not None and _form(name) == form]


def _form(name: str) -> str | None:
    """Return the name with its numbers and months left open, or None where it has neither."""
    words = re.findall(r"\d+|[^\W\d_]+", name.casefold())
    form = [
        "#" if word.isdigit() else "@" if word in _MONTHS and len(word) >= _FEWEST_LETTERS else word for word in words
    ]
    return " ".join(form) if {"#", "@"} & set(form) else None


def join(main: Part, others: Sequence[Part], order: Sequence[str]) -> Joined | None:
    """Return the table of `main` and of those others that have its columns, in the `order` of the workbook's sheets,
    or None where no other has them. Where a column tells the day, a sheet whose rows are another's is left out as its
    copy; where none does, the name of the sheet becomes the first column."""
    names = _spelled(main)
    alike = [main, *(one for one in others if _spelled(one) == names and one.rows)]
    alike.sort(key=lambda part: order.index(part.sheet))
    rows = [row for part in alike for row in part.rows]
    is_dated = any(_tells_the_day(rows, place) for place in range(len(names)))
    parts: list[Part] = []
    copies = []
    for part in alike:
        if is_dated and any(part.rows == other.rows for other in parts):
            copies.append(part.sheet)
        else:
            parts.append(part)
    if len(parts) == 1:
        return None
    told = tuple(part.sheet for part in parts)
    name = f"{told[0]} – {told[-1]}"
    native = frozenset.intersection(*(part.native for part in parts))
    if is_dated:
        whole = Part(name, main.names, [row for part in parts for row in part.rows], native)
        return Joined(whole, told, tuple(copies), None)
    column = free_name(SHEET_COLUMN, main.names)
    rows = [[part.sheet, *row] for part in parts for row in part.rows]
    whole = Part(name, (column, *main.names), rows, frozenset(place + 1 for place in native))
    return Joined(whole, told, (), column)


def _spelled(part: Part) -> tuple[str, ...]:
    return tuple(" ".join(name.casefold().split()) for name in part.names)


def _tells_the_day(rows: Sequence[Sequence[str]], place: int) -> bool:
    cells = [row[place].strip() for row in rows if row[place].strip()]
    return len(cells) > 0 and sum(_DAY.fullmatch(cell) is not None for cell in cells) >= MOSTLY * len(cells)
