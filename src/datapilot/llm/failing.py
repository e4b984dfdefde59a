"""A provider that fails every call, for smoke tests of a running server: the job must complete all the same."""

from typing import Literal

from datapilot.llm.base import ModelReply, ModelRequest, ServerFailed


class FailingModel:
    """See `datapilot.llm.base.LanguageModel`."""

    name = "failing-on-request"

    @property
    def source(self) -> Literal["llm", "mock"]:
        return "mock"

    async def complete(self, request: ModelRequest) -> ModelReply:  # noqa: ARG002
        raise ServerFailed("The call failed because a smoke test asked for it.")
