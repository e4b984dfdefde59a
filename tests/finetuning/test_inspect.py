"""What an inspection finds in a training file, and what it costs."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.finetuning.records import answer, record

from datapilot.actions.inspect_dataset import inspect_dataset, write_inspection
from datapilot.contracts.errors import MissingFile
from datapilot.contracts.training import DatasetReport
from datapilot.finetuning.formats import line_of
from datapilot.finetuning.inspect import POINTS

pytestmark = pytest.mark.spec("E3")

SYSTEM = "You are an analyst."
GOOD = [line_of(record(number), "messages", system=SYSTEM) for number in range(60)]
Inspect = Callable[[list[str]], DatasetReport]


@pytest.fixture
def inspect(tmp_path: Path) -> Inspect:
    """Return what inspects these lines as a file."""

    def inspected(lines: list[str]) -> DatasetReport:
        path = tmp_path / "set.jsonl"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return inspect_dataset(path, system=SYSTEM)

    return inspected


def test_good_set_has_all_points(inspect: Inspect) -> None:
    """Nothing lost, nothing to warn of, its size told."""
    report = inspect(GOOD)

    assert (report.score, report.is_usable, report.records, report.format) == (100, True, 60, "messages")
    assert (report.faults, report.warnings, report.deductions) == ((), (), ())
    assert report.kinds == {"trend": 60}
    assert report.tokens_total > report.tokens_longest > 100
    assert "estimated" in report.token_note
    assert sum(POINTS.values()) == 100


BAD = {
    "schema": ("{broken", False),
    "personal": (line_of(record(99, answer=answer(99, comment="Write to jane.doe@firm.example about it.")), "messages",
                         system=SYSTEM), False),
    "evidence": (line_of(record(98, answer=answer(98, facts=["f_deadbeef"])), "messages", system=SYSTEM), True),
    "duplicate": (GOOD[7], True),
    "near_duplicate": (GOOD[7].replace("Ask the team", "Ask the teams"), True),
    "too_long": (line_of(record(97), "messages", system=SYSTEM + "x " * 20_000), True),
}  # fmt: skip


@pytest.mark.parametrize("code", BAD)
def test_bad_line_is_named_and_costs_points(code: str, inspect: Inspect) -> None:
    """With its number and its reason; only what is invalid or personal makes the set unusable."""
    line, is_usable = BAD[code]

    report = inspect([*GOOD, line])

    assert {(fault.line, fault.code) for fault in report.faults} >= {(61, code)}
    assert report.deductions
    assert report.is_usable is is_usable
    assert sum(one.lost for one in report.deductions) == pytest.approx(100 - report.score, abs=0.5)


@pytest.mark.parametrize("words", ["Revenue doubled.", "It is the highest of them.", "Sales rose by 5 %."])
def test_answer_that_claims_is_no_target(words: str, inspect: Inspect) -> None:
    """Only what a model would be allowed to write may be taught."""
    lines = [line_of(record(1, answer=answer(1, comment=words)), "messages", system=SYSTEM)]

    assert [fault.code for fault in inspect(lines).faults] == ["evidence"]


def test_small_and_lopsided_sets_are_warned_of(inspect: Inspect) -> None:
    """Which is no fault."""
    lines = [*GOOD[:8], line_of(record(70, kind="outlier"), "messages", system=SYSTEM)]

    report = inspect(lines)

    assert report.is_usable
    assert any("9 records" in warning for warning in report.warnings)
    assert any("trend" in warning for warning in report.warnings)


def test_empty_file_has_nothing(inspect: Inspect) -> None:
    """No records, no points, not usable."""
    report = inspect([""])

    assert (report.records, report.score, report.is_usable) == (0, 0, False)


def test_report_can_be_read_by_people_and_programs(inspect: Inspect, tmp_path: Path) -> None:
    """Markdown with the bill, and the same as JSON beside it."""
    report = inspect([*GOOD, BAD["evidence"][0]])

    path = write_inspection(report, folder=tmp_path / "reports", now=datetime(2026, 11, 25, tzinfo=UTC))

    assert f"{report.score} of 100" in path.read_text(encoding="utf-8")
    assert "line 61: evidence" in path.read_text(encoding="utf-8")
    assert DatasetReport.model_validate_json(path.with_suffix(".json").read_text(encoding="utf-8")) == report


def test_file_that_is_not_there() -> None:
    """Said by its name."""
    with pytest.raises(MissingFile):
        inspect_dataset(Path("absent.jsonl"), system=SYSTEM)


@pytest.mark.spec("E2")
def test_seed_examples_are_what_the_script_writes() -> None:
    """Ten of them, of all sample files, and each is fit to be learnt from."""
    path = Path(__file__).parent.parent.parent / "data" / "finetune_samples" / "seed_examples.jsonl"
    from datapilot.insights.language_model.fewshot import load_prompts

    report = inspect_dataset(path, system=load_prompts().system)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    comments = [json.loads(line["messages"][-1]["content"])["insights"][0]["comment"] for line in lines]

    assert (report.records, report.score, report.is_usable, report.faults) == (10, 100, True, ())
    assert len({line["dataset"] for line in lines}) == 4
    assert len(set(comments)) == 10
    assert None not in comments
