"""Answers made from the catalogue in a prompt, by no model at all: for the canned provider and the scripted server."""

import json
import re
from collections.abc import Sequence
from typing import Any

_DATA = re.compile(r"<data-([a-p]+)>\n(.*?)\n</data-\1>", re.DOTALL)
_MOST_INSIGHTS = 5
_MOST_SENTENCES = 3

COMMENT = "This note is canned: no model has read the table."


def data_of(texts: Sequence[str]) -> dict[str, Any]:
    """Return the data block of the last text that has one. Raises ValueError when none has."""
    for text in reversed(texts):
        if match := _DATA.search(text):
            data = json.loads(match[2])
            if isinstance(data, dict):
                return data
    raise ValueError("There is no data block in the messages.")


def canned_reply(data: dict[str, Any], *, comment: str = COMMENT) -> dict[str, Any]:
    """Return a reply that takes the findings in their order, keeps the rules' words, and adds a labelled comment."""
    findings = data["findings"]
    return {
        "insights": [
            {
                "finding": finding["id"],
                "headline": None,
                "comment": comment,
                "severity": finding["severity"],
                "facts": finding["facts"],
                "chart": finding["chart"],
                "recommendation": {
                    "who": finding["who"],
                    "what": None,
                    "priority": finding["priority"],
                },
            }
            for finding in findings[:_MOST_INSIGHTS]
        ],
        "summary": [{"finding": finding["id"], "text": None} for finding in findings[:_MOST_SENTENCES]],
        "visual_actions": [
            {"chart": chart["id"], "action": "open", "text": "Open this chart to see the finding in its context."}
            for chart in data["charts"][:2]
        ],
    }
