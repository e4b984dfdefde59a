"""What is kept of a reply: order, rating, advice and named figures; and that nothing untrue gets in by any of them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.insights.reports import sales_report

from datapilot.contracts.insight import Insight, Insights
from datapilot.insights.language_model.catalogue import build_catalogue
from datapilot.insights.language_model.replies import Reply
from datapilot.insights.language_model.support import INTERPRETATION, Author, Supported, keep_supported, named_figures
from datapilot.llm.scripted_server import PAYLOAD
from datapilot.words.render import cited_facts, render

REPORT = sales_report()
CATALOGUE = build_catalogue(REPORT)
FACTS = {fact.id: fact for fact in REPORT.facts}
RULES = REPORT.insights
AUTHOR = Author("llm", "some/model", ("outlier",), 100, 20, 1.5)


def scalar_of(finding: str, metric: str) -> str:
    """Return the id of the finding's first fact of this metric."""
    insight = CATALOGUE.findings[finding]
    ids = (fact_id for one in insight.evidence for fact_id in one.fact_ids)
    return next(one for one in ids if FACTS[one].measure.metric == metric and not isinstance(FACTS[one].value, tuple))


def keyed_of(finding: str) -> str:
    insight = CATALOGUE.findings[finding]
    ids = (fact_id for one in insight.evidence for fact_id in one.fact_ids)
    return next(one for one in ids if isinstance(FACTS[one].value, tuple))


def finding_of(kind: str) -> str:
    return next(alias for alias, insight in CATALOGUE.findings.items() if insight.kind == kind)


GAP = finding_of("group_difference")
GAP_BY_RULES = CATALOGUE.findings[GAP]


def kept(*insights: dict[str, Any], **reply: Any) -> Supported:
    """Return what is left of a reply with these insights."""
    given = Reply.model_validate({"insights": list(insights)} | reply)
    return keep_supported(given, catalogue=CATALOGUE, rules=RULES, facts=FACTS, author=AUTHOR)


def one(**known: Any) -> tuple[Insight, Supported]:
    """Return the finding about a gap between groups as published after a reply about it."""
    supported = kept({"finding": GAP} | known)
    assert supported.insights is not None
    return supported.insights.analyst_insights[0], supported


def assert_true(insights: Insights) -> None:
    """Every sentence is its template rendered with the facts it cites, all of which the report holds."""
    for insight in insights.analyst_insights:
        own = {fact_id: FACTS[fact_id] for evidence in insight.evidence for fact_id in evidence.fact_ids}
        assert insight.headline == render(insight.headline_template, own)
        assert insight.detail == render(insight.detail_template, own)
        assert cited_facts(insight.headline_template)
    assert insights.business_summary == tuple(render(one, FACTS) for one in insights.metadata.summary_templates)
    assert 3 <= len(insights.business_summary) <= 5


@pytest.mark.spec("C4")
def test_the_model_s_order_then_the_rules() -> None:
    """What it names comes first, in its order; what it leaves out follows; nothing is lost."""
    supported = kept({"finding": "i3"}, {"finding": "i1"})

    assert supported.insights is not None
    ids = [insight.id for insight in supported.insights.analyst_insights]
    rules = [insight.id for insight in RULES.analyst_insights]
    assert ids == [rules[2], rules[0], rules[1], *rules[3:]]


@pytest.mark.spec("C5")
def test_a_silent_model_changes_nothing_but_the_source() -> None:
    """Without words of its own the rules' sentences stand."""
    published, supported = one()

    assert published == GAP_BY_RULES
    assert supported.insights is not None
    assert supported.insights.metadata.source == "llm"
    assert supported.insights.metadata.model == "some/model"
    assert supported.insights.metadata.few_shot_ids == ("outlier",)
    assert supported.insights.metadata.tests_run == RULES.metadata.tests_run
    assert supported.insights.metadata.claims_verified == len(RULES.analyst_insights)
    assert_true(supported.insights)


@pytest.mark.spec("C5")
def test_figures_are_printed_under_their_own_names() -> None:
    """The model points; subject, filter and number come from one fact."""
    fact_id = scalar_of(GAP, "mean")

    published, supported = one(headline=f"Where to look: {{{fact_id}}}")

    assert published.headline == "Where to look: average revenue where region is Qaristan (213)"
    assert supported.insights is not None
    assert supported.tally.corrected == 0
    assert_true(supported.insights)


@pytest.mark.spec("C5")
def test_an_entry_of_a_fact_is_named_with_its_key() -> None:
    """So that swapped values cannot be told as each other's."""
    fact_id = keyed_of(GAP)

    published, _ = one(headline=f"Compare the region figures: {{{fact_id}[1].value}}; {{{fact_id}[0]}}")

    first, second = FACTS[fact_id].value[1], FACTS[fact_id].value[0]  # type: ignore[index, union-attr]
    assert published.headline.startswith(f"Compare the region figures: average revenue for {first.key} (")
    assert f"average revenue for {second.key} (" in published.headline


