"""Let a language model choose, order and comment on a finished report's findings. The report never suffers for it.

prompt -> guard -> model -> reply -> what facts support. Whatever goes wrong on the way, the rules' insights stand as
they were, and the report's issues say why.
"""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from datapilot.contracts.errors import Unavailable
from datapilot.contracts.insight import Insights
from datapilot.contracts.outbound import OutboundRequest
from datapilot.contracts.report import Report, ReportIssue
from datapilot.contracts.retry import RetryPolicy
from datapilot.insights.language_model.catalogue import Catalogue, PrivacyMode, build_catalogue, personal_cells
from datapilot.insights.language_model.egress import EgressGuard, PersonalDataFound
from datapilot.insights.language_model.fewshot import DEFAULT_COUNT, Prompts, choose_examples, features_of
from datapilot.insights.language_model.prompt import Prompt, ask_again, build_prompt
from datapilot.insights.language_model.replies import Reply, UnfitReply, parse_reply
from datapilot.insights.language_model.support import Author, Supported, Tally, keep_supported
from datapilot.llm.base import (
    AuditEntry,
    AuditLog,
    Breaker,
    LanguageModel,
    Message,
    ModelError,
    ModelReply,
    ModelRequest,
    OutOfBudget,
)
from datapilot.llm.retry import Budget, Call, ask

Keep = Callable[[OutboundRequest], Awaitable[None]]

RULES_SPEAK = "The findings are worded by the rules alone."
OF_THE_MODEL = "llm_"  # every issue that asking a model leaves in a report has a code that begins so
QUESTIONS = 2  # the question, and one more that asks to fix the structure
# Words that every request is wrapped in; a user name "system" must not stop them.
_ENVELOPE = (
    "model messages role system user assistant content temperature stream false response_format type json_schema "
    "json_object json schema name reply strict true provider data_collection deny reasoning exclude"
)


@dataclass(frozen=True)
class ModelTools:
    """What explaining takes: the model, what stands before and behind it, and how it is asked."""

    model: LanguageModel
    breaker: Breaker
    audit: AuditLog
    prompts: Prompts
    privacy: PrivacyMode = "strict"
    few_shot_count: int = DEFAULT_COUNT
    timeout_s: float = 60.0
    budget_s: float = 90.0
    retry: RetryPolicy = field(default_factory=RetryPolicy)


@dataclass(frozen=True)
class Explained:
    """The report, and what became of the asking: the calls that were made, and whether the rules' insights stand
    although a model should have been asked (`fell_back`)."""

    report: Report
    calls: tuple[Call, ...] = ()
    fell_back: bool = False


async def _keep_nothing(_request: OutboundRequest) -> None:
    """Nobody keeps a ledger."""


async def explain(
    report: Report,
    *,
    tools: ModelTools | None,
    time_left_s: float | None = None,
    personal_texts: Iterable[str] = (),
    keep: Keep = _keep_nothing,
) -> Explained:
    """Return the report with the insights in the model's order and words, where facts support them.

    Without `tools`, or with nothing found in the table, the report comes back unchanged. After a failure it differs
    only by an issue. `time_left_s` is what the job has left, when that may be less than the model's budget: a finished
    analysis must not be lost to waiting. `personal_texts` are cells of personal columns beyond those of the report's
    preview; no body that holds one leaves. `keep` is given every body before it leaves, and what it cannot keep stays.
    Raises nothing but cancellation.
    """
    if tools is None or not report.insights.analyst_insights:
        return Explained(report)
    if time_left_s is not None:
        tools = replace(tools, budget_s=max(0.0, min(tools.budget_s, time_left_s)))
    conversation = _Conversation(report, tools, personal_texts, keep)
    try:
        async with asyncio.timeout(tools.budget_s):
            supported = await conversation.hold()
    except TimeoutError:
        late = OutOfBudget(f"The model was not done after {tools.budget_s:.0f} s.")
        return conversation.failed(late.code, str(late))
    except ModelError as error:
        return conversation.failed(error.code, str(error))
    except PersonalDataFound as found:
        return conversation.failed("llm_blocked_privacy", str(found))
    except Unavailable:
        return conversation.failed("llm_not_recorded", "What was to be sent could not be kept, so it was not sent.")
    except UnfitReply:
        return conversation.failed("llm_unusable_reply", "The model's answers did not have the shape asked for.")
    if supported.insights is None:
        return conversation.failed("llm_nothing_supported", "Nothing that the model wrote is about a finding.")
    explained = report.model_copy(
        update={"insights": supported.insights, "issues": (*report.issues, *_issues(supported.tally, tools))}
    )
    return Explained(explained, tuple(conversation.calls))


def as_rules_left_it(report: Report, rules: Insights | None) -> Report:
    """Return the report as it was before a model was asked; `rules` are the insights of then, None when they stand
    in it still."""
    issues = tuple(issue for issue in report.issues if not issue.code.startswith(OF_THE_MODEL))
    return report.model_copy(update={"insights": rules or report.insights, "issues": issues})


