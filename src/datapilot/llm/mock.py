"""The canned provider for demos and tests: no network, no model, and it says so."""

import json
from typing import Literal

from datapilot.llm.base import BadEnvelope, ModelReply, ModelRequest
from datapilot.llm.canned import canned_reply, data_of


class MockModel:
    """Answers from the catalogue in the prompt; results carry `source` "mock" and this name."""

    name = "mock"
    source: Literal["mock"] = "mock"

    async def complete(self, request: ModelRequest) -> ModelReply:
        texts = [message.content for message in request.messages]
        # The body nobody receives is inspected as a real one would be, so that the ledger of a demo is true to form.
        await request.inspect(json.dumps(texts, ensure_ascii=False).encode())
        try:
            reply = canned_reply(data_of(texts))
        except (ValueError, KeyError, TypeError):
            raise BadEnvelope("The canned provider found no catalogue in the prompt.") from None
        return ModelReply(text=json.dumps(reply, ensure_ascii=False))
