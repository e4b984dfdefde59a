"""What is said about a table: insights whose every number is a fact."""

from typing import Literal

from pydantic import Field

from datapilot.contracts.base import Contract, Scalar

Severity = Literal["critical", "high", "medium", "low", "info"]
Priority = Literal["high", "medium", "low"]
Who = Literal["leadership", "finance", "sales", "marketing", "operations", "product", "support", "data"]
Source = Literal["rules", "llm", "mock"]


class Evidence(Contract):
    """What an insight rests on: facts, rows that show it (from 0), or a chart of the same result."""

    kind: Literal["aggregates", "row_indices", "chart_id"]
    fact_ids: tuple[str, ...]
    row_indices: tuple[int, ...] | None = None
    chart_id: str | None = None
    text: str = ""


class Recommendation(Contract):
    """Who should do what about it."""

    who: Who
    what: str
    priority: Priority


class Insight(Contract):
    """One finding. `headline` and `detail` are their templates rendered with facts: every digit in them comes from a
    fact. `score` (0-1) ranks it; `statistics` names the test, effect and n, or is empty."""

    id: str
    kind: str
    headline: str
    detail: str
    headline_template: str
    detail_template: str
    severity: Severity
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    recommendation: Recommendation
    verified: bool
    columns: tuple[str, ...] = ()
    score: float = 0.0
    statistics: str = ""


class VisualAction(Contract):
    """A chart worth opening next, and why."""

    chart_id: str
    action: Literal["open", "compare", "inspect"]
    text: str
    text_template: str
    fact_ids: tuple[str, ...] = ()


class InsightsMetadata(Contract):
    """How the insights came about. `source` says who wrote them; a mock is always labelled as such."""

    source: Source
    model: str | None = None
    few_shot_ids: tuple[str, ...] = ()
    claims_verified: int = 0
    claims_dropped: int = 0
    claims_corrected: int = 0
    tests_run: int = 0
    expected_by_chance: float = 0.0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    seconds: float = 0.0
    summary_templates: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Insights(Contract):
    """`analyst_insights` are ranked, at most 15; the first 3-5 are the headline ones. `business_summary` holds 3-5
    sentences, most important first (fewer only for a table too small to say as much)."""

    analyst_insights: tuple[Insight, ...] = Field(max_length=15)
    business_summary: tuple[str, ...] = Field(max_length=5)
    visual_actions: tuple[VisualAction, ...]
    metadata: InsightsMetadata


class Finding(Contract):
    """Something the table shows, before it is ranked and worded: facts by id, effect, test, and the words' templates.
    `story_template` says the headline in other words, as a sentence of the summary."""

    kind: str
    columns: tuple[str, ...]
    fact_ids: tuple[str, ...]
    headline_template: str
    detail_template: str
    story_template: str = ""
    severity: Severity
    recommendation: Recommendation
    impact: float = Field(ge=0, le=1)
    effect: float = Field(ge=0, le=1)
    p_value: float | None = None
    n: int
    row_indices: tuple[int, ...] = ()
    statistics: str = ""


__all__ = [
    "Evidence", "Finding", "Insight", "Insights", "InsightsMetadata", "Priority", "Recommendation", "Scalar",
    "Severity", "Source", "VisualAction", "Who",
]  # fmt: skip
