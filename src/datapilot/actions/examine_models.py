"""Put the held-out questions to two models and say which one answers better, and whether that is more than chance."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from datapilot.contracts.errors import InvalidOption, MissingFile
from datapilot.contracts.training import Comparison, Examined, Rate
from datapilot.finetuning.examine import Outcome, compare
from datapilot.finetuning.formats import Line, UnfitLine, read_line
from datapilot.insights.language_model.egress import EgressGuard, PersonalDataFound
from datapilot.insights.language_model.fewshot import Example
from datapilot.insights.language_model.grading import Grade, data_in, grade_answer
from datapilot.insights.language_model.prompt import answer_of, question_of, schema_for
from datapilot.llm.base import LanguageModel, Message, ModelError, ModelRequest

UNANSWERED = Grade(is_valid=False, claims=0, unsupported=(), is_used=False, words="")


@dataclass(frozen=True)
class Price:
    """What a million tokens cost, those of the question and those of the answer, in any currency."""

    question: float
    answer: float

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        return (self.question * prompt_tokens + self.answer * completion_tokens) / 1_000_000


@dataclass(frozen=True)
class Candidate:
    """A model to be examined, and the worked examples it is shown first: none for one that was trained."""

    model: LanguageModel
    name: str
    examples: Sequence[Example] = ()
    price: Price | None = None


def read_holdout(path: Path) -> tuple[Line, ...]:
    """Return the questions of a held-out file with their approved answers. Raises MissingFile, InvalidOption."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise MissingFile(f"{path} cannot be read as UTF-8 text.") from None
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            lines.append(read_line(line))
        except UnfitLine as unfit:
            raise InvalidOption(f"{path.name}, line {number}: {unfit}.") from None
        if data_in(lines[-1].messages[-1]["content"]) is None:
            raise InvalidOption(f"{path.name}, line {number}: the question holds no catalogue.")
    if not lines:
        raise InvalidOption(f"{path.name} holds no question.")
    return tuple(lines)


async def examine_models(
    lines: Sequence[Line], *, baseline: Candidate, tuned: Candidate, timeout_s: float = 60.0
) -> Comparison:
    """Return how both did on the same questions, each asked once and in order."""
    first = [await _asked(line, baseline, timeout_s) for line in lines]
    second = [await _asked(line, tuned, timeout_s) for line in lines]
    return compare((baseline.name, first), (tuned.name, second))


async def _asked(line: Line, candidate: Candidate, timeout_s: float) -> Outcome:
    question = line.messages[-1]["content"]
    shown = [
        message
        for example in candidate.examples
        for message in (Message("user", question_of(example.data)), Message("assistant", answer_of(example.reply)))
    ]
    system = [Message("system", turn["content"]) for turn in line.messages[:-1] if turn["role"] == "system"]
    guard = EgressGuard(known=[message.content for message in (*system, *shown)])

    async def inspect(body: bytes) -> None:
        guard.check(body)

    request = ModelRequest(
        messages=(*system, *shown, Message("user", question)),
        schema=schema_for(data_in(question) or {}),
        timeout_s=timeout_s,
        inspect=inspect,
    )
    begun, tokens, cost, grade = time.perf_counter(), None, None, UNANSWERED
    try:
        reply = await candidate.model.complete(request)
        if reply.is_whole:
            grade = grade_answer(reply.text, question)
        if reply.prompt_tokens is not None or reply.completion_tokens is not None:
            told = (reply.prompt_tokens or 0, reply.completion_tokens or 0)
            tokens = sum(told)
            cost = candidate.price.of(*told) if candidate.price else None
    except (ModelError, PersonalDataFound):
        grade = UNANSWERED
    return Outcome(
        is_valid=grade.is_valid,
        claims=grade.claims,
        unsupported=len(grade.unsupported) if grade.is_valid else 0,
        is_used=grade.is_used,
        seconds=time.perf_counter() - begun,
        tokens=tokens,
        words=grade.words,
        expected=grade_answer(line.answer, question).words,
        cost=cost,
    )


