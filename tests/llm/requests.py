"""Questions for tests of the door: a prompt with a catalogue as small as can be."""

import json
from typing import Any

from datapilot.llm.base import Message, ModelRequest

DATA: dict[str, Any] = {
    "table": {"rows": 500, "columns": [{"id": "c1", "name": "region", "type": "categorical"}]},
    "facts": [{"id": "f_0a0b0c0d", "measure": "share of rows where c1 = {c1.1}", "value": 0.38, "n": 500}],
    "findings": [
        {
            "id": "i1",
            "kind": "dominance",
            "facts": ["f_0a0b0c0d"],
            "severity": "medium",
            "who": "sales",
            "priority": "medium",
            "chart": "v1",
        }
    ],
    "charts": [{"id": "v1", "type": "bar"}],
}
SCHEMA: dict[str, Any] = {"type": "object", "additionalProperties": True}


def request(*, timeout_s: float = 5.0, **known: Any) -> ModelRequest:
    """Return a request with the catalogue above."""
    messages = (
        Message("system", "You are an analyst."),
        Message("user", f"<data-abcdefgh>\n{json.dumps(DATA)}\n</data-abcdefgh>\nAnswer."),
    )
    return ModelRequest(messages=messages, schema=SCHEMA, timeout_s=timeout_s, **known)
