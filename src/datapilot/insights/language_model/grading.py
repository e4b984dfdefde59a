"""How much of an answer its question carries: for training sets and for the examination of models, where the table
itself is no longer at hand."""

import json
import re
from dataclasses import dataclass
from typing import Any

from datapilot.insights.language_model.claims import flaw_of, flaw_of_lead
from datapilot.insights.language_model.replies import ReplyInsight, UnfitReply, parse_reply

_DATA = re.compile(r"<data-([a-p]+)>\n(.*?)\n</data-\1>", re.DOTALL)
_SLOT = re.compile(r"\{(f_[0-9a-f]{8})(?:\[\d{1,4}\](?:\.value)?)?\}")


@dataclass(frozen=True)
class Grade:
    """`claims` counts ids and sentences, `unsupported` says which of them the question does not carry."""

    is_valid: bool
    claims: int
    unsupported: tuple[str, ...]
    is_used: bool
    words: str


def data_in(question: str) -> dict[str, Any] | None:
    """Return the catalogue that a question encloses, None when it has none."""
    match = _DATA.search(question)
    try:
        data = json.loads(match[2]) if match else None
    except ValueError:
        return None
    has_all = isinstance(data, dict) and {"facts", "findings", "charts", "table"} <= data.keys()
    return data if has_all else None


def grade_answer(answer: str, question: str) -> Grade:
    """Return what an answer is worth by the rules of every reply: ids of the catalogue, sentences without claims."""
    data = data_in(question)
    if data is None:
        return Grade(
            is_valid=False, claims=0, unsupported=("the question holds no catalogue",), is_used=False, words=""
        )
    try:
        reply = parse_reply(answer)
    except UnfitReply as unfit:
        return Grade(is_valid=False, claims=0, unsupported=unfit.errors, is_used=False, words="")
    findings = {one["id"]: one for one in data["findings"]}
    names = {one["id"]: one["name"] for one in data["table"]["columns"]}
    claims, flaws, words = 0, [], []
    for insight in reply.insights:
        made, wrong = _graded(insight, findings, data, names)
        claims += made
        flaws += wrong
        words += [insight.comment or "", insight.recommendation.what or "", _lead(insight.headline)]
    is_used = any(insight.finding in findings for insight in reply.insights)
    return Grade(is_valid=True, claims=claims, unsupported=tuple(flaws), is_used=is_used, words=" ".join(words).strip())


def _graded(
    insight: ReplyInsight, findings: dict[str, Any], data: dict[str, Any], names: dict[str, str]
) -> tuple[int, list[str]]:
    facts, charts = {one["id"] for one in data["facts"]}, {one["id"] for one in data["charts"]}
    flaws = [] if insight.finding in findings else ["an unknown finding"]
    flaws += ["an unknown fact" for one in insight.facts if one not in facts]
    claims = 1 + len(insight.facts)
    if insight.chart is not None:
        claims += 1
        flaws += [] if insight.chart in charts else ["an unknown chart"]
    for text, use in ((insight.comment, "comment"), (insight.recommendation.what, "advice")):
        if text:
            claims += 1
            flaw = flaw_of(text, "comment" if use == "comment" else "advice")
            flaws += [] if flaw is None else [f"{use}: {flaw}"]
    if insight.headline:
        claims += 1
        labels = [names.get(one, "") for one in findings.get(insight.finding, {}).get("columns", [])]
        flaws += _flaws_of_headline(insight.headline, facts, labels)
    return claims, flaws


def _flaws_of_headline(headline: str, facts: set[str], labels: list[str]) -> list[str]:
    slots = _SLOT.findall(headline)
    if not slots or any(slot not in facts for slot in slots):
        return ["headline: figures that no fact brings"]
    rest = _SLOT.sub("", headline.partition(":")[2])
    if flaw_of_lead(_lead(headline), labels=labels) is not None or re.search(r"\w", rest):
        return ["headline: words that its facts do not carry"]
    return []


def _lead(headline: str | None) -> str:
    return (headline or "").partition(":")[0]
