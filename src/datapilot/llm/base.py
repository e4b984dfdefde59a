"""What is expected of a language model, of the breaker in front of it, and of the log behind it.

Whatever goes wrong is one of this family; none of it ever carries text of the request or of the answer:

ModelError
├── Unanswered            trying again may help
│   ├── Unreachable           llm_unreachable
│   ├── TooSlow               llm_timeout
│   ├── CutOff                llm_cut_off: the connection broke before the answer was whole
│   ├── ServerFailed          llm_server_error: 5xx
│   ├── BadEnvelope           llm_bad_envelope: 200, but no answer in it
│   └── Busy                  llm_rate_limited: 429; says nothing about the provider's health
├── Rejected              llm_rejected: the provider does not accept the request (4xx)
├── Refused               llm_refused: the model declined to answer
├── Oversized             llm_oversized: the answer was longer than any honest one
├── CircuitOpen           llm_circuit_open: not asked, because it failed too often lately
└── OutOfBudget           llm_budget_exhausted: no time is left to ask (again)
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal, Protocol

Role = Literal["system", "user", "assistant"]
CircuitState = Literal["closed", "open", "half_open"]


class ModelError(Exception):
    """The root of the family; `str(error)` is a sentence for people."""

    code: ClassVar[str] = "llm_error"


class Unanswered(ModelError):
    """`retry_after_s` is how long the provider asked to be left alone, None when it did not say."""

    code = "llm_unanswered"

    def __init__(self, sentence: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class Unreachable(Unanswered):
    code = "llm_unreachable"


class TooSlow(Unanswered):
    code = "llm_timeout"


class CutOff(Unanswered):
    code = "llm_cut_off"


class ServerFailed(Unanswered):
    code = "llm_server_error"


class BadEnvelope(Unanswered):
    code = "llm_bad_envelope"


class Busy(Unanswered):
    code = "llm_rate_limited"


class Rejected(ModelError):
    code = "llm_rejected"


class Refused(ModelError):
    code = "llm_refused"


class Oversized(ModelError):
    code = "llm_oversized"


class CircuitOpen(ModelError):
    code = "llm_circuit_open"

    def __init__(self, retry_after_s: float) -> None:
        super().__init__("The model failed too often lately and is left alone for a while.")
        self.retry_after_s = retry_after_s


class OutOfBudget(ModelError):
    code = "llm_budget_exhausted"


@dataclass(frozen=True)
class Message:
    """One turn of the conversation."""

    role: Role
    content: str


async def _let_pass(_body: bytes) -> None:
    """Nobody wants to see what is sent."""


@dataclass(frozen=True)
class ModelRequest:
    """`schema` is the JSON Schema the answer must fit. `timeout_s` is for this call alone, connecting included.

    `inspect` is shown the exact bytes of every body just before they leave, and may raise to keep them in the house.
    """

    messages: tuple[Message, ...]
    schema: dict[str, Any]
    timeout_s: float
    inspect: Callable[[bytes], Awaitable[None]] = field(default=_let_pass, repr=False)


@dataclass(frozen=True)
class ModelReply:
    """What the model wrote, thoughts and fences taken off. `is_whole` is False when it ran into its length limit."""

    text: str = field(repr=False)
    is_whole: bool = True
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class LanguageModel(Protocol):
    """`name` is what the provider calls it; `source` says whether its words are a model's or canned."""

    name: str

    @property
    def source(self) -> Literal["llm", "mock"]: ...

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Ask once. Raises a member of the ModelError family, and whatever `request.inspect` raises."""
        ...


@dataclass(frozen=True)
class BreakerPolicy:
    """`threshold` failures within `window_s` open the circuit for `cooldown_s`; then one probe is let through.

    A probe that has not come back after `probe_s` is taken for dead, and another may go.
    """

    threshold: int = 5
    window_s: float = 300.0
    cooldown_s: float = 600.0
    probe_s: float = 120.0


class Breaker(Protocol):
    """Keeps calls from a provider that is down. Every permit is given back by exactly one of the three verbs."""

    async def enter(self) -> str:
        """Return a permit for one call. Raises CircuitOpen."""
        ...

    async def success(self, permit: str) -> None:
        """The provider answered; a probe closes the circuit."""
        ...

    async def failure(self, permit: str) -> None:
        """The provider failed; a probe opens the circuit again."""
        ...

    async def release(self, permit: str) -> None:
        """The call says nothing about the provider's health (429, 4xx, given up by us)."""
        ...

    async def state(self) -> CircuitState: ...


@dataclass(frozen=True)
class AuditEntry:
    """One call of a model, without a word of what was said. `issues` are codes and counts."""

    timestamp: datetime
    job_id: str
    prompt_hash: str
    model: str
    duration_seconds: float
    validation_passed: bool
    issues: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The entry as it stands in the file: one line of JSON."""
        return json.dumps(
            {
                "timestamp": self.timestamp.isoformat(timespec="milliseconds"),
                "job_id": self.job_id,
                "prompt_hash": self.prompt_hash,
                "model": self.model,
                "duration_seconds": round(self.duration_seconds, 3),
                "validation_passed": self.validation_passed,
                "issue_count": len(self.issues),
                "issues": list(self.issues),
            },
            ensure_ascii=False,
        )


class AuditLog(Protocol):
    """Where calls are noted."""

    def write(self, entry: AuditEntry) -> None:
        """Note one call. Never raises: a full disk must not fail a job."""
        ...
