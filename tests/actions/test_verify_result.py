"""Whatever number or sentence of a result is changed, recomputing finds it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datapilot.actions.analyze_dataset import analyze_file
from datapilot.actions.comparing import Ledger, is_equal
from datapilot.actions.verify_result import verify_report
from datapilot.contracts.limits import Limits
from datapilot.contracts.report import Report
from datapilot.contracts.table import ReadingOptions
from datapilot.contracts.verification import Verification

FILE = Path("examples/sales_demo.csv")
Tamper = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def result() -> str:
    """The result of the sales example as it is stored."""
    report = analyze_file(FILE, name=FILE.name, job_id="job_x", options=ReadingOptions(), limits=Limits())
    return report.model_dump_json()


def verified(result: str, path: Path = FILE) -> Verification:
    return verify_report(Report.model_validate_json(result), path, limits=Limits())


@pytest.mark.spec("C5")
@pytest.mark.parametrize(
    "name", ["sales_demo.csv", "umsatz_filialen.csv", "support_tickets.xlsx", "energy_readings.json"]
)
def test_untouched_result_stands(name: str) -> None:
    """Everything a result says is confirmed by its file, after a trip through JSON."""
    path = Path("examples") / name
    report = analyze_file(path, name=name, job_id="job_x", options=ReadingOptions(), limits=Limits())

    verification = verified(report.model_dump_json(), path)

    assert verification.mismatches == ()
    assert verification.claims > 500


def _set(*keys: str | int, to: Any) -> Tamper:
    def tamper(report: dict[str, Any]) -> None:
        place: Any = report
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = to(place[keys[-1]]) if callable(to) else to

    return tamper


def _first(report: dict[str, Any], key: str, holds: Callable[[Any], bool]) -> dict[str, Any]:
    return next(one for one in report[key] if holds(one))


def _scalar_fact(report: dict[str, Any]) -> None:
    fact = _first(report, "facts", lambda one: isinstance(one["value"], float))
    fact["value"] *= 1.0000001


def _keyed_fact(report: dict[str, Any]) -> None:
    fact = _first(report, "facts", lambda one: isinstance(one["value"], list) and len(one["value"]) > 1)
    fact["value"][1]["value"] += 1


def _fact_rows(report: dict[str, Any]) -> None:
    report["facts"][-1]["n"] += 1


def _fact_measure(report: dict[str, Any]) -> None:
    fact = _first(report, "facts", lambda one: one["measure"]["metric"] == "mean")
    fact["measure"]["metric"] = "median"


def _both_words(report: dict[str, Any]) -> None:
    """Words and template changed together, as a liar would."""
    insight = report["insights"]["analystInsights"][3]
    for key in ("headline", "headlineTemplate"):
        insight[key] = "Surely " + insight[key]


def _numeric_stats(report: dict[str, Any]) -> None:
    report["kpis"]["numericStats"]["revenue"]["mean"] += 0.01


def _chart_point(report: dict[str, Any]) -> None:
    chart = report["chartSpecs"][0]
    chart["data"][0][chart["yKey"]] = 123456.5


def _other_rows(report: dict[str, Any]) -> None:
    insight = next(
        one for one in report["insights"]["analystInsights"] for e in one["evidence"] if e["kind"] == "row_indices"
    )
    evidence = next(one for one in insight["evidence"] if one["kind"] == "row_indices")
    evidence["rowIndices"] = [1, 2]


def _deduction(report: dict[str, Any]) -> None:
    report["quality"]["deductions"][0]["points"] += 1


def _insight(position: int, key: str, *, to: Any) -> Tamper:
    return _set("insights", "analystInsights", position, key, to=to)


# What is changed, and the end of the place where the change must be found.
TAMPERED: dict[str, tuple[Tamper, str]] = {
    "a fact's value, in the seventh digit": (_scalar_fact, ".value"),
    "one entry of a keyed fact": (_keyed_fact, ".value.1.value"),
    "the rows a fact rests on": (_fact_rows, ".n"),
    "what a fact measures": (_fact_measure, ".id"),
    "the number of rows": (_set("fileInfo", "rows", to=1), "fileInfo.rows"),
    "the size of the file": (_set("fileInfo", "bytes", to=1), "fileInfo.bytes"),
    "missing cells": (_set("kpis", "missingCount", to=lambda one: one + 1), "kpis.missingCount"),
    "repeated rows": (_set("kpis", "numDuplicates", to=99), "kpis.numDuplicates"),
    "a statistic": (_numeric_stats, "kpis.numericStats.revenue.mean"),
    "a card's value": (_set("kpis", "cards", 0, "value", to=7), "kpis.cards.0.value"),
    "a card's text": (_set("kpis", "cards", 1, "display", to="7"), "kpis.cards.1.display"),
    "how closely two columns go together": (
        _set("together", "pairs", 0, "strength", to=0.99),
        "together.pairs.0.strength",
    ),
    "a column's distinct values": (_set("schema", 1, "unique_count", to=7), "schema.1.unique_count"),
    "a cell of the preview": (_set("cleanedPreview", 3, "revenue", to=1.5), "cleanedPreview.3.revenue"),
    "the quality score": (_set("qualityScore", to=lambda one: one - 1), "qualityScore"),
    "a line of the bill": (_deduction, "quality.deductions.0.points"),
    "a point of a chart": (_chart_point, ".data.0.y"),
    "a chart's title": (_set("chartSpecs", 1, "title", to="Sales doubled"), ".title"),
    "a headline's digits": (_insight(0, "headline", to=lambda one: one + " 2"), "analystInsights.0.headline"),
    "a detail": (_insight(1, "detail", to="All is well."), "analystInsights.1.detail"),
    "a template with a digit of its own": (
        _insight(2, "headlineTemplate", to="It is 5"),
        "analystInsights.2.headlineTemplate",
    ),
    "words and template together": (_both_words, "analystInsights.3.headlineTemplate"),
    "the statistics line": (_insight(4, "statistics", to="p < .001, n = 9"), "analystInsights.4.statistics"),
    "the severity": (_insight(5, "severity", to="critical"), "analystInsights.5.severity"),
    "a ghost fact": (
        _set("insights", "analystInsights", 6, "evidence", 0, "factIds", to=["f_00000000"]),
        "analystInsights.6.evidence.0.factIds.0",
    ),
    "the rows that show it": (_other_rows, ".rowIndices.0"),
    "a sentence of the summary": (
        _set("insights", "businessSummary", 0, to="Sales doubled."),
        "insights.businessSummary.0",
    ),
    "a chart's advice": (
        _set("insights", "visualActions", 0, "text", to="Open it: 100%."),
        "insights.visualActions.0.text",
    ),
    "the number of tests": (_set("insights", "metadata", "testsRun", to=4), "insights.metadata.testsRun"),
    "the receipt": (_set("receipt", "skippedCount", to=4), "receipt.skippedCount"),
}


@pytest.fixture(scope="module")
def found(result: str) -> list[str]:
    """The places that verification names after every one of those changes, made together."""
    report = json.loads(result)
    for tamper, _ in TAMPERED.values():
        tamper(report)
    return [mismatch.where for mismatch in verified(json.dumps(report)).mismatches]


@pytest.mark.spec("C5")
@pytest.mark.parametrize("claim", TAMPERED)
def test_changed_claim_is_found(found: list[str], claim: str) -> None:
    """Each kind of claim, when changed, is a mismatch at its place."""
    assert any(where.endswith(TAMPERED[claim][1]) for where in found), found


@pytest.mark.spec("C5")
def test_one_changed_digit_is_one_mismatch(result: str) -> None:
    """A single change is found, and nothing else is called wrong."""
    report = json.loads(result)
    report["kpis"]["numericStats"]["revenue"]["mean"] += 0.01

    verification = verified(json.dumps(report))

    assert [mismatch.where for mismatch in verification.mismatches] == ["kpis.numericStats.revenue.mean"]


@pytest.mark.spec("C5")
def test_what_is_not_stated_is_no_false_claim(result: str) -> None:
    """A field that is missing in the result is left open; the same field stated as empty is wrong."""
    report = json.loads(result)
    del report["schema"][0]["label"]
    report["schema"][1]["label"] = None

    verification = verified(json.dumps(report))

    assert verification.unstated == ("schema.0.label",)
    assert [mismatch.where for mismatch in verification.mismatches] == ["schema.1.label"]


@pytest.mark.spec("C5")
def test_what_stands_for_its_default_is_a_claim(result: str) -> None:
    """A fact's entry without its count says that no rows are behind it: facts leave out what stands at its default."""
    report = json.loads(result)
    fact = _first(report, "facts", lambda one: isinstance(one["value"], list))
    del fact["value"][0]["n"]

    verification = verified(json.dumps(report))

    assert verification.unstated == ()
    assert f"facts.{fact['id']}.value.0.n" in [mismatch.where for mismatch in verification.mismatches]


