"""Try a running server from outside, as its users do: upload, result, model, cancel, and the failures it must survive.

It knows only the server's address and, where there is a login, a key.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from datapilot.contracts.smoke import SmokeReport, SmokeStep

PAUSES_S = (1.0, 2.0, 4.0, 8.0, 15.0)  # between two looks at a job; the last one stays
ANSWER_WITHIN_S = 30.0
LONGEST_SAYING = 300
ENDED = frozenset({"completed", "failed", "cancelled"})
# What every result holds; the page cannot be drawn without one of them.
RESULT_KEYS = frozenset({
    "jobId", "fileInfo", "schema", "kpis", "cleanedPreview", "chartSpecs", "qualityScore", "quality", "facts",
    "insights", "receipt", "issues", "processedAt",
})  # fmt: skip
ROWS, WIDE_ROWS, WIDE_COLUMNS = 240, 4000, 60
TOO_SHORT_S = 0.001  # no job is done in this time


class StepFailed(Exception):
    """The server did not do what it should; the message says what."""


class StepSkipped(Exception):
    """The step does not apply to this server; the message says why."""


@dataclass
class SmokeTest:
    """The steps, and what later ones need from earlier ones. Waits for a job `max_wait_s` at most."""

    client: httpx.AsyncClient
    max_wait_s: float = 600.0
    pauses_s: Sequence[float] = PAUSES_S
    version: str | None = None
    _max_bytes: int | None = None
    _job: str | None = None
    _too_small: str = ""
    _result: dict[str, Any] = field(default_factory=dict)

    async def run(self) -> SmokeReport:
        """Return what was found. Raises nothing: a server that is not there fails every step."""
        started, begun = datetime.now(UTC), time.monotonic()
        steps: list[tuple[str, Callable[[], Awaitable[str]]]] = [
            ("health", self._health),
            ("upload and process", self._upload),
            ("result renders", self._render),
            ("language model", self._model),
            ("cancel", self._cancel),
            ("language model fails", self._model_fails),
            ("timeout", self._timeout),
        ]
        told = [await _tried(name, step) for name, step in steps]
        return SmokeReport(
            url=str(self.client.base_url),
            version=self.version,
            started_at=started.isoformat(timespec="milliseconds"),
            seconds=round(time.monotonic() - begun, 2),
            status="failed" if any(step.status == "failed" for step in told) else "passed",
            steps=tuple(told),
        )

    async def _health(self) -> str:
        health = (await self.client.get("/api/health")).json()
        unwell = {name: part for name, part in health["components"].items() if part["status"] != "ok"}
        if unwell:
            told = "; ".join(f"{name} is {part['status']} {part['details'] or ''}" for name, part in unwell.items())
            raise StepFailed(f"the server is {health['status']}: {told}")
        config = await self._get("/api/config")
        self.version, self._max_bytes = str(config["version"]), int(config["maxUploadSizeBytes"])
        return f"ok, version {self.version}"

    async def _upload(self) -> str:
        self._job = await self._send(_sales())
        record = await self._ended(self._job)
        if record["status"] != "completed":
            raise StepFailed(f"the job is {record['status']}: {record.get('error')}, {record.get('errorMessage')}")
        return f"completed, attempt {record['attempt']}"

    async def _render(self) -> str:
        self._result = await self._get("/api/result", jobId=self._needed_job())
        missing = sorted(RESULT_KEYS - self._result.keys())
        if missing:
            raise StepFailed(f"the result lacks {', '.join(missing)}")
        if self._result["kpis"]["rowCount"] != ROWS:
            raise StepFailed(f"{ROWS} rows were sent, the result counts {self._result['kpis']['rowCount']}")
        if not self._result["chartSpecs"] or not self._result["facts"]:
            raise StepFailed("the result has no charts or no facts")
        page = await self.client.get("/results/", params={"id": self._needed_job()})
        if page.status_code != 200 or "<html" not in page.text.lower():
            raise StepFailed(f"the result page answers {page.status_code}: {_problem(page)}")
        return f"{len(self._result['chartSpecs'])} charts, {len(self._result['facts'])} facts, quality " + str(
            self._result["qualityScore"]
        )

    async def _model(self) -> str:
        if not self._result:
            self._needed_job()
            raise StepFailed("there is no result to look at")
        source = self._result["insights"]["metadata"]["source"]
        troubles = [issue for issue in self._result["issues"] if str(issue["code"]).startswith("llm_")]
        if source == "rules":
            if troubles:
                raise StepFailed(f"the rules had to speak: {troubles[0]['code']}, {troubles[0]['message']}")
            raise StepSkipped("no language model is configured; the rules speak")
        return f"the insights come from {source}: {self._result['insights']['metadata']['model']}"

    async def _cancel(self) -> str:
        table = _wide(self._max_bytes)
        job = await self._send(table)
        answer = await self.client.post("/api/cancel", params={"jobId": job})
        if answer.status_code == 409 and len(table) < len(_wide(None)):
            raise StepSkipped(f"a table of {len(table):,} bytes, all that the server takes, was done too soon")
        if answer.status_code != 200 or answer.json().get("status") != "cancelled":
            raise StepFailed(f"cancelling answers {answer.status_code}: {_problem(answer)}")
        record = await self._ended(job)
        result = await self.client.get("/api/result", params={"jobId": job})
        if record["status"] != "cancelled" or result.status_code == 200:
            raise StepFailed(f"after cancelling the job is {record['status']}, its result answers {result.status_code}")
        return "cancelled, and no result is left"

    async def _model_fails(self) -> str:
        job = await self._send(_sales(), llm="fail")
        record = await self._ended(job)
        if record["status"] != "completed":
            raise StepFailed(f"a job whose model fails is {record['status']}: {record.get('errorMessage')}")
        result = await self._get("/api/result", jobId=job)
        if result["insights"]["metadata"]["source"] != "rules" or not result["insights"]["analystInsights"]:
            raise StepFailed("the rules do not speak for a model that fails")
        if not any(str(issue["code"]).startswith("llm_") for issue in result["issues"]):
            raise StepFailed("the result does not say that the model failed")
        return "the job completes, and says so"

    async def _timeout(self) -> str:
        job = await self._send(_wide(self._max_bytes), timeoutSeconds=str(TOO_SHORT_S))
        record = await self._ended(job)
        if (record["status"], record.get("error")) != ("failed", "timeout"):
            raise StepFailed(f"a job without time is {record['status']}: {record.get('error')}")
        return "a job that takes too long fails with its code"

    async def _send(self, content: bytes, **fields: str) -> str:
        answer = await self.client.post("/api/upload", files={"file": ("smoke.csv", content)}, data=fields)
        if answer.status_code == 422 and fields.get("llm") == "fail":
            raise StepSkipped("the server plays no faults (SMOKE_FAULTS)")
        if answer.status_code == 413 and self._max_bytes is not None and len(content) > self._max_bytes:
            self._too_small = f"the server takes no file of {len(content):,} bytes (MAX_UPLOAD_SIZE_BYTES)"
            raise StepSkipped(self._too_small)
        if answer.status_code != 202:
            raise StepFailed(f"the upload answers {answer.status_code}: {_problem(answer)}")
        return str(answer.json()["jobId"])

    async def _ended(self, job: str) -> dict[str, Any]:
        """Return the record once the job has ended; looks at it as polling clients do."""
        give_up = time.monotonic() + self.max_wait_s
        record: dict[str, Any] = {"status": "unknown"}
        for look in range(1_000_000):
            await asyncio.sleep(min(self.pauses_s[min(look, len(self.pauses_s) - 1)], max(0.0, self.max_wait_s)))
            record = await self._get("/api/job-status", jobId=job)
            if record["status"] in ENDED:
                return record
            if time.monotonic() > give_up:
                break
        raise StepFailed(f"the job is still {record['status']} after {self.max_wait_s:g} s; is a worker running?")

    async def _get(self, path: str, **query: str) -> dict[str, Any]:
        answer = await self.client.get(path, params=query)
        if answer.status_code != 200:
            raise StepFailed(f"{path} answers {answer.status_code}: {_problem(answer)}")
        told: dict[str, Any] = answer.json()
        return told

    def _needed_job(self) -> str:
        if self._job is None and self._too_small:
            raise StepSkipped(self._too_small)
        if self._job is None:
            raise StepFailed("no job was accepted")
        return self._job


def smoke_client(url: str, *, key: str | None = None) -> httpx.AsyncClient:
    """Return a client for the server at `url`, which asks with `key` where there is one."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.AsyncClient(base_url=url.rstrip("/"), headers=headers, timeout=ANSWER_WITHIN_S, trust_env=False)


