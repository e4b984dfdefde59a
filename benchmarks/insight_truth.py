"""How much of the truth the insights tell: `python -m benchmarks.run insight_truth=FOLDER`, without any model, where
FOLDER/csvs holds tables and FOLDER/truth one JSON a table with `insight_list[{insight, insight_value}]`.

A table is analysed before its truth is opened; nothing is fitted, so every table is left out of the making of the
engine. Per table and over all: number recall (true numbers that stand in a finding's sentences within 1 %; beside it
in its sentences or the facts it cites), label recall (true names and periods that stand in one), and ROUGE-1 (F1 of
shared words, Lin 2004) of the best matching headline, of the best matching sentence of a finding (headline or detail),
and of the best of all lines of the page (those, its advice, summary and titles of charts), per true insight.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measured import Row
from datapilot.actions.analyze_dataset import analyze_file
from datapilot.contracts.limits import Limits
from datapilot.contracts.report import Report
from datapilot.contracts.table import ReadingOptions
from datapilot.words.periods import show_period

GOALS = {"numbers": 0.7, "labels": 0.6, "rouge": 0.35}
NEAR = 0.01
_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?\s?(?:k|M|bn|T|thousand|million|billion)?(?![\w.-]*\d)")
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "k": 1e3, "M": 1e6, "bn": 1e9, "T": 1e12}
_MONTH = re.compile(r"\b(?:19|20)\d{2}-(?:0[1-9]|1[0-2])\b")
_WORD = re.compile(r"[a-z0-9]+")
_SENTENCE_ENDS = re.compile(r"(?<=[.;]) ")


@dataclass(frozen=True)
class Told:
    """Hits and possible hits of one table; of the numbers those in sentences, those cited too, and all."""

    name: str
    findings: int
    numbers: tuple[int, int, int]
    labels: tuple[int, int]
    headlines: tuple[float, ...]
    sentences: tuple[float, ...]
    lines: tuple[float, ...]


def measure(folder: Path) -> list[Row]:
    """Return one row per table and one over all."""
    told = [score_table(folder / "csvs" / f"{one.stem}.csv", one) for one in sorted((folder / "truth").glob("*.json"))]
    return [*(_row(one.name, [one]) for one in told), _row("all", told)]


def markdown(rows: list[Row]) -> str:
    """Return the rows as a table, with the goals."""
    lines = [
        "| table | findings | number recall | with cited facts | label recall | ROUGE-1 headline | sentence | page |",
        "|---|---|---|---|---|---|---|---|",
    ]
    keys = ("table", "findings", "numbers", "numbers_cited", "labels", "rouge_headline", "rouge_sentence", "rouge_line")
    lines += ["| " + " | ".join(_shown(row[key]) for key in keys) + " |" for row in rows]
    goals = f"numbers {GOALS['numbers']}, labels {GOALS['labels']}, ROUGE-1 {GOALS['rouge']}"
    return "\n".join([*lines, "", f"Goals: {goals}."])


def _row(name: str, told: Sequence[Told]) -> Row:
    numbers = [sum(one.numbers[place] for one in told) for place in range(3)]
    labels = [sum(one.labels[place] for one in told) for place in range(2)]
    headlines = [value for one in told for value in one.headlines]
    sentences = [value for one in told for value in one.sentences]
    lines = [value for one in told for value in one.lines]
    return {
        "table": name,
        "findings": sum(one.findings for one in told),
        "numbers": _share(numbers[0], numbers[2]),
        "numbers_cited": _share(numbers[1], numbers[2]),
        "labels": _share(*labels),
        "rouge_headline": sum(headlines) / max(len(headlines), 1),
        "rouge_sentence": sum(sentences) / max(len(sentences), 1),
        "rouge_line": sum(lines) / max(len(lines), 1),
    }


def _share(hits: int, possible: int) -> float | str:
    return hits / possible if possible else "none"


def _shown(value: str | float) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def score_table(csv: Path, truth: Path) -> Told:
    """Analyse a table without reading its truth, then count what of the truth was told."""
    report = analyze_file(csv, name=csv.name, job_id="benchmark", options=ReadingOptions(), limits=Limits())
    insights = report.insights.analyst_insights
    headlines = [one.headline for one in insights]
    sentences = [*headlines, *(part for one in insights for part in _SENTENCE_ENDS.split(one.detail))]
    advice = [one.recommendation.what for one in insights]
    lines = [*sentences, *advice, *report.insights.business_summary, *(chart.title for chart in report.chart_specs)]
    listed = json.loads(truth.read_text())["insight_list"]
    texts = [text for insight in listed for text in _texts(insight.get("insight_value", {}))]
    numbers = [number for text in texts for number in numbers_of(text)]
    labels = [name for text in texts for name in labels_of(text)]
    written = [number for text in sentences for number in numbers_of(text)]
    cited = [*written, *_cited(report)]
    words = " ".join(sentences).lower()
    return Told(
        name=csv.stem,
        findings=len(insights),
        numbers=(_found(numbers, written), _found(numbers, cited), len(numbers)),
        labels=(sum(one.lower() in words for one in labels), len(labels)),
        headlines=tuple(_best(one["insight"], headlines) for one in listed),
        sentences=tuple(_best(one["insight"], sentences) for one in listed),
        lines=tuple(_best(one["insight"], lines) for one in listed),
    )


def _found(true: Sequence[float], told: Sequence[float]) -> int:
    return sum(any(abs(one - other) <= NEAR * max(abs(one), 1e-9) for other in told) for one in true)


def _best(reference: str, candidates: Sequence[str]) -> float:
    return max((rouge1(reference, one) for one in candidates), default=0.0)


def _cited(report: Report) -> Iterator[float]:
    """The values of the facts that findings rest on; shares as a reader sees them, in per cent."""
    insights = report.insights.analyst_insights
    cited = {one for insight in insights for evidence in insight.evidence for one in evidence.fact_ids}
    for fact in report.facts:
        if fact.id in cited:
            values = [entry.value for entry in fact.value] if isinstance(fact.value, tuple) else [fact.value]
            counts = [entry.n for entry in fact.value] if isinstance(fact.value, tuple) else [fact.n]
            scale = 100 if fact.unit == "share" else 1
            yield from (float(one) * scale for one in values if isinstance(one, int | float))
            yield from map(float, counts)


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


def numbers_of(text: str) -> list[float]:
    """Return the numbers in a text; "2023-07" is a period, not two numbers."""
    found = []
    for match in _NUMBER.findall(_MONTH.sub("", text)):
        scale = next((one for one in _SCALES if match.endswith(one)), "")
        digits = match.removesuffix(scale).replace(",", "").replace("−", "-").strip()
        found.append(float(digits) * _SCALES.get(scale, 1.0))
    return found


def labels_of(text: str) -> list[str]:
    """Return names: runs of capitalised words in mid-sentence, short values that are a name altogether, and months
    as our sentences write them."""
    months = [show_period(month, "month") for month in _MONTH.findall(text)]
    if 1 <= len(text.split()) <= 3 and text[:1].isupper() and not any(one.isdigit() for one in text):
        return months + ([text] if text not in _NOT_NAMES else [])
    return months + [
        match
        for match in re.findall(r"(?<=[a-z,’'] )(?:[A-Z][A-Za-z]+)(?: [A-Z][A-Za-z]+)*", text)
        if match not in _NOT_NAMES
    ]


# What truth files call their fields; a table has no such value.
_NOT_NAMES = frozenset({
    "Time", "Majority", "Incident Count", "Time Window", "Anomaly Periods", "Increased TTR", "Key Finding",
    "Total Cost", "Average Cost", "Most Prominent Value", "Next Closest Category", "Hardware Type",
})  # fmt: skip
