"""Job status, live events, cancel and re-reading over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from datapilot.contracts.errors import QueueUnavailable
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.keys import error_key, result_key

RECORD_KEYS = {
    "jobId", "status", "step", "progress", "error", "errorMessage", "resultUrl", "createdAt", "updatedAt",
    "timeoutAt", "cancelledAt", "attempt", "filename",
}  # fmt: skip


async def snapshots(lines: AsyncIterator[str]) -> AsyncIterator[dict[str, Any]]:
    """Yield each server-sent event as its fields."""
    fields: dict[str, Any] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif fields:
            if "data" in fields:
                fields["data"] = json.loads(fields["data"])
            yield fields
            fields = {}


@pytest.mark.spec("D2", "G3")
@pytest.mark.parametrize(
    "address", ["/api/health", "/metrics", "/api/job-status?jobId={}", "/api/result?jobId={}", "/api/jobs"]
)
async def test_head_is_that_of_get(house: Any, address: str) -> None:
    """Monitors ask so whether a server is well, download tools how large a file is: same status, same head, no body."""
    job_id = await house.upload()
    await house.complete(job_id)
    address = address.format(job_id)

    head, got = await house.client.head(address), await house.client.get(address)

    assert (head.status_code, head.content) == (got.status_code, b"")
    told = {"content-type", "cache-control", "content-encoding"}
    assert {name: head.headers.get(name) for name in told} == {name: got.headers.get(name) for name in told}


@pytest.mark.spec("D2")
async def test_head_of_live_events_does_not_wait_for_the_job(house: Any) -> None:
    """The job is still waiting; who only asks for the head has it at once."""
    job_id = await house.upload()

    head = await house.client.head(f"/api/jobs/{job_id}/events", timeout=30)

    assert (head.status_code, head.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")


@pytest.mark.spec("D1", "D2")
@pytest.mark.parametrize("address", ["/api/job-status?jobId={}", "/api/jobs/{}"])
async def test_status_is_the_whole_record(house: Any, address: str) -> None:
    """A new job is `submitted`, and every key of the record is there from the first moment."""
    job_id = await house.upload(name="sales.csv")

    answer = await house.client.get(address.format(job_id))

    record = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert record.keys() >= RECORD_KEYS
    assert (record["jobId"], record["status"], record["filename"]) == (job_id, "submitted", "sales.csv")


@pytest.mark.spec("D2")
@pytest.mark.parametrize(
    "address",
    [
        "/api/job-status?jobId={}", "/api/jobs/{}", "/api/jobs/{}/events", "/api/result?jobId={}",
        "/api/jobs/{}/columns", "/api/jobs/{}/table",
    ],
)  # fmt: skip
@pytest.mark.parametrize("job_id", ["job_000000000000000000000000", "x", "..", "a%20b", "%00", "j" * 3000])
async def test_unknown_job_is_404(house: Any, address: str, job_id: str) -> None:
    """An id that means nothing, or cannot mean anything, is answered alike."""
    answer = await house.client.get(address.format(job_id))

    # A client may resolve ".." itself, then it asks for another address.
    assert answer.status_code == 404
    assert answer.json()["code"] in ({"unknown_job"} if job_id != ".." else {"unknown_job", "not_found"})


@pytest.mark.spec("D4")
async def test_overdue_job_has_failed_without_any_worker(house: Any, until: Any) -> None:
    """The status endpoint alone ends a job whose time is up, and the failure report lies in storage."""
    job_id = await house.upload(timeoutSeconds="0.05")
    await asyncio.sleep(0.06)

    record = (await house.client.get(f"/api/job-status?jobId={job_id}")).json()

    assert (record["status"], record["error"]) == ("failed", "timeout")
    report = json.loads(await house.storage.get(error_key(job_id)))
    assert report.keys() == {"jobId", "status", "error", "message", "timestamp"}
    assert (report["jobId"], report["status"], report["error"]) == (job_id, "failed", "timeout")


@pytest.mark.spec("D5")
async def test_failure_report_of_the_worker_is_left_alone(house: Any) -> None:
    """What the worker wrote is not written over."""
    job_id = await house.upload()
    await house.storage.put_bytes(error_key(job_id), b"the worker's")
    await house.fail(job_id)

    await house.client.get(f"/api/job-status?jobId={job_id}")

    assert await house.storage.get(error_key(job_id)) == b"the worker's"


async def test_jobs_are_listed_newest_first(house: Any) -> None:
    """The history begins with the last upload, and may be cut."""
    ids = [await house.upload(name=f"{number}.csv") for number in range(3)]

    listed = (await house.client.get("/api/jobs")).json()["jobs"]
    cut = (await house.client.get("/api/jobs?limit=1")).json()["jobs"]

    assert {job["jobId"] for job in listed} == set(ids)
    assert [job["createdAt"] for job in listed] == sorted((job["createdAt"] for job in listed), reverse=True)
    assert len(cut) == 1


@pytest.mark.parametrize("limit", ["0", "501", "x", ""])
async def test_senseless_limit_is_refused(house: Any, limit: str) -> None:
    """A validation error has the same form as every other, and names the field."""
    answer = await house.client.get(f"/api/jobs?limit={limit}")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert "limit" in answer.json()["detail"]


@pytest.mark.spec("D2", "H4")
async def test_events_tell_every_change_and_end_with_the_job(house: Any) -> None:
    """One event now and one per change, each the whole job with its revision as id; the final one is the last."""
    job_id = await house.upload()
    seen = []

    async with house.client.stream("GET", f"/api/jobs/{job_id}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-accel-buffering"] == "no"
        async for event in snapshots(answer.aiter_lines()):
            seen.append(event)
            status = event["data"]["status"]
            if len(seen) == 1:
                await house.start(job_id)
            elif status == "processing" and event["data"]["step"] == "queued":
                await house.jobs.report(job_id, 1, step="profiling", progress=45, detail="2 rows")
            elif status == "processing":
                await house.complete_running(job_id)

    assert [event["event"] for event in seen] == ["snapshot"] * len(seen)
    assert [event["data"]["status"] for event in seen] == ["submitted", "processing", "processing", "completed"]
    assert [int(event["id"]) for event in seen] == [event["data"]["revision"] for event in seen]
    assert seen[2]["data"]["detail"] == "2 rows"


@pytest.mark.spec("D2")
async def test_events_of_a_finished_job_are_one(house: Any) -> None:
    """Who comes late gets the final state and no open connection."""
    job_id = await house.upload()
    await house.complete(job_id)

    answer = await house.client.get(f"/api/jobs/{job_id}/events")

    events = [event async for event in snapshots(answer.aiter_lines())]
    assert [event["data"]["status"] for event in events] == ["completed"]


@pytest.mark.spec("D4")
async def test_events_tell_a_timeout_without_any_worker(house: Any) -> None:
    """Somebody who only watches learns that the time is up."""
    job_id = await house.upload(timeoutSeconds="0.2")

    answer = await house.client.get(f"/api/jobs/{job_id}/events")

    events = [event async for event in snapshots(answer.aiter_lines())]
    assert events[-1]["data"]["error"] == "timeout"


async def test_many_watchers_see_the_same_end(house: Any) -> None:
    """Twenty pages on one job all hear of its end."""
    job_id = await house.upload()

    async def last() -> str:
        async with house.client.stream("GET", f"/api/jobs/{job_id}/events") as answer:
            return [event["data"]["status"] async for event in snapshots(answer.aiter_lines())][-1]

    watching = [asyncio.create_task(last()) for _ in range(20)]
    await asyncio.sleep(0.2)
    await house.complete(job_id)

    assert await asyncio.gather(*watching) == ["completed"] * 20


@pytest.mark.spec("D3")
@pytest.mark.parametrize(
    "call",
    [
        pytest.param({"params": True}, id="in the query, no body"),
        pytest.param({"params": True, "headers": {"content-type": "application/json"}}, id="an empty JSON body"),
        pytest.param({"params": True, "headers": {"content-type": "text/plain"}}, id="an empty text body"),
        pytest.param(
            {"params": True, "headers": {"content-type": "application/x-www-form-urlencoded"}}, id="an empty form"
        ),
        pytest.param({"json": True}, id="in a JSON body"),
    ],
)
@pytest.mark.parametrize("state", ["waiting", "running"])
async def test_job_is_cancelled_and_leaves_no_result(house: Any, call: dict[str, Any], state: str) -> None:
    """However it is asked, waiting or running: the job is cancelled, with the time, and no result lies about."""
    job_id = await house.upload()
    if state == "running":
        await house.start(job_id)
    await house.storage.put_bytes(result_key(job_id), b"half")

    answer = await house.client.post(
        "/api/cancel",
        params={"jobId": job_id} if "params" in call else None,
        json={"jobId": job_id} if "json" in call else None,
        headers=call.get("headers"),
    )

    said = answer.json()
    assert answer.status_code == 200
    assert said == {"jobId": job_id, "status": "cancelled", "cancelledAt": said["cancelledAt"]}
    assert (await house.jobs.get(job_id)).status == "cancelled"
    assert not await house.storage.exists(result_key(job_id))


@pytest.mark.spec("D3")
async def test_cancelling_twice_gives_the_same_answer(house: Any) -> None:
    """The second time is 200 with the same body, time included."""
    job_id = await house.upload()

    first = await house.client.post(f"/api/cancel?jobId={job_id}")
    second = await house.client.post(f"/api/cancel?jobId={job_id}")

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()


@pytest.mark.spec("F1")
async def test_ended_job_is_deleted_and_a_living_one_is_not(house: Any) -> None:
    """Afterwards nobody knows the job, and nothing of it is in the store."""
    job_id = await house.upload()

    alive = await house.client.delete(f"/api/jobs/{job_id}")
    await house.complete(job_id)
    done = await house.client.delete(f"/api/jobs/{job_id}")
    again = await house.client.delete(f"/api/jobs/{job_id}")

    assert (alive.status_code, alive.json()["code"]) == (409, "job_running")
    assert (done.status_code, done.json()) == (200, {"jobId": job_id, "status": "deleted"})
    assert (again.status_code, again.json()["code"]) == (404, "unknown_job")
    assert [stored.key async for stored in house.storage.list()] == []


@pytest.mark.spec("D3")
@pytest.mark.parametrize("end", ["complete", "fail"])
async def test_finished_job_cannot_be_cancelled(house: Any, end: str) -> None:
    """Completed or failed is 409, and the result stays."""
    job_id = await house.upload()
    await getattr(house, end)(job_id)

    answer = await house.client.post(f"/api/cancel?jobId={job_id}")

    assert (answer.status_code, answer.json()["code"]) == (409, "job_finished")
    assert await house.storage.exists(result_key(job_id)) == (end == "complete")


@pytest.mark.spec("D3")
@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        pytest.param({"params": {"jobId": "job_absent"}}, 404, "unknown_job", id="an unknown job"),
        pytest.param({"params": {"jobId": "j" * 3000}}, 404, "unknown_job", id="an id of any length"),
        pytest.param({}, 400, "bad_request", id="no job named"),
        pytest.param({"json": {}}, 400, "bad_request", id="a body without it"),
        pytest.param({"json": {"jobId": 7}}, 400, "bad_request", id="an id that is a number"),
        pytest.param({"json": ["job_x"]}, 400, "bad_request", id="a list"),
        pytest.param({"content": b"{{"}, 400, "bad_request", id="a body that is no JSON"),
        pytest.param({"content": b"x" * 3_000_000}, 400, "bad_request", id="a body without measure"),
    ],
)
async def test_cancel_without_a_job_says_so(house: Any, call: dict[str, Any], status: int, code: str) -> None:
    """What names no job is refused with its reason."""
    answer = await house.client.post("/api/cancel", **call)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.spec("A4")
async def test_queue_that_is_down_is_503(open_house: Any) -> None:
    """An upload that cannot be queued is refused, told to come back, and not kept."""

    class Broken(MemoryJobs):
        async def submit(self, *_: Any, **__: Any) -> Any:
            raise QueueUnavailable("The job queue does not answer.")

    async with open_house(jobs=Broken()) as house:
        answer = await house.client.post("/api/upload", files={"file": ("a.csv", b"a,b\n1,2\n")})

        assert (answer.status_code, answer.json()["code"]) == (503, "queue_unavailable")
        assert int(answer.headers["retry-after"]) > 0
        assert [stored async for stored in house.storage.list("")] == []


@pytest.mark.spec("B8")
async def test_job_is_read_again_with_other_options(house: Any) -> None:
    """The same job goes back to `submitted`, and its earlier result is served no longer."""
    job_id = await house.upload()
    await house.complete(job_id)

    answer = await house.client.post(
        "/api/reread", json={"jobId": job_id, "options": {"delimiter": "tab", "dateOrder": "mdy", "headerRow": 2}}
    )

    assert (answer.status_code, answer.json()) == (202, {"jobId": job_id, "status": "submitted"})
    assert (await house.jobs.request(job_id)).options.model_dump(exclude_none=True) == {
        "delimiter": "\t", "dateOrder": "MDY", "headerRow": 2, "types": {},
    }  # fmt: skip
    assert (await house.client.get(f"/api/job-status?jobId={job_id}")).json()["status"] == "submitted"
    assert (await house.client.get(f"/api/result?jobId={job_id}")).status_code == 409


@pytest.mark.spec("B8")
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param({"options": {}}, 400, "bad_request", id="no job"),
        pytest.param({"jobId": 1}, 400, "bad_request", id="an id that is a number"),
        pytest.param({"jobId": "job_absent"}, 404, "unknown_job", id="an unknown job"),
        pytest.param({"jobId": "LIVING"}, 409, "job_running", id="a job that has not ended"),
        pytest.param({"jobId": "x", "options": []}, 422, "invalid_option", id="options that are a list"),
        pytest.param({"jobId": "x", "options": {"decimal": "x"}}, 422, "invalid_option", id="a wrong option"),
        pytest.param(
            {"jobId": "x", "options": {"types": {"a": "empty"}}}, 422, "invalid_option", id="no type to choose"
        ),
        pytest.param({"jobId": "x", "decimal": ","}, 422, "invalid_option", id="an option beside the options"),
    ],
)
async def test_reread_that_cannot_be_says_why(house: Any, body: dict[str, Any], status: int, code: str) -> None:
    """Each way to ask wrongly has its answer."""
    living = await house.upload()
    said = {name: living if value == "LIVING" else value for name, value in body.items()}

    answer = await house.client.post("/api/reread", json=said)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
