"""Of a model's reply, keep what facts support; everything else stays as the rules wrote it.

A model may choose, order, rate, comment and advise. A figure it points at is printed with its own name ("average
price where region is North (€38)"), so that no sentence can bind it to anything else. What it writes freely is shown
as interpretation, and only if it claims nothing that a figure would have to prove.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from datapilot.contracts.insight import (
    Evidence,
    Insight,
    Insights,
    Recommendation,
    Severity,
    VisualAction,
)
from datapilot.contracts.measure import Fact
from datapilot.insights.language_model.catalogue import Catalogue
from datapilot.insights.language_model.claims import PAYLOAD_WORDS, flaw_of, flaw_of_lead
from datapilot.insights.language_model.replies import Reply, ReplyAction, ReplyInsight
from datapilot.insights.wording.naming import SlotNamer, Unnameable, name_measure
from datapilot.words.labels import label
from datapilot.words.render import UnfitTemplate, as_key_text, cited_facts, render

INTERPRETATION = "Interpretation, not verified:"
AFTER_TITLE = ". "  # between a chart's title, which says which one it is, and a model's words about it
MOST_SLOTS = 3
LONGEST_HEADLINE = 220  # characters, rendered; named figures take more room than the rules' sentences
FEWEST_SENTENCES, MOST_SENTENCES = 3, 5
MOST_ACTIONS = 5

_SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_SLOT = re.compile(r"\{(?P<id>f_[0-9a-f]{8})(?:\[(?P<at>\d{1,4})\](?:\.value)?)?(?:\|[a-z]+)*\}")
_BETWEEN_SLOTS = re.compile(r"(?:\s|[;,.]|\band\b|\bagainst\b|\bversus\b|\bvs\b|\bcompared with\b)*", re.IGNORECASE)
_SIGNED = frozenset({"change", "difference", "slope"})


@dataclass
class Tally:
    """What became of the model's claims: `dropped` are gone, `corrected` replaced by the rules' own."""

    verified: int = 0
    dropped: int = 0
    corrected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def drop(self, reason: str, times: int = 1) -> None:
        self.dropped += times
        self._note(reason, times)

    def correct(self, reason: str) -> None:
        self.corrected += 1
        self._note(reason, 1)

    def _note(self, reason: str, times: int) -> None:
        if times:
            self.reasons[reason] = self.reasons.get(reason, 0) + times


@dataclass(frozen=True)
class Author:
    """Who wrote the reply, and what it took."""

    source: Literal["llm", "mock"]
    model: str
    few_shot_ids: tuple[str, ...] = ()
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Supported:
    """What is left of a reply. `insights` is None when nothing was: then the rules' insights stand as they are."""

    insights: Insights | None
    tally: Tally


def keep_supported(
    reply: Reply, *, catalogue: Catalogue, rules: Insights, facts: Mapping[str, Fact], author: Author
) -> Supported:
    """Return the rules' insights in the model's order and with its words where they are supported.

    `facts` are all facts of the report. Findings that the model left out follow in the rules' order.
    """
    tally = Tally()
    desk = _Desk(catalogue, facts, tally)
    chosen: dict[str, Insight] = {}
    for item in reply.insights:
        rule = catalogue.findings.get(item.finding)
        if rule is None or rule.id in chosen:
            tally.drop("unknown finding" if rule is None else "the same finding again")
            continue
        chosen[rule.id] = desk.insight(rule, item)
    if not chosen:
        return Supported(None, tally)
    rest = (insight for insight in rules.analyst_insights if insight.id not in chosen)
    insights = (*chosen.values(), *rest)
    summary = _summary(reply, desk, rules)
    actions = _visual_actions(reply.visual_actions, desk, rules)
    tally.verified = sum(insight.verified for insight in insights)
    metadata = rules.metadata.model_copy(
        update={
            "source": author.source,
            "model": author.model,
            "few_shot_ids": author.few_shot_ids,
            "claims_verified": tally.verified,
            "claims_dropped": tally.dropped,
            "claims_corrected": tally.corrected,
            "prompt_tokens": author.prompt_tokens,
            "completion_tokens": author.completion_tokens,
            "seconds": round(author.seconds, 3),
            "summary_templates": summary,
        }
    )
    return Supported(
        Insights(
            analyst_insights=insights,
            business_summary=tuple(render(template, facts) for template in summary),
            visual_actions=actions,
            metadata=metadata,
        ),
        tally,
    )


