"""The figures of an examination, each beside a value worked out by hand or by others."""

import json
import math
from pathlib import Path

import pytest

from datapilot.finetuning.examine import Outcome, bleu_4, compare, examined, mcnemar, rate, rouge_1, rouge_l

pytestmark = pytest.mark.spec("E4")
RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"


def outcome(
    *, is_valid: bool = True, claims: int = 4, unsupported: int = 0, words: str = "a b", **known: object
) -> Outcome:
    said = {"is_used": is_valid, "seconds": 0.1, "tokens": 10, "expected": "a b"} | known
    return Outcome(is_valid=is_valid, claims=claims, unsupported=unsupported, words=words, **said)  # type: ignore[arg-type]


def test_rate_has_an_interval_around_it() -> None:
    """30 of 100: the value is exact, and the bootstrap is close to the binomial's +-9 points."""
    measured = rate([(1, 1)] * 30 + [(1, 0)] * 70)

    assert measured.value == 0.3
    assert measured.low == pytest.approx(0.21, abs=0.03)
    assert measured.high == pytest.approx(0.39, abs=0.03)
    assert rate([]).value == 0


@pytest.mark.parametrize(
    ("one", "other", "p_value"),
    [(0, 0, 1.0), (5, 5, 1.0), (0, 6, 2 / 64), (1, 9, 22 / 1024), (0, 10, 2 / 1024)],
)
def test_mcnemar_is_exact(one: int, other: int, p_value: float) -> None:
    """Two-sided binomial: (1, 9) is 2 x (1 + 10) / 1024."""
    assert mcnemar(one, other) == pytest.approx(p_value)
    assert mcnemar(other, one) == pytest.approx(p_value)


def test_rouge_and_bleu_by_hand() -> None:
    """Lin's example: "police killed the gunman" against "police kill the gunman" shares 3 of 4 words, in order."""
    said, known = "police killed the gunman", "police kill the gunman"

    assert rouge_1(said, known) == 0.75
    assert rouge_l(said, known) == 0.75
    assert rouge_l("the gunman kill police", known) == 0.5
    # 3/4 single words; with one added to both sides 2 of 4 pairs, 1 of 3 triples, 1 of 2 quadruples.
    assert bleu_4(said, known) == pytest.approx((3 / 4 * 2 / 4 * 1 / 3 * 1 / 2) ** 0.25)
    assert bleu_4(known, known) == pytest.approx(1.0)
    assert bleu_4("police", known) == pytest.approx(math.exp(1 - 4))
    assert (rouge_1("", ""), rouge_1("a", ""), bleu_4("", "a")) == (1.0, 0.0, 0.0)


def test_scores_of_wording_are_those_of_the_libraries() -> None:
    """Sixty pairs of sentences score as with rouge-score and sacrebleu (`benchmarks.run wording_scores` asks them)."""
    pairs = json.loads((RESULTS / "wording_scores.json").read_text(encoding="utf-8"))["rows"]

    for pair in pairs:
        said, expected = pair["said"], pair["expected"]
        ours = (rouge_1(said, expected), rouge_l(said, expected), bleu_4(said, expected))
        assert ours == pytest.approx((pair["rouge_1"], pair["rouge_l"], pair["bleu_4"]), abs=2e-9), pair
    assert len({pair["bleu_4"] for pair in pairs}) > 30, "they are not all alike"


def test_words_of_every_script_count() -> None:
    """Where rouge-score would break words at umlauts, and see none in Greek."""
    assert rouge_1("Die Umsätze fielen", "Die Umsätze stiegen") == pytest.approx(2 / 3)
    assert rouge_1("τα έσοδα", "τα έξοδα") == pytest.approx(1 / 2)


def test_figures_of_one_model() -> None:
    """Claims count over all valid answers, latencies over all of them."""
    outcomes = [outcome(), outcome(unsupported=2), outcome(is_valid=False, claims=0, seconds=9.0, tokens=None)]

    figures = examined("m", outcomes)

    assert figures.schema_pass.value == pytest.approx(2 / 3, abs=1e-4)
    assert figures.evidence_accuracy.value == 0.75
    assert figures.unsupported_claims.value == 0.25
    assert figures.dropped.value == pytest.approx(1 / 3, abs=1e-4)
    assert (figures.latency_p50_s, figures.latency_p95_s, figures.tokens) == (0.1, 9.0, 20)
    assert figures.rouge_1 == 1.0


def test_difference_beyond_chance_is_named() -> None:
    """And one within it is not."""
    good, bad = outcome(), outcome(is_valid=False, claims=0)

    clear = compare(("base", [bad] * 12 + [good] * 8), ("tuned", [good] * 20))
    chance = compare(("base", [bad, good, good]), ("tuned", [good, bad, good]))

    assert (clear.only_tuned_right, clear.only_baseline_right) == (12, 0)
    assert clear.verdict == "tuned is right more often, beyond chance."
    assert chance.verdict == "No difference beyond chance."