def report_text(report: SmokeReport) -> str:
    """Return the report as Markdown."""
    rows = "".join(f"| {step.name} | {step.status} | {step.seconds:.1f} s | {step.says} |\n" for step in report.steps)
    return (
        f"# Smoke test: {report.status}\n\n{report.url}, version {report.version or 'unknown'},"
        f" {report.started_at}, {report.seconds:.1f} s\n\n| step | | took | |\n|---|---|---|---|\n{rows}"
    )


async def _tried(name: str, step: Callable[[], Awaitable[str]]) -> SmokeStep:
    begun = time.monotonic()
    try:
        says = await step()
        status = "passed"
    except StepSkipped as skipped:
        says, status = str(skipped), "skipped"
    except StepFailed as failed:
        says, status = str(failed), "failed"
    except httpx.HTTPError as error:
        says, status = f"the server does not answer ({type(error).__name__})", "failed"
    except (ValueError, KeyError, TypeError) as error:
        says, status = f"the answer is not one of ours ({type(error).__name__}: {error})", "failed"
    says = " ".join(says.split())[:LONGEST_SAYING].replace("|", "/")
    return SmokeStep.model_validate(
        {"name": name, "status": status, "says": says, "seconds": round(time.monotonic() - begun, 2)}
    )


def _problem(answer: httpx.Response) -> str:
    """Return what an answer complains about."""
    try:
        told = answer.json()
    except ValueError:
        return answer.text[:LONGEST_SAYING]
    return f"{told.get('code')}, {told.get('detail')}" if isinstance(told, dict) else str(told)[:LONGEST_SAYING]


def _sales() -> bytes:
    """Return a small table with something to find in it."""
    lines = ["date,region,product,units,revenue"]
    for n in range(ROWS):
        region = ("North", "South", "East", "West")[n % 4]
        units = 20 + (n * 7) % 13 + n // 24 + (15 if region == "North" else 0)
        lines.append(f"2025-{n // 20 + 1:02}-{n % 20 + 1:02},{region},{'AB'[n % 3 == 0]},{units},{units * 12.5:.2f}")
    return "\n".join(lines).encode() + b"\n"


def _wide(max_bytes: int | None) -> bytes:
    """Return a table that takes long enough to be cancelled, or as much of it as the server takes."""
    lines = [",".join(f"m{column}" for column in range(WIDE_COLUMNS))]
    lines += [",".join(str((row * 7919 + column * 104729) % 9973) for column in range(WIDE_COLUMNS))
              for row in range(WIDE_ROWS)]  # fmt: skip
    whole = "\n".join(lines).encode() + b"\n"
    return whole if max_bytes is None else whole[: whole.rfind(b"\n", 0, max_bytes) + 1] or whole
