"""A printed table of answers, its columns the groups that were asked, its cells percentages: "To “Where do you get your
ideas?”, “Pop culture” stands at 42% for 18 - 34, but at 12% for 65 and up (age)".

That the cells are shares of what a group answered is seen when the table is profiled. The table does not say how many
were asked, so nothing is tested; gaps are told from LEAST_POINTS on, and never of a question for which the table keeps
a group's cells empty, as tables do where too few were asked.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.contracts.profile import MOST_ANSWERS, WHOLE, AnswerTable
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Floats
from datapilot.insights.subjects.subjects import Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import entries, entry_slot, fact_slot, listing, number
from datapilot.words.labels import heading_and_group
from datapilot.words.render import column_slot, item_slot, question_slot, value_slot

LEAST_POINTS = 10.0  # between the groups furthest apart
MOST_POINTS = 75.0  # further apart, and the answer says what the groups are
GAPS_OF_A_KIND = 2  # questions told of one kind of group
LEAST_MAJORITY = 50.0
_NO_ANSWER = re.compile(
    r"(?:no (?:answer|opinion|response)|refused|do(?:n['’]t| not) know|not sure|unsure|skipped|n/?a|other\b.*|none\b.*"
    r"|total|sum|(?:un)?weighted.*|base|keine angabe|weiß nicht|sonstige.*)\W*",
    re.IGNORECASE,
)


_STAGES_OF_LIFE = frozenset({
    "employed", "working", "retired", "retirement", "pension", "pensioner", "married", "widowed", "widow", "divorced",
    "single", "student", "students", "school", "university", "children", "child", "grandchildren", "parents",
    "ruhestand", "rente", "verheiratet", "verwitwet", "schüler", "kinder", "jubilado", "retraité",
})  # fmt: skip
_OF_AGE = re.compile(r"\b\d{2} ?(?:-|–|to|and|\+|plus|or)", re.IGNORECASE)
_STEM = 6  # letters


class _Row(NamedTuple):
    """One answer to one question, as the rows of the table held."""

    row: int
    question: Scalar
    answer: Scalar


def find_answers_by_group(subjects: Subjects) -> Iterator[Candidate]:
    """Yield, for every kind of group, the answers on which its groups lie furthest apart, and what most of all say."""
    table = subjects.profile.answers
    if table is None:
        return
    rows = _rows(subjects, table)
    shares = {name: subjects.cells.numbers[name] for name in table.columns}
    full = [one for one in rows if all(np.isfinite(values[one.row]) for values in shares.values())]
    whole = [question for question, block in _blocks(full).items() if _adds_up(block, list(shares.values()))]
    defining = {one.question for one in full if _tells_groups(subjects, table, one)} - {None}
    telling = [
        one for one in full
        if one.question not in defining and not _NO_ANSWER.fullmatch(str(one.answer).strip())
    ]  # fmt: skip
    told: set[Scalar] = set()
    for groups in table.families:
        news = [one for one in telling if not _goes_without_saying(groups, one)]
        yield from _gaps(subjects, table, groups, news, told)
    if table.whole:
        said = [one for one in telling if one.question in whole]
        yield from _majority(subjects, table, table.whole[0], said)


def _tells_groups(subjects: Subjects, table: AnswerTable, one: _Row) -> bool:
    """Whether all of one group give an answer that none of another of its kind does: the question made the groups."""
    for groups in table.families:
        here = [float(subjects.cells.numbers[name][one.row]) for name in groups]
        if max(here) >= WHOLE - 1 and min(here) <= 1:
            return True
    return False


def _goes_without_saying(groups: tuple[str, ...], one: _Row) -> bool:
    """Whether an answer goes with the groups by what the words mean: the old are retired, and a question that asks of
    what the groups are called in part asks again who they are."""
    asked = {*_words(str(one.question or "")), *_words(str(one.answer))}
    called = set.intersection(*(set(_words(name)) for name in groups))
    if called & {"age", "children", "alter"} or all(_OF_AGE.search(name) for name in groups):
        return bool(asked & _STAGES_OF_LIFE)
    return bool({word[:_STEM] for word in asked} & {word[:_STEM] for word in called if len(word) >= _STEM})


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\W\d_]+", text.lower()) if word]


def _rows(subjects: Subjects, table: AnswerTable) -> list[_Row]:
    """Return the rows with their labels; none where a label is missing or two rows are the same answer."""
    answers = subjects.cells.codes[table.answer]
    questions = subjects.cells.codes[table.question] if table.question is not None else None
    rows = [
        _Row(at, questions.labels[questions.codes[at]] if questions is not None else None, answers.labels[code])
        for at, code in enumerate(answers.codes)
        if code >= 0 and (questions is None or questions.codes[at] >= 0)
    ]
    is_unique = len({(one.question, one.answer) for one in rows}) == len(rows) == len(answers.codes)
    return rows if is_unique else []


def _blocks(rows: Sequence[_Row]) -> dict[Scalar, list[_Row]]:
    blocks: dict[Scalar, list[_Row]] = {}
    for one in rows:
        blocks.setdefault(one.question, []).append(one)
    return {question: block for question, block in blocks.items() if len(block) > 1}


def _adds_up(block: list[_Row], shares: list[Floats]) -> bool:
    places = [one.row for one in block]
    return all(AnswerTable.is_whole(float(values[places].sum())) for values in shares)


def _gaps(
    subjects: Subjects, table: AnswerTable, groups: tuple[str, ...], rows: Sequence[_Row], told: set[Scalar]
) -> Iterator[Candidate]:
    """Yield the widest gaps between the groups, each on a question not `told` of other groups yet."""
    values = np.array([subjects.cells.numbers[name] for name in groups])
    points = np.ptp(values, axis=0)
    fit = (one for one in rows if LEAST_POINTS <= points[one.row] <= MOST_POINTS)
    found = 0
    for one in sorted(fit, key=lambda one: (-points[one.row], one.row)):
        subject = one.question if table.question is not None else one.answer
        if subject in told or found == GAPS_OF_A_KIND:
            continue
        told.add(subject)
        found += 1
        here = values[:, one.row]
        ends = groups[int(np.argmax(here))], groups[int(np.argmin(here))]
        yield _gap(subjects, table, groups, one, ends=ends, points=float(points[one.row]))


def _condition(table: AnswerTable, one: _Row) -> tuple[Filter, ...]:
    answer = Filter(column=table.answer, op="eq", value=one.answer)
    if table.question is None:
        return (answer,)
    return Filter(column=table.question, op="eq", value=one.question), answer


def _called(group: str) -> str:
    """Return the template of a group's name without the heading that all of its kind have over them."""
    return item_slot(group) if heading_and_group(group) else column_slot(group)


