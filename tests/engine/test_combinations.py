"""One pass over several columns tells what each alone would."""

from dataclasses import replace
from typing import Any, cast

import numpy as np
from tests.engine.tables import column, forgetful, make_table

from datapilot.contracts.measure import Filter, Measure
from datapilot.engine.combinations import count_combinations
from datapilot.engine.evaluate import evaluate

ROWS = 500


def test_combinations_are_counted_and_their_sums_remembered() -> None:
    """The rows add up to the table, and every sum, mean and count by a column is that of asking the engine for it."""
    chance = np.random.default_rng(4)
    columns = [
        column("region", "VARCHAR"), column("is_new", "BOOLEAN"), column("paid", "DOUBLE"), column("units", "BIGINT"),
    ]  # fmt: skip
    cells = zip(
        chance.choice(np.array(["North", "South", None]), ROWS).tolist(),
        chance.choice(np.array([True, False]), ROWS).tolist(),
        [None if one > 0.9 else one * 1e6 for one in chance.random(ROWS).tolist()],
        chance.integers(-5, 9, ROWS).tolist(),
        strict=True,
    )
    table = make_table(columns, cells)

    found = count_combinations(["region", "is_new"], table, adding={"paid": 5e5, "units": 2.0})

    asked = [
        *(
            Measure(metric=metric, column=number, by=by)
            for metric in ("sum", "mean", "count", "share_sum")
            for number in ("paid", "units")
            for by in ("region", "is_new")
        ),
        Measure(metric="sum", column="paid", filters=(Filter(column="region", op="eq", value="South"),)),
    ]
    assert sum(rows for _, rows, _, _ in found) == ROWS
    assert {values for values, _, _, _ in found} == {
        (region, new) for region in ("North", "South", None) for new in (True, False)
    }
    afresh = evaluate(asked, forgetful(table))
    totals = [Measure(metric="sum", column=number) for number in ("paid", "units")]
    evaluate(totals, table)
    assert evaluate(asked, replace(table, connection=cast("Any", None))) == afresh
