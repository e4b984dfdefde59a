"""Histograms: bins of round widths, and when a number has no spread worth drawing."""

import random

import pytest
from tests.analysis.drawn_charts import chart, drawn
from tests.engine.tables import column, make_table

from datapilot.analysis.bins import choose_bins
from datapilot.contracts.profile import NumericStats

pytestmark = pytest.mark.spec("B4")


def test_far_values_do_not_squeeze_a_histogram() -> None:
    """The bins cover where the values are; how many are not drawn is said."""
    chance = random.Random(4)
    rows = [[round(chance.gauss(100, 10), 2)] for _ in range(500)] + [[1e6], [2e6]]

    spec = chart(drawn(make_table([column("x", "DOUBLE")], rows)), "histogram")

    assert spec.points_total < 502
    assert "Drawn are" in str(spec.note)
    assert sum(1 for record in spec.data if record["y"]) > 6


def test_a_histogram_leaves_out_the_number_that_stands_for_no_value() -> None:
    """Bins, quartiles and counts are those of the real values, and the chart says which number was left out."""
    chance = random.Random(6)
    rows: list[list[object]] = [[round(chance.gauss(20, 3), 1)] for _ in range(400)] + [[-200.0]] * 90

    spec = chart(drawn(make_table([column("pressure", "DOUBLE")], rows)), "histogram")

    assert min(record["x"] for record in spec.data) > 0
    assert sum(record["y"] for record in spec.data) == 400
    assert spec.subtitle.startswith("Values per bin, 400 values")
    assert "−200 stands for no value" in str(spec.note)


@pytest.mark.parametrize(
    ("low", "high", "middle", "whole", "width"),
    [(0, 100, (5, 95), True, 10), (0.0, 1.0, (0.05, 0.95), False, 0.1), (1, 7, (1, 7), True, 1),
     (0.0, 3.1e8, (1e7, 3e8), False, 2.5e7), (-0.004, 0.004, (-0.003, 0.003), False, 0.0005)],
)  # fmt: skip
def test_bins_have_round_widths(
    low: float, high: float, middle: tuple[float, float], whole: bool, width: float
) -> None:
    """Edges a reader can say aloud."""
    quarter = (middle[1] - middle[0]) / 4
    quantiles = {"p01": low, "p05": middle[0], "p25": middle[0] + quarter, "p75": middle[1] - quarter,
                 "p95": middle[1], "p99": high}  # fmt: skip
    stats = NumericStats.model_construct(min=low, max=high, quantiles=quantiles)

    bins = choose_bins(stats, whole=whole)

    assert bins is not None
    assert bins.width == pytest.approx(width)
    assert bins.edge(0) <= low
    assert bins.edge(bins.count) > high


def test_a_bin_of_one_whole_number_is_that_number() -> None:
    """A rating of 7 lies in the bin 7, not between 7 and 8."""
    rows = [[index * 7 % 11] for index in range(300)]

    spec = chart(drawn(make_table([column("rating", "BIGINT", role="average")], rows)), "histogram")

    assert all(set(record) == {"x", "y"} for record in spec.data)
    assert (spec.subtitle or "").startswith("Rows per value")


def test_spread_of_a_number_that_is_mostly_one_value_is_described() -> None:
    """Whoever cannot see the drawing reads what most rows have."""
    chance = random.Random(10)
    rows = [[10.0 if chance.random() < 0.7 else round(chance.uniform(0, 10), 2)] for _ in range(300)]

    spread = chart(drawn(make_table([column("view", "DOUBLE", role="average")], rows)), "histogram")

    assert spread.alt == "Histogram of view. Half of the values or more are 10."


def test_long_tail_does_not_press_half_of_the_values_into_one_bin() -> None:
    """Most sales are small: what they are like shows, and how many large ones are left out is said."""
    chance = random.Random(22)
    rows = [[round(chance.lognormvariate(4, 1.6), 2)] for _ in range(2000)]

    spec = chart(drawn(make_table([column("sales", "DOUBLE")], rows)), "histogram")

    counts = [int(record["y"] or 0) for record in spec.data]
    assert max(counts) < 0.4 * sum(counts)
    assert 0.9 * 2000 < sum(counts) < 2000
    assert "Drawn are" in str(spec.note)


def test_last_bin_holds_its_upper_edge_where_no_value_is_beyond() -> None:
    """Marks from 0 to 100 end in a bin of 90 to 100, not in one of 100 to 110 that no mark can reach."""
    chance = random.Random(22)
    rows = [[min(100, round(chance.triangular(0, 125, 80), 1))] for _ in range(600)]

    bars = chart(drawn(make_table([column("mark", "DOUBLE", role="average")], rows)), "histogram")

    *others, last = bars.data
    assert (last["x"], last["to"], last["closed"]) == (90, 100, True)
    assert last["y"] == sum(90 <= mark <= 100 for (mark,) in rows)
    assert all("closed" not in record for record in others)


def test_number_that_counts_the_rows_is_not_spread() -> None:
    """The running number of a series has bins that are all as full as they are wide."""
    chance = random.Random(23)
    columns = [column("time", "BIGINT"), column("level", "DOUBLE", role="average")]

    found = drawn(make_table(columns, [[place, chance.gauss(0, 1)] for place in range(1, 151)]))

    assert [one.x_label for one in found.charts if one.type == "histogram"] == ["Level"]


def test_ten_values_have_no_spread() -> None:
    """So few are read in the table."""
    found = drawn(make_table([column("score", "DOUBLE")], [[float(at * at)] for at in range(10)]))

    assert found.charts == ()