class _Desk:
    """Where a model's sentences are checked one by one."""

    def __init__(self, catalogue: Catalogue, facts: Mapping[str, Fact], tally: Tally) -> None:
        self.catalogue = catalogue
        self.facts = facts
        self.tally = tally
        longer = (name for name in catalogue.columns.values() if len(label(name).split()) >= PAYLOAD_WORDS)
        values = (as_key_text(value) for value in catalogue.tokens.values() if isinstance(value, str))
        self._names = tuple(dict.fromkeys((*longer, *values)))

    def insight(self, rule: Insight, item: ReplyInsight) -> Insight:
        ghosts = [fact_id for fact_id in item.facts if fact_id not in self.catalogue.facts]
        self.tally.drop("unknown fact", len(ghosts))
        headline = self.headline(item.headline, rule) or rule.headline_template
        comment = self.free(item.comment, "comment")
        # A report may be explained again: the comment of last time gives way to this one's.
        detail = rule.detail_template.partition(f" {INTERPRETATION} ")[0]
        if comment is not None:
            detail = f"{detail} {INTERPRETATION} {comment}".strip()
        evidence = self._evidence(rule, item, headline)
        own = {fact_id: self.facts[fact_id] for one in evidence for fact_id in one.fact_ids if fact_id in self.facts}
        return rule.model_copy(
            update={
                "headline": render(headline, own),
                "headline_template": headline,
                "detail": render(detail, own),
                "detail_template": detail,
                "severity": self._severity(rule.severity, item.severity),
                "recommendation": self._recommendation(rule.recommendation, item),
                "evidence": evidence,
            }
        )

    def headline(self, text: str | None, rule: Insight) -> str | None:
        """Return the template of a lead with its named figures; None keeps the rules' own."""
        if text is None or not text.strip():
            return None
        template = named_figures(text, self.catalogue.facts, labels=[label(column) for column in rule.columns])
        if template is None or not self._fits(template):
            self.tally.correct("a sentence that its facts do not carry")
            return None
        return template

    def free(self, text: str | None, use: Literal["comment", "advice"]) -> str | None:
        """Return the template of a text that claims nothing; None when there is none, or it does."""
        if text is None or not text.strip():
            return None
        sentence = " ".join(text.split())
        flaw = flaw_of(sentence, use, names=self._names)
        if flaw is not None:
            if use == "comment":
                self.tally.drop(flaw)
            else:
                self.tally.correct(flaw)
            return None
        return sentence if sentence[-1] in ".!?" else sentence + "."

    def _fits(self, template: str) -> bool:
        try:
            return len(render(template, self.facts)) <= LONGEST_HEADLINE
        except UnfitTemplate:
            return False

    def _evidence(self, rule: Insight, item: ReplyInsight, headline: str) -> tuple[Evidence, ...]:
        """Return the rules' evidence, with the facts that the headline names beside it, and a chart where none was."""
        known = {fact_id for one in rule.evidence for fact_id in one.fact_ids if one.kind == "aggregates"}
        new = tuple(fact_id for fact_id in cited_facts(headline) if fact_id not in known)
        evidence = list(rule.evidence)
        if new:
            first = next((at for at, one in enumerate(evidence) if one.kind == "aggregates"), None)
            if first is None:
                evidence.insert(0, Evidence(kind="aggregates", fact_ids=new))
            else:
                both = (*evidence[first].fact_ids, *new)
                evidence[first] = evidence[first].model_copy(update={"fact_ids": both})
        if item.chart is None:
            return tuple(evidence)
        chart = self.catalogue.charts.get(item.chart)
        has_chart = any(one.kind == "chart_id" for one in evidence)
        if chart is None:
            self.tally.drop("unknown chart")
        elif not has_chart and chart.type != "heatmap" and chart.fact_ids[0] in known:
            evidence.append(Evidence(kind="chart_id", fact_ids=chart.fact_ids, chart_id=chart.id))
        return tuple(evidence)

    def _severity(self, rule: Severity, wanted: Severity | None) -> Severity:
        """Return the model's severity, at most one step from what effect and size bear out."""
        if wanted is None or wanted == rule:
            return rule
        at, to = _SEVERITIES.index(rule), _SEVERITIES.index(wanted)
        if abs(to - at) > 1:
            self.tally.correct("a severity far from the evidence")
        return _SEVERITIES[at + (1 if to > at else -1)]

    def _recommendation(self, rule: Recommendation, item: ReplyInsight) -> Recommendation:
        said = item.recommendation
        what = self.free(said.what, "advice")
        return Recommendation(who=said.who or rule.who, what=what or rule.what, priority=said.priority or rule.priority)