def _kind(group: str) -> str:
    """Return what kind of group it is, in brackets, as its heading says; "" where it has none."""
    return f" ({question_slot(group)})" if heading_and_group(group) else ""


def _asked(table: AnswerTable, one: _Row) -> str:
    return f"to “{value_slot(one.question)}”, " if table.question is not None else ""


def _gap(
    subjects: Subjects, table: AnswerTable, groups: tuple[str, ...], one: _Row, *, ends: tuple[str, str], points: float
) -> Candidate:
    here = _condition(table, one)
    each = {name: Measure(metric="mean", column=name, filters=here) for name in (*groups, *table.whole)}

    def word(facts: Facts) -> Wording | None:
        high, low = (number(facts, each[name].fact_id) for name in ends)
        if high is None or low is None or high - low < LEAST_POINTS:
            return None
        top, bottom = (_called(name) for name in ends)
        kind = _kind(ends[0])
        most, least = (fact_slot(facts[each[name].fact_id]) for name in ends)
        answer, asked = f"“{value_slot(one.answer)}”", _asked(table, one)
        headline = f"{asked}{answer} stands at {most} for {top}, but at {least} for {bottom}{kind}"
        shown = ", ".join(f"{_called(name)} {fact_slot(facts[fact.fact_id])}" for name, fact in each.items())
        detail = f"{shown}. How many were asked in each group the table does not say; shares of few move by chance."
        what = f"Report {answer} for {top} and {bottom} apart{kind}: one figure for all describes neither."
        question = f" to “{value_slot(one.question)}”" if table.question is not None else ""
        story = f"The answer {answer}{question} sets {top}, {most}, apart from {bottom}, {least}{kind}."
        return Wording(headline, detail, owner(*ends, default="marketing"), what, story=story)

    return Candidate(
        kind="battery", columns=ends, measures=tuple(each.values()), word=word, impact=1.0,
        effect=min(1.0, 0.35 + points / WHOLE), n=subjects.rows, subject=(str(one.question), str(one.answer)),
    )  # fmt: skip


def _majority(subjects: Subjects, table: AnswerTable, whole: str, rows: Sequence[_Row]) -> Iterator[Candidate]:
    """Yield the answer on which the most of all agree."""
    values = subjects.cells.numbers[whole]
    first = max(rows, key=lambda one: (float(values[one.row]), -one.row), default=None)
    if first is None or not LEAST_MAJORITY <= float(values[first.row]) < WHOLE:
        return
    share = Measure(metric="mean", column=whole, filters=_condition(table, first))
    asked_so = _condition(table, first)[:-1]
    each = Measure(metric="mean", column=whole, by=table.answer, filters=asked_so, limit=MOST_ANSWERS)

    def word(facts: Facts) -> Wording | None:
        parts = entries(facts[each.fact_id])
        if number(facts, share.fact_id) is None or len(parts) < 2 or parts[0][1] != first.answer:
            return None
        most, answer = fact_slot(facts[share.fact_id]), f"“{value_slot(first.answer)}”"
        follows = f"“{entry_slot(facts[each.fact_id], parts[1][0], 'key')}”"
        headline = f"{_asked(table, first)}{answer} stands at {most} for {column_slot(whole)}"
        headline += f"; {follows} follows with {entry_slot(facts[each.fact_id], parts[1][0])}"
        detail = f"All answers: {listing(facts[each.fact_id])}."
        what = f"Take {answer} as what most say, and look at the groups for those who do not."
        story = f"No answer is given by more of {column_slot(whole)} than {answer}: {most}."
        return Wording(headline, detail, owner(whole, default="marketing"), what, story=story)

    above = (float(values[first.row]) - LEAST_MAJORITY) / WHOLE
    yield Candidate(
        kind="battery", columns=(whole, table.answer), measures=(share, each), word=word, impact=1.0,
        effect=min(1.0, 0.35 + above), n=subjects.rows, subject=(str(first.question), str(first.answer)),
    )  # fmt: skip
