"""How often something happens to records, by group and by amount: "The churn rate is 34% for Month-to-month, against
3.1% for the rest"; "31% of bookings with lead time at 180 or more are canceled, against 12% below 30" (and fewer of
those between).

Test: chi-square of independence by group, Kruskal & Wallis of the amount between those to whom it happened and the
others; effect: how many times as often. Dropped when most strata of another category show the opposite (Simpson
1951), and where one side is all or nothing: that is how the column is made.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.event_names import is_bookkeeping
from datapilot.insights.natures import (
    bad_end_of,
    became,
    is_answer_code,
    is_event,
    is_fate,
    is_outcome_value,
    is_progress,
    is_status,
    is_trait,
    is_watched,
    is_welcome,
    rate_name,
)
from datapilot.insights.owners import owner
from datapilot.insights.phrases import (
    across,
    among,
    entries,
    entry_slot,
    fact_slot,
    group,
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
from datapilot.insights.round_edges import edges_of
from datapilot.insights.statistics import (
    Ints,
    Test,
    association,
    contingency,
    independent_share,
    is_looked_up,
    kruskal,
    pearson,
    persistence,
    ranks,
    remembered,
    within_groups,
)
from datapilot.insights.subjects import Category, Quantity, Subjects, is_code
from datapilot.words.render import column_slot, value_slot

LEAST_TIMES = 1.25  # as often as in the rest
LEAST_POINTS = 0.01
LEAST_GROUP = 20  # rows
LEAST_HAPPENED = 5  # in the group
FEWEST_ROWS = 60
TIMES_AS_OFTEN = 1.5  # the logarithm of how many times as often that counts fully
ALL, NONE = 0.98, 0.02
LEAST_IN_STRATUM = 10
LEAST_LEFT = 0.35  # of a relation's r, within groups
MOST_GROUPS = 30
MOST_STATUSES, MOST_ENDS = 8, 2
FAILED = 400  # and above: what a server answers to a request that it could not serve
_YES = ("yes", "true")
_LISTED = 8


class _Event(NamedTuple):
    """What happened to some rows: a column's yes, one end that a status came to, or that a date came after the
    promised one.

    `status` is the end; `known` marks the rows of which it is known, `so` and `is_known` are the same as filters.
    """

    columns: tuple[str, ...]
    happened: np.ndarray
    known: np.ndarray
    so: Filter
    is_known: Filter
    status: Scalar = None

    @property
    def rate_name(self) -> str | None:
        return rate_name(self.columns[0]) if len(self.columns) == 1 and self.status is None else None

    @property
    def became(self) -> str:
        if self.status is not None:
            value = value_slot(self.status)
            return f"are {value}" if is_outcome_value(self.status) else f"have {column_slot(self.columns[0])} {value}"
        return became(self.columns[0]) if len(self.columns) == 1 else "are late"

    @property
    def is_welcome(self) -> bool:
        return len(self.columns) == 1 and is_welcome(str(self.status or self.columns[0]))

    def rate(self, *where: Filter) -> Measure:
        return Measure(metric="ratio", of="count", filters=(*where, self.so), baseline=(*where, self.is_known))


def _events(subjects: Subjects) -> Iterator[_Event]:
    for category in subjects.categories:
        codes, column, yes = category.codes.codes, category.column, yes_of(category)
        for code in ends_of_status(category) if yes is None else (yes,):
            label = category.codes.labels[code]
            so, is_known = Filter(column=column, op="eq", value=label), Filter(column=column, op="not_missing")
            yield _Event((column,), codes == code, codes >= 0, so, is_known, label if yes is None else None)
    for promised, happened in subjects.promises:
        late = subjects.cells.days[happened] - subjects.cells.days[promised]
        yield _Event(
            (happened, promised), late > 0, np.isfinite(late),
            Filter(column=happened, minus=promised, op="gt", value=0),
            Filter(column=happened, minus=promised, op="not_missing"),
        )  # fmt: skip


def yes_of(category: Category) -> int | None:
    """Return the code of "yes" where a column says of its records whether something happened, else None."""
    said = [str(one).lower() for one in category.codes.labels]
    if len(said) != 2 or not is_event(category.column) or category.is_personal:
        return None
    return next((said.index(word) for word in _YES if word in said), None)


def ends_of_status(category: Category) -> tuple[int, ...]:
    """Return the codes of what became of records in a column of their status ("Closed Won", "Declined"), the most
    frequent ones, or the bad one of two ends ("fail"); () for other columns."""
    if category.is_personal:
        return ()
    bad = bad_end_of(category)
    if bad is not None:
        return (bad,)
    if not is_status(category.column):
        return ()
    if is_answer_code(category):
        return tuple(code for code, label in enumerate(category.codes.labels) if int(str(label)) >= FAILED)[:MOST_ENDS]
    if len(category.codes.labels) > MOST_STATUSES:
        return ()
    return tuple(code for code, label in enumerate(category.codes.labels) if is_outcome_value(label))[:MOST_ENDS]


def find_event_rates(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of every such column by every category and every quantity."""
    said = said_by_ends(subjects)
    for event in _events(subjects):
        for other in subjects.categories:
            is_other = other.column not in event.columns and not other.is_personal and not tells_ends(other)
            if is_other and 2 <= len(other.codes.labels) <= MOST_GROUPS and not is_code(other.column):
                yield from _by_group(subjects, event, other)
        for quantity in subjects.own_quantities:
            if quantity.column in said or is_watched(quantity, event.columns[0]):
                continue
            if is_progress(quantity, event.columns[0]):
                continue
            if not set(event.columns) & set(quantity.columns):
                yield from _by_quantity(subjects, event, quantity)


