"""Which columns move together: Pearson's r of numbers, bias-corrected Cramer's V of categories, and the correlation
ratio of a number by a category, within a budget."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from datapilot.analysis.cross_counts import Counts, cross_counts
from datapilot.contracts.measure import Measure
from datapilot.contracts.profile import ColumnProfile, Relation
from datapilot.engine.association import Spread, chi_square, correlation_ratio, settled_r
from datapilot.engine.evaluate import evaluate
from datapilot.engine.p_values import chi2_tail, f_tail, t_tail
from datapilot.engine.table import Table

PRODUCT_BUDGET = 800_000_000  # cell products for the matrix of correlations: under a second of one core
FEWEST_COUNTED_ROWS = 200  # however few the rows, so many columns at most: the matrices grow with their square
CELL_BUDGET = 30_000_000  # cells looked at for tables of categories: likewise
MAX_CATEGORIES = 50  # distinct values: beyond, a cross table is mostly empty cells
MOST_CATEGORICAL = 24  # columns, 276 cross tables
KEPT_RELATIONS = 200  # the strongest of one kind of columns; a thousand numeric ones have half a million pairs
MOST_ADDED = 8  # numeric columns whose sums and spreads by category are taken along: with MOST_CATEGORICAL 192 pairs
FEW_NUMBERS = 8  # columns; 28 pairs take the engine as long as the matrices
BLOCK_ROWS = 65_536
_NO_SPREAD = 1e-12  # variance, of columns scaled to variance 1

Matrix = NDArray[np.float64]
Scales = Mapping[str, tuple[float, float]]


class Relations(NamedTuple):
    """The strongest relations, how many pairs were compared, and what the budget left out, in sentences."""

    found: tuple[Relation, ...]
    compared: int
    notes: tuple[str, ...]


def find_relations(
    table: Table,
    numbers: Sequence[ColumnProfile],
    categories: Sequence[ColumnProfile],
    scales: Scales,
) -> Relations:
    """Return the relations among the numeric columns, among the categories, and of the first of both, strongest first.

    `scales` holds each number's mean and deviation (not 0). Each kind has a budget of work; columns are taken in
    file order until it is spent.
    """
    within = max(2, math.isqrt(PRODUCT_BUDGET // max(FEWEST_COUNTED_ROWS, table.row_count)))
    pairs = max(1, CELL_BUDGET // max(1, table.row_count))
    most = min(MOST_CATEGORICAL, max(2, int((1 + math.sqrt(1 + 8 * pairs)) / 2)))
    chosen, labels = list(numbers[:within]), list(categories[:most])
    crossed = cross_counts(table, labels, adding={one.name: scales[one.name][0] for one in numbers[:MOST_ADDED]})
    alike = [*_correlations(table, chosen, scales), *_associations(labels, crossed.counts)]
    kept = [*sorted(alike, key=_by_strength)[:KEPT_RELATIONS], *_ratios(crossed.spreads)]
    notes = [
        f"Relations were looked for among the first {len(taken):,} of {len(given):,} {kind} columns."
        for taken, given, kind in ((chosen, numbers, "numeric"), (labels, categories, "categorical"))
        if len(taken) < len(given)
    ]
    compared = math.comb(len(chosen), 2) + math.comb(len(labels), 2) + len(crossed.spreads)
    return Relations(tuple(sorted(kept, key=_by_strength)), compared, tuple(notes))


def _by_strength(relation: Relation) -> tuple[float, str, str]:
    return -abs(relation.strength), relation.column, relation.column2


def _correlations(table: Table, columns: list[ColumnProfile], scales: Scales) -> list[Relation]:
    if len(columns) < 2:
        return []
    if len(columns) <= FEW_NUMBERS:
        return _few_correlations(table, columns)
    n, r = _pearson(table, columns, scales)
    left, right = np.triu_indices(len(columns), k=1)
    strengths = np.nan_to_num(np.abs(r[left, right]), nan=-1.0)
    strongest = np.argsort(-strengths, kind="stable")[:KEPT_RELATIONS]
    return [
        _correlation(columns[i].name, columns[j].name, settled_r(float(r[i, j])), int(n[i, j]))
        for i, j in zip(left[strongest].tolist(), right[strongest].tolist(), strict=True)
        if math.isfinite(r[i, j])
    ]


def _correlation(one: str, other: str, r: float, n: int) -> Relation:
    return Relation(
        kind="correlation",
        column=one,
        column2=other,
        strength=float(f"{r:.12g}"),
        n=n,
        p_value=correlation_p_value(r, n),
    )


def _few_correlations(table: Table, columns: list[ColumnProfile]) -> list[Relation]:
    """For few pairs the engine's own aggregate beats building matrices."""
    measures = [
        Measure(metric="correlation", column=one.name, column2=other.name) for one, other in combinations(columns, 2)
    ]
    return [
        _correlation(str(fact.measure.column), str(fact.measure.column2), fact.value, fact.n)
        for fact in evaluate(measures, table)
        if isinstance(fact.value, float)
    ]


