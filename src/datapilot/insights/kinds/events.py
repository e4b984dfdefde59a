"""How often something happens to records, by group: "The churn rate is 34% for Month-to-month, against 3.1% for the
rest"; by amount as `event_ends` tells it.

Test: chi-square of independence; effect: how many times as often. Dropped when most strata of another category show
the opposite (Simpson 1951), and where one side is all or nothing: that is how the column is made.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.how_often import (
    LEAST_GROUP,
    LEAST_HAPPENED,
    LEAST_TIMES,
    MOST_GROUPS,
    TIMES_AS_OFTEN,
    USUAL,
    advice_on,
    is_clear,
    is_more,
    reverses,
    times_as_often,
)
from datapilot.insights.kinds.event_ends import by_quantity
from datapilot.insights.statistics import (
    Ints,
    Test,
    association,
    contingency,
    independent_share,
    persistence,
)
from datapilot.insights.subjects.happenings import (
    FEWEST_ROWS,
    LISTED,
    NONE,
    Event,
    events_of,
    said_by_ends,
    tells_ends,
)
from datapilot.insights.subjects.natures import is_progress, is_trial, is_verdict, is_watched
from datapilot.insights.subjects.subjects import Category, Choice, Quantity, Subjects, is_code
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    across,
    among,
    entries,
    fact_slot,
    group,
    listing,
    number,
    p_text,
    records,
    rows_text,
    share_alone,
    share_of,
    speaks,
)
from datapilot.words.labels import numbered_thing
from datapilot.words.meanings import name_words
from datapilot.words.render import value_slot

FEW_CASES, MANY_CASES = 0.7, 50  # of the effect, of what happened to hardly anyone, and cases from which on all of it
LEAST_TIMES_OF_TRIAL = 1.02  # a lift is what a trial is made for; whether it is chance the test says
OF_TRIAL = 0.9  # its effect at least
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
        for choice in subjects.choices:
            yield from _by_group(subjects, event, choice.whole, choice=choice)
        for quantity in subjects.own_quantities if not event.is_short else ():
            if quantity.column in said or is_watched(quantity, event.columns[0]):
                continue
            if is_progress(quantity, event.columns[0]) or is_verdict(quantity):
                continue  # what people say of it comes after it
            if _is_measured_by_it(event, quantity):
                continue
            if not set(event.columns) & set(quantity.columns):
                yield from by_quantity(subjects, event, quantity)


def _is_measured_by_it(event: Event, quantity: Quantity) -> bool:
    """Whether an event only says that a time was too long: what took longest is late."""
    is_late = bool(set(name_words(event.columns[0])) & LATE)
    return is_late and (quantity.minus is not None or bool(set(name_words(quantity.column)) & TOOK))


def _by_group(
    subjects: Subjects, event: Event, by: Category, *, choice: Choice | None = None
) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test by a category, or by a choice that is spread over columns."""
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
    fits = counts[most, 1] >= LEAST_HAPPENED and is_more(*_inside_and_outside(counts, most), least=times)
    # Where nearly all are served, those that are not are the news.
    if not fits and share >= USUAL and is_clear(event, *reversed(_inside_and_outside(counts, least))):
        most, fits = least, event.is_welcome
    if not fits or _is_made_of(counts) or (by.column, most) in subjects.named_before:
        yield test, None
        return
    shares = _inside_and_outside(counts, most)
    if len(by.codes.labels) == len(("yes", "no")) and by.is_flag and min(shares) <= 1 / counts.sum():
        yield test, None  # a step on the way: who bought had gone to the checkout
        return
    told = (by, most) if choice is None else choice.told(most)
    yield test, _group_candidate(subjects, event, *told, test=test, shares=shares) if told is not None else None


def _inside_and_outside(counts: Ints, at: int) -> tuple[float, float]:
    """Return how often it happens in a group and in all others."""
    rows, cases = counts.sum(axis=1), counts[:, 1]
    others = max(rows.sum() - rows[at], 1)
    return float(cases[at] / max(rows[at], 1)), float((cases.sum() - cases[at]) / others)


def _is_made_of(counts: Ints) -> bool:
    """Whether the group tells nearly always if it happened: a grade and "passed", which was made of it."""
    return bool(counts.min(axis=1).sum() <= NONE * counts.sum(axis=0).min())


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
        if not is_clear(event, *((outer, inner) if is_rarer else (inner, outer)), least=least):
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
        what = advice_on(event, whom, by=by)
        if is_rarer:
            what = f"Find out what is missing for {group(by.column, label)} that the others have."
        return Wording(headline, detail, owner(*event.columns, by.column), what, story=story)

    times = times_as_often(event, more, fewer, 1 / len(subjects.cells.rows))
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
        stands=lambda: not reverses(
            subjects, event, ~inside if is_rarer else inside, without=(*event.columns, by.column)
        ),
    )  # fmt: skip
