"""Findings -> what the reader reads: ranked insights, a summary in order of importance, charts worth opening.

The rules' text. Every sentence is a template rendered with facts; an insight is marked verified only after its facts
are there and its templates give exactly its text.
"""

import hashlib
from collections.abc import Mapping, Sequence

from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.insight import Evidence, Finding, Insight, Insights, InsightsMetadata, VisualAction
from datapilot.contracts.measure import Fact, Measure
from datapilot.contracts.profile import TableProfile
from datapilot.contracts.quality import QualityBill
from datapilot.insights.candidate import Facts
from datapilot.insights.collect_facts import FALSE_DISCOVERY_RATE, Collected
from datapilot.insights.illustrating import chart_of
from datapilot.insights.overview import is_flawed, quality_sentence, quantity_sentence, size_sentence
from datapilot.insights.ranking import in_order, score
from datapilot.insights.subjects.nouns import named
from datapilot.words.render import cited_facts, render

MOST_INSIGHTS = 15
HEADLINES = 3  # findings that the summary retells
LOOKED_AT = 6  # findings among which another kind comes before a second one of the same
FEWEST_SENTENCES = 3
MOST_ACTIONS = 5
SMALL_TABLE = 20  # rows below which no test is run

_SAID_BELOW = frozenset({"constant", "duplicates"})  # the summary's last sentence counts the rows that repeat others
# Told in the summary only where they are much, or all there is.
_NO_NEWS = frozenset({"dominance", "missing", "distribution"})
_SEEN_IN = {
    "line": "see when it happened", "area": "see when it happened", "bar": "compare all groups",
    "histogram": "see how the values spread", "scatter": "look at the records behind it",
    "heatmap": "see all pairs at once",
}  # fmt: skip


def describe(
    collected: Collected,
    *,
    charts: Sequence[ChartSpec],
    drawn: Sequence[Fact] = (),
    profile: TableProfile,
    bill: QualityBill,
) -> Insights:
    """Return the insights, best first: at most two of a kind and three about a column. `drawn`: the charts' facts."""
    facts = {fact.id: fact for fact in collected.facts}
    measures = {fact.id: fact.measure for fact in drawn}
    ranked = in_order(collected.findings, most=MOST_INSIGHTS, clock=collected.clock)
    insights = tuple(_insight(finding, facts, charts, measures) for finding in ranked)
    shown = {fact.id: fact for fact in drawn} | facts
    summary = _summary(ranked, collected, _seen(charts, shown), profile, bill)
    tested = sum(finding.p_value is not None for finding in ranked)
    return Insights(
        analyst_insights=insights,
        business_summary=tuple(render(template, shown) for template in summary),
        visual_actions=_visual_actions(insights, charts),
        metadata=InsightsMetadata(
            source="rules",
            claims_verified=sum(insight.verified for insight in insights),
            claims_dropped=sum(not insight.verified for insight in insights),
            tests_run=collected.tests_run,
            expected_by_chance=round(FALSE_DISCOVERY_RATE * tested, 2),
            summary_templates=summary,
            notes=_notes(collected, profile),
        ),
    )


def _insight(finding: Finding, facts: Facts, charts: Sequence[ChartSpec], drawn: Mapping[str, Measure]) -> Insight:
    own = {fact_id: facts[fact_id] for fact_id in finding.fact_ids}
    headline, detail = render(finding.headline_template, own), render(finding.detail_template, own)
    evidence = [Evidence(kind="aggregates", fact_ids=finding.fact_ids)]
    if finding.row_indices:
        evidence.append(Evidence(kind="row_indices", fact_ids=finding.fact_ids, row_indices=finding.row_indices))
    chart = chart_of([fact.measure for fact in own.values()], charts, drawn)
    if chart is not None:
        evidence.append(Evidence(kind="chart_id", fact_ids=chart.fact_ids, chart_id=chart.id))
    name = f"{finding.kind} {finding.headline_template}"
    return Insight(
        id="i_" + hashlib.sha256(name.encode()).hexdigest()[:8],
        kind=finding.kind,
        headline=headline,
        detail=detail,
        headline_template=finding.headline_template,
        detail_template=finding.detail_template,
        severity=finding.severity,
        evidence=tuple(evidence),
        recommendation=finding.recommendation.model_copy(update={"what": render(finding.recommendation.what, own)}),
        verified=_stands(finding, own),
        columns=finding.columns,
        score=round(score(finding), 4),
        statistics=finding.statistics,
    )


