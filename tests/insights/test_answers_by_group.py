"""Printed tables of answers: percentages, a column a group, and what an analyst would read out of them."""

from typing import Any

import pytest
from tests.insights.tables import headlines, insights_of

from datapilot.contracts.insight import Insights

GROUPS = ("All", "Age: Under 30", "Age: 30 to 59", "Age: 60 and up", "Region: North", "Region: South")
ASKED: dict[str, dict[str, tuple[int | None, ...]]] = {
    "How do you come to work?": {
        "By car": (50, 20, 55, 70, 48, 52), "By bus": (30, 55, 28, 12, 33, 28), "On foot": (20, 25, 17, 18, 19, 20),
    },
    "Would you work from home?": {
        "Often": (52, 55, 51, 49, 64, 41), "Sometimes": (30, 28, 31, 31, 24, 35), "Never": (18, 17, 18, 20, 12, 24),
    },
    "How old are you?": {
        "Under 30": (30, 100, 0, 0, 31, 29), "30 to 59": (40, 0, 100, 0, 40, 40), "60 and up": (30, 0, 0, 100, 29, 31),
    },
    "And why not?": {"Too far": (70, None, 10, 90, 70, 70), "Too dear": (30, None, 90, 10, 30, 30)},
}  # fmt: skip


def _insights(asked: dict[str, dict[str, tuple[int | None, ...]]]) -> Insights:
    lines = [(question, answer, shares) for question, said in asked.items() for answer, shares in said.items()]
    cells: dict[str, list[Any]] = {
        "question": [question for question, _, _ in lines],
        "answer": [answer for _, answer, _ in lines],
        **{name: [shares[place] for _, _, shares in lines] for place, name in enumerate(GROUPS)},
    }
    return insights_of(cells, **{name: {"unit": "%", "subtype": "percent"} for name in GROUPS})


@pytest.mark.spec("C6")
def test_the_groups_furthest_apart_are_told_of_each_kind_of_group() -> None:
    """With the question, the answer and both shares; what the groups are made of is no answer that sets them apart,
    and where a group's cells are empty too few were asked."""
    told = headlines(_insights(ASKED))

    assert "To “How do you come to work?”, “By car” stands at 70% for 60 and up, but at 20% for Under 30 (age)" in told
    assert "To “Would you work from home?”, “Often” stands at 64% for North, but at 41% for South (region)" in told
    assert not any("“How old are you?”" in one or "“And why not?”" in one for one in told)


@pytest.mark.spec("C6")
def test_what_most_of_all_say_is_told_with_what_follows() -> None:
    """The column of all is told for itself, never as a group among groups."""
    told = headlines(_insights(ASKED))

    assert "To “Would you work from home?”, “Often” stands at 52% for all; “Sometimes” follows with 30%" in told
    assert not any("but at" in one and "for all" in one for one in told)


@pytest.mark.spec("C6")
def test_what_the_words_of_a_group_say_already_is_not_told_of_it() -> None:
    """That the old are retired is no finding, nor what the north says of the north."""
    asked = {
        "How do you earn your living?": {
            "Retired": (25, 1, 5, 70, 25, 25), "Shop": (40, 60, 50, 15, 40, 40), "Farm": (35, 39, 45, 15, 35, 35),
        },
        "How often are you in the region's capital?": {
            "Often": (50, 50, 50, 50, 80, 20), "Rarely": (50, 50, 50, 50, 20, 80),
        },
    }  # fmt: skip

    told = headlines(_insights(ASKED | asked))

    assert any("“Shop” stands at 60% for Under 30" in one for one in told)
    assert not any("“Retired”" in one or "capital" in one for one in told)


def test_percentages_that_are_no_answers_are_not_read_as_such() -> None:
    """Rates that add up to nothing are not shares of what a group said."""
    rates = {
        question: {answer: tuple(share and share // 3 for share in shares) for answer, shares in said.items()}
        for question, said in ASKED.items()
    }

    assert not [one for one in headlines(_insights(rates)) if "stands at" in one]
