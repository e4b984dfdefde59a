"""Attackers write cells and headers: nothing of it reaches a model in strict mode, or a reader by way of a model."""

import json
import re
from typing import Any

import pytest
from tests.insights.payloads import NAMES, PAYLOADS
from tests.insights.reports import HEADER, report_of, rows

from datapilot.actions.explain import ModelTools, explain
from datapilot.insights.language_model.catalogue import UNNAMED, safe_name
from datapilot.insights.language_model.fewshot import load_prompts
from datapilot.insights.language_model.injection import speaks_to_a_reader
from datapilot.insights.language_model.privacy import readable
from datapilot.llm.audit import MemoryAudit
from datapilot.llm.base import BreakerPolicy, ModelRequest
from datapilot.llm.breaker import MemoryBreaker
from datapilot.llm.scripted import ScriptedModel

pytestmark = pytest.mark.spec("C8")

WORDS_IN_A_ROW = 3
SIGNS_IN_A_ROW = 14


def traces(payload: str, text: str) -> list[str]:
    """Return the pieces of the payload found in a text: three words in a row of it, or fourteen signs."""
    known, searched = readable(payload).casefold(), readable(text).casefold()
    words = re.findall(r"\w+", known)
    row = min(WORDS_IN_A_ROW, len(words))
    pieces = [" ".join(words[at : at + row]) for at in range(len(words) - row + 1)]
    width = min(SIGNS_IN_A_ROW, len(known))
    windows = [known[at : at + width] for at in range(len(known) - width + 1)]
    flat = " ".join(re.findall(r"\w+", searched))
    return [piece for piece in pieces if piece in flat] + [window for window in windows if window in searched]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_order_is_no_name(payload: str) -> None:
    """A header that talks to its reader leaves nothing of itself."""
    assert safe_name(payload) == UNNAMED


@pytest.mark.parametrize("name", NAMES)
def test_honest_names_are_names(name: str) -> None:
    """Whatever words they share with orders."""
    assert not speaks_to_a_reader(name)


def test_finder_of_traces_finds_them() -> None:
    """The ruler of the tests below measures: a cut header and an echo in other spelling are both found."""
    payload = PAYLOADS[0]

    assert traces(payload, json.dumps({"name": payload[:39] + "…"}))
    assert traces(payload, "he said: ignore  PREVIOUS instructions!")
    assert not traces(payload, "average revenue where region is {c2.1}")


def hostile(payload: str) -> Any:
    """Return the report of a table with the payload in its header, its labels, its notes and its personal cells."""
    header = (*HEADER[:7], payload, *HEADER[8:])
    cells = tuple(
        (*row[:1], f"{payload} {row[1][0]}", f"{payload} {row[2]}", *row[3:7], f"{row[7]} {payload}", *row[8:])
        for row in rows()
    )
    return report_of(header, cells)


def echoing(payload: str) -> ScriptedModel:
    """Return a model that has obeyed: it writes the payload wherever a reply has room for words."""

    def answer(request: ModelRequest) -> str:
        entry = {
            "headline": payload,
            "comment": f"{payload}.",
            "recommendation": {"who": "data", "what": f"Please {payload}", "priority": "high"},
        }
        return json.dumps(
            {
                "insights": [{"finding": "i1", **entry}, {"finding": "i2", **entry}],
                "summary": [{"finding": "i1", "text": payload}, {"finding": None, "text": payload}],
                "visual_actions": [{"chart": "v1", "action": "open", "text": payload}],
            }
        )

    return ScriptedModel(answer)


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_payloads_reach_neither_model_nor_reader(payload: str) -> None:
    """In header, labels, notes and names of one table, and echoed by a model that obeyed: no trace in the request, and
    none in a sentence that is not the rules' own."""
    report, model = hostile(payload), echoing(payload)
    tools = ModelTools(model=model, breaker=MemoryBreaker(BreakerPolicy()), audit=MemoryAudit(), prompts=load_prompts())

    explained = await explain(report, tools=tools)

    asked = [json.loads(body)["messages"][-1]["content"] for body in model.bodies]
    assert asked
    assert [trace for question in asked for trace in traces(payload, question)] == []
    by_rules = set(_texts(report.insights.model_dump()))
    written = [text for text in _texts(explained.report.insights.model_dump()) if text not in by_rules]
    assert [text for text in written if traces(payload, text)] == []
    assert explained.report.insights.metadata.claims_dropped + explained.report.insights.metadata.claims_corrected >= 5


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []
