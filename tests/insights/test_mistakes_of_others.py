"""Ten mistakes that reports of this kind make, and that ours does not. Each test names the one it is about."""

import json
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from tests.insights.tables import Cells, collected, headlines, insights_of, table_of

from datapilot.actions.analyze_dataset import analyze_file
from datapilot.contracts.insight import Insight
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.words.numbers import show

BUSINESS = Path("tests/tables/business")


def _rng() -> np.random.Generator:
    return np.random.default_rng(11)


def _top_five(name: str) -> tuple[Insight, ...]:
    report = analyze_file(BUSINESS / name, name=name, job_id="test", options=ReadingOptions(), limits=Limits())
    return report.insights.analyst_insights[:5]


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("flag-11.csv", ("hardware", "51.6 days", "7.3 days"), id="Hardware takes 51 days, the rest 7"),
        pytest.param(
            "flag-23.csv", ("100 expenses repeat the same amount", "8,000"), id="one user filed 100 identical claims"
        ),
        pytest.param(
            "flag-30.csv", ("finance", "106 days", "157 days"), id="Finance goals last 106 days, the rest 157"
        ),
    ],
)
def test_what_a_glance_misses_is_among_the_first_five(name: str, words: tuple[str, ...]) -> None:
    """Durations between two dates and repeated claims are found without being asked for."""
    told = [insight.headline.lower() for insight in _top_five(name)]

    assert any(all(word in headline for word in words) for headline in told), told


def test_part_of_a_period_is_not_compared() -> None:
    """A table that ends in mid-month has its last month left out of series, and says so."""
    days = [date(2023, 1, 1) + timedelta(days=day) for day in range(15 * 30 + 10)]
    cells: Cells = {"day": days, "sales": [float(100 + index) for index in range(len(days))]}

    insights = insights_of(cells, sales={"role": "sum"})

    trend = next(insight for insight in insights.analyst_insights if insight.kind in {"trend", "change_point"})
    assert "Apr 2024" not in trend.headline
    assert "incomplete and left out" in trend.detail


def test_share_names_its_whole() -> None:
    """A share of a total is shown with the part and the whole, missing groups included."""
    rng = _rng()
    regions = [str(rng.choice(["North", "South", "East"])) if index % 5 else None for index in range(400)]
    amounts = [float(rng.gamma(4, 20)) * (6 if region == "North" else 1) for region in regions]

    found, _ = collected(table_of({"region": regions, "amount": amounts}, amount={"role": "sum"}))

    facts = {fact.id: fact for fact in found.facts}
    share = next(finding for finding in found.findings if finding.kind == "share")
    stated = next(facts[one].value for one in share.fact_ids if facts[one].measure.metric == "share_sum")
    north = sum(amount for amount, region in zip(amounts, regions, strict=True) if region == "North")
    assert stated == pytest.approx(north / sum(amounts))


@pytest.mark.parametrize("role", ["never", "count"])
def test_identifiers_and_codes_are_not_added_up(role: str) -> None:
    """A number whose role forbids it is neither averaged nor summed, however its values differ by group."""
    rng = _rng()
    kinds = [str(rng.choice(["Chair", "Table"])) for _ in range(300)]
    codes = [int(rng.integers(1000, 2000)) + 5000 * (kind == "Table") for kind in kinds]

    insights = insights_of({"kind": kinds, "iso": codes}, iso={"role": role})

    assert not any("iso" in insight.columns for insight in insights.analyst_insights)


def test_dates_are_found_by_content() -> None:
    """Columns named without "date" or "time" carry durations and trends too."""
    rng = _rng()
    starts = [datetime(2024, 1, 1) + timedelta(hours=int(hour)) for hour in rng.integers(0, 8000, 300)]  # noqa: DTZ001
    kinds = [str(rng.choice(["Fast", "Slow"])) for _ in starts]
    ends = [
        start + timedelta(days=float(rng.gamma(2, 2)) * (5 if kind == "Slow" else 1))
        for start, kind in zip(starts, kinds, strict=True)
    ]

    told = headlines(insights_of({"begun": starts, "settled": ends, "kind": kinds}))

    assert any("from begun to settled" in headline for headline in told)


def test_leftover_text_is_not_a_headline() -> None:
    """A table of one column of text gets its size, not a finding."""
    insights = insights_of({"CO;NO2;T": [f"{index};{index * 3};x" for index in range(200)]})

    assert insights.analyst_insights == ()
    assert insights.business_summary[0] == "The table holds 200 records."


