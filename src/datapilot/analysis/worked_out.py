"""Which numbers are another column in other clothes: its logarithm, its square, its inverse. The plain column is the
one to draw and to tell of; that the two go together is how the other was made.

Figures decide, not names: the function must give the column in all rows, but for rounding.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np

from datapilot.analysis.sampling import Numbers, numbers_all_over
from datapilot.contracts.profile import ColumnProfile
from datapilot.engine.table import Table

MOST_COLUMNS = 60  # looked at
LOOKED_AT = 500  # rows, about; what fits in all of them is then asked of the whole table
FEWEST_VALUES = 5  # different ones that must come out
SAME = 1 - 1e-6  # of Pearson's r between what the function gives and what is written, in a few digits
STRAIGHT = 0.9995  # of r between the two themselves, from which on one is the other in another unit
NEARLY_ALL = 0.98  # of the values that a column has in distinct ones, for the other to have as many
# From the plain column to the other, with the rows where there is one. Of two inverses the first stands for both.
FUNCTIONS: dict[str, tuple[str, str]] = {
    "logarithm": ("ln({x})", "{x} > 0"),
    "logarithm of one more": ("ln(1 + {x})", "{x} >= 0"),
    "square": ("{x} * {x}", "{x} >= 0"),
    "cube": ("{x} * {x} * {x}", "TRUE"),
    "inverse": ("1 / {x}", "{x} > 0"),
}


def find_worked_out(table: Table, columns: Sequence[ColumnProfile]) -> dict[str, str]:
    """Return the columns that are a function of another, each with the one it was made of."""
    fit = [one for one in columns if _is_fit(one)][:MOST_COLUMNS]
    if len(fit) < 2:
        return {}
    cells = numbers_all_over(table, fit, rows=LOOKED_AT)
    ends = {name: _Ends.of(values) for name, values in cells.items()}
    found: dict[str, str] = {}
    for plain, other in permutations(fit, 2):
        if other.name in found or found.get(plain.name) == other.name or not _may_be(plain, other):
            continue
        if not ends[other.name].hold(cells[other.name], at=ends[plain.name].highest):
            continue
        for form in _fitting(cells[plain.name], cells[other.name]):
            if _holds(table, plain.name, other.name, form):
                found[other.name] = plain.name
                break
    return {name: _plainest(made_of, found) for name, made_of in found.items()}


class _Ends(NamedTuple):
    """Where a column is highest, and its highest and lowest value. All of FUNCTIONS rise or fall without turning: where
    one column is highest, the other is at one of its ends. That is soon asked of any two of many columns."""

    highest: int | None
    most: float
    least: float

    @classmethod
    def of(cls, values: Numbers) -> "_Ends":
        if not np.isfinite(values).any():
            return cls(None, np.nan, np.nan)
        return cls(int(np.nanargmax(values)), float(np.nanmax(values)), float(np.nanmin(values)))

    def hold(self, values: Numbers, *, at: int | None) -> bool:
        return at is not None and values[at] in (self.most, self.least)


def _plainest(name: str, found: Mapping[str, str]) -> str:
    """Return what a column's source was made of in the end: a square of a logarithm is made of what the logarithm is
    of."""
    seen = {name}
    while name in found and found[name] not in seen:
        name = found[name]
        seen.add(name)
    return name


def _is_fit(column: ColumnProfile) -> bool:
    is_number = column.storage in ("BIGINT", "DOUBLE") and column.role in ("sum", "average") and column.pii is None
    return is_number and column.unique_count >= FEWEST_VALUES


def _may_be(plain: ColumnProfile, other: ColumnProfile) -> bool:
    """Whether a column has about as many different values as another, and is missing no less often."""
    return (
        other.unique_count >= NEARLY_ALL * plain.unique_count - 1
        and other.unique_count <= plain.unique_count
        and other.missing_count >= plain.missing_count
    )


def _fitting(plain: Numbers, other: Numbers) -> Iterator[str]:
    """Yield the functions that give the other column in the rows looked at, unless a straight line does."""
    known = np.isfinite(plain) & np.isfinite(other)
    x, y = plain[known], other[known]
    if len(np.unique(x)) < FEWEST_VALUES or len(np.unique(y)) < FEWEST_VALUES or _r(x, y) > STRAIGHT:
        return
    with np.errstate(all="ignore"):
        made = {
            "logarithm": np.where(x > 0, np.log(x), np.nan),
            "logarithm of one more": np.where(x >= 0, np.log1p(x), np.nan),
            "square": np.where(x >= 0, x * x, np.nan),
            "cube": x**3,
            "inverse": np.where(x > 0, 1 / x, np.nan),
        }
    for form, values in made.items():
        if np.isfinite(values).all() and _r(values, y) >= SAME:
            yield form


def _r(x: Numbers, y: Numbers) -> float:
    if not np.ptp(x) or not np.ptp(y):
        return 0.0
    return abs(float(np.corrcoef(x, y)[0, 1]))


def _holds(table: Table, plain: str, other: str, form: str) -> bool:
    """Whether the function gives the column in the whole table, wherever it can."""
    x, y = (f"CAST({table.physical(name)} AS DOUBLE)" for name in (plain, other))
    made, where = (text.replace("{x}", x) for text in FUNCTIONS[form])
    row = table.connection.execute(
        f"SELECT abs(corr({made}, {y})), count(*) FILTER (WHERE {y} IS NULL) "
        f"FROM {table.relation} WHERE {x} IS NOT NULL AND {where}"
    ).fetchone()
    outside = table.connection.execute(
        f"SELECT count({y}) FROM {table.relation} WHERE {x} IS NULL OR NOT ({where})"
    ).fetchone()
    assert row is not None
    assert outside is not None
    return row[0] is not None and row[0] >= SAME and row[1] == 0 and outside[0] == 0
