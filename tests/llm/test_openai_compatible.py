"""The adapter against a provider on a real socket: what it sends, what it makes of every kind of answer."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.free_port import free_port
from tests.llm.requests import SCHEMA, request
from tests.llm.serving import serve

from datapilot.contracts.retry import retry_after_s
from datapilot.llm.base import (
    BadEnvelope,
    Busy,
    CutOff,
    ModelError,
    ModelReply,
    ModelRequest,
    Oversized,
    Refused,
    Rejected,
    ServerFailed,
    TooSlow,
    Unreachable,
)
from datapilot.llm.openai_compatible import Endpoint, OpenAICompatible, answer_text
from datapilot.llm.scripted_server import Fault, ScriptedServer

pytestmark = pytest.mark.spec("C2")


async def ask(
    server: Any, asked: ModelRequest | None = None, *, key: str | None = "secret-key", times: int = 1
) -> list[ModelReply]:
    """Ask the same question over a socket, `times` times by one adapter."""
    async with serve(server) as base_url:
        model = OpenAICompatible(Endpoint(base_url, "deepseek/deepseek-r1", key))
        try:
            return [await model.complete(asked or request()) for _ in range(times)]
        finally:
            await model.close()


async def test_a_good_answer_comes_back_as_text() -> None:
    """The reply is the content of the first choice, whole, with the tokens it cost."""
    (reply,) = await ask(ScriptedServer())

    assert json.loads(reply.text)["insights"][0]["finding"] == "i1"
    assert reply.is_whole
    assert reply.prompt_tokens == len("".join(message.content for message in request().messages)) // 4
    assert reply.completion_tokens


async def test_what_is_sent() -> None:
    """One POST with temperature 0, the schema as a strict json_schema, and the key in the header alone."""
    server = ScriptedServer()

    await ask(server)

    (body,) = (json.loads(sent) for sent in server.bodies)
    assert body["model"] == "deepseek/deepseek-r1"
    assert body["temperature"] == 0
    assert body["stream"] is False
    assert body["response_format"]["json_schema"] == {"name": "reply", "strict": True, "schema": SCHEMA}
    assert server.headers[0]["authorization"] == "Bearer secret-key"
    assert b"secret-key" not in server.bodies[0]


async def test_no_key_no_header() -> None:
    """A model of one's own needs no key, and gets no empty one."""
    server = ScriptedServer()

    await ask(server, key=None)

    assert "authorization" not in server.headers[0]


async def test_the_bytes_shown_are_the_bytes_sent() -> None:
    """Whoever inspects a body sees exactly what the provider receives, in every mode of asking."""
    server = ScriptedServer(["schema_refused", "schema_refused", "none"])
    shown: list[bytes] = []

    async def show(body: bytes) -> None:
        shown.append(body)

    await ask(server, request(inspect=show))

    assert shown == server.bodies
    assert len(shown) == 3


async def test_a_body_that_must_not_leave_does_not() -> None:
    """When the inspection raises, nothing reaches the socket."""
    server = ScriptedServer()

    async def refuse(_body: bytes) -> None:
        raise PermissionError

    with pytest.raises(PermissionError):
        await ask(server, request(inspect=refuse))

    assert server.bodies == []


async def test_a_refused_format_goes_down_the_ladder_and_is_remembered() -> None:
    """json_schema, json_object, prompt; the second question begins where the first one ended."""
    server = ScriptedServer(["schema_refused"])

    await ask(server, times=2)

    forms = [json.loads(body).get("response_format", {}).get("type") for body in server.bodies]
    assert forms == ["json_schema", "json_object", None, None]


async def test_a_model_without_temperature_is_asked_without_it() -> None:
    """Some reasoning models refuse any but their own; that is remembered as well."""
    server = ScriptedServer()

    async def choosy(scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        message = await receive()
        if b"temperature" not in message["body"]:
            await server(scope, lambda: once(message), send)
            return
        complaint = b'{"error": {"message": "Unsupported value: temperature does not support 0"}}'
        await send({"type": "http.response.start", "status": 400, "headers": []})
        await send({"type": "http.response.body", "body": complaint})

    async def once(message: Any) -> Any:
        return message

    replies = await ask(choosy, times=2)

    assert len(replies) == 2
    assert [json.loads(body)["response_format"]["type"] for body in server.bodies] == ["json_schema"] * 2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("rate_limited", Busy),
        ("server_error", ServerFailed),
        ("unauthorized", Rejected),
        ("error_envelope", BadEnvelope),
        ("no_finish", CutOff),
        ("cut_stream", CutOff),
        ("oversized", Oversized),
        ("refusal", Refused),
    ],
)
async def test_every_failure_has_its_name(fault: Fault, error: type[ModelError]) -> None:
    """No answer that is none gets through, and the error says nothing of address, key or content."""
    server = ScriptedServer([fault], retry_after_s=7)

    with pytest.raises(error) as raised:
        await ask(server)

    assert type(raised.value) is error
    assert len(server.bodies) == 1, "no hidden second request"
    assert "127.0.0.1" not in str(raised.value)
    assert "secret-key" not in str(raised.value)


