"""What a job has made, over a real socket: the report's bytes and its columns."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from datapilot.contracts.profile import ColumnProfile
from datapilot.storage.keys import columns_key, result_key


def column(name: str) -> dict[str, Any]:
    """One entry of a result's schema."""
    profile = ColumnProfile(
        name=name, inferred_type="numeric", storage="BIGINT", role="sum", ml_type="numeric", confidence=1,
        missing_count=0, missing_share=0, unique_count=2, sample_values=(1, 2),
    )  # fmt: skip
    return dict(json.loads(profile.model_dump_json()))


STATISTICS = {
    "count": 2, "sum": 3, "mean": 1.5, "min": 1, "max": 2, "median": 1.5, "std": 0.7, "skew": None, "kurtosis": None,
    "zeros": 0, "negatives": 0, "outliers": 0, "quantiles": {"p50": 1.5},
}  # fmt: skip
REPORT = json.dumps(
    {
        "schema": [column(f"c{number}") for number in range(30)],
        "kpis": {"numericStats": {"c0": STATISTICS, "c29": STATISTICS}},
        "receipt": {"conversions": []},
    }
).encode()


@pytest.mark.spec("B1")
async def test_result_is_the_stored_bytes(house: Any) -> None:
    """Byte by byte what the worker stored, spaces and all, so that a checksum of it holds."""
    stored = b'{ "jobId" : "x",\n "big": "' + b"y" * 3_000_000 + b'" }'
    job_id = await house.upload()
    await house.complete(job_id, stored)

    answer = await house.client.get(f"/api/result?jobId={job_id}")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.content == stored


async def test_result_is_compressed_for_who_can_read_it(house: Any) -> None:
    """A report shrinks to a tenth; who does not ask gets it plain."""
    job_id = await house.upload()
    await house.complete(job_id, REPORT)

    request = house.client.build_request(
        "GET", f"/api/result?jobId={job_id}", headers={"Accept-Encoding": "gzip, deflate, br"}
    )
    answer = await house.client.send(request, stream=True)
    sent = b"".join([chunk async for chunk in answer.aiter_raw()])
    plain = await house.client.get(f"/api/result?jobId={job_id}", headers={"Accept-Encoding": "identity"})

    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(sent) == REPORT
    assert len(sent) < len(REPORT) / 5
    assert "content-encoding" not in plain.headers
    assert plain.content == REPORT


@pytest.mark.parametrize("address", ["/api/result?jobId={}", "/api/jobs/{}/columns", "/api/jobs/{}/table"])
@pytest.mark.parametrize("state", ["waiting", "running", "failed", "cancelled"])
async def test_job_without_a_result_says_why(house: Any, address: str, state: str) -> None:
    """Not ready is 409 with its code; even a result that a dead worker left is not shown."""
    job_id = await house.upload()
    if state == "running":
        await house.start(job_id)
    elif state == "failed":
        await house.fail(job_id)
    elif state == "cancelled":
        await house.client.post(f"/api/cancel?jobId={job_id}")
    await house.storage.put_bytes(result_key(job_id), b"{}")

    answer = await house.client.get(address.format(job_id))

    assert (answer.status_code, answer.json()["code"]) == (409, "result_not_ready")


@pytest.mark.spec("D5")
async def test_failed_job_tells_its_reason_where_the_result_is_asked(house: Any) -> None:
    """Who asks for the result of a failed job reads why there is none."""
    job_id = await house.upload()
    await house.fail(job_id, message="The file holds no table.")

    answer = await house.client.get(f"/api/result?jobId={job_id}")

    assert "The file holds no table." in answer.json()["detail"]


async def test_deleted_result_is_said(house: Any) -> None:
    """A result that retention took away is no server error."""
    job_id = await house.upload()
    await house.complete(job_id)
    await house.storage.delete(result_key(job_id))

    answer = await house.client.get(f"/api/result?jobId={job_id}")

    assert (answer.status_code, answer.json()["code"]) == (409, "result_not_ready")


