"""How often something happens at the low and the high end of an amount: "31% of bookings with lead time at 180 or more
are canceled, against 12% below 30", and fewer of those between.

Test: Kruskal & Wallis of the amount between those to whom it happened and the others; where ranks show nothing,
chi-square of one far end against all others, times two. Dropped where the amount is how the event is made, and where
little is left within the groups of a category.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.how_often import (
    LEAST_GROUP,
    LEAST_HAPPENED,
    MOST_GROUPS,
    TIMES_AS_OFTEN,
    advice_on,
    is_clear,
    reverses,
    times_as_often,
)
from datapilot.insights.round_edges import edges_of, far_edges_of
from datapilot.insights.statistics import (
    Floats,
    Ints,
    Test,
    association,
    contingency,
    independent_share,
    kruskal,
    pearson,
    persistence,
    ranks,
    remembered,
    within_groups,
)
from datapilot.insights.subjects.happenings import ALL, FEWEST_ROWS, Event, tells_ends
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    fact_slot,
    limit_slot,
    number,
    p_text,
    rows_text,
    share_alone,
    without_sentinel,
)

OF_ONE_END = 0.75  # of the effect of a relation that only one end of an amount shows
LEAST_SURE = 0.001  # p of a relation in ranks, or one end of it is looked at by itself
LEAST_LEFT = 0.35  # of a relation's r, within groups


def by_quantity(subjects: Subjects, event: Event, quantity: Quantity) -> Iterator[tuple[Test, Candidate | None]]:
    both = quantity.is_known & event.known
    values, happened = quantity.values[both], event.happened[both].astype(np.int64)
    if len(values) < FEWEST_ROWS or min(happened.sum(), (1 - happened).sum()) < LEAST_GROUP or not np.ptp(values):
        return
    kept = independent_share(persistence(happened), remembered(ranks(values)))
    test = kruskal(values, happened, 2, kept=kept)
    edges, far = edges_of(values), far_edges_of(values)
    shares = _clear_ends(event, values, happened, edges) if edges is not None else None
    if _is_made_by(values, happened):
        yield test, None
        return
    rank = ranks(values)
    agrees = shares is not None and (rank[happened == 1].mean() > rank[happened == 0].mean()) == (shares[1] > shares[0])
    told: Candidate | None = None
    if edges is not None and shares is not None and agrees:
        told = _quantity_candidate(subjects, event, quantity, edges, test=test, shares=shares)
    yield test, told
    if far is None or (told is not None and test.p_value <= LEAST_SURE):
        return
    # What begins late, at the end of a tool's life, moves no ranks.
    shares = _clear_ends(event, values, happened, far)
    if shares is None:
        return
    beyond = values >= far[1] if shares[1] > shares[0] else values < far[0]
    test = association(contingency(beyond.astype(np.int64), happened, 2, 2), kept=kept)
    test = test._replace(p_value=min(1.0, 2 * test.p_value))  # of two ends, the one that has more
    yield test, _quantity_candidate(subjects, event, quantity, far, test=test, shares=shares, is_far=True)


def _is_made_by(values: Floats, happened: Ints) -> bool:
    """Whether an amount nearly tells if it happened: out of stock is what nothing on hand is called, and a visit of one
    page is one that bounced."""
    yes, no = values[happened == 1], values[happened == 0]
    place = ranks(values)
    above = float((place[happened == 1].mean() - place[happened == 0].mean()) / len(values)) + 1 / 2
    return bool(not np.ptp(yes) or not np.ptp(no) or max(above, 1 - above) >= ALL)


def _clear_ends(event: Event, values: Floats, happened: Ints, edges: tuple[float, float]) -> tuple[float, float] | None:
    """Return how often it happens below and above two edges where one end clearly has more, else None."""
    low, high = values < edges[0], values >= edges[1]
    shares = (float(happened[low].mean()) if low.any() else 0.0, float(happened[high].mean()) if high.any() else 0.0)
    is_up = shares[1] > shares[0]
    more, fewer = max(shares), min(shares)
    enough = min(low.sum(), high.sum()) >= LEAST_GROUP and happened[high if is_up else low].sum() >= LEAST_HAPPENED
    # Against all others too: where it happens most in the middle, neither end is the place to begin.
    others = float(happened[~(high if is_up else low)].mean())
    return shares if enough and is_clear(event, more, max(fewer, others)) else None


def _quantity_candidate(
    subjects: Subjects, event: Event, quantity: Quantity, edges: tuple[float, float], *, test: Test,
    shares: tuple[float, ...], is_far: bool = False,
) -> Candidate:  # fmt: skip
    low, high = (int(edge) if float(edge).is_integer() else edge for edge in edges)
    is_up = shares[1] > shares[0]
    conditions = [
        Filter(column=quantity.column, minus=quantity.minus, op=op, value=edge)
        for op, edge in (("lt", low), ("ge", high))
    ]
    below, above = (event.rate(condition, *quantity.filters) for condition in conditions)
    overall = event.rate()
    cases = Measure(metric="count", filters=(conditions[is_up], *quantity.filters, event.so))
    all_cases = Measure(metric="count", filters=(event.so,))

    def word(facts: Facts) -> Wording | None:
        beneath, beyond = number(facts, below.fact_id), number(facts, above.fact_id)
        if beneath is None or beyond is None or (beyond > beneath) != is_up:
            return None
        if not is_clear(event, max(beneath, beyond), min(beneath, beyond)):
            return None
        ends = {False: (below, _where(quantity, low, up=False)), True: (above, _where(quantity, high, up=True))}
        (first, where), (second, elsewhere) = ends[is_up], ends[not is_up]
        most, least = fact_slot(facts[first.fact_id], "percent"), share_alone(facts[second.fact_id])
        elsewhere = elsewhere.removeprefix(f"with {quantity.name} ").removesuffix(
            f" {quantity.span}" if quantity.minus else ""
        )
        rest = f"against {least} {elsewhere}"
        headline = f"{most} of records {where} {event.became}, {rest}"
        if (name := event.rate_name) is not None:
            headline = (
                f"the {name} is {most} {where}, against {fact_slot(facts[second.fact_id], 'percent')} {elsewhere}"
            )
        is_so = f"{most} {event.became}" if name is None else f"the {name} is {most}"
        story = f"Among records {where}, {is_so}; {elsewhere} it is {fact_slot(facts[second.fact_id], 'percent')}."
        detail = (
            f"Over all records it is {fact_slot(facts[overall.fact_id], 'percent')}. {fact_slot(facts[cases.fact_id])} "
            f"of the {fact_slot(facts[all_cases.fact_id])} cases are records {where}."
            f"{without_sentinel(quantity)}"
        )
        whom = f"records {where}"
        return Wording(headline, detail, owner(*event.columns, *quantity.columns), advice_on(event, whom), story=story)

    more, fewer = max(shares), min(shares)
    times = times_as_often(event, more, fewer, 1 / len(subjects.cells.rows))
    sure = OF_ONE_END if is_far else min(1.0, 0.5 + 2 * test.effect**0.5)
    told = f"χ² of this end against all others {p_text(test.p_value)}, V" if is_far else (
        f"Kruskal–Wallis {p_text(test.p_value)}, ε²"
    )  # fmt: skip
    side = quantity.values >= edges[1] if is_up else quantity.values < edges[0]
    of_all = float(event.happened[side].sum() / max(event.happened.sum(), 1))
    return Candidate(
        kind="event_rate", columns=(*event.columns, *quantity.columns),
        measures=(below, above, overall, cases, all_cases), word=word, impact=min(1.0, 1.5 * of_all),
        effect=min(1.0, 0.2 + float(np.log(times)) / TIMES_AS_OFTEN) * sure,
        n=test.n, p_value=test.p_value,
        statistics=f"{told} = {test.effect:.2f}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=event.columns,
        stands=lambda: not (
            reverses(subjects, event, side, without=(*event.columns, *quantity.columns))
            or (not is_far and _is_group_alone(subjects, event, quantity))
        ),
    )  # fmt: skip


def _where(quantity: Quantity, edge: float, *, up: bool) -> str:
    """Return the template "with tenure below 12", or "with 30 days or more from booked to arrival"."""
    limit = limit_slot(quantity, edge)
    if quantity.minus is None:
        return f"with {quantity.name} at {limit} or more" if up else f"with {quantity.name} below {limit}"
    return f"with {limit} or more {quantity.span}" if up else f"with less than {limit} {quantity.span}"


def _is_group_alone(subjects: Subjects, event: Event, quantity: Quantity) -> bool:
    """Whether little is left of a relation within the groups of a category: dear things are sent back because shoes
    are, and one seat is what the smallest plan has."""
    both = quantity.is_known & event.known
    for category in subjects.categories:
        rows = np.flatnonzero(both & (category.codes.codes >= 0))
        if category.column in event.columns or len(category.codes.labels) > MOST_GROUPS or tells_ends(category):
            continue
        codes, happened = category.codes.codes[rows], event.happened[rows].astype(np.float64)
        rank = ranks(quantity.places[rows])
        if len(rows) < FEWEST_ROWS or not np.ptp(rank) or not np.ptp(happened):
            continue
        x, y = (within_groups(one, codes) for one in (rank, happened))
        left = pearson(x, y) if np.ptp(x) and np.ptp(y) else 0.0
        if left * np.sign(pearson(rank, happened)) < LEAST_LEFT * abs(pearson(rank, happened)):
            return True
    return False
