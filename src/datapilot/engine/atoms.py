"""The aggregates a database computes for us. A measure is made of atoms; equal atoms are computed once."""

import math
from typing import Any, Literal, NamedTuple

from datapilot.engine.conditions import ALL_ROWS, Rows
from datapilot.engine.keys import Key

What = Literal[
    "rows", "values", "filled", "distinct", "sum", "min", "max", "std", "quantile",
    "pairs", "correlation", "moments", "outliers", "repeats", "contingency", "spreads",
]  # fmt: skip

FOLDABLE: frozenset[What] = frozenset({"rows", "values", "filled", "sum", "min", "max"})


class Atom(NamedTuple):
    """One aggregate of physical columns over `rows`: one value per key of `key`, or one value without a key.

    `rows` counts rows, `values` typed cells, `filled` cells that are not missing (`column2` is then the column of
    misfits, if any), `distinct` distinct typed cells; `pairs` counts rows where both columns have a value; `moments`
    is the list of the sums of second, third and fourth powers about the mean; `repeats` counts rows equal to an
    earlier one in all but `column` and its misfits in `column2`; `contingency` is the list of how often each pair of
    values occurs; `spreads` holds for each value of `column2` how many numbers `column` has, their mean, and the sums
    of their distances and squared distances from it.
    """

    what: What
    column: str | None = None
    storage: str = ""
    column2: str | None = None
    q: float | None = None
    rows: Rows = ALL_ROWS
    key: Key | None = None

    @property
    def reads(self) -> frozenset[str]:
        """The physical columns it aggregates; those of its rows and its key come on top."""
        return frozenset(column for column in (self.column, self.column2) if column)


def fold(what: What, values: list[Any]) -> Any:
    """Return one value for the rows of several keys taken together; `what` is FOLDABLE."""
    known = [value for value in values if value is not None]
    if what in ("min", "max"):
        return (min if what == "min" else max)(known, default=None)
    if not known:
        return None if what == "sum" else 0
    return math.fsum(known) if isinstance(known[0], float) else sum(known)
