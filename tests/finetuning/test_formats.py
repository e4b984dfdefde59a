"""The lines of the files: as TRL and OpenAI document them, and every broken one refused with the reason."""

import json
from typing import Any, get_args

import jsonschema
import pytest
from tests.finetuning.records import record

from datapilot.contracts.training import Format
from datapilot.finetuning.formats import UnfitLine, fits, line_of, read_line

pytestmark = pytest.mark.spec("E2")

FORMATS: tuple[Format, ...] = get_args(Format)


def messages(*roles: str) -> dict[str, Any]:
    """Return the schema of a conversation in which these roles follow each other."""
    turns = [
        {
            "type": "object",
            "properties": {"role": {"const": role}, "content": {"type": "string", "minLength": 1}},
            "required": ["role", "content"],
            "additionalProperties": False,
        }
        for role in roles
    ]
    return {"type": "array", "prefixItems": turns, "minItems": len(turns), "maxItems": len(turns)}


def exactly(**keys: Any) -> dict[str, Any]:
    return {"type": "object", "properties": keys, "required": list(keys), "additionalProperties": False}


LABELS = {name: {} for name in ("source", "dataset", "kind", "score")}
ASKED, TOLD = ("system", "user"), "assistant"
# huggingface.co/docs/trl/dataset_formats; OpenAI's guides of supervised and direct preference fine-tuning.
DOCUMENTED: dict[Format, dict[str, Any]] = {
    "messages": exactly(messages=messages(*ASKED, TOLD), **LABELS),
    "openai": exactly(messages=messages(*ASKED, TOLD)),
    "prompt-completion": exactly(prompt=messages(*ASKED), completion=messages(TOLD), **LABELS),
    "preference": exactly(prompt=messages(*ASKED), chosen=messages(TOLD), rejected=messages(TOLD), **LABELS),
    "openai-dpo": exactly(
        input=exactly(messages=messages(*ASKED)), preferred_output=messages(TOLD), non_preferred_output=messages(TOLD)
    ),
}


@pytest.mark.parametrize("form", FORMATS)
def test_lines_are_as_documented(form: Format) -> None:
    """Key by key, and our own reader knows them again."""
    written = line_of(record(1), form, system="You are an analyst.")

    jsonschema.validate(json.loads(written), DOCUMENTED[form])
    read = read_line(written)
    assert (read.format, read.messages[-1]["content"]) == (form, record(1).question)
    assert json.loads(read.answer) == record(1).answer
    assert "\n" not in written


@pytest.mark.parametrize(
    ("form", "known", "why"),
    [
        ("preference", {"rejected": None}, "without a refused answer to compare"),
        ("openai-dpo", {"rejected": None}, "without a refused answer to compare"),
        ("messages", {"is_demonstration": False}, "a comparison, no demonstration"),
        ("openai", {"source": "mock"}, "of the mock provider, which this form cannot label"),
        ("messages", {"source": "mock"}, None),
        ("preference", {}, None),
    ],
)
def test_what_a_form_can_hold(form: Format, known: dict[str, Any], why: str | None) -> None:
    """The mock's insights stand only where they can be labelled."""
    assert fits(record(1, **known), form) == why


def test_mock_is_labelled() -> None:
    """`source: mock` stands in its line."""
    assert json.loads(line_of(record(1, source="mock"), "messages", system="s"))["source"] == "mock"


TURNS = [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}, {"role": "assistant", "content": "a"}]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param("{", "not one JSON object", id="broken JSON"),
        pytest.param("[1]", "not one JSON object", id="a list"),
        pytest.param('{"messages": [], "messages": []}', "key twice", id="a key twice"),
        pytest.param("{}", "neither messages", id="nothing in it"),
        pytest.param({"messages": []}, "neither messages", id="no messages"),
        pytest.param({"messages": TURNS[:2]}, "user", id="no answer"),
        pytest.param({"messages": TURNS[2:]}, "user", id="no question"),
        pytest.param({"messages": [*TURNS[:2], {"role": "assistant"}]}, "role, content", id="an answer without text"),
        pytest.param({"messages": [*TURNS[:2], {"role": "assistant", "content": 1}]}, "without text", id="a number"),
        pytest.param({"messages": [*TURNS[:2], {"role": "tool", "content": "a"}]}, "unknown role", id="a role"),
        pytest.param({"messages": TURNS, "admin": True}, "does not know", id="a key of its own"),
        pytest.param({"prompt": TURNS[:2]}, "assistant", id="a prompt without a completion"),
        pytest.param({"prompt": TURNS[:2], "chosen": TURNS[2:]}, "assistant", id="a pair without the refused one"),
        pytest.param({"input": TURNS[:2], "preferred_output": TURNS[2:], "non_preferred_output": TURNS[2:]},
                     "input is not an object", id="an input that is a list"),
        pytest.param({"input": {"messages": TURNS[:2]}, "preferred_output": TURNS[2:]}, "assistant", id="half a pair"),
    ],
)  # fmt: skip
def test_broken_lines_are_refused(line: Any, why: str) -> None:
    """Each kind with the reason."""
    with pytest.raises(UnfitLine, match=why):
        read_line(line if isinstance(line, str) else json.dumps(line))
