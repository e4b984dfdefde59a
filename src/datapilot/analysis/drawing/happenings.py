"""Bars of how often something happened, by category: who left, by contract. The categories that tell most of it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from datapilot.analysis.drawing.bar_words import NARROW, named_bar
from datapilot.analysis.drawing.bars import Order
from datapilot.analysis.drawing.candidate import Axes, Candidate, Wording, X, Y, assemble, axis
from datapilot.contracts.base import Scalar
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.words.meanings import names_event
from datapilot.words.numbers import show
from datapilot.words.render import column_slot, is_question, show_key

MOST_EVENTS, MOST_OF_EACH = 2, 4  # columns, and categories that tell most of it
MOST_GROUPS = 8
FEWEST_OF_EACH = 10  # rows behind a bar; fewer, and it shows chance
LEAST_STRENGTH, THE_SAME = 0.1, 0.95  # Cramer's V
MOST_BY_CHANCE = 0.001  # the p-value of no relation
SCORE, STRENGTH = 60.0, 90.0  # score points of any, and of a category that tells all
MOST = 94.0


def propose_happenings(profile: TableProfile, *, orders: Mapping[str, Order]) -> Iterator[Candidate]:
    """Offer the first columns that say of each row whether something happened, by the categories that go with it most
    closely, another yes or no among them. `orders` are those of the categories that have one of their own."""
    columns = {one.name: one for one in profile.columns}
    fit = (one for one in profile.columns if one.inferred_type == "boolean" and one.pii is None)
    events = [one for one in fit if names_event(one.name) and not is_question(one.name)]
    for event in events[:MOST_EVENTS]:
        told = [
            (one.strength, columns[other])
            for one in profile.relations
            if one.kind == "association" and LEAST_STRENGTH <= one.strength < THE_SAME and one.p_value <= MOST_BY_CHANCE
            for other in {one.column, one.column2} - {event.name}
            if event.name in (one.column, one.column2) and columns[other] not in events
        ]
        divides = [(strength, one) for strength, one in told if one.unique_count <= MOST_GROUPS and one.pii is None]
        for strength, category in sorted(divides, key=lambda one: -one[0])[:MOST_OF_EACH]:
            yield _candidate(event, category, orders.get(category.name, ()), min(MOST, SCORE + STRENGTH * strength))


def _candidate(event: ColumnProfile, category: ColumnProfile, order: Order, score: float) -> Candidate:
    known: tuple[Filter, ...] = (Filter(column=event.name, op="not_missing"),)
    few = [top.value for top in category.top_values if top.count < FEWEST_OF_EACH]
    if few:
        enough = tuple(top.value for top in category.top_values if top.value not in few)
        known = (Filter(column=category.name, op="in", value=enough), *known)
    share = Measure(
        metric="ratio", of="count", by=category.name, baseline=known,
        filters=(*known[:-1], Filter(column=event.name, op="eq", value=True)),
    )  # fmt: skip
    whole = Measure(metric="count", filters=known)
    draw = partial(_draw, event, category, order, len(few))
    return Candidate("bar", score, (event.name, category.name), (share, whole), draw)


def _draw(
    event: ColumnProfile, category: ColumnProfile, order: Order, few: int, facts: Sequence[Fact]
) -> ChartSpec | None:
    fact, whole = facts
    assert isinstance(fact.value, tuple)
    drawn = [
        (float(entry.value), place)
        for place, entry in enumerate(fact.value)
        if entry.key is not None and isinstance(entry.value, int | float)
    ]
    if len(drawn) < 2:
        return None
    (most, first), (following, _), *_ = sorted(drawn, key=lambda one: -one[0])
    slot, by = column_slot(event.name), column_slot(category.name)
    title = f"How often {slot} is yes, by {by}"
    if most - following > NARROW * most:
        leader = named_bar(category, fact, first)
        title = f"{slot} is yes most often for {leader}: {{{fact.id}[{first}].value|percent}}"
    places = _places(drawn, [fact.value[place].key for _, place in drawn], order)
    return assemble(
        "bar",
        Wording(
            title=title,
            subtitle=f"Share of yes where {slot} is known, over {{{whole.id}}} rows",
            alt=f"Bars of how often {slot} is yes by {by}: most often {named_bar(category, fact, first)} with "
            f"{{{fact.id}[{first}].value|percent}}.",
            of_drawing=f"{show(few, None)} {'group' if few == 1 else 'groups'} of fewer than {FEWEST_OF_EACH} rows "
            f"{'is' if few == 1 else 'are'} not drawn."
            if few
            else "",
        ),
        Axes(axis(category), "Share of yes", "share"),
        [{X: show_key(fact.value[place].key, fact.measure), Y: fact.value[place].value} for place in places],
        cited=[fact, whole],
        points_total=whole.n,
        order=places if places != tuple(range(len(places))) else None,
    )


def _places(drawn: Sequence[tuple[float, int]], keys: Sequence[Scalar], order: Order) -> tuple[int, ...]:
    """Return the places of the bars: as the category's own order has them, else those of most first."""
    at = {key: place for place, key in enumerate(order)}
    by_order = bool(order) and all(key in at for key in keys)
    ranked = [(at[key] if by_order else -share, place) for (share, place), key in zip(drawn, keys, strict=True)]
    return tuple(place for _, place in sorted(ranked))
