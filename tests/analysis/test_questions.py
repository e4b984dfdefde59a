"""Questions side by side: scores on one scale, ranks, and how often each column says yes."""

import random

import pytest
from tests.analysis.drawn_charts import chosen, drawn
from tests.engine.tables import column, make_table

from datapilot.contracts.chart import ChartSpec
from datapilot.engine.table import Table

pytestmark = pytest.mark.spec("B4")

STATEMENTS = ["The trainer explained things clearly", "The material was useful", "Would you come again? (1-5)"]


def scored(names: list[str], levels: list[int], *, storage: str = "BIGINT", rows: int = 120) -> Table:
    """A column for each name, of whole numbers from one to five around its level."""
    chance = random.Random(3)
    data = [[min(5, max(1, level + chance.choice((-2, -1, 0, 0, 1, 2)))) for level in levels] for _ in range(rows)]
    return make_table([column(name, storage, role="average") for name in names], data)


def side_by_side(table: Table) -> ChartSpec | None:
    return next((one for one in drawn(table).charts if one.type == "bar" and one.x_label == "Question"), None)


def test_scores_on_one_scale_are_compared_in_one_drawing() -> None:
    """A bar for each statement, the best first, under its own words; the title says which that is."""
    spec = side_by_side(scored(STATEMENTS, [3, 4, 2]))

    assert spec is not None
    assert [record["x"] for record in spec.data] == [STATEMENTS[1], STATEMENTS[0], STATEMENTS[2]]
    assert spec.title.startswith("“The material was useful” has the highest average score: ")
    assert spec.y_label == "Average score"


def test_each_score_is_also_drawn_by_its_points() -> None:
    """How many gave one point, how many five: every number is a bar of its own."""
    spreads = [one for one in drawn(scored(STATEMENTS, [3, 4, 2])).charts if one.type == "histogram"]

    assert spreads
    assert all(set(record) == {"x", "y"} and 1 <= int(str(record["x"])) <= 5 for one in spreads for record in one.data)


@pytest.mark.parametrize(
    "names", [["bedrooms", "bathrooms", "floors"], STATEMENTS[:2]], ids=["small numbers", "two scores"]
)
def test_what_is_no_battery_of_scores_is_not_compared(names: list[str]) -> None:
    """Rooms and floors are small numbers of different things; two averages are read in the table of columns."""
    assert side_by_side(scored(names, [3, 4, 2][: len(names)])) is None


def test_of_ranks_none_is_called_the_highest() -> None:
    """Whether the first place is one or five, the figures do not say."""
    spec = side_by_side(
        scored([f"How do you rank these films? [{one}]" for one in ("Alpha", "Beta", "Gamma")], [2, 3, 4])
    )

    assert spec is not None
    assert (spec.title, spec.y_label) == ("Average ranks side by side", "Average rank")
    assert [record["x"] for record in spec.data] == ["Gamma", "Beta", "Alpha"]


def test_places_in_one_ranking_are_told_side_by_side_alone() -> None:
    """The average place of one film says nothing without the others', nor do places that add up to one sum go together
    otherwise than as they must."""
    chance = random.Random(31)
    films = ("Alpha", "Beta", "Gamma", "Delta")
    rows = [[chance.choice(["North", "South", "East"]), *chance.sample(range(1, 5), 4)] for _ in range(200)]
    asked = [column(f"How do you rank these films? [{one}]", "BIGINT", role="average") for one in films]
    table = make_table([column("region", "VARCHAR"), *asked], rows)

    found = drawn(table).charts

    assert [one.title for one in found if "rank" in one.y_label] == ["Average ranks side by side"]
    assert {one.type for one in found} == {"bar"}
    assert not [card for card in chosen(table).cards if "rank" in card.label]


def test_share_of_yes_that_stands_beside_others_is_not_drawn_again() -> None:
    """Two bars of yes and no would only repeat one of them."""
    rows = [[("North", "South", "East")[at % 3], at % 4 == 0, at % 2 == 0] for at in range(120)]
    table = make_table(
        [column("region", "VARCHAR"), column("is member", "BOOLEAN"), column("has car", "BOOLEAN")], rows
    )

    found = drawn(table).charts

    assert [one.unit for one in found].count("share") == 1
    assert {one.x_label for one in found} <= {"Question", "Region"}


def test_columns_of_yes_and_no_are_compared_by_their_yes() -> None:
    """The share is of those for whom it is known."""
    names = ["Attended before?", "Will use it?", "Has a team?"]
    data = [[at % 4 == 0, at % 2 == 0, None if at % 2 else at % 3 == 0] for at in range(120)]

    spec = side_by_side(make_table([column(name, "BOOLEAN") for name in names], data))

    assert spec is not None
    assert spec.data == (
        {"x": names[1], "y": 0.5},
        {"x": names[2], "y": pytest.approx(1 / 3)},
        {"x": names[0], "y": 0.25},
    )
    assert spec.title == "“Will use it?” has the largest share of yes: 50%"
    assert spec.unit == "share"


def test_of_many_questions_both_ends_are_drawn() -> None:
    """Five to be proud of and five to work on; the note says how many lie between."""
    names = [f"How good is our service? [Point {chr(65 + at)}]" for at in range(13)]
    data = [[1 + (row + at) % 3 + (row % 13 < at) for at in range(13)] for row in range(130)]

    spec = side_by_side(make_table([column(name, "BIGINT", role="average") for name in names], data))

    assert spec is not None
    assert len(spec.data) == 10
    assert spec.note == "Drawn are the 5 highest and the 5 lowest of 13."
