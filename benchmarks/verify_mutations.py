"""How often verification lets a false claim through, and how often it rejects a true one:
`python -m benchmarks.run verify_mutations`.

False claims are made of true results by tests/actions/mutations.py (each kind in turn on every table, those that
the rules wrote and those that a scripted model worked on), and by hand. True claims are every claim of the same
results, and the same results written another way. Intervals are Wilson's (95 %).
"""

import asyncio
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from tests.actions.mutations import BY_HAND, FALSE, FALSE_OF_RULES, Json, Mutate, harmless

from benchmarks.insight_noise import wilson
from benchmarks.measured import Row
from datapilot.actions.analyze_dataset import analyze_file
from datapilot.actions.explain import ModelTools, explain
from datapilot.actions.verify_result import SecondLook, second_look
from datapilot.contracts.limits import Limits
from datapilot.contracts.report import Report
from datapilot.contracts.retry import RetryPolicy
from datapilot.contracts.table import ReadingOptions
from datapilot.insights.language_model.fewshot import load_prompts
from datapilot.llm.audit import MemoryAudit
from datapilot.llm.base import BreakerPolicy
from datapilot.llm.breaker import MemoryBreaker
from datapilot.llm.mock import MockModel

TABLES = (
    "examples/sales_demo.csv", "examples/umsatz_filialen.csv", "examples/support_tickets.xlsx",
    "examples/energy_readings.json", "tests/tables/business/flag-11.csv", "tests/tables/business/flag-23.csv",
    "tests/tables/business/flag-30.csv",
)  # fmt: skip
ROUNDS = 6  # of every kind on every result
HARMLESS = 40  # of every result
GOALS = {"false accept": "<= 0.1 %", "false reject": "<= 1 %"}


@dataclass
class Count:
    """Of `tried`, how many went wrong, and what they were."""

    tried: int = 0
    wrong: int = 0
    claims: int = 0
    examples: list[str] | None = None

    def note(self, went_wrong: bool, what: str) -> None:
        self.tried += 1
        self.wrong += went_wrong
        if went_wrong:
            self.examples = [*(self.examples or []), what][:5]


def measure(tables: tuple[str, ...] = TABLES, *, rounds: int = ROUNDS, rewritten: int = HARMLESS) -> list[Row]:
    """Return a row per family of claims, and the two over all."""
    counts = {"mutated claims": Count(), "wrong sentences by hand": Count(), "true claims": Count(),
              "true results written another way": Count()}  # fmt: skip
    for name in tables:
        path = Path(name)
        rules = analyze_file(path, name=path.name, job_id="job_x", options=ReadingOptions(), limits=Limits())
        for report in (rules, explained_by_mock(rules)):
            with second_look(report, path, limits=Limits()) as look:
                _count(report, look, counts, path.name, rounds=rounds, rewritten=rewritten)
    mutated, by_hand, true, again = counts.values()
    both = Count(mutated.tried + by_hand.tried, mutated.wrong + by_hand.wrong)
    rejected = Count(true.tried + again.tried, true.wrong + again.wrong)
    rows = [_row(what, count) for what, count in counts.items()]
    return [*rows, _row("false accept", both), _row("false reject", rejected)]


def _count(
    report: Report, look: SecondLook, counts: dict[str, Count], name: str, *, rounds: int, rewritten: int
) -> None:
    whole = json.loads(report.model_dump_json())
    source = report.insights.metadata.source
    verification = look.verify(report)
    counts["true claims"].tried += verification.claims
    counts["true claims"].wrong += len(verification.mismatches)
    for seed in range(rewritten):
        changed = harmless(whole, random.Random(seed))
        rejected = not stands(changed, look)
        counts["true results written another way"].note(rejected, f"{name} ({source})")
    families = {
        "mutated claims": FALSE | (FALSE_OF_RULES if source == "rules" else {}),
        "wrong sentences by hand": BY_HAND,
    }
    for family, mutations in families.items():
        for kind, changed in mutants(report, mutations, rounds=rounds if family == "mutated claims" else 1):
            counts[family].note(stands(changed, look), f"{kind} in {name} ({source})")


def stands(result: Json, look: SecondLook) -> bool:
    """Whether a result is let through; what is no result at all is not."""
    try:
        return look.verify(Report.model_validate(result)).stands
    except ValidationError:
        return False


def mutants(report: Report, mutations: dict[str, Mutate], *, rounds: int) -> Iterator[tuple[str, Json]]:
    """Yield changed results with the kind of the change; kinds of which a result holds nothing are left out."""
    text = report.model_dump_json()
    for place, (kind, mutate) in enumerate(mutations.items()):
        for turn in range(rounds):
            changed = json.loads(text)
            if mutate(changed, random.Random(place * 1000 + turn)):
                yield kind, changed


def explained_by_mock(report: Report) -> Report:
    """Return the report as the canned provider leaves it: reordered, commented, advised."""
    tools = ModelTools(
        model=MockModel(), breaker=MemoryBreaker(BreakerPolicy()), audit=MemoryAudit(), prompts=load_prompts(),
        retry=RetryPolicy(initial_s=0.0), budget_s=20.0, timeout_s=5.0,
    )  # fmt: skip
    return asyncio.run(explain(report, tools=tools)).report


def _row(what: str, count: Count) -> Row:
    low, high = wilson(count.wrong, count.tried)
    return {
        "what": what, "tried": count.tried, "wrong": count.wrong, "share": count.wrong / max(count.tried, 1),
        "low": low, "high": high, "examples": "; ".join(count.examples or []),
    }  # fmt: skip


def markdown(rows: list[Row]) -> str:
    """Return the rows as a table."""
    lines = ["| what | tried | went wrong | share | 95 % interval | goal | which |", "|---|---|---|---|---|---|---|"]
    lines += [
        f"| {row['what']} | {row['tried']} | {row['wrong']} | {row['share']:.3%} | {row['low']:.3%}–{row['high']:.3%} "
        f"| {GOALS.get(str(row['what']), '')} | {row['examples']} |"
        for row in rows
    ]
    return "\n".join(lines)