@pytest.mark.spec("C5")
def test_a_fact_of_another_finding_brings_its_evidence() -> None:
    """Named like that it is true anywhere; the insight then cites it."""
    other = scalar_of(finding_of("correlation"), "correlation")

    published, supported = one(headline=f"What to ask next: {{{other}}}")

    assert "correlation of" in published.headline
    assert other in published.evidence[0].fact_ids
    assert supported.insights is not None
    assert_true(supported.insights)


SLOT = "{" + scalar_of(GAP, "mean") + "}"
OTHER = "{" + scalar_of(finding_of("correlation"), "correlation") + "}"


@pytest.mark.spec("C5")
@pytest.mark.parametrize(
    "headline",
    [
        f"Revenue is {SLOT} and the rest {OTHER}", f"{SLOT} customers were affected.", f"The mean is {OTHER}: {SLOT}",
        f"One in three days sees rain: {SLOT}", f"Almost all records: {SLOT}", f"A majority of rows: {SLOT}",
        f"The two are unrelated: {OTHER}", f"Sales slumped: {SLOT}", f"Between 2012 and 2014: {SLOT}",
        f"Where to look: {SLOT} of the 1,500 records", f"Where to look: {SLOT} in Zubrowka", f"Where to look: {SLOT}%",
        f"Where to look: {SLOT} million", f"Qaristan has the highest revenue: {SLOT}", f"Caused by price: {SLOT}",
        "Where to look: {f_00000000}", "Where to look at it", "Where to look: ", "Sales doubled to 4,711", "",
        f"Where to look: {SLOT}; {SLOT}; {SLOT}; {SLOT}", f"{SLOT}", f": {SLOT}", "Where to look: {c1}",
        "Where to look: {val:Qaristan}", "Where to look: {col:region}", f"Where to look: {{{keyed_of('i1')}}}",
        f"Where to look: {{{keyed_of('i1')}[99].value}}", f"Where to look: {{{keyed_of('i1')}[0].key}}",
        f"Where to look: {SLOT.replace('}', '|n}')}x", f"Where \u202eto look: {SLOT}", PAYLOAD, f"{PAYLOAD}: {SLOT}",
    ],
)  # fmt: skip
def test_a_headline_its_facts_do_not_carry_is_the_rules(headline: str) -> None:
    """Hand-written wrong sentences, each with figures that are right by themselves: none is published."""
    published, supported = one(headline=headline)

    assert published.headline == GAP_BY_RULES.headline
    assert supported.tally.corrected == (1 if headline else 0)


def test_a_form_that_hides_a_sign_is_not_the_model_s_to_choose() -> None:
    """Changes are shown with their sign, whatever form was asked for."""
    correlation = scalar_of(finding_of("correlation"), "correlation")

    assert named_figures(f"Where to look: {{{correlation}|abs}}", FACTS, labels=[]) == named_figures(
        f"Where to look: {{{correlation}}}", FACTS, labels=[]
    )


@pytest.mark.spec("C5")
def test_a_comment_is_labelled_as_interpretation() -> None:
    """It stands behind the rules' detail, and says what it is."""
    published, _ = one(comment="Ask whether the price list is the same in the regions.")

    assert published.detail.startswith(GAP_BY_RULES.detail)
    assert f"{INTERPRETATION} Ask whether" in published.detail


@pytest.mark.parametrize("comment", ["Revenue doubled.", PAYLOAD, "Look at Qaristan and the others there."])
def test_a_comment_that_claims_is_dropped(comment: str) -> None:
    """And counted."""
    published, supported = one(comment=comment)

    assert published.detail == GAP_BY_RULES.detail
    assert supported.tally.dropped == 1
    assert sum(supported.tally.reasons.values()) == 1


def test_advice_is_the_model_s_where_it_claims_nothing() -> None:
    """Who, what and priority; the rules' sentence where the model's holds a number."""
    taken, _ = one(recommendation={"who": "finance", "what": "Ask the teams how they set the price", "priority": "low"})
    refused, supported = one(recommendation={"who": "finance", "what": "Cut 30% of the budget.", "priority": "low"})

    rule = GAP_BY_RULES.recommendation
    assert taken.recommendation.model_dump() == {
        "who": "finance", "what": "Ask the teams how they set the price.", "priority": "low",
    }  # fmt: skip
    assert refused.recommendation.what == rule.what
    assert supported.tally.corrected == 1


@pytest.mark.parametrize(
    ("wanted", "published", "corrected"),
    [("critical", "high", 1), ("high", "high", 0), ("medium", "medium", 0), ("low", "low", 0), ("info", "low", 1)],
)
def test_severity_moves_one_step_at_most(wanted: str, published: str, corrected: int) -> None:
    """What effect and size bear out is not talked up or down by more."""
    assert GAP_BY_RULES.severity == "medium"

    insight, supported = one(severity=wanted)

    assert insight.severity == published
    assert supported.tally.corrected == corrected


