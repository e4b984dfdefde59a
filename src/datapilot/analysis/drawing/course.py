"""The course of a table whose times stand beside each other: one point for each column that is a year or a month, of
all rows, or of the result that a statement's lines lead to."""

from collections.abc import Iterator, Sequence
from functools import partial

from datapilot.analysis.drawing.candidate import (
    Axes,
    Candidate,
    Record,
    Subject,
    Wording,
    X,
    Y,
    assemble,
    number_of,
    subject_of,
)
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.words.numbers import show
from datapilot.words.render import column_slot, value_slot
from datapilot.words.time_columns import period_of, time_columns

FEWEST_POINTS, MOST_POINTS = 4, 400
FEWEST_OF_RESULT = 3  # years that a statement mostly has, which nobody reads but one after the other
MONTHS = 12
YEAR_LETTERS = 4  # of a period that is one
MOSTLY_THERE = 0.5  # of the periods from the first to the last
FLAT = 0.02  # of the highest point, within which nothing has a course


def propose_course(profile: TableProfile, result: Filter | None) -> Iterator[Candidate]:
    """Offer the line of totals, or of averages, over the columns named by years, or by months with their year; of a
    statement that of its `result`, as its lines have no total. None where columns of both kinds stand beside each
    other, or most periods are missing."""
    columns = {period: one for one in time_columns(profile) if (period := period_of(one.name.strip())) is not None}
    if len(columns) < _fewest(result) or len({one.role for one in columns.values()}) > 1:
        return
    places = _places(list(columns))
    if not places:
        return
    subjects = [subject_of(one, profile) for one in columns.values()]
    yield Candidate(
        type="line",
        score=96.0,
        columns=(subjects[-1].name,),
        measures=tuple(
            subject.measure() if result is None else Measure(metric="sum", column=subject.name, filters=(result,))
            for subject in subjects
        ),
        draw=partial(_draw, list(columns.values()), subjects[0], places, result),
    )


def _fewest(result: Filter | None) -> int:
    return FEWEST_POINTS if result is None else FEWEST_OF_RESULT


def _places(periods: Sequence[tuple[int, int]]) -> dict[str, int | None]:
    """Return every period from the first to the last, as a chart has it, with the place of its column, None where it
    has none; empty for periods that are no years, nor months of years."""
    if all(part == 0 for _, part in periods):
        numbered = {year: place for place, (year, _) in enumerate(periods)}
        said = {number: f"{number:04d}" for number in range(min(numbered), max(numbered) + 1)}
    elif all(year > 0 and 1 <= part <= MONTHS for year, part in periods):
        numbered = {year * MONTHS + part - 1: place for place, (year, part) in enumerate(periods)}
        said = {
            number: f"{number // MONTHS:04d}-{number % MONTHS + 1:02d}"
            for number in range(min(numbered), max(numbered) + 1)
        }
    else:
        return {}
    is_whole = len(numbered) >= MOSTLY_THERE * len(said) and len(said) <= MOST_POINTS
    return {name: numbered.get(number) for number, name in said.items()} if is_whole else {}


def _draw(
    columns: Sequence[ColumnProfile],
    first: Subject,
    places: dict[str, int | None],
    result: Filter | None,
    facts: Sequence[Fact],
) -> ChartSpec | None:
    data: list[Record] = [{X: name, Y: None if at is None else number_of(facts[at])} for name, at in places.items()]
    known = [value for record in data if isinstance(value := record[Y], int | float)]
    if len(known) < _fewest(result) or max(known) - min(known) <= FLAT * max(map(abs, known)):
        return None
    metric = "Total" if first.metric == "sum" else "Average"
    units = {one.unit for one in columns}
    step = "year" if len(str(data[0][X])) == YEAR_LETTERS else "month"
    if result is None:
        title = _title(f"{metric} per {step}", columns, facts)
        how, of = f"{metric} of each column, over the rows that have a value", f"the {metric.lower()} of each column"
    else:
        assert not isinstance(result.value, tuple)
        metric, line = show(result.value, None), value_slot(result.value)
        title = _title(line, columns, facts)
        how, of = f"{line} per {step}, as its own row has it", f"{line} per {step}"
    return assemble(
        "line",
        Wording(
            title=title,
            subtitle=how,
            alt=f"Line of {of}. {title}.",
            note="" if result is not None else first.note,
        ),
        Axes(
            x=step.capitalize(),
            y=metric,
            unit=units.pop() if len(units) == 1 else None,
        ),
        data,
        cited=facts,
        points_total=max(fact.n for fact in facts),
    )


def _title(metric: str, columns: Sequence[ColumnProfile], found: Sequence[Fact]) -> str:
    """Say from where to where the course went if it ends at its extremes, else where it was highest."""
    told = [(fact, column) for fact, column in zip(found, columns, strict=True) if number_of(fact) is not None]
    values = [value for fact in found if (value := number_of(fact)) is not None]
    (first, start), (last, end) = told[0], told[-1]
    if {max(values), min(values)} == {values[0], values[-1]}:
        moved = "rose" if values[-1] > values[0] else "fell"
        ends = f"from {{{first.id}}} in {column_slot(start.name)} to {{{last.id}}} in {column_slot(end.name)}"
        return f"{metric} {moved} {ends}"
    top, when = told[values.index(max(values))]
    return f"{metric} was highest in {column_slot(when.name)}: {{{top.id}}}"
