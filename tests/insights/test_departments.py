"""What the owners of tables of many departments are told: plans beside outcomes, accounts by year, statements to agree
with, reasons that only some records have, accounts of banks, funnels, meters."""

from datetime import date, timedelta

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


def _days(count: int) -> list[date]:
    return [date(2024, 1, 1) + timedelta(days=at) for at in range(count)]


@pytest.mark.spec("C6")
def test_a_payment_at_an_even_pace_is_no_amount_entered_twice() -> None:
    """A rent of each month is owed each month; the same amount on days at random is worth a look."""
    rng = _rng()

    def account(of_rent: list[date]) -> Cells:
        spent = [(day, "Shop", round(float(rng.uniform(5, 90)), 2)) for day in _days(360)]
        repairs = [(day, "Landlord", round(float(rng.uniform(50, 900)), 2)) for day in _days(360)[::50]]
        rows = sorted([*spent, *repairs, *((day, "Landlord", 1153.27) for day in of_rent)])
        return dict(zip(("day", "payee", "debit"), zip(*rows, strict=True), strict=True))

    monthly = account([date(2024, month, 3) for month in range(1, 13)])
    scattered = account([date(2024, 1, 1) + timedelta(days=int(at)) for at in rng.integers(0, 350, 12)])

    assert not _told("repeated_records", insights_of(monthly, debit=SUM).analyst_insights)
    assert _told("repeated_records", insights_of(scattered, debit=SUM).analyst_insights)


