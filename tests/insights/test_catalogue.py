"""What a model may know: facts by id, sanitised names, tokens instead of labels; and nothing of a person."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.insights.reports import FIRST, HEADER, LAST, NOTES, REGIONS, report_of, rows, sales_report

from datapilot.contracts.measure import Fact, Measure
from datapilot.contracts.report import Report
from datapilot.insights.language_model.catalogue import (
    LONGEST_NAME,
    MOST_FACTS,
    build_catalogue,
    personal_cells,
    safe_name,
)
from datapilot.insights.language_model.privacy import find_personal


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    else:
        yield str(value)


def with_facts(report: Report, *facts: Fact) -> Report:
    """Return the report with facts that its first insight cites."""
    first, *others = report.insights.analyst_insights
    evidence = first.evidence[0].model_copy(update={"fact_ids": tuple(fact.id for fact in facts)})
    first = first.model_copy(update={"evidence": (evidence, *first.evidence[1:])})
    insights = report.insights.model_copy(update={"analyst_insights": (first, *others)})
    return report.model_copy(update={"facts": (*report.facts, *facts), "insights": insights})


def fact(value: Any, **measure: Any) -> Fact:
    made = Measure.model_validate(measure)
    return Fact(id=made.fact_id, measure=made, value=value, n=400)


@pytest.mark.spec("C8")
@pytest.mark.parametrize("mode", ["strict", "labels"])
def test_no_cell_text_stands_in_it(mode: Any) -> None:
    """In neither mode anything of a personal column; in strict mode no label, note or date either."""
    sent = json.dumps(build_catalogue(sales_report(), mode=mode).data, ensure_ascii=False)

    hidden = {*FIRST, *LAST, *(cell for row in rows() for cell in row[2:7])}
    if mode == "strict":
        hidden |= {*REGIONS, *NOTES, *(row[0] for row in rows())}
    assert not [text for text in hidden if text in sent]


@pytest.mark.spec("C8")
def test_labels_leave_on_request_when_they_are_nobody_s() -> None:
    """The mode `labels` names the regions, each of which stands on ten rows and more."""
    catalogue = build_catalogue(sales_report(), mode="labels")

    assert set(catalogue.sent_labels.values()) <= {*REGIONS, *NOTES}
    assert "Qaristan" in catalogue.sent_labels.values()


def test_a_rare_label_stays_even_on_request() -> None:
    """A value on fewer than ten rows may point at somebody."""
    cells = tuple((*row[:1], "Secretia" if at < 6 else row[1], *row[2:]) for at, row in enumerate(rows()))

    catalogue = build_catalogue(report_of(HEADER, cells), mode="labels")

    assert "Secretia" not in json.dumps(catalogue.data, ensure_ascii=False)


def test_tokens_lead_back_to_values() -> None:
    """`{c2.1}` is a value of the second column, for whoever renders the reply."""
    catalogue = build_catalogue(sales_report())

    assert "Qaristan" in catalogue.tokens.values()
    for token in catalogue.tokens:
        assert token.partition(".")[0] in catalogue.columns


def test_findings_facts_and_charts_refer_to_each_other() -> None:
    """Every id that is mentioned is defined, and the findings stand in the rules' order."""
    report = sales_report()
    data = build_catalogue(report).data

    facts = {one["id"] for one in data["facts"]}
    charts = {one["id"] for one in data["charts"]}
    assert [one["kind"] for one in data["findings"]] == [one.kind for one in report.insights.analyst_insights]
    assert all(set(one["facts"]) <= facts and one["facts"] for one in data["findings"])
    assert all(one["chart"] in charts | {None} for one in data["findings"])
    assert all(set(one["facts"]) <= facts for one in data["charts"])


def test_figures_are_written_as_for_readers() -> None:
    """Values and n come from the renderer; no raw float with fifteen digits leaves."""
    data = build_catalogue(sales_report()).data

    assert not [
        text for text in texts(data["facts"]) if len(text.replace(".", "")) > 8 and text.replace(".", "").isdigit()
    ]


def test_there_is_an_end_to_it() -> None:
    """However many facts a report cites, at most 120 are sent."""
    report = sales_report()
    many = [
        fact(1.5, metric="median", column="revenue", filters=[{"column": "units", "op": "gt", "value": at}])
        for at in range(300)
    ]

    data = build_catalogue(with_facts(report, *many)).data

    assert len(data["facts"]) == MOST_FACTS


@pytest.mark.spec("C8")
@pytest.mark.parametrize(
    "measure",
    [
        {"metric": "max", "column": "ssn"},
        {"metric": "min", "column": "customer name"},
        {"metric": "count", "by": "customer name"},
        {"metric": "argmax", "column": "revenue", "by": "customer email"},
        {
            "metric": "mean",
            "column": "revenue",
            "filters": [{"column": "phone", "op": "eq", "value": "(555) 867-5309"}],
        },
        {"metric": "share_rows", "baseline": [{"column": "ssn", "op": "eq", "value": "1"}]},
    ],
    ids=str,
)
def test_facts_about_people_stay(measure: dict[str, Any]) -> None:
    """A value of a personal column, or a figure split or chosen by one, is not sent."""
    personal = fact("Quackenbush", **measure)

    catalogue = build_catalogue(with_facts(sales_report(), personal))

    assert personal.id not in catalogue.facts
    assert "Quackenbush" not in json.dumps(catalogue.data)


@pytest.mark.parametrize("metric", ["count_distinct", "missing_count", "missing_share"])
def test_how_many_people_there_are_may_be_said(metric: str) -> None:
    """Counts of a personal column name nobody."""
    counted = fact(36, metric=metric, column="customer name")

    assert counted.id in build_catalogue(with_facts(sales_report(), counted)).facts


def test_personal_columns_are_named_as_such() -> None:
    """A model learns that they exist, and no more."""
    columns = {one["name"]: one["type"] for one in build_catalogue(sales_report()).data["table"]["columns"]}

    assert columns["ssn"] == columns["customer name"] == columns["card number"] == "personal"


def test_the_preview_gives_the_guard_its_cells() -> None:
    """Every personal cell of the first fifty rows."""
    cells = set(personal_cells(sales_report()))

    assert rows()[0][2] in cells
    assert rows()[49][3] in cells
    assert rows()[0][1] not in cells


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("unit_price", "unit_price"),
        ("re\u202evenue\u200b", "revenue"),
        ("ｆｕｌｌ width", "full width"),
        ("line\nbreak\ttab", "line break tab"),
        ("ask jane@example.com", "ask [EMAIL_MASKED]"),
        ("+1 555 123 4567", "[PHONE_MASKED]"),
        ("\u200b", "unnamed column"),
        ("x" * 90, "x" * 39 + "…"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    """Readable, masked and short."""
    assert safe_name(name) == safe


@given(st.text(max_size=120))
def test_any_name_is_made_safe(name: str) -> None:
    """Whatever a header holds: one short readable line without a number of anybody's."""
    safe = safe_name(name)

    assert 0 < len(safe) <= LONGEST_NAME
    assert safe.isprintable()
    assert not [span for span in find_personal(safe) if span.kind != "email"]