@pytest.mark.spec("C5")
def test_another_file_does_not_bear_the_result_out(result: str, tmp_path: Path) -> None:
    """One cell changed in the file is enough."""
    lines = FILE.read_text().splitlines()
    cells = lines[40].split(",")
    row = ",".join(("99" if cell.replace(".", "", 1).isdigit() else cell) for cell in cells)
    other = tmp_path / FILE.name
    other.write_text("\n".join([*lines[:40], row, *lines[41:]]) + "\n")

    verification = verified(result, other)

    assert len(verification.mismatches) > 5


def test_file_without_a_column_is_a_mismatch_not_a_crash(result: str, tmp_path: Path) -> None:
    """Facts about a column the file does not have cannot stand; the rest is still checked."""
    other = tmp_path / FILE.name
    other.write_text("a,b\n" + "\n".join(f"{row},{row * 2}" for row in range(50)))

    verification = verified(result, other)

    assert any(mismatch.recomputed == "a measure this file cannot answer" for mismatch in verification.mismatches)


def test_options_of_the_receipt_are_used_again(tmp_path: Path) -> None:
    """A file read with the user's corrections is verified with the same."""
    path = tmp_path / "codes.csv"
    path.write_text("code;amount\n" + "\n".join(f"{row % 7};{row},5" for row in range(60)))
    options = ReadingOptions(delimiter=";", decimal=",", types={"code": "categorical"})
    report = analyze_file(path, name=path.name, job_id="job_x", options=options, limits=Limits())

    verification = verified(report.model_dump_json(), path)

    assert verification.mismatches == ()


@pytest.mark.parametrize(
    ("stated", "recomputed", "equal"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.0 + 1e-6, False),
        (0.0, 1e-12, False),
        (3, 3.0, True),
        (3, 4, False),
        (2**60, 2**60 + 1, False),
        (True, 1, False),
        (None, 0, False),
        ("a", "a", True),
    ],
)
def test_equal_means_equal_to_nine_digits(stated: object, recomputed: object, equal: bool) -> None:
    """Floats within 1e-9 of their size; whole numbers, truth values and text exactly."""
    assert is_equal(stated, recomputed) is equal


def test_ledger_counts_each_place_once() -> None:
    """Looking twice at one claim does not make two of it."""
    ledger = Ledger()

    ledger.compare("a", 1, 1)
    ledger.compare("a", 1, 2)
    ledger.compare_models("b", {"x": [1, 2], "y": "z"}, {"x": [1], "y": "z"})

    assert ledger.verification.claims == 4
    assert [mismatch.where for mismatch in ledger.verification.mismatches] == ["a", "b.x.length"]