def named_figures(text: str, facts: Mapping[str, Fact], *, labels: Iterable[str]) -> str | None:
    """Return the template of "lead: figure; figure", each figure under its own name, or None when it is not that.

    The lead is made of everyday words and of `labels`; after the colon stand one to three slots and nothing else.
    """
    text = " ".join(text.split())
    slots = list(_SLOT.finditer(text))
    if not 1 <= len(slots) <= MOST_SLOTS:
        return None
    before = text[: slots[0].start()].rstrip()
    if not before.endswith(":"):
        return None
    lead = before[:-1].rstrip()
    if flaw_of_lead(lead, labels=labels) is not None:
        return None
    ends = [slot.start() for slot in slots[1:]] + [len(text)]
    if not all(_BETWEEN_SLOTS.fullmatch(text[slot.end() : end]) for slot, end in zip(slots, ends, strict=True)):
        return None
    figures = [_named(slot, facts) for slot in slots]
    named = [figure for figure in figures if figure is not None]
    return f"{lead}: {'; '.join(dict.fromkeys(named))}" if len(named) == len(figures) else None


def _named(slot: re.Match[str], facts: Mapping[str, Fact]) -> str | None:
    fact = facts.get(slot["id"])
    if fact is None:
        return None
    form = "|signed" if fact.measure.metric in _SIGNED else ""
    try:
        if slot["at"] is None:
            if fact.value is None or isinstance(fact.value, tuple):
                return None
            return f"{name_measure(fact.measure, SlotNamer())} ({{{fact.id}{form}}})"
        at = int(slot["at"])
        if not isinstance(fact.value, tuple) or at >= len(fact.value) or fact.value[at].value is None:
            return None
        if fact.value[at].other is not None:
            return None
        whole = fact.measure.model_copy(update={"by": None, "grain": None, "bin_width": None, "limit": None})
        key = f"{{{fact.id}[{at}].key}}"
        return f"{name_measure(whole, SlotNamer())} for {key} ({{{fact.id}[{at}].value{form}}})"
    except Unnameable:
        return None


def _summary(reply: Reply, desk: _Desk, rules: Insights) -> tuple[str, ...]:
    """Return the templates of the summary: the model's sentences or the headlines they are about, then the rules'."""
    sentences: list[str] = []
    for item in reply.summary:
        rule = desk.catalogue.findings.get(item.finding or "")
        if rule is None:
            desk.tally.drop("a sentence about no finding")
            continue
        template = desk.headline(item.text, rule) or _story_of(rule, rules) or rule.headline_template
        sentences.append(template + ("" if template.endswith((".", "!", "?")) else "."))
    kept = list(dict.fromkeys(sentences))[: MOST_SENTENCES - 1]
    told = {fact_id for template in kept for fact_id in cited_facts(template)}
    further = [template for template in rules.metadata.summary_templates if template not in kept]
    # The rules end their summary with the size and the quality of the table: the frame of what was said before.
    frame = further[-1:]
    stories = sorted(further[:-1], key=lambda template: bool(told.intersection(cited_facts(template))))
    while len(kept) + len(frame) < FEWEST_SENTENCES and stories:
        kept.append(stories.pop(0))
    return (*kept, *frame)[:MOST_SENTENCES]


def _story_of(rule: Insight, rules: Insights) -> str | None:
    """Return the sentence in which the rules' summary tells a finding, None where it does not."""
    own = {fact_id for evidence in rule.evidence if evidence.kind == "aggregates" for fact_id in evidence.fact_ids}
    stories = (one for one in rules.metadata.summary_templates if cited_facts(one))
    return next((one for one in stories if own.issuperset(cited_facts(one))), None)


def _visual_actions(items: Sequence[ReplyAction], desk: _Desk, rules: Insights) -> tuple[VisualAction, ...]:
    """Return the model's charts, named, with its words where they claim nothing, then the rules' others."""
    own = {action.chart_id: action for action in rules.visual_actions}
    actions: dict[str, VisualAction] = {}
    for item in items:
        chart = desk.catalogue.charts.get(item.chart)
        if chart is None or chart.id in actions:
            desk.tally.drop("unknown chart" if chart is None else "the same chart again")
            continue
        text = desk.free(item.text, "advice")
        if text is not None:
            template = f"{chart.title_template}{AFTER_TITLE}{text}"
            actions[chart.id] = VisualAction(
                chart_id=chart.id, action=item.action, text=render(template, desk.facts), text_template=template,
                fact_ids=chart.fact_ids,
            )  # fmt: skip
        elif chart.id in own:
            actions[chart.id] = own[chart.id].model_copy(update={"action": item.action})
    return tuple((actions | {key: action for key, action in own.items() if key not in actions}).values())[:MOST_ACTIONS]
