"""Name the class a model builder wants to know: one of the nine of SortingHat (Shah et al., SIGMOD 2021).

The answer comes from boosted trees learned from labelled columns (`benchmarks/train_column_classes.py`); they lie in
`column_classes.npz` as plain arrays and are evaluated here.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from datapilot.contracts.table import MlType
from datapilot.reading.evidence import Evidence
from datapilot.reading.ml_features import MOST_VALUES, NAME_BUCKETS, ColumnCounts, features

CLASSES: tuple[MlType, ...] = (
    "categorical", "context-specific", "datetime", "embedded-number", "list", "not-generalizable", "numeric",
    "sentence", "url",
)  # fmt: skip
ROWS_AT_ONCE = 64  # so that what the trees compare stays in the processor's cache
MODEL = Path(__file__).parent / "column_classes.npz"
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")


def ml_types(evidences: Sequence[Evidence], *, rows: int) -> list[MlType]:
    """Return the class of each column of a table with this many rows, in order; [] for none."""
    if not evidences:
        return []
    buckets = load_trees().buckets
    described = [describe_column(e, rows=rows, buckets=buckets) for e in evidences]
    winners = class_scores(np.array(described, dtype=np.float64)).argmax(axis=1)
    return [CLASSES[winner] if e.values else "not-generalizable" for winner, e in zip(winners, evidences, strict=True)]


def describe_column(evidence: Evidence, *, rows: int, buckets: Sequence[int] = range(NAME_BUCKETS)) -> list[float]:
    """Return the features of a column of a table with this many rows."""
    return features(evidence.name, _few_values(evidence), column_counts(evidence, rows=rows), buckets=buckets)


def class_scores(described: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return one row of nine scores (log odds, not calibrated) per row of features."""
    scores = [_scores(described[start : start + ROWS_AT_ONCE]) for start in range(0, len(described), ROWS_AT_ONCE)]
    return np.concatenate(scores) if scores else np.empty((0, len(CLASSES)))


def _scores(described: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    trees = load_trees()
    row = np.repeat(np.arange(len(described)), len(trees.roots))
    at = np.tile(trees.roots, len(described))
    active = np.flatnonzero(trees.feature[at] >= 0)
    while active.size:
        node = at[active]
        goes_left = described[row[active], trees.feature[node]] <= trees.threshold[node]
        node = np.where(goes_left, node + 1, trees.right[node])
        at[active] = node
        active = active[trees.feature[node] >= 0]
    leaves = trees.value[at]
    scores: npt.NDArray[np.float64] = leaves.reshape(len(described), -1, len(CLASSES)).sum(axis=1, dtype=np.float64)
    return scores


@dataclass(frozen=True)
class Trees:
    """The nodes of all trees in one table: feature (-1 for a leaf), threshold, the place of the right child (the left
    one follows its parent), the leaf's value; where each tree begins, the nine classes taking turns; and which buckets
    of the name the trees ask for."""

    feature: npt.NDArray[np.int16]
    threshold: npt.NDArray[np.float32]
    right: npt.NDArray[np.int32]
    value: npt.NDArray[np.float32]
    roots: npt.NDArray[np.int32]
    buckets: list[int]


@cache
def load_trees() -> Trees:
    """Return the trees, read once a process."""
    with np.load(MODEL) as stored:
        buckets = [int(bucket) for bucket in stored["buckets"]]
        return Trees(stored["feature"], stored["threshold"], stored["right"], stored["value"], stored["roots"], buckets)


def _few_values(evidence: Evidence) -> list[str]:
    """Return five of the column's texts, different ones first, as the labelled columns have them."""
    texts = list(evidence.values)[:MOST_VALUES]
    return (texts * MOST_VALUES)[: min(MOST_VALUES, evidence.cells)]


def column_counts(evidence: Evidence, *, rows: int) -> ColumnCounts:
    """Return the counts of the whole column, estimated from the sample where it is not the whole."""
    sampled = evidence.cells + evidence.blanks + evidence.missing.total()
    share = (evidence.blanks + evidence.missing.total()) / max(1, sampled)
    missing = round(share * rows)
    distinct = min(max(1, rows - missing), _estimated_distinct(evidence)) if evidence.values else 0
    plain = [(float(text), count) for text, count in evidence.values.items() if _NUMBER.fullmatch(text)]
    numbers = np.array([number for number, _ in plain])
    times = np.array([count for _, count in plain], dtype=np.int64)
    usable = np.isfinite(numbers) & (np.abs(numbers) < 1e150)
    numbers, times = numbers[usable], times[usable]
    total = int(times.sum())
    if not total or total < 0.95 * evidence.cells:
        return ColumnCounts(rows, missing, distinct)
    mean = float((numbers * times).sum()) / total
    std = math.sqrt(float((times * (numbers - mean) ** 2).sum()) / max(1, total - 1))
    return ColumnCounts(rows, missing, distinct, mean, std, float(numbers.min()), float(numbers.max()))


def _estimated_distinct(evidence: Evidence) -> int:
    """Distinct texts of the column by the sample's singletons and pairs (Chao 1984), exact when all were seen."""
    if not evidence.is_partial:
        return len(evidence.values)
    once = sum(count == 1 for count in evidence.values.values())
    twice = sum(count == 2 for count in evidence.values.values())
    return len(evidence.values) + once * once // (2 * max(1, twice))
