"""How much of the truth the insights tell: `python -m benchmarks.insight_truth FOLDER`, where FOLDER/csvs holds tables
and FOLDER/truth one JSON a table with `insight_list[{insight, insight_value}]`.

Prints, per table and over all: number recall (true numbers that stand in a finding, within 1 %), label recall (true
names that stand in one), ROUGE-1 F1 of the best matching finding per true insight. Then the false findings per table
of noise and the recall on planted effects, from the same tables as the tests.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datapilot.actions.analyze_dataset import analyze_file
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions

NEAR = 0.01
NOISE_TABLES = 200
PLANTS_PER_KIND = 10
_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?\s?(?:k|M|bn|T)?(?![\w.-]*\d)")
_SCALES = {"k": 1e3, "M": 1e6, "bn": 1e9, "T": 1e12}
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Told:
    """Hits and possible hits of one table."""

    name: str
    numbers: tuple[int, int]
    labels: tuple[int, int]
    rouge: tuple[float, ...]


def score_table(csv: Path, truth: Path) -> Told:
    """Analyse a table without reading its truth, then count what of the truth was told."""
    report = analyze_file(csv, name=csv.name, job_id="benchmark", options=ReadingOptions(), limits=Limits())
    told = [f"{one.headline}. {one.detail}" for one in report.insights.analyst_insights]
    headlines = [one.headline for one in report.insights.analyst_insights]
    listed = json.loads(truth.read_text())["insight_list"]
    numbers, labels = [], []
    for insight in listed:
        for text in _texts(insight.get("insight_value", {})):
            numbers += _numbers(text)
            labels += _labels(text)
    written = [number for text in told for number in _numbers(text)]
    words = " ".join(told).lower()
    return Told(
        name=csv.stem,
        numbers=(sum(any(_near(true, one) for one in written) for true in numbers), len(numbers)),
        labels=(sum(label.lower() in words for label in labels), len(labels)),
        rouge=tuple(max((rouge1(insight["insight"], one) for one in headlines), default=0.0) for insight in listed),
    )


def rouge1(reference: str, candidate: str) -> float:
    """Return the F1 of shared words (Lin 2004), each counted as often as it stands in both."""
    one, other = (Counter(_WORD.findall(text.lower())) for text in (reference, candidate))
    shared = sum((one & other).values())
    return 2 * shared / (sum(one.values()) + sum(other.values())) if shared else 0.0


def _texts(value: Any) -> Iterable[str]:
    """All keys and leaves: truth files put labels in either."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from (key, *_texts(one))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif value is not None:
        yield str(value)


def _numbers(text: str) -> list[float]:
    found = []
    for match in _NUMBER.findall(text):
        letter = next((one for one in _SCALES if match.endswith(one)), "")
        digits = match.removesuffix(letter).replace(",", "").replace("−", "-").strip()
        found.append(float(digits) * _SCALES.get(letter, 1.0))
    return found


def _labels(text: str) -> list[str]:
    """Names: runs of capitalised words in mid-sentence, and short values that are a name altogether."""
    if 1 <= len(text.split()) <= 3 and text[:1].isupper() and not any(one.isdigit() for one in text):
        return [text] if text not in _NOT_NAMES else []
    return [
        match
        for match in re.findall(r"(?<=[a-z,’'] )(?:[A-Z][A-Za-z]+)(?: [A-Z][A-Za-z]+)*", text)
        if match not in _NOT_NAMES
    ]


# What truth files call their fields; a table has no such value.
_NOT_NAMES = frozenset({
    "Time", "Majority", "Incident Count", "Time Window", "Anomaly Periods", "Increased TTR", "Key Finding",
    "Total Cost", "Average Cost", "Most Prominent Value", "Next Closest Category", "Hardware Type",
})  # fmt: skip


def _near(true: float, told: float) -> bool:
    return abs(true - told) <= NEAR * max(abs(true), 1e-9)


def _share(pairs: Sequence[tuple[int, int]]) -> float:
    possible = sum(total for _, total in pairs)
    return sum(hits for hits, _ in pairs) / possible if possible else 0.0


def noise_and_plants() -> tuple[float, float]:
    """Return false findings per noise table, and recall on planted effects."""
    from tests.insights.planted import KINDS, noise_table
    from tests.insights.tables import insights_of
    from tests.insights.test_noise_and_plants import is_told

    false = 0
    for seed in range(NOISE_TABLES):
        cells, known = noise_table(seed)
        false += len(insights_of(cells, **known).analyst_insights)
    told = [is_told(kind, seed) for kind in KINDS for seed in range(PLANTS_PER_KIND)]
    return false / NOISE_TABLES, sum(told) / len(told)


def main(folder: Path | None) -> None:
    """Print everything."""
    if folder is not None:
        truths = sorted((folder / "truth").glob("*.json"))
        scored = [score_table(folder / "csvs" / f"{truth.stem}.csv", truth) for truth in truths]
        for one in scored:
            rouge = sum(one.rouge) / max(len(one.rouge), 1)
            (numbers, of_numbers), (labels, of_labels) = one.numbers, one.labels
            print(
                f"{one.name:8} numbers {numbers:3}/{of_numbers:<3} labels {labels:3}/{of_labels:<3} ROUGE-1 {rouge:.3f}"
            )
        rouges = [value for one in scored for value in one.rouge]
        number_recall, label_recall = _share([one.numbers for one in scored]), _share([one.labels for one in scored])
        rouge = sum(rouges) / max(len(rouges), 1)
        print(f"all      number recall {number_recall:.3f}  label recall {label_recall:.3f}  ROUGE-1 {rouge:.3f}")
    if "--tables-only" in sys.argv:
        return
    false, recall = noise_and_plants()
    print(f"noise: {false:.3f} findings per table of {NOISE_TABLES}; planted effects told: {recall:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
