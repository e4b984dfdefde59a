"""Judgements -> training records: which count, which are the same, which are kept back for the examination."""

import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from datapilot.contracts.feedback import FeedbackRecord
from datapilot.contracts.training import TrainingRecord

HOLDOUT_SHARE = 0.15  # of the tables; 10-15 % is what trainers advise
ALIKE = 0.8  # Jaccard of five-word runs beyond which two records teach the same
_RUN = 5


@dataclass
class Selection:
    """Records to train with, records held out, and how many were left out for which reason."""

    training: list[TrainingRecord] = field(default_factory=list)
    holdout: list[TrainingRecord] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def records_of(judgements: Iterable[FeedbackRecord], *, min_score: int) -> tuple[list[TrainingRecord], Counter[str]]:
    """Return what can be learnt from the latest judgement that each reviewer gave of each insight, in order of time."""
    latest = {(one.job_id, one.insight_id, one.reviewer): one for one in judgements}
    records, left_out = [], Counter[str]()
    for judgement in sorted(latest.values(), key=lambda one: (one.at, one.feedback_id)):
        record = _record(judgement, min_score)
        if isinstance(record, str):
            left_out[record] += 1
        else:
            records.append(record)
    return records, left_out


def select(
    records: Sequence[TrainingRecord],
    *,
    sample: int | None = None,
    seed: int = 0,
    holdout_share: float = HOLDOUT_SHARE,
    shown: Iterable[str] = (),
) -> Selection:
    """Return the records without repetitions, at most `sample` of them, split so that no table is on both sides.

    `shown` are questions of worked examples: a model has seen their answers, so they never examine it. The same
    records and seed bring the same selection.
    """
    selection = Selection()
    known: set[str] = set()
    runs: list[set[tuple[str, ...]]] = []
    kept: list[TrainingRecord] = []
    for record in records:
        exact, own = _normalised(record), five_word_runs(_normalised(record))
        if exact in known:
            selection.left_out["the same as another"] += 1
        elif any(jaccard(own, other) > ALIKE for other in runs):
            selection.left_out["nearly the same as another"] += 1
        else:
            known.add(exact)
            runs.append(own)
            kept.append(record)
    if sample is not None and sample < len(kept):
        selection.left_out["beyond the sample"] += len(kept) - sample
        chosen = set(random.Random(seed).sample(range(len(kept)), sample))  # noqa: S311 - a draw, no secret
        kept = [record for at, record in enumerate(kept) if at in chosen]
    seen = set(shown)
    held = held_out_datasets({record.dataset for record in kept if record.question not in seen}, holdout_share, seed)
    for record in kept:
        is_held = record.dataset in held and record.is_demonstration and record.question not in seen
        if record.dataset in held and not is_held:
            selection.left_out["of a table that is held out"] += 1
        else:
            (selection.holdout if is_held else selection.training).append(record)
    return selection


def held_out_datasets(datasets: set[str], share: float, seed: int) -> set[str]:
    """Return the tables whose records are held out: a share of them by the order of a seeded hash, at least one of
    two or more."""
    if len(datasets) < 2 or share <= 0:
        return set()
    ordered = sorted(datasets, key=lambda name: hashlib.sha256(f"{seed} {name}".encode()).hexdigest())
    return set(ordered[: max(1, round(share * len(ordered)))])


def five_word_runs(text: str) -> set[tuple[str, ...]]:
    """Return all runs of five words in a text."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1))}


def jaccard(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    """Return how much two sets share of what they hold together, 0-1."""
    return len(one & other) / len(one | other) if one or other else 1.0


def _normalised(record: TrainingRecord) -> str:
    # The marker depends on the whole block, so it would tell apart what only differs by it.
    question = re.sub(r"</?data-[a-p]+>", "", record.question)
    return f"{question} {json.dumps(record.answer, sort_keys=True)} {json.dumps(record.rejected, sort_keys=True)}"


def _record(judgement: FeedbackRecord, min_score: int) -> TrainingRecord | str:
    """Return the record, or why there is none."""
    lesson = judgement.lesson
    if judgement.action == "skip":
        return "skipped"
    if lesson is None:
        return "without a fact that may leave the house"
    is_demonstration = judgement.action != "reject"
    if is_demonstration and (judgement.score or 0) < min_score:
        return "below the score"
    answer = lesson.plain if judgement.action == "reject" else lesson.better or lesson.reply
    rejected = lesson.reply if judgement.action != "approve" and lesson.reply != answer else None
    if not is_demonstration and rejected is None:
        return "rejected, and nothing better is known"
    return TrainingRecord(
        record_id=judgement.feedback_id,
        dataset=lesson.dataset,
        kind=lesson.kind,
        source=lesson.source,
        score=judgement.score or 0,
        question=lesson.question,
        answer=answer,
        rejected=rejected,
        is_demonstration=is_demonstration,
    )
