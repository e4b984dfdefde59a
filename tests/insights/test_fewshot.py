"""The choice of examples by the weights, and that every shipped example keeps the rules that it teaches."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.insights.reports import sales_report

from datapilot.contracts.errors import InvalidSettings
from datapilot.insights.language_model.claims import flaw_of, flaw_of_lead
from datapilot.insights.language_model.egress import EgressGuard
from datapilot.insights.language_model.fewshot import (
    SHIPPED,
    WEIGHTS,
    Example,
    Features,
    choose_examples,
    features_of,
    load_prompts,
    similarity,
)
from datapilot.insights.language_model.replies import parse_reply
from datapilot.words.labels import label

pytestmark = pytest.mark.spec("C3")

EXAMPLES = load_prompts().examples
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
FEATURES = st.fixed_dictionaries({
    "has_date_column": st.booleans(),
    "has_outliers": st.booleans(),
    "has_strong_correlation": st.booleans(),
    "has_duplicates": st.booleans(),
    "missing_pct_bucket": st.sampled_from(["none", "low", "medium", "high"]),
    "row_count_bucket": st.sampled_from(["small", "medium", "large"]),
}).map(Features.model_validate)  # fmt: skip


def features(**known: object) -> Features:
    plain = {"has_date_column": False, "has_outliers": False, "has_strong_correlation": False, "has_duplicates": False,
             "missing_pct_bucket": "none", "row_count_bucket": "medium"}  # fmt: skip
    return Features.model_validate(plain | known)


def test_the_eight_examples() -> None:
    """One for each situation that tables bring."""
    assert {example.id for example in EXAMPLES} == {
        "outlier", "missing_data", "correlation", "duplicates", "weekend_seasonality", "category_imbalance",
        "ambiguous_dates", "trend_reversal",
    }  # fmt: skip


def test_the_weights() -> None:
    """A feature in which two tables agree counts by its weight."""
    one, other = features(), features(has_outliers=True, missing_pct_bucket="high")

    assert dict(WEIGHTS) == {
        "has_date_column": 1.5, "has_outliers": 2.0, "has_strong_correlation": 1.5, "has_duplicates": 1.0,
        "missing_pct_bucket": 1.5, "row_count_bucket": 0.5,
    }  # fmt: skip
    assert similarity(one, one) == 8.0
    assert similarity(one, other) == 4.5


@pytest.mark.parametrize(
    ("table", "first"),
    [
        (features(has_outliers=True), "outlier"),
        (features(missing_pct_bucket="high", has_date_column=True, row_count_bucket="small"), "missing_data"),
        (features(has_strong_correlation=True), "correlation"),
        (features(has_duplicates=True, missing_pct_bucket="low"), "duplicates"),
        (features(has_date_column=True), "weekend_seasonality"),
        (features(row_count_bucket="large"), "category_imbalance"),
        (features(has_date_column=True, missing_pct_bucket="low", row_count_bucket="small"), "ambiguous_dates"),
        (features(has_date_column=True, has_outliers=True, missing_pct_bucket="medium"), "trend_reversal"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_table_gets_the_example_that_resembles_it(table: Features, first: str) -> None:
    """Each of the eight can come first."""
    assert choose_examples(table, EXAMPLES)[0].id == first


@given(table=FEATURES, count=st.integers(1, 8))
def test_the_choice_is_the_most_similar_and_always_the_same(table: Features, count: int) -> None:
    """Best first, ties in the files' order, whatever was chosen before."""
    chosen = choose_examples(table, EXAMPLES, count=count)

    scores = [similarity(table, example.traits) for example in EXAMPLES]
    assert [similarity(table, example.traits) for example in chosen] == sorted(scores, reverse=True)[:count]
    assert chosen == choose_examples(table, EXAMPLES, count=count)


