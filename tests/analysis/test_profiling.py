"""The profile's figures are those of numpy, scipy and polars, whatever the order of the rows."""

import math
import random
import statistics
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.engine.tables import column, forgetful, make_table

from datapilot.analysis.bins import bins_measure
from datapilot.analysis.profiling import profile_table, relate
from datapilot.contracts.measure import Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile, TopValue
from datapilot.contracts.table import Column
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table

COLUMNS = [
    column("amount", "DOUBLE"),
    column("units", "BIGINT"),
    column("region", "VARCHAR"),
    column("paid", "BOOLEAN"),
    column("day", "DATE"),
]
row_values = st.tuples(
    st.one_of(st.none(), st.floats(-1e9, 1e9).map(lambda x: float(f"{round(x, 6):.9g}"))),
    st.one_of(st.none(), st.integers(-(2**40), 2**40)),
    st.one_of(st.none(), st.sampled_from(["North", "South", "", "ä", "日本"])),
    st.one_of(st.none(), st.booleans()),
    st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2100, 1, 1))),
)


def profile_of(columns: list[Column], rows: list[Any], **kwargs: Any) -> TableProfile:
    table = make_table(columns, rows, **kwargs)
    return relate(profile_table(table).profile, table)


def of(profile: TableProfile, name: str) -> ColumnProfile:
    return next(one for one in profile.columns if one.name == name)


@pytest.mark.spec("B3")
@settings(max_examples=80, deadline=None)
@given(rows=st.lists(row_values, max_size=60))
def test_numbers_equal_the_references(rows: list[Any]) -> None:
    """Counts exactly, statistics within 1e-9, for doubles and whole numbers with missing cells."""
    profile = profile_of(COLUMNS, rows)

    for name, position in (("amount", 0), ("units", 1)):
        known = [row[position] for row in rows if row[position] is not None]
        given_, array = profile.numeric[name], np.array(known, dtype=float)
        assert given_.count == len(known)
        assert of(profile, name).missing_count == len(rows) - len(known)
        assert of(profile, name).unique_count == len(set(known))
        assert (given_.zeros, given_.negatives) == (known.count(0), sum(value < 0 for value in known))
        if not known:
            continue
        assert given_.sum == pytest.approx(math.fsum(known), rel=1e-11, abs=1e-9)
        assert (given_.min, given_.max) == (pytest.approx(min(known)), pytest.approx(max(known)))
        assert given_.mean == pytest.approx(math.fsum(known) / len(known), rel=1e-11, abs=1e-9)
        assert given_.median == pytest.approx(float(np.median(array)), rel=1e-11)
        for key, q in {"p01": 0.01, "p25": 0.25, "p75": 0.75, "p99": 0.99}.items():
            assert given_.quantiles[key] == pytest.approx(float(np.quantile(array, q)), rel=1e-9, abs=1e-9)
        if len(known) > 1:
            # numpy rounds the mean first: three times 22369621.6 has a spread there. This reference is exact.
            assert given_.std == pytest.approx(statistics.stdev(known), rel=1e-9, abs=1e-9)
        if len(set(known)) > 1 and len(known) > 3 and array.std() > 1e-6 * np.abs(array).max():
            assert given_.skew == pytest.approx(float(stats.skew(array, bias=False)), rel=1e-7, abs=1e-7)
            assert given_.kurtosis == pytest.approx(float(stats.kurtosis(array, bias=False)), rel=1e-7, abs=1e-7)
        mad = float(np.median(np.abs(array - np.median(array))))
        far = np.abs(array - np.median(array)) > 3.5 * 1.4826 * mad
        assert given_.outliers == (int(far.sum()) if mad > 0 else 0)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(row_values, max_size=60), seed=st.integers(0, 1000))
