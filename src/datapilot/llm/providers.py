"""Which model is asked, if any: what the settings mean. Opens no connection."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from datapilot.contracts.errors import InvalidSettings
from datapilot.llm.addresses import DEFAULT_GEMINI_MODEL, DEFAULT_MODEL, GEMINI, OPENROUTER, is_own
from datapilot.llm.openai_compatible import Endpoint

# What a host understands beside the standard. OpenRouter: only upstreams that keep no data, and no thoughts back.
_EXTRAS: dict[str, tuple[tuple[str, Any], ...]] = {
    "openrouter.ai": (("provider", {"data_collection": "deny"}), ("reasoning", {"exclude": True})),
}


@dataclass(frozen=True)
class Wanted:
    """What the settings say about the model; None where they say nothing."""

    base_url: str = OPENROUTER
    model: str = DEFAULT_MODEL
    api_key: str | None = None
    gemini_key: str | None = None
    gemini_model: str = DEFAULT_GEMINI_MODEL

    def __repr__(self) -> str:
        return f"Wanted(model={self.model!r})"


def choose_endpoint(wanted: Wanted) -> Endpoint | None:
    """Return where to ask, or None: without a key nobody is asked, unless the address is one of the user's own.

    An address of one's own wins over OpenRouter, OpenRouter over Gemini. Raises InvalidSettings for an address that
    is none.
    """
    base_url = wanted.base_url.strip().rstrip("/")
    if is_own(base_url) or wanted.api_key:
        return _endpoint(base_url, wanted.model, wanted.api_key)
    if wanted.gemini_key:
        return _endpoint(GEMINI, wanted.gemini_model, wanted.gemini_key)
    return None


def _endpoint(base_url: str, model: str, api_key: str | None) -> Endpoint:
    try:
        parts = urlsplit(base_url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or parts.query or parts.fragment:
        raise InvalidSettings("LLM_BASE_URL: must be an http(s) address such as http://127.0.0.1:11434/v1.")
    if api_key and not (api_key.isascii() and api_key.isprintable()):
        raise InvalidSettings("The key of the model's provider holds characters that no header can carry.")
    return Endpoint(base_url, model, api_key, _EXTRAS.get(parts.hostname or "", ()))
