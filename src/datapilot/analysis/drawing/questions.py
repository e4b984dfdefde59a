"""Bars of columns side by side: what the questions of a survey were scored on one scale, and how often each of the
yes-or-no columns says yes. One drawing answers what a drawing of each column would leave the reader to compare."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from datapilot.analysis.drawing.bar_words import NARROW
from datapilot.analysis.drawing.candidate import Axes, Candidate, Wording, X, Y, assemble, number_of
from datapilot.analysis.subjects import RANK_WORDS
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.words.cleaning import clean_text
from datapilot.words.labels import label, question_and_item
from datapilot.words.meanings import name_words
from datapilot.words.numbers import show
from datapilot.words.render import column_slot, is_question

FEWEST_SCORES, FEWEST_FLAGS = 3, 2  # columns; two scores are compared in the table of columns
MOST_COLUMNS = 40  # whose figures are asked for
MOST_BARS = 10
HIGHEST_SCORE = 10
FEWEST_STEPS = 3  # different scores that were given
FEWEST_ANSWERS = 12
LONGEST_LABEL = 120  # whole questions: those that begin alike differ at their ends


class _Said(NamedTuple):
    """What a drawing of such columns says: its titles with a leader, "" where none is named, and without, and what its
    bars are."""

    leads: str
    title: str
    subtitle: str
    axis: str
    unit: str | None = None
    form: str = ""
    bar: str = "Question"


_SCORES = _Said(
    "has the highest average score",
    "Average scores side by side",
    "Average over all who answered each",
    "Average score",
)
_RANKS = _Said("", "Average ranks side by side", "Average over all who ranked each", "Average rank")
_SHARES = _Said(
    "has the largest share of yes", "How often each is yes", "Share of yes where yes or no is known", "Share of yes",
    "share", "|percent",
)  # fmt: skip
_PARTS = _Said(
    "is the most frequent", "How the records are parted", "Share of the records, of which none has two of these",
    "Share of records", "share", "|percent", "Group",
)  # fmt: skip
MOST_CHOICES = 3  # that are drawn
_SCORE_WORDS = frozenset({"score", "rating", "satisfaction", "stars", "grade", "note", "bewertung"})


def propose_questions(profile: TableProfile) -> Iterator[Candidate]:
    """Offer the averages of the columns that are scored on one scale, of the scale that most of them share, and the
    shares of yes of the columns that hold yes or no, those of one choice by themselves."""
    scored = _scored(profile)
    if len(scored) >= FEWEST_SCORES:
        said = _RANKS if RANK_WORDS & {*name_words(scored[0].name)} else _SCORES
        yield _candidate(scored, [Measure(metric="mean", column=one.name) for one in scored], said, 96.0)
    for columns in _choices(profile):
        yield _candidate(columns, [_share_of_yes(one) for one in columns], _PARTS, 66.0)
    flags = flags_of(profile)
    if flags:
        yield _candidate(flags[:MOST_COLUMNS], [_share_of_yes(one) for one in flags[:MOST_COLUMNS]], _SHARES, 66.0)


def flags_of(profile: TableProfile) -> list[ColumnProfile]:
    """Return the yes-or-no columns whose shares of yes are drawn side by side; [] where there is but one."""
    spread = {name for one in profile.choices for name in one.columns}
    flags = [
        one for one in profile.columns
        if one.inferred_type == "boolean" and one.name not in spread and _is_answered(one, profile)
    ]  # fmt: skip
    return flags if len(flags) >= FEWEST_FLAGS else []


def _choices(profile: TableProfile) -> list[list[ColumnProfile]]:
    """Return the yes-or-no columns of each choice that no other column tells."""
    columns = {one.name: one for one in profile.columns}
    told = [[columns[name] for name in one.columns] for one in profile.choices if not one.is_told]
    return [one[:MOST_COLUMNS] for one in told if all(_is_answered(each, profile) for each in one)][:MOST_CHOICES]


def _scored(profile: TableProfile) -> list[ColumnProfile]:
    """Return the columns whose whole numbers are points on one scale: the one that most of them reach the top of, with
    those that nobody gave the last point."""
    highest = {one.name: most for one in profile.columns if (most := _most_points(one, profile)) is not None}
    top, _ = Counter(highest.values()).most_common(1)[0] if highest else (None, 0)
    on_it = [one for one in profile.columns if top is not None and highest.get(one.name) in (top, top - 1)]
    return on_it[:MOST_COLUMNS]


def _most_points(column: ColumnProfile, profile: TableProfile) -> float | None:
    """Return the most points that were given in a column of scores; None for any other column."""
    stats = profile.numeric.get(column.name)
    if stats is None or stats.min is None or stats.max is None or not _is_answered(column, profile):
        return None
    is_scale = column.role == "average" and column.storage == "BIGINT" and 0 <= stats.min < stats.max <= HIGHEST_SCORE
    return stats.max if is_scale and column.unique_count >= FEWEST_STEPS and _asks_for_points(column.name) else None


def _asks_for_points(name: str) -> bool:
    """Whether a column is a question, a statement to agree with, or says that it is a score: bedrooms and floors are
    small numbers too, and nothing to compare."""
    return is_question(name) or question_and_item(name) is not None or bool(_SCORE_WORDS & {*name_words(name)})


def _is_answered(column: ColumnProfile, profile: TableProfile) -> bool:
    return column.pii is None and column.unique_count > 1 and profile.rows - column.missing_count >= FEWEST_ANSWERS


def _share_of_yes(column: ColumnProfile) -> Measure:
    yes, known = Filter(column=column.name, op="eq", value=True), Filter(column=column.name, op="not_missing")
    return Measure(metric="ratio", of="count", filters=(yes,), baseline=(known,))


def _candidate(columns: Sequence[ColumnProfile], measures: Sequence[Measure], said: _Said, score: float) -> Candidate:
    return Candidate("bar", score, (columns[0].name,), tuple(measures), partial(_draw, columns, said))


def _draw(columns: Sequence[ColumnProfile], said: _Said, facts: Sequence[Fact]) -> ChartSpec | None:
    names = dict(zip((fact.id for fact in facts), columns, strict=True))
    known = sorted((fact for fact in facts if number_of(fact) is not None), key=lambda one: -_value(one))
    ends = MOST_BARS // 2
    shown = known if len(known) <= MOST_BARS else [*known[:ends], *known[-ends:]]
    bars = [_bar_name(names[fact.id].name) for fact in shown]
    if len(shown) < 2 or _value(shown[0]) == _value(shown[-1]) or len(set(bars)) < len(bars):
        return None
    highest, lowest = (
        f"{column_slot(names[one.id].name)} with {{{one.id}{said.form}}}" for one in (shown[0], shown[-1])
    )
    is_led = bool(said.leads) and _value(shown[0]) - _value(shown[1]) > NARROW * abs(_value(shown[0]))
    leader = f"{column_slot(names[shown[0].id].name)} {said.leads}: {{{shown[0].id}{said.form}}}"
    return assemble(
        "bar",
        Wording(
            title=leader if is_led else said.title,
            subtitle=said.subtitle,
            alt=f"Bars of {said.axis.lower()} by {said.bar.lower()}: highest {highest}, lowest {lowest}.",
            of_drawing=f"Drawn are the {ends} highest and the {ends} lowest of {show(len(known), None)}."
            if len(known) > MOST_BARS
            else "",
        ),
        Axes(said.bar, said.axis, said.unit),
        [{X: name, Y: fact.value} for name, fact in zip(bars, shown, strict=True) if not isinstance(fact.value, tuple)],
        cited=shown,
        points_total=max(fact.n for fact in shown),
    )


def _value(fact: Fact) -> float:
    value = number_of(fact)
    assert value is not None
    return float(value)


def _bar_name(name: str) -> str:
    """Return the column as a bar bears it: the thing that a question of several things is about, else the question as
    it is written, without the quotes that a sentence would need."""
    parts = question_and_item(name)
    text = parts[1] if parts is not None else name if " " in name.strip() else label(name)
    return clean_text(text, limit=LONGEST_LABEL)
