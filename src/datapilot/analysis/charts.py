"""Choose and draw the charts a reader would ask for first: ranked by stated scores, each with a new angle."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from datapilot.analysis.drawing.answers import propose_answers
from datapilot.analysis.drawing.bars import Order, propose_bars, propose_cycles, propose_gaps
from datapilot.analysis.drawing.candidate import Candidate, Subject, subject_of
from datapilot.analysis.drawing.course import propose_course
from datapilot.analysis.drawing.happenings import propose_happenings
from datapilot.analysis.drawing.histograms import propose_histograms, spread_of
from datapilot.analysis.drawing.items import item_column, propose_items
from datapilot.analysis.drawing.lines import MOST_POINTS, propose_lines
from datapilot.analysis.drawing.pairs import (
    FEWEST_ROWS,
    SAME,
    pairs_among,
    propose_heatmap,
    propose_places,
    propose_scatters,
    relation_fact,
)
from datapilot.analysis.drawing.parts import propose_parts
from datapilot.analysis.drawing.questions import flags_of, propose_questions
from datapilot.analysis.drawing.stories import Shape, bars_of, is_same_story, shape_of
from datapilot.analysis.drawing.twins import without_twins
from datapilot.analysis.statements import Statement
from datapilot.analysis.subjects import (
    amounts,
    categories,
    filler_of,
    is_led_by_rate,
    long_categories,
    rates,
    without_earlier_times,
    without_year,
)
from datapilot.analysis.timeline import Timeline
from datapilot.contracts.chart import ChartSpec, ChartType
from datapilot.contracts.measure import Fact, Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table
from datapilot.words.scales import MOST_STEPS, in_own_order

MOST_CHARTS = 12
CONSIDERED = 24  # candidates whose figures are computed; the others would not be chosen
SAME_TYPE_COSTS = 8.0  # score points per chart of the type that is already chosen
SAME_COSTS: dict[ChartType, float] = {
    "bar": 6.0,
    "histogram": 12.0,
}  # bars differ in what they part, spreads look alike
MOST_GAINED = 95.0  # score points, whatever the facts tell; the course of the whole table has more
MOST_ALIKE = 4  # charts of one type, from which another one costs no more
SAME_COLUMN_COSTS = 5.0  # and per use of the column
MOST_HISTOGRAMS = 9  # candidates; a later one is not worth showing
FEW_CHARTS = 9  # of the considered ones that say something; fewer, and others are considered
MOST_ROUNDS = 4
WORTH_SHOWING = 12.0  # points left; below, a chart repeats what others have shown
ENOUGH_CHARTS = 6  # from which on a column that no chart has shown is no reason for another
MOST_CATEGORIES = 6
MOST_NUMBERS = 8
MOST_IN_PAIRS = 16  # numbers: what goes with what they are for may stand last
ENOUGH_VALUES = 3  # of the most frequent ones to see that a category has no order; the others are not asked for then


class Drawn(NamedTuple):
    """The charts, best first, and the facts they are drawn and titled from."""

    charts: tuple[ChartSpec, ...]
    facts: tuple[Fact, ...]


def draw_charts(
    table: Table, profile: TableProfile, *, timeline: Timeline | None, statement: Statement | None
) -> Drawn:
    """Return at most 12 charts: of a table with a `timeline` along it, of a `statement` by its sides and results. A
    table without rows, or of which nothing can be said, has none."""
    if profile.rows < 2:
        return Drawn((), ())
    drawing = _Drawing(table, {fact.id: fact for fact in map(relation_fact, profile.relations)})
    candidates = sorted(_candidates(table, profile, timeline, statement), key=lambda one: -one.score)
    considered: set[int] = set()
    for _ in range(MOST_ROUNDS):
        # Those that turned out to say nothing kept others from being considered.
        left = [one for one in candidates if id(one) not in considered or drawing.chart_of(one)]
        fresh = [one for one in _diverse(left, CONSIDERED) if id(one) not in considered]
        drawing.consider(fresh)
        considered |= set(map(id, fresh))
        if not fresh or len(drawing.charts) >= FEW_CHARTS:
            break
    drawn = [(drawing.weighed(one), chart) for one in candidates if (chart := drawing.chart_of(one))]
    chart_of = {id(one): chart for one, chart in drawn}
    charts = tuple(chart_of[id(one)] for one in _diverse([one for one, _ in drawn], MOST_CHARTS))
    cited = dict.fromkeys(one for chart in charts for one in chart.fact_ids)
    return Drawn(charts, tuple(drawing.known[one] for one in cited))


class _Drawing:
    """Charts in the making: the facts that are known, and what the charts drawn so far say."""

    def __init__(self, table: Table, known: dict[str, Fact]) -> None:
        self.known = known
        self.charts: dict[int, ChartSpec] = {}
        self._table = table
        self._said: set[object] = set()
        self._shapes: list[Shape] = []

    def facts_of(self, candidate: Candidate) -> list[Fact]:
        return [self.known[measure.fact_id] for measure in candidate.measures]

    def weighed(self, candidate: Candidate) -> Candidate:
        """Return a drawn candidate with the score that its facts give it, below what tells of the whole table."""
        gained = candidate.score + candidate.gain(self.facts_of(candidate))
        return candidate._replace(score=max(candidate.score, min(MOST_GAINED, gained)))

    def chart_of(self, candidate: Candidate) -> ChartSpec | None:
        return self.charts.get(id(candidate))

    def consider(self, candidates: Sequence[Candidate]) -> None:
        """Draw those of the candidates that turn out to say something, and nothing that one before them has said."""
        measures = {
            measure.fact_id: measure
            for candidate in candidates
            for measure in candidate.measures
            if measure.fact_id not in self.known
        }
        self.known |= {fact.id: fact for fact in evaluate(list(measures.values()), self._table)}
        for one in candidates:
            # Two columns may hold the same groups under the same names or others (an agency, its code): once is enough.
            chart = one.draw(self.facts_of(one))
            if chart is None or not self._said.isdisjoint(told := {chart.title, bars_of(chart)}):
                continue
            shape = shape_of(one, chart)
            if shape is not None and any(is_same_story(shape, other) for other in self._shapes):
                continue
            self.charts[id(one)] = chart
            self._said |= told
            self._shapes += [shape] if shape is not None else []


def time_axis(timeline: Timeline | None) -> str | None:
    """Return the date column that lines follow, if any can be drawn."""
    return timeline.column.name if timeline is not None and len(timeline.starts()) <= MOST_POINTS else None


def _candidates(
    table: Table, profile: TableProfile, timeline: Timeline | None, statement: Statement | None
) -> Iterator[Candidate]:
    latest = without_earlier_times(profile)
    totals, averages = (_each_once(found, profile) for found in (amounts(latest), rates(latest)))
    numbers = _each_once([*totals, *averages], profile)
    further = _each_once([*amounts(latest), *rates(latest)], profile, most=MOST_IN_PAIRS)
    pairs = pairs_among(table, further, profile)
    subjects = _subjects(totals, averages, profile, statement)
    rows = Subject(None, others=profile.left_out)
    kinds = [*categories(profile), *long_categories(profile)]
    groups = without_twins(kinds[: 2 * MOST_CATEGORIES], profile, table, most=MOST_CATEGORIES)
    yield from propose_lines(timeline, [*subjects, rows])
    yield from propose_course(profile, statement.result if statement is not None else None)
    orders = {column.name: order for column in groups if (order := _order_of(column, profile, table))}
    flags = {one.name for one in flags_of(profile)}
    yield from propose_bars(groups, subjects[:2], rows, orders=orders, side_by_side=flags)
    yield from propose_gaps(profile, numbers, orders=orders)
    yield from propose_happenings(profile, orders=orders)
    yield from propose_items(item_column(profile, groups), subjects)
    yield from propose_cycles(timeline, profile.columns, subjects or [rows])
    yield from propose_questions(profile)
    yield from propose_parts(table, profile)
    yield from propose_answers(table, profile)
    yield from propose_histograms([spread_of(one, profile, table) for one in numbers[:MOST_HISTOGRAMS]])
    yield from propose_places(table, profile.columns)
    yield from propose_scatters(table, pairs)
    yield from propose_heatmap(pairs)


def _subjects(
    totals: Sequence[ColumnProfile],
    averages: Sequence[ColumnProfile],
    profile: TableProfile,
    statement: Statement | None,
) -> list[Subject]:
    """Return what lines and bars are of, the main one first: of a ledger what came in and what went out, not both
    together."""
    told = (*totals[:2], *averages[: 3 - min(2, len(totals))])
    if is_led_by_rate(totals, averages):
        told = tuple([*averages, *totals][:3])
    subjects = [subject_of(one, profile) for one in told]
    if statement is None or not statement.sides:
        return subjects
    mixed = next((one for one in subjects if one.metric == "sum" and one.name in statement.amounts), None)
    if mixed is None:
        return subjects
    return [*(mixed._replace(side=side) for side in statement.sides), *(one for one in subjects if one is not mixed)]


def _order_of(column: ColumnProfile, profile: TableProfile, table: Table) -> Order:
    """Return the values of a category in their own order, without one that adds up the others; () where they have
    none."""
    if column.unique_count > MOST_STEPS:
        return ()
    left_out = profile.left_out.value if profile.left_out and profile.left_out.column == column.name else None
    values = [top.value for top in column.top_values if top.value != left_out]
    if len(values) >= ENOUGH_VALUES and not in_own_order(values, name=column.name):
        return ()
    if len(values) < column.unique_count - (left_out is not None):
        (counted,) = evaluate([Measure(metric="count", by=column.name)], table)
        assert isinstance(counted.value, tuple)
        values = [entry.key for entry in counted.value if entry.key not in (None, left_out)]
    return in_own_order(values, name=column.name)


def _each_once(
    columns: Sequence[ColumnProfile], profile: TableProfile, *, most: int = MOST_NUMBERS
) -> list[ColumnProfile]:
    """Return the first few columns, without those that say what one before them says: a price's high and low of the
    day, or one figure year by year, of which the latest comes first."""
    # Where one number stands for no value in both, that alone makes two columns look like one.
    filled = {one.name for one in columns if filler_of(one, profile.numeric[one.name]) is not None}
    alike = {
        two
        for one in profile.relations
        if one.kind == "correlation" and abs(one.strength) >= SAME and one.n >= FEWEST_ROWS
        and filled.isdisjoint(two := frozenset((one.column, one.column2)))
    }  # fmt: skip
    kept: list[ColumnProfile] = []
    figures: set[str] = set()
    for column in columns:
        if len(kept) == most:
            break
        figure = without_year(column.name)
        if figure in figures or any(frozenset((column.name, one.name)) in alike for one in kept):
            continue
        if figure is not None:
            figures.add(figure)
        kept.append(column)
    return kept


def _diverse(candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """Take the best one by one; each costs the others of its type and its columns some of their score."""
    left = list(candidates)
    chosen: list[Candidate] = []
    types: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    while left and len(chosen) < most:
        worth = [
            one.score
            - SAME_COSTS.get(one.type, SAME_TYPE_COSTS) * min(MOST_ALIKE, types[one.type])
            - SAME_COLUMN_COSTS * max((columns[name] for name in one.columns), default=0)
            for one in left
        ]
        at = worth.index(max(worth))
        is_new = len(chosen) < ENOUGH_CHARTS and not any(columns[name] for name in left[at].columns)
        if max(worth) < WORTH_SHOWING and chosen and not is_new:
            break
        best = left.pop(at)
        chosen.append(best)
        types[best.type] += 1
        if best.type != "heatmap":  # which looks at many numbers, and tells of none
            columns.update(best.columns)
    return chosen
