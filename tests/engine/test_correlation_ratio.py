"""The correlation ratio of a number by a category is what numpy says of the same cells."""

import random
from typing import Any

import numpy as np
import pytest
from tests.engine.tables import column, make_table

from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.engine.evaluate import evaluate

pytestmark = pytest.mark.spec("B3")

ETA = Measure(metric="correlation_ratio", column="x", column2="k")


def eta_of(rows: list[tuple[Any, ...]], storage: str = "DOUBLE", measure: Measure = ETA) -> Fact:
    """Return the fact over a table of a number `x` and a category `k`."""
    return evaluate([measure], make_table([column("x", storage), column("k", "VARCHAR")], rows))[0]


@pytest.mark.parametrize("level", [0.0, 1e6, -1e9], ids=["about zero", "far up", "far down"])
@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_root_of_the_share_of_variance_between_the_groups(seed: int, level: float) -> None:
    """Cells without a number or a category are left out; numbers far from zero lose no digit."""
    chance = random.Random(seed)
    lifts = {"a": 0.0, "b": 1.0, "ä": 5.0, "": -2.0, None: 90.0}
    rows = [
        (None if chance.random() < 0.1 else level + lifts[key] + chance.gauss(0, 3), key)
        for key in chance.choices(list(lifts), k=500)
    ]
    known = [(x, key) for x, key in rows if x is not None and key is not None]
    # Differences from the level are exact enough for numpy's plain means.
    values = np.array([x - level for x, _ in known])
    groups = [values[[key == one for _, key in known]] for one in ("a", "b", "ä", "")]
    between = sum(len(group) * (group.mean() - values.mean()) ** 2 for group in groups)
    expected = np.sqrt(between / ((values - values.mean()) ** 2).sum())

    fact = eta_of(rows)

    assert fact.value == pytest.approx(float(expected), rel=1e-9)
    assert (fact.n, fact.unit) == (len(known), None)


def test_it_knows_filters_and_yes_or_no() -> None:
    """Only the rows that a filter leaves count, and yes is one."""
    rows = [(True, "a"), (True, "a"), (False, "b"), (False, "b"), (True, "c")]
    without = Filter(column="k", op="ne", value="c")

    fact = eta_of(rows, "BOOLEAN", Measure(metric="correlation_ratio", column="x", column2="k", filters=(without,)))

    assert (fact.value, fact.n) == (1.0, 4)


@pytest.mark.parametrize(
    "rows",
    [[], [(1.0, "a"), (2.0, "a")], [(0.1, key) for key in "abc" * 7], [(None, "a"), (1.0, None)]],
    ids=["no rows", "one group", "no spread", "no pair"],
)
def test_it_is_undefined_without_groups_or_spread(rows: list[tuple[Any, ...]]) -> None:
    """Nothing can be explained where nothing differs."""
    assert eta_of(rows).value is None
