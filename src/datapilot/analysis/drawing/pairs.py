"""Scatters of two numbers that move together, and the heat map of all correlations."""

import hashlib
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, takewhile
from statistics import correlation, fmean
from typing import NamedTuple

from datapilot.analysis.drawing.candidate import (
    VALUE,
    Axes,
    Candidate,
    Record,
    Wording,
    X,
    Y,
    assemble,
    axis,
    filler_note,
)
from datapilot.analysis.relations import correlation_p_value
from datapilot.analysis.subjects import filler_of, without_year
from datapilot.contracts.chart import ChartSpec, RowSample
from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.contracts.profile import ColumnProfile, Relation, TableProfile
from datapilot.engine.evaluate import evaluate
from datapilot.engine.preview import plain_value
from datapilot.engine.table import Table
from datapilot.words.labels import label
from datapilot.words.numbers import show
from datapilot.words.render import column_slot

SCATTERED_ROWS = 500
CLEAR = 0.3  # |r| from which a cloud has a direction to the eye
SAME = 0.995  # from here on the two columns are one figure written twice
SURE = 0.001
FEWEST_ROWS = 20
MOST_SCATTERS = 3
CELLS = 10  # each way, into which a cloud is cut to see where its points lie
MOST_IN_A_CELL = 0.8  # of the points; beyond, the rest are too few to show a relation
FEWEST_SPOTS = 20  # different points; fewer are a table of counts, not a cloud
FEW_POINTS = 0.01  # of a cloud, which may not be all that gives it a direction
ENOUGH_LEFT = 0.5  # of the correlation, without them
MONEY_SIGNS = " $€£¥"
MOST_HEAT_COLUMNS = 10
FEWEST_HEAT_COLUMNS = 3


class Pair(NamedTuple):
    """Two numeric columns with the correlation of their values, and what measures it."""

    column: str
    column2: str
    strength: float
    n: int
    p_value: float
    measure: Measure


class Pairs(NamedTuple):
    """The correlations among the `columns`, the strongest first. `fillers` are the numbers that stand for no value in
    them: rows with one are left out of every measure of its column."""

    columns: tuple[ColumnProfile, ...]
    found: tuple[Pair, ...]
    fillers: Mapping[str, float]

    def measure(self, one: str, other: str) -> Measure:
        return _correlation_of(one, other, self.fillers)


def pairs_among(table: Table, columns: Sequence[ColumnProfile], profile: TableProfile) -> Pairs:
    """Return the correlations that the profile knows, and anew those of columns with a number that stands for none."""
    fillers = {one.name: filler for one in columns if (filler := filler_of(one, profile.numeric[one.name])) is not None}
    found = [
        Pair(one.column, one.column2, one.strength, one.n, one.p_value, relation_fact(one).measure)
        for one in profile.relations
        if one.kind == "correlation" and one.column not in fillers and one.column2 not in fillers
    ]
    anew = [
        _correlation_of(one.name, other.name, fillers)
        for one, other in combinations(columns, 2)
        if one.name in fillers or other.name in fillers
    ]
    for fact in evaluate(anew, table):
        if isinstance(fact.value, float):
            measure = fact.measure
            p_value = correlation_p_value(fact.value, fact.n)
            found.append(Pair(str(measure.column), str(measure.column2), fact.value, fact.n, p_value, measure))
    return Pairs(tuple(columns), tuple(sorted(found, key=lambda one: -abs(one.strength))), fillers)


def _correlation_of(one: str, other: str, fillers: Mapping[str, float]) -> Measure:
    filters = tuple(Filter(column=name, op="ne", value=fillers[name]) for name in (one, other) if name in fillers)
    return Measure(metric="correlation", column=one, column2=other, filters=filters)


def _fillers_note(facts: Sequence[Fact]) -> str:
    """Return the sentences that say which numbers are left out as no values, each once, as a template."""
    left_out = dict.fromkeys(one.value for fact in facts for one in fact.measure.filters)
    return " ".join(filler_note(value) for value in left_out if isinstance(value, int | float))


def relation_fact(relation: Relation) -> Fact:
    """Return a relation of the profile as the fact of its measure, so that it is not computed twice."""
    measure = Measure.model_validate({"metric": relation.kind, "column": relation.column, "column2": relation.column2})
    return Fact(id=measure.fact_id, measure=measure, value=relation.strength, unit=None, n=relation.n)


def propose_scatters(table: Table, pairs: Pairs) -> Iterator[Candidate]:
    """Offer the clearest correlations between different columns as clouds of rows."""
    by_name = {column.name: column for column in pairs.columns}
    for pair in _clearest(pairs):
        yield Candidate(
            type="scatter",
            score=56.0 + 26 * abs(pair.strength),
            columns=(pair.column, pair.column2),
            measures=(pair.measure,),
            draw=partial(_draw_scatter, table, by_name[pair.column], by_name[pair.column2]),
        )