def correlation_p_value(r: float, n: int) -> float:
    """Return the two-sided p-value of Pearson's r under no relation (t with n - 2 degrees of freedom)."""
    if n < 3:
        return 1.0
    if abs(r) >= 1:
        return 0.0
    return t_tail(r * math.sqrt((n - 2) / (1 - r * r)), n - 2)


def _pearson(table: Table, columns: list[ColumnProfile], scales: Scales) -> tuple[Matrix, Matrix]:
    """Return the matrices of pair counts and of r over the rows where both columns have a value; nan if undefined.

    Columns are centred and scaled first, so that the sums of products do not cancel.
    """
    width = len(columns)
    n, sums, squares, products = (np.zeros((width, width)) for _ in range(4))
    centre = np.array([scales[column.name][0] for column in columns])
    spread = np.array([scales[column.name][1] for column in columns])
    rows = max(1024, BLOCK_ROWS * 32 // width)
    for block in _blocks(table, [column.name for column in columns], rows):
        known = np.isfinite(block)
        scaled = np.subtract(block, centre, out=block)
        scaled /= spread
        scaled[~known] = 0.0
        mask, counted = known.astype(np.float64), known.astype(np.float32)
        n += counted.T @ counted  # of so few rows, half the digits count exactly
        sums += scaled.T @ mask
        squares += (scaled * scaled).T @ mask
        products += scaled.T @ scaled
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = squares - sums * sums / n
        covariance = products - sums * sums.T / n
        r = covariance / np.sqrt(variance * variance.T)
    r[(variance < _NO_SPREAD * n) | (_NO_SPREAD * n > variance.T) | (n < 2)] = np.nan
    return n, np.clip(r, -1.0, 1.0)


def _blocks(table: Table, names: Sequence[str], rows: int) -> Iterator[Matrix]:
    """Yield the cells of so many rows after the other, missing ones as nan."""
    physicals = [table.physical(name) for name in names]
    held = table.cells.held(physicals)
    whole = None if held is None else [(np.ma.getdata(cells), np.ma.getmaskarray(cells)) for cells in held]
    listed = ", ".join(f"CAST({physical} AS DOUBLE)" for physical in physicals)
    for start in range(0, table.row_count, rows):
        end = min(start + rows, table.row_count)
        block = np.empty((end - start, len(names)))
        if whole is None:
            fetched = table.connection.execute(
                f"SELECT {listed} FROM {table.relation} WHERE rowid >= {start} AND rowid < {end}"
            ).fetchnumpy()
            columns = [(np.ma.getdata(cells), np.ma.getmaskarray(cells)) for cells in fetched.values()]
        else:
            columns = [(values[start:end], is_missing[start:end]) for values, is_missing in whole]
        for place, (values, is_missing) in enumerate(columns):
            block[:, place] = values
            block[is_missing, place] = np.nan
        yield block


def _associations(columns: list[ColumnProfile], counts: Mapping[tuple[str, str], Counts]) -> list[Relation]:
    return [
        relation
        for one, other in combinations(columns, 2)
        if (relation := _association(one.name, other.name, counts[one.name, other.name])) is not None
    ]


def _ratios(spreads: Mapping[tuple[str, str], Sequence[Spread]]) -> Iterator[Relation]:
    """Yield eta of each number by each category over the rows where both have a value, with the p-value of equal means
    (F, one-way analysis of variance)."""
    for (number, category), groups in spreads.items():
        strength = correlation_ratio(groups)
        if strength is None:
            continue
        n = sum(group[0] for group in groups)
        yield Relation(
            kind="correlation_ratio",
            column=number,
            column2=category,
            strength=float(f"{strength:.12g}"),
            n=n,
            p_value=ratio_p_value(strength, groups=len(groups), n=n),
        )


def ratio_p_value(strength: float, *, groups: int, n: int) -> float:
    """Return the p-value of a correlation ratio where all groups have one mean (F with groups - 1 and n - groups)."""
    if n <= groups:
        return 1.0
    between = strength * strength
    if between >= 1:
        return 0.0
    return f_tail(between / (1 - between) * (n - groups) / (groups - 1), groups - 1, n - groups)


def _association(one: str, other: str, counts: Counts) -> Relation | None:
    found = chi_square((left, right, times) for (left, right), times in counts.items())
    strength = found.corrected_v
    if strength is None:
        return None
    return Relation(
        kind="association",
        column=one,
        column2=other,
        strength=float(f"{strength:.12g}"),
        n=found.n,
        p_value=chi2_tail(found.statistic, found.freedom),
    )
