"""The model that names a column's class for model builders: steady, complete, and right on plain cases."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datapilot.reading.columns.evidence import Evidence
from datapilot.reading.columns.ml_features import ColumnCounts, features
from datapilot.reading.columns.ml_type import CLASSES, MODEL, class_scores, column_counts, load_trees, ml_types

pytestmark = pytest.mark.spec("B2")


def evidence(name: str, cells: list[str], *, blanks: int = 0) -> Evidence:
    return Evidence(name, Counter(cells), Counter(), blanks)


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("price", [f"{n * 1.37:.2f}" for n in range(200)], "numeric"),
        ("country", ["Norway", "Peru", "Ghana", "Japan"] * 50, "categorical"),
        ("date", [f"2024-03-{n % 28 + 1:02d}" for n in range(200)], "datetime"),
        ("salary", [f"${n},500" for n in range(1, 200)], "embedded-number"),
        ("url", [f"https://example.com/{n}" for n in range(200)], "url"),
        ("tags", [f"red, green, {n}, blue" for n in range(200)], "list"),
        (
            "description",
            [f"The box number {n} came late and it was wet and torn again." for n in range(200)],
            "sentence",
        ),
    ],
)
def test_plain_columns_get_the_class_anybody_would_give(name, cells, expected):
    """Columns without doubt are classed without error."""
    assert ml_types([evidence(name, cells)], rows=200) == [expected]


def test_column_without_cells_generalises_to_nothing():
    """There is nothing to learn from an empty column."""
    assert ml_types([evidence("x", [], blanks=10)], rows=10) == ["not-generalizable"]


def test_no_columns_give_no_classes():
    """The empty case is no special case for the caller."""
    assert ml_types([], rows=0) == []


@given(name=st.text(max_size=30), values=st.lists(st.text(max_size=30), max_size=5), rows=st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_any_column_has_features_and_scores(name, values, rows):
    """Hostile names and cells give as many finite features as any other, and nine scores."""
    described = features(name, values, ColumnCounts(rows, 0, len(set(values))))

    scores = class_scores(np.array([described]))

    assert np.isfinite(described).all()
    assert scores.shape == (1, len(CLASSES))


def test_scores_are_those_of_walking_down_the_trees():
    """Columns that are told all at once, alike in most features, get the leaves that each gets on its own walk."""
    chance = np.random.default_rng(7)
    width = 1 + int(load_trees().feature.max())
    described = np.where(chance.random((60, width)) < 0.1, chance.normal(scale=9, size=(60, width)), 0.0)

    scores = class_scores(described)

    assert scores[::6] == pytest.approx(np.array([_walked(row) for row in described[::6]]))


def _walked(row):
    with np.load(MODEL) as stored:
        feature, to_right, roots = (stored[name].tolist() for name in ("feature", "to_right", "roots"))
        threshold = stored["thresholds"].astype(np.float64)[stored["threshold"]].tolist()
        value = np.zeros(len(feature))
        value[stored["feature"] < 0] = stored["leaf_value"]
    scores = [0.0] * len(CLASSES)
    for tree, root in enumerate(roots):
        node = root
        while feature[node] >= 0:
            node += 1 if row[feature[node]] <= threshold[node] else to_right[node]
        scores[tree % len(CLASSES)] += value[node]
    return scores


def test_counts_of_a_whole_column_are_exact():
    """Where the sample is the table, nothing is estimated; the deviation is numpy's."""
    cells = ["1", "2", "2", "5"]

    counts = column_counts(evidence("n", cells, blanks=1), rows=5)

    assert (counts.rows, counts.missing, counts.distinct) == (5, 1, 3)
    assert counts.mean == pytest.approx(np.mean([1, 2, 2, 5]))
    assert counts.std == pytest.approx(np.std([1, 2, 2, 5], ddof=1))
