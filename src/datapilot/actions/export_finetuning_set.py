"""Write a training set from what people approved, and the held-out part beside it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from datapilot.contracts.errors import NothingToExport
from datapilot.contracts.feedback import FeedbackRecord
from datapilot.contracts.training import Exported, Format, TrainingRecord
from datapilot.finetuning.formats import fits, line_of
from datapilot.finetuning.select import HOLDOUT_SHARE, records_of, select
from datapilot.insights.language_model.egress import EgressGuard, PersonalDataFound
from datapilot.insights.language_model.fewshot import Prompts
from datapilot.insights.language_model.prompt import question_of

MIN_SCORE = 3


def export_finetuning_set(
    judgements: Iterable[FeedbackRecord],
    *,
    folder: Path,
    prompts: Prompts,
    today: datetime,
    form: Format = "messages",
    min_score: int = MIN_SCORE,
    sample: int | None = None,
    seed: int = 0,
    holdout_share: float = HOLDOUT_SHARE,
) -> Exported:
    """Return what was written to `folder`: `finetune_YYYYMMDD.jsonl` and `finetune_YYYYMMDD_holdout.jsonl`, the same
    bytes for the same judgements. Records with anything that looks personal are in neither.

    Raises NothingToExport when nothing can be exported.
    """
    records, left_out = records_of(judgements, min_score=min_score)
    left_out = Counter(left_out)
    fitting: list[TrainingRecord] = []
    guard = EgressGuard(known=(prompts.system,))
    for record in records:
        why = fits(record, form) or _personal(record, form, guard, prompts.system)
        if why is None:
            fitting.append(record)
        else:
            left_out[why] += 1
    shown = [question_of(example.data) for example in prompts.examples]
    selection = select(fitting, sample=sample, seed=seed, holdout_share=holdout_share, shown=shown)
    if not selection.training:
        why = "; ".join(f"{times} {reason}" for reason, times in (left_out + selection.left_out).items())
        raise NothingToExport(f"Nothing to export: no judgement fits ({why or 'none was given'}).")
    path = folder / f"finetune_{today:%Y%m%d}.jsonl"
    holdout_path = folder / f"finetune_{today:%Y%m%d}_holdout.jsonl"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(path, selection.training, form, prompts.system)
    _write(holdout_path, selection.holdout, form, prompts.system)
    everything = [*selection.training, *selection.holdout]
    return Exported(
        path=str(path),
        holdout_path=str(holdout_path),
        written=len(selection.training),
        held_out=len(selection.holdout),
        datasets=len({record.dataset for record in everything}),
        left_out=dict(sorted((left_out + selection.left_out).items())),
        sources=dict(sorted(Counter(record.source for record in everything).items())),
    )


def _personal(record: TrainingRecord, form: Format, guard: EgressGuard, system: str) -> str | None:
    try:
        guard.check(line_of(record, form, system=system).encode())
    except PersonalDataFound:
        return "with something of a personal form"
    return None


def _write(path: Path, records: Sequence[TrainingRecord], form: Format, system: str) -> None:
    fresh = path.with_suffix(".tmp")
    fresh.write_text("".join(line_of(record, form, system=system) + "\n" for record in records), encoding="utf-8")
    fresh.chmod(0o600)
    fresh.replace(path)