def said_by_ends(subjects: Subjects) -> frozenset[str]:
    """Return the quantities that are looked up by how far records have come: won is 100 % probable."""
    found: set[str] = set()
    for category in (one for one in subjects.categories if ends_of_status(one)):
        for quantity in (one for one in subjects.quantities if one.minus is None):
            rows = np.flatnonzero(quantity.is_known & (category.codes.codes >= 0))
            if len(rows) and is_looked_up(quantity.values[rows], category.codes.codes[rows]):
                found.add(quantity.column)
    return frozenset(found)


def tells_ends(category: Category) -> bool:
    """Whether a column says what became of its records."""
    return yes_of(category) is not None or bool(ends_of_status(category))


def find_events(subjects: Subjects) -> Iterator[Candidate]:
    """Yield how often each happened over all."""
    for event in _events(subjects):
        share = float(event.happened[event.known].mean()) if event.known.any() else 0.0
        if event.known.sum() >= FEWEST_ROWS and NONE / 2 <= share <= ALL:
            yield _overall(subjects, event, share)


def _overall(subjects: Subjects, event: _Event, share: float) -> Candidate:
    rate = event.rate()
    cases, base = (Measure(metric="count", filters=(one,)) for one in (event.so, event.is_known))
    measures = [rate, cases, base]
    is_date = len(event.columns) > 1
    left = Measure(metric="count", filters=(event.is_known, event.so.model_copy(update={"op": "ne"})))
    by = next((one.column for one in subjects.categories if _divides(one, event)), None)
    split = Measure(metric="count", by=by, filters=(event.so, Filter(column=by, op="not_missing"))) if by else None
    if not is_date:
        measures.append(split or left)
    else:
        happened, promised = event.columns
        measures += [
            Measure(metric=metric, column=happened, minus=promised, filters=(event.so,)) for metric in ("median", "max")
        ]

    def word(facts: Facts) -> Wording | None:
        if number(facts, rate.fact_id) is None:
            return None
        percent = fact_slot(facts[rate.fact_id], "percent")
        of_all = f"{fact_slot(facts[cases.fact_id])} of {fact_slot(facts[base.fact_id])} records"
        if is_date:
            happened, promised = (column_slot(column) for column in event.columns)
            typical, most = (fact_slot(facts[one.fact_id]) for one in measures[3:])
            return Wording(
                f"{percent} of records are late: {happened} comes after {promised}, typically by {typical}",
                f"These are {of_all}. The longest delay is {most}.", owner(*event.columns),
                f"Take the records with the longest delay first, and ask what held {happened} up.",
                story=f"For {percent} of records {happened} comes later than {promised}, typically by {typical}.",
            )  # fmt: skip
        aim = f"the share of records that {event.became}" if event.rate_name is None else f"the {event.rate_name}"
        follow = "follow it by month" if subjects.clock is not None else "look at it by group"
        what = f"Agree on a limit for {aim}, now {percent}, and {follow}."
        if event.is_welcome:
            what = f"Set a target for {aim}, now {percent}, and {follow}."
        elif split is not None and by is not None and (leading := entries(facts[split.fact_id])):
            top = f"{column_slot(by)} {entry_slot(facts[split.fact_id], leading[0][0], 'key')}"
            some = entry_slot(facts[split.fact_id], leading[0][0])
            what = f"Agree on a limit for {aim}, now {percent}, and look first at {top} with {some} of them."
        if is_fate(event.columns[0]):
            what = f"Take {percent} as the mark against which single groups are held."
        headline = f"{of_all} {event.became} ({percent})"
        if event.rate_name is not None:
            headline = f"the {event.rate_name} is {percent}: {of_all}"
        story = f"Of all {fact_slot(facts[base.fact_id])} records, {percent} {event.became}."
        if event.rate_name is not None:
            story = f"Over all {fact_slot(facts[base.fact_id])} records, the {event.rate_name} is {percent}."
        if split is not None and by is not None:
            cases_are = f"{value_slot(event.status)} records" if event.status is not None else "these cases"
            detail = f"{cases_are} {across(by)}: {listing(facts[split.fact_id], most=_LISTED)}."
        else:
            detail = f"That leaves {fact_slot(facts[left.fact_id])} to which it did not happen."
        return Wording(headline, detail, owner(*event.columns), what, story=story)

    return Candidate(
        kind="event_rate", columns=event.columns, measures=tuple(measures), word=word, impact=share if is_date else 0.3,
        effect=min(1.0, 0.4 + share) if is_date else 0.35, n=int(event.known.sum()), subject=event.columns,
    )  # fmt: skip


