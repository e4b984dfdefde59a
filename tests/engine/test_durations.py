"""The days between two dates are measured like a column."""

import hashlib
from datetime import date, datetime

import numpy as np
import pytest
from scipy import stats
from tests.engine.tables import column, make_table

from datapilot.contracts.errors import UnknownMeasure
from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table

OPENED = [datetime.fromisoformat(f"2024-01-{day:02d}T12:00") for day in (1, 2, 3, 4, 5, 6, 7, 8)]
CLOSED = [
    None if end is None else datetime.fromisoformat(f"2024-{end}T00:00")
    for end in ("01-02", "01-12", None, "01-04", "02-05", "01-07", "01-09", "01-20")
]
KIND = ["a", "b", "a", "a", "b", "a", "a", "b"]
COST = [1.0, 9.5, 2.0, 0.5, 31.0, 1.5, 2.5, 10.0]
DAYS = [
    None if end is None else (end - start).total_seconds() / 86400 for start, end in zip(OPENED, CLOSED, strict=True)
]
KNOWN = np.array([days for days in DAYS if days is not None])


@pytest.fixture
def tickets() -> Table:
    """Eight tickets with moments of opening and closing, a kind and a cost; one is still open."""
    columns = [
        column("opened", "TIMESTAMP"),
        column("closed", "TIMESTAMP"),
        column("kind", "VARCHAR"),
        column("cost", "DOUBLE"),
    ]
    return make_table(columns, zip(OPENED, CLOSED, KIND, COST, strict=True))


def one(table: Table, **measure: object) -> Fact:
    return evaluate([Measure.model_validate({"column": "closed", "minus": "opened", **measure})], table)[0]


@pytest.mark.spec("C5")
@pytest.mark.parametrize(
    ("metric", "expected", "unit"),
    [
        ("count", len(KNOWN), "rows"),
        ("sum", KNOWN.sum(), "days"),
        ("mean", KNOWN.mean(), "days"),
        ("median", np.median(KNOWN), "days"),
        ("min", KNOWN.min(), "days"),
        ("max", KNOWN.max(), "days"),
        ("std", KNOWN.std(ddof=1), "days"),
        ("skew", stats.skew(KNOWN, bias=False), None),
    ],
)
def test_metric_of_a_duration_equals_the_reference(
    tickets: Table, metric: str, expected: float, unit: str | None
) -> None:
    """Every metric of a number works on the days between two dates; rows without either date are left out."""
    fact = one(tickets, metric=metric)

    assert fact.value == pytest.approx(expected, rel=1e-11)
    assert (fact.unit, fact.n) == (unit, len(KNOWN))


def test_duration_is_split_filtered_and_compared(tickets: Table) -> None:
    """A duration takes `by`, filters and a baseline like any column."""
    of_a = Filter(column="kind", op="eq", value="a")
    of_b = Filter(column="kind", op="eq", value="b")
    by_kind = {
        kind: np.mean([d for d, k in zip(DAYS, KIND, strict=True) if k == kind and d is not None]) for kind in "ab"
    }

    split = one(tickets, metric="mean", by="kind")
    filtered = one(tickets, metric="mean", filters=(of_a,))
    compared = one(tickets, metric="difference", of="mean", filters=(of_b,), baseline=(of_a,))

    assert isinstance(split.value, tuple)
    assert [(entry.key, entry.n) for entry in split.value] == [("b", 3), ("a", 4)]
    assert [entry.value for entry in split.value] == pytest.approx([by_kind["b"], by_kind["a"]])
    assert filtered.value == pytest.approx(by_kind["a"])
    assert compared.value == pytest.approx(by_kind["b"] - by_kind["a"])


def test_duration_correlates_with_a_number(tickets: Table) -> None:
    """Pearson's r of the days and another column, over the rows that have both."""
    costs = [cost for cost, days in zip(COST, DAYS, strict=True) if days is not None]

    fact = one(tickets, metric="correlation", column2="cost")

    assert fact.value == pytest.approx(np.corrcoef(KNOWN, costs)[0, 1], rel=1e-9)
    assert fact.n == len(KNOWN)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"op": "lt", "value": 0}, np.sum(KNOWN < 0)),
        ({"op": "ge", "value": 1.5}, np.sum(KNOWN >= 1.5)),
        ({"op": "between", "value": (1, 10)}, np.sum((KNOWN >= 1) & (KNOWN <= 10))),
        ({"op": "is_missing"}, 1),
        ({"op": "not_missing"}, len(KNOWN)),
    ],
)  # fmt: skip
def test_rows_are_filtered_by_a_duration(tickets: Table, condition: dict[str, object], expected: int) -> None:
    """A condition may stand on the days between two dates."""
    filter_ = Filter.model_validate({"column": "closed", "minus": "opened", **condition})

    fact = evaluate([Measure(metric="count", filters=(filter_,))], tickets)[0]

    assert fact.value == expected


@pytest.mark.parametrize(
    "measure",
    [
        Measure(metric="mean", column="cost", minus="opened"),
        Measure(metric="mean", column="closed", minus="cost"),
        Measure(metric="missing_count", column="closed", minus="opened"),
        Measure(metric="count", minus="opened"),
        Measure(metric="ratio", column="closed", column2="cost", minus="opened"),
        Measure(metric="count", filters=(Filter(column="closed", minus="opened", op="in", value=(1, 2)),)),
    ],
    ids=lambda measure: measure.metric,
)
def test_what_is_no_duration_is_refused(tickets: Table, measure: Measure) -> None:
    """Only dates are subtracted, and only where the metric takes a number."""
    with pytest.raises(UnknownMeasure):
        evaluate([measure], tickets)


def test_ids_of_other_measures_do_not_change() -> None:
    """A measure without `minus` bears the id it bore before the field existed."""
    assert Measure(metric="count").fact_id == "f_" + hashlib.sha256(b'{"metric":"count"}').hexdigest()[:8]


@pytest.mark.spec("C5")
@pytest.mark.parametrize("is_day_first", [True, False])
def test_days_are_counted_from_date_to_date_where_one_has_no_time(*, is_day_first: bool) -> None:
    """Who books at 17:40 for the same day does not come before having booked."""
    booked = [datetime.fromisoformat(f"2024-03-{day:02d}T17:40") for day in (1, 2, 3)]
    came = [date(2024, 3, 1), date(2024, 3, 4), date(2024, 4, 3)]
    columns = [column("booked", "TIMESTAMP"), column("came", "DATE")]
    ends = {"column": "booked", "minus": "came"} if is_day_first else {"column": "came", "minus": "booked"}
    table = make_table(columns, zip(booked, came, strict=True))

    low, high, same = evaluate(
        [
            Measure.model_validate({"metric": "min", **ends}),
            Measure.model_validate({"metric": "max", **ends}),
            Measure(metric="count", filters=(Filter(op="eq", value=0, **ends),)),
        ],
        table,
    )

    assert (low.value, high.value) == ((-31, 0) if is_day_first else (0, 31))
    assert same.value == 1
