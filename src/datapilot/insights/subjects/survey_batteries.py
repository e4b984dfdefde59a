"""Batteries of a survey: one question asked of several things, or several statements to agree with, a column each."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from datapilot.contracts.base import Scalar
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.words.labels import question_and_item
from datapilot.words.render import is_question

FEWEST_ASKED, MOST_ASKED = 3, 20  # columns of one question
MOST_ANSWERS = 12
MOST_POINTS = frozenset({4, 5, 6, 7, 10})  # of the usual scales
SHARED_ANSWERS = 0.6  # of all answers to two statements, for them to be on one scale
MOST_IN_FAVOUR = 3  # answers of a scale of five or seven
_FAVOUR = re.compile(
    r"agree|satisfied|likely|favou?rabl|important|\bgood\b|excellent|\boften\b|always|zufrieden|stimme"
)
_AGAINST = re.compile(
    r"disagree|dissatisfied|unlikely|unfavou?rabl|unimportant|\bnot?\b|neither|never|rarely|\bnicht\b|unzufrieden"
)
Form = Literal["numbers", "answers", "ticks"]
FORMS: tuple[Form, ...] = ("numbers", "answers", "ticks")


class Battery(NamedTuple):
    """One question asked of several things, a column each: numbers, the same few answers, or boxes to tick."""

    columns: tuple[str, ...]
    form: Form


def find_batteries(profile: TableProfile) -> tuple[Battery, ...]:
    """Return the questions that FEWEST_ASKED columns or more of one kind share, then the scales that they share."""
    asked: dict[tuple[str, str], list[str]] = {}
    for column in profile.columns:
        parts, form = question_and_item(column.name), _form_of(column)
        if parts is not None and form is not None:
            asked.setdefault((parts[0], form), []).append(column.name)
    questions = (
        Battery(tuple(columns[:MOST_ASKED]), form)
        for form in FORMS
        for (_, found), columns in asked.items()
        if found == form and len(columns) >= FEWEST_ASKED
    )
    return (*questions, *_on_one_scale(profile), *_marked_alike(profile))


def _marked_alike(profile: TableProfile) -> Iterator[Battery]:
    """Yield the statements and questions without one in common that are answered by points on one scale. Not all need
    have the least and the most that can be given: what nobody likes gets no five."""
    marked: dict[int, list[ColumnProfile]] = {}
    for column in profile.columns:
        scale = _scale_of(column)
        if scale is not None and is_question(column.name) and question_and_item(column.name) is None:
            marked.setdefault(scale, []).append(column)
    for columns in marked.values():
        lows, highs = ([getattr(one, end) for one in columns] for end in ("minimum", "maximum"))
        if len(columns) >= FEWEST_ASKED and min(lows) in {0, 1} and max(highs) in MOST_POINTS:
            yield Battery(tuple(one.name for one in columns[:MOST_ASKED]), "numbers")


def _scale_of(column: ColumnProfile) -> int | None:
    """Return the end of the shortest usual scale that has room for a column's whole numbers; None for other numbers."""
    low, high = column.minimum, column.maximum
    if _form_of(column) != "numbers" or not isinstance(low, int | float) or not isinstance(high, int | float):
        return None
    is_whole = column.unique_count <= high - low + 1 and low == int(low) and high == int(high)
    return next((most for most in (5, 7, 10) if high <= most), None) if is_whole and low >= 0 else None


def _on_one_scale(profile: TableProfile) -> Iterator[Battery]:
    """Yield the columns without a question in common whose answers are those of one scale from against to in favour."""
    fit = [one for one in profile.columns if question_and_item(one.name) is None and _form_of(one) == "answers"]
    answers = {one.name: {top.value: top.count for top in one.top_values} for one in fit}
    scales: list[tuple[set[Scalar], list[str]]] = []
    # A statement that nobody agrees with strongly does not show its scale: the others do.
    for name in sorted(answers, key=lambda name: not in_favour(answers[name])):
        alike = next((one for one in scales if _overlap(one[0], {*answers[name]}) >= SHARED_ANSWERS), None)
        if alike is not None:
            alike[1].append(name)
        elif in_favour(answers[name]):
            scales.append(({*answers[name]}, [name]))
    for _, columns in scales:
        if len(columns) >= FEWEST_ASKED:
            columns.sort(key=[*answers].index)
            yield Battery(tuple(columns[:MOST_ASKED]), "answers")


def _overlap(one: set[Scalar], other: set[Scalar]) -> float:
    return len(one & other) / len(one | other)


def in_favour(times: Mapping[Scalar, int]) -> tuple[Scalar, ...]:
    """Return the answers of a scale that are in favour ("Strongly agree", "Agree"), most given first; () for others."""
    said = {label: str(label).lower() for label in times}
    against = {label for label, text in said.items() if _AGAINST.search(text)}
    favour = [label for label, text in said.items() if label not in against and _FAVOUR.search(text)]
    if not against or not 2 <= len(favour) <= MOST_IN_FAVOUR:
        return ()
    return tuple(sorted(favour, key=lambda label: (-times[label], str(label))))


def _form_of(column: ColumnProfile) -> Form | None:
    if column.pii is not None:
        return None
    if column.unique_count == 1 and column.missing_count > 0:
        return "ticks"
    if column.storage in {"BIGINT", "DOUBLE"} and column.role in {"sum", "average"}:
        return "numbers"
    return "answers" if column.storage in {"VARCHAR", "BOOLEAN"} and 2 <= column.unique_count <= MOST_ANSWERS else None
