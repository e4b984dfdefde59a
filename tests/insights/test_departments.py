"""What the owners of tables of many departments are told: plans beside outcomes, accounts by year, statements to agree
with, reasons that only some records have."""

import numpy as np
import pytest
from tests.insights.tables import Cells, headlines, insights_of

from datapilot.contracts.insight import Insight

SUM = {"role": "sum"}
SCALE = ("Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree")


def _rng() -> np.random.Generator:
    return np.random.default_rng(23)


def _told(kind: str, insights: tuple[Insight, ...]) -> list[Insight]:
    return [one for one in insights if one.kind == kind]


def _plan_and_outcome() -> Cells:
    """Return a row a cost line for the plan and one for what came of it; travel needs half of what was planned."""
    rng, rows = _rng(), []
    for center in ("Marketing", "IT", "HR", "Logistics", "Research"):
        for line, planned in (("Personnel", 700_000), ("Travel", 50_000), ("External services", 180_000)):
            over = {"Travel": 0.5}.get(line, 1.6 if (center, line) == ("IT", "External services") else 1.0)
            rows.append((center, line, "Budget", planned))
            rows.append((center, line, "Actual", round(planned * over * rng.normal(1, 0.01))))
    return dict(zip(("cost center", "line", "scenario", "amount"), zip(*rows, strict=True), strict=True))


@pytest.mark.spec("C6")
def test_plan_and_outcome_in_rows_of_their_own_are_compared_and_never_added_up() -> None:
    """A sum over both would count every line twice; what a manager asks is where the two part."""
    cells = _plan_and_outcome()
    insights = insights_of(cells, amount=SUM)
    told = [one.headline for one in _told("against_plan", insights.analyst_insights)]
    planned, came = (
        sum(amount for amount, side in zip(cells["amount"], cells["scenario"], strict=True) if side == one)
        for one in ("Budget", "Actual")
    )

    assert any(one.startswith("Actual amount is 50% of Budget for Travel, against ") for one in told)
    assert any(one.startswith("Actual amount is 107% of Budget for IT, ") for one in told)
    assert not [one for one in headlines(insights) if f"{(planned + came) / 1e6:.2f}M" in one]


@pytest.mark.spec("C6")
def test_a_group_off_its_plan_begins_with_the_line_that_is_off() -> None:
    """Whose external services cost more is named beside the department."""
    insights = insights_of(_plan_and_outcome(), amount=SUM)
    (of_it,) = (one for one in _told("against_plan", insights.analyst_insights) if "for IT" in one.headline)

    assert "beginning with External services" in of_it.recommendation.what


def _accounts() -> Cells:
    """Return an account a row and a year a column; insurance grows at the cost of duties."""
    rng = _rng()
    kinds = ["Income tax", "Insurance", "Duties"] * 20
    cells: dict[str, list[object]] = {"account": [f"Account {n}" for n in range(60)], "kind": list(kinds)}
    for at, year in enumerate(range(2010, 2024)):
        level = {"Income tax": 100.0, "Insurance": 40.0 + 8 * at, "Duties": 60.0 - 3 * at}
        cells[str(year)] = [round(level[kind] * float(rng.uniform(0.9, 1.1)), 1) for kind in kinds]
    return cells


@pytest.mark.spec("C6")
def test_who_gained_and_who_lost_of_a_total_is_told_across_columns_of_years() -> None:
    """Also where more years stand beside each other than quantities are looked at."""
    years = {str(year): SUM for year in range(2010, 2024)}
    insights = insights_of(_accounts(), **years)
    told = headlines(insights)

    assert any(one.startswith("Insurance rose from 2") and one.endswith(" in 2023") for one in told)
    assert any(one.startswith("Duties fell from 3") and one.endswith(" in 2023") for one in told)


@pytest.mark.spec("C6")
def test_how_many_lines_of_an_account_a_group_has_is_no_finding() -> None:
    """Where columns are years, rows are lines: their number says how finely is booked."""
    cells = dict(_accounts())
    cells["kind"] = ["Income tax"] * 40 + ["Duties"] * 20
    insights = insights_of(cells, **{str(year): SUM for year in range(2010, 2024)})

    assert not [one for one in headlines(insights) if "most frequent" in one]


def _statements() -> Cells:
    rng, rows = _rng(), 300
    team = [("Support", "Sales", "Finance")[at % 3] for at in range(rows)]

    def answers(middle: list[float]) -> list[str]:
        return [SCALE[int(np.clip(round(rng.normal(one, 0.8)), 0, 4))] for one in middle]

    return {
        "respondent": [f"R{at}" for at in range(rows)],
        "team": team,
        "I know what is expected of me": answers([3.1] * rows),
        "My workload is manageable": answers([0.9 if one == "Support" else 2.8 for one in team]),
        "I am paid fairly": answers([0.9] * rows),
        "My manager supports me": answers([2.7] * rows),
    }


@pytest.mark.spec("C6")
def test_statements_on_one_scale_are_compared_with_each_other() -> None:
    """A column each, no question in common: the answers show that they belong together."""
    insights = insights_of(_statements())
    (first, *_) = headlines(insights)

    assert first.startswith("Agree or Strongly agree is said of “I know what is expected of me” in ")
    assert "of “I am paid fairly” in " in first


@pytest.mark.spec("C6")
def test_an_answer_is_never_told_without_its_statement() -> None:
    """“51% of Support records are Disagree” would leave open with what."""
    told = headlines(insights_of(_statements()))
    of_support = [one for one in told if "Support" in one and "isagree" in one]

    assert of_support
    assert all("“My workload is manageable”" in one for one in of_support)


@pytest.mark.spec("C6")
def test_no_share_of_a_total_is_told_of_a_reason_that_only_some_have() -> None:
    """Who did not leave has no reason for leaving, and most of the total."""
    rng, rows = _rng(), 400
    cells = {
        "plan": [("Basic", "Pro")[at % 2] for at in range(rows)],
        "reason": [(("Too dear", "Too dear", "Other")[at % 3] if at % 5 < 2 else None) for at in range(rows)],
        "fee": [float(rng.uniform(20, 60)) for _ in range(rows)],
    }
    insights = insights_of(cells, fee=SUM)

    assert not [one for one in _told("share", insights.analyst_insights) if "Too dear" in one.headline]
