"""What an analyst would not sign: gaps of a column for remarks, spellings that are none, chance taken for a course, the
largest group blamed for having most cases, and columns that merely number the rows."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.insights.tables import Cells, headlines, insights_of

from datapilot.contracts.insight import Insight, Insights

SUM = {"role": "sum"}


def _rng() -> np.random.Generator:
    return np.random.default_rng(17)


def _of_kind(kind: str, insights: Insights) -> list[Insight]:
    return [one for one in insights.analyst_insights if one.kind == kind]


def _calls(rows: int = 400, **more: Any) -> Cells:
    """Return calls of two desks, of which one takes longer."""
    rng = _rng()
    desks = [("Front desk", "Back office")[at % 2] for at in range(rows)]
    minutes = [round(float(rng.normal(12 if desk == "Front desk" else 20, 3)), 1) for desk in desks]
    return {"desk": desks, "talk min": minutes, **more}


@pytest.mark.spec("C6")
@pytest.mark.parametrize("name", ["comments", "Remarks", "internal_notes", "tags", "Bemerkung", "observaciones"])
def test_the_gaps_of_a_column_for_remarks_are_none(name: str) -> None:
    """Most people have nothing to remark: only a column that should be full is missed."""
    some = ["called back" if at % 7 == 0 else "asked twice" if at % 7 == 1 else None for at in range(400)]

    assert not _of_kind("missing", insights_of(_calls(**{name: some})))
    assert _of_kind("missing", insights_of(_calls(line=some)))


@pytest.mark.spec("C6")
def test_the_two_sides_of_an_account_miss_nothing() -> None:
    """Every payment stands on one side, and leaves the other empty by design."""
    rng = _rng()
    sums = [float(one) for one in rng.gamma(3, 90, 300).round(2)]
    is_in = [at % 3 == 0 for at in range(300)]
    cells: Cells = {
        "paid out": [None if one else amount for one, amount in zip(is_in, sums, strict=True)],
        "paid in": [amount if one else None for one, amount in zip(is_in, sums, strict=True)],
        "clerk": [("Ada", "Ben", "Cleo")[at % 3 - 1] for at in range(300)],
    }

    assert not _of_kind("missing", insights_of(cells, **{"paid out": SUM, "paid in": SUM}))


@pytest.mark.spec("C6")
def test_under_and_over_are_no_spellings_of_one_value() -> None:
    """ "< 20 yrs" and "> 20 yrs" differ in a sign that says everything; "<20 yrs" and "< 20 yrs" do not differ."""
    ages = ["< 20 yrs"] * 200 + ["> 20 yrs"] * 160 + ["<20 yrs"] * 40

    told = _of_kind("spelling", insights_of(_calls(onset=ages)))

    assert [one.headline for one in told] == [
        "Onset spells < 20 yrs in several ways: < 20 yrs 200 and <20 yrs 40 records"
    ]


@pytest.mark.spec("C6")
def test_what_chance_makes_of_twelve_averages_is_no_course() -> None:
    """A discount given at random has a lowest month too; one that really sinks from month to month is told."""
    rng = _rng()
    days = [date(2023, 1, 1) + timedelta(days=at % 365) for at in range(1500)]

    def course(slope: float) -> list[Insight]:
        percent = rng.choice([0.0, 5.0, 10.0, 15.0], len(days)) - slope * np.array([day.month for day in days])
        # Months differ a little, as a smoothed series does.
        wave = np.array([0.6 * np.sin(day.month / 2) for day in days])
        cells: Cells = {"day": days, "discount": [float(one) for one in (30 + percent + wave).round(2)]}
        found = insights_of(cells).analyst_insights
        return [one for one in found if one.kind in {"course", "trend"}]

    assert not course(0.0)
    assert course(1.5)


@pytest.mark.spec("C6")
def test_the_largest_group_is_not_to_blame_for_having_most_cases() -> None:
    """Where the share is the same everywhere no group is named; where one has more of them, that one is."""
    rng = _rng()
    depots = ["Leeds"] * 500 + ["Hull"] * 250 + ["York"] * 150

    def advice(shares: dict[str, float]) -> str:
        damaged = [bool(rng.random() < shares[depot]) for depot in depots]
        (rate,) = (
            one for one in insights_of({"depot": depots, "damaged": damaged}).analyst_insights
            if one.kind == "event_rate" and one.columns == ("damaged",)
        )  # fmt: skip
        assert rate.detail.startswith("The share across depots: ")
        return rate.recommendation.what

    assert "look first at" not in advice({"Leeds": 0.1, "Hull": 0.1, "York": 0.1})
    assert "look first at York: " in advice({"Leeds": 0.08, "Hull": 0.08, "York": 0.22})


@pytest.mark.spec("C6")
def test_a_reason_is_a_share_of_those_that_have_one() -> None:
    """Only lost deals have a reason: "Price" is half of them, not a fifth of all."""
    rng = _rng()
    is_lost = [at % 2 == 0 for at in range(600)]
    known = rng.choice(["Price", "Timing", "Budget"], 600, p=[0.6, 0.25, 0.15])
    reasons = [str(why) if one else None for one, why in zip(is_lost, known, strict=True)]
    cells: Cells = {"loss reason": reasons, "owner": [("Ada", "Ben", "Cleo")[at % 3] for at in range(600)],
                    "amount": [float(one) for one in rng.gamma(3, 100, 600).round()]}  # fmt: skip

    (told,) = _of_kind("dominance", insights_of(cells, amount=SUM))

    assert "of 300 records where loss reason is known" in told.headline
    assert told.recommendation.what == "Begin with Price: no other loss reason is named as often."


@pytest.mark.spec("C6")
def test_what_stands_where_a_reference_is_missing_leads_nothing() -> None:
    """Every invoice has its own number, and all other payments bear the same words."""
    references = [f"INV {5000 + at}" if at % 3 == 0 else "Direct debit" for at in range(300)]

    assert not _of_kind("dominance", insights_of(_calls(300, reference=references)))


@pytest.mark.spec("C6")
def test_the_least_and_the_most_of_one_thing_are_no_relation() -> None:
    """That warm days have warm nights, and prices that open high close high, is what the names say."""
    rng = _rng()
    warm = rng.normal(15, 8, 300)
    cells: Cells = {
        "temp max": [float(one) for one in (warm + 4).round(1)],
        "temp min": [float(one) for one in (warm - 4 + rng.normal(0, 2, 300)).round(1)],
        "umbrellas": [float(one) for one in (60 - warm + rng.normal(0, 6, 300)).round()],
    }

    pairs = [set(one.columns) for one in _of_kind("correlation", insights_of(cells))]

    assert {"temp max", "temp min"} not in pairs
    assert pairs


@pytest.mark.spec("C6")
def test_an_unnamed_number_of_the_row_is_compared_with_nothing() -> None:
    """A sorted file gives its row number a part in everything."""
    rng = _rng()
    weights = sorted(float(one) for one in rng.normal(3000, 500, 200).round())
    cells: Cells = {"column 1": [85 + at + at // 9 for at in range(200)], "birth weight": weights}

    assert not insights_of(cells).analyst_insights


@pytest.mark.spec("C6")
def test_groups_that_share_the_lowest_rate_are_not_ranked() -> None:
    """Where all shops but one charge the same, none of them "lies behind"."""
    rng = _rng()
    shops = [f"Store {at % 5 + 1}" for at in range(500)]
    units = [int(one) for one in rng.integers(1, 9, 500)]
    revenue = [float(number * (30 if shop == "Store 4" else 18)) for number, shop in zip(units, shops, strict=True)]
    cells: Cells = {"store": shops, "units": units, "revenue": revenue}

    (rate,) = _of_kind("rate", insights_of(cells, units=SUM, revenue=SUM))

    assert rate.headline == "Revenue per unit is 30 for Store 4 and 18 everywhere else"
    assert "lies behind" not in rate.recommendation.what


@pytest.mark.spec("C6")
def test_the_summary_tells_effects_before_what_is_frequent() -> None:
    """ "71% of all records are Phone" stands in the list, and not in the three sentences a manager reads."""
    channels = ["Phone" if at % 7 < 5 else "Mail" if at % 7 == 5 else "Chat" for at in range(420)]
    insights = insights_of(_calls(420, channel=channels))

    assert any("Phone is the most frequent channel" in one for one in headlines(insights))
    assert "Front desk" in insights.business_summary[0]
    assert not any("Phone" in one for one in insights.business_summary)


@pytest.mark.spec("C6")
def test_parts_of_amounts_by_day_are_compared_over_many_days() -> None:
    """A single day has few orders: the first third of the days is held against the last."""
    rng = _rng()
    start = date(2024, 3, 1)
    usual = {"phone": 18, "laptop": 12, "watch": 5}
    rows = [
        (start + timedelta(days=day), device, float(rng.poisson(mean / 3 if day >= 45 and device == "phone" else mean)))
        for day in range(90)
        for device, mean in usual.items()
    ]
    days, devices, orders = zip(*rows, strict=True)
    cells: Cells = {"day": days, "device": devices, "orders": orders}

    (shift,) = _of_kind("mix_change", insights_of(cells, orders=SUM))

    assert shift.headline.startswith("The phone device makes up ")
    assert "from 30 Apr 2024 to 29 May 2024, down from " in shift.headline
    assert shift.headline.endswith(" from 1 Mar 2024 to 30 Mar 2024")


@pytest.mark.spec("C6")
def test_what_came_of_it_is_told_of_what_was_tried() -> None:
    """Of those treated is said how many recovered, not of those who recovered how many were treated."""
    rng = _rng()
    treated = [at % 3 == 0 for at in range(600)]
    better = [bool(rng.random() < (0.7 if one else 0.3)) for one in treated]

    told = _of_kind("event_rate", insights_of({"outcome": better, "treat": treated}))

    assert "records whose treat is yes have outcome yes" in told[0].headline


@pytest.mark.spec("C6")
def test_rows_are_not_called_by_an_adjective() -> None:
    """EmpNo counts employees; an atomic number counts no atomics."""
    numbers = list(range(1, 401))
    known = {"inferred_type": "identifier", "role": "never"}

    assert "employees" in " ".join(insights_of(_calls(EmpNo=numbers), EmpNo=known).business_summary)
    summary = " ".join(insights_of(_calls(**{"atomic number": numbers}), **{"atomic number": known}).business_summary)
    assert "400 records" in summary


@pytest.mark.spec("C6")
def test_total_of_what_a_group_is_called_by_is_no_finding() -> None:
    """Orders of one, two and four blanks: that those of four hold most blanks is how they are called."""
    many = [1, 2, 4, 4] * 60
    cells: Cells = {"pack": [f"{number} blanks" for number in many], "blanks": many}

    told = headlines(insights_of(cells, blanks={"role": "sum"}))

    assert [one for one in told if "hold" in one or "total blanks" in one] == []


@pytest.mark.spec("C6")
def test_month_of_the_year_is_no_group_that_goes_its_own_way() -> None:
    """Where everything grows over the years, so do the Julys: that is told of all months."""
    rng = np.random.default_rng(11)
    times = [(year, month) for year in range(1995, 2025) for month in range(1, 13)]
    cells: Cells = {
        "year": [year for year, _ in times],
        "month": [month for _, month in times],
        "sold": [round(100 + 9 * (year - 1995) + rng.normal(0, 6)) for year, _ in times],
    }
    year = {"inferred_type": "numeric", "subtype": "year", "role": "never"}
    month = {"inferred_type": "categorical", "role": "count"}

    told = headlines(insights_of(cells, year=year, month=month, sold={"role": "sum"}))

    assert any("sold" in one for one in told)
    assert [one for one in told if "month is" in one] == []


@pytest.mark.spec("C6")
def test_what_records_did_is_told_as_a_verb() -> None:
    """They died: nobody is died."""
    rng = np.random.default_rng(12)
    ends = np.where(rng.random(500) < 0.2, "died", "lived")

    told = headlines(insights_of({"outcome": ends.tolist(), "age": rng.integers(20, 80, 500).tolist()}))

    assert any(" died" in one for one in told)
    assert [one for one in told if "are died" in one] == []


@pytest.mark.spec("C6")
def test_terms_that_lie_within_another_are_no_relation() -> None:
    """Who has been long in a role has been long in the firm: the years of the one are among those of the other, and
    so are those with a manager. Years that lie within no other are a relation."""
    rng = _rng()
    firm = rng.integers(0, 30, 600)
    role = [int(rng.integers(0, one + 1)) for one in firm]
    manager = [int(rng.integers(0, one + 1)) for one in firm]
    school = [int(one) // 3 + int(rng.integers(0, 12)) for one in firm]

    told = _of_kind("correlation", insights_of({
        "years at company": firm.tolist(), "years in role": role, "years with manager": manager,
        "years of school": school,
    }))  # fmt: skip

    terms = {"years at company", "years in role", "years with manager"}
    assert not [one.headline for one in told if set(one.columns) <= terms]
    assert [one for one in told if set(one.columns) == {"years at company", "years of school"}]
