"""Which model the settings mean, and the canned one."""

import json
from pathlib import Path

import httpx
import pytest
from tests.llm.requests import request

from datapilot.contracts.errors import InvalidSettings
from datapilot.llm.addresses import GEMINI, OPENROUTER
from datapilot.llm.base import BadEnvelope, Message, ModelRequest, Rejected
from datapilot.llm.mock import MockModel
from datapilot.llm.openai_compatible import OpenAICompatible
from datapilot.llm.providers import Wanted, choose_endpoint

LOCAL = "http://127.0.0.1:11434/v1"


@pytest.mark.spec("C2")
@pytest.mark.parametrize(
    ("wanted", "base_url", "model", "key"),
    [
        pytest.param(Wanted(api_key="k"), OPENROUTER, "deepseek/deepseek-r1", "k", id="OpenRouter by its key"),
        pytest.param(Wanted(gemini_key="g"), GEMINI, "gemini-2.5-flash", "g", id="Gemini by its key"),
        pytest.param(Wanted(api_key="k", gemini_key="g"), OPENROUTER, "deepseek/deepseek-r1", "k", id="both keys"),
        pytest.param(Wanted(base_url=LOCAL, model="llama"), LOCAL, "llama", None, id="one's own, no key needed"),
        pytest.param(Wanted(base_url=LOCAL + "/", model="m", api_key="k"), LOCAL, "m", "k", id="one's own with a key"),
        pytest.param(Wanted(base_url=LOCAL, model="m", gemini_key="g"), LOCAL, "m", None, id="one's own wins"),
    ],
)
def test_choice(wanted: Wanted, base_url: str, model: str, key: str | None) -> None:
    """The address of one's own, then OpenRouter, then Gemini."""
    endpoint = choose_endpoint(wanted)

    assert endpoint is not None
    assert (endpoint.base_url, endpoint.model, endpoint.api_key) == (base_url, model, key)


@pytest.mark.spec("C2")
def test_without_key_and_address_nobody_is_asked() -> None:
    """The defaults alone never call anybody."""
    assert choose_endpoint(Wanted()) is None
    assert choose_endpoint(Wanted(base_url=OPENROUTER + "/")) is None


@pytest.mark.parametrize(
    "address", ["", "localhost:11434", "ftp://host/v1", "http://", "http://h:x/v1", "http://h/v1?key=1"]
)
def test_an_address_that_is_none(address: str) -> None:
    """Said at the start, not at the first job."""
    with pytest.raises(InvalidSettings, match="LLM_BASE_URL"):
        choose_endpoint(Wanted(base_url=address))


@pytest.mark.parametrize("key", ["k\nX-Other: 1", "schlüssel"])
def test_a_key_that_no_header_can_carry(key: str) -> None:
    """The key is not repeated in the complaint."""
    with pytest.raises(InvalidSettings) as refused:
        choose_endpoint(Wanted(api_key=key))

    assert key not in str(refused.value)


def test_openrouter_is_told_to_keep_no_data() -> None:
    """Only upstreams that neither store nor train, and no thoughts in the answer."""
    endpoint = choose_endpoint(Wanted(api_key="k"))

    assert endpoint is not None
    assert dict(endpoint.extra)["provider"] == {"data_collection": "deny"}
    assert choose_endpoint(Wanted(base_url=LOCAL)).extra == ()  # type: ignore[union-attr]


# The addresses that the documents offer, and whether a key is needed there.
PRESETS: dict[str, tuple[str, bool]] = {
    "openrouter": (OPENROUTER, True),
    "openai": ("https://api.openai.com/v1", True),
    "gemini": (GEMINI, True),
    "ollama": ("http://127.0.0.1:11434/v1", False),
    "vllm": ("http://127.0.0.1:8000/v1", False),
    "llama.cpp": ("http://127.0.0.1:8080/v1", False),
}
DOCUMENTS = Path(__file__).parent.parent.parent / "docs" / "llm.md"


@pytest.mark.spec("C2")
@pytest.mark.parametrize("preset", PRESETS)
async def test_what_a_preset_s_provider_receives(preset: str) -> None:
    """One POST to the documented address, a key where one is needed and no header without one, temperature 0, the
    model's name as it was set; OpenRouter alone is told what only it understands."""
    base_url, needs_key = PRESETS[preset]
    received: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        received.append(request)
        choice = {"index": 0, "message": {"role": "assistant", "content": "{}"}, "finish_reason": "stop"}
        return httpx.Response(200, json={"choices": [choice]})

    endpoint = choose_endpoint(Wanted(base_url=base_url, model="some/model", api_key="k-1" if needs_key else None))
    assert endpoint is not None
    model = OpenAICompatible(endpoint, transport=httpx.MockTransport(answer))
    await model.complete(request())
    await model.close()

    (sent,) = received
    body = json.loads(sent.content)
    assert (sent.method, str(sent.url)) == ("POST", f"{base_url}/chat/completions")
    assert sent.headers.get("authorization") == ("Bearer k-1" if needs_key else None)
    assert sent.headers["content-type"] == "application/json"
    assert (body["model"], body["temperature"], body["stream"]) == ("some/model", 0, False)
    assert ("provider" in body) == ("reasoning" in body) == (preset == "openrouter")
    assert f"`{base_url}`" in DOCUMENTS.read_text(encoding="utf-8")


@pytest.mark.spec("C2")
async def test_gemini_by_its_key_alone() -> None:
    """Only GEMINI_API_KEY is set: its OpenAI-compatible endpoint, its model, its key."""
    received: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(401, json={"error": {"message": "no"}})

    endpoint = choose_endpoint(Wanted(gemini_key="g-1"))
    assert endpoint is not None
    model = OpenAICompatible(endpoint, transport=httpx.MockTransport(answer))
    with pytest.raises(Rejected):
        await model.complete(request())
    await model.close()

    assert str(received[0].url) == "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"
    assert received[0].headers["authorization"] == "Bearer g-1"
    assert json.loads(received[0].content)["model"] == "gemini-2.5-flash"


def test_wanted_does_not_show_its_keys() -> None:
    """A key must not reach a log by way of a repr."""
    assert "k-secret" not in repr(Wanted(api_key="k-secret", gemini_key="k-secret"))


@pytest.mark.spec("C7")
async def test_the_canned_provider_answers_from_the_catalogue() -> None:
    """It takes the findings in their order, writes no figure, and is labelled."""
    model = MockModel()

    reply = json.loads((await model.complete(request())).text)

    assert model.source == "mock"
    assert reply["insights"][0]["finding"] == "i1"
    assert reply["insights"][0]["facts"] == ["f_0a0b0c0d"]
    assert not any(character.isdigit() for insight in reply["insights"] for character in insight["comment"])


async def test_the_canned_provider_needs_a_catalogue() -> None:
    """Without one it does not invent."""
    empty = ModelRequest(messages=(Message("user", "hello"),), schema={}, timeout_s=1)

    with pytest.raises(BadEnvelope):
        await MockModel().complete(empty)