@pytest.mark.spec("C6")
def test_the_latest_records_have_ended_less_often_which_is_no_decline() -> None:
    """Who joined last year has had less time to leave, and has no reason for leaving yet."""
    rng, rows = _rng(), 1_200
    joined = [date(2022, 1, 1) + timedelta(days=at * 900 // rows) for at in range(rows)]
    stays = rng.exponential(700, rows)
    left = [(day + timedelta(days=int(stay))) <= date(2024, 9, 1) for day, stay in zip(joined, stays, strict=True)]
    cells = {
        "member": [f"M{at}" for at in range(rows)],
        "joined": joined,
        "status": ["churned" if one else "active" for one in left],
        "churn reason": [("price", "moved", "price")[at % 3] if one else None for at, one in enumerate(left)],
    }

    told = headlines(insights_of(cells, member={"inferred_type": "identifier", "role": "never"}))

    assert not [one for one in told if "churn reason" in one.lower() and "per month" in one]
    assert not [one for one in told if "status is" in one and ("fell" in one or "grew" in one)]


@pytest.mark.spec("C6")
def test_a_group_of_few_records_does_not_jump_because_all_records_do() -> None:
    """Two a month before and thirteen since is chance where all went from twenty to a hundred."""
    rng = _rng()
    days, lands = [], []
    for month in range(24):
        many = 12 if month < 8 else 110
        for _ in range(many):
            days.append(date(2022 + month // 12, month % 12 + 1, int(rng.integers(1, 29))))
            lands.append(("Spain", "France", "Italy")[int(rng.choice(3, p=(0.7, 0.16, 0.14)))])
    at = np.argsort(days, kind="stable")
    cells = {"booked": [days[one] for one in at], "land": [lands[one] for one in at]}

    told = headlines(insights_of(cells))

    assert not [one for one in told if "jumped" in one and one.startswith(("France", "Italy"))]


@pytest.mark.spec("C6")
def test_what_people_say_of_it_comes_after_it() -> None:
    """A ticket is not reopened because its rating is low: the rating of those reopened is told."""
    rng, rows = _rng(), 600
    reopened = [bool(one) for one in rng.random(rows) < 0.2]
    cells = {
        "ticket": [f"T{at}" for at in range(rows)],
        "reopened": reopened,
        "csat": [float(np.clip(round(rng.normal(2.6 if one else 4.3, 0.6)), 1, 5)) for one in reopened],
    }

    told = headlines(insights_of(cells))

    assert [one for one in told if one.startswith("Average CSAT is 2.")]
    assert not [one for one in told if "with CSAT below" in one]


@pytest.mark.spec("C6")
def test_money_on_each_of_a_thing_is_money() -> None:
    """What a conversion costs is in dollars, and is told before what a click costs."""
    rng = _rng()
    rows = [
        (campaign, rate) for campaign, rate in (("Display", 0.01), ("Search", 0.08), ("News", 0.2)) for _ in range(80)
    ]
    clicks = rng.integers(200, 400, len(rows))
    conversions = [int(rng.binomial(n, rate)) for n, (_, rate) in zip(clicks, rows, strict=True)]
    cells = {
        "campaign": [campaign for campaign, _ in rows],
        "clicks": [int(one) for one in clicks],
        "conversions": conversions,
        "spend": [
            round(float(n * {"Display": 0.9, "Search": 0.6, "News": 0.1}[one] * rng.normal(1, 0.05)), 2)
            for n, (one, _) in zip(clicks, rows, strict=True)
        ],
    }
    known = {"clicks": SUM, "conversions": SUM, "spend": SUM | {"unit": "$", "subtype": "currency"}}

    rates = [one.headline for one in _told("rate", insights_of(cells, **known).analyst_insights)]

    assert rates[0].startswith("The Display campaign has the highest spend per conversion, $")
    assert not [one for one in rates if "spend per click" in one]


@pytest.mark.spec("C6")
def test_a_rate_is_told_of_all_records_together_not_as_an_average_of_rows() -> None:
    """The rate of a day with ten visits counts no less than one with thousands; their sums weigh them."""
    rng, rows = _rng(), 240
    device = [("desktop", "phone")[at % 2] for at in range(rows)]
    sessions = [int(one) for one in rng.integers(100, 4_000, rows)]
    orders = [
        int(rng.binomial(n, 0.04 if one == "desktop" else 0.015)) for n, one in zip(sessions, device, strict=True)
    ]
    cells = {
        "device": device,
        "sessions": sessions,
        "orders": orders,
        "conversion rate": [round(bought / n, 4) for bought, n in zip(orders, sessions, strict=True)],
    }

    told = headlines(insights_of(cells, sessions=SUM, orders=SUM))

    assert [one for one in told if one.startswith("The desktop device has the highest conversion rate, 0.04")]
    assert not [one for one in told if "average conversion rate" in one.lower()]


@pytest.mark.spec("C6")
def test_the_one_group_that_moves_is_told_and_not_how_all_move() -> None:
    """Stock piles up of paint alone; the average of all goods only follows."""
    rng, weeks = _rng(), 40
    rows = [
        (date(2024, 1, 1) + timedelta(weeks=week), kind, float(rng.normal(200 + more * week, 20)))
        for week in range(weeks)
        for kind, more in (("Paint", 15), ("Tools", 0), ("Wire", 0), ("Bolts", 0))
        for _ in range(6)
    ]  # fmt: skip
    cells = dict(zip(("week", "kind", "stock on hand"), zip(*rows, strict=True), strict=True))

    told = [one for one in headlines(insights_of(cells)) if "stock on hand" in one]

    assert any("for Paint grew from" in one for one in told[:2])


@pytest.mark.spec("C6")
def test_what_a_meter_shows_is_not_averaged_beside_what_was_used() -> None:
    """The oldest meter shows most."""
    rng = _rng()
    cells: dict[str, list[object]] = {"day": [], "building": [], "consumption": [], "meter reading": []}
    for building, begins, usual in (("North", 90_000.0, 40), ("South", 20_000.0, 25)):
        shown = begins
        for day in _days(120):
            used = float(rng.normal(usual, 4))
            shown += used
            for name, cell in zip(cells, (day, building, round(used, 1), round(shown, 1)), strict=True):
                cells[name].append(cell)

    insights = insights_of(cells, consumption=SUM)

    assert not [one for one in headlines(insights) if "meter reading" in one]
    assert headlines(insights)


def _register(rows: int = 240) -> Cells:
    return {
        "office": [f"Office {at}" for at in range(rows)],
        "code": [f"{'ABCDEFGHIJKLMNOPQRST'[at // 20]}{'ABCDEFGHIJKLMNOPQRST'[at % 20]}X" for at in range(rows - 2)]
        + ["AAX", "ABX"],
        "kind": ["Branch" if at % 10 else ("Depot", "Kiosk")[at // 10 % 2] for at in range(rows)],
    }


@pytest.mark.spec("C6")
def test_a_key_that_stands_in_two_records_is_told_with_its_value() -> None:
    """What is looked up by it finds two offices."""
    told = _told("duplicates", insights_of(_register(), code={"subtype": "code"}).analyst_insights)

    assert [one.headline for one in told] == ["240 records have 238 different codes: AAX stands in 2 of them"]
    assert told[0].recommendation.who == "data"


@pytest.mark.spec("C6")
def test_a_key_of_somebody_is_never_shown() -> None:
    """That two customers share an address is told; whose it is, the rows behind it say."""
    cells = dict(_register())
    cells["code"] = [f"{one.lower()}@mail.example" for one in cells["code"]]
    known = {"inferred_type": "identifier", "subtype": "email", "pii": "email", "role": "never"}

    (told,) = _told("duplicates", insights_of(cells, code=known).analyst_insights)

    assert told.headline == "240 records have 238 different codes"


@pytest.mark.spec("C6")
def test_of_a_list_without_amounts_it_is_asked_what_belongs_in_it() -> None:
    """There is no figure that the most frequent kind could hide."""
    told = _told("dominance", insights_of(_register()).analyst_insights)

    assert told[0].headline.startswith("Branch is the most frequent kind: 216 of 240 records")
    assert told[0].recommendation.what == "Decide whether the other 24 belong in what is made of this list."


@pytest.mark.spec("C6")
def test_money_grows_in_percent_and_a_rate_in_points() -> None:
    """A revenue that is a fifth larger grew by 20 %; a share that went from 30 % to 36 % grew by six points."""
    months = [date(2022 + at // 12, at % 12 + 1, 1) for at in range(36)]
    season = [1 + 0.3 * float(np.cos(at * np.pi / 6)) for at in range(36)]
    revenue = [round(100_000 * one * (1.2 if at >= 24 else 1.0)) for at, one in enumerate(season)]
    rate = [round(0.30 * one * (1.2 if at >= 24 else 1.0), 4) for at, one in enumerate(season)]

    (grown,) = _told("year_on_year", insights_of({"month": months, "revenue": revenue}, revenue=SUM).analyst_insights)
    (risen,) = _told(
        "year_on_year",
        insights_of({"month": months, "fill rate": rate}, **{"fill rate": {"unit": "share"}}).analyst_insights,
    )

    assert "grew 20% from 2023 to 2024" in grown.headline
    assert "grew 6 points from 2023 to 2024: 36% after 30%" in risen.headline


@pytest.mark.spec("C6")
def test_an_invoice_paid_after_it_was_due_is_late_and_no_error() -> None:
    """Due and payment are a promise and what became of it, whichever came first."""
    rng = _rng()
    due = _days(300)
    paid = [day + timedelta(days=int(rng.integers(-3, 25))) for day in due]

    told = headlines(insights_of({"invoice": [f"I{at}" for at in range(300)], "due date": due, "payment date": paid}))

    assert any("of records are late: payment date comes after due date" in one for one in told)
    assert not [one for one in told if "lies before" in one]


@pytest.mark.spec("C6")
def test_the_rare_end_that_all_were_looked_at_for_is_told() -> None:
    """One in twelve is hired; that most are rejected does not take its place."""
    rng, rows = _rng(), 900
    source = [("Referral", "Job board", "Agency")[at % 3] for at in range(rows)]
    ends = [
        "Hired" if rng.random() < (0.24 if one == "Referral" else 0.03) else ("Withdrawn" if at % 4 else "Rejected")
        for at, one in enumerate(source)
    ]  # fmt: skip

    rates = _told("event_rate", insights_of({"source": source, "outcome": ends}).analyst_insights)

    assert any("of Referral records are Hired, against" in one.headline for one in rates)


@pytest.mark.spec("C6")
def test_what_did_better_in_an_experiment_can_be_given_to_more() -> None:
    """Who was shown the variant is chance; there is nothing to find out about them."""
    rng, rows = _rng(), 3_000
    variant = [("control", "variant b")[at % 2] for at in range(rows)]
    bought = [bool(rng.random() < (0.14 if one == "variant b" else 0.07)) for one in variant]
    spent = [round(float(rng.uniform(10, 60)), 2) if one else 0.0 for one in bought]

    insights = insights_of({"variant": variant, "converted": bought, "revenue": spent}, revenue=SUM).analyst_insights

    assert any(one.recommendation.what.startswith("Give variant b to more") for one in insights)
    assert not [one for one in insights if "zero in" in one.headline]


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    "months", ["fev mar abr mai jun jul", "févr mars avr mai juin juil", "Feb Mär Apr Mai Jun Jul"]
)
def test_amounts_of_two_months_beside_each_other_are_no_relation(months: str) -> None:
    """Large products stay large, in whatever language the months are."""
    rng = _rng()
    sizes = rng.uniform(20, 90, 30)
    cells: dict[str, list[object]] = {"product": [f"Product {at}" for at in range(30)]}
    for month in ("jan", *months.split()):
        cells[f"{month}/24"] = [round(float(size * rng.normal(1, 0.1)), 1) for size in sizes]

    assert not _told("correlation", insights_of(cells).analyst_insights)


@pytest.mark.spec("C6")
def test_records_of_one_year_that_turn_once_may_only_show_its_seasons() -> None:
    """What rises to July and falls to March is compared with another year before anybody looks for a cause."""
    days = _days(365)
    level = [20 - 10 * float(np.cos(at * 2 * np.pi / 365)) + at % 3 * 0.1 for at in range(365)]

    told = _told("course", insights_of({"day": days, "load": level}).analyst_insights)

    assert told[0].recommendation.what.startswith("Compare load with the same months of another year")