def _clearest(pairs: Pairs) -> list[Pair]:
    """Return the pairs that are drawn as clouds, the strongest first. Each shows a column that none before it does:
    where A goes with B and with C, the cloud of B and C is no news, nor is one figure against itself in other money."""
    names = {column.name for column in pairs.columns}
    shown: set[str] = set()
    clear = []
    for one in pairs.found:
        is_clear = CLEAR <= abs(one.strength) < SAME and one.p_value < SURE
        two = {_figure_of(one.column), _figure_of(one.column2)}
        is_known = one.column in names and one.column2 in names
        if is_clear and one.n >= FEWEST_ROWS and is_known and len(two) > 1 and not two <= shown:
            clear.append(one)
            shown |= two
    return clear[:MOST_SCATTERS]


def _is_one_figure(fact: Fact) -> bool:
    return _figure_of(str(fact.measure.column)) == _figure_of(str(fact.measure.column2))


def _figure_of(name: str) -> str:
    """Return what a column is about, of any year and in any money: `budget` and `budget_2013$` are one figure."""
    return without_year(label(name).rstrip(MONEY_SIGNS)) or label(name)


def _draw_scatter(table: Table, one: ColumnProfile, other: ColumnProfile, facts: Sequence[Fact]) -> ChartSpec | None:
    (fact,) = facts
    assert isinstance(fact.value, float)
    step = max(1, -(-table.row_count // SCATTERED_ROWS))
    data = _sampled(table, one.name, other.name, step, without=fact.measure.filters)
    if len(data) < FEWEST_ROWS or not _is_cloud(data) or not _outlasts(fact.value, data):
        return None
    left, right = column_slot(one.name), column_slot(other.name)
    return assemble(
        "scatter",
        Wording(
            title=f"{left} and {right} rise together (r = {{{fact.id}|coefficient}})"
            if fact.value > 0
            else f"Higher {left}, lower {right} (r = {{{fact.id}|coefficient}})",
            subtitle=f"Correlation over {{{fact.id}|n}} rows",
            alt=f"Scatter of {right} against {left}; "
            f"the correlation is {{{fact.id}|coefficient}} over {{{fact.id}|n}} rows.",
            note=_fillers_note(facts),
            of_drawing=f"One row in {show(step, None)} is drawn." if step > 1 else "",
        ),
        Axes(axis(one), axis(other), unit=other.unit, x_unit=one.unit),
        data,
        cited=facts,
        points_total=fact.n,
        sample=RowSample(columns=(one.name, other.name), step=step),
    )


def _is_cloud(data: Sequence[Record]) -> bool:
    """Whether enough points lie apart: neither nearly all in one place beside a few far ones, which make any
    correlation, nor on a handful of spots."""
    points = [(float(str(point[X])), float(str(point[Y]))) for point in data]
    if len(set(points)) < FEWEST_SPOTS:
        return False
    lows, highs = ([edge(side) for side in zip(*points, strict=True)] for edge in (min, max))
    cells = Counter(
        tuple(
            min(CELLS - 1, int(CELLS * (value - low) / ((high - low) or 1.0)))
            for value, low, high in zip(point, lows, highs, strict=True)
        )
        for point in points
    )
    return cells.most_common(1)[0][1] <= MOST_IN_A_CELL * len(points)


def _outlasts(strength: float, data: Sequence[Record]) -> bool:
    """Whether enough of a correlation is left without the few points that speak for it most: one country with the most
    people and the most land makes a line of any cloud."""
    points = [(float(str(point[X])), float(str(point[Y]))) for point in data]
    middle = [fmean(side) for side in zip(*points, strict=True)]
    direction = 1 if strength > 0 else -1
    points.sort(key=lambda one: direction * (one[0] - middle[0]) * (one[1] - middle[1]))
    across, up = zip(*points[: -max(1, round(FEW_POINTS * len(points)))], strict=True)
    if len(set(across)) == 1 or len(set(up)) == 1:
        return False
    return direction * correlation(across, up) >= ENOUGH_LEFT * abs(strength)


def _sampled(table: Table, one: str, other: str, step: int, *, without: Sequence[Filter] = ()) -> list[Record]:
    left, right = table.physical(one), table.physical(other)
    kept = "".join(f" AND {table.physical(filler.column)} <> ?" for filler in without)
    rows = table.connection.execute(
        f"SELECT {left}, {right} FROM {table.relation} WHERE rowid % {step} = 0 "
        f"AND {left} IS NOT NULL AND {right} IS NOT NULL{kept} ORDER BY rowid",
        [filler.value for filler in without],
    ).fetchall()
    return [{X: plain_value(x), Y: plain_value(y)} for x, y in rows]


def propose_places(table: Table, columns: Sequence[ColumnProfile]) -> Iterator[Candidate]:
    """Offer the places of the rows, where each has one: a map without its coasts."""
    north, east = (next((one for one in columns if one.subtype == kind), None) for kind in ("latitude", "longitude"))
    if north is None or east is None or north.pii is not None or east.pii is not None:
        return
    known = Filter(column=east.name, op="not_missing")
    yield Candidate(
        type="scatter",
        score=78.0,
        columns=(north.name, east.name),
        measures=(Measure(metric="count", column=north.name, filters=(known,)),),
        draw=partial(_draw_places, table, north, east),
    )


def _draw_places(table: Table, north: ColumnProfile, east: ColumnProfile, facts: Sequence[Fact]) -> ChartSpec | None:
    (fact,) = facts
    step = max(1, -(-table.row_count // SCATTERED_ROWS))
    data = _sampled(table, east.name, north.name, step)
    if len(data) < FEWEST_ROWS or not _is_cloud(data):
        return None
    return assemble(
        "scatter",
        Wording(
            title=f"Where the {{{fact.id}}} places lie",
            subtitle=f"{column_slot(north.name)} against {column_slot(east.name)}, in degrees",
            alt=f"Map of {{{fact.id}}} places by {column_slot(east.name)} and {column_slot(north.name)}.",
            of_drawing=f"One row in {show(step, None)} is drawn." if step > 1 else "",
        ),
        Axes(axis(east), axis(north), unit="°", x_unit="°"),
        data,
        cited=facts,
        points_total=fact.n,
        sample=RowSample(columns=(east.name, north.name), step=step),
    )


def propose_heatmap(pairs: Pairs) -> Iterator[Candidate]:
    """Offer the map of correlations of at least three numbers, the main ones if there are many."""
    correlations = [one for one in pairs.found if one.n >= FEWEST_ROWS]
    known = {name for one in correlations for name in (one.column, one.column2)}
    names = [column.name for column in pairs.columns if column.name in known][:MOST_HEAT_COLUMNS]
    if len(names) < FEWEST_HEAT_COLUMNS:
        return
    among = [one for one in correlations if {one.column, one.column2} <= set(names)]
    if len(among) < FEWEST_HEAT_COLUMNS:
        return
    # Of many relations the profile keeps the strongest: a map needs the others too, or its gaps would look like none.
    kept = {frozenset((one.column, one.column2)): one.measure for one in among}
    measures = tuple(kept.get(frozenset(two)) or pairs.measure(*two) for two in combinations(names, 2))
    strongest = max(abs(one.strength) for one in among)
    if strongest < CLEAR:
        return  # a map of numbers that do not move together
    clouds = {one.measure for one in _clearest(pairs)}
    yield Candidate(
        type="heatmap",
        score=50.0 + 14 * strongest,
        columns=tuple(names),
        measures=measures,
        draw=partial(_draw_heatmap, names, clouds),
    )


def _draw_heatmap(names: Sequence[str], clouds: Container[Measure], facts: Sequence[Fact]) -> ChartSpec | None:
    """Draw the map. Its title names the closest pair, unless a cloud of that pair does."""
    said = _labels(names)
    found = [fact for fact in facts if isinstance(fact.value, float | int)]
    if all(abs(float(str(fact.value))) >= SAME for fact in found):
        return None  # the columns say the same, as the years of one table side by side
    data: list[Record] = []
    for fact in found:
        one, other = said[str(fact.measure.column)], said[str(fact.measure.column2)]
        assert isinstance(fact.value, float | int)
        data += [{X: one, Y: other, VALUE: fact.value}, {X: other, Y: one, VALUE: fact.value}]
    telling = [fact for fact in found if abs(float(str(fact.value))) < SAME and not _is_one_figure(fact)] or found
    strongest = max(telling, key=lambda fact: abs(float(str(fact.value))))
    is_news = abs(float(str(strongest.value))) >= CLEAR and strongest.measure not in clouds
    pair = f"{column_slot(str(strongest.measure.column))} and {column_slot(str(strongest.measure.column2))}"
    together = f"{pair} are related most closely (r = {{{strongest.id}|coefficient}})"
    spec = assemble(
        "heatmap",
        Wording(
            title=together if is_news else "How the numbers move together",
            subtitle="Correlation of each pair of numbers, from minus one to one",
            alt=f"Heat map of correlations; closest are {pair} (r = {{{strongest.id}|coefficient}}).",
            note=_fillers_note(found),
        ),
        Axes("", ""),
        data,
        cited=found,
        points_total=max(fact.n for fact in found),
        value_key=VALUE,
    )
    joined = ",".join(fact.id for fact in facts)
    return spec.model_copy(update={"id": f"chart_{hashlib.sha256(joined.encode()).hexdigest()[:8]}"})


def _labels(names: Sequence[str]) -> dict[str, str]:
    """Return each column's label; where long names are cut to the same label, what comes after the words that all of
    them begin with."""
    labels = [label(name) for name in names]
    alike = [name.split() for name, one in zip(names, labels, strict=True) if labels.count(one) > 1]
    shared = sum(1 for _ in takewhile(lambda words: len(set(words)) == 1, zip(*alike, strict=False)))
    return {
        name: one if labels.count(one) == 1 else " ".join(["…", *name.split()[shared:]])
        for name, one in zip(names, labels, strict=True)
    }