@pytest.mark.spec("C4")
def test_ghosts_are_dropped_and_counted() -> None:
    """An unknown fact, chart or finding is none; a finding named again is not published again."""
    supported = kept(
        {"finding": "i1", "facts": ["f_00000000", "f_ffffffff"], "chart": "v99"}, {"finding": "i99"}, {"finding": "i1"},
        visual_actions=[{"chart": "v99"}], summary=[{"finding": "i99"}, {"text": "All is well."}],
    )  # fmt: skip

    assert supported.insights is not None
    assert supported.tally.dropped == 8
    assert supported.insights.metadata.claims_dropped == 8
    assert len(supported.insights.analyst_insights) == len(RULES.analyst_insights)
    assert_true(supported.insights)


@pytest.mark.spec("C4")
@pytest.mark.parametrize("insights", [[], [{"finding": "i99"}]])
def test_a_reply_about_nothing_is_not_used(insights: list[dict[str, Any]]) -> None:
    """Then the rules speak alone."""
    assert kept(*insights).insights is None


def test_a_chart_that_shows_the_finding_is_added() -> None:
    """And one that has nothing to do with it is not."""
    own = {fact_id for one in GAP_BY_RULES.evidence for fact_id in one.fact_ids}

    for alias, chart in CATALOGUE.charts.items():
        published, _ = one(chart=alias)
        added = [evidence.chart_id for evidence in published.evidence if evidence.kind == "chart_id"]
        before = [evidence.chart_id for evidence in GAP_BY_RULES.evidence if evidence.kind == "chart_id"]
        assert added == (before or ([chart.id] if own & set(chart.fact_ids) else []))


def test_the_summary_retells_and_ends_as_the_rules_do() -> None:
    """The model's sentences, at most four, then the frame: how many records, how complete."""
    supported = kept(
        {"finding": "i1"},
        summary=[{"finding": "i2", "text": f"Where to look: {SLOT}"}, {"finding": "i3"}, {"finding": "i3"}],
    )

    assert supported.insights is not None
    summary = supported.insights.business_summary
    assert summary[0] == "Where to look: average revenue where region is Qaristan (213)."
    assert summary[1] == RULES.business_summary[2]
    assert summary[-1] == RULES.business_summary[-1]
    assert_true(supported.insights)


def test_charts_to_open() -> None:
    """The model's sentence after the chart's own title where it claims nothing, else the rules'."""
    supported = kept(
        {"finding": "i1"},
        visual_actions=[{"chart": "v1", "action": "compare", "text": "Open it to see the regions side by side."}],
    )
    hostile = kept({"finding": "i1"}, visual_actions=[{"chart": "v1", "text": PAYLOAD}])

    assert supported.insights is not None
    assert hostile.insights is not None
    action = supported.insights.visual_actions[0]
    chart = CATALOGUE.charts["v1"]
    assert action.text == f"{chart.title}. Open it to see the regions side by side."
    assert set(cited_facts(action.text_template)) <= set(action.fact_ids) == set(chart.fact_ids)
    assert "evil" not in hostile.insights.model_dump_json()


PIECES = [SLOT, OTHER, "look", "here", ":", ";", "Qaristan", "7", "highest", "{c1.1}"]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from([PAYLOAD, SLOT, f"Look here: {SLOT}", "Revenue rose by 5%.", "{", "}}", "{f_", "{{x}}", "{col:x}"]),
    st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join),
)
INSIGHT = st.fixed_dictionaries({
    "finding": st.sampled_from([*CATALOGUE.findings, "i99"]),
    "headline": st.none() | TEXTS,
    "comment": st.none() | TEXTS,
    "severity": st.sampled_from([None, "critical", "info"]),
    "facts": st.lists(st.sampled_from([*CATALOGUE.facts, "f_00000000"]), max_size=3),
    "chart": st.sampled_from([None, "v1", "v99"]),
    "recommendation": st.fixed_dictionaries({"what": st.none() | TEXTS}),
})  # fmt: skip


@pytest.mark.spec("C5")
@given(
    insights=st.lists(INSIGHT, min_size=1, max_size=6),
    summary=st.lists(
        st.fixed_dictionaries({"finding": st.sampled_from(["i1", "i2", "i99"]), "text": TEXTS}), max_size=5
    ),
    actions=st.lists(st.fixed_dictionaries({"chart": st.sampled_from(["v1", "v99"]), "text": TEXTS}), max_size=3),
)
@settings(max_examples=150, deadline=None)
def test_whatever_a_model_writes_the_page_stays_true(insights: Any, summary: Any, actions: Any) -> None:
    """For any reply: each sentence is rendered from facts, free words hold no digit, and no payload comes through."""
    supported = kept(*insights, summary=summary, visual_actions=actions)

    if supported.insights is None:
        return
    published = supported.insights
    assert_true(published)
    own_advice = {insight.recommendation.what for insight in RULES.analyst_insights}
    for insight in published.analyst_insights:
        if insight.recommendation.what not in own_advice:
            assert not any(character.isnumeric() for character in insight.recommendation.what)
    assert "evil" not in published.model_dump_json()
    assert {insight.id for insight in published.analyst_insights} == {insight.id for insight in RULES.analyst_insights}
