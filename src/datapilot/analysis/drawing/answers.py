"""Bars of a printed table of answers: what all who were asked said to a question, an answer a bar. Each bar is one cell
of the table; the cells of unlike answers are neither averaged nor added up."""

from collections.abc import Iterator, Sequence
from functools import partial

from datapilot.analysis.drawing.candidate import Axes, Candidate, Wording, X, Y, assemble
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.contracts.profile import MOST_ANSWERS, AnswerTable, TableProfile
from datapilot.engine.table import Table
from datapilot.words.cleaning import clean_text
from datapilot.words.labels import label
from datapilot.words.render import column_slot, show_key, whole_slot

MOST_QUESTIONS = 8
LONGEST_ANSWER = 60


def propose_answers(table: Table, profile: TableProfile) -> Iterator[Candidate]:
    """Offer the answers of all to each question that has several, the first questions first; nothing where the table
    has no column of all, or for another kind of table."""
    answers = profile.answers
    if answers is None or not answers.whole:
        return
    for rank, question in enumerate(_questions(table, answers)):
        where = () if answers.question is None else (Filter(column=answers.question, op="eq", value=question),)
        measure = Measure(metric="mean", column=answers.whole[0], by=answers.answer, filters=where, limit=MOST_ANSWERS)
        yield Candidate(
            # Each question is another subject, whatever columns they share.
            "bar", 96.0 - rank, (f"{answers.answer} {rank}",), (measure,), partial(_draw, answers, question),
        )  # fmt: skip


def _questions(table: Table, answers: AnswerTable) -> list[str | None]:
    """Return the questions with several answers, all of them known, in the order of the table."""
    whole = table.physical(answers.whole[0])
    asked = "NULL" if answers.question is None else table.physical(answers.question)
    found = table.connection.execute(
        f"SELECT {asked} FROM {table.relation} GROUP BY {asked} "
        f"HAVING count(*) > 1 AND count({whole}) = count(*) ORDER BY min(rowid)"
    ).fetchall()
    return [one for (one,) in found if one is not None or answers.question is None][:MOST_QUESTIONS]


def _draw(answers: AnswerTable, question: str | None, facts: Sequence[Fact]) -> ChartSpec | None:
    (fact,) = facts
    assert isinstance(fact.value, tuple)
    shown = [one for one in fact.value if one.other is None and one.key is not None]
    names = [clean_text(show_key(one.key, fact.measure), limit=LONGEST_ANSWER) for one in shown]
    if len({one.value for one in shown}) < 2 or len(set(names)) < len(names):
        return None
    whole, answer = column_slot(answers.whole[0]), column_slot(answers.answer)
    asked = answer if question is None else whole_slot(question)
    first = f"“{{{fact.id}[0].key}}” with {{{fact.id}[0].value}}"
    return assemble(
        "bar",
        Wording(
            title=asked,
            subtitle=f"{whole}: percent of each answer",
            alt=f"Bars of the answers of {whole}: most say {first}.",
            of_drawing="" if len(shown) == len(fact.value) else f"The {len(shown)} most frequent answers are drawn.",
        ),
        Axes("Answer", label(answers.whole[0]).capitalize(), "%"),
        [{X: name, Y: one.value} for name, one in zip(names, shown, strict=True)],
        cited=facts,
        points_total=fact.n,
    )