def test_the_order_of_rows_changes_no_figure(rows: list[Any], seed: int) -> None:
    """All but samples and row indices is the same, to the last digit, for shuffled rows."""
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)

    one, other = profile_of(COLUMNS, rows), profile_of(COLUMNS, shuffled)

    def figures(profile: TableProfile) -> dict[str, Any]:
        return profile.model_dump(
            exclude={"duplicate_row_examples": True, "relations": True, "columns": {"__all__": {"sample_values"}}}
        )

    assert figures(one) == figures(other)
    for left, right in zip(one.relations, other.relations, strict=True):
        assert left.strength == pytest.approx(right.strength, rel=1e-9, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(row_values, max_size=60))
def test_values_are_counted_as_polars_counts_them(rows: list[Any]) -> None:
    """Distinct values, most frequent values, first and last day, lengths of texts, duplicates."""
    frame = pl.DataFrame(
        {one.name: [row[place] for row in rows] for place, one in enumerate(COLUMNS)},
        schema={"amount": pl.Float64, "units": pl.Int64, "region": pl.String, "paid": pl.Boolean, "day": pl.Date},
    )

    profile = profile_of(COLUMNS, rows)

    for name in ("region", "paid", "day"):
        known = frame[name].drop_nulls()
        found = of(profile, name)
        assert found.unique_count == known.n_unique()
        assert found.missing_count == frame[name].null_count()
        counted = known.value_counts().filter(pl.col("count") > 1).sort(["count", name], descending=[True, False])
        expected = [(str(value), count) for value, count in counted.head(10).iter_rows()]
        assert [(str(top.value), top.count) for top in found.top_values] == expected
    days, texts = frame["day"].drop_nulls(), frame["region"].drop_nulls()
    assert of(profile, "day").minimum == (str(days.min()) if len(days) else None)
    assert of(profile, "day").maximum == (str(days.max()) if len(days) else None)
    assert of(profile, "region").max_length == (texts.str.len_chars().max() if len(texts) else None)
    assert profile.duplicate_rows == len(rows) - frame.n_unique() if rows else profile.duplicate_rows == 0


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(row_values, max_size=40))
def test_facts_of_the_profile_are_what_measures_give(rows: list[Any]) -> None:
    """Whoever recomputes a published count finds the same number."""
    table = make_table(COLUMNS, rows)
    profiled = profile_table(table)

    again = evaluate([fact.measure for fact in profiled.facts], forgetful(table))

    assert list(profiled.facts) == again


METRICS = [
    "count", "count_distinct", "missing_count", "missing_share", "sum", "mean", "median", "min", "max", "std", "skew",
    "kurtosis", "outlier_count",
]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(row_values, max_size=40))
def test_what_the_profile_recalls_is_what_the_engine_computes(rows: list[Any]) -> None:
    """A fact taken from the profile is the fact the measure has, histograms and quartiles included."""
    table = make_table(COLUMNS, rows)
    profile_table(table)
    recall = table.memory.sources[0]
    asked = [
        Measure.model_validate({"metric": metric, "column": name})
        for name in ("amount", "units", "region", "paid", "day")
        for metric in METRICS
        if name in ("amount", "units") or metric in METRICS[:4] or (name == "day" and metric in ("min", "max"))
    ]
    asked += [Measure(metric="quantile", column=name, q=q) for name in ("amount", "units") for q in (0.25, 0.99)]
    summaries = recall.summaries.items()  # type: ignore[attr-defined]
    asked += [bins_measure(name, one.bin_counts.bins) for name, one in summaries if one.bin_counts]

    recalled = {measure: recall(measure) for measure in asked}

    for measure, fact in zip(asked, evaluate(asked, forgetful(table)), strict=True):
        known = recalled[measure]
        if known is None:
            assert measure.metric == "sum"
            assert not rows or fact.n == 0
            continue
        assert (known.unit, known.n) == (fact.unit, fact.n)
        if isinstance(fact.value, float) and isinstance(known.value, float):
            scale = 1e-7 if measure.metric in ("skew", "kurtosis") else 1e-9
            assert known.value == pytest.approx(fact.value, rel=scale, abs=scale)
        else:
            assert known.value == fact.value


