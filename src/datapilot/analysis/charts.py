"""Choose and draw the charts a reader would ask for first: ranked by stated scores, each with a new angle."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from datapilot.analysis.drawing.bars import LONGEST_BARE, Order, propose_bars, propose_cycles
from datapilot.analysis.drawing.candidate import Candidate, Subject, subject_of
from datapilot.analysis.drawing.course import propose_course
from datapilot.analysis.drawing.histograms import propose_histograms, spread_of
from datapilot.analysis.drawing.items import item_column, propose_items
from datapilot.analysis.drawing.lines import MOST_POINTS, propose_lines
from datapilot.analysis.drawing.pairs import (
    FEWEST_ROWS,
    SAME,
    propose_heatmap,
    propose_places,
    propose_scatters,
    relation_fact,
)
from datapilot.analysis.drawing.questions import propose_questions
from datapilot.analysis.statements import Statement
from datapilot.analysis.subjects import (
    amounts,
    categories,
    filler_of,
    long_categories,
    rates,
    without_earlier_times,
    without_year,
)
from datapilot.analysis.timeline import Timeline
from datapilot.contracts.base import Scalar
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Fact, Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.engine.evaluate import OTHER, evaluate
from datapilot.engine.table import Table
from datapilot.words.scales import MOST_STEPS, in_own_order

MOST_CHARTS = 12
CONSIDERED = 24  # candidates whose figures are computed; the others would not be chosen
SAME_TYPE_COSTS = 8.0  # score points per chart of the type that is already chosen
SAME_COLUMN_COSTS = 5.0  # and per use of the column
MOST_HISTOGRAMS = 9  # candidates; a later one is not worth showing
FEW_CHARTS = 6  # of the considered ones that say something; fewer, and others are considered
MOST_ROUNDS = 4
WORTH_SHOWING = 12.0  # points left; below, a chart repeats what others have shown
MOST_CATEGORIES = 6
MOST_NUMBERS = 8
TWINS = 0.95  # of Cramér's V, from which two categories are one under two names
TWINS_APART = 0.1  # of the rows looked at, which twins may part otherwise
LOOKED_AT = 2_000  # rows, about
MOST_KEYS_OF_TWINS = 100
SAME_PARTS = 0.05  # of the whole, by which no bar differs where two amounts part alike
SAME_ROWS = 1e-9  # the same of the numbers of rows by two categories
SAME_NAMES = 0.5  # of the whole, in bars that bear one name in both charts, from which they are compared
SAME_SPREAD = 0.08  # of the values, by which no part of the way from the least to the most differs in two spreads
SAME_COURSE = 0.1  # of the highest point, by which no period differs where two amounts run alike
TENTHS = 10
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
    shown = _diverse([one for one in candidates if drawing.chart_of(one)], MOST_CHARTS)
    charts = tuple(chart for one in shown if (chart := drawing.chart_of(one)))
    cited = dict.fromkeys(one for chart in charts for one in chart.fact_ids)
    return Drawn(charts, tuple(drawing.known[one] for one in cited))


class _Drawing:
    """Charts in the making: the facts that are known, and what the charts drawn so far say."""

    def __init__(self, table: Table, known: dict[str, Fact]) -> None:
        self.known = known
        self.charts: dict[int, ChartSpec] = {}
        self._table = table
        self._said: set[object] = set()
        self._shapes: list[_Shape] = []

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
            chart = one.draw([self.known[measure.fact_id] for measure in one.measures])
            if chart is None or not self._said.isdisjoint(told := {chart.title, _bars_of(chart)}):
                continue
            shape = _shape_of(one, chart)
            if shape is not None and any(_is_same_story(shape, other) for other in self._shapes):
                continue
            self.charts[id(one)] = chart
            self._said |= told
            self._shapes += [shape] if shape is not None else []


def _bars_of(chart: ChartSpec) -> object:
    """Return what two charts share that draw the same bars under other names, in whatever order."""
    if chart.type != "bar":
        return chart.id
    values = (record[chart.y_key] for record in chart.data)
    return (chart.y_label, *sorted(float(value) for value in values if isinstance(value, int | float)))


class _Shape(NamedTuple):
    """How an amount parts among the values of a category, as parts of the whole, or runs over the periods of a time
    axis, as parts of its highest point; the bar of all further values is one of them. Of a number how it is spread."""

    type: str
    metric: str
    by: str
    parts: dict[Scalar, float]


def _shape_of(candidate: Candidate, chart: ChartSpec) -> _Shape | None:
    """Return the shape of a chart of an amount, of rows or of how a number is spread; None for any other chart."""
    if chart.type == "histogram":
        return _Shape(chart.type, "count", "", _spread_of(chart))
    values = {_point_name(record[chart.x_key]): record[chart.y_key] for record in chart.data}
    known = {name: float(value) for name, value in values.items() if isinstance(value, int | float)}
    metric = candidate.measures[0].metric
    is_amount = chart.type in ("bar", "line") and metric in ("sum", "count")
    if not is_amount or min(known.values()) < 0 or (most := max(known.values())) == 0:
        return None
    whole = sum(known.values()) if chart.type == "bar" else most
    return _Shape(chart.type, metric, candidate.columns[0], {name: value / whole for name, value in known.items()})


def _spread_of(chart: ChartSpec) -> dict[Scalar, float]:
    """Return the part of the values that lies in each tenth of the way from the first bin to the last, added up: the
    picture that a reader has, whatever the unit."""
    counts = [float(str(record[chart.y_key])) for record in chart.data]
    sums = [0.0, *accumulate(counts)]
    marks = [tenth / TENTHS * len(counts) for tenth in range(1, TENTHS)]
    below = [sums[int(mark)] + (mark - int(mark)) * (sums[int(mark) + 1] - sums[int(mark)]) for mark in marks]
    return {tenth: part / (sums[-1] or 1.0) for tenth, part in enumerate(below)}


def _point_name(x: Scalar) -> Scalar:
    return OTHER if isinstance(x, str) and x.startswith(f"{OTHER} (") else x


def _is_same_story(one: _Shape, other: _Shape) -> bool:
    """Whether two amounts part or run so much alike that the second chart shows what the first has shown; bars of
    another category, too, where most of the whole lies under the same names, as in a class and its parts."""
    if one.type != other.type:
        return False
    if one.type == "histogram":
        return _are_close(one, other, SAME_SPREAD)
    if one.type == "line":
        return one.by == other.by and one.parts.keys() == other.parts.keys() and _are_close(one, other, SAME_COURSE)
    shared = one.parts.keys() & other.parts.keys()
    if min(sum(shape.parts[name] for name in shared) for shape in (one, other)) < SAME_NAMES:
        return False
    # Numbers of answers to two questions are two stories, however alike, unless the same rows are counted.
    is_of_rows = one.by != other.by and "count" in (one.metric, other.metric)
    return _are_close(one, other, SAME_ROWS if is_of_rows else SAME_PARTS)


def _are_close(one: _Shape, other: _Shape, most: float) -> bool:
    """Whether what bears one name in both is nearly as large in both; all further values are not the same ones."""
    shared = one.parts.keys() & other.parts.keys()
    kept = shared if one.parts.keys() == other.parts.keys() else shared - {OTHER}
    return all(abs(one.parts[name] - other.parts[name]) <= most for name in kept)


def time_axis(timeline: Timeline | None) -> str | None:
    """Return the date column that lines follow, if any can be drawn."""
    return timeline.column.name if timeline is not None and len(timeline.starts()) <= MOST_POINTS else None


def _candidates(
    table: Table, profile: TableProfile, timeline: Timeline | None, statement: Statement | None
) -> Iterator[Candidate]:
    latest = without_earlier_times(profile)
    totals, averages = (_each_once(found, profile) for found in (amounts(latest), rates(latest)))
    numbers = _each_once([*totals, *averages], profile)
    clean = [one for one in numbers if filler_of(one, profile.numeric[one.name]) is None]
    subjects = _subjects(totals, averages, profile, statement)
    rows = Subject(None, others=profile.left_out)
    kinds = [*categories(profile), *long_categories(profile)]
    groups = _without_twins(kinds[: 2 * MOST_CATEGORIES], profile, table)
    yield from propose_lines(timeline, [*subjects, rows])
    yield from propose_course(profile, statement.result if statement is not None else None)
    orders = {column.name: order for column in groups if (order := _order_of(column, profile, table))}
    yield from propose_bars(groups, subjects[:2], rows, orders=orders)
    yield from propose_items(item_column(profile, groups), subjects)
    yield from propose_cycles(timeline, profile.columns, subjects or [rows])
    yield from propose_questions(profile)
    yield from propose_histograms([spread_of(one, profile, table) for one in numbers[:MOST_HISTOGRAMS]])
    yield from propose_places(table, profile.columns)
    yield from propose_scatters(table, clean, profile.relations)
    yield from propose_heatmap(clean, profile.relations)


def _subjects(
    totals: Sequence[ColumnProfile],
    averages: Sequence[ColumnProfile],
    profile: TableProfile,
    statement: Statement | None,
) -> list[Subject]:
    """Return what lines and bars are of, the main one first: of a ledger what came in and what went out, not both
    together."""
    subjects = [subject_of(one, profile) for one in (*totals[:2], *averages[: 3 - min(2, len(totals))])]
    if statement is None or not statement.sides:
        return subjects
    mixed = next((one for one in subjects if one.metric == "sum" and one.name in statement.amounts), None)
    if mixed is None:
        return subjects
    return [*(mixed._replace(side=side) for side in statement.sides), *(one for one in subjects if one is not mixed)]


def _without_twins(columns: Sequence[ColumnProfile], profile: TableProfile, table: Table) -> list[ColumnProfile]:
    """Return the first few categories, one of those that part the rows alike: a region and its continent, a name and
    its code, of which the name is kept."""
    apart = {
        frozenset((one.column, one.column2))
        for one in profile.relations
        if one.kind == "association" and one.strength < TWINS
    }
    cells = _SomeCells(table)
    kept: list[ColumnProfile] = []
    for column in columns:
        alike = (one for one in kept if frozenset((one.name, column.name)) not in apart)
        twin = next((one for one in alike if _are_twins(one, column, cells)), None)
        if twin is not None:
            if _is_code(twin) and not _is_code(column):
                kept[kept.index(twin)] = column
        elif len(kept) < MOST_CATEGORIES:
            kept.append(column)
    return kept


def _are_twins(one: ColumnProfile, other: ColumnProfile, cells: "_SomeCells") -> bool:
    """Whether nearly every value of each goes with one value of the other, which leaves room for a few rows that one of
    them parts further, and the two hang together closely (Cramér's V), which is asked only then."""
    fewer, more = sorted((one.unique_count, other.unique_count))
    if more > min(MOST_KEYS_OF_TWINS, 2 * fewer):
        return False
    looked_at = Counter(zip(cells[one.name], cells[other.name], strict=True))
    for side in (0, 1):
        usual: dict[object, int] = {}
        for pair, rows in looked_at.items():
            usual[pair[side]] = max(usual.get(pair[side], 0), rows)
        if sum(usual.values()) < (1 - TWINS_APART) * looked_at.total():
            return False
    (fact,) = evaluate([Measure(metric="association", column=one.name, column2=other.name)], cells.table)
    return isinstance(fact.value, float) and fact.value >= TWINS


class _SomeCells(dict[str, list[object]]):
    """The cells of a column in about LOOKED_AT rows from all over the table, fetched when it is first asked for."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table = table

    def __missing__(self, name: str) -> list[object]:
        step = max(1, self.table.row_count // LOOKED_AT)
        asked = f"SELECT {self.table.physical(name)} FROM {self.table.relation} WHERE rowid % {step} = 0 ORDER BY rowid"
        self[name] = [cell for (cell,) in self.table.connection.execute(asked).fetchall()]
        return self[name]


def _is_code(column: ColumnProfile) -> bool:
    """Whether the values of a category are numbers or a few letters, which say less than a name beside them."""
    return column.storage != "VARCHAR" or (column.max_length or 0) <= LONGEST_BARE


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


def _each_once(columns: Sequence[ColumnProfile], profile: TableProfile) -> list[ColumnProfile]:
    """Return the first few columns, without those that say what one before them says: a price's high and low of the
    day, or one figure year by year, of which the latest comes first."""
    alike = {
        frozenset((one.column, one.column2))
        for one in profile.relations
        if one.kind == "correlation" and abs(one.strength) >= SAME and one.n >= FEWEST_ROWS
    }
    kept: list[ColumnProfile] = []
    figures: set[str] = set()
    for column in columns:
        if len(kept) == MOST_NUMBERS:
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
            - SAME_TYPE_COSTS * types[one.type]
            - SAME_COLUMN_COSTS * max((columns[name] for name in one.columns), default=0)
            for one in left
        ]
        if max(worth) < WORTH_SHOWING and chosen:
            break
        best = left.pop(worth.index(max(worth)))
        chosen.append(best)
        types[best.type] += 1
        columns.update(best.columns)
    return chosen
