"""What a model answered -> a reply of known shape: parsed strictly, common slips put right, values normalised.

Strict means: no key twice, no NaN, no key that was not asked for, no value of another type. A slip is put right only
where it leaves no doubt; nothing is invented, least of all the end of an answer that was cut off.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NoReturn, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from datapilot.contracts.insight import Priority, Severity, Who

MOST_ITEMS = 50  # of any list


class UnfitReply(ValueError):
    """The answer has another shape. `errors` say where and what kind, and repeat nothing of it."""

    def __init__(self, errors: Sequence[str]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(self.errors))


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ReplyRecommendation(_Part):
    """None keeps what the rules say."""

    who: Who | None = None
    what: str | None = None
    priority: Priority | None = None


class ReplyInsight(_Part):
    """A finding as the model would publish it; None keeps what the rules say."""

    finding: str
    headline: str | None = None
    comment: str | None = None
    severity: Severity | None = None
    facts: list[str] = []
    chart: str | None = None
    recommendation: ReplyRecommendation = ReplyRecommendation()


class ReplySentence(_Part):
    """A sentence of the summary; without text the finding's own headline is retold."""

    finding: str | None = None
    text: str | None = None


class ReplyAction(_Part):
    """A chart to open."""

    chart: str
    action: Literal["open", "compare", "inspect"] = "open"
    text: str | None = None


class Reply(_Part):
    """A whole answer."""

    insights: list[ReplyInsight]
    summary: list[ReplySentence] = []
    visual_actions: list[ReplyAction] = []


def parse_reply(text: str) -> Reply:
    """Return the answer in its known shape. Raises UnfitReply, and nothing else."""
    try:
        parsed = _decoded(text)
        return Reply.model_validate(_put_right(parsed))
    except ValidationError as invalid:
        raise UnfitReply(_where(invalid)) from None
    except UnfitReply:
        raise
    except RecursionError:
        raise UnfitReply(["the answer is nested too deep"]) from None
    except ValueError as error:
        reason = str(error) if isinstance(error, _Forbidden) else "the answer is not one JSON object"
        raise UnfitReply([reason]) from None


class _Forbidden(ValueError):
    """JSON that Python would accept and a reader could not rely on."""


def _decoded(text: str) -> Any:
    """Return the first JSON value in a text that may have words before and after it."""
    start = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=-1)
    if start < 0:
        raise UnfitReply(["there is no JSON object in the answer"])
    decoder = json.JSONDecoder(object_pairs_hook=_each_key_once, parse_constant=_no_constant, strict=False)
    try:
        return decoder.raw_decode(text, start)[0]
    except _Forbidden:
        raise
    except ValueError:
        return decoder.raw_decode(_without_trailing_commas(text[start:]))[0]


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Forbidden("a key stands twice in an object")
    return found


def _no_constant(_name: str) -> NoReturn:
    raise _Forbidden("NaN and Infinity are no JSON")


def _without_trailing_commas(text: str) -> str:
    """Drop commas before a closing bracket, outside of strings."""
    pieces = re.split(r'("(?:[^"\\]|\\.)*")', text)
    return "".join(piece if at % 2 else re.sub(r",(\s*[}\]])", r"\1", piece) for at, piece in enumerate(pieces))


_TOP = {
    "analyst_insights": "insights",
    "findings": "insights",
    "business_summary": "summary",
    "actions": "visual_actions",
}
_INSIGHT = {"finding_id": "finding", "id": "finding", "title": "headline", "interpretation": "comment",
            "detail": "comment", "fact_ids": "facts", "evidence": "facts", "chart_id": "chart"}  # fmt: skip
_SENTENCE = {"finding_id": "finding", "id": "finding", "sentence": "text"}
_ACTION = {"chart_id": "chart", "id": "chart", "reason": "text"}
_RECOMMENDATION = {"owner": "who", "action": "what", "text": "what"}
_WRAPPERS = frozenset({"reply", "result", "response", "output", "answer", "data", "json"})
_SEVERITIES: Mapping[str, Severity] = {
    "severe": "critical", "urgent": "critical", "blocker": "critical", "very high": "critical", "major": "high",
    "important": "high", "moderate": "medium", "normal": "medium", "minor": "low", "informational": "info",
    "information": "info", "none": "info", "trivial": "info",
}  # fmt: skip
_PRIORITIES: Mapping[str, Priority] = {
    "critical": "high", "urgent": "high", "immediate": "high", "p0": "high", "p1": "high", "moderate": "medium",
    "normal": "medium", "p2": "medium", "minor": "low", "info": "low", "p3": "low", "p4": "low",
}  # fmt: skip
_ADDRESSEES: Mapping[str, Who] = {
    "management": "leadership", "executive": "leadership", "ceo": "leadership", "board": "leadership",
    "accounting": "finance", "controlling": "finance", "cfo": "finance", "account": "sales", "commercial": "sales",
    "growth": "marketing", "brand": "marketing", "logistics": "operations", "supply": "operations", "ops": "operations",
    "engineering": "product", "development": "product", "service": "support", "helpdesk": "support",
    "analytics": "data", "it": "data", "bi": "data",
}  # fmt: skip


