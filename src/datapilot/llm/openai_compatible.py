"""Talk to any endpoint that speaks OpenAI's chat completions. One POST a question; no retry, no hidden request.

How an answer's shape is asked for goes down a ladder: `json_schema`, `json_object`, the prompt alone. A provider that
refuses a rung is asked on the next one, and the rung is remembered for as long as the adapter lives. So is a model
that refuses a temperature of 0.
"""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import httpx

from datapilot.contracts.retry import retry_after_s
from datapilot.llm.base import (
    BadEnvelope,
    Busy,
    CutOff,
    ModelReply,
    ModelRequest,
    Oversized,
    Refused,
    Rejected,
    ServerFailed,
    TooSlow,
    Unreachable,
)

Rung = Literal["json_schema", "json_object", "prompt"]

CONNECT_WITHIN_S = 10.0
LARGEST_REPLY_BYTES = 1024 * 1024  # fifteen insights are about 10 kB; thoughts come on top
LARGEST_COMPLAINT_BYTES = 64 * 1024  # of an error's body, looked at for what the provider does not support
_NEXT: dict[Rung, Rung] = {"json_schema": "json_object", "json_object": "prompt"}
_COMPLAINS_OF_FORMAT = re.compile(rb"response_?format|schema|json_object|structured|guided|grammar", re.IGNORECASE)
_COMPLAINS_OF_TEMPERATURE = re.compile(rb"temperature", re.IGNORECASE)
_REFUSES_FORMAT = frozenset({400, 404, 415, 422, 501})
_TRANSIENT = frozenset({408, 409, 425})
_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_FENCED = re.compile(r"\A\s*```[\w-]*\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)
_REFUSALS = frozenset({"content_filter", "safety", "refusal"})


@dataclass(frozen=True)
class Endpoint:
    """Where a model is asked: `{base_url}/chat/completions`. `extra` stands in every body beside what we send."""

    base_url: str
    model: str
    api_key: str | None
    extra: tuple[tuple[str, Any], ...] = ()

    def __repr__(self) -> str:
        return f"Endpoint(model={self.model!r})"


class OpenAICompatible:
    """A model behind an endpoint; close it when the process ends. Belongs to one event loop.

    `transport` carries the requests in the place of a socket.
    """

    source: Literal["llm"] = "llm"

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        largest_reply_bytes: int = LARGEST_REPLY_BYTES,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.name = endpoint.model
        self._endpoint = endpoint
        self._largest_reply_bytes = largest_reply_bytes
        self._rung: Rung = "json_schema"
        self._takes_temperature = True
        # Redirects are not followed: a question goes where the settings say, and nowhere else.
        self._client = httpx.AsyncClient(follow_redirects=False, timeout=None, transport=transport)  # noqa: S113 - see _post

    async def close(self) -> None:
        """Give up the connections."""
        await self._client.aclose()

    async def complete(self, request: ModelRequest) -> ModelReply:
        while True:
            rung = self._rung
            body = json.dumps(self._body(request, rung), ensure_ascii=False, separators=(",", ":")).encode()
            await request.inspect(body)
            answer = await self._post(body, request.timeout_s)
            is_refused = answer.status == 400 and _COMPLAINS_OF_TEMPERATURE.search(answer.content)
            if is_refused and self._takes_temperature:
                self._takes_temperature = False  # some reasoning models know no temperature but their own
                continue
            if answer.status in _REFUSES_FORMAT and rung in _NEXT and _COMPLAINS_OF_FORMAT.search(answer.content):
                self._rung = _NEXT[rung]
                continue
            return _read(answer)

    def _body(self, request: ModelRequest, rung: Rung) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._endpoint.model,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            "stream": False,
            **dict(self._endpoint.extra),
        }
        if self._takes_temperature:
            body["temperature"] = 0
        if rung == "json_schema":
            shape = {"name": "reply", "strict": True, "schema": request.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": shape}
        elif rung == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body

    async def _post(self, body: bytes, timeout_s: float) -> "_Answer":
        """Return what the endpoint answers. Errors carry no address: it may hold a secret."""
        headers = {"content-type": "application/json", "accept": "application/json"}
        if self._endpoint.api_key:
            headers["authorization"] = f"Bearer {self._endpoint.api_key}"
        # The library's timeouts are for a single read; a drop every second would never end. Ours is for the whole.
        timeouts = httpx.Timeout(timeout_s, connect=min(CONNECT_WITHIN_S, timeout_s))
        url = self._endpoint.base_url.rstrip("/") + "/chat/completions"
        try:
            async with (
                asyncio.timeout(timeout_s),
                self._client.stream("POST", url, content=body, headers=headers, timeout=timeouts) as response,
            ):
                is_error = response.status_code >= 400
                most = LARGEST_COMPLAINT_BYTES if is_error else self._largest_reply_bytes
                content = await _content(response, most_bytes=most)
                if len(content) > most and not is_error:
                    raise Oversized("The model's answer was longer than any honest one and was not read.")
                return _Answer(response.status_code, response.headers, content)
        except (TimeoutError, httpx.TimeoutException):
            raise TooSlow(f"The model did not answer within {timeout_s:.0f} s.") from None
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.DecodingError):
            raise CutOff("The connection to the model broke before its answer was whole.") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            raise Unreachable("The model's address could not be reached.") from None


