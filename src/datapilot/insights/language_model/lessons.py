"""A judged insight -> what a model could learn from it: the question it would be asked about this finding alone, and
the answers that were published, edited, or left to the rules. Holds no cell: made from the strict catalogue.
"""

import hashlib
import json
from dataclasses import replace
from typing import Any

from datapilot.contracts.feedback import Lesson
from datapilot.contracts.insight import Insight, Insights
from datapilot.contracts.report import Report
from datapilot.insights.language_model.catalogue import Catalogue, build_catalogue
from datapilot.insights.language_model.claims import flaw_of
from datapilot.insights.language_model.egress import EgressGuard, PersonalDataFound
from datapilot.insights.language_model.prompt import build_prompt
from datapilot.insights.language_model.replies import parse_reply
from datapilot.insights.language_model.support import INTERPRETATION, Author, keep_supported, named_figures
from datapilot.words.labels import label
from datapilot.words.render import cited_facts


def make_lesson(report: Report, insight_id: str, *, rules: Insights, edited: Insight | None = None) -> Lesson | None:
    """Return the lesson of a published insight, None where its finding has no fact that may leave the house.

    `rules` are the insights as the rules left them. An answer holds of the published or edited words only those that
    would pass the checks of any reply; the others are left to the rules.
    """
    published = next(one for one in report.insights.analyst_insights if one.id == insight_id)
    by_rules = report.model_copy(update={"insights": rules})
    catalogue = _narrowed(build_catalogue(by_rules), insight_id)
    if catalogue is None:
        return None
    question = build_prompt(catalogue, system="", examples=()).turns[-1].content
    try:
        EgressGuard(_personal(report), known=(_FRAME,)).check(question.encode())
    except PersonalDataFound:
        return None
    facts = {fact.id: fact for fact in report.facts}
    (rule,) = catalogue.findings.values()
    desk = _Desk(catalogue, rules, facts, rule)
    metadata = report.insights.metadata
    return Lesson(
        dataset=fingerprint(report),
        kind=published.kind,
        source=metadata.source,
        model=metadata.model,
        question=question,
        prompt_hash=hashlib.sha256(question.encode()).hexdigest(),
        reply=desk.answer(published),
        better=desk.answer(edited) if edited is not None else None,
        plain=desk.answer(rule),
    )


def fingerprint(report: Report) -> str:
    """Return a name for the table: the same for the same columns, size and figures, whatever the job."""
    kpis = report.kpis
    known = {
        "columns": [[column.name, column.inferred_type, column.missing_count] for column in report.columns],
        "size": [kpis.row_count, kpis.col_count, kpis.missing_count, kpis.num_duplicates],
        "sums": {name: [stats.sum, stats.min, stats.max] for name, stats in sorted(kpis.numeric_stats.items())},
    }
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:16]


_FRAME = build_prompt(Catalogue(), system="", examples=()).turns[-1].content


def _personal(report: Report) -> list[str]:
    names = [column.name for column in report.columns if column.pii is not None]
    return [str(row[name]) for row in report.cleaned_preview for name in names if row.get(name) is not None]


def _narrowed(catalogue: Catalogue, insight_id: str) -> Catalogue | None:
    """Return the catalogue with one finding and what it rests on."""
    alias = next((alias for alias, rule in catalogue.findings.items() if rule.id == insight_id), None)
    if alias is None:
        return None
    data = catalogue.data
    finding = next(one for one in data["findings"] if one["id"] == alias)
    facts = [one for one in data["facts"] if one["id"] in finding["facts"]]
    if not facts:
        return None
    charts = [one for one in data["charts"] if one["id"] == finding["chart"]]
    said = json.dumps([finding, facts])
    columns = [one for one in data["table"]["columns"] if f'"{one["id"]}"' in said or "{" + one["id"] in said]
    kept = {one["id"] for one in facts}
    return replace(
        catalogue,
        facts={fact_id: fact for fact_id, fact in catalogue.facts.items() if fact_id in kept},
        findings={alias: catalogue.findings[alias]},
        charts={name: chart for name, chart in catalogue.charts.items() if name == finding["chart"]},
        data={
            "table": {**data["table"], "columns": columns},
            "facts": facts,
            "findings": [finding],
            "charts": [{**one, "facts": [fact for fact in one["facts"] if fact in kept]} for one in charts],
        },
    )


class _Desk:
    """Writes an insight as a model would have had to answer to bring it about."""

    def __init__(self, catalogue: Catalogue, rules: Insights, facts: dict[str, Any], rule: Insight) -> None:
        self._catalogue = catalogue
        self._rules = rules
        self._facts = facts
        self._rule = rule
        (self._alias,) = catalogue.findings
        names = [label(column) for column in rule.columns]
        self._labels = names

    def answer(self, insight: Insight) -> dict[str, Any]:
        advice = insight.recommendation
        _, _, comment = insight.detail_template.partition(f" {INTERPRETATION} ")
        what = advice.what if advice.what != self._rule.recommendation.what else None
        said = {
            "finding": self._alias,
            "headline": self._lead(insight.headline_template),
            "comment": comment if comment and flaw_of(comment, "comment") is None else None,
            "severity": insight.severity,
            "facts": [one for one in self._catalogue.facts if one in _facts_of(insight)] or [*self._catalogue.facts],
            "chart": next(iter(self._catalogue.charts), None),
            "recommendation": {
                "who": advice.who,
                "what": what if what and flaw_of(what, "advice") is None else None,
                "priority": advice.priority,
            },
        }
        for part in ("headline", "comment", "what", "severity"):
            if self._passes(said):
                break
            _leave_to_rules(said, part, self._rule)
        return _whole(said)

    def _passes(self, said: dict[str, Any]) -> bool:
        """Say whether the answer goes through the checks of any reply with nothing dropped or replaced."""
        supported = keep_supported(
            parse_reply(json.dumps(_whole(said))),
            catalogue=self._catalogue,
            rules=self._rules,
            facts=self._facts,
            author=Author("llm", "nobody"),
        )
        return supported.tally.dropped == supported.tally.corrected == 0

    def _lead(self, template: str) -> str | None:
        """Return a published headline in the form in which a model writes it, None for any other."""
        lead, colon, _ = template.partition(": ")
        if not colon or template == self._rule.headline_template:
            return None
        slots = "; ".join("{" + fact_id + "}" for fact_id in cited_facts(template) if fact_id in self._catalogue.facts)
        written = f"{lead}: {slots}"
        return written if named_figures(written, self._catalogue.facts, labels=self._labels) == template else None


def _facts_of(insight: Insight) -> set[str]:
    return {one for evidence in insight.evidence if evidence.kind == "aggregates" for one in evidence.fact_ids}


def _leave_to_rules(said: dict[str, Any], part: str, rule: Insight) -> None:
    if part == "what":
        said["recommendation"]["what"] = None
    elif part == "severity":
        said["severity"] = rule.severity
    else:
        said[part] = None


def _whole(said: dict[str, Any]) -> dict[str, Any]:
    return {"insights": [said], "summary": [{"finding": said["finding"], "text": None}], "visual_actions": []}
