"""Batteries of a survey: one question asked of several things, a column each."""

from typing import Literal, NamedTuple

from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.words.labels import question_and_item

FEWEST_ASKED, MOST_ASKED = 3, 20  # columns of one question
MOST_ANSWERS = 12
Form = Literal["numbers", "answers", "ticks"]
FORMS: tuple[Form, ...] = ("numbers", "answers", "ticks")


class Battery(NamedTuple):
    """One question asked of several things, a column each: numbers, the same few answers, or boxes to tick."""

    columns: tuple[str, ...]
    form: Form


def find_batteries(profile: TableProfile) -> tuple[Battery, ...]:
    """Return the questions that FEWEST_ASKED columns or more of one kind share."""
    asked: dict[tuple[str, str], list[str]] = {}
    for column in profile.columns:
        parts, form = question_and_item(column.name), _form_of(column)
        if parts is not None and form is not None:
            asked.setdefault((parts[0], form), []).append(column.name)
    return tuple(
        Battery(tuple(columns[:MOST_ASKED]), form)
        for form in FORMS
        for (_, found), columns in asked.items()
        if found == form and len(columns) >= FEWEST_ASKED
    )


def _form_of(column: ColumnProfile) -> Form | None:
    if column.pii is not None:
        return None
    if column.unique_count == 1 and column.missing_count > 0:
        return "ticks"
    if column.storage in {"BIGINT", "DOUBLE"} and column.role in {"sum", "average"}:
        return "numbers"
    return "answers" if column.storage in {"VARCHAR", "BOOLEAN"} and 2 <= column.unique_count <= MOST_ANSWERS else None
