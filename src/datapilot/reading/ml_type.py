"""Name the class a model builder wants to know: one of the nine of SortingHat (Shah et al., SIGMOD 2021).

The answer comes from boosted trees learned from labelled columns (`benchmarks/train_column_classes.py`); they lie in
`column_classes.npz` as plain arrays and are evaluated here.
"""

import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from datapilot.contracts.table import MlType
from datapilot.reading.evidence import Evidence
from datapilot.reading.ml_features import (
    MOST_VALUES,
    NAME_BUCKETS,
    ColumnCounts,
    features,
    features_before_name,
    pieces_of_name,
    places_of,
)

CLASSES: tuple[MlType, ...] = (
    "categorical", "context-specific", "datetime", "embedded-number", "list", "not-generalizable", "numeric",
    "sentence", "url",
)  # fmt: skip
ROWS_AT_ONCE = 64  # so that what the trees compare stays in the processor's cache
STEPS_AT_ONCE = 4  # down a tree, before those that have arrived are set aside
MODEL = Path(__file__).parent / "column_classes.npz"
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")


def ml_types(evidences: Sequence[Evidence], *, rows: int) -> list[MlType]:
    """Return the class of each column of a table with this many rows, in order; [] for none."""
    if not evidences:
        return []
    winners = class_scores(_described(evidences, rows=rows)).argmax(axis=1)
    return [CLASSES[winner] if e.values else "not-generalizable" for winner, e in zip(winners, evidences, strict=True)]


def describe_column(evidence: Evidence, *, rows: int) -> list[float]:
    """Return all features of a column of a table with this many rows, from which the trees are learned."""
    counts = column_counts(evidence, rows=rows)
    return features(evidence.name, _few_values(evidence), counts, buckets=range(NAME_BUCKETS))


def _described(evidences: Sequence[Evidence], *, rows: int) -> npt.NDArray[np.float64]:
    """Return the features of each column that the trees ask for, one row a column."""
    buckets = load_trees().buckets
    places = places_of(buckets)
    first = [features_before_name(e.name, _few_values(e), column_counts(e, rows=rows)) for e in evidences]
    described = np.zeros((len(first), len(first[0]) + len(buckets)))
    described[:, : len(first[0])] = first
    for row, evidence in zip(described[:, len(first[0]) :], evidences, strict=True):
        for place, count in pieces_of_name(evidence.name, places).items():
            row[place] = count
    return described


def class_scores(described: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return one row of nine scores (log odds, not calibrated) per row of features."""
    scores = [_scores(described[start : start + ROWS_AT_ONCE]) for start in range(0, len(described), ROWS_AT_ONCE)]
    return np.concatenate(scores) if scores else np.empty((0, len(CLASSES)))


def _scores(described: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    trees = load_trees()
    cells, width = described.ravel(), described.shape[1]
    # Most buckets of a name are empty in all of these columns: nodes that ask for what is the same in all are passed.
    first = described[0]
    is_same = (described == first).all(axis=0)
    itself = np.arange(len(trees.feature))
    onward = trees.children[2 * itself + ~(first[trees.feature] <= trees.threshold)]
    goes_to = np.where(is_same[trees.feature] & ~trees.is_leaf, onward, itself)
    while not np.array_equal(further := goes_to[goes_to], goes_to):
        goes_to = further
    children = goes_to[trees.children]
    node = np.tile(goes_to[trees.roots], len(described))
    row = np.repeat(np.arange(len(described)) * width, len(trees.roots))
    place = np.arange(len(node))
    arrived = np.empty_like(node)
    while node.size:
        for _ in range(STEPS_AT_ONCE):
            goes_right = ~(cells.take(row + trees.feature.take(node)) <= trees.threshold.take(node))
            node = children.take(2 * node + goes_right)
        is_leaf = trees.is_leaf.take(node)
        arrived[place[is_leaf]] = node[is_leaf]
        node, row, place = node[~is_leaf], row[~is_leaf], place[~is_leaf]
    leaves = trees.value[arrived]
    scores: npt.NDArray[np.float64] = leaves.reshape(len(described), -1, len(CLASSES)).sum(axis=1, dtype=np.float64)
    return scores


class Trees(NamedTuple):
    """The nodes of all trees in one table: feature, threshold, the places of both children one after the other, the
    leaf's value; where each tree begins, the nine classes taking turns; and which buckets of the name the trees ask
    for. A leaf is its own child, so that a walk may go on."""

    feature: npt.NDArray[np.intp]
    threshold: npt.NDArray[np.float64]
    children: npt.NDArray[np.intp]
    is_leaf: npt.NDArray[np.bool_]
    value: npt.NDArray[np.float32]
    roots: npt.NDArray[np.intp]
    buckets: list[int]


@cache
def load_trees() -> Trees:
    """Return the trees, read once a process."""
    with np.load(MODEL) as stored:
        # As stored, a leaf has the feature -1, only leaves have a value, the left child follows its parent, the right
        # one stands so many places further on, and a threshold is one of few.
        feature = stored["feature"].astype(np.intp)
        is_leaf, itself = feature < 0, np.arange(len(feature))
        right = itself + stored["to_right"]
        children = np.stack((np.where(is_leaf, itself, itself + 1), np.where(is_leaf, itself, right)), axis=1)
        value = np.zeros(len(feature), np.float32)
        value[is_leaf] = stored["leaf_value"]
        return Trees(
            feature=np.where(is_leaf, 0, feature),
            threshold=stored["thresholds"].astype(np.float64)[stored["threshold"]],
            children=children.ravel(),
            is_leaf=is_leaf,
            value=value,
            roots=stored["roots"].astype(np.intp),
            buckets=[int(bucket) for bucket in stored["buckets"]],
        )


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
