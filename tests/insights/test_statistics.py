"""Every test gives the p-value a second library gives, and keeps its promise on noise that remembers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.insights.planted import remembering

from datapilot.insights import series_tests as of_series
from datapilot.insights import statistics as ours

_RNG = np.random.default_rng(7)
_VALUES = _RNG.integers(0, 40, 300).astype(float)
_CODES = _RNG.integers(0, 5, 300)
_OTHERS = _VALUES + _RNG.normal(0, 30, 300)


def test_ranks_share_ties() -> None:
    """Average ranks, as scipy gives them."""
    assert ours.ranks(_VALUES) == pytest.approx(stats.rankdata(_VALUES))


@given(st.lists(st.sampled_from([1.5, -2.0, 0.1, 0.3, 7e9, np.nan]), max_size=40), st.data())
def test_places_have_the_ranks_of_their_values(numbers: list[float], data: st.DataObject) -> None:
    """Whatever rows are looked at: counting the places of a whole column ranks them as sorting their values does."""
    values = np.array(numbers)
    places = ours.places_of(values)
    rows = np.flatnonzero(np.isfinite(values))
    rows = rows[[data.draw(st.booleans()) for _ in rows]] if len(rows) else rows

    assert ((places < 0) == np.isnan(values)).all()
    assert len(rows) == 0 or ours.ranks(places[rows]).tolist() == stats.rankdata(values[rows]).tolist()


def test_kruskal_equals_scipy() -> None:
    """Kruskal and Wallis with tie correction, and Kelley's epsilon squared."""
    expected = stats.kruskal(*[_VALUES[code == _CODES] for code in range(5)])

    found = ours.kruskal(_VALUES, _CODES, 5)

    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9)
    assert found.effect == pytest.approx(expected.statistic / 299)


def test_spearman_equals_scipy() -> None:
    """Rows without memory of each other count in full."""
    expected = stats.spearmanr(_VALUES, _OTHERS)

    found = ours.spearman(_VALUES, _OTHERS)

    assert found.effect == pytest.approx(expected.statistic)
    assert found.p_value == pytest.approx(expected.pvalue, rel=0.5)


def test_association_equals_scipy() -> None:
    """Chi-square of independence; V is the bias-corrected one, 0 for unrelated columns."""
    counts = ours.contingency(_CODES, _RNG.integers(0, 3, 300), 5, 3)

    found = ours.association(counts)

    assert found.p_value == pytest.approx(stats.chi2_contingency(counts, correction=False).pvalue, rel=1e-9)
    assert 0 <= found.effect <= stats.contingency.association(counts)


def test_sparse_table_is_not_tested() -> None:
    """With expected counts mostly below 5 the chi-square means nothing (Cochran)."""
    assert ours.association(np.eye(12, dtype=np.int64) * 2) == ours.NO_TEST


@pytest.mark.parametrize(
    ("count", "n", "share"), [(0, 10, 0.3), (3, 10, 0.3), (10, 10, 0.3), (40, 85, 0.3), (11, 10, 0.5)]
)
def test_binomial_tail_equals_scipy(count: int, n: int, share: float) -> None:
    """P(X >= count), through Fisher's F."""
    assert ours.binomial_tail(count, n, share) == pytest.approx(stats.binom.sf(count - 1, n, share), rel=1e-9)


def test_theil_sen_slope_equals_scipy() -> None:
    """The slope is the median of all pairwise slopes."""
    series = np.cumsum(_RNG.normal(0.5, 1, 40))

    assert of_series.trend(series).slope == pytest.approx(stats.theilslopes(series).slope)


def test_kendall_tau_equals_scipy() -> None:
    """Without ties the Mann-Kendall tau is Kendall's."""
    series = _RNG.normal(size=30)

    assert of_series.trend(series).tau == pytest.approx(stats.kendalltau(np.arange(30), series).statistic)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_threshold_equals_scipy(p_values: list[float]) -> None:
    """Benjamini and Yekutieli: what is accepted is what scipy's adjusted p-values accept."""
    array = np.array(p_values)
    expected = stats.false_discovery_control(array, method="by") <= 0.05

    accepted = array <= ours.by_threshold(array, 0.05)

    assert list(accepted) == list(expected)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([24, 60, 96]), st.sampled_from([0.0, 0.3, 0.6]))
def test_drifting_noise_is_rarely_a_trend(seed: int, periods: int, memory: float) -> None:
    """At the level that survives a table's correction, single series of noise hardly ever pass."""
    rng = np.random.default_rng(seed)
    passed = sum(
        of_series.trend(series).p_value < 1e-4 or of_series.level_shift(series).p_value < 1e-4
        for series in (remembering(rng, periods, memory) for _ in range(10))
    )

    assert passed <= 2


def test_step_is_found_where_it_is() -> None:
    """The first period of the new level is named."""
    series = np.concatenate((_RNG.normal(10, 1, 20), _RNG.normal(16, 1, 14)))

    shift = of_series.level_shift(series)

    assert shift.at == 20
    assert shift.p_value < 1e-6


def test_two_drifting_columns_need_more_evidence() -> None:
    """Rows that remember their neighbours count for less, so chance agreement is no relation."""
    rng = np.random.default_rng(3)
    p_values = [ours.spearman(remembering(rng, 300, 0.9), remembering(rng, 300, 0.9)).p_value for _ in range(200)]

    assert np.mean(np.array(p_values) < 0.01) <= 0.04
