"""What a model may have changed in the rules' insights, checked on the finished text without its reply.

A reader of a result cannot see the reply it came of. So the published words are held to the same gates once more:
each insight is one of the rules' with at most another headline of named figures, a comment and advice that claim
nothing, a severity one step away, and more facts; the summary and the charts' words likewise.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isclose
from typing import get_args

from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.insight import Insight, Insights, Severity
from datapilot.contracts.measure import Fact
from datapilot.insights.language_model.claims import flaw_of
from datapilot.insights.language_model.support import AFTER_TITLE, INTERPRETATION, named_figures
from datapilot.words.labels import label

_SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_VALUE_SLOT = re.compile(r"\{f_[0-9a-f]{8}(?:\[\d{1,4}\]\.value)?(?:\|[a-z]+)*\}")
_SAME_AS_RULES = ("kind", "columns", "statistics", "verified")


@dataclass(frozen=True)
class Unsupported:
    """A claim that no gate lets through: where it stands in the insights, what it says, and why it may not."""

    where: str
    stated: str
    reason: str


def unsupported_claims(
    stated: Insights, *, rules: Insights, facts: Mapping[str, Fact], charts: Sequence[ChartSpec] = ()
) -> Iterator[Unsupported]:
    """Yield what stands in `stated`, written by a model, and is neither the rules' nor supported."""
    own = {insight.id: insight for insight in rules.analyst_insights}
    for insight in stated.analyst_insights:
        rule = own.get(insight.id)
        if rule is None:
            yield Unsupported(f"{insight.id}.id", insight.headline, "no finding of this table")
        else:
            yield from _of_insight(insight, rule, facts)
    sentences = {*rules.metadata.summary_templates}
    sentences |= {f"{insight.headline_template}." for insight in (*stated.analyst_insights, *own.values())}
    for place, template in enumerate(stated.metadata.summary_templates):
        if template not in sentences and not any(
            _is_named(template.removesuffix("."), rule, facts) for rule in own.values()
        ):
            yield Unsupported(f"businessSummary.{place}", template, "a sentence that no fact carries")
    own_words = {action.chart_id: action.text_template for action in rules.visual_actions}
    titles = {chart.id: chart.title_template for chart in charts}
    for action in stated.visual_actions:
        free = action.text_template.removeprefix(f"{titles.get(action.chart_id, '')}{AFTER_TITLE}")
        if action.text_template != own_words.get(action.chart_id) and (flaw := flaw_of(free, "advice")):
            yield Unsupported(f"visualActions.{action.chart_id}.text", action.text, flaw)


def _of_insight(insight: Insight, rule: Insight, facts: Mapping[str, Fact]) -> Iterator[Unsupported]:
    where = insight.id
    for name in _SAME_AS_RULES:
        if getattr(insight, name) != getattr(rule, name):
            yield Unsupported(f"{where}.{name}", str(getattr(insight, name)), f"{getattr(rule, name)}")
    if not isclose(insight.score, rule.score, rel_tol=1e-9):
        yield Unsupported(f"{where}.score", f"{insight.score}", f"{rule.score}")
    if insight.headline_template != rule.headline_template and not _is_named(insight.headline_template, rule, facts):
        yield Unsupported(f"{where}.headline", insight.headline, "a sentence that its facts do not carry")
    written, mark, comment = insight.detail_template.partition(f" {INTERPRETATION} ".lstrip())
    if written.rstrip() != rule.detail_template.strip() or (mark and (flaw_of(comment, "comment") is not None)):
        yield Unsupported(f"{where}.detail", insight.detail, "a sentence that its facts do not carry")
    if abs(_SEVERITIES.index(insight.severity) - _SEVERITIES.index(rule.severity)) > 1:
        yield Unsupported(f"{where}.severity", insight.severity, f"{rule.severity}, or one step from it")
    what = insight.recommendation.what
    if what != rule.recommendation.what and (flaw := flaw_of(what, "advice")) is not None:
        yield Unsupported(f"{where}.recommendation.what", what, flaw)
    yield from _of_evidence(insight, rule)


def _of_evidence(insight: Insight, rule: Insight) -> Iterator[Unsupported]:
    """The rules' evidence must be there, its rows as they were; facts may have been added."""
    rows = {one.row_indices for one in rule.evidence if one.row_indices is not None}
    cited = {fact_id for one in insight.evidence for fact_id in one.fact_ids}
    missing = {fact_id for one in rule.evidence if one.kind == "aggregates" for fact_id in one.fact_ids} - cited
    if missing:
        yield Unsupported(f"{insight.id}.evidence", ", ".join(sorted(cited)), f"without {', '.join(sorted(missing))}")
    for place, evidence in enumerate(insight.evidence):
        if evidence.row_indices is not None and evidence.row_indices not in rows:
            yield Unsupported(f"{insight.id}.evidence.{place}.rowIndices", str(evidence.row_indices), "other rows")
        if evidence.text and flaw_of(evidence.text, "comment") is not None:
            yield Unsupported(f"{insight.id}.evidence.{place}.text", evidence.text, "a claim")


def _is_named(template: str, rule: Insight, facts: Mapping[str, Fact]) -> bool:
    """Whether a template is "lead: figure; figure", each figure under the name its own fact gives it."""
    lead, colon, rest = template.partition(": ")
    slots = _VALUE_SLOT.findall(rest)
    if not colon or not slots:
        return False
    return named_figures(f"{lead}: {' '.join(slots)}", facts, labels=map(label, rule.columns)) == template
