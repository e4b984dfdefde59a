"""How often something happens to records, by group and by amount: "The churn rate is 34% for Month-to-month, against
3.1% for the rest"; "31% of bookings with lead time at 180 or more are canceled, against 12% below 30" (and fewer of
those between).

Test: chi-square of independence by group, Kruskal & Wallis of the amount between those to whom it happened and the
others; effect: how many times as often. Dropped when most strata of another category show the opposite (Simpson
1951), and where one side is all or nothing: that is how the column is made.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.happenings import (
    ALL,
    FEWEST_ROWS,
    LISTED,
    NONE,
    Event,
    events_of,
    said_by_ends,
    tells_ends,
)
from datapilot.insights.natures import (
    is_fate,
    is_progress,
    is_trait,
    is_trial,
    is_two_sided,
    is_verdict,
    is_watched,
)
from datapilot.insights.owners import owner
from datapilot.insights.phrases import (
    across,
    among,
    entries,
    fact_slot,
    group,
    is_geography,
    limit_slot,
    listing,
    number,
    p_text,
    records,
    rows_text,
    share_alone,
    share_of,
    speaks,
    without_sentinel,
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
from datapilot.insights.subjects import Category, Quantity, Subjects, is_code
from datapilot.words.labels import numbered_thing
from datapilot.words.meanings import name_words
from datapilot.words.render import column_slot, value_slot

LEAST_TIMES = 1.25  # as often as in the rest
LEAST_POINTS_OF_WISHES, LEAST_TIMES_OF_WISHES = 0.1, 1.5  # without it, against the others without
LEAST_POINTS = 0.01
OF_ONE_END = 0.75  # of the effect of a relation that only one end of an amount shows
FEW_CASES, MANY_CASES = 0.7, 50  # of the effect, of what happened to hardly anyone, and cases from which on all of it
LEAST_SURE = 0.001  # p of a relation in ranks, or one end of it is looked at by itself
LEAST_TIMES_OF_TRIAL = 1.02  # a lift is what a trial is made for; whether it is chance the test says
OF_TRIAL = 0.9  # its effect at least
USUAL = 0.5  # of the records, from which on those to whom it does not happen are the news
LEAST_GROUP = 20  # rows
LEAST_HAPPENED = 5  # in the group
TIMES_AS_OFTEN = 1.5  # the logarithm of how many times as often that counts fully
LEAST_IN_STRATUM = 10
LEAST_LEFT = 0.35  # of a relation's r, within groups
MOST_GROUPS = 30
LATE = frozenset({"sla", "breach", "breached", "late", "delayed", "overdue", "delay"})
TOOK = frozenset({"resolution", "duration", "elapsed", "hours", "minutes", "days", "delay"})


def find_event_rates(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of every such column by every category and every quantity."""
    said = said_by_ends(subjects)
    for event in events_of(subjects):
        for other in subjects.categories:
            is_other = other.column not in event.columns and not other.is_personal and not tells_ends(other)
            if is_other and 2 <= len(other.codes.labels) <= MOST_GROUPS and not is_code(other.column):
                yield from _by_group(subjects, event, other)
        for quantity in subjects.own_quantities if not event.is_short else ():
            if quantity.column in said or is_watched(quantity, event.columns[0]):
                continue
            if is_progress(quantity, event.columns[0]) or is_verdict(quantity):
                continue  # what people say of it comes after it
            if _is_measured_by_it(event, quantity):
                continue
            if not set(event.columns) & set(quantity.columns):
                yield from _by_quantity(subjects, event, quantity)


def _is_measured_by_it(event: Event, quantity: Quantity) -> bool:
    """Whether an event only says that a time was too long: what took longest is late."""
    is_late = bool(set(name_words(event.columns[0])) & LATE)
    return is_late and (quantity.minus is not None or bool(set(name_words(quantity.column)) & TOOK))


def _by_group(subjects: Subjects, event: Event, by: Category) -> Iterator[tuple[Test, Candidate | None]]:
    both = event.known & (by.codes.codes >= 0)
    codes, happened = by.codes.codes[both], event.happened[both].astype(np.int64)
    if len(codes) < FEWEST_ROWS:
        return
    counts = contingency(codes, happened, len(by.codes.labels), 2)
    counts = counts * (counts.sum(axis=1) >= LEAST_GROUP)[:, None]
    if (counts.sum(axis=1) > 0).sum() < 2 or not counts[:, 1].any():
        return
    test = association(counts, kept=independent_share(persistence(codes), persistence(happened)))
    if not test.n:
        return
    rows, share = counts.sum(axis=1), counts[:, 1].sum() / counts.sum()
    distance = (counts[:, 1] - rows * share) / np.sqrt(np.maximum(rows * share, 1e-9))
    most = int(np.argmax(np.where(counts[:, 1] >= LEAST_HAPPENED, distance, -np.inf)))
    least = int(np.argmin(np.where(rows > 0, distance, np.inf)))
    times = LEAST_TIMES_OF_TRIAL if is_trial(by) else LEAST_TIMES
    fits = counts[most, 1] >= LEAST_HAPPENED and _is_more(*_inside_and_outside(counts, most), least=times)
    # Where nearly all are served, those that are not are the news.
    if not fits and share >= USUAL and _is_clear(event, *reversed(_inside_and_outside(counts, least))):
        most, fits = least, event.is_welcome
    if not fits or _is_made_of(counts) or (by.column, most) in subjects.named_before:
        yield test, None
        return
    shares = _inside_and_outside(counts, most)
    if len(by.codes.labels) == len(("yes", "no")) and by.is_flag and min(shares) <= 1 / counts.sum():
        yield test, None  # a step on the way: who bought had gone to the checkout
        return
    yield test, _group_candidate(subjects, event, by, most, test=test, shares=shares)


