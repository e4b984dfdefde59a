"""Charts of printed answers: what all who were asked said, question by question."""

from typing import Any

import pytest
from tests.analysis.drawn_charts import drawn
from tests.engine.tables import column, make_table

from datapilot.engine.table import Table

pytestmark = pytest.mark.spec("B4")

GROUPS = ("All", "Age: Under 30", "Age: 30 and up")
WORK = "How do you come to work?"
NEWS = "Where do you read the news? Tick all that apply."
LINES: list[list[Any]] = [
    [WORK, "By car", 50, 20, 70], [WORK, "By bus", 30, 55, 14], [WORK, "On foot", 20, 25, 16],
    [NEWS, "Paper", 61, 30, 80], [NEWS, "Web", 72, 95, 60],
    ["Why not by train?", "Too far", 70, None, 90], ["Why not by train?", "Too dear", 30, None, 10],
]  # fmt: skip


def _table(lines: list[list[Any]], groups: tuple[str, ...] = GROUPS) -> Table:
    shares = [column(name, "DOUBLE", role="average", unit="%", subtype="percent") for name in groups]
    return make_table([column("question", "VARCHAR"), column("answer", "VARCHAR"), *shares], lines)


def test_answers_of_all_are_drawn_question_by_question() -> None:
    """The title is the question, a bar an answer, also where several may be chosen."""
    first, second, *_ = drawn(_table(LINES)).charts

    assert (first.title, first.unit, first.y_label) == (WORK, "%", "All")
    assert [(one["x"], one["y"]) for one in first.data] == [("By car", 50.0), ("By bus", 30.0), ("On foot", 20.0)]
    assert (second.title, second.data[0]["x"]) == (NEWS, "Web")
    assert "“By car” with 50%" in first.alt


def test_a_long_question_stands_whole_above_its_answers() -> None:
    """The end of a question is often what it asks; the answers' column need not have a heading."""
    asked = (
        "Do you think that the town puts pressure on those who work there, in a way that is unhealthy or bad for them?"
    )
    lines = [[asked, answer, *shares] for _, answer, *shares in LINES[:3]]

    spec = next(one for one in drawn(_table([*lines, *LINES[3:]])).charts if one.title.startswith("Do you"))

    assert (spec.title, spec.x_label) == (asked, "Answer")


def test_of_many_answers_the_most_frequent_are_drawn() -> None:
    """What is left out is said, never averaged or added up."""
    shares = (30, 20, 12, 10, 8, 6, 4, 3, 3, 2, 1, 1)
    many = [[WORK, f"Way {at}", share, share, share] for at, share in enumerate(shares)]

    spec = next(one for one in drawn(_table([*many, *LINES[3:]])).charts if one.title == WORK)

    assert [one["y"] for one in spec.data] == [30, 20, 12, 10, 8, 6, 4, 3, 3, 2]
    assert spec.note == "The 10 most frequent answers are drawn."


def test_without_a_column_of_all_no_question_is_drawn() -> None:
    """One group's answers are not everybody's."""
    lines = [[question, answer, *shares] for question, answer, _, *shares in LINES]

    assert not drawn(_table(lines, GROUPS[1:])).charts