def _put_right(value: Any) -> Any:
    """Return the answer with the common slips of shape put right; what is no slip is left for the model to fail on."""
    if isinstance(value, list):
        value = {"insights": value}
    while isinstance(value, dict) and len(value) == 1:
        (key, inner), *_ = value.items()
        if key not in _WRAPPERS or not isinstance(inner, dict):
            break
        value = inner
    if not isinstance(value, dict):
        return value
    top = _renamed(value, _TOP)
    for key, put_right in (("insights", _insight), ("summary", _sentence), ("visual_actions", _action)):
        if key in top:
            top[key] = [put_right(item) for item in _listed(top[key])] if _is_list(top[key]) else top[key]
    return top


def _insight(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    found = _renamed(item, _INSIGHT)
    _bare_ids(found, "finding", "chart")
    if "facts" in found and (_is_list(found["facts"]) or isinstance(found["facts"], str)):
        found["facts"] = [one.strip("{} ") if isinstance(one, str) else one for one in _listed(found["facts"])]
    _normalise(found, "severity", get_args(Severity), _SEVERITIES)
    advice = found.get("recommendation")
    if isinstance(advice, str):
        found["recommendation"] = {"what": advice}
    elif advice is None:
        found.pop("recommendation", None)
    elif isinstance(advice, dict):
        advice = _renamed(advice, _RECOMMENDATION)
        _normalise(advice, "priority", get_args(Priority), _PRIORITIES)
        _normalise(advice, "who", get_args(Who), _ADDRESSEES)
        found["recommendation"] = advice
    return found


def _sentence(item: Any) -> Any:
    if isinstance(item, str):
        return {"text": item}
    if not isinstance(item, dict):
        return item
    found = _renamed(item, _SENTENCE)
    _bare_ids(found, "finding")
    return found


def _action(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    found = _renamed(item, _ACTION)
    _bare_ids(found, "chart")
    if isinstance(found.get("action"), str):
        action = found["action"].strip().lower()
        found["action"] = action if action in {"open", "compare", "inspect"} else "open"
    return found


def _normalise(found: dict[str, Any], key: str, allowed: Sequence[str], meant: Mapping[str, str]) -> None:
    """Bring a word to one of the allowed ones: its case, a synonym, or a longer phrase that holds one. A word that
    means none of them becomes None, and the rules' value stays."""
    value = found.get(key)
    if not isinstance(value, str):
        return
    said = value.strip().lower()
    words = re.findall(r"[a-z0-9]+", said)
    candidates = [said, *words]
    found[key] = next((one for one in candidates if one in allowed), None) or next(
        (meant[one] for one in candidates if one in meant), None
    )


def _renamed(item: dict[str, Any], aliases: Mapping[str, str]) -> dict[str, Any]:
    """Return the object with keys in our writing. Two keys that mean the same are a contradiction, not a slip."""
    renamed: dict[str, Any] = {}
    for key, value in item.items():
        plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower().replace("-", "_").strip()
        name = aliases.get(plain, plain)
        if name in renamed:
            raise _Forbidden("two keys of an object mean the same")
        renamed[name] = value
    return renamed


def _bare_ids(found: dict[str, Any], *keys: str) -> None:
    for key in keys:
        if isinstance(found.get(key), str):
            found[key] = found[key].strip("{} ")


def _is_list(value: Any) -> bool:
    return value is None or isinstance(value, list | dict)


def _listed(value: Any) -> list[Any]:
    """Return null as nothing, one thing as a list of it; of a long list the beginning."""
    if value is None:
        return []
    return value[:MOST_ITEMS] if isinstance(value, list) else [value]


_FIELDS = {
    name
    for part in (Reply, ReplyInsight, ReplySentence, ReplyAction, ReplyRecommendation)
    for name in part.model_fields
}


def _where(invalid: ValidationError) -> list[str]:
    """Return paths and kinds of errors; a key that the model made up is not repeated."""
    return [
        f"{'.'.join(str(part) if isinstance(part, int) or part in _FIELDS else '?' for part in error['loc'])}: "
        f"{error['type']}"
        for error in invalid.errors(include_input=False, include_url=False, include_context=False)
    ]
