"""Numbers of rows from all over a table, for questions that are asked of a part before they are asked of the whole."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.profile import ColumnProfile
from datapilot.engine.table import Table

Numbers = NDArray[np.float64]


def numbers_all_over(table: Table, columns: Sequence[ColumnProfile], *, rows: int) -> dict[str, Numbers]:
    """Return each column's numbers in about so many rows, evenly apart and in file order, missing ones as nan."""
    step = max(1, table.row_count // rows)
    listed = ", ".join(f"CAST({table.physical(one.name)} AS DOUBLE) AS {table.physical(one.name)}" for one in columns)
    asked = f"SELECT {listed} FROM {table.relation} WHERE rowid % {step} = 0"
    fetched: dict[str, Any] = table.connection.execute(asked).fetchnumpy()
    return {
        one.name: np.ma.filled(np.ma.asarray(cells, dtype=np.float64), np.nan)
        for one, cells in zip(columns, fetched.values(), strict=True)
    }