def _divides(category: Category, event: _Event) -> bool:
    """Whether the cases can be counted by a category that a reader knows: not another event, nor a column of codes."""
    is_other = category.column not in event.columns and not category.is_personal and not tells_ends(category)
    is_known = not is_code(category.column) and not is_bookkeeping(category.column)
    return is_other and is_known and 2 < len(category.codes.labels) <= _LISTED


def _by_group(subjects: Subjects, event: _Event, by: Category) -> Iterator[tuple[Test, Candidate | None]]:
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
    at = int(np.argmax(np.where(counts[:, 1] >= LEAST_HAPPENED, distance, -np.inf)))
    here = counts[at, 1] / max(rows[at], 1)
    there = (counts[:, 1].sum() - counts[at, 1]) / max(rows.sum() - rows[at], 1)
    fits = counts[at, 1] >= LEAST_HAPPENED and _is_more(here, there) and not _is_made_of(counts)
    yield test, _group_candidate(subjects, event, by, at, test=test, shares=(here, there)) if fits else None


def _is_made_of(counts: Ints) -> bool:
    """Whether the group tells nearly always if it happened: a grade and "passed", which was made of it."""
    return bool(counts.min(axis=1).sum() <= NONE * counts.sum(axis=0).min())


def _is_more(here: float, there: float) -> bool:
    return here - there >= LEAST_POINTS and here >= LEAST_TIMES * there and not (here >= ALL and there <= NONE)


