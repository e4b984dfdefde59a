"""Findings become insights: ranked, varied, verified, in a reader's words."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from tests.analysis.drawn_charts import drawn_of
from tests.insights.tables import Cells, collected, headlines, insights_of, table_of

from datapilot.analysis.charts import time_axis
from datapilot.analysis.timeline import find_timeline
from datapilot.contracts.insight import Finding, Insights, Recommendation
from datapilot.contracts.quality import QualityBill
from datapilot.insights.collect_facts import collect_findings, screen
from datapilot.insights.describe import describe
from datapilot.insights.ranking import in_order, score, severity_of
from datapilot.words.render import cited_facts, render

BILL = QualityBill(score=100, deductions=(), checked_cells=1)


@pytest.fixture(scope="module")
def shop() -> Cells:
    """A shop's orders: furniture is dear, sales grow, Saturdays are strong, some prices are missing online."""
    rng = np.random.default_rng(5)
    rows = 900
    days = sorted(date(2023, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 720, rows))
    kinds = [str(rng.choice(["Furniture", "Lighting", "Textiles"])) for _ in days]
    channels = [str(rng.choice(["Online", "Store"])) for _ in days]
    revenue = [
        float(rng.gamma(4, 20))
        * (4 if kind == "Furniture" else 1)
        * (0.6 + index / rows)
        * (1.5 if day.weekday() == 5 else 1)
        for index, (kind, day) in enumerate(zip(kinds, days, strict=True))
    ]
    rating = [None if channel == "Online" and rng.random() < 0.6 else int(rng.integers(1, 6)) for channel in channels]
    return {"sold_on": days, "kind": kinds, "channel": channels, "revenue": revenue, "rating": rating}


@pytest.fixture(scope="module")
def told(shop: Cells) -> Insights:
    return insights_of(shop, revenue={"role": "sum", "unit": "€"})


@pytest.mark.spec("C6")
def test_headlines_are_short_and_plain(told: Insights) -> None:
    """About thirteen words, a number in each, no jargon."""
    jargon = re.compile(r"p-value|kruskal|epsilon|cram|spearman|significan|outlier|null|dataset", re.IGNORECASE)

    lengths = [len(headline.split()) for headline in headlines(told)]

    assert len(lengths) >= 5
    assert np.mean(lengths) <= 15
    assert all(re.search(r"\d", headline) for headline in headlines(told))
    assert not any(jargon.search(headline) for headline in headlines(told))


@pytest.mark.spec("C5")
def test_every_figure_is_a_cited_fact(shop: Cells) -> None:
    """Templates hold no digit of their own, and every insight is verified against facts that are in the result."""
    found, profile = collected(table_of(shop, revenue={"role": "sum", "unit": "€"}))
    insights = describe(found, charts=(), profile=profile, bill=BILL)
    facts = {fact.id: fact for fact in found.facts}

    for insight in insights.analyst_insights:
        own = {one: facts[one] for evidence in insight.evidence for one in evidence.fact_ids}
        assert insight.verified
        assert set(cited_facts(insight.headline_template)) <= set(own)
        assert render(insight.headline_template, own) == insight.headline
        assert render(insight.detail_template, own) == insight.detail
    for sentence, template in zip(insights.business_summary, insights.metadata.summary_templates, strict=True):
        assert render(template, facts) == sentence


def test_first_insights_are_varied(told: Insights) -> None:
    """At most two of a kind and three about a column among the first ones."""
    first = told.analyst_insights[:3]
    kinds = Counter(insight.kind for insight in first)
    columns = Counter(column for insight in first for column in insight.columns)

    assert max(kinds.values()) <= 2
    assert max(columns.values()) <= 3


def test_summary_tells_the_story_in_three_to_five_sentences(told: Insights) -> None:
    """The first findings in other words than their headlines beside it, then what the table is, then its completeness
    where that matters."""
    assert 3 <= len(told.business_summary) <= 5
    assert (
        told.business_summary[0]
        == "Revenue is higher for Furniture than elsewhere: €400 on average, €95.18 for all others."
    )
    assert not {one.removesuffix(".") for one in told.business_summary} & set(headlines(told))
    assert any("900 records run from" in sentence for sentence in told.business_summary)
    assert "Empty cells make up " in told.business_summary[-1]


def test_recommendations_follow_from_the_finding(told: Insights) -> None:
    """Each names someone, is a sentence about the finding's own columns or groups, and has the finding's weight."""
    for insight in told.analyst_insights:
        what = insight.recommendation.what
        assert what.endswith(".")
        assert 4 <= len(what.split()) <= 25
        words = set(re.findall(r"\w+", insight.headline.lower())) & set(re.findall(r"\w{4,}", what.lower()))
        assert words, (insight.headline, what)


def test_same_table_gives_the_same_insights(shop: Cells, told: Insights) -> None:
    """Nothing is random: ids, order and words are those of the run before."""
    assert insights_of(shop, revenue={"role": "sum", "unit": "€"}) == told


def test_metadata_says_how_many_relations_were_tested(told: Insights) -> None:
    """And how many of those shown may be chance."""
    assert told.metadata.source == "rules"
    assert told.metadata.tests_run >= 20
    assert 0 < told.metadata.expected_by_chance <= 0.05 * len(told.analyst_insights) + 0.005
    assert told.metadata.claims_verified == len(told.analyst_insights)