class _Conversation:
    """One report's exchange with the model, and the calls that it took."""

    def __init__(self, report: Report, tools: ModelTools, personal_texts: Iterable[str], keep: Keep) -> None:
        self.calls: list[Call] = []
        self._report = report
        self._tools = tools
        self._catalogue: Catalogue = build_catalogue(report, mode=tools.privacy)
        self._facts = {fact.id: fact for fact in report.facts}
        examples = choose_examples(features_of(report), tools.prompts.examples, count=tools.few_shot_count)
        self._prompt = build_prompt(self._catalogue, system=tools.prompts.system, examples=examples)
        self._guard = EgressGuard(
            (*personal_cells(report), *personal_texts),
            known=(*self._prompt.known_texts, tools.model.name, _ENVELOPE, *_own_words()),
        )
        self._keep = keep
        self._budget = Budget(tools.budget_s)

    async def hold(self) -> Supported:
        """Return what is left of the model's reply. Raises ModelError, PersonalDataFound, UnfitReply."""
        prompt = self._prompt
        for question in range(1, QUESTIONS + 1):
            reply, seconds = await self._answer(prompt)
            try:
                parsed = _parsed(reply)
            except UnfitReply as unfit:
                self._note(prompt, seconds, tuple(f"structure: {error}" for error in unfit.errors), is_valid=False)
                if question == QUESTIONS:
                    raise
                prompt = ask_again(self._prompt, unfit.errors)
                continue
            supported = keep_supported(
                parsed,
                catalogue=self._catalogue,
                rules=self._report.insights,
                facts=self._facts,
                author=self._author(),
            )
            reasons = tuple(f"{reason}: {times}" for reason, times in supported.tally.reasons.items())
            self._note(prompt, seconds, reasons, is_valid=supported.insights is not None)
            return supported
        raise UnfitReply(["no question was asked"])

    def failed(self, code: str, sentence: str) -> Explained:
        """Return the rules' report with the reason among its issues."""
        issue = ReportIssue(code=code, message=f"{sentence} {RULES_SPEAK}")
        report = self._report.model_copy(update={"issues": (*self._report.issues, issue)})
        return Explained(report, tuple(self.calls), fell_back=True)

    async def _answer(self, prompt: Prompt) -> tuple[ModelReply, float]:
        request = ModelRequest(
            messages=tuple(Message(turn.role, turn.content) for turn in prompt.turns),
            schema=prompt.schema,
            timeout_s=self._tools.timeout_s,
            inspect=self._inspect,
        )
        reply = await ask(
            self._tools.model,
            request,
            breaker=self._tools.breaker,
            policy=self._tools.retry,
            budget=self._budget,
            noted=lambda call: self._noted(prompt, call),
        )
        return reply, self.calls[-1].seconds

    async def _inspect(self, body: bytes) -> None:
        """Let a body go once it is kept."""
        self._guard.check(body)
        outbound = OutboundRequest(
            at=datetime.now(UTC).isoformat(timespec="milliseconds"),
            model=self._tools.model.name,
            source=self._tools.model.source,
            privacy=self._tools.privacy,
            bytes=len(body),
            sha256=hashlib.sha256(body).hexdigest(),
            body=body.decode(),
        )
        await self._keep(outbound)

    def _noted(self, prompt: Prompt, call: Call) -> None:
        """Keep every call; those that failed are audited at once, the others when their answer was judged."""
        self.calls.append(call)
        if isinstance(call.outcome, ModelError):
            self._note(prompt, call.seconds, (call.outcome.code,), is_valid=False)

    def _note(self, prompt: Prompt, seconds: float, issues: Sequence[str], *, is_valid: bool) -> None:
        self._tools.audit.write(
            AuditEntry(
                timestamp=datetime.now(UTC),
                job_id=self._report.job_id,
                prompt_hash=prompt.hash,
                model=self._tools.model.name,
                duration_seconds=seconds,
                validation_passed=is_valid,
                issues=tuple(issues),
            )
        )

    def _author(self) -> Author:
        replies = [call.outcome for call in self.calls if isinstance(call.outcome, ModelReply)]
        return Author(
            source=self._tools.model.source,
            model=self._tools.model.name,
            few_shot_ids=self._prompt.few_shot_ids,
            prompt_tokens=_sum(reply.prompt_tokens for reply in replies),
            completion_tokens=_sum(reply.completion_tokens for reply in replies),
            seconds=self._budget.spent_s,
        )


def _parsed(reply: ModelReply) -> Reply:
    if not reply.is_whole:
        raise UnfitReply(["the answer was cut off at its length limit; be shorter"])
    return parse_reply(reply.text)


def _issues(tally: Tally, tools: ModelTools) -> tuple[ReportIssue, ...]:
    """Return what a reader should know about a reply that was used."""
    issues = []
    if tools.model.source == "mock":
        sentence = "The order and comments of the insights come from a canned provider for demonstrations."
        issues.append(ReportIssue(code="llm_mock", message=sentence))
    if tally.dropped or tally.corrected:
        sentence = (
            f"Of what the model wrote, {tally.dropped} statements were left out and {tally.corrected} replaced by the"
            " rules' own, because no fact supports them."
        )
        issues.append(ReportIssue(code="llm_claims_replaced", message=sentence))
    return tuple(issues)


def _own_words() -> tuple[str, ...]:
    """Return the text of ours in the last message and the schema: what an empty table's would hold."""
    empty = build_prompt(Catalogue(), system="", examples=())
    return (empty.turns[-1].content, json.dumps(empty.schema), ask_again(empty, ["the answer"]).turns[-1].content)


def _sum(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