@pytest.mark.parametrize(
    "measure",
    [
        {"metric": "mean", "column": "amount", "filters": [{"column": "paid", "op": "eq", "value": True}]},
        {"metric": "mean", "column": "amount", "by": "region"},
        {"metric": "quantile", "column": "amount", "q": 0.1},
        {"metric": "count", "by": "amount", "column": "amount", "bin_width": 0.37},
        {"metric": "change", "of": "count"},
    ],
)
def test_the_profile_recalls_nothing_it_has_not_counted(measure: dict[str, Any]) -> None:
    """A measure over other rows, split or at another quantile goes to the engine."""
    table = make_table(COLUMNS, [[1.0, 1, "a", True, date(2024, 1, 1)], [2.0, 2, "b", False, None]])
    profile_table(table)

    assert table.memory.sources[0](Measure.model_validate(measure)) is None


def test_unreadable_cells_are_neither_values_nor_missing() -> None:
    """They stand in no statistic, and are counted on their own."""
    columns = [column("amount", "DOUBLE"), column("region", "VARCHAR")]
    profile = profile_of(
        columns, [[1.0, "a"], [None, "a"], [None, "b"], [3.0, None]], misfits={"amount": {1: "approx. 7"}}
    )

    amount = of(profile, "amount")

    assert (amount.missing_count, amount.inconsistent_count, amount.unique_count) == (1, 1, 2)
    assert amount.missing_share == 0.25
    assert (profile.missing_cells, profile.inconsistent_cells) == (2, 1)


def test_duplicates_name_the_first_rows_that_repeat() -> None:
    """A row equal to an earlier one is named by its place, in file order."""
    profile = profile_of(
        [column("a", "BIGINT"), column("b", "VARCHAR")], [[1, "x"], [2, "y"], [1, "x"], [1, "x"], [2, "z"]]
    )

    assert profile.duplicate_rows == 2
    assert profile.duplicate_row_examples == (2, 3)


@pytest.mark.parametrize(("role", "expected"), [("sum", 6), ("average", 6), ("never", None), ("count", None)])
def test_what_may_not_be_added_has_no_sum(role: str, expected: int | None) -> None:
    """Years, codes and coordinates keep their range and median; a sum of them would be nonsense."""
    profile = profile_of([column("year", "BIGINT", role=role)], [[1], [2], [3]])

    assert profile.numeric["year"].sum == expected
    assert (profile.numeric["year"].min, profile.numeric["year"].median) == (1, 2.0)


def test_samples_come_in_file_order_even_from_far_below() -> None:
    """A column that is empty for hundreds of rows still shows its values."""
    rows = [[None, 1]] * 300 + [["late", 2], ["later", 3], ["late", 4]]

    profile = profile_of([column("note", "VARCHAR"), column("n", "BIGINT")], rows)

    assert of(profile, "note").sample_values == ("late", "later")
    assert of(profile, "n").sample_values == (1, 2, 3, 4)


@pytest.mark.spec("B2")
@pytest.mark.parametrize(
    ("pii", "cell", "shown"),
    [
        ("email", "ursula@example.com", "u***@example.com"), ("email", "broken", "***"),
        ("phone", "+1 (555) 123-4567", "555-***-4567"), ("phone", "12", "***"), ("ssn", "123-45-6789", "***-**-****"),
        ("card", "4111111111111111", "4111 **** **** 1111"), ("iban", "DE89370400440532013000", "DE** **** ***"),
        ("name", "Ada Lovelace", "A*** L***"), ("birth_date", "1980-01-01", "****-**-**"), ("address", "1 Road", "***"),
        ("ip", "10.0.0.1", "***"), ("national_id", "X1", "***"),
    ],
)  # fmt: skip
def test_personal_cells_are_masked(pii: str, cell: str, shown: str) -> None:
    """Samples of personal columns keep their public form, and nothing else of the cells is told."""
    profile = profile_of([column("who", "VARCHAR", pii=pii)], [[cell], [cell], [None]])

    who = of(profile, "who")

    assert who.sample_values == (shown,)
    assert cell not in who.model_dump_json()


