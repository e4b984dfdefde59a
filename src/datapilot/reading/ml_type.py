"""Name the class a model builder wants to know: one of the nine of SortingHat (Shah et al., SIGMOD 2021).

The answer comes from boosted trees learned from labelled columns (`benchmarks/train_column_classes.py`); they lie in
`column_classes.npz` as plain arrays and are evaluated here.
"""

import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from datapilot.contracts.table import MlType
from datapilot.reading.evidence import Evidence
from datapilot.reading.ml_features import MOST_VALUES, ColumnCounts, features

CLASSES: tuple[MlType, ...] = (
    "categorical", "context-specific", "datetime", "embedded-number", "list", "not-generalizable", "numeric",
    "sentence", "url",
)  # fmt: skip
MODEL = Path(__file__).parent / "column_classes.npz"
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")


def ml_types(evidences: Sequence[Evidence], *, rows: int) -> list[MlType]:
    """Return the class of each column of a table with this many rows, in order; [] for none."""
    if not evidences:
        return []
    described = [features(e.name, _few_values(e), column_counts(e, rows=rows)) for e in evidences]
    winners = class_scores(np.array(described, dtype=np.float64)).argmax(axis=1)
    return [CLASSES[winner] if e.values else "not-generalizable" for winner, e in zip(winners, evidences, strict=True)]


def class_scores(described: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return one row of nine scores (log odds, not calibrated) per row of features."""
    feature, threshold, left, right, value, roots = load_trees()
    rows = np.arange(len(described))[:, None]
    at = np.repeat(roots[None, :], len(described), axis=0)
    while True:
        inner = feature[at] >= 0
        if not inner.any():
            break
        goes_left = described[rows, np.maximum(feature[at], 0)] <= threshold[at]
        at = np.where(inner, np.where(goes_left, left[at], right[at]), at)
    leaves = value[at]
    scores: npt.NDArray[np.float64] = leaves.reshape(len(described), -1, len(CLASSES)).sum(axis=1)
    return scores


@cache
def load_trees() -> tuple[npt.NDArray[np.int32], ...]:
    """The nodes of all trees in one table: feature (-1 for a leaf), threshold, the places of both children, the
    leaf's value; and where each tree begins, the nine classes taking turns."""
    with np.load(MODEL) as stored:
        return tuple(stored[key] for key in ("feature", "threshold", "left", "right", "value", "roots"))


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
    numbers = [(float(t), n) for t, n in evidence.values.items() if _NUMBER.fullmatch(t)]
    numbers = [(number, n) for number, n in numbers if math.isfinite(number) and abs(number) < 1e150]
    if not numbers or sum(n for _, n in numbers) < 0.95 * evidence.cells:
        return ColumnCounts(rows, missing, distinct)
    total = sum(n for _, n in numbers)
    mean = sum(number * n for number, n in numbers) / total
    std = math.sqrt(sum(n * (number - mean) ** 2 for number, n in numbers) / max(1, total - 1))
    only = [number for number, _ in numbers]
    return ColumnCounts(rows, missing, distinct, mean, std, min(only), max(only))


def _estimated_distinct(evidence: Evidence) -> int:
    """Distinct texts of the column by the sample's singletons and pairs (Chao 1984), exact when all were seen."""
    if not evidence.is_partial:
        return len(evidence.values)
    once = sum(count == 1 for count in evidence.values.values())
    twice = sum(count == 2 for count in evidence.values.values())
    return len(evidence.values) + once * once // (2 * max(1, twice))
