"""One question asked of several things, a column each: "R2 D2 is answered “Very favorably” most often, Jar Jar Binks
least often".

Test: first against last among those who answered both, by the sign of the difference (McNemar 1947, normal
approximation), times the number of pairs; effect: the gap of the shares, or of the means in standard deviations.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.engine.p_values import normal_tail
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Floats, Test
from datapilot.insights.subjects.subjects import Subjects
from datapilot.insights.subjects.survey_batteries import Battery, in_favour
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, number, p_text, rows_text
from datapilot.words.labels import question_and_item
from datapilot.words.render import column_slot, item_slot, question_slot, value_slot

FEWEST_ANSWERS = 30  # to a question
LEAST_POINTS = 0.1  # between the shares of first and last
LEAST_SIGMAS = 0.3  # between their means
COMMON_ANSWERS = 0.8  # of a column's answers are also given to the others
STATEMENT_WORDS = 4
_LISTED = 8
_FIRST_IS_BEST = re.compile(
    r"\brank.*\b(?:1|first|1st)\W+(?:being|is|as|for|means)?\W*(?:your|the|my)?\W*"
    r"(?:most|favou?rite|best|highest|top|first)\b",
    re.IGNORECASE | re.DOTALL,
)


class _Asked(NamedTuple):
    """Per column: who answered, and what; `answers` are those whose share together is compared."""

    columns: tuple[str, ...]
    values: tuple[Floats, ...]  # NaN where there is no answer; 1 and 0 for "answered so" and "otherwise"
    answers: tuple[Scalar, ...] = ()


def find_batteries(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield, for every such question, the test of the thing that stands first against the one that stands last."""
    for battery in subjects.batteries:
        asked = _asked(subjects, battery)
        if asked is not None:
            yield _first_and_last(subjects, battery, asked)


def _asked(subjects: Subjects, battery: Battery) -> _Asked | None:
    if battery.form == "numbers":
        values = tuple(subjects.cells.numbers[name] for name in battery.columns)
        return _Asked(battery.columns, values)
    if battery.form == "ticks":
        return _Asked(
            battery.columns, tuple((~subjects.cells.missing[name]).astype(np.float64) for name in battery.columns)
        )
    codes = {name: subjects.cells.codes[name] for name in battery.columns}
    times: dict[Scalar, int] = {}
    for one in codes.values():
        for label, count in zip(one.labels, one.counts, strict=True):
            times[label] = times.get(label, 0) + int(count)
    answers = in_favour(times) or (max(times, key=lambda label: (times[label], str(label))),)
    columns_with = Counter(label for one in codes.values() for label in one.labels)
    # What hardly anybody agrees with lacks an answer or two, and is what stands last.
    common = {label for label, columns in columns_with.items() if 2 * columns >= len(codes)}
    if not set(answers) <= common or any(
        len(common & {*one.labels}) < COMMON_ANSWERS * len(one.labels) for one in codes.values()
    ):
        return None
    answered = (
        np.where(
            one.codes >= 0, np.isin(one.codes, [at for at, label in enumerate(one.labels) if label in answers]), np.nan
        )
        for one in codes.values()
    )
    return _Asked(battery.columns, tuple(one.astype(np.float64) for one in answered), answers)


def _first_and_last(subjects: Subjects, battery: Battery, asked: _Asked) -> tuple[Test, Candidate | None]:
    known = [np.isfinite(values) for values in asked.values]
    if min(int(one.sum()) for one in known) < FEWEST_ANSWERS:
        return Test(1.0, 0.0, 0), None
    means = [float(values[one].mean()) for values, one in zip(asked.values, known, strict=True)]
    first, last = int(np.argmax(means)), int(np.argmin(means))
    both = known[first] & known[last]
    gaps = asked.values[first][both] - asked.values[last][both]
    above, below = int((gaps > 0).sum()), int((gaps < 0).sum())
    pairs = len(means) * (len(means) - 1) / 2
    distance = (above - below) / max(above + below, 1) ** 0.5
    p_value = min(1.0, 2 * normal_tail(distance) * pairs) if first != last else 1.0
    sigma = float(np.concatenate([v[k] for v, k in zip(asked.values, known, strict=True)]).std()) or 1.0
    gap = means[first] - means[last]
    is_wide = gap >= LEAST_SIGMAS * sigma if battery.form == "numbers" else gap >= LEAST_POINTS
    test = Test(p_value, gap / sigma, int(both.sum()))
    return test, _candidate(subjects, battery, asked, test) if is_wide and distance > 0 else None


