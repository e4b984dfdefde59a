"""The part of an attempt that needs the network: a model's work on the insights, at first and when they are made anew.

Reports travel as files: `result` is where the finished one of this attempt lies.
"""

import asyncio
import time
from pathlib import Path

from datapilot.actions.explain import ModelTools, as_rules_left_it, explain
from datapilot.actions.keep_outbound import OutboundBook
from datapilot.contracts.errors import Unavailable
from datapilot.contracts.insight import Insights
from datapilot.contracts.report import Report, ReportIssue
from datapilot.jobs import lifecycle
from datapilot.jobs.base import Attempt
from datapilot.storage.base import Storage
from datapilot.storage.keys import rules_key, version_key
from datapilot.telemetry.logs import get_logger, ms_since
from datapilot.telemetry.metrics import Meter
from datapilot.worker.patience import Patience, patiently

TIME_TO_PUBLISH_S = 10.0  # kept back from the model, so that a finished analysis is not lost to waiting
REPROCESS_FAILED = "reprocess_failed"
EARLIER_STANDS = "These are the earlier insights: making new ones did not succeed."

log = get_logger("worker")


async def explain_result(
    attempt: Attempt,
    result: Path,
    *,
    tools: ModelTools | None,
    storage: Storage,
    meter: Meter,
    patience: Patience = Patience(),
) -> None:
    """Let the model, if one is to be asked, order and comment on the findings in `result`. What the rules alone said is
    kept beside it. A model that fails changes nothing but the report's issues."""
    model = tools.model.name if tools else None
    log.info("LLM start", step="insights", model=model)
    begun = time.perf_counter()
    fell_back = False
    if tools is not None:
        report = Report.model_validate_json(await asyncio.to_thread(result.read_bytes))
        time_left_s = lifecycle.seconds_until(attempt.job.timeout_at) - TIME_TO_PUBLISH_S
        book = OutboundBook(attempt.job.job_id, storage=storage)
        explained = await explain(report, tools=tools, time_left_s=time_left_s, keep=book.add)
        fell_back = explained.fell_back
        if attempt.request.llm == "on" and (explained.calls or fell_back):
            meter.count("llm_jobs_total")
            meter.count("llm_fallbacks_total", fell_back)
        if explained.report.insights != report.insights:
            key, rules = rules_key(attempt.job.job_id), report.insights.model_dump_json().encode()
            await patiently(
                lambda: storage.put_bytes(key, rules),
                attempt=attempt,
                within_s=patience.save_s,
                look_s=patience.look_s,
            )
        await _write(explained.report, result)
    log.info("LLM done", step="insights", duration_ms=ms_since(begun), model=model, fell_back=fell_back)


async def restore_version(attempt: Attempt, version: int, result: Path, *, storage: Storage) -> None:
    """Write an earlier result of the job to `result` as the rules alone left it. Raises FileNotFoundError."""
    job_id = attempt.job.job_id
    begun = time.perf_counter()
    content = await storage.get(version_key(job_id, version))
    log.info("blob read", step="insights", duration_ms=ms_since(begun), bytes=len(content))
    await attempt.report("insights", lifecycle.PERCENT_AT["insights"], "")
    report = Report.model_validate_json(content)
    rules = None
    if report.insights.metadata.source != "rules":
        rules = Insights.model_validate_json(await storage.get(rules_key(job_id)))
    report = as_rules_left_it(report, rules).model_copy(update={"processed_at": lifecycle.now_text()})
    await _write(report, result)


async def bring_back(attempt: Attempt, version: int, result: Path, *, because: str, storage: Storage) -> bool:
    """Write the result there was before the attempt to `result`, with a word on why it stands again; False when it
    cannot be read."""
    try:
        report = Report.model_validate_json(await storage.get(version_key(attempt.job.job_id, version)))
    except (Unavailable, FileNotFoundError, ValueError):
        log.exception("earlier result not readable")
        return False
    issues = [issue for issue in report.issues if issue.code != REPROCESS_FAILED]
    issues.append(ReportIssue(code=REPROCESS_FAILED, message=f"{EARLIER_STANDS} {because}"))
    await _write(report.model_copy(update={"issues": tuple(issues)}), result)
    return True


async def _write(report: Report, result: Path) -> None:
    await asyncio.to_thread(result.write_bytes, report.model_dump_json().encode())
