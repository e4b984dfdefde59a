"""What every kind of workbook gives once it is open: the sheets it has, and the cells of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from datapilot.reading.layout.marked_table import MarkedTable

MOST_CELLS = 60_000_000  # a sheet of a million rows and sixty columns; more does not fit a job's memory

Cell = str | int | float | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True)
class Sheet:
    """A sheet with the size of its filled area."""

    name: str
    is_visible: bool
    rows: int
    columns: int


@dataclass(frozen=True)
class Cells:
    """The cells of a sheet from its first filled row and column on; `merged` counts the ranges whose value was written
    into each of their rows, `tables` are those that the workbook marks as such."""

    sheet: str
    start_row: int
    start_column: int
    rows: list[list[Cell]]
    merged: int = 0
    tables: Sequence[MarkedTable] = ()


class Book(Protocol):
    """An open workbook. `encoding` is that of its text where it is a text file, `notes` what its opening has to say."""

    @property
    def sheets(self) -> Sequence[Sheet]: ...

    @property
    def encoding(self) -> str | None: ...

    @property
    def notes(self) -> Sequence[str]: ...

    def filled(self, sheet: str) -> int:
        """Return how many cells of the sheet hold something."""
        ...

    def cells(self, sheet: str) -> Cells:
        """Return the cells of the sheet of that name."""
        ...
