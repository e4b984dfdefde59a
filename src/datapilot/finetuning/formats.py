"""Training records <-> lines of the files that trainers read: TRL's conversational forms and OpenAI's."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from datapilot.contracts.training import Format, TrainingRecord

PAIRED: frozenset[Format] = frozenset({"preference", "openai-dpo"})
STRICT: frozenset[Format] = frozenset({"openai", "openai-dpo"})  # know no key but their own, hence no label
ROLES = ("system", "user", "assistant")

_KEYS: dict[Format, frozenset[str]] = {
    "messages": frozenset({"messages", "source", "dataset", "kind", "score"}),
    "openai": frozenset({"messages"}),
    "prompt-completion": frozenset({"prompt", "completion", "source", "dataset", "kind", "score"}),
    "preference": frozenset({"prompt", "chosen", "rejected", "source", "dataset", "kind", "score"}),
    "openai-dpo": frozenset({"input", "preferred_output", "non_preferred_output"}),
}


class UnfitLine(ValueError):
    """A line is not of any of the forms; says why."""


@dataclass(frozen=True)
class Line:
    """What stands in a line: the messages before the answer, the answer, and the answer that was refused."""

    format: Format
    messages: tuple[dict[str, str], ...]
    answer: str
    rejected: str | None = None
    kind: str = "unknown"
    dataset: str | None = None
    source: str | None = None


def fits(record: TrainingRecord, form: Format) -> str | None:
    """Return why a record cannot stand in a file of this form, None when it can."""
    if form in PAIRED and record.rejected is None:
        return "without a refused answer to compare"
    if form not in PAIRED and not record.is_demonstration:
        return "a comparison, no demonstration"
    if form in STRICT and record.source == "mock":
        return "of the mock provider, which this form cannot label"
    return None


def line_of(record: TrainingRecord, form: Format, *, system: str) -> str:
    """Return the record as a line of JSON, the same for the same record."""
    asked = [{"role": "system", "content": system}, {"role": "user", "content": record.question}]
    answer = [{"role": "assistant", "content": _compact(record.answer)}]
    refused = [{"role": "assistant", "content": _compact(record.rejected or {})}]
    labels = {"source": record.source, "dataset": record.dataset, "kind": record.kind, "score": record.score}
    forms: dict[Format, dict[str, Any]] = {
        "messages": {"messages": asked + answer, **labels},
        "openai": {"messages": asked + answer},
        "prompt-completion": {"prompt": asked, "completion": answer, **labels},
        "preference": {"prompt": asked, "chosen": answer, "rejected": refused, **labels},
        "openai-dpo": {"input": {"messages": asked}, "preferred_output": answer, "non_preferred_output": refused},
    }
    return _compact(forms[form])


def read_line(text: str) -> Line:
    """Return what a line holds, whichever form it has. Raises UnfitLine."""
    try:
        said = json.loads(text, object_pairs_hook=_each_key_once)
    except UnfitLine:
        raise
    except (ValueError, RecursionError):
        raise UnfitLine("is not one JSON object") from None
    if not isinstance(said, dict):
        raise UnfitLine("is not one JSON object")
    form = _form(said)
    if extra := said.keys() - _KEYS[form]:
        raise UnfitLine(f"has keys that the form does not know: {', '.join(sorted(extra))}")
    if form in {"messages", "openai"}:
        asked, answer, refused = said["messages"][:-1], said["messages"][-1:], None
    elif form == "openai-dpo":
        if not isinstance(said["input"], dict):
            raise UnfitLine("input is not an object")
        asked, answer = said["input"].get("messages"), said.get("preferred_output")
        refused = said.get("non_preferred_output")
    else:
        asked, answer, refused = said["prompt"], said.get("completion", said.get("chosen")), said.get("rejected")
    return Line(
        format=form,
        messages=_turns(asked, "user"),
        answer=_turns(answer, "assistant")[-1]["content"],
        rejected=_turns(refused, "assistant")[-1]["content"] if form in PAIRED else None,
        kind=str(said.get("kind", "unknown")),
        dataset=said.get("dataset"),
        source=said.get("source"),
    )


def _form(said: dict[str, Any]) -> Format:
    if isinstance(said.get("messages"), list) and said["messages"]:
        return "messages" if said.keys() - {"messages"} else "openai"
    if "input" in said:
        return "openai-dpo"
    if "prompt" in said:
        return "preference" if "chosen" in said or "rejected" in said else "prompt-completion"
    raise UnfitLine("has neither messages, nor a prompt, nor an input")


def _turns(said: Any, last: str) -> tuple[dict[str, str], ...]:
    """Return the turns of a conversation that ends with a role. Raises UnfitLine."""
    if not isinstance(said, list) or not said:
        raise UnfitLine(f"has no list of messages that ends with the {last}'s")
    for turn in said:
        if not isinstance(turn, dict) or turn.keys() != {"role", "content"}:
            raise UnfitLine("has a message that is not {role, content}")
        if turn["role"] not in ROLES:
            raise UnfitLine("has a message of an unknown role")
        if not isinstance(turn["content"], str) or not turn["content"].strip():
            raise UnfitLine("has a message without text")
    if said[-1]["role"] != last:
        raise UnfitLine(f"does not end with a message of the {last} where it should")
    return tuple(said)


def _each_key_once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    listed = list(pairs)
    found = dict(listed)
    if len(found) != len(listed):
        raise UnfitLine("has a key twice")
    return found


def _compact(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
