"""A rate that the table has a column of, and the two amounts it is made of: one page tells one figure for it."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.insights.tables import Cells, collected, headlines, insights_of, table_of

from datapilot.insights.collect_facts import Collected

SUM = {"role": "sum"}


def _campaigns(*, rises: float = 0.0) -> Cells:
    """Return days of four channels of very unequal sizes, of which the small rows have the high rates."""
    rng = np.random.default_rng(11)
    usual = {"Search": 0.05, "Social": 0.02, "Email": 0.08, "Display": 0.006}
    first = date(2025, 1, 1)
    rows = [
        (first + timedelta(days=day), channel, int(size * rng.lognormal(0, 0.3)), rate * more * (1 + rises * day))
        for day in range(98)
        for channel, rate in usual.items()
        for size, more in ((400, 1.6), (40_000, 0.8))
    ]  # fmt: skip
    clicks = [int(rng.binomial(shown, rate)) for _, _, shown, rate in rows]
    return {
        "day": [row[0] for row in rows],
        "channel": [row[1] for row in rows],
        "impressions": [row[2] for row in rows],
        "clicks": clicks,
        "ctr %": [round(100 * clicked / row[2], 2) for clicked, row in zip(clicks, rows, strict=True)],
    }


def _found(cells: Cells) -> Collected:
    found, _ = collected(table_of(cells, impressions=SUM, clicks=SUM))
    return found


@pytest.mark.spec("C6")
@pytest.mark.parametrize("rises", [0.0, 0.01], ids=["level", "rising"])
def test_no_finding_averages_the_rows_of_a_rate(rises: float) -> None:
    """Every figure of the rate that is cited is the sum of clicks over the sum of impressions, as in the charts."""
    found = _found(_campaigns(rises=rises))

    assert [one for one in found.findings if "ctr %" in one.columns]
    assert not [one for one in found.facts if one.measure.column == "ctr %" and one.measure.metric in ("mean", "sum")]


@pytest.mark.spec("C6")
def test_a_rate_by_group_is_that_of_its_sums() -> None:
    """The channel's rate is told by the column's own name, in per cent as the column is written."""
    cells = _campaigns()
    sums = {
        channel: tuple(
            sum(value for value, one in zip(cells[part], cells["channel"], strict=True) if one == channel)
            for part in ("clicks", "impressions")
        )
        for channel in ("Email", "Display")
    }
    email, display = (100 * above / below for above, below in sums.values())

    told = headlines(insights_of(cells, impressions=SUM, clicks=SUM))

    assert f"The Email channel has the highest CTR %, {email:.1f}%; Display the lowest, {display:.1f}%" in told
    assert not [one for one in told if "Clicks are" in one or "average CTR" in one]


@pytest.mark.spec("C6")
def test_a_rate_over_time_is_that_of_the_sums_of_each_period() -> None:
    """A rate that doubles is told from the first whole week to the last, without the step that no measure gives."""
    found = _found(_campaigns(rises=0.01))

    trends = [one for one in found.findings if one.kind == "trend" and one.columns[0] == "ctr %"]

    assert trends
    measured = {one.id: one.measure for one in found.facts}
    cited = [measured[fact_id] for one in trends for fact_id in one.fact_ids]
    assert {(one.metric, one.column, one.column2) for one in cited} == {("ratio", "clicks", "impressions")}
    assert all("step on the way" not in one.detail_template for one in trends)


@pytest.mark.spec("C6")
def test_a_margin_below_nothing_is_told_of_its_sums() -> None:
    """A margin may be negative: where it is so, no rate is so many times another, and the lowest is told all the
    same."""
    rng = np.random.default_rng(3)
    regions = ["North", "South", "West"] * 100
    usual = {"North": 0.2, "South": -0.1, "West": 0.1}
    revenue = [round(float(one), 2) for one in rng.lognormal(5, 1, len(regions))]
    profit = [
        round(sold * (usual[region] + float(rng.normal(0, 0.03))), 2)
        for sold, region in zip(revenue, regions, strict=True)
    ]
    cells: Cells = {
        "region": regions,
        "revenue": revenue,
        "profit": profit,
        "margin %": [round(100 * kept / sold, 1) for kept, sold in zip(profit, revenue, strict=True)],
    }
    lost, sold = (
        sum(one for one, region in zip(part, regions, strict=True) if region == "South") for part in (profit, revenue)
    )

    told = headlines(insights_of(cells, revenue=SUM, profit=SUM))

    lowest = f"South the lowest, −{-100 * lost / sold:.1f}%"
    assert [one for one in told if one.startswith("North has the highest margin %") and one.endswith(lowest)]