@pytest.mark.spec("B9")
async def test_columns_come_in_pages_with_their_statistics(house: Any) -> None:
    """A page of the columns, in file order, each with the statistics it has."""
    job_id = await house.upload()
    await house.complete(job_id, REPORT)

    first = (await house.client.get(f"/api/jobs/{job_id}/columns?limit=20")).json()
    rest = (await house.client.get(f"/api/jobs/{job_id}/columns?offset=20&limit=20")).json()
    beyond = (await house.client.get(f"/api/jobs/{job_id}/columns?offset=99")).json()

    assert [each["name"] for each in first["columns"] + rest["columns"]] == [f"c{number}" for number in range(30)]
    assert (first["total"], first["offset"], rest["offset"]) == (30, 0, 20)
    assert list(first["numericStats"]) == ["c0"]
    assert list(rest["numericStats"]) == ["c29"]
    assert first["columns"][0]["inferred_type"] == "numeric"
    assert beyond["columns"] == []


@pytest.mark.spec("B9")
async def test_columns_that_the_report_has_no_room_for_come_in_pages(house: Any) -> None:
    """A very wide table's columns lie in a blob of their own, and are found by name or type there."""
    lines = [{"column": column(f"Reading {number}"), "stats": STATISTICS, "conversion": None} for number in range(5000)]
    report = json.dumps({"schema": [], "columnsTold": {"inFull": 0, "inBrief": 0, "leftOut": 5000}}).encode()
    job_id = await house.upload()
    await house.storage.put_bytes(columns_key(job_id), "\n".join(map(json.dumps, lines)).encode())
    await house.complete(job_id, report)

    last = (await house.client.get(f"/api/jobs/{job_id}/columns?offset=4998")).json()
    named = (await house.client.get(f"/api/jobs/{job_id}/columns?search=reading 499&limit=3&offset=9")).json()
    typed = (await house.client.get(f"/api/jobs/{job_id}/columns?search=Numeric&limit=1")).json()
    nothing = (await house.client.get(f"/api/jobs/{job_id}/columns?search=weather")).json()

    assert [one["name"] for one in last["columns"]] == ["Reading 4998", "Reading 4999"]
    assert last["numericStats"]["Reading 4999"] == STATISTICS
    assert (named["total"], named["found"]) == (5000, 11)
    assert [one["name"] for one in named["columns"]] == ["Reading 4998", "Reading 4999"]
    assert (typed["found"], len(typed["columns"])) == (5000, 1)
    assert (nothing["found"], nothing["columns"]) == (0, [])


