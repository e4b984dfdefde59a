"""`datapilot feedback review JOB`: every insight of a result with its evidence, and what the reviewer says of it."""

import asyncio
import getpass
import os
import signal
from collections.abc import Callable
from typing import Annotated, get_args

import typer

from datapilot.actions.record_feedback import feedback_of, read_report, record_feedback
from datapilot.cli.output import say
from datapilot.contracts.errors import EditRefused
from datapilot.contracts.feedback import HIGHEST_SCORE, REASONS, Feedback, FeedbackAction
from datapilot.contracts.insight import Insight, Priority, Severity, Who
from datapilot.contracts.measure import Fact
from datapilot.contracts.report import Report
from datapilot.insights.language_model.support import INTERPRETATION
from datapilot.insights.wording.naming import SlotNamer, Unnameable, name_measure
from datapilot.settings import Settings, load_settings
from datapilot.wiring import Doors, open_doors
from datapilot.words.numbers import counted
from datapilot.words.render import UnfitTemplate, render

MENU = "[a]pprove  [e]dit  [r]eject  [s]kip  [q]uit"
ACTIONS: dict[str, FeedbackAction] = {"a": "approve", "e": "edit", "r": "reject", "s": "skip"}
QUIT = "q"


def review(
    job: Annotated[str, typer.Argument(help="The job's id, job_….")],
    *,
    again: Annotated[bool, typer.Option("--again", help="Show the insights that were judged before, too.")] = False,
) -> None:
    """Judge the insights of a finished job, one by one."""
    kept = asyncio.run(_review(job, load_settings(), is_again=again))
    say(f"{counted(kept, 'judgement')} kept.")


VERBS = {"review": review}


async def _review(job_id: str, settings: Settings, *, is_again: bool) -> int:
    # asyncio would keep Ctrl-C for the next await, and a question waits for its answer without one.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    async with open_doors(settings, start=False) as doors:
        report = await read_report(job_id, jobs=doors.jobs, storage=doors.storage)
        judged = {one.insight_id for one in await feedback_of(job_id, jobs=doors.jobs, book=doors.feedback)}
        waiting = [one for one in report.insights.analyst_insights if is_again or one.id not in judged]
        if not waiting:
            say("Every insight of this job has been judged; --again shows them once more.")
        kept = 0
        for number, insight in enumerate(waiting, start=1):
            _show(insight, report, f"{number} of {len(waiting)}")
            try:
                if not await _judge(insight, report, doors):
                    break
            except (EOFError, KeyboardInterrupt):
                say()
                break
            kept += 1
        return kept


async def _judge(insight: Insight, report: Report, doors: Doors) -> bool:
    """Ask until something is kept. False when the reviewer wants to end."""
    while True:
        said = _ask(MENU, lambda text: text[:1].lower() if text[:1].lower() in {*ACTIONS, QUIT} else None)
        if said == QUIT:
            return False
        action = ACTIONS[said]
        edited = _edited(insight) if action == "edit" else None
        try:
            await record_feedback(
                Feedback(
                    job_id=report.job_id,
                    insight_id=insight.id,
                    action=action,
                    score=None if action == "skip" else _score(),
                    reason=_reason() if action == "reject" else None,
                    comment=None if action == "skip" else _remark(),
                    edited=edited,
                ),
                jobs=doors.jobs,
                storage=doors.storage,
                book=doors.feedback,
                reviewer=f"terminal {_reviewer()}",
            )
        except EditRefused as refused:
            say(f"Not kept: {refused}")
            continue
        return True


def _reviewer() -> str:
    """Return the user's name, or the number where the system has no name for it, as in many containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # KeyError until Python 3.13
        return f"uid {os.getuid()}"


def _show(insight: Insight, report: Report, place: str) -> None:
    say()
    say(f"── {place} ── {insight.kind}, {insight.severity}, {insight.id}")
    say(insight.headline)
    say(insight.detail, indent=2)
    advice = insight.recommendation
    say(f"→ {advice.who} ({advice.priority}): {advice.what}", indent=2)
    facts = {fact.id: fact for fact in report.facts}
    cited = [facts[one] for evidence in insight.evidence for one in evidence.fact_ids if one in facts]
    for described in dict.fromkeys(map(_described, cited)):
        say(f"· {described}", indent=2)
    for evidence in insight.evidence:
        if evidence.row_indices:
            say(f"· rows {', '.join(str(row + 1) for row in evidence.row_indices[:10])}", indent=2)
        if evidence.chart_id:
            say(f"· chart {evidence.chart_id}", indent=2)


def _described(fact: Fact) -> str:
    own = {fact.id: fact}
    try:
        name = render(name_measure(fact.measure, SlotNamer()), own)
        if not isinstance(fact.value, tuple):
            return render(f"{name_measure(fact.measure, SlotNamer())}: {{{fact.id}}}", own)
        shown = range(min(3, len(fact.value)))
        listed = "; ".join(render(f"{{{fact.id}[{at}].key}} {{{fact.id}[{at}].value}}", own) for at in shown)
        return f"{name}: {listed}{'; …' if len(fact.value) > len(shown) else ''}"
    except (Unnameable, UnfitTemplate):
        return f"fact {fact.id}"


def _edited(insight: Insight) -> Insight:
    """Return the insight with what the reviewer wrote; an empty answer keeps what is there."""
    say("Enter keeps what stands there.")
    headline = _kept("Headline", insight.headline)
    detail, _, comment = insight.detail.partition(f" {INTERPRETATION} ")
    comment = _kept("Interpretation", comment)
    advice = insight.recommendation
    return insight.model_copy(
        update={
            "headline": headline,
            "detail": f"{detail} {INTERPRETATION} {comment}" if comment else detail,
            "severity": _one_of("Severity", get_args(Severity), insight.severity),
            "recommendation": advice.model_copy(
                update={
                    "who": _one_of("Who", get_args(Who), advice.who),
                    "what": _kept("What", advice.what),
                    "priority": _one_of("Priority", get_args(Priority), advice.priority),
                }
            ),
        }
    )


def _kept(name: str, present: str) -> str:
    return input(f"{name} [{present}]: ").strip() or present


def _one_of(name: str, allowed: tuple[str, ...], present: str) -> str:
    asked = f"{name} ({', '.join(allowed)}) [{present}]"
    return _ask(asked, lambda text: (text or present) if (text or present) in allowed else None)


def _score() -> int:
    return int(_ask(f"Score 1-{HIGHEST_SCORE}", lambda text: text if text in set("12345") else None))


def _reason() -> str | None:
    listed = ", ".join(REASONS)
    return input(f"Why? {listed}, or in your words: ").strip() or None


def _remark() -> str | None:
    return input("Remark (Enter for none): ").strip() or None


def _ask(question: str, accepted: Callable[[str], str | None]) -> str:
    """Ask until the answer is one that is accepted."""
    while True:
        answer = accepted(input(f"{question}: ").strip())
        if answer is not None:
            return answer