def _group_candidate(
    subjects: Subjects, event: _Event, by: Category, at: int, *, test: Test, shares: tuple[float, float]
) -> Candidate:
    label = by.codes.labels[at]
    where = Filter(column=by.column, op="eq", value=label)
    here, there = event.rate(where), event.rate(Filter(column=by.column, op="ne", value=label))
    each = Measure(metric="ratio", of="count", by=by.column, filters=(event.so,), baseline=(event.is_known,))
    rows = Measure(metric="count", by=by.column, filters=(event.is_known,))
    cases = Measure(metric="count", filters=(where, event.so))
    all_cases = Measure(metric="count", filters=(event.so,))

    def word(facts: Facts) -> Wording | None:
        inner, outer = number(facts, here.fact_id), number(facts, there.fact_id)
        if inner is None or outer is None or not _is_more(inner, outer):
            return None
        sizes = {key: size for _, key, size, _ in entries(facts[rows.fact_id])}
        groups = [key for _, key, _, _ in entries(facts[each.fact_id]) if sizes.get(key, 0) >= LEAST_GROUP]
        others = [key for key in groups if key != label]
        inside, outside = fact_slot(facts[here.fact_id], "percent"), share_alone(facts[there.fact_id])
        name = event.rate_name
        who = records(by.column, label)
        headline = f"{share_of(facts[here.fact_id], who)} {event.became}, against {outside} of "
        headline += records(by.column, others[0]) if len(others) == 1 and speaks(others[0]) else "the others"
        if name is not None:
            rest = among(by.column, others[0]) if len(others) == 1 and speaks(others[0]) else "for the rest"
            outside = fact_slot(facts[there.fact_id], "percent")
            headline = f"the {name} is {inside} {among(by.column, label)}, against {outside} {rest}"
        part = "all" if facts[here.fact_id].value == 1 else inside
        is_so = f"{part} {event.became}" if name is None else f"the {name} is {inside}"
        story = f"Among {who}, {is_so}; among all others it is {fact_slot(facts[there.fact_id], 'percent')}."
        some = fact_slot(facts[cases.fact_id])
        detail = f"These are {some} of the {fact_slot(facts[all_cases.fact_id])} cases."
        if len(groups) > 2:
            shown = listing(facts[each.fact_id], form="percent", most=_LISTED, keys=groups)
            detail = (
                f"{name or 'the share'} {across(by.column)}: {shown}. {some} of the "
                f"{fact_slot(facts[all_cases.fact_id])} cases are {records(by.column, label)}."
            )
        what = _advice(event, group(by.column, label), by=by.column)
        return Wording(headline, detail, owner(*event.columns, by.column), what, story=story)

    here_share, there_share = shares
    times = here_share / max(there_share, 1 / len(subjects.cells.rows))
    of_all = float(event.happened[by.codes.codes == at].sum() / max(event.happened.sum(), 1))
    return Candidate(
        kind="event_rate", columns=(*event.columns, by.column), measures=(here, there, each, rows, cases, all_cases),
        word=word, impact=min(1.0, 1.5 * of_all), effect=min(1.0, 0.3 + float(np.log(times)) / TIMES_AS_OFTEN),
        n=test.n, p_value=test.p_value,
        statistics=f"χ² of independence {p_text(test.p_value)}, Cramér's V = {test.effect:.2f}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=event.columns,
        stands=lambda: not _reverses(subjects, event, by.codes.codes == at, without=(*event.columns, by.column)),
    )  # fmt: skip


