"""Answers of two models to the same questions -> how each did, and whether the difference is more than chance."""

import math
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from datapilot.contracts.training import Comparison, Examined, Rate

RESAMPLES = 1_000
CERTAIN = 0.05


@dataclass(frozen=True)
class Outcome:
    """One answer, judged. `claims` are what it says or cites, `unsupported` those that its question does not carry."""

    is_valid: bool
    claims: int
    unsupported: int
    is_used: bool
    seconds: float
    tokens: int | None
    words: str
    expected: str
    cost: float | None = None

    @property
    def is_right(self) -> bool:
        return self.is_valid and self.is_used and self.unsupported == 0


def compare(baseline: tuple[str, Sequence[Outcome]], tuned: tuple[str, Sequence[Outcome]]) -> Comparison:
    """Return both models' figures and McNemar's exact test (1947) of the records that one alone got right."""
    (name, first), (other, second) = baseline, tuned
    only_first = sum(a.is_right and not b.is_right for a, b in zip(first, second, strict=True))
    only_second = sum(b.is_right and not a.is_right for a, b in zip(first, second, strict=True))
    p_value = mcnemar(only_first, only_second)
    if p_value >= CERTAIN:
        verdict = "No difference beyond chance."
    else:
        verdict = f"{other if only_second > only_first else name} is right more often, beyond chance."
    return Comparison(
        baseline=examined(name, first),
        tuned=examined(other, second),
        only_baseline_right=only_first,
        only_tuned_right=only_second,
        p_value=round(p_value, 6),
        verdict=verdict,
    )


def examined(name: str, outcomes: Sequence[Outcome]) -> Examined:
    """Return one model's figures."""
    claims = [(one.claims, one.unsupported) for one in outcomes if one.is_valid]
    seconds = sorted(one.seconds for one in outcomes)
    spent = [one.tokens for one in outcomes if one.tokens is not None]
    costs = [one.cost for one in outcomes if one.cost is not None]
    said = [one for one in outcomes if one.is_valid]
    return Examined(
        name=name,
        records=len(outcomes),
        schema_pass=rate([(1, int(one.is_valid)) for one in outcomes]),
        evidence_accuracy=rate([(n, n - wrong) for n, wrong in claims]),
        unsupported_claims=rate(claims),
        dropped=rate([(1, int(not one.is_used)) for one in outcomes]),
        latency_p50_s=round(_at(seconds, 0.5), 3),
        latency_p95_s=round(_at(seconds, 0.95), 3),
        tokens=sum(spent) if spent else None,
        cost=round(sum(costs), 6) if costs else None,
        rouge_1=round(_mean([rouge_1(one.words, one.expected) for one in said]), 4),
        rouge_l=round(_mean([rouge_l(one.words, one.expected) for one in said]), 4),
        bleu_4=round(_mean([bleu_4(one.words, one.expected) for one in said]), 4),
    )


def rate(counts: Sequence[tuple[int, int]], *, seed: int = 0) -> Rate:
    """Return hits / chances over all records, with the percentile bootstrap over records (Efron 1979)."""
    if not sum(chances for chances, _ in counts):
        return Rate(value=0.0, low=0.0, high=0.0)
    draw = random.Random(seed)  # noqa: S311 - a draw, no secret
    drawn = []
    for _ in range(RESAMPLES):
        again = draw.choices(counts, k=len(counts))
        chances = sum(one for one, _ in again)
        drawn.append(sum(hits for _, hits in again) / chances if chances else 0.0)
    drawn.sort()
    value = sum(hits for _, hits in counts) / sum(chances for chances, _ in counts)
    return Rate(value=round(value, 4), low=round(_at(drawn, 0.025), 4), high=round(_at(drawn, 0.975), 4))


def mcnemar(one: int, other: int) -> float:
    """Return the exact two-sided p-value of `one` against `other` discordant pairs (binomial with p = 1/2)."""
    n, least = one + other, min(one, other)
    return min(1.0, 2 * sum(math.comb(n, k) for k in range(least + 1)) / 2**n) if n else 1.0


def rouge_1(said: str, expected: str) -> float:
    """Return the F1 of the words in common (Lin 2004)."""
    one, other = words_of(said), words_of(expected)
    return _f1(sum((Counter(one) & Counter(other)).values()), len(one), len(other))


def rouge_l(said: str, expected: str) -> float:
    """Return the F1 of the longest common subsequence of words (Lin 2004)."""
    one, other = words_of(said), words_of(expected)
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0
        for at, known in enumerate(other, start=1):
            before, row[at] = row[at], before + 1 if word == known else max(row[at], row[at - 1])
    return _f1(row[-1], len(one), len(other))


def bleu_4(said: str, expected: str) -> float:
    """Return sentence BLEU of up to four words with add-one smoothing beyond single words (Lin & Och 2004)."""
    one, other = words_of(said), words_of(expected)
    if not one or not other:
        return float(one == other)
    logs = 0.0
    for length in range(1, 5):
        grams, known = _grams(one, length), _grams(other, length)
        smooth = int(length > 1)
        hits = sum((grams & known).values()) + smooth
        if not hits:
            return 0.0
        logs += math.log(hits / (sum(grams.values()) + smooth)) / 4
    return math.exp(logs + min(0.0, 1 - len(other) / len(one)))


def words_of(text: str) -> list[str]:
    """Return the words that are compared, in lower case; in any script, where rouge-score knows a to z alone."""
    return re.findall(r"\w+", text.lower())


def _grams(words: list[str], length: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def _f1(shared: int, one: int, other: int) -> float:
    if not one or not other:
        return float(one == other)
    return 2 * shared / (one + other)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _at(ordered: Sequence[float], q: float) -> float:
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else 0.0