def _measure(form: str, column: str, answers: tuple[Scalar, ...]) -> Measure:
    if form == "numbers":
        return Measure(metric="mean", column=column)
    known = Filter(column=column, op="not_missing")
    if form == "ticks":
        return Measure(metric="ratio", of="count", filters=(known,))
    so = Filter(column=column, op="in", value=answers)
    if len(answers) == 1:
        so = Filter(column=column, op="eq", value=answers[0])
    return Measure(metric="ratio", of="count", filters=(so,), baseline=(known,))


def _is_scale(column: str) -> bool:
    """Whether the question is how many points a thing gets."""
    parts = question_and_item(column)
    return parts is not None and parts[0][:1].isdigit()


def _are_ranks(column: str) -> bool:
    """Whether the question is in which order things come, the first with the smallest number."""
    parts = question_and_item(column)
    return parts is not None and bool(_FIRST_IS_BEST.search(parts[0]))


def _are_statements(columns: tuple[str, ...]) -> bool:
    """Whether what is asked about are statements of several words, which stand in quotes."""
    parts = [question_and_item(column) for column in columns]
    return any(one is not None and len(one[1].split()) >= STATEMENT_WORDS for one in parts)


def _item(column: str) -> str:
    """Return the template of what a column asks about: its part of a shared question, or its own name."""
    return item_slot(column) if question_and_item(column) else column_slot(column)


def _candidate(subjects: Subjects, battery: Battery, asked: _Asked, test: Test) -> Candidate:
    measures = {column: _measure(battery.form, column, asked.answers) for column in battery.columns}
    form = "" if battery.form == "numbers" else "percent"

    def word(facts: Facts) -> Wording | None:
        values = {column: number(facts, one.fact_id) for column, one in measures.items()}
        told = sorted(
            ((value, column) for column, value in values.items() if value is not None), key=lambda one: -one[0]
        )
        if len(told) < len(measures) or told[0][0] == told[-1][0]:
            return None
        top, bottom = told[0][1], told[-1][1]
        high, low = (fact_slot(facts[measures[column].fact_id], form) for column in (top, bottom))
        question = question_slot(top) if question_and_item(top) else ""
        if battery.form == "numbers" and _are_ranks(top):
            headline = f"{_item(bottom)} comes first in {question}, at rank {low} on average"
            headline += f"; {_item(top)} comes last, at {high}"
            what = f"Build on {_item(bottom)}, and ask those who put {_item(top)} last what they miss."
            story = f"In {question}, the average rank reaches from {low} for {_item(bottom)} to {high} for "
            story += f"{_item(top)}."
            told.reverse()
        elif battery.form == "numbers" and not question:
            headline = f"{_item(top)} gets the most points, {high} on average; {_item(bottom)} the fewest, {low}"
            what = f"Work on {_item(bottom)} first: it gets the fewest points."
            story = f"Points reach from {low} on average for {_item(bottom)} to {high} for {_item(top)}."
        elif battery.form == "numbers":
            where = f"on the scale {question}" if _is_scale(top) else f"in {question}"
            headline = f"{_item(top)} averages {high} {where}, the highest; {_item(bottom)} {low}, the lowest"
            what = f"Read the answers on {_item(top)} and {_item(bottom)} first: they lie furthest apart."
            story = f"In {question}, averages reach from {low} for {_item(bottom)} to {high} for {_item(top)}."
            if _is_scale(top):
                what = f"Work on {_item(bottom)} first: it gets the fewest points."
        elif battery.form == "ticks":
            headline = f"{_item(top)} is ticked by {high} of all records in {question}; {_item(bottom)} by {low}"
            what = f"Ask why {_item(bottom)} is chosen so much less often than {_item(top)}."
            story = f"Of all that {question} offers, {high} chose {_item(top)} and {low} {_item(bottom)}."
        else:
            said = " or ".join(value_slot(answer) for answer in asked.answers)
            form_of = "“{}”" if _are_statements(battery.columns) else "{}"
            best, worst = (form_of.format(_item(column)) for column in (top, bottom))
            headline = f"{said} is said of {best} in {high} of the answers, of {worst} in {low}"
            what = f"Ask what speaks against {worst}, and mend that before anything else."
            story = f"In favour are {high} of the answers for {best}, but {low} for {worst}."
        shown = [f"{_item(column)} {fact_slot(facts[measures[column].fact_id], form)}" for _, column in told[:_LISTED]]
        to = f"To {question}" if question else "All"
        detail = f"{f'On the scale {question}' if _is_scale(top) else to}: {', '.join(shown)}."
        return Wording(headline, detail, owner(*battery.columns, default="marketing"), what, story=story)

    first, last = battery.columns[0], battery.columns[-1]
    return Candidate(
        kind="battery", columns=(first, last), measures=tuple(measures.values()), word=word, impact=1.0,
        effect=min(1.0, 0.35 + test.effect / 2), n=test.n, p_value=test.p_value,
        statistics=f"signs of first against last {p_text(test.p_value)}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
    )  # fmt: skip
