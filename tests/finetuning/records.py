"""Judgements and records of tests, told apart by what they are about."""

from typing import Any

from datapilot.contracts.feedback import FeedbackRecord, Lesson
from datapilot.contracts.training import TrainingRecord
from datapilot.insights.language_model.prompt import question_of

WORDS = [
    "north",
    "south",
    "east",
    "west",
    "spring",
    "summer",
    "autumn",
    "winter",
    "river",
    "mountain",
    "forest",
    "meadow",
    "harbour",
    "bridge",
    "castle",
]


def data(number: int) -> dict[str, Any]:
    """Return a catalogue about nothing but its number, in words that no other shares."""
    places = [(number * 7 + at * at + number // 3) % len(WORDS) for at in range(9)]
    names = [WORDS[place] + "abcdefghij"[(number + at) % 10] for at, place in enumerate(places)]
    column = {"id": "c1", "name": " ".join(names), "type": "numeric", "missing": "0%"}
    return {
        "table": {"rows": "500", "columns": [column]},
        "facts": [{"id": f"f_{number:08x}", "measure": "average {c1}", "value": "12", "n": "500"}],
        "findings": [
            {"id": "i1", "kind": "trend", "columns": ["c1"], "facts": [f"f_{number:08x}"], "severity": "medium",
             "who": "sales", "priority": "medium", "chart": None}
        ],
        "charts": [],
    }  # fmt: skip


def answer(number: int, **known: Any) -> dict[str, Any]:
    said = {
        "finding": "i1", "headline": None, "comment": None, "severity": "medium", "facts": [f"f_{number:08x}"],
        "chart": None, "recommendation": {"who": "sales", "what": None, "priority": "medium"},
    }  # fmt: skip
    return {"insights": [said | known], "summary": [{"finding": "i1", "text": None}], "visual_actions": []}


def judgement(number: int, action: str = "approve", *, dataset: str | None = None, **known: Any) -> FeedbackRecord:
    """Return the judgement of one insight of one job."""
    lesson = Lesson(
        dataset=dataset or f"table{number}",
        kind="trend",
        source=known.pop("source", "llm"),
        model="some/model",
        question=question_of(data(number)),
        prompt_hash="00",
        reply=known.pop("reply", answer(number, comment="Ask the team about it.")),
        better=known.pop("better", None),
        plain=answer(number),
    )
    said = {
        "feedback_id": f"fb_{number}", "at": f"2026-11-25T10:00:{number % 60:02d}", "reviewer": "r", "action": action,
        "job_id": f"job_{number}", "insight_id": "i", "score": 4, "lesson": lesson,
    }  # fmt: skip
    return FeedbackRecord.model_validate(said | known)


def record(number: int, **known: Any) -> TrainingRecord:
    said = {
        "record_id": f"fb_{number}", "dataset": f"table{number}", "kind": "trend", "source": "llm", "score": 4,
        "question": question_of(data(number)), "answer": answer(number, comment="Ask the team about it."),
        "rejected": answer(number),
    }  # fmt: skip
    return TrainingRecord.model_validate(said | known)