def _is_clear(event: Event, more: float, fewer: float, *, least: float = LEAST_TIMES) -> bool:
    """Whether it happens clearly more often on one side; what is wished for also by how often it fails to happen."""
    is_more = _is_more(more, fewer, least=least)
    if is_more or not event.is_welcome or (more >= ALL and fewer <= NONE):
        return is_more
    return more - fewer >= LEAST_POINTS_OF_WISHES and 1 - fewer >= LEAST_TIMES_OF_WISHES * (1 - more)


def _times(event: Event, more: float, fewer: float, least: float) -> float:
    """Return how many times as often it happens; of what is wished for and usual, how many times as often not."""
    times = more / max(fewer, least)
    return max(times, (1 - fewer) / max(1 - more, least)) if event.is_welcome and fewer >= USUAL / 2 else times


def _inside_and_outside(counts: Ints, at: int) -> tuple[float, float]:
    """Return how often it happens in a group and in all others."""
    rows, cases = counts.sum(axis=1), counts[:, 1]
    others = max(rows.sum() - rows[at], 1)
    return float(cases[at] / max(rows[at], 1)), float((cases.sum() - cases[at]) / others)


def _is_made_of(counts: Ints) -> bool:
    """Whether the group tells nearly always if it happened: a grade and "passed", which was made of it."""
    return bool(counts.min(axis=1).sum() <= NONE * counts.sum(axis=0).min())


def _is_more(here: float, there: float, *, least: float = LEAST_TIMES) -> bool:
    points = LEAST_POINTS if least >= LEAST_TIMES else 0.0
    return here - there >= points and here >= least * there and not (here >= ALL and there <= NONE)


def _group_candidate(
    subjects: Subjects, event: Event, by: Category, at: int, *, test: Test, shares: tuple[float, float]
) -> Candidate:
    label = by.codes.labels[at]
    where = Filter(column=by.column, op="eq", value=label)
    here, there = event.rate(where), event.rate(Filter(column=by.column, op="ne", value=label))
    each = Measure(metric="ratio", of="count", by=by.column, filters=(event.so,), baseline=(event.is_known,))
    rows = Measure(metric="count", by=by.column, filters=(event.is_known,))
    cases = Measure(metric="count", filters=(where, event.so))
    all_cases = Measure(metric="count", filters=(event.so,))
    more, fewer = max(shares), min(shares)
    is_rarer, tried = shares[0] < shares[1], is_trial(by)
    least = LEAST_TIMES_OF_TRIAL if tried else LEAST_TIMES

    def word(facts: Facts) -> Wording | None:
        inner, outer = number(facts, here.fact_id), number(facts, there.fact_id)
        if inner is None or outer is None:
            return None
        if not _is_clear(event, *((outer, inner) if is_rarer else (inner, outer)), least=least):
            return None
        sizes = {key: size for _, key, size, _ in entries(facts[rows.fact_id])}
        groups = [key for _, key, _, _ in entries(facts[each.fact_id]) if sizes.get(key, 0) >= LEAST_GROUP]
        others = [key for key in groups if key != label]
        form = "percent|fine" if tried else "percent"
        inside, outside = fact_slot(facts[here.fact_id], form), share_alone(facts[there.fact_id], form)
        name = event.rate_name
        who = records(by.column, label)
        only = "only " if is_rarer else ""
        headline = f"{only}{share_of(facts[here.fact_id], who, form)} {event.became}, against {outside} of "
        is_one = len(others) == 1 and (tried or speaks(others[0]))
        if is_one and tried:
            headline += f"those where it is {value_slot(others[0])}"
        else:
            headline += records(by.column, others[0]) if is_one else "the others"
        if name is not None:
            rest = among(by.column, others[0]) if len(others) == 1 and speaks(others[0]) else "for the rest"
            outside = fact_slot(facts[there.fact_id], form)
            headline = f"the {name} is {inside} {among(by.column, label)}, against {outside} {rest}"
        part = "all" if facts[here.fact_id].value == 1 else inside
        is_so = f"{part} {event.became}" if name is None else f"the {name} is {inside}"
        story = f"Among {who}, {is_so}; among all others it is {fact_slot(facts[there.fact_id], form)}."
        some = fact_slot(facts[cases.fact_id])
        detail = f"These are {some} of the {fact_slot(facts[all_cases.fact_id])} cases."
        if len(groups) > 2:
            shown = listing(facts[each.fact_id], form="percent", most=LISTED, keys=groups)
            detail = (
                f"{name or 'the share'} {across(by.column)}: {shown}. {some} of the "
                f"{fact_slot(facts[all_cases.fact_id])} cases are {records(by.column, label)}."
            )
        is_named = speaks(label) or numbered_thing(by.column) is not None or tried
        whom = group(by.column, label) if is_named else who
        what = _advice(event, whom, by=by)
        if is_rarer:
            what = f"Find out what is missing for {group(by.column, label)} that the others have."
        return Wording(headline, detail, owner(*event.columns, by.column), what, story=story)

    times = _times(event, more, fewer, 1 / len(subjects.cells.rows))
    known_well = min(1.0, FEW_CASES + (1 - FEW_CASES) * float(event.happened.sum()) / MANY_CASES)
    effect = min(1.0, 0.3 + float(np.log(times)) / TIMES_AS_OFTEN) * known_well
    inside = by.codes.codes == at
    of_all = float(event.happened[inside].sum() / max(event.happened.sum(), 1))
    if is_rarer:
        of_all = float((inside & event.known & ~event.happened).sum() / max((event.known & ~event.happened).sum(), 1))
    return Candidate(
        kind="event_rate", columns=(*event.columns, by.column), measures=(here, there, each, rows, cases, all_cases),
        word=word, impact=min(1.0, 1.5 * of_all), effect=max(effect, OF_TRIAL) if tried else effect,
        n=test.n, p_value=test.p_value,
        statistics=f"χ² of independence {p_text(test.p_value)}, Cramér's V = {test.effect:.2f}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=event.columns,
        stands=lambda: not _reverses(
            subjects, event, ~inside if is_rarer else inside, without=(*event.columns, by.column)
        ),
    )  # fmt: skip


