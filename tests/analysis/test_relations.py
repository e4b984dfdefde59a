"""Which columns move together: numbers, categories, and numbers by categories."""

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from scipy import stats
from tests.engine.tables import column, forgetful, make_table

from datapilot.analysis import cross_counts, relations
from datapilot.analysis.profiling import profile_table, relate
from datapilot.contracts.measure import Measure
from datapilot.contracts.profile import Relation
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table

pytestmark = pytest.mark.spec("B3")

ROWS = 600
WAYS = pytest.mark.parametrize("is_grouped", [False, True], ids=["cells counted here", "grouped by the engine"])


@WAYS
@pytest.mark.parametrize("base", [0.0, 1e9], ids=["near zero", "far from zero"])
def test_correlation_ratio_is_that_of_the_analysis_of_variance(
    base: float, is_grouped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eta follows from scipy's F, and the p-value is scipy's, over the rows where number and category have a value."""
    table = _visits(base)

    ratios = _ratios(table, monkeypatch, is_grouped=is_grouped)

    assert {(one.column, one.column2) for one in ratios} == {
        (number, category) for number in ("wait", "visits") for category in ("site", "kind")
    }
    for ratio in ratios:
        groups = _groups(table, ratio)
        tested = stats.f_oneway(*groups)
        between = (len(groups) - 1) * tested.statistic
        n = sum(map(len, groups))
        assert ratio.n == n
        assert ratio.strength == pytest.approx(np.sqrt(between / (between + n - len(groups))), rel=1e-6)
        assert ratio.p_value == pytest.approx(tested.pvalue, rel=1e-5, abs=1e-300)


@WAYS
def test_correlation_ratio_of_the_profile_is_that_of_its_measure(
    is_grouped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a chart cites of it is not computed again, and a reader who does so finds the same."""
    table = _visits(0.0)

    ratios = _ratios(table, monkeypatch, is_grouped=is_grouped)

    asked = [Measure(metric="correlation_ratio", column=one.column, column2=one.column2) for one in ratios]
    afresh = evaluate(asked, forgetful(table))
    told = evaluate(asked, replace(table, connection=cast("Any", None)))
    assert [fact.n for fact in told] == [fact.n for fact in afresh]
    assert [fact.value for fact in told] == pytest.approx([fact.value for fact in afresh], rel=1e-9)


@WAYS
def test_one_category_is_enough_for_a_correlation_ratio(is_grouped: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A category has no other to go with, but numbers may: here it says all of one."""
    rows = [(site, 1.5 if site == "North" else 4.0) for site in ("North", "South") * 20]
    table = make_table([column("site", "VARCHAR"), column("wait", "DOUBLE")], rows)

    (ratio,) = _ratios(table, monkeypatch, is_grouped=is_grouped)

    assert (ratio.column, ratio.column2, ratio.strength, ratio.n, ratio.p_value) == ("wait", "site", 1.0, 40, 0.0)


def test_number_that_never_varies_has_no_correlation_ratio() -> None:
    """Where there is no variance, no share of it lies between groups."""
    rows = [(site, 3.0) for site in ("North", "South") * 20]
    table = make_table([column("site", "VARCHAR"), column("wait", "DOUBLE")], rows)

    assert relate(profile_table(table).profile, table).relations == ()


def _visits(base: float) -> Table:
    """Waits that differ by site and numbers that do not differ by kind; some cells of each are missing."""
    chance = np.random.default_rng(11)
    sites, kinds = chance.integers(0, 3, ROWS), chance.integers(0, 2, ROWS)
    waits = base + 4.0 * sites + chance.normal(0, 3, ROWS)
    cells = zip(
        [None if gap < 0.05 else f"site {site}" for gap, site in zip(chance.random(ROWS), sites, strict=True)],
        [None if gap < 0.05 else f"kind {kind}" for gap, kind in zip(chance.random(ROWS), kinds, strict=True)],
        [None if gap < 0.1 else float(wait) for gap, wait in zip(chance.random(ROWS), waits, strict=True)],
        chance.integers(1, 400, ROWS).tolist(),
        strict=True,
    )
    columns = [
        column("site", "VARCHAR"), column("kind", "VARCHAR"), column("wait", "DOUBLE"), column("visits", "BIGINT"),
    ]  # fmt: skip
    return make_table(columns, cells)


def _ratios(table: Table, patch: pytest.MonkeyPatch, *, is_grouped: bool) -> list[Relation]:
    patch.setattr(cross_counts, "CELLS_PER_GROUPING", -1 if is_grouped else 1_000_000)
    relations = relate(profile_table(table).profile, table).relations
    return [one for one in relations if one.kind == "correlation_ratio"]


def _groups(table: Table, ratio: Relation) -> list[list[float]]:
    number, category = table.physical(ratio.column), table.physical(ratio.column2)
    rows = table.connection.execute(
        f"SELECT list({number}) FROM {table.relation} WHERE {number} IS NOT NULL AND {category} IS NOT NULL "
        f"GROUP BY {category}"
    ).fetchall()
    return [group for (group,) in rows]


def test_few_rows_of_many_numbers_have_a_limit_of_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """What grows with the square of the columns is bounded by itself, however few the rows; a note says so."""
    monkeypatch.setattr(relations, "PRODUCT_BUDGET", 10 * 10 * relations.FEWEST_COUNTED_ROWS)
    names = [f"n{place}" for place in range(12)]
    rows = [[float((place + 3) * (row + 2) ** 2 % 31) for place in range(12)] for row in range(9)]
    table = make_table([column(name, "DOUBLE") for name in names], rows)

    profile = relate(profile_table(table).profile, table)

    assert profile.relations
    assert {name for one in profile.relations for name in (one.column, one.column2)} <= set(names[:10])
    assert "Relations were looked for among the first 10 of 12 numeric columns." in profile.notes
