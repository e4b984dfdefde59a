"""Verification lets no false claim through and rejects no true one. Long form:
`python -m benchmarks.run verify_mutations`, every kind six times on seven tables."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.verify_mutations import explained_by_mock, measure, mutants, stands
from tests.actions.mutations import BY_HAND, FALSE, FALSE_OF_RULES, harmless

from datapilot.actions.analyze_dataset import analyze_file
from datapilot.actions.verify_result import SecondLook, second_look
from datapilot.contracts.limits import Limits
from datapilot.contracts.report import Report
from datapilot.contracts.table import ReadingOptions

FILE = Path("examples/support_tickets.xlsx")
LEAST_MUTANTS = 30


@pytest.fixture(scope="module", params=["rules", "mock"])
def looked_at(request: pytest.FixtureRequest) -> Iterator[tuple[Report, SecondLook]]:
    """A result of the rules, and one that a model worked on, each with its file looked at again."""
    report = analyze_file(FILE, name=FILE.name, job_id="job_x", options=ReadingOptions(), limits=Limits())
    if request.param == "mock":
        report = explained_by_mock(report)
    with second_look(report, FILE, limits=Limits()) as look:
        yield report, look


@pytest.mark.spec("C5")
def test_no_mutated_claim_is_let_through(looked_at: tuple[Report, SecondLook]) -> None:
    """Numbers, signs, scales, names, periods, filters, swaps, directions, consistent lies: each is found."""
    report, look = looked_at
    mutations = FALSE | (FALSE_OF_RULES if report.insights.metadata.source == "rules" else {})

    tried = list(mutants(report, mutations, rounds=1))

    assert len(tried) >= LEAST_MUTANTS
    assert [kind for kind, changed in tried if stands(changed, look)] == []


@pytest.mark.spec("C5")
def test_no_sentence_by_hand_is_let_through(looked_at: tuple[Report, SecondLook]) -> None:
    """Sentences no template makes, over true figures: wrong all the same."""
    report, look = looked_at
    chosen = dict(list(BY_HAND.items())[::2])

    tried = list(mutants(report, chosen, rounds=1))

    assert len(tried) == len(chosen)
    assert [kind for kind, changed in tried if stands(changed, look)] == []


@pytest.mark.spec("C5")
def test_no_true_result_is_rejected(looked_at: tuple[Report, SecondLook]) -> None:
    """The same result with keys, job, minute and last bits changed stands, every claim of it."""
    report, look = looked_at

    assert look.verify(report).mismatches == ()
    for seed in range(5):
        changed = Report.model_validate(harmless(json.loads(report.model_dump_json()), random.Random(seed)))
        assert look.verify(changed).mismatches == ()


def test_what_is_let_through_would_be_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's own count: a check that lets everything stand is called out in full."""
    monkeypatch.setattr("benchmarks.verify_mutations.stands", lambda _result, _look: True)

    rows = {row["what"]: row for row in measure((str(FILE),), rounds=1, rewritten=1)}

    assert rows["false accept"]["share"] == 1.0
    assert rows["false reject"]["share"] < 1.0
