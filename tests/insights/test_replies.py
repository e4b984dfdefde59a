"""Parsing what models answer: strict where a slip would change the meaning, patient where it would not."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datapilot.insights.language_model.replies import Reply, ReplyInsight, ReplyRecommendation, UnfitReply, parse_reply

pytestmark = pytest.mark.spec("C4")

GOOD: dict[str, Any] = {
    "insights": [
        {
            "finding": "i1",
            "headline": "Where to look: {f_0a0b0c0d}",
            "comment": None,
            "severity": "high",
            "facts": ["f_0a0b0c0d"],
            "chart": None,
            "recommendation": {"who": "sales", "what": "Ask the team.", "priority": "medium"},
        }
    ],
    "summary": [{"finding": "i1", "text": None}],
    "visual_actions": [{"chart": "v1", "action": "open", "text": "Open it."}],
}
TEXT = json.dumps(GOOD)


def changed(**known: Any) -> str:
    """Return the good reply with keys of its first insight changed."""
    return json.dumps(GOOD | {"insights": [GOOD["insights"][0] | known]})


def test_a_good_reply() -> None:
    """Comes through as it is."""
    assert parse_reply(TEXT).model_dump() == GOOD


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"```json\n{TEXT}\n```", id="a fence"),
        pytest.param(f"Here is the answer:\n{TEXT}\nI hope this helps {{really}}.", id="words around it"),
        pytest.param(TEXT.replace("}]", "},]"), id="trailing commas"),
        pytest.param(json.dumps({"reply": GOOD}), id="a wrapper"),
        pytest.param(json.dumps({"result": {"data": GOOD}}), id="two wrappers"),
        pytest.param(TEXT.replace('"visual_actions"', '"visualActions"'), id="camelCase"),
        pytest.param(
            TEXT.replace('"insights"', '"analystInsights"').replace('"summary"', '"businessSummary"'), id="longer names"
        ),
        pytest.param(TEXT.replace('"finding": "i1"', '"findingId": "{i1}"'), id="an id in braces"),
        pytest.param(TEXT.replace('["f_0a0b0c0d"]', '"f_0a0b0c0d"'), id="one fact without a list"),
        pytest.param(json.dumps(GOOD | {"insights": GOOD["insights"][0]}), id="one insight without a list"),
        pytest.param(TEXT.replace('"high"', '"HIGH "'), id="another case"),
        pytest.param(TEXT.replace('"high"', '"major"'), id="a synonym of a severity"),
        pytest.param(TEXT.replace('"sales"', '"the Sales Team"'), id="a phrase that names who"),
        pytest.param(TEXT.replace('"medium"', '"P2"'), id="a synonym of a priority"),
        pytest.param(TEXT.replace('"action": "open"', '"action": "show"'), id="another word for opening"),
    ],
)
def test_common_slips_are_put_right(text: str) -> None:
    """The meaning is beyond doubt, so the reply is used."""
    assert parse_reply(text).model_dump() == GOOD


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param("", "there is no JSON", id="nothing"),
        pytest.param("I would rather not.", "there is no JSON", id="prose"),
        pytest.param(TEXT[: len(TEXT) // 2], "not one JSON object", id="cut off"),
        pytest.param(TEXT.replace(":", "", 1), "not one JSON object", id="malformed"),
        pytest.param(TEXT.replace('"insights"', '"insights": [], "insights"'), "stands twice", id="a key twice"),
        pytest.param(changed().replace('"severity": "high"', '"severity": NaN'), "NaN", id="NaN"),
        pytest.param(changed().replace('"severity": "high"', '"severity": -Infinity'), "NaN", id="Infinity"),
        pytest.param(changed(title="another headline"), "mean the same", id="a key and its synonym"),
        pytest.param(changed(sql="DROP TABLE data"), "insights.0.?: extra_forbidden", id="an extra key"),
        pytest.param(json.dumps(GOOD | {"admin": True}), "?: extra_forbidden", id="an extra key on top"),
        pytest.param(changed(headline=7), "insights.0.headline: string_type", id="a number for a text"),
        pytest.param(changed(facts=[1]), "insights.0.facts.0: string_type", id="a number for an id"),
        pytest.param(changed(recommendation=3), "insights.0.recommendation", id="a number for an object"),
        pytest.param(json.dumps({"summary": []}), "insights: missing", id="no insights"),
        pytest.param(json.dumps(GOOD | {"insights": "none"}), "insights: list_type", id="a text for a list"),
        pytest.param(json.dumps(GOOD | {"summary": 7}), "summary: list_type", id="a number for a list"),
        pytest.param("[1, 2]", "insights.0", id="a list of numbers"),
        pytest.param("[" * 100_000, "", id="nested too deep"),
        pytest.param('{"a":' * 100_000, "", id="objects nested too deep"),
        pytest.param('{"insights": 1' + "0" * 5000 + "}", "", id="a number of five thousand digits"),
    ],
)
def test_what_is_no_slip_is_refused(text: str, error: str) -> None:
    """With the path and the kind of error, and nothing of the answer's own."""
    with pytest.raises(UnfitReply) as unfit:
        parse_reply(text)

    assert error in str(unfit.value)
    assert "DROP" not in str(unfit.value)
    assert "sql" not in str(unfit.value)
    assert "admin" not in str(unfit.value)