def write_comparison(comparison: Comparison, *, folder: Path, now: datetime) -> Path:
    """Return the readable report that was written, with its plot; beside it lies the same as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"evaluation_{now:%Y%m%dT%H%M%S%f}.md"
    path.with_suffix(".json").write_text(comparison.model_dump_json(indent=2) + "\n", encoding="utf-8")
    path.with_suffix(".svg").write_text(_plot(comparison), encoding="utf-8")
    path.write_text(_readable(comparison, path.with_suffix(".svg").name), encoding="utf-8")
    return path


_ROWS = (
    ("schema pass", "schema_pass"),
    ("evidence accuracy", "evidence_accuracy"),
    ("unsupported claims", "unsupported_claims"),
    ("answers dropped", "dropped"),
)


def _readable(comparison: Comparison, plot: str) -> str:
    one, other = comparison.baseline, comparison.tuned
    rows = [f"| {said} | {_said(getattr(one, name))} | {_said(getattr(other, name))} |" for said, name in _ROWS]
    return "\n".join([
        f"# {one.name} against {other.name}",
        "",
        (f"{comparison.verdict} Of {one.records} questions {comparison.only_baseline_right} were answered rightly by"
        f" {one.name} alone, {comparison.only_tuned_right} by {other.name} alone (McNemar, exact,"
        f" p = {comparison.p_value:g})."),
        "",
        f"| | {one.name} | {other.name} |",
        "|---|---|---|",
        *rows,
        (f"| seconds, p50 / p95 | {one.latency_p50_s:g} / {one.latency_p95_s:g} |"
        f" {other.latency_p50_s:g} / {other.latency_p95_s:g} |"),
        f"| tokens | {_tokens(one)} | {_tokens(other)} |",
        f"| cost of all answers | {_cost(one)} | {_cost(other)} |",
        f"| ROUGE-1, ROUGE-L, BLEU-4 | {_wording(one)} | {_wording(other)} |",
        "",
        ("In brackets: 95 % bootstrap interval over questions. ROUGE and BLEU compare wording with the approved answer;"
        " they reward likeness, not truth."),
        "",
        f"![Rates with their intervals]({plot})",
        "",
    ])  # fmt: skip


def _said(rate: Rate) -> str:
    return f"{rate.value:.1%} ({rate.low:.1%}-{rate.high:.1%})"


def _tokens(examined: Examined) -> str:
    return "not told" if examined.tokens is None else f"{examined.tokens:,}"


def _cost(examined: Examined) -> str:
    return "no price given" if examined.cost is None else f"{examined.cost:.4g}"


def _wording(examined: Examined) -> str:
    return f"{examined.rouge_1:.2f}, {examined.rouge_l:.2f}, {examined.bleu_4:.2f}"


def _plot(comparison: Comparison) -> str:
    """Return a dot with its interval for each rate and model, as SVG."""
    width, left, row = 640, 170, 46
    height = row * len(_ROWS) + 40
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"'
            ' font-size="13" role="img"><title>Rates of both models with their intervals</title>'
        )
    ]
    for at, (said, name) in enumerate(_ROWS):
        y = 24 + at * row
        parts.append(f'<text x="8" y="{y + 12}">{said}</text>')
        for shift, color, examined in ((4, "#2563eb", comparison.baseline), (16, "#c2410c", comparison.tuned)):
            rate: Rate = getattr(examined, name)
            low, value, high = (left + one * (width - left - 20) for one in (rate.low, rate.value, rate.high))
            parts.append(
                f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y + shift}" y2="{y + shift}" stroke="{color}"'
                f' stroke-width="2"/><circle cx="{value:.1f}" cy="{y + shift}" r="4" fill="{color}"/>'
            )
    y = 24 + len(_ROWS) * row
    parts.append(f'<text x="{left}" y="{y}">0 %</text><text x="{width - 50}" y="{y}">100 %</text></svg>')
    return "\n".join(parts) + "\n"