def test_features_of_a_report() -> None:
    """Read off the counts of the finished analysis."""
    found = features_of(sales_report())

    assert found.has_date_column
    assert found.has_outliers, "revenue runs from some twenty to more than three hundred"
    assert found.has_strong_correlation
    assert not found.has_duplicates
    assert found.missing_pct_bucket == "none"
    assert found.row_count_bucket == "small"


@each_example
def test_an_example_names_only_what_it_defines(example: Example) -> None:
    """Findings, facts and charts of the reply stand in its data."""
    reply = parse_reply(json.dumps(example.reply))
    facts = {fact["id"] for fact in example.data["facts"]}
    findings = {finding["id"] for finding in example.data["findings"]}
    charts = {chart["id"] for chart in example.data["charts"]}

    assert all(item.finding in findings and set(item.facts) <= facts for item in reply.insights)
    assert all(item.chart in charts | {None} for item in reply.insights)
    assert all(action.chart in charts for action in reply.visual_actions)
    assert set(re.findall(r"f_[0-9a-f]{8}", json.dumps(example.reply))) <= facts


@each_example
def test_an_example_keeps_the_rules_it_teaches(example: Example) -> None:
    """Its leads, comments and advice would all be published."""
    reply = parse_reply(json.dumps(example.reply))
    names = {column["id"]: column["name"] for column in example.data["table"]["columns"]}
    columns = {finding["id"]: [label(names[one]) for one in finding["columns"]] for finding in example.data["findings"]}

    leads = [(item.finding, item.headline) for item in reply.insights] + [
        (one.finding, one.text) for one in reply.summary
    ]
    for finding, text in leads:
        if text is not None:
            lead, colon, _slots = text.partition(": {")
            assert colon, text
            assert flaw_of_lead(lead, labels=columns[finding or ""]) is None, text
    for item in reply.insights:
        assert item.comment is None or flaw_of(item.comment, "comment") is None, item.comment
        assert item.recommendation.what is None or flaw_of(item.recommendation.what, "advice") is None
    for action in reply.visual_actions:
        assert action.text is not None
        assert flaw_of(action.text, "advice") is None, action.text


def test_the_shipped_files_hold_nothing_personal() -> None:
    """Nothing in instructions or examples has the form of somebody's number or address."""
    for path in SHIPPED.rglob("*.*"):
        EgressGuard().check(path.read_bytes())


def test_a_user_s_own_files_come_first(tmp_path: Path) -> None:
    """`system.md` replaces the instructions, `examples/` all examples; what is not there is ours."""
    (tmp_path / "system.md").write_text("Be brief.\n", encoding="utf-8")

    own_words = load_prompts(tmp_path)
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "mine.json").write_bytes((SHIPPED / "examples" / "outlier.json").read_bytes())
    own_examples = load_prompts(tmp_path)

    assert own_words.system == "Be brief."
    assert own_words.examples == EXAMPLES
    assert len(own_examples.examples) == 1


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"id": "x"}', '{"id":"x","title":"","features":{},"data":{},"reply":{}}']
)
def test_an_example_that_is_none_is_named_at_the_start(tmp_path: Path, content: str) -> None:
    """Not at the first job."""
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "broken.json").write_text(content, encoding="utf-8")

    with pytest.raises(InvalidSettings, match=r"broken\.json"):
        load_prompts(tmp_path)


@pytest.mark.spec("C3")
def test_examples_of_one_s_own_are_at_least_one(tmp_path: Path) -> None:
    """An empty folder would show the model none, and nobody would know."""
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "notes.txt").write_text("to come", encoding="utf-8")

    with pytest.raises(InvalidSettings, match=r"examples holds no example \(\*\.json\)"):
        load_prompts(tmp_path)


def test_a_folder_that_is_not_there_and_empty_instructions(tmp_path: Path) -> None:
    """Both are said."""
    (tmp_path / "system.md").write_text(" \n", encoding="utf-8")

    with pytest.raises(InvalidSettings, match="PROMPTS_DIR"):
        load_prompts(tmp_path / "nowhere")
    with pytest.raises(InvalidSettings, match="empty"):
        load_prompts(tmp_path)
