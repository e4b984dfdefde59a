"""What a model is trained and examined with, and what is said of either."""

from typing import Any, Literal

from datapilot.contracts.base import Contract
from datapilot.contracts.insight import Source

Format = Literal["messages", "openai", "prompt-completion", "preference", "openai-dpo"]


class TrainingRecord(Contract):
    """One question with the answer that was approved, and the one that was not where there is one.

    `is_demonstration` says that `answer` was approved or edited by a person; otherwise it is what the rules alone say,
    good only as the better one of a pair. `dataset` names the table.
    """

    record_id: str
    dataset: str
    kind: str
    source: Source
    score: int
    question: str
    answer: dict[str, Any]
    rejected: dict[str, Any] | None = None
    is_demonstration: bool = True


class Exported(Contract):
    """What an export wrote, and what it left out and why."""

    path: str
    holdout_path: str
    written: int
    held_out: int
    datasets: int
    left_out: dict[str, int]
    sources: dict[str, int]


class Deduction(Contract):
    """Points lost, and why."""

    rule: str
    points: float
    lost: float
    why: str


class LineFault(Contract):
    """What is wrong with a line of a file, counted from 1."""

    line: int
    code: Literal["schema", "evidence", "personal", "duplicate", "near_duplicate", "too_long"]
    reason: str


class DatasetReport(Contract):
    """What an inspection found. `score` is 0-100; `is_usable` is False only for invalid or personal records."""

    file: str
    format: Format | None
    records: int
    is_usable: bool
    score: int
    deductions: tuple[Deduction, ...]
    faults: tuple[LineFault, ...]
    warnings: tuple[str, ...]
    kinds: dict[str, int]
    tokens_total: int
    tokens_longest: int
    token_note: str
    bytes: int


class Rate(Contract):
    """A share with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


class Examined(Contract):
    """How one model did. `dropped` is the share of records whose answer held nothing usable; `cost` is what all answers
    cost, in the currency of the price given, None without a price or where the provider reported no tokens."""

    name: str
    records: int
    schema_pass: Rate
    evidence_accuracy: Rate
    unsupported_claims: Rate
    dropped: Rate
    latency_p50_s: float
    latency_p95_s: float
    tokens: int | None
    cost: float | None = None
    rouge_1: float
    rouge_l: float
    bleu_4: float


class Comparison(Contract):
    """Two models on the same questions. `p_value` is McNemar's, exact, of the records that only one of them got
    right: schema and every claim supported."""

    baseline: Examined
    tuned: Examined
    only_baseline_right: int
    only_tuned_right: int
    p_value: float
    verdict: str