def _by_quantity(subjects: Subjects, event: _Event, quantity: Quantity) -> Iterator[tuple[Test, Candidate | None]]:
    both = quantity.is_known & event.known
    values, happened = quantity.values[both], event.happened[both].astype(np.int64)
    if len(values) < FEWEST_ROWS or min(happened.sum(), (1 - happened).sum()) < LEAST_GROUP or not np.ptp(values):
        return
    kept = independent_share(persistence(happened), remembered(ranks(values)))
    test = kruskal(values, happened, 2, kept=kept)
    edges = edges_of(values)
    if edges is None:
        yield test, None
        return
    low, high = values < edges[0], values >= edges[1]
    shares = tuple(float(happened[side].mean()) if side.any() else 0.0 for side in (low, high))
    is_up = shares[1] > shares[0]
    more, fewer = max(shares), min(shares)
    enough = min(low.sum(), high.sum()) >= LEAST_GROUP and happened[high if is_up else low].sum() >= LEAST_HAPPENED
    rank = ranks(values)
    agrees = (rank[happened == 1].mean() > rank[happened == 0].mean()) == is_up
    # Against all others too: where it happens most in the middle, neither end is the place to begin.
    others = float(happened[~(high if is_up else low)].mean())
    # Out of stock is what nothing on hand is called.
    is_said = values[happened == 1].max() < values[happened == 0].min() or (
        values[happened == 0].max() < values[happened == 1].min()
    )
    fits = enough and agrees and not is_said and _is_more(more, max(fewer, others))
    yield test, _quantity_candidate(subjects, event, quantity, edges, test=test, shares=shares) if fits else None


def _quantity_candidate(
    subjects: Subjects, event: _Event, quantity: Quantity, edges: tuple[float, float], *, test: Test,
    shares: tuple[float, ...],
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
        if not _is_more(max(beneath, beyond), min(beneath, beyond)):
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
    times = more / max(fewer, 1 / len(subjects.cells.rows))
    side = quantity.values >= edges[1] if is_up else quantity.values < edges[0]
    of_all = float(event.happened[side].sum() / max(event.happened.sum(), 1))
    return Candidate(
        kind="event_rate", columns=(*event.columns, *quantity.columns),
        measures=(below, above, overall, cases, all_cases), word=word, impact=min(1.0, 1.5 * of_all),
        effect=min(1.0, 0.2 + float(np.log(times)) / TIMES_AS_OFTEN) * min(1.0, 0.5 + 2 * test.effect**0.5),
        n=test.n, p_value=test.p_value,
        statistics=f"Kruskal–Wallis {p_text(test.p_value)}, ε² = {test.effect:.2f}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=event.columns,
        stands=lambda: not (
            _reverses(subjects, event, side, without=(*event.columns, *quantity.columns))
            or _is_group_alone(subjects, event, quantity)
        ),
    )  # fmt: skip


def _advice(event: _Event, whom: str, *, by: str | None = None) -> str:
    if by is not None and is_trait(by):
        same = f"records of the same {column_slot(by)}"
        return f"Report the share by {column_slot(by)}, and compare other groups only among {same}."
    if is_fate(event.columns[0]):
        return f"Look closer at {whom}: find out what else sets them apart from the others."
    if event.is_welcome:
        return f"Find out what is different about {whom}, and try the same elsewhere."
    if event.rate_name is not None:
        return f"Begin with {whom} when working on {column_slot(event.columns[0])}: there it happens most often."
    return f"Begin with {whom}: there it happens most often."


def _where(quantity: Quantity, edge: float, *, up: bool) -> str:
    """Return the template "with tenure below 12", or "with 30 days or more from booked to arrival"."""
    limit = limit_slot(quantity, edge)
    if quantity.minus is None:
        return f"with {quantity.name} at {limit} or more" if up else f"with {quantity.name} below {limit}"
    return f"with {limit} or more {quantity.span}" if up else f"with less than {limit} {quantity.span}"


def _is_group_alone(subjects: Subjects, event: _Event, quantity: Quantity) -> bool:
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


def _reverses(subjects: Subjects, event: _Event, inside: np.ndarray, *, without: tuple[str, ...]) -> bool:
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