def test_personal_numbers_have_no_statistics() -> None:
    """A phone number stored as a number has no mean, least or greatest worth telling."""
    profile = profile_of([column("phone", "BIGINT", pii="phone", role="never")], [[15551234567], [15551234568]])

    assert profile.numeric == {}
    assert of(profile, "phone").maximum is None


@pytest.mark.parametrize("rows", [[], [[None, None, None, None, None]], [[1.5, 1, "a", True, date(2024, 1, 1)]]])
def test_tables_of_no_or_one_row_have_a_profile(rows: list[Any]) -> None:
    """Nothing divides by zero; what is undefined is None."""
    profile = profile_of(COLUMNS, rows)

    assert profile.rows == len(rows)
    assert profile.numeric["amount"].std is None


@pytest.mark.parametrize(
    "values",
    [[0.0, 0.0, 1e-300, 3e-300], [1e300, 2e300, -1e300, 5e299], [5e-324, 1.0, 2.0, 4.0], [1e9, 1e9 + 1e-6, 1e9]],
)
def test_numbers_at_the_edge_of_a_double_have_statistics(values: list[float]) -> None:
    """Powers of tiny and huge numbers leave the range of a double; the statistics must not."""
    given_ = profile_of([column("x", "DOUBLE")], [[value] for value in values]).numeric["x"]

    assert given_.std == pytest.approx(statistics.stdev(values), rel=1e-9)
    assert (given_.min, given_.max) == (min(values), pytest.approx(max(values)))


def test_whole_numbers_beyond_a_double_stay_exact() -> None:
    """Sums and extremes of 64-bit numbers keep every digit."""
    big = 2**62 + 1
    profile = profile_of([column("n", "BIGINT")], [[big], [big], [big - 1], [-3]])

    assert profile.numeric["n"].sum == 3 * big - 4
    assert of(profile, "n").maximum == big
    assert of(profile, "n").top_values == (TopValue(value=big, count=2, share=0.5),)


def test_many_ties_are_cut_the_same_way() -> None:
    """Of forty values that occur twice, the ten smallest are shown."""
    profile = profile_of([column("n", "BIGINT")], [[number] for number in range(39, -1, -1)] * 2 + [[7]])

    assert [top.value for top in of(profile, "n").top_values] == [7, 0, 1, 2, 3, 4, 5, 6, 8, 9]


@pytest.fixture
def related() -> Table:
    rng = np.random.default_rng(7)
    a = rng.normal(1e6, 3.0, 400)
    b = 2 * a + rng.normal(0, 4.0, 400)
    region = rng.choice(["North", "South", "East"], 400)
    channel = np.where(rng.random(400) < 0.7, np.where(region == "North", "shop", "online"), "partner")
    rows = [
        [None if index % 17 == 0 else float(a[index]), None if index % 13 == 0 else float(b[index]), 5.0,
         str(region[index]), str(channel[index]), bool(index % 2)]
        for index in range(400)
    ]  # fmt: skip
    columns = [
        column("a", "DOUBLE"), column("b", "DOUBLE"), column("same", "DOUBLE"), column("region", "VARCHAR"),
        column("channel", "VARCHAR"), column("odd", "BOOLEAN"),
    ]  # fmt: skip
    return make_table(columns, rows)


