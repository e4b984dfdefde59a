"""A table inside the engine: where its cells are and what its columns mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from datapilot.contracts.errors import UnknownMeasure
from datapilot.contracts.table import Column
from datapilot.engine import duckdb
from datapilot.engine.cells import HeldCells
from datapilot.engine.grouped import Grouped
from datapilot.engine.memory import Memory

if TYPE_CHECKING:
    from datapilot.engine.cells import Cells


@dataclass(frozen=True)
class Table:
    """A typed table. Physical columns are `c0, c1, …` in the order of `columns`: users' names never reach SQL,
    because they are hostile text and DuckDB folds their case.

    `misfits` maps a column's name to a hidden text column that keeps the cells which did not fit the column's type
    (NULL elsewhere); columns without such cells are not in it. A cell is missing when its value is NULL and it has
    no misfit text. A row's index is its `rowid`: 0-based, in file order. `memory` holds what is known of its cells;
    `grouped`, by physical column, the distinct values that reading has counted; `keys` are the physical text columns
    whose sample says that no text comes twice; `cells` those of numbers and dates that were fetched whole.
    """

    connection: duckdb.DuckDBPyConnection
    columns: tuple[Column, ...]
    row_count: int
    relation: str = "data"
    misfits: Mapping[str, str] = field(default_factory=dict)
    grouped: Mapping[str, Grouped] = field(default_factory=dict, compare=False, repr=False)
    keys: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    cells: HeldCells = field(default_factory=HeldCells, compare=False, repr=False)
    memory: Memory = field(default_factory=Memory, compare=False, repr=False)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {column.name: position for position, column in enumerate(self.columns)}

    def column(self, name: str) -> Column:
        """Return what is known of the column; raises UnknownMeasure when the table has none of that name."""
        return self.columns[self._position(name)]

    def physical(self, name: str) -> str:
        """Return the SQL name of a column (`c3`), safe to print unquoted."""
        return f"c{self._position(name)}"

    def fetch(self, names: Sequence[str]) -> "dict[str, Cells]":
        """Return the cells of columns of numbers or dates, whole and in file order. They may be held for others."""
        physicals = [self.physical(name) for name in names]
        return dict(zip(names, self.cells.fetch(self.connection, self.relation, physicals).values(), strict=True))

    def beside(self) -> "Table":
        """Return the same table over a connection of its own, for a thread that asks beside this one."""
        return replace(self, connection=self.connection.cursor())

    def _position(self, name: str) -> int:
        try:
            return self._positions[name]
        except KeyError:
            raise UnknownMeasure(f"The table has no column named “{name}”.") from None
