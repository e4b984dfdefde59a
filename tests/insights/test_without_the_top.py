"""A finding is true of the rows that are left when the furthest hundredth of them is dropped (statistics.TOP_SHARE)."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.insights.tables import Cells, insights_of

from datapilot.insights.statistics import TOP_SHARE, without_top

ROWS = 800
FEW = int(TOP_SHARE * ROWS)


def _rng() -> np.random.Generator:
    return np.random.default_rng(71)


def _kinds(cells: Cells, **known: dict[str, str]) -> set[str]:
    return {one.kind for one in insights_of(cells, **known).analyst_insights}


def _groups(rng: np.random.Generator) -> list[str]:
    return [str(one) for one in rng.choice(["North", "South", "West"], ROWS)]


def _pushed(values: NDArray[Any], where: NDArray[np.bool_], by: float) -> list[float]:
    """Return the values with the first FEW rows of a group raised, so far that its mean, sum or slope follows them."""
    raised = values.copy()
    raised[np.flatnonzero(where)[:FEW]] *= by
    return [float(one) for one in raised]


def test_the_furthest_hundredth_is_dropped() -> None:
    """At least one row, whatever the size."""
    assert (~without_top(np.arange(800.0))).nonzero()[0].tolist() == list(range(792, 800))
    assert (~without_top(np.array([1.0, 9.0, 3.0]))).nonzero()[0].tolist() == [1]


@pytest.mark.spec("C6")
def test_no_gap_between_groups_rests_on_the_top_hundredth() -> None:
    """The mean of the North is ten times that of the others, by eight rows; nobody is told so."""
    rng = _rng()
    groups = _groups(rng)
    amounts = _pushed(rng.gamma(4, 25, ROWS), np.array(groups) == "North", 300)

    assert not {"group_difference"} & _kinds({"region": groups, "amount": amounts})


@pytest.mark.spec("C6")
def test_no_share_of_a_total_rests_on_the_top_hundredth() -> None:
    """Who leads by a few rows does not lead without them."""
    rng = _rng()
    groups = _groups(rng)
    amounts = _pushed(rng.gamma(4, 25, ROWS), np.array(groups) == "North", 60)

    assert not {"share"} & _kinds({"region": groups, "amount": amounts}, amount={"role": "sum"})


@pytest.mark.spec("C6")
def test_nothing_is_left_when_a_few_rows_hold_it_all() -> None:
    """Four prizes among 400 rows: without them there is no total, and nobody's share of one."""
    prizes = [500.0, 100.0, 50.0, 0.0, 480.0] + [0.0] * 395
    tickets = {"region": ["North", "South", "East", "West"] * 100, "prize": prizes}

    assert not {"share"} & _kinds(tickets, prize={"role": "sum"})


@pytest.mark.spec("C6")
def test_no_relation_rests_on_the_top_hundredth() -> None:
    """Eight points far out make a line through any cloud."""
    rng = _rng()
    size, load = rng.normal(50, 5, ROWS), rng.normal(50, 5, ROWS)
    size[:FEW], load[:FEW] = size[:FEW] * 40, load[:FEW] * 40

    assert not {"correlation"} & _kinds({"size": size.tolist(), "load": load.tolist()})


@pytest.mark.spec("C6")
def test_no_share_of_a_plan_rests_on_the_top_hundredth() -> None:
    """Eight overdrawn lines make no spendthrift of a department whose others all keep to their plan."""
    rng = _rng()
    groups = _groups(rng)
    budget = rng.integers(20, 60, ROWS) * 1000.0
    actual = _pushed(budget * rng.normal(1, 0.02, ROWS), np.array(groups) == "North", 30)
    known = {"role": "sum"}

    told = insights_of({"region": groups, "budget": budget.tolist(), "actual": actual}, budget=known, actual=known)

    assert not [one for one in told.analyst_insights if one.kind == "against_plan" and "region" in one.columns]


@pytest.mark.spec("C6")
def test_no_rate_rests_on_the_top_hundredth() -> None:
    """A few orders of thousands are no better shop."""
    rng = _rng()
    groups = _groups(rng)
    sessions = rng.poisson(300, ROWS)
    orders = [float(round(one)) for one in _pushed(rng.poisson(9, ROWS) * 1.0, np.array(groups) == "North", 200)]
    cells: Cells = {"shop": groups, "sessions": sessions.tolist(), "orders": [int(one) for one in orders]}

    assert not {"rate"} & _kinds(cells, sessions={"role": "sum"}, orders={"role": "sum"})


@pytest.mark.spec("C6")
def test_what_all_rows_bear_out_is_told_whatever_the_top_does() -> None:
    """Dropping the top takes nothing from a gap that everybody shows."""
    rng = _rng()
    groups = _groups(rng)
    heights = rng.normal(50, 5, ROWS) + np.where(np.array(groups) == "North", 8.0, 0.0)

    assert "group_difference" in _kinds({"region": groups, "height": _pushed(heights, heights > 0, 5)})