async def test_a_busy_provider_says_when_to_come_back() -> None:
    """Retry-After of a 429 travels with the error."""
    with pytest.raises(Busy) as raised:
        await ask(ScriptedServer(["rate_limited"], retry_after_s=7))

    assert raised.value.retry_after_s == 7


async def test_a_slow_provider_is_left() -> None:
    """The time of a call is for the whole of it."""
    started = time.monotonic()

    with pytest.raises(TooSlow):
        await ask(ScriptedServer(["slow"]), request(timeout_s=0.2))

    assert time.monotonic() - started < 30


async def test_a_dripping_answer_is_left_as_well() -> None:
    """A byte now and then resets a read timeout; it does not reset ours."""

    async def drip(scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b" ", "more_body": True})
            await asyncio.sleep(0.02)

    with pytest.raises(TooSlow):
        await ask(drip, request(timeout_s=0.3))


async def test_nobody_listens() -> None:
    """A provider that is not there is unreachable."""
    model = OpenAICompatible(Endpoint(f"http://127.0.0.1:{free_port()}/v1", "m", None))

    with pytest.raises(Unreachable):
        await model.complete(request())

    await model.close()


async def test_a_redirect_is_not_followed() -> None:
    """A question goes where the settings say and nowhere else."""
    server = ScriptedServer()

    async def redirect(scope: Any, receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        await send({"type": "http.response.start", "status": 307, "headers": [(b"location", elsewhere.encode())]})
        await send({"type": "http.response.body", "body": b""})

    async with serve(server) as elsewhere:
        with pytest.raises(Rejected):
            await ask(redirect)

    assert server.bodies == []


async def test_an_answer_cut_by_its_length_is_not_whole() -> None:
    """finish_reason "length" means that the rest is missing."""
    (reply,) = await ask(ScriptedServer(["truncated"]))

    assert not reply.is_whole


async def test_thoughts_and_fences_come_off() -> None:
    """What is left can be parsed."""
    (reply,) = await ask(ScriptedServer(["fenced_thoughts"]))

    assert "think" not in reply.text
    assert "Let me see" not in reply.text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param('{"a": 1}', '{"a": 1}', id="plain"),
        pytest.param('```json\n{"a": 1}\n```', '{"a": 1}', id="fenced"),
        pytest.param('<think>5 > 3 {"b": 2}</think>{"a": 1}', '{"a": 1}', id="thought before"),
        pytest.param('so 5 > 3\n</think>\n\n{"a": 1}', '{"a": 1}', id="opening tag swallowed"),
        pytest.param("<think>and so on, and so", "", id="thought without an end"),
        pytest.param([{"type": "text", "text": '{"a":'}, {"type": "text", "text": " 1}"}], '{"a": 1}', id="parts"),
        pytest.param(None, "", id="nothing"),
    ],
)
def test_answer_text(content: object, text: str) -> None:
    """Only what the model says at last is an answer."""
    assert answer_text(content) == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_content_is_text_or_a_type_error(content: object) -> None:
    """Whatever JSON stands in `content`, the envelope's reader can name what is wrong."""
    try:
        assert isinstance(answer_text(content), str)
    except TypeError:
        assert not isinstance(content, str | list)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "-4"}, 0.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Sun, 22 Nov 2026 10:00:30 GMT"}, 30.0),
        ({"retry-after": "Sun, 22 Nov 2026 09:00:00 GMT"}, 0.0),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    """Numbers, milliseconds and dates are read; nonsense is as good as nothing."""
    assert retry_after_s(httpx.Headers(headers), now=1795341600.0) == seconds


def test_an_endpoint_does_not_show_its_key() -> None:
    """A key must not reach a log by way of a repr."""
    endpoint = Endpoint("https://user:pass@host/v1", "m", "sk-secret")

    assert "secret" not in repr(endpoint)
    assert "pass" not in repr(endpoint)