@pytest.mark.parametrize("query", ["offset=-1", "limit=0", "limit=1001", "limit=x"])
async def test_senseless_page_is_refused(house: Any, query: str) -> None:
    """Pages have limits, so that no answer is without measure."""
    answer = await house.client.get(f"/api/jobs/x/columns?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


@pytest.mark.spec("B6")
@pytest.mark.parametrize(
    ("table_format", "media_type"),
    [("csv", "text/csv; charset=utf-8"), ("parquet", "application/vnd.apache.parquet")],
)
async def test_table_is_a_download_with_a_name(house: Any, until: Any, table_format: str, media_type: str) -> None:
    """The whole clean table, named after the upload; the file on the server is gone afterwards."""
    job_id = await house.upload(b"region,revenue\nnorth,10\n=cmd,20\n", name='Umsatz "März";.csv')
    await house.complete(job_id)

    answer = await house.client.get(f"/api/jobs/{job_id}/table?format={table_format}")

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''Umsatz%20%22M%C3%A4rz%22")
    if table_format == "csv":
        assert answer.text.splitlines() == ["region,revenue", "north,10", "'=cmd,20"]
    else:
        assert answer.content.startswith(b"PAR1")
    await until(lambda: not list(house.tools.scratch.iterdir()))


@pytest.mark.spec("A4")
async def test_table_of_a_file_that_is_none_says_so(house: Any) -> None:
    """The reader's own error comes through, as problem JSON."""
    job_id = await house.upload(b"%PDF-1.4 broken", name="a.csv")
    await house.complete(job_id)

    answer = await house.client.get(f"/api/jobs/{job_id}/table")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert not list(house.tools.scratch.iterdir())


REVENUE_BY_REGION = {"metric": "sum", "column": "revenue", "by": "region"}


@pytest.mark.spec("H5")
async def test_measures_are_computed_over_a_part_of_the_table(house: Any) -> None:
    """The page asks for its own measures with a condition more, and gets facts in the order it asked."""
    job_id = await house.upload(b"region,revenue\nnorth,10\nsouth,20\nnorth,5\n", name="sales.csv")
    await house.complete(job_id)
    north = {"column": "region", "op": "eq", "value": "north"}

    asked = {"measures": [{"metric": "count"}, REVENUE_BY_REGION | {"filters": [north]}]}
    answer = await house.client.post(f"/api/jobs/{job_id}/facts", json=asked)

    assert answer.status_code == 200, answer.text
    rows, revenue = answer.json()["facts"]
    assert rows["value"] == 3
    assert revenue["value"] == [{"key": "north", "value": 15, "n": 2}]
    assert not list(house.tools.scratch.iterdir())


CLOUD: dict[str, list[Any]] = {
    "measures": [{"metric": "count"}],
    "clouds": [{"columns": ["units", "revenue"], "filters": [{"column": "region", "op": "eq", "value": "north"}]}],
}


@pytest.mark.spec("H5")
async def test_rows_of_a_part_are_handed_out_as_points(house: Any) -> None:
    """A scatter of a part needs its rows: a pair of values each, without those of other parts."""
    job_id = await house.upload(b"region,units,revenue\nnorth,1,10\nsouth,2,20\nnorth,3,5\n", name="sales.csv")
    await house.complete(job_id)

    answer = await house.client.post(f"/api/jobs/{job_id}/facts", json=CLOUD)

    assert answer.status_code == 200, answer.text
    assert answer.json()["clouds"] == [{"step": 1, "total": 2, "points": [[1, 10], [3, 5]]}]


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"measures": []}, 422, "invalid_option"),
        ({"measures": [{"metric": "count"}] * 201}, 422, "invalid_option"),
        ({"measures": [{"metric": "DROP TABLE"}]}, 422, "invalid_option"),
        (CLOUD | {"clouds": [{"columns": ["region", "no such column"]}]}, 422, "unknown_measure"),
        (CLOUD | {"clouds": CLOUD["clouds"] * 13}, 422, "invalid_option"),
        ({"sql": "SELECT 1"}, 422, "invalid_option"),
        ({"measures": [{"metric": "sum", "column": "no such column"}]}, 422, "unknown_measure"),
    ],
    ids=[
        "none",
        "too many",
        "an unknown metric",
        "points of an unknown column",
        "too many clouds",
        "something else",
        "an unknown column",
    ],
)
async def test_measure_that_cannot_be_computed_is_refused(house: Any, asked: Any, status: int, code: str) -> None:
    """Only measures of the vocabulary are computed, over columns that are there."""
    job_id = await house.upload(b"region,revenue\nnorth,10\nsouth,20\n", name="sales.csv")
    await house.complete(job_id)

    answer = await house.client.post(f"/api/jobs/{job_id}/facts", json=asked)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_measures_of_an_unfinished_job_are_refused(house: Any) -> None:
    """There is no table to compute over yet."""
    job_id = await house.upload()

    answer = await house.client.post(f"/api/jobs/{job_id}/facts", json={"measures": [{"metric": "count"}]})

    assert (answer.status_code, answer.json()["code"]) == (409, "result_not_ready")


SAMPLE_REPORT = Path(__file__).parents[2] / "docs" / "result.example.json"


@pytest.mark.spec("H8")
async def test_page_is_a_file_to_keep(house: Any) -> None:
    """The report comes as one HTML file, named after the upload, that could do nothing in its reader's name here."""
    house.tools.web_root.mkdir(exist_ok=True)
    (house.tools.web_root / ".standalone.template").write_text(
        "<!-- @@GENERATOR@@ --><title>@@TITLE@@</title>@@REPORT@@"
    )
    job_id = await house.upload(name="Umsatz.csv")
    await house.complete(job_id, SAMPLE_REPORT.read_bytes())

    answer = await house.client.get(f"/api/jobs/{job_id}/page")

    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''Umsatz.html"
    assert answer.headers["content-security-policy"] == "sandbox allow-scripts"
    assert '"name":"sales_demo.csv"' in answer.text.replace(" ", "")
    assert "<title>sales_demo.csv: " in answer.text
