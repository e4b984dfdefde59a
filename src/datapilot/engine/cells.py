"""Cells of numbers and dates as arrays, fetched once where a table is small enough to hold them: reading looks whether
they can be computed with, the profile counts them, relations multiply them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from datapilot.engine import duckdb
from datapilot.engine.values import BEYOND

if TYPE_CHECKING:
    import numpy as np

    Cells = np.ma.MaskedArray[Any, np.dtype[Any]]

MOST_HELD = 6_000_000  # cells: 48 MB of doubles


class HeldCells:
    """Whole columns by their physical names, as masked arrays; nobody may change them. Room for MOST_HELD cells."""

    def __init__(self) -> None:
        self._held: dict[str, Cells] = {}
        self._room = MOST_HELD

    def has_room(self, columns: int, *, rows: int) -> bool:
        """Return whether so many more columns can be held."""
        return columns * rows <= self._room

    def fetch(
        self, connection: duckdb.DuckDBPyConnection, relation: str, physicals: Sequence[str]
    ) -> "dict[str, Cells]":
        """Return the columns' cells. Those that are not held yet are fetched in one statement, and held where there is
        room for all of them."""
        import numpy as np  # noqa: PLC0415  # 60 ms, which are over while the engine loads a table

        missing = [one for one in physicals if one not in self._held]
        fetched: dict[str, Any] = {}
        if missing:
            fetched = connection.execute(f"SELECT {', '.join(missing)} FROM {relation}").fetchnumpy()
            fetched = {one: np.ma.asarray(cells) for one, cells in fetched.items()}
            size = sum(len(cells) for cells in fetched.values())
            if size <= self._room:
                self._room -= size
                self._held |= fetched
        return {one: fetched[one] if one in fetched else self._held[one] for one in physicals}

    def are_computable(self, connection: duckdb.DuckDBPyConnection, relation: str, physicals: Sequence[str]) -> bool:
        """Return whether all numbers of the columns, which are doubles, can be computed with."""
        import numpy as np  # noqa: PLC0415  # as above

        cells = self.fetch(connection, relation, physicals).values()
        return all(((np.abs(one.data) < BEYOND) | np.ma.getmaskarray(one)).all() for one in cells)

    def held(self, physicals: Sequence[str]) -> "list[Cells] | None":
        """Return the columns' cells if all of them are held."""
        return [self._held[one] for one in physicals] if all(one in self._held for one in physicals) else None

    def count(self, physical: str) -> int | None:
        """Return how many cells of a column are filled, None if it is not held."""
        cells = self._held.get(physical)
        return None if cells is None else int(cells.count())

    def leave_no_row_whole(self, physicals: Sequence[str]) -> bool:
        """Return whether each row has an empty cell in one of those of the columns that are held."""
        import numpy as np  # noqa: PLC0415  # as above

        masks = [np.ma.getmaskarray(self._held[one]) for one in physicals if one in self._held]
        return bool(masks) and bool(np.logical_or.reduce(masks).all())