def _by_quantity(subjects: Subjects, event: Event, quantity: Quantity) -> Iterator[tuple[Test, Candidate | None]]:
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
    if edges is not None and shares is not None and agrees and test.p_value <= LEAST_SURE:
        yield test, _quantity_candidate(subjects, event, quantity, edges, test=test, shares=shares)
        return
    yield test, None
    if far is None:
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
    return shares if enough and _is_clear(event, more, max(fewer, others)) else None


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
        if not _is_clear(event, max(beneath, beyond), min(beneath, beyond)):
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
        return Wording(headline, detail, owner(*event.columns, *quantity.columns), _advice(event, whom), story=story)

    more, fewer = max(shares), min(shares)
    times = _times(event, more, fewer, 1 / len(subjects.cells.rows))
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
            _reverses(subjects, event, side, without=(*event.columns, *quantity.columns))
            or (not is_far and _is_group_alone(subjects, event, quantity))
        ),
    )  # fmt: skip


def _advice(event: Event, whom: str, *, by: Category | None = None) -> str:
    if by is not None and is_trait(by.column):
        same = f"records of the same {column_slot(by.column)}"
        return f"Report the share by {column_slot(by.column)}, and compare other groups only among {same}."
    if is_fate(event.columns[0]) or is_two_sided(event.columns[0]):
        return f"Look closer at {whom}: find out what else sets them apart from the others."
    if event.is_welcome and by is not None and is_trial(by):
        return f"Give {whom} to more, and watch whether the gap lasts and the other figures hold."
    if event.is_welcome and by is not None and is_geography(by.column):
        return f"Find out what is different about {whom}, and what of it could be done in other places."
    if event.is_welcome and by is None:
        return f"Begin with {whom} where there is not time for all."
    if event.is_welcome:
        return f"Find out what is different about {whom}, and try the same elsewhere."
    if event.is_short:
        return f"Order again for {whom} first, and ask why so much runs low there."
    if event.rate_name is not None:
        return f"Begin with {whom} when working on {column_slot(event.columns[0])}: there it happens most often."
    return f"Begin with {whom}: there it happens most often."


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


def _reverses(subjects: Subjects, event: Event, inside: np.ndarray, *, without: tuple[str, ...]) -> bool:
    """Whether in two thirds of another category's strata it clearly happens less often inside than outside."""
    for other in subjects.categories:
        if other.column in without or len(other.codes.labels) > MOST_GROUPS:
            continue
        against, strata = 0, 0
        for code in range(len(other.codes.labels)):
            here = event.known & (other.codes.codes == code)
            some, rest = event.happened[here & inside], event.happened[here & ~inside]
            if min(len(some), len(rest)) < LEAST_IN_STRATUM:
                continue
            strata += 1
            share = float(np.concatenate((some, rest)).mean())
            error = np.sqrt(max(share * (1 - share), 1e-9) * (1 / len(some) + 1 / len(rest)))
            against += bool(some.mean() - rest.mean() < -error)
        if strata >= 2 and against >= 2 * strata / 3:
            return True
    return False
