"""Unfold JSON-stat, in which statistical offices answer: the values in one list, the categories of dimensions apart.

Source: the JSON-stat 2.0 format, class "dataset"; datasets of version 1 stand one level further in.
"""

from collections.abc import Mapping
from itertools import product
from typing import Any

from datapilot.contracts.errors import ExpandsTooFar

MOST_CELLS = 10_000_000
VALUE = "value"


def unfold(document: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Return a record per value, with the label of its category in each dimension; None for any other document. Cells
    without a value are left out. Raises ExpandsTooFar."""
    if document.get("class") != "dataset":
        inner = document.get("dataset")
        return unfold({**inner, "class": "dataset"}) if isinstance(inner, dict) else None
    dimension, values = document.get("dimension"), document.get(VALUE)
    if not isinstance(dimension, dict) or not isinstance(values, list | dict):
        return None
    ids = document.get("id", dimension.get("id"))
    if not isinstance(ids, list) or not ids or not all(isinstance(dimension.get(one), dict) for one in ids):
        return None
    labels = [_labels(dimension[one]) for one in ids]
    size = 1
    for one in labels:
        size *= len(one)
    if size > MOST_CELLS // len(ids):
        raise ExpandsTooFar(f"The dimensions of this JSON-stat span {size:,} values, more than can be read.")
    names = [str(dimension[one].get("label") or one) for one in ids]
    names = names if len(set(names)) == len(names) else list(map(str, ids))
    records = []
    for place, categories in enumerate(product(*labels)):
        value = values.get(str(place)) if isinstance(values, dict) else values[place] if place < len(values) else None
        if value is not None:
            records.append({**dict(zip(names, categories, strict=True)), VALUE: value})
    return records


def _labels(dimension: Mapping[str, Any]) -> list[str]:
    """Return the labels of a dimension's categories in the order of its values."""
    category = dimension.get("category")
    category = category if isinstance(category, dict) else {}
    index, label = category.get("index"), category.get("label")
    label = label if isinstance(label, dict) else {}
    if isinstance(index, dict):
        keys = sorted(index, key=lambda key: index[key] if isinstance(index[key], int) else 0)
    elif isinstance(index, list):
        keys = [str(one) for one in index]
    else:
        keys = list(label)  # one category needs no index
    return [str(label.get(key, key)) for key in keys]
