"""POST /api/upload over a real socket: what comes in, what is kept of it, and what is refused."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from datapilot.actions.submit_dataset import UploadRules

CSV = b"region,revenue\nnorth,10\nsouth,20\n"
MAX_BYTES = 200_000
BOUNDARY = "frontier"


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    """One part of a form, as it stands on the wire."""
    file = "" if filename is None else f'; filename="{filename}"'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def form(*parts: bytes) -> dict[str, Any]:
    """A whole form, as httpx sends it."""
    return {
        "content": b"".join(parts) + f"--{BOUNDARY}--\r\n".encode(),
        "headers": {"content-type": f"multipart/form-data; boundary={BOUNDARY}"},
    }


async def stored_keys(house: Any) -> list[str]:
    """Return what lies in the store."""
    return [stored.key async for stored in house.storage.list("")]


@pytest.mark.spec("A1")
async def test_file_is_accepted_and_stored_as_it_came(house: Any) -> None:
    """The answer is 202 with a job id; the bytes in the store are those that were sent."""
    answer = await house.client.post("/api/upload", files={"file": ("sales.csv", CSV)})

    assert answer.status_code == 202
    said = answer.json()
    assert said == {"jobId": said["jobId"], "status": "submitted"}
    assert said["jobId"].startswith("job_")
    request = await house.jobs.request(said["jobId"])
    assert request.upload_key.startswith(f"uploads/{said['jobId']}/")
    assert await house.storage.get(request.upload_key) == CSV
    assert request.bytes == len(CSV)


@pytest.mark.spec("A1", "B8")
@pytest.mark.parametrize("order", ["before", "after"])
async def test_options_may_stand_before_or_after_the_file(house: Any, order: str) -> None:
    """Every optional field of the form reaches the job, wherever it stands."""
    file = part("file", CSV, "sales.csv")
    fields = [
        part("sheet", b"Data"), part("headerRow", b"3"), part("delimiter", b";"), part("decimal", b","),
        part("dateOrder", b"dmy"), part("types", b'{"zip": "identifier"}'), part("llm", b"OFF"),
        part("timeoutSeconds", b"12.5"),
    ]  # fmt: skip
    parts = [*fields, file] if order == "before" else [file, *fields]

    answer = await house.client.post("/api/upload", **form(*parts))

    assert answer.status_code == 202, answer.text
    request = await house.jobs.request(answer.json()["jobId"])
    assert request.options.model_dump() == {
        "sheet": "Data", "headerRow": 3, "delimiter": ";", "decimal": ",", "dateOrder": "DMY",
        "types": {"zip": "identifier"},
    }  # fmt: skip
    assert request.llm == "off"
    assert request.timeout_s == 12.5


async def test_empty_fields_of_a_web_form_mean_nothing(house: Any) -> None:
    """A form sends its empty inputs too; they are no options."""
    answer = await house.client.post(
        "/api/upload", **form(part("sheet", b""), part("decimal", b""), part("file", CSV, "sales.csv"))
    )

    assert answer.status_code == 202
    assert (await house.jobs.request(answer.json()["jobId"])).options.sheet is None


@pytest.mark.spec("A4")
@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        pytest.param("headerRow", b"first", "header_row", id="a header row that is no number"),
        pytest.param("headerRow", b"-1", "header_row", id="a header row before the first"),
        pytest.param("decimal", b"x", "decimal", id="a decimal mark that is none"),
        pytest.param("dateOrder", b"DYM", "date_order", id="an order nobody writes"),
        pytest.param("types", b"{", "types", id="types that are no JSON"),
        pytest.param("types", b'{"a": "colour"}', "types", id="a type that does not exist"),
        pytest.param("types", b"[" * 100_000, "types", id="types nested without end"),
        pytest.param("llm", b"maybe", "llm", id="a third state of a switch"),
        pytest.param("timeoutSeconds", b"0", "timeout", id="no time at all"),
        pytest.param("timeoutSeconds", b"601", "timeout", id="more time than the server gives"),
        pytest.param("timeoutSeconds", b"nan", "timeout", id="a time that is no number"),
        pytest.param("headrow", b"1", "headrow", id="a misspelt field"),
        pytest.param("sheet", b"\xff\xfe", "sheet", id="text that is not UTF-8"),
    ],
)
async def test_bad_option_is_refused_by_name_and_nothing_is_kept(
    house: Any, field: str, value: bytes, named: str
) -> None:
    """A misread option would silently read the file otherwise, so it is an error that names the field."""
    answer = await house.client.post("/api/upload", **form(part("file", CSV, "sales.csv"), part(field, value)))

    problem = answer.json()
    assert answer.status_code == 422
    assert problem["code"] == "invalid_option"
    assert named.replace("_", "") in problem["detail"].lower().replace("_", "")
    assert await stored_keys(house) == []
    assert await house.jobs.recent() == []


@pytest.mark.spec("A1")
async def test_too_large_a_file_is_413_and_leaves_nothing(house: Any) -> None:
    """The limit is on the file, in bytes, and the answer says how large it may be."""
    answer = await house.client.post("/api/upload", files={"file": ("big.csv", b"x" * (MAX_BYTES + 1))})

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "upload_too_large"
    assert "200" in answer.json()["detail"]
    assert await stored_keys(house) == []
    assert await house.jobs.recent() == []


@pytest.mark.spec("A1")
async def test_file_of_exactly_the_limit_is_accepted(house: Any) -> None:
    """The limit itself is allowed."""
    answer = await house.client.post("/api/upload", files={"file": ("big.csv", b"x" * MAX_BYTES)})

    assert answer.status_code == 202


@pytest.mark.spec("A1")
async def test_client_that_sends_on_still_reads_the_413(house: Any) -> None:
    """A client that reads no answer before it has sent all gets the sentence, not a broken connection."""
    answer = await house.client.post("/api/upload", files={"file": ("big.csv", b"x" * 20_000_000)})

    assert answer.status_code == 413


@pytest.mark.spec("A1")
async def test_client_that_asks_first_is_told_before_it_sends(house: Any) -> None:
    """`Expect: 100-continue` with too large a length is answered at once: not a byte of the file travels."""
    head = (
        f"POST /api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000000\r\nExpect: 100-continue\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    )

    answer = await house.raw(head.encode())

    assert answer.startswith(b"HTTP/1.1 413")
    assert b"upload_too_large" in answer


@pytest.mark.spec("A1")
async def test_chunked_body_without_length_is_counted(house: Any) -> None:
    """A body that does not say its length meets the same limit."""

    async def endless() -> Any:
        yield part("file", b"", "big.csv")[:-2]
        for _ in range(100):
            yield b"x" * 65536

    answer = await house.client.post(
        "/api/upload",
        content=endless(),
        headers={"content-type": f"multipart/form-data; boundary={BOUNDARY}"},
    )

    assert answer.status_code == 413
    assert await stored_keys(house) == []


@pytest.mark.spec("A1")
async def test_fields_do_not_smuggle_bytes_past_the_limit(house: Any) -> None:
    """What stands around the file is limited as well."""
    padding = [part(f"note{number}", b"x" * 200_000) for number in range(8)]

    answer = await house.client.post("/api/upload", **form(*padding, part("file", CSV, "sales.csv")))

    assert answer.status_code == 413


@pytest.mark.spec("A4")
@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        pytest.param(form(), 400, "missing_file", id="a form without any part"),
        pytest.param(form(part("llm", b"off")), 400, "missing_file", id="a form without a file"),
        pytest.param(form(part("file", b"", "")), 400, "missing_file", id="a web form with nothing chosen"),
        pytest.param(form(part("data", CSV, "sales.csv")), 400, "missing_file", id="the file in another field"),
        pytest.param(form(part("file", b"", "empty.csv")), 422, "empty_file", id="a file of no bytes"),
        pytest.param(
            form(part("file", CSV, "a.csv"), part("file", CSV, "b.csv")), 422, "invalid_option", id="two files"
        ),
        pytest.param(
            {"content": CSV, "headers": {"content-type": "multipart/form-data"}}, 400, "bad_request", id="no boundary"
        ),
        pytest.param(
            {"content": CSV, "headers": {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}},
            400,
            "bad_request",
            id="a body that is no form",
        ),
        pytest.param(
            {"content": b"--frontier\r\n\r\nx\r\n--frontier--\r\n",
             "headers": {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}},
            400,
            "bad_request",
            id="a part without a name",
        ),
        pytest.param({"content": CSV, "headers": {"content-type": "text/csv"}}, 400, "missing_file", id="a bare file"),
        pytest.param({}, 400, "missing_file", id="nothing at all"),
        pytest.param(
            {"content": b"{", "headers": {"content-type": "application/json"}}, 400, "bad_request", id="broken JSON"
        ),
        pytest.param(
            {"content": b"[" * 100_000, "headers": {"content-type": "application/json"}},
            400,
            "bad_request",
            id="JSON nested without end",
        ),
        pytest.param({"json": []}, 400, "bad_request", id="JSON that is no object"),
        pytest.param({"json": {}}, 400, "missing_file", id="JSON that names nothing"),
        pytest.param({"json": {"fileURL": "x"}}, 422, "invalid_option", id="JSON with a misspelt name"),
        pytest.param({"json": {"fileUrl": 3}}, 422, "invalid_option", id="an address that is a number"),
        pytest.param(
            {"json": {"fileUrl": "https://example.com/a", "sample": "b.csv"}}, 422, "invalid_option", id="two sources"
        ),
    ],
)  # fmt: skip
async def test_upload_without_a_usable_file_says_so(house: Any, sent: dict[str, Any], status: int, code: str) -> None:
    """Each way to send nothing has its answer, and leaves nothing behind."""
    answer = await house.client.post("/api/upload", **sent)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert await stored_keys(house) == []
    assert await house.jobs.recent() == []


@pytest.mark.spec("A4")
async def test_form_that_ends_in_the_middle_is_refused(house: Any) -> None:
    """A file without its end is not a file: nothing of it is kept."""
    sent = form(part("file", CSV, "sales.csv"))
    sent["content"] = sent["content"][:-20]

    answer = await house.client.post("/api/upload", **sent)

    assert answer.status_code == 400
    assert answer.json()["code"] == "upload_interrupted"
    assert await stored_keys(house) == []


@pytest.mark.spec("A4")
async def test_connection_lost_in_the_middle_leaves_nothing(house: Any) -> None:
    """A body shorter than announced, then silence: no job, no blob, and the server serves on."""
    head = (
        f"POST /api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    )
    _, writer = await asyncio.open_connection(house.host, house.port)

    writer.write(head.encode() + part("file", CSV, "sales.csv")[:-10])
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    assert (await house.client.get("/api/health")).status_code == 200
    assert await house.jobs.recent() == []
    assert await stored_keys(house) == []


@pytest.mark.spec("A1")
async def test_body_that_arrives_byte_by_byte_is_read(house: Any) -> None:
    """A slow line is no error: boundaries may be cut anywhere."""
    sent = form(part("llm", b"off"), part("file", CSV, "sales.csv"))

    async def drops() -> Any:
        for position in range(len(sent["content"])):
            yield sent["content"][position : position + 1]

    answer = await house.client.post("/api/upload", content=drops(), headers=sent["headers"])

    assert answer.status_code == 202
    request = await house.jobs.request(answer.json()["jobId"])
    assert await house.storage.get(request.upload_key) == CSV
    assert request.llm == "off"


@pytest.mark.spec("A1", "A5")
@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        pytest.param("sales.csv", "sales.csv", id="a plain name"),
        pytest.param("../../etc/passwd", "passwd", id="a path upwards"),
        pytest.param("/etc/shadow", "shadow", id="an absolute path"),
        pytest.param("C:\\fakepath\\sales.csv", "sales.csv", id="a path of Windows"),
        pytest.param("..", "upload", id="a folder"),
        pytest.param("a%2e%2e%2fb.csv", "a%2e%2e%2fb.csv", id="an escaped path, which is no path"),
        pytest.param("CON", "CON", id="a device of Windows"),
        pytest.param("Umsätze März.csv", "Umsätze März.csv", id="umlauts"),
        pytest.param("売上.csv", "売上.csv", id="Japanese"),
        pytest.param("evil\u202evsc.exe", "evilvsc.exe", id="a name that turns its direction"),
        pytest.param("a\x00b.csv", "ab.csv", id="a zero byte"),
        pytest.param("x" * 4096 + ".csv", "x" * 196 + ".csv", id="a name of four thousand letters"),
    ],
)
async def test_name_is_metadata_and_never_a_path(house: Any, sent: str, shown: str) -> None:
    """People see a cleaned name; the store sees the job's id and at most the ending."""
    file = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="'.encode()
    escaped = sent.replace("\\", "\\\\").encode()
    body = file + escaped + b'"\r\n\r\n' + CSV + f"\r\n--{BOUNDARY}--\r\n".encode()

    answer = await house.client.post(
        "/api/upload", content=body, headers={"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    )

    job_id = answer.json()["jobId"]
    assert (await house.jobs.get(job_id)).filename == shown
    keys = await stored_keys(house)
    assert len(keys) == 1
    assert keys[0].startswith(f"uploads/{job_id}/source")
    assert ".." not in keys[0]


@pytest.mark.spec("G1")
async def test_request_id_travels_with_the_job(house: Any) -> None:
    """The id of the request stands beside the job, so that logs of both can be joined."""
    answer = await house.client.post(
        "/api/upload", files={"file": ("sales.csv", CSV)}, headers={"X-Request-Id": "trace-42"}
    )

    assert (await house.jobs.request(answer.json()["jobId"])).request_id == "trace-42"


@pytest.mark.spec("D4")
async def test_job_gets_the_time_of_the_setting(open_house: Any) -> None:
    """Without a wish the job may run as long as the server allows."""
    async with open_house(rules=UploadRules(max_bytes=MAX_BYTES, timeout_s=77)) as house:
        job_id = await house.upload()

        assert (await house.jobs.request(job_id)).timeout_s == 77


async def test_uploads_at_the_same_time_do_not_mix(house: Any) -> None:
    """Twenty forms at once: each job has its own bytes."""
    contents = [f"a,b\n{number},{'x' * 5000}\n".encode() for number in range(20)]

    ids = await asyncio.gather(*(house.upload(content) for content in contents))

    requests = [await house.jobs.request(job_id) for job_id in ids]
    assert [await house.storage.get(request.upload_key) for request in requests] == contents


@pytest.mark.spec("I7")
async def test_sample_is_offered_and_submitted(open_house: Any, tmp_path: Any) -> None:
    """A newcomer without a file takes one of ours; the one to begin with comes first."""
    for name in ("aaa.json", "sales_demo.csv", "notes.txt"):
        (tmp_path / name).write_bytes(CSV)
    (tmp_path / "README.md").write_text("- `sales_demo.csv`: a shop's sales\n")

    async with open_house(samples=tmp_path) as house:
        offered = (await house.client.get("/api/samples")).json()["samples"]
        answer = await house.client.post("/api/upload", json={"sample": "sales_demo.csv", "llm": "off"})

        assert [sample["name"] for sample in offered] == ["sales_demo.csv", "aaa.json"]
        assert offered[0] == {
            "name": "sales_demo.csv", "title": "Sales demo", "description": "a shop's sales", "bytes": len(CSV),
        }  # fmt: skip
        job = await house.jobs.get(answer.json()["jobId"])
        request = await house.jobs.request(job.job_id)
        assert job.filename == "sales_demo.csv"
        assert await house.storage.get(request.upload_key) == CSV
        assert request.llm == "off"


@pytest.mark.spec("A1")
@pytest.mark.parametrize("types", [{"zip": "identifier"}, '{"zip": "identifier"}'], ids=["a map", "its JSON"])
async def test_types_beside_an_address_are_a_map_or_its_json(open_house: Any, tmp_path: Any, types: Any) -> None:
    """In a JSON body as in a form, where a field can only be a text."""
    (tmp_path / "sales_demo.csv").write_bytes(CSV)

    async with open_house(samples=tmp_path) as house:
        answer = await house.client.post("/api/upload", json={"sample": "sales_demo.csv", "types": types, "llm": "Off"})

        request = await house.jobs.request(answer.json()["jobId"])
        assert request.options.types == {"zip": "identifier"}
        assert request.llm == "off"


@pytest.mark.parametrize("name", ["absent.csv", "../secret.csv", "/etc/passwd", "README.md", "."])
async def test_sample_name_never_becomes_a_path(open_house: Any, tmp_path: Any, name: str) -> None:
    """Only the files that are listed can be asked for."""
    folder = tmp_path / "examples"
    folder.mkdir()
    (folder / "README.md").write_text("about")
    (tmp_path / "secret.csv").write_bytes(CSV)

    async with open_house(samples=folder) as house:
        answer = await house.client.post("/api/upload", json={"sample": name})

        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_sample")


@pytest.mark.spec("A1")
async def test_file_url_that_is_switched_off_is_403(open_house: Any) -> None:
    """Where fetching is off, the answer says so, whatever the address; the page can ask beforehand."""
    async with open_house(file_url_enabled=False) as house:
        answer = await house.client.post("/api/upload", json={"fileUrl": "https://example.com/sales.csv"})
        config = (await house.client.get("/api/config")).json()

        assert (answer.status_code, answer.json()["code"]) == (403, "file_url_disabled")
        assert config["fileUrlEnabled"] is False


@pytest.mark.spec("A1")
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0.0.0.0/", "http://127.1/",
        "http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/",
        "http://[fd00::1]/", "http://[fe80::1]/", "http://[64:ff9b::7f00:1]/", "http://127.0.0.1:6379/",
        "http://user:secret@93.184.216.34/", "http://93.184.216.34:22/", "ftp://93.184.216.34/a.csv",
        "file:///etc/passwd", "gopher://127.0.0.1/", "//127.0.0.1/a.csv", "sales.csv", "http://", "http:///a.csv",
        "javascript:alert(1)", "http://[::1/", "unix:///run/x.sock", "data:text/csv,a",
    ],
)  # fmt: skip
async def test_address_that_leads_inside_is_refused(house: Any, url: str) -> None:
    """No form of a loopback, private, link-local or odd address is fetched, and nothing is kept."""
    answer = await house.client.post("/api/upload", json={"fileUrl": url})

    assert (answer.status_code, answer.json()["code"]) == (422, "file_url_refused"), answer.text
    assert "secret" not in answer.text
    assert await house.jobs.recent() == []


async def test_json_answer_is_json(house: Any) -> None:
    """The types of the answers are said rightly."""
    answer = await house.client.post("/api/upload", files={"file": ("sales.csv", CSV)})

    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.content)
    assert isinstance(answer, httpx.Response)
