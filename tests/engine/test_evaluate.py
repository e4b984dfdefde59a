"""Every metric gives the number a second library gives, split, filtered and folded as its definition says."""

import math
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.engine.tables import column, forgetful, make_table

from datapilot.contracts.errors import UnknownMeasure
from datapilot.contracts.measure import Fact, Filter, KeyedValue, Measure
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table

REGIONS = ["North", "South", "North", "East", None, "South", "North", "West", "East", "North"]
REVENUE = [120.5, 80.25, None, 40.0, 15.5, 300.0, 99.99, 12.0, 45.5, 130.0]
UNITS = [3, 2, 5, 1, 1, 9, 3, None, 2, 4]
DAYS = [date(2024, 1 + index // 3, 5 + index) for index in range(10)]


@pytest.fixture
def sales() -> Table:
    """Ten sales with a region, a revenue in EUR, units and a day; one missing cell in each of the first three."""
    columns = [
        column("region", "VARCHAR"), column("revenue", "DOUBLE", unit="EUR"), column("units", "BIGINT"),
        column("day", "DATE"),
    ]  # fmt: skip
    return make_table(columns, zip(REGIONS, REVENUE, UNITS, DAYS, strict=True))


def one(measure: Measure, table: Table) -> Fact:
    return evaluate([measure], table)[0]


def entries(fact: Fact) -> dict[object, object]:
    assert isinstance(fact.value, tuple)
    return {entry.key: entry.value for entry in fact.value}


KNOWN = np.array([value for value in REVENUE if value is not None])


@pytest.mark.spec("B3")
@pytest.mark.parametrize(
    ("metric", "expected", "unit"),
    [
        ("count", len(KNOWN), "rows"),
        ("count_distinct", len(KNOWN), None),
        ("missing_count", 1, "cells"),
        ("missing_share", 0.1, "share"),
        ("sum", KNOWN.sum(), "EUR"),
        ("mean", KNOWN.mean(), "EUR"),
        ("median", np.median(KNOWN), "EUR"),
        ("min", KNOWN.min(), "EUR"),
        ("max", KNOWN.max(), "EUR"),
        ("std", KNOWN.std(ddof=1), "EUR"),
        ("skew", stats.skew(KNOWN, bias=False), None),
        ("kurtosis", stats.kurtosis(KNOWN, bias=False), None),
        ("outlier_count", 1, "rows"),
    ],
)
def test_a_metric_of_one_column_equals_the_reference(
    sales: Table, metric: str, expected: float, unit: str | None
) -> None:
    """Numbers agree with numpy and scipy, and carry the column's unit or their own."""
    fact = one(Measure.model_validate({"metric": metric, "column": "revenue"}), sales)

    assert fact.value == pytest.approx(expected, rel=1e-11)
    assert fact.unit == unit


@pytest.mark.parametrize("q", [0.0, 0.01, 0.25, 0.5, 0.9, 1.0])
def test_a_quantile_interpolates_linearly(sales: Table, q: float) -> None:
    """Type 7 of Hyndman & Fan, numpy's default."""
    fact = one(Measure(metric="quantile", column="units", q=q), sales)

    assert fact.value == pytest.approx(np.quantile([unit for unit in UNITS if unit is not None], q), rel=1e-11)


def test_rows_are_counted_without_a_column(sales: Table) -> None:
    """`count` of nothing is the number of rows, `missing_count` of nothing that of all empty cells."""
    rows, cells, share = evaluate(
        [Measure(metric="count"), Measure(metric="missing_count"), Measure(metric="missing_share")], sales
    )

    assert (rows.value, rows.n) == (10, 10)
    assert (cells.value, cells.n) == (3, 40)
    assert share.value == 0.075


def test_an_unreadable_cell_is_not_missing() -> None:
    """A cell that did not fit its type is no number, yet it is not empty either."""
    table = make_table([column("amount", "DOUBLE")], [[1.0], [None], [None]], misfits={"amount": {2: "n. a. yet"}})

    missing, counted, not_missing = evaluate(
        [
            Measure(metric="missing_count", column="amount"),
            Measure(metric="count", column="amount"),
            Measure(metric="count", filters=(Filter(column="amount", op="not_missing"),)),
        ],
        table,
    )

    assert (missing.value, counted.value, not_missing.value) == (1, 1, 2)


def test_categories_come_by_value_and_ties_by_key(sales: Table) -> None:
    """The largest first; the missing key is an entry of its own."""
    fact = one(Measure(metric="count", by="region"), sales)

    assert fact.value == (
        KeyedValue(key="North", value=4, n=4),
        KeyedValue(key="East", value=2, n=2),
        KeyedValue(key="South", value=2, n=2),
        KeyedValue(key="West", value=1, n=1),
        KeyedValue(key=None, value=1, n=1),
    )


@pytest.mark.parametrize(
    ("grain", "first"),
    [
        ("day", "2024-01-05"), ("week", "2024-W01"), ("month", "2024-01"), ("quarter", "2024-Q1"), ("year", "2024"),
        ("weekday", 1), ("month_of_year", 1),
    ],
)  # fmt: skip
def test_periods_come_in_time_order_with_iso_names(sales: Table, grain: str, first: str | int) -> None:
    """A period is named by the ISO text of its start, a cycle by its number, Monday being 1."""
    fact = one(Measure.model_validate({"metric": "count", "by": "day", "grain": grain}), sales)

    assert isinstance(fact.value, tuple)
    keys = [entry.key for entry in fact.value]
    assert keys[0] == first
    assert keys == sorted(keys, key=lambda key: (str(type(key)), key))
    assert sum(int(str(entry.value)) for entry in fact.value) == 10


@pytest.mark.parametrize(
    ("grain", "key"), [("minute", "2024-03-01T10:05"), ("hour", "2024-03-01T10"), ("hour_of_day", 10)]
)
def test_a_clock_time_has_minutes_and_hours(grain: str, key: str | int) -> None:
    """Clock periods need a timestamp and say so by their name."""
    table = make_table([column("at", "TIMESTAMP")], [[datetime.fromisoformat("2024-03-01T10:05:30")]])

    fact = one(Measure.model_validate({"metric": "count", "by": "at", "grain": grain}), table)

    assert entries(fact) == {key: 1}


def test_bins_are_named_by_their_lower_edge() -> None:
    """0.3 belongs to the bin that begins at 0.3, although 0.3 / 0.1 is a little less than 3 to a computer."""
    table = make_table([column("x", "DOUBLE")], [[0.05], [0.3], [0.39], [-0.01], [None]])

    fact = one(Measure(metric="count", by="x", bin_width=0.1), table)

    assert entries(fact) == {-0.1: 1, 0.0: 1, 0.3: 2, None: 1}
    assert [entry.key for entry in fact.value] == [-0.1, 0.0, 0.3, None]  # type: ignore[union-attr]


@pytest.mark.parametrize("metric", ["mean", "median", "std", "count_distinct", "skew", "sum", "min", "max", "count"])
def test_the_rest_is_aggregated_over_its_rows(sales: Table, metric: str) -> None:
    """“Other” of a mean is the mean of the rows in it, never a mean of means."""
    whole = one(Measure.model_validate({"metric": metric, "column": "units", "by": "region"}), sales)
    folded = one(Measure.model_validate({"metric": metric, "column": "units", "by": "region", "limit": 1}), sales)

    assert isinstance(whole.value, tuple)
    assert isinstance(folded.value, tuple)
    first, other = folded.value
    rest = tuple(entry.key for entry in whole.value[1:])
    assert first == whole.value[0]
    assert (other.key, other.other) == ("Other", 4)
    rows = [unit for region, unit in zip(REGIONS, UNITS, strict=True) if region in rest and unit is not None]
    expected = {
        "mean": np.mean, "median": np.median, "std": lambda x: np.std(x, ddof=1), "sum": sum, "min": min, "max": max,
        "count": len, "count_distinct": lambda x: len(set(x)), "skew": lambda x: stats.skew(x, bias=False),
    }[metric](rows)  # fmt: skip
    assert other.value == pytest.approx(expected)
    assert other.n == len(rows)


def test_a_limit_that_folds_nothing_adds_nothing(sales: Table) -> None:
    """With as many keys as the limit there is no “Other”."""
    fact = one(Measure(metric="count", by="region", limit=5), sales)

    assert "Other" not in entries(fact)


def test_shares_say_of_what(sales: Table) -> None:
    """A share of rows is of all rows; split by a column, of the rows that pass the filters."""
    north = Filter(column="region", op="eq", value="North")
    known = Filter(column="region", op="not_missing")

    alone, by_region, of_known, of_sum = evaluate(
        [
            Measure(metric="share_rows", filters=(north,)),
            Measure(metric="share_rows", by="region", filters=(known,)),
            Measure(metric="share_rows", filters=(north,), baseline=(known,)),
            Measure(metric="share_sum", column="revenue", filters=(north,)),
        ],
        sales,
    )

    assert alone.value == 0.4
    assert entries(by_region)["North"] == pytest.approx(4 / 9)
    assert of_known.value == pytest.approx(4 / 9)
    assert of_sum.value == pytest.approx((120.5 + 99.99 + 130.0) / KNOWN.sum())


def test_two_sets_of_rows_are_compared(sales: Table) -> None:
    """Difference, change and ratio take the inner aggregate of the filters and of the baseline."""
    january = (Filter(column="day", op="between", value=("2024-01-01", "2024-01-31")),)
    february = (Filter(column="day", op="between", value=("2024-02-01", "2024-02-29")),)
    jan, feb = 120.5 + 80.25, 40.0 + 15.5 + 300.0

    difference, change, ratio, means, columns = evaluate(
        [
            Measure(metric="difference", column="revenue", filters=february, baseline=january),
            Measure(metric="change", column="revenue", filters=february, baseline=january),
            Measure(metric="ratio", column="revenue", filters=february, baseline=january),
            Measure(metric="change", column="revenue", of="mean", filters=february, baseline=january),
            Measure(metric="ratio", column="revenue", column2="units"),
        ],
        sales,
    )

    assert (difference.value, difference.unit) == (pytest.approx(feb - jan), "EUR")
    assert (change.value, change.unit) == (pytest.approx(feb / jan - 1), "share")
    assert (ratio.value, ratio.unit) == (pytest.approx(feb / jan), None)
    assert means.value == pytest.approx((feb / 3) / (jan / 2) - 1)
    assert columns.value == pytest.approx(KNOWN.sum() / 30)


def test_change_of_a_ratio_compares_ratios(sales: Table) -> None:
    """What a unit earned in one region against another; a ratio itself compares nothing."""
    region = {name: (Filter(column="region", op="eq", value=name),) for name in ("North", "South")}
    north, south = (
        one(Measure(metric="ratio", column="revenue", column2="units", filters=region[name]), sales) for name in region
    )

    change = one(
        Measure(metric="change", column="revenue", column2="units", filters=region["North"], baseline=region["South"]),
        sales,
    )

    assert isinstance(north.value, float)
    assert isinstance(south.value, float)
    assert (change.value, change.unit, change.n) == (pytest.approx(north.value / south.value - 1), "share", north.n)
    with pytest.raises(UnknownMeasure, match="baseline"):
        one(Measure(metric="ratio", column="revenue", column2="units", baseline=region["South"]), sales)


def test_values_per_distinct_value(sales: Table) -> None:
    """A ratio with the second column alone says how often each of its values comes: records per person."""
    alone = one(Measure(metric="ratio", column2="region"), sales)
    by_day = one(Measure(metric="ratio", column2="region", by="day", grain="month", limit=1), sales)

    assert (alone.value, alone.n) == (pytest.approx(9 / 4), 9)
    assert next(iter(entries(by_day).values())) == pytest.approx(3 / 2)
    assert list(entries(by_day))[-1] == "Other"


def test_a_change_from_nothing_is_undefined(sales: Table) -> None:
    """There is no percent of zero."""
    fact = one(
        Measure(metric="change", of="count", baseline=(Filter(column="region", op="eq", value="Nowhere"),)), sales
    )

    assert fact.value is None


def test_pairs_of_columns(sales: Table) -> None:
    """Pearson's r runs over the rows where both have a value."""
    both = [(r, u) for r, u in zip(REVENUE, UNITS, strict=True) if r is not None and u is not None]

    fact = one(Measure(metric="correlation", column="revenue", column2="units"), sales)

    assert fact.value == pytest.approx(stats.pearsonr(*zip(*both, strict=True)).statistic, rel=1e-11)
    assert fact.n == len(both)


def test_hardly_any_correlation_is_the_same_in_any_order() -> None:
    """However near zero r is, no digit of it tells in which order the rows were added up."""
    draw = np.random.default_rng(7)
    rows = draw.normal(size=(20_000, 2))
    rows[:, 1] -= rows[:, 0] * np.cov(rows.T)[0, 1] / rows[:, 0].var() - 5e-5 * rows[:, 0]
    columns = [column("x", "DOUBLE"), column("y", "DOUBLE")]

    told = {
        one(Measure(metric="correlation", column="x", column2="y"), make_table(columns, some.tolist())).value
        for some in (rows, rows[::-1], *(draw.permutation(rows) for _ in range(4)))
    }

    assert len(told) == 1
    assert told.pop() == pytest.approx(stats.pearsonr(*rows.T).statistic, abs=1e-12)


def test_the_extreme_key_and_the_robust_slope(sales: Table) -> None:
    """argmax names the period, the slope is Theil-Sen's per period."""
    months = defaultdict(float)
    for day, revenue in zip(DAYS, REVENUE, strict=True):
        months[day.month] += revenue or 0.0
    best = max(months, key=lambda month: months[month])

    argmax, argmin, slope = evaluate(
        [
            Measure(metric="argmax", column="revenue", by="day", grain="month"),
            Measure(metric="argmin", column="revenue", by="day", grain="month"),
            Measure(metric="slope", column="revenue", by="day", grain="month"),
        ],
        sales,
    )

    assert argmax.value == f"2024-{best:02d}"
    assert argmin.value == f"2024-{min(months, key=lambda month: months[month]):02d}"
    expected = stats.theilslopes(list(months.values()), list(months)).slope
    assert slope.value == pytest.approx(expected)
    assert slope.unit == "EUR"


def test_duplicate_rows_are_those_equal_to_an_earlier_one() -> None:
    """Missing cells equal missing cells; two texts that did not fit the type do not."""
    columns = [column("a", "BIGINT"), column("b", "VARCHAR")]
    rows = [[1, "x"], [1, "x"], [1, "x"], [None, None], [None, None], [2, "x"], [None, "y"], [None, "y"]]
    table = make_table(columns, rows, misfits={"a": {6: "one", 7: "two"}})

    fact = one(Measure(metric="duplicate_rows"), table)

    assert (fact.value, fact.n) == (3, 8)


def test_duplicates_in_all_but_a_column_let_it_differ() -> None:
    """What is entered again gets a number of its own; texts that did not fit that number's type do not count either."""
    columns = [column("id", "BIGINT"), column("a", "VARCHAR")]
    rows = [[1, "x"], [2, "x"], [3, "y"], [None, "y"], [5, "z"]]
    table = make_table(columns, rows, misfits={"id": {3: "four"}})

    fact = one(Measure(metric="duplicate_rows", column="id"), table)

    assert (fact.value, fact.n) == (2, 5)
    assert one(Measure(metric="duplicate_rows"), table).value == 0


def test_no_rows_leave_a_mean_undefined(sales: Table) -> None:
    """Counts of nothing are 0, statistics of nothing are None."""
    nobody = (Filter(column="region", op="eq", value="Nowhere"),)
    metrics = ["sum", "mean", "median", "min", "max", "std", "skew", "kurtosis"]

    facts = evaluate(
        [Measure.model_validate({"metric": metric, "column": "revenue", "filters": nobody}) for metric in metrics]
        + [Measure(metric="count", filters=nobody), Measure(metric="share_rows", filters=nobody)]
        + [Measure(metric="sum", column="revenue", by="region", filters=nobody)],
        sales,
    )

    assert [fact.value for fact in facts] == [None] * 8 + [0, 0.0, ()]


def test_a_constant_column_has_no_shape() -> None:
    """0.1 is no binary fraction: its mean may be off by a hair, its spread must not."""
    table = make_table([column("x", "DOUBLE"), column("y", "DOUBLE")], [[0.1, float(index)] for index in range(11)])

    std, skew, r, outliers = evaluate(
        [
            Measure(metric="std", column="x"),
            Measure(metric="skew", column="x"),
            Measure(metric="correlation", column="x", column2="y"),
            Measure(metric="outlier_count", column="x"),
        ],
        table,
    )

    assert (std.value, skew.value, r.value, outliers.value) == (0.0, None, None, 0)


@pytest.mark.parametrize(
    "measure",
    [
        pytest.param({"metric": "sum", "column": "nothing"}, id="an unknown column"),
        pytest.param({"metric": "sum", "column": "region"}, id="a sum of words"),
        pytest.param({"metric": "sum"}, id="a sum of nothing"),
        pytest.param({"metric": "mean", "column": "day"}, id="a mean of days"),
        pytest.param({"metric": "quantile", "column": "revenue"}, id="a quantile without q"),
        pytest.param({"metric": "quantile", "column": "revenue", "q": 1.5}, id="a quantile beyond one"),
        pytest.param({"metric": "count", "by": "region", "grain": "month"}, id="months of words"),
        pytest.param({"metric": "count", "by": "day", "grain": "hour"}, id="hours of days"),
        pytest.param({"metric": "count", "grain": "month"}, id="a grain without a column"),
        pytest.param({"metric": "count", "by": "region", "bin_width": 2}, id="bins of words"),
        pytest.param({"metric": "count", "by": "units", "bin_width": 0}, id="bins without width"),
        pytest.param({"metric": "argmax", "column": "revenue"}, id="an extreme of nothing"),
        pytest.param({"metric": "association", "column": "region", "column2": "units", "by": "day"}, id="a split pair"),
        pytest.param({"metric": "correlation", "column": "revenue"}, id="half a pair"),
        pytest.param({"metric": "correlation", "column": "revenue", "column2": "region"}, id="a number and a word"),
        pytest.param({"metric": "correlation_ratio", "column": "region", "column2": "units"}, id="words by units"),
        pytest.param({"metric": "correlation_ratio", "column": "units"}, id="a spread by nothing"),
        pytest.param({"metric": "sum", "column": "revenue", "column2": "units"}, id="a sum of two columns"),
        pytest.param({"metric": "count", "by": "region", "limit": 0}, id="a limit of nothing"),
        pytest.param(
            {"metric": "sum", "column": "revenue", "baseline": [{"column": "region", "op": "not_missing"}]},
            id="a baseline nobody compares with",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_refused(sales: Table, measure: dict[str, object]) -> None:
    """A measure that makes no sense is an error with a sentence, never a number."""
    with pytest.raises(UnknownMeasure):
        one(Measure.model_validate(measure), sales)


numbers = st.one_of(st.none(), st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 6)))


@settings(max_examples=60, deadline=None)
@given(values=st.lists(numbers, min_size=0, max_size=40), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_rows_shows_in_no_number(values: list[float | None], shuffle: object) -> None:
    """Shuffled rows give the same facts, and they agree with numpy."""
    measures = [
        Measure.model_validate({"metric": metric, "column": "x"})
        for metric in ("sum", "mean", "median", "std", "skew", "kurtosis", "outlier_count", "count_distinct")
    ]
    shuffled = list(values)
    shuffle.shuffle(shuffled)  # type: ignore[attr-defined]

    facts = evaluate(measures, make_table([column("x", "DOUBLE")], [[value] for value in values]))
    again = evaluate(measures, make_table([column("x", "DOUBLE")], [[value] for value in shuffled]))

    known = np.array([value for value in values if value is not None])
    for fact, other in zip(facts, again, strict=True):
        assert fact.value == other.value or fact.value == pytest.approx(other.value, rel=1e-9, abs=1e-9)
    if len(known):
        assert facts[0].value == pytest.approx(math.fsum(known), rel=1e-11)
        assert facts[2].value == pytest.approx(np.median(known), rel=1e-11)
        assert facts[7].value == len(set(known))


def test_what_groups_have_told_is_not_asked_again(sales: Table) -> None:
    """The figures of the rows that have one value are those of its group, and a correlation has no first column."""
    evaluate(
        [
            Measure(metric="mean", column="revenue", by="region"),
            Measure(metric="median", column="revenue", by="units"),
            Measure(metric="correlation", column="revenue", column2="units"),
        ],
        sales,
    )
    asked_again = [
        Measure(metric="sum", column="revenue", filters=(Filter(column="region", op="eq", value="North"),)),
        Measure(metric="count", filters=(Filter(column="region", op="eq", value="East"),)),
        Measure(metric="median", column="revenue", filters=(Filter(column="units", op="eq", value=2),)),
        Measure(metric="correlation", column="units", column2="revenue"),
    ]
    afresh = evaluate(asked_again, forgetful(sales))
    nobody_to_ask = replace(sales, connection=cast("Any", None))

    assert evaluate(asked_again, nobody_to_ask) == afresh
    with pytest.raises(AttributeError):
        one(Measure(metric="count", filters=(Filter(column="region", op="eq", value="Nowhere"),)), nobody_to_ask)
