"""A model whose every answer was written beforehand: the twin of a provider for tests, in memory."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from datapilot.llm.base import ModelError, ModelReply, ModelRequest

Answer = str | dict[str, Any] | ModelReply | ModelError | Callable[[ModelRequest], str]


class ScriptedModel:
    """Gives the answers in turn, then the last one again; an error is raised instead of answered.

    `requests` and `bodies` keep what it was asked.
    """

    def __init__(self, *answers: Answer, name: str = "scripted", source: Literal["llm", "mock"] = "llm") -> None:
        self.name = name
        self.source = source
        self.requests: list[ModelRequest] = []
        self.bodies: list[bytes] = []
        self._answers = _last_again(answers)

    async def complete(self, request: ModelRequest) -> ModelReply:
        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        body = json.dumps({"model": self.name, "messages": messages}, ensure_ascii=False).encode()
        await request.inspect(body)
        self.requests.append(request)
        self.bodies.append(body)
        answer = next(self._answers)
        if isinstance(answer, ModelError):
            raise answer
        if isinstance(answer, ModelReply):
            return answer
        if callable(answer):
            answer = answer(request)
        return ModelReply(text=answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False))


def _last_again(answers: Iterable[Answer]) -> Iterator[Answer]:
    last: Answer = ""
    for answer in answers:
        last = answer
        yield answer
    while True:
        yield last
