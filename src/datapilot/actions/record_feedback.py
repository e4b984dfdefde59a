"""Keep what a person says about an insight, together with what a model could learn from it."""

import asyncio
import secrets

from datapilot.actions.read_job import open_result
from datapilot.contracts.errors import EditRefused, ResultNotReady, UnknownInsight
from datapilot.contracts.feedback import Feedback, FeedbackRecord
from datapilot.contracts.insight import Insights
from datapilot.contracts.report import Report
from datapilot.insights.language_model.catalogue import personal_cells
from datapilot.insights.language_model.edits import UnfitEdit, fit_edit
from datapilot.insights.language_model.egress import EgressGuard, PersonalDataFound
from datapilot.insights.language_model.lessons import make_lesson
from datapilot.insights.language_model.privacy import mask_wholly
from datapilot.jobs.base import Jobs
from datapilot.jobs.lifecycle import now_text
from datapilot.storage.base import Storage
from datapilot.storage.feedback import FeedbackBook
from datapilot.storage.keys import rules_key

WITHHELD = "[WITHHELD]"  # in the place of a remark that names somebody of the table


async def record_feedback(
    feedback: Feedback, *, jobs: Jobs, storage: Storage, book: FeedbackBook, reviewer: str
) -> FeedbackRecord:
    """Return the record as it is kept. `reviewer` names who judged; only a hash of it is kept.

    Raises UnknownJob, ResultNotReady, UnknownInsight, and EditRefused for an edit whose figures no fact brings or
    that holds personal data; then nothing is kept.
    """
    report = await read_report(feedback.job_id, jobs=jobs, storage=storage)
    published = next((one for one in report.insights.analyst_insights if one.id == feedback.insight_id), None)
    if published is None:
        raise UnknownInsight(f"The result of {feedback.job_id} has no insight {feedback.insight_id}.")
    edited = None
    if feedback.edited is not None:
        try:
            edited = await asyncio.to_thread(fit_edit, feedback.edited, published, report)
        except UnfitEdit as unfit:
            raise EditRefused(str(unfit)) from None
    rules = await _rules_of(report, storage)
    lesson = await asyncio.to_thread(make_lesson, report, published.id, rules=rules, edited=edited)
    record = FeedbackRecord(
        feedback_id=f"fb_{secrets.token_hex(12)}",
        at=now_text(),
        reviewer=await book.sign(reviewer),
        job_id=feedback.job_id,
        insight_id=feedback.insight_id,
        action=feedback.action,
        score=feedback.score,
        reason=_without_people(feedback.reason, report),
        comment=_without_people(feedback.comment, report),
        edited=edited,
        lesson=lesson,
    )
    await book.add(record)
    return record


async def feedback_of(job_id: str, *, jobs: Jobs, book: FeedbackBook) -> tuple[FeedbackRecord, ...]:
    """Return the latest judgement of each insight of a job, oldest first. Raises UnknownJob."""
    await jobs.get(job_id)
    return tuple({record.insight_id: record for record in await book.records(job_id)}.values())


async def read_report(job_id: str, *, jobs: Jobs, storage: Storage) -> Report:
    """Return the stored report of a completed job. Raises UnknownJob, ResultNotReady."""
    chunks = await open_result(job_id, jobs=jobs, storage=storage)
    try:
        content = b"".join([chunk async for chunk in chunks])
    except FileNotFoundError:
        raise ResultNotReady("The result has been deleted.") from None
    return await asyncio.to_thread(Report.model_validate_json, content)


async def _rules_of(report: Report, storage: Storage) -> Insights:
    if report.insights.metadata.source == "rules":
        return report.insights
    try:
        return Insights.model_validate_json(await storage.get(rules_key(report.job_id)))
    except FileNotFoundError:
        return report.insights


def _without_people(text: str | None, report: Report) -> str | None:
    """Return a remark with whatever looks personal masked, and none at all of one that quotes a personal cell."""
    if text is None or not text.strip():
        return None
    masked = mask_wholly(text)
    try:
        EgressGuard(personal_cells(report)).check(masked.encode())
    except PersonalDataFound:
        return WITHHELD
    return masked
