"""A unit is said once: where a column's name ends in it and the figure bears it too."""

import pytest

from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.words.labels import label, without_unit
from datapilot.words.render import column_slot, is_question, render


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("name", "unit", "sentence"),
    [
        ("wait_min", "min", "Average wait is 23.2 min"),
        ("Length (mm)", "mm", "Average length is 23.2 mm"),
        ("weight_in_lbs", "lbs", "Average weight is 23.2 lbs"),
        ("price_eur", "€", "Average price is €23.20"),
        ("overtime hours", "hours", "Average overtime hours is 23.2"),
        ("lead_time_days", "days", "Average lead time is 23.2 days"),
        ("oven_temp_c", "°C", "Average oven temp is 23.2 °C"),
        ("hours", "hours", "Average hours is 23.2 hours"),
        ("weight_kg", None, "Average weight kg is 23.2"),
        ("wait", "min", "Average wait is 23.2 min"),
    ],
    ids=["the name gives way", "in brackets", "with its preposition", "a currency", "a word of the name stays",
         "a length of time needs none", "degrees",
         "a name that is its unit", "no unit at the figure", "no unit in the name"],
)  # fmt: skip
def test_a_unit_is_said_once(name: str, unit: str | None, sentence: str) -> None:
    """The name loses an abbreviated unit; of a word that the name needs the figure loses it."""
    measure = Measure(metric="mean", column=name)
    fact = Fact(id=measure.fact_id, measure=measure, value=23.2, unit=unit, n=10)

    said = render(f"average {column_slot(name)} is {{{fact.id}}}", {fact.id: fact})

    assert said == sentence


@pytest.mark.spec("C6")
def test_another_columns_unit_stays_in_its_name() -> None:
    """Of two lengths the one whose figure is not shown keeps its unit."""
    measure = Measure(metric="mean", column="flipper_mm")
    fact = Fact(id=measure.fact_id, measure=measure, value=188.0, unit="mm", n=10)

    said = render(
        f"higher {column_slot('bill_mm')}, higher {column_slot('flipper_mm')}: {{{fact.id}}}", {fact.id: fact}
    )

    assert said == "Higher bill mm, higher flipper: 188 mm"


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("Start with them when planning {col:amount_eur}", "Start with them when planning amount"),
        ("With {col:amount_eur} below {val:20}, look again", "With amount EUR below 20, look again"),
        ("The {col:amount_eur} {f|plain} is usual", "The amount EUR 12 is usual"),
    ],
    ids=["no figure", "a limit has no unit of its own", "a plain figure"],
)
def test_a_unit_leaves_the_name_where_no_figure_needs_it(template: str, said: str) -> None:
    """Its facts say what the unit is; what stands as a bare number needs it in the name."""
    limit = Filter(column="amount_eur", op="lt", value=20)
    measure = Measure(metric="mean", column="amount_eur", filters=(limit,))
    fact = Fact(id=measure.fact_id, measure=measure, value=12.0, unit="EUR", n=10)

    assert render(template.replace("{f|", f"{{{fact.id}|"), {fact.id: fact}) == said


@pytest.mark.spec("C6")
def test_without_unit_needs_a_name_that_is_left() -> None:
    """A name that is nothing but its unit keeps it."""
    assert without_unit("min", "min") is None
    assert without_unit("lead time days", "min") is None


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("OverTime", "overtime"), ("over_time", "over time"), ('income"', "income"), ("'GPA'", "GPA"),
        ("DownTimeHours", "downtime hours"),
    ],
)  # fmt: skip
def test_names_are_said_as_people_write_them(name: str, said: str) -> None:
    """Capitals part no word that is one, and quotes that a file left over are not read out."""
    assert label(name) == said


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("Workload is fair", True), ("Meetings are useful", True), ("is active", False), ("date of birth", False),
        ("has car", False), ("Children: Has children", False),
    ],
)  # fmt: skip
def test_a_claim_is_quoted(name: str, claims: bool) -> None:
    """ "Average workload is fair is 2.1" would fall apart."""
    assert is_question(name) is claims