@pytest.mark.parametrize(("key", "value"), [("severity", "awful"), ("severity", "")])
def test_a_word_that_means_nothing_keeps_the_rules_value(key: str, value: str) -> None:
    """Better the rules' severity than none of the reply."""
    reply = parse_reply(changed(**{key: value}))

    assert getattr(reply.insights[0], key) is None


def test_missing_parts_are_the_rules() -> None:
    """A short reply is a reply."""
    reply = parse_reply('{"insights": [{"finding": "i2"}]}')

    assert reply == Reply.model_validate({"insights": [{"finding": "i2"}]})
    assert reply.insights[0].recommendation.what is None


def test_a_recommendation_in_a_text() -> None:
    """Becomes what is to be done."""
    reply = parse_reply(changed(recommendation="Ask the team."))

    assert reply.insights[0].recommendation.what == "Ask the team."


def test_a_summary_of_texts() -> None:
    """Sentences about no finding come through the shape, and are dropped for want of support later."""
    reply = parse_reply(json.dumps(GOOD | {"summary": ["All is well."]}))

    assert reply.summary[0].finding is None


def test_long_lists_are_cut() -> None:
    """Nobody reads a thousand insights."""
    assert len(parse_reply(json.dumps(GOOD | {"insights": GOOD["insights"] * 1000})).insights) == 50


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
KEYS = st.sampled_from(
    [*Reply.model_fields, *ReplyInsight.model_fields, *ReplyRecommendation.model_fields, "id", "title"]
)
SHAPED = st.recursive(
    st.none() | st.sampled_from(["i1", "f_0a0b0c0d", "high", "{v1}"]) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)


def refusal_of(text: str) -> tuple[str, ...] | None:
    """Return why an answer is refused, None when it is a reply."""
    try:
        assert isinstance(parse_reply(text), Reply)
    except UnfitReply as unfit:
        return unfit.errors
    return None


@given(st.text(max_size=300) | JSON.map(json.dumps) | SHAPED.map(json.dumps))
@settings(max_examples=300)
def test_any_text_is_a_reply_or_unfit(text: str) -> None:
    """No answer of any model raises anything else."""
    assert refusal_of(text) != ()


@given(st.integers(0, len(TEXT) - 1), st.text(max_size=3))
@settings(max_examples=200)
def test_any_damage_is_a_reply_or_unfit(at: int, put: str) -> None:
    """The same for a good reply with a few characters replaced."""
    assert refusal_of(TEXT[:at] + put + TEXT[at + len(put) :]) != ()