def test_charts_are_pointed_at(shop: Cells) -> None:
    """An insight that a chart shows names it, and the page is told which charts to open."""
    table = table_of(shop, revenue={"role": "sum", "unit": "€"})
    _, profile = collected(table)
    drawn = drawn_of(table, profile)

    insights = describe(
        collect_findings(table, screen(table, profile, clock=time_axis(find_timeline(table, profile)))),
        charts=drawn.charts,
        drawn=drawn.facts,
        profile=profile,
        bill=BILL,
    )

    ids = {chart.id for chart in drawn.charts}
    named = {one.chart_id for insight in insights.analyst_insights for one in insight.evidence if one.chart_id}
    assert named
    assert named <= ids
    assert {action.chart_id for action in insights.visual_actions} <= named


def test_people_are_counted_not_named() -> None:
    """A column with names gives "one person" in a sentence, and no name stands in a sentence or a fact."""
    rng = np.random.default_rng(2)
    users = [f"Person Number{code}" for code in rng.integers(0, 40, 400)]
    amounts = [float(round(value, 2)) for value in rng.gamma(4, 300, 400)]
    for row in range(0, 200, 4):
        users[row], amounts[row] = "Mamie Secret", 8000.0

    found, profile = collected(
        table_of({"user": users, "amount": amounts}, user={"pii": "name"}, amount={"role": "sum"})
    )
    insights = describe(found, charts=(), profile=profile, bill=BILL)

    assert headlines(insights)[0] == "50 records repeat the same amount of 8,000, all from one user"
    assert "Secret" not in insights.model_dump_json()
    assert not any("Secret" in fact.model_dump_json() for fact in found.facts)


@pytest.mark.parametrize("rows", [1, 2, 7, 19])
def test_small_table_gets_honest_sentences(rows: int) -> None:
    """Too few rows for a test: what is there is said, and that it is too little."""
    insights = insights_of(
        {
            "region": ["North", "South"][: rows % 2 + 1] * (rows // 2)
            + ["North"] * (rows - (rows % 2 + 1) * (rows // 2)),
            "amount": [float(row) for row in range(rows)],
        }
    )

    assert insights.analyst_insights == ()
    assert "too few to tell a pattern from chance" in " ".join(insights.business_summary)
    assert insights.metadata.notes == ("The table is too small for tests.",)


def _finding(kind: str, *columns: str, effect: float = 0.8, impact: float = 0.5) -> Finding:
    return Finding(
        kind=kind, columns=columns, fact_ids=(), headline_template="", detail_template="", severity="low",
        recommendation=Recommendation(who="data", what="", priority="low"), impact=impact, effect=effect, n=100,
    )  # fmt: skip


def test_ranking_puts_the_third_of_a_kind_after_the_others() -> None:
    """Variety comes before strength, but strong findings are not lost, and come before what hardly says a thing."""
    gaps = [_finding("group_difference", f"x{number}", effect=0.9 - number / 100) for number in range(4)]
    other, faint = _finding("dominance", "y", effect=0.9), _finding("dominance", "z", effect=0.2)

    ordered = in_order([faint, other, *gaps], most=15)

    assert ordered == [gaps[0], gaps[1], other, gaps[2], gaps[3], faint]


def test_ranking_stops_at_two_where_a_third_adds_nothing() -> None:
    """Fifteen correlated sensors are two sentences, not fifteen."""
    pairs = [_finding("correlation", f"a{number}", f"b{number}") for number in range(15)]

    assert len(in_order(pairs, most=15)) == 2


def test_score_grows_with_effect_impact_and_certainty() -> None:
    """Each of the parts raises the score, none takes it out of 0-1."""
    weak, strong = _finding("trend", "x", effect=0.2, impact=0.1), _finding("trend", "x", effect=1.0, impact=1.0)
    unsure = strong.model_copy(update={"p_value": 0.5})

    scores = [score(weak), score(unsure), score(strong)]

    assert all(one < other for one, other in pairwise(scores))
    assert score(strong) <= 1


def test_few_rows_are_never_high() -> None:
    """Below thirty rows nothing is called highly important."""
    assert severity_of(_finding("trend", "x", effect=1.0, impact=1.0), 29) == "medium"
    assert severity_of(_finding("trend", "x", effect=1.0, impact=1.0), 30) == "high"


def test_the_clock_counts_for_no_finding() -> None:
    """All that changes has the date column in common; that makes it no repetition."""
    kinds = ("trend", "burst", "spike", "mix_change", "change_point")
    told = [_finding(kind, f"x{place}", "day", effect=0.9) for place, kind in enumerate(kinds)]
    other = _finding("group_difference", "y", effect=0.5)

    assert in_order([*told, other], most=15, clock="day")[-1] == other
    assert in_order([*told, other], most=15)[-1] != other


def with_charts(cells: Cells, **known: dict[str, str]) -> Insights:
    """Return what is said of a table whose charts are drawn."""
    table = table_of(cells, **known)
    found, profile = collected(table)
    drawn = drawn_of(table, profile)
    return describe(found, charts=drawn.charts, drawn=drawn.facts, profile=profile, bill=BILL)


def test_summary_without_findings_begins_with_what_is_seen() -> None:
    """In a short list nothing passes a test; who leads it is seen all the same."""
    cells: Cells = {"region": ["North", "South", "East"], "sales": [10.0, 30.0, 20.0]}

    told = with_charts(cells, region={"inferred_type": "text", "role": "never"}, sales={"role": "sum"})

    assert told.business_summary[:2] == ("South has the highest sales: 30.", "The table holds 3 records.")


def test_average_of_a_group_is_no_headline_without_a_finding() -> None:
    """Chance may have put it first."""
    rng = np.random.default_rng(3)
    cells: Cells = {"team": list("ABC") * 40, "speed": [float(value) for value in rng.normal(10, 2, 120)]}

    told = with_charts(cells, speed={"role": "average"})

    assert not told.analyst_insights
    assert told.business_summary[0] == "The table holds 120 records."
