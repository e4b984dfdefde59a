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
from datapilot.reading.columns.evidence import Evidence
from datapilot.reading.columns.ml_features import (
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
ROWS_AT_ONCE = 24  # so that what the trees compare stays in the processor's cache
Leaves = npt.NDArray[np.uint32]  # of a tree, a bit each, the leftmost the lowest; it has at most 32
ALL_LEAVES = np.uint32(2**32 - 1)
MODEL = Path(__file__).parent / "column_classes.npz"
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")


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
    """Return the scores by QuickScorer (Lucchese et al., SIGIR 2015): a tree's leaves are bits, a node that sends a
    row to the right strikes out those to its left, and the leftmost that is left is the row's. No tree is walked.

    Most buckets of a name are empty in all of these columns: nodes that ask for what is the same in all answer once.
    """
    trees = load_trees()
    left = np.full((len(trees.first_leaf), len(described)), ALL_LEAVES)
    varies = (described != described[0]).any(axis=0)
    is_open = varies[trees.feature]
    goes_right = np.searchsorted(trees.thresholds, described[0])[trees.feature] > trees.threshold
    nodes = np.flatnonzero(goes_right & ~is_open)
    _strike(left, trees.tree[nodes], trees.strikes[nodes, None])

    nodes, place = np.flatnonzero(is_open), np.cumsum(varies) - 1
    ranks = np.searchsorted(trees.thresholds, described.T[varies]).astype(trees.threshold.dtype)
    goes_right = ranks.take(place[trees.feature[nodes]], axis=0) > trees.threshold[nodes, None]
    _strike(left, trees.tree[nodes], goes_right * trees.strikes[nodes, None])

    leftmost = np.frexp((left & -left).astype(np.float64))[1] - 1
    leaves = trees.leaf[trees.first_leaf[:, None] + leftmost].T.reshape(len(described), -1, len(CLASSES))
    scores: npt.NDArray[np.float64] = leaves.sum(axis=1, dtype=np.float64)
    return scores


def _strike(left: Leaves, tree: npt.NDArray[np.intp], struck: Leaves) -> None:
    """Take from the leaves that are `left` of each tree, a column a row, what its nodes strike out; nodes of a tree
    stand together."""
    first = np.flatnonzero(np.diff(tree, prepend=-1))
    if len(first):
        left[tree[first]] &= ~np.bitwise_or.reduceat(struck, first, axis=0)


class Trees(NamedTuple):
    """The trees as QuickScorer wants them. Of each inner node, tree after tree: the feature it asks for, the place of
    its threshold among all `thresholds`, which ascend, its tree, and the leaves to its left as bits, which it strikes
    out for a value above the threshold. The leaves' values, from left to right, and where those of each tree begin, the
    nine classes taking turns. And which buckets of the name the trees ask for."""

    feature: npt.NDArray[np.intp]
    threshold: npt.NDArray[np.int16]
    tree: npt.NDArray[np.intp]
    strikes: Leaves
    thresholds: npt.NDArray[np.float64]
    leaf: npt.NDArray[np.float32]
    first_leaf: npt.NDArray[np.intp]
    buckets: list[int]


@cache
def load_trees() -> Trees:
    """Return the trees, read once a process."""
    with np.load(MODEL) as stored:
        # As stored, a leaf has the feature -1, only leaves have a value, the left child follows its parent, the right
        # one stands so many places further on, and a threshold is one of few, which ascend.
        feature = stored["feature"].astype(np.intp)
        nodes = np.flatnonzero(feature >= 0)
        leaves_before = np.cumsum(feature < 0) - (feature < 0)
        tree = np.searchsorted(stored["roots"], nodes, "right") - 1
        first_leaf = leaves_before[stored["roots"]]
        ends = (leaves_before[at] - first_leaf[tree] for at in (nodes, nodes + stored["to_right"][nodes]))
        begin, end = (np.uint64(1) << place.astype(np.uint64) for place in ends)
        return Trees(
            feature=feature[nodes],
            threshold=stored["threshold"][nodes],
            tree=tree,
            strikes=(end - begin).astype(np.uint32),
            thresholds=stored["thresholds"].astype(np.float64),
            leaf=stored["leaf_value"],
            first_leaf=first_leaf,
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