class _Answer(NamedTuple):
    """A response whose body has been read."""

    status: int
    headers: httpx.Headers
    content: bytes


async def _content(response: httpx.Response, *, most_bytes: int) -> bytes:
    """Return the body; of a longer one no more than the chunk that passes `most_bytes`."""
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > most_bytes:
            break
    return bytes(content)


def _read(answer: _Answer) -> ModelReply:
    """Return the reply in an answer's body. Raises what its status or its shape says."""
    status, headers = answer.status, answer.headers
    if status == 429:
        raise Busy("The model's provider is busy (429).", retry_after_s=retry_after_s(headers))
    if status >= 500 or status in _TRANSIENT:
        raise ServerFailed(f"The model's provider failed ({status}).", retry_after_s=retry_after_s(headers))
    if status != 200:
        raise Rejected(f"The model's provider did not accept the request ({status}).")
    try:
        envelope = json.loads(answer.content)
        choice = envelope["choices"][0]
        message, finish = choice["message"], choice.get("finish_reason")
        if finish in _REFUSALS or message.get("refusal"):
            raise Refused("The model declined to answer.")
        text = answer_text(message.get("content"))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        # OpenRouter reports a failed upstream as 200 with an `error` and no `choices`.
        raise BadEnvelope("The model's provider sent no answer in its envelope.") from None
    if not isinstance(finish, str) or not finish:
        raise CutOff("The model's answer does not say that it is finished.")
    usage = envelope.get("usage") or {}
    return ModelReply(
        text=text,
        is_whole=finish != "length",
        prompt_tokens=_count(usage, "prompt_tokens"),
        completion_tokens=_count(usage, "completion_tokens"),
    )


def answer_text(content: object) -> str:
    """Return what the model says: thoughts and a fence around it taken off, the parts of a list joined.

    A thought without its opening tag ends at the last closing one (some servers' templates swallow the first); one
    that never closes is all there is, and leaves nothing.
    """
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    if content is None:
        return ""
    if not isinstance(content, str):
        raise TypeError("content is no text")
    text = _THOUGHT.sub("", content)
    text = re.split(r"</think(?:ing)?>", text, flags=re.IGNORECASE)[-1]
    text = re.split(r"<think(?:ing)?>", text, maxsplit=1, flags=re.IGNORECASE)[0].strip()
    fenced = _FENCED.match(text)
    return fenced[1].strip() if fenced else text


def _count(usage: object, key: str) -> int | None:
    value = usage.get(key) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
