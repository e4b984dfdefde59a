"""Give the tests of reading a connection and one-line ways to read text, bytes and files."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import Column, Conversion, ReadingOptions
from datapilot.engine.connect import connect
from datapilot.reading.read_table import ReadTable, read_table

TABLES = Path(__file__).parent.parent / "tables"


class Read:
    """A table that was read, with short ways to look at it."""

    def __init__(self, result: ReadTable) -> None:
        self.table, self.receipt = result.table, result.receipt

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.table.columns]

    def rows(self) -> list[tuple[Any, ...]]:
        physical = ", ".join(f"c{position}" for position in range(len(self.table.columns)))
        return self.table.connection.execute(f"SELECT {physical} FROM data ORDER BY rowid").fetchall()

    def values(self, name: str) -> list[Any]:
        physical = self.table.physical(name)
        return [
            value
            for (value,) in self.table.connection.execute(f"SELECT {physical} FROM data ORDER BY rowid").fetchall()
        ]

    def column(self, name: str) -> Column:
        return self.table.column(name)

    def conversion(self, name: str) -> Conversion:
        return next(conversion for conversion in self.receipt.conversions if conversion.column == name)


ReadText = Callable[..., Read]


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
def connection(limits: Limits, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    opened = connect(limits, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def read_file(connection: duckdb.DuckDBPyConnection, limits: Limits) -> Callable[..., Read]:
    """Read a file, options by keyword: `read_file(path, delimiter=";")`."""

    def read(path: Path, *, name: str | None = None, **options: Any) -> Read:
        told = ReadingOptions(**options)
        return Read(read_table(path, name=name or path.name, options=told, limits=limits, connection=connection))

    return read


@pytest.fixture
def read_text(tmp_path: Path, read_file: Callable[..., Read]) -> ReadText:
    """Read text or bytes as if they were a file of that name."""

    def read(content: str | bytes, *, name: str = "table.csv", **options: Any) -> Read:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(path, **options)

    return read


@pytest.fixture
def read_cells(read_text: ReadText) -> Callable[..., Read]:
    """Read one column of cells beside a row number, each cell quoted so that it arrives as it is."""

    def read(cells: list[str], *, name: str = "value", repeat: int = 1, **options: Any) -> Read:
        quoted = [cell.replace('"', '""') for cell in cells] * repeat
        lines = [f'row,"{name}"', *(f'r{number},"{cell}"' for number, cell in enumerate(quoted))]
        return read_text("\n".join(lines) + "\n", **options)

    return read
