"""What people say about an insight, and what a model could learn from it."""

from typing import Any, Literal

from pydantic import Field, model_validator

from datapilot.contracts.base import Contract
from datapilot.contracts.insight import Insight, Source

FeedbackAction = Literal["approve", "edit", "reject", "skip"]
# Words offered for `reason`; another text is kept as it is said.
REASONS = ("not_true", "not_useful", "obvious", "unclear", "wrong_priority", "wrong_advice", "repeats_another")

HIGHEST_SCORE = 5
LONGEST_REASON = 500
LONGEST_COMMENT = 2_000


class Feedback(Contract):
    """One judgement of one insight. `score` runs from 1 (worthless) to 5, and may be left out only with `skip`;
    `edited` is the whole insight as it should read, and comes with the action `edit` alone."""

    job_id: str
    insight_id: str
    action: FeedbackAction
    score: int | None = Field(default=None, ge=1, le=HIGHEST_SCORE)
    reason: str | None = Field(default=None, max_length=LONGEST_REASON)
    comment: str | None = Field(default=None, max_length=LONGEST_COMMENT)
    edited: Insight | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> "Feedback":
        if self.score is None and self.action != "skip":
            raise ValueError(f"score: a number from 1 to {HIGHEST_SCORE} is needed with “{self.action}”")
        if (self.edited is None) == (self.action == "edit"):
            raise ValueError("edited: the whole insight, with the action “edit” and no other")
        return self


class Lesson(Contract):
    """An insight as a question to a model and its answer, without a cell of the table. Everything in it may be shown
    to a provider: it was made from the strict catalogue, and the answers went through the checks of every reply.

    `dataset` is a name for the table, always the same for the same table; `question` is the last message, `reply` the
    answer that was published, `better` the edited one, `plain` what the rules alone say. `prompt_hash` is of
    `question`.
    """

    dataset: str
    kind: str
    source: Source
    model: str | None = None
    question: str
    prompt_hash: str
    reply: dict[str, Any]
    better: dict[str, Any] | None = None
    plain: dict[str, Any]


class FeedbackRecord(Contract):
    """A judgement as it is kept. `reviewer` is a hash; whatever looks personal in `reason` and `comment` is masked.
    `lesson` is None where the insight's facts may not leave the house."""

    feedback_id: str
    at: str
    reviewer: str
    job_id: str
    insight_id: str
    action: FeedbackAction
    score: int | None = None
    reason: str | None = None
    comment: str | None = None
    edited: Insight | None = None
    lesson: Lesson | None = None