def test_clock_times_of_a_workbook_are_neither_lost_nor_dates(tmp_path: Path) -> None:
    """Hours in a workbook's cells stay hours: nothing is missing, no row repeats, and no day of 1899 is shown."""
    rng = _rng()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Day", "Time", "Level"])
    for row in range(240):
        sheet.append([
            date(2024, 1, 1) + timedelta(days=row // 24), time(row % 24), round(float(rng.normal(40, 5)), 2),
        ])  # fmt: skip
    book.save(tmp_path / "levels.xlsx")

    report = analyze_file(
        tmp_path / "levels.xlsx", name="levels.xlsx", job_id="test", options=ReadingOptions(), limits=Limits()
    )

    assert (report.kpis.missing_count, report.kpis.num_duplicates) == (0, 0)
    assert "04:00" in str(report.cleaned_preview[4]["Time"])
    assert "1899" not in report.model_dump_json()


def test_numbers_with_separators_are_numbers() -> None:
    """45,571,090 counts in the mean like any other number."""
    path = Path("tests/tables/budget.json")
    cells = [str(row["1962"]).replace(",", "") for row in json.loads(path.read_text())]

    report = analyze_file(path, name=path.name, job_id="test", options=ReadingOptions(), limits=Limits())

    assert any("," in str(row["1962"]) for row in json.loads(path.read_text()))
    assert report.kpis.numeric_stats["1962"].mean == pytest.approx(float(np.mean([float(cell) for cell in cells])))


def test_advice_follows_from_its_finding() -> None:
    """Each kind of finding has advice of its own, which names what the finding is about."""
    told = [one for name in ("flag-11.csv", "flag-23.csv", "flag-30.csv") for one in _top_five(name)]

    advice: dict[str, set[str]] = {}
    for one in told:
        advice.setdefault(one.kind, set()).add(" ".join(one.recommendation.what.split()[:2]))
        words = set(re.findall(r"\w{4,}", f"{one.headline} {one.detail}".lower()))
        assert words & set(re.findall(r"\w{4,}", one.recommendation.what.lower())), one.recommendation.what

    assert len(advice) >= 5
    assert len(set.union(*advice.values())) >= 5


def test_mark_for_missing_is_told_and_left_out() -> None:
    """-200 in a sensor is no temperature: it is named, and every other figure goes without it."""
    rng = _rng()
    sites = [str(rng.choice(["Roof", "Yard"])) for _ in range(500)]
    values = [-200.0 if rng.random() < 0.15 else float(rng.normal(20 + 10 * (site == "Roof"), 3)) for site in sites]

    insights = insights_of({"site": sites, "CO(GT)": values})

    assert any("CO(GT) read −200" in headline for headline in headlines(insights)[:3])
    gap = next(insight for insight in insights.analyst_insights if insight.kind == "group_difference")
    assert "−200 are left out" in gap.detail
    real = [value for value, site in zip(values, sites, strict=True) if site == "Roof" and value > -200]
    assert f"{show(float(np.mean(real)), None)} for Roof" in gap.headline.replace("against ", "").replace(",", "")


def test_record_lines_are_called_repeats_and_kept() -> None:
    """Repeated rows are counted and left in place; the sentence says that they may be right."""
    cells: Cells = {"key": ["Offense:", "District:", "Sentence:"] * 60, "value": ["a", "b", "c"] * 60}

    duplicates = next(one for one in insights_of(cells).analyst_insights if one.kind == "duplicates")

    assert duplicates.headline == "177 of 180 rows repeat an earlier one in every column"
    assert "Nothing was removed" in duplicates.detail


def test_figures_of_a_long_table_are_exact() -> None:
    """Tests may look at a sample, and say so; the figures come from every row."""
    rng = _rng()
    rows = 45_000
    kinds = np.array(["Chair", "Table"])[rng.integers(0, 2, rows)]
    weights = rng.normal(10, 2, rows) + 3 * (kinds == "Table")

    found, _ = collected(table_of({"kind": kinds.tolist(), "weight": weights.tolist()}))

    facts = {fact.id: fact for fact in found.facts}
    gap = next(finding for finding in found.findings if finding.kind == "group_difference")
    assert "sampled rows" in gap.statistics
    stated = {
        fact.measure.filters[0].op: fact
        for fact in facts.values()
        if fact.measure.metric == "mean" and fact.measure.filters
    }
    label = stated["eq"].measure.filters[0].value
    assert stated["eq"].value == pytest.approx(weights[kinds == label].mean(), rel=1e-9)
    assert stated["eq"].n == int((kinds == label).sum())


def test_versions_of_one_quantity_are_no_relation() -> None:
    """A budget and the same budget in other money correlate by definition; nobody is told."""
    rng = _rng()
    budgets = rng.gamma(3, 100, 300)
    inflated = budgets * rng.uniform(1.0, 1.4, 300)

    told = insights_of({"budget": budgets.tolist(), "budget_2013$": inflated.tolist()})

    assert not any(insight.kind == "correlation" for insight in told.analyst_insights)
