"""Choose and draw the charts a reader would ask for first: ranked by stated scores, each with a new angle."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from datapilot.analysis.drawing.bars import LONGEST_BARE, Order, propose_bars, propose_weekdays
from datapilot.analysis.drawing.candidate import Candidate, Subject, subject_of
from datapilot.analysis.drawing.histograms import propose_histograms
from datapilot.analysis.drawing.lines import MOST_POINTS, propose_lines
from datapilot.analysis.drawing.pairs import FEWEST_ROWS, SAME, propose_heatmap, propose_scatters, relation_fact
from datapilot.analysis.subjects import amounts, categories, filler_of, rates, without_year
from datapilot.analysis.timeline import find_timeline
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
WORTH_SHOWING = 12.0  # points left; below, a chart repeats what others have shown
MOST_CATEGORIES = 6
MOST_NUMBERS = 8
TWINS = 0.95  # of Cramér's V, from which two categories are one under two names
TWINS_APART = 0.1  # of the rows looked at, which twins may part otherwise
LOOKED_AT = 2_000  # rows, about
MOST_KEYS_OF_TWINS = 100
SAME_PARTS = 0.05  # of the whole, by which no bar differs where two amounts part alike
SAME_COURSE = 0.1  # of the highest point, by which no period differs where two amounts run alike
ENOUGH_VALUES = 3  # of the most frequent ones to see that a category has no order; the others are not asked for then


class Drawn(NamedTuple):
    """The charts, best first, and the facts they are drawn and titled from."""

    charts: tuple[ChartSpec, ...]
    facts: tuple[Fact, ...]


def draw_charts(table: Table, profile: TableProfile) -> Drawn:
    """Return at most 12 charts. A table without rows, or of which nothing can be said, has none."""
    if profile.rows < 2:
        return Drawn((), ())
    candidates = sorted(_candidates(table, profile), key=lambda one: -one.score)
    considered = _diverse(candidates, CONSIDERED)
    known = {fact.id: fact for fact in map(relation_fact, profile.relations)}
    measures = {
        measure.fact_id: measure
        for candidate in considered
        for measure in candidate.measures
        if measure.fact_id not in known
    }
    known |= {fact.id: fact for fact in evaluate(list(measures.values()), table)}
    drawn: dict[int, ChartSpec] = {}
    said: set[object] = set()
    shapes: list[_Shape] = []
    for one in considered:
        # Two columns may hold the same groups under the same names or others (an agency, its code): once is enough.
        if (chart := one.draw(known)) is None or not said.isdisjoint(told := {chart.title, _bars_of(chart)}):
            continue
        shape = _shape_of(one, chart)
        if shape is not None and any(_is_same_story(shape, other) for other in shapes):
            continue
        drawn[id(one)] = chart
        said |= told
        shapes += [shape] if shape is not None else []
    charts = [drawn[id(one)] for one in _diverse([one for one in considered if id(one) in drawn], MOST_CHARTS)]
    cited = dict.fromkeys(one for chart in charts for one in chart.fact_ids)
    return Drawn(tuple(charts), tuple(known[one] for one in cited))


def _bars_of(chart: ChartSpec) -> object:
    """Return what two charts share that draw the same bars under other names, in whatever order."""
    if chart.type != "bar":
        return chart.id
    values = (record[chart.y_key] for record in chart.data)
    return (chart.y_label, *sorted(float(value) for value in values if isinstance(value, int | float)))


class _Shape(NamedTuple):
    """How an amount parts among the values of a category, as parts of the whole, or runs over the periods of a time
    axis, as parts of its highest point; the bar of all further values is one of them."""

    type: str
    by: str
    parts: dict[Scalar, float]


def _shape_of(candidate: Candidate, chart: ChartSpec) -> _Shape | None:
    """Return the shape of a chart of an amount or of rows; None for any other chart."""
    values = {_point_name(record[chart.x_key]): record[chart.y_key] for record in chart.data}
    known = {name: float(value) for name, value in values.items() if isinstance(value, int | float)}
    is_amount = chart.type in ("bar", "line") and candidate.measures[0].metric in ("sum", "count")
    if not is_amount or min(known.values()) < 0 or (most := max(known.values())) == 0:
        return None
    whole = sum(known.values()) if chart.type == "bar" else most
    return _Shape(chart.type, candidate.columns[0], {name: value / whole for name, value in known.items()})


def _point_name(x: Scalar) -> Scalar:
    return OTHER if isinstance(x, str) and x.startswith(f"{OTHER} (") else x


def _is_same_story(one: _Shape, other: _Shape) -> bool:
    """Whether two amounts part or run so much alike that the second chart shows what the first has shown."""
    if (one.type, one.by) != (other.type, other.by) or one.parts.keys() != other.parts.keys():
        return False
    most = SAME_PARTS if one.type == "bar" else SAME_COURSE
    return all(abs(value - other.parts[name]) <= most for name, value in one.parts.items())


def time_axis(table: Table, profile: TableProfile) -> str | None:
    """Return the date column that lines follow, if any can be drawn."""
    timeline = find_timeline(table, profile)
    return timeline.column.name if timeline is not None and len(timeline.starts()) <= MOST_POINTS else None


def _candidates(table: Table, profile: TableProfile) -> Iterator[Candidate]:
    totals, averages = (_each_once(found, profile) for found in (amounts(profile), rates(profile)))
    numbers = _each_once([*totals, *averages], profile)
    clean = [one for one in numbers if filler_of(one, profile.numeric[one.name]) is None]
    subjects = [subject_of(one, profile) for one in (*totals[:2], *averages[: 3 - min(2, len(totals))])]
    rows = Subject(None, others=profile.left_out)
    timeline = find_timeline(table, profile)
    groups = _without_twins(categories(profile)[: 2 * MOST_CATEGORIES], profile, table)
    yield from propose_lines(timeline, [*subjects, rows])
    orders = {column.name: order for column in groups if (order := _order_of(column, profile, table))}
    yield from propose_bars(groups, subjects[:2], rows, orders=orders)
    yield from propose_weekdays(timeline, subjects[0] if subjects else rows)
    yield from propose_histograms(clean, profile.numeric)
    yield from propose_scatters(table, clean, profile.relations)
    yield from propose_heatmap(clean, profile.relations)


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