def _stands(finding: Finding, own: dict[str, Fact]) -> bool:
    """Whether every figure shown belongs to a fact the finding cites, and every cited fact has a value."""
    shown = (*cited_facts(finding.headline_template), *cited_facts(finding.detail_template))
    return bool(shown) and all(fact_id in own and own[fact_id].value is not None for fact_id in shown)


def _summary(
    ranked: Sequence[Finding],
    collected: Collected,
    seen: Sequence[str],
    profile: TableProfile,
    bill: QualityBill,
) -> tuple[str, ...]:
    overview = [fact for fact in collected.facts if fact.id in collected.overview]
    stories = [one.story_template or one.headline_template + "." for one in _told(ranked)]
    size, quality = (
        named(size_sentence(overview), collected.noun),
        quality_sentence(overview, are_bounds=profile.are_mostly_bounds),
    )
    if not stories:
        what = "No difference, trend or relation stands out beyond chance."
        if profile.rows < SMALL_TABLE:
            what = "That is too few to tell a pattern from chance, so only what is there is said."
        rest = [sentence for sentence in (quantity_sentence(overview), quality) if sentence is not None]
        return (*seen, size, what, *rest)
    ending = [size, quality] if is_flawed(overview) or bill.deductions else [size]
    if len(stories) + len(ending) < FEWEST_SENTENCES:
        ending = [size, quality]
    return (*stories, *ending)


def _seen(charts: Sequence[ChartSpec], facts: Facts) -> list[str]:
    """Return what the first chart says that names a leader or a course: where nothing passes a test, the page still
    begins with what is to be seen in the table, not with its number of rows. No average of a group, which chance may
    have put first."""
    telling = [
        one for one in charts
        if one.type in ("bar", "line") and cited_facts(one.title_template)
        and (main := facts.get(one.fact_ids[0])) is not None and _is_told(main)
    ]  # fmt: skip
    return [f"{one.title_template}." for one in sorted(telling, key=lambda one: one.type != "bar")[:1]]


def _is_told(drawn: Fact) -> bool:
    is_each = isinstance(drawn.value, tuple) and all(one.n == 1 for one in drawn.value if one.other is None)
    return drawn.measure.metric in ("sum", "count") or is_each


def _told(ranked: Sequence[Finding]) -> list[Finding]:
    """Return the findings of the summary, in their order: the best of each kind among the first, then the next ones."""
    fit = [finding for finding in ranked if finding.kind not in _SAID_BELOW]
    news = [one for one in fit if one.kind not in _NO_NEWS or one.severity not in {"low", "info"}]
    fit = news or fit
    first_of_kind = [one for at, one in enumerate(fit) if one.kind not in {other.kind for other in fit[:at]}]
    near = [one for one in first_of_kind if one in fit[:LOOKED_AT]]
    chosen = [*near, *(one for one in fit if one not in near)][:HEADLINES]
    return [one for one in fit if one in chosen]


def _notes(collected: Collected, profile: TableProfile) -> tuple[str, ...]:
    if profile.rows < SMALL_TABLE:
        return ("The table is too small for tests.",)
    if not collected.findings:
        return ("Nothing passed the tests.",)
    return ()


def _visual_actions(insights: Sequence[Insight], charts: Sequence[ChartSpec]) -> tuple[VisualAction, ...]:
    by_id = {chart.id: chart for chart in charts}
    actions: dict[str, VisualAction] = {}
    for insight in insights:
        chart_id = next((one.chart_id for one in insight.evidence if one.chart_id), None)
        if chart_id is None or chart_id in actions:
            continue
        chart = by_id[chart_id]
        actions[chart_id] = VisualAction(
            chart_id=chart_id,
            action="compare" if chart.type == "bar" else "inspect" if chart.type == "scatter" else "open",
            text=f"{chart.title} – {_SEEN_IN[chart.type]}.",
            text_template=f"{chart.title_template} – {_SEEN_IN[chart.type]}.",
            fact_ids=chart.fact_ids,
        )
    return tuple(actions.values())[:MOST_ACTIONS]