def test_relations_equal_scipy(related: Table) -> None:
    """Pearson over the rows where both are known, Cramer's V with Bergsma's correction, each with its p-value."""
    frame = related.connection.execute(f"SELECT c0, c1, c3, c4 FROM {related.relation}").fetchall()
    pairs = [(a, b) for a, b, _, _ in frame if a is not None and b is not None]
    pearson = stats.pearsonr(*zip(*pairs, strict=True))
    crossed = stats.contingency.crosstab([row[2] for row in frame], [row[3] for row in frame]).count
    chi2 = stats.chi2_contingency(crossed, correction=False)

    profile = relate(profile_table(related).profile, related)

    found = {(one.column, one.column2): one for one in profile.relations}
    assert found["a", "b"].strength == pytest.approx(pearson.statistic, rel=1e-9)
    assert found["a", "b"].p_value == pytest.approx(pearson.pvalue, rel=1e-6)
    assert found["a", "b"].n == len(pairs)
    n, (r, k) = crossed.sum(), crossed.shape
    phi2 = max(0, chi2.statistic / n - (k - 1) * (r - 1) / (n - 1))
    v = math.sqrt(phi2 / min(k - (k - 1) ** 2 / (n - 1) - 1, r - (r - 1) ** 2 / (n - 1) - 1))
    assert found["region", "channel"].strength == pytest.approx(v, rel=1e-9)
    assert found["region", "channel"].p_value == pytest.approx(chi2.pvalue, rel=1e-6)
    assert not any("same" in pair for pair in found)


def test_the_profile_and_the_measure_agree_on_relations(related: Table) -> None:
    """The figure of a relation is the one its fact will have."""
    profile = relate(profile_table(related).profile, related)

    for relation in profile.relations:
        measure = Measure.model_validate(
            {"metric": relation.kind, "column": relation.column, "column2": relation.column2}
        )
        fact = evaluate([measure], forgetful(related))[0]
        assert fact.value == pytest.approx(relation.strength, rel=1e-9, abs=1e-12)
        assert fact.n == relation.n


@pytest.mark.spec("B3")
@pytest.mark.parametrize("repeats", [0, 1, 3])
def test_duplicates_of_wide_tables_are_counted_in_full(repeats: int) -> None:
    """A few columns may show that no two rows are equal; where they do not, all columns are compared."""
    columns = [column(f"n{place}", "BIGINT") for place in range(60)]
    rows = [[(row * (place + 3)) % (11 + place % 4) for place in range(60)] for row in range(30)]

    profile = profile_of(columns, [*rows, *rows[:repeats]])

    assert profile.duplicate_rows == len(rows) + repeats - len({tuple(row) for row in rows})


def test_samples_are_found_wherever_they_are() -> None:
    """The first five distinct values in file order, whether the first rows, later ones or only the last hold them."""
    early = ["a", "b", "c", "d", "e", "f"] * 70
    later = ["x"] * 100 + ["y", None, "z", "v", "w", "u"] + ["x"] * 314
    last = [None] * 415 + ["p", "q", "p", "r", "s"]

    profile = profile_of(
        [column(name, "VARCHAR") for name in ("early", "later", "last")], list(zip(early, later, last, strict=True))
    )

    assert of(profile, "early").sample_values == ("a", "b", "c", "d", "e")
    assert of(profile, "later").sample_values == ("x", "y", "z", "v", "w")
    assert of(profile, "last").sample_values == ("p", "q", "r", "s")


def test_long_columns_are_counted_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The profile of a table is the same when its numbers are fetched a few rows at a time."""
    rows = [[number % 7 / 4, number % 50 or None] for number in range(300)]
    columns = [column("x", "DOUBLE"), column("n", "BIGINT")]
    whole = profile_of(columns, rows)

    monkeypatch.setattr("datapilot.analysis.profiling.ROWS_AT_ONCE", 40)

    assert profile_of(columns, rows) == whole


@pytest.mark.spec("B3")
def test_a_key_with_a_few_repeats_is_named() -> None:
    """Values of an identifier that come twice are said, unless whole rows come twice or they are no exception."""
    names = ("order", "ticket", "group")
    columns = [column(name, "BIGINT", inferred_type="identifier", role="never") for name in names]
    rows: list[Any] = [[index, index, index // 2] for index in range(300)]
    rows[250][0] = 7

    notes = profile_of(columns, rows).notes

    assert notes == ("“order” is nearly a key: 1 of its 300 values repeats an earlier one.",)
    assert profile_of(columns, [*rows[:200], *rows[:2]]).notes == ()
