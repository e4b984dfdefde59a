"""`datapilot dataset export|validate|eval`, against what the folder holds and a provider on a socket."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Run, refused
from tests.finetuning.records import judgement
from tests.llm.serving import Provider

from datapilot.storage.feedback import FeedbackFiles

SEEDS = str(Path(__file__).parent.parent.parent / "data" / "finetune_samples" / "seed_examples.jsonl")


@pytest.fixture
def approved(folder: Path) -> Path:
    """A folder with thirty approved insights of as many tables."""
    book = FeedbackFiles(folder / "data" / "feedback")
    for number in range(30):
        asyncio.run(book.add(judgement(number, score=3 + number % 3)))
    return folder


@pytest.fixture
def provider() -> Iterator[Provider]:
    started = Provider()
    yield started
    started.close()


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


@pytest.mark.spec("E2", "E3", "E4", "E5")
def test_from_judgements_to_a_verdict(approved: Path, run: Run, provider: Provider) -> None:
    """Export, validate, eval: the files and reports lie where the documents say, and what was planted is found."""
    ready, reports = approved / "data" / "finetune_ready", approved / "reports"

    exported = run("dataset", "export", "--holdout", "0.4")
    training = next(path for path in ready.iterdir() if "holdout" not in path.name)
    validated = run("dataset", "validate", training)
    provider.serve(*["malformed"] * 12, "none")
    named = f"@{provider.address}"
    both = ("--baseline", f"a{named}", "--tuned", f"b{named}", "--tuned-price", "2/8")
    compared = run("dataset", "eval", only(ready, "*_holdout.jsonl"), *both)

    assert [ended.status for ended in (exported, validated, compared)] == [0, 0, 0]
    assert "18 records in" in exported.out
    assert "12 held out in" in exported.out
    assert "18 records, 100 of 100." in validated.out
    assert f"b{named} is right more often, beyond chance." in compared.out
    figures = json.loads(only(reports, "evaluation_*.json").read_text(encoding="utf-8"))
    assert (figures["baseline"]["schemaPass"]["value"], figures["tuned"]["schemaPass"]["value"]) == (0, 1)
    assert figures["baseline"]["cost"] is None
    assert 2 * figures["tuned"]["tokens"] / 1e6 < figures["tuned"]["cost"] < 8 * figures["tuned"]["tokens"] / 1e6
    sent = [json.loads(body) for body in provider.app.bodies]
    assert [len(body["messages"]) for body in sent] == [8] * 12 + [2] * 12, "three examples for the one, none for other"
    assert only(reports, "evaluation_*.svg").exists()
    assert only(reports, "dataset_*.md").exists()


@pytest.mark.spec("E2")
def test_flags_of_the_export(approved: Path, run: Run) -> None:
    """The lowest score, a drawn sample, another form and another folder."""
    told = run(
        "dataset", "export", "--min-score", "5", "--sample", "6", "--seed", "3", "--format", "openai", "--holdout", "0",
        "--out", "elsewhere",
    )  # fmt: skip

    lines = next((approved / "elsewhere").glob("finetune_????????.jsonl")).read_text(encoding="utf-8").splitlines()
    assert told.status == 0
    assert [set(json.loads(line)) for line in lines] == [{"messages"}] * 6
    assert "left out, below the score: 20" in told.out
    assert "left out, beyond the sample: 4" in told.out


@pytest.mark.spec("E3")
def test_personal_record_fails_the_validation(approved: Path, run: Run) -> None:
    """Exit 1 with the line; few records are a warning."""
    run("dataset", "export")
    path = next((approved / "data" / "finetune_ready").glob("finetune_????????.jsonl"))
    path.write_text(
        path.read_text(encoding="utf-8").replace("Ask the team", "Ask jane.doe@firm.example", 1), encoding="utf-8"
    )

    told = run("dataset", "validate", path)

    assert told.status == 1
    assert "line 1: personal: a form of email" in told.out
    assert "Note: " in told.out


@pytest.mark.parametrize(
    ("arguments", "code", "status"),
    [
        (("export",), "nothing_to_export", 1),
        (("validate",), "invalid_option", 2),
        (("validate", "absent.jsonl"), "missing_file", 1),
        (("eval", "absent.jsonl", "--baseline", "a", "--tuned", "b"), "missing_file", 1),
        (("eval", "absent.jsonl"), "invalid_option", 2),
        (("eval", SEEDS, "--baseline", "a", "--tuned", "b", "--tuned-price", "cheap"), "invalid_option", 2),
        (("praise",), "invalid_option", 2),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_one_line(arguments: tuple[str, ...], code: str, status: int, run: Run) -> None:
    """Nothing was judged, no file was named, or it is not there."""
    refused(run("dataset", *arguments), code, status)
