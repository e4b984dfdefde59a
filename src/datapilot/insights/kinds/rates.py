"""How much of one amount comes on each of another, by group: "Orders are 6% of sessions for Email, 0.8% for Social".

Test: Kruskal & Wallis over what each row has above or below the common rate, in units of the square root of its base
(a count varies with it); effect: epsilon squared. The order of first and last must not hang on the largest rows.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Floats, Ints, Test, kruskal, without_top
from datapilot.insights.subjects.dividing import (
    BRINGING,
    EARNED,
    SPENT,
    Division,
    Form,
    counted,
    divided,
    is_brought,
    is_time,
    measured,
    one_of,
    words_of,
)
from datapilot.insights.subjects.happenings import tells_ends
from datapilot.insights.subjects.natures import is_unwelcome
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects, is_code
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    among,
    entries,
    entry_slot,
    group,
    is_are,
    is_nameable,
    listing,
    named_group,
    p_text,
    rows_text,
)
from datapilot.words.numbers import show
from datapilot.words.render import column_slot

BY_NUMBER = 0.98  # what a room costs, beside what a square metre does
ON_THE_WAY = 0.95  # what a click costs, beside what a customer does
NOT_ITS_OWN = 0.98  # what nobody has made a column of
LEAST_GROUP = 10  # rows
LEAST_EPSILON2 = 0.03
LEAST_TIMES = 1.3  # the highest rate against the lowest
LEAST_APART = 0.1  # of the larger, where the table itself has the rate
TIMES_OF_NOTHING = 3.0  # as which a rate counts against none, or one below nothing
MOST_GROUPS = 20
_LISTED = 8


def find_rates(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of every rate of two amounts by every category."""
    for division in divided(subjects.quantities):
        for category in subjects.categories:
            if tells_ends(category):
                continue  # what was supplied where it ran out
            if category.is_personal or not 2 <= len(category.codes.labels) <= MOST_GROUPS or is_code(category.column):
                continue
            above, below = division.above, division.below
            rows = np.flatnonzero((category.codes.codes >= 0) & above.is_known & below.is_known)
            if len(rows) and float(below.values[rows].min()) >= 0:
                yield _tested(subjects, division, category, rows)


def _tested(subjects: Subjects, division: Division, category: Category, rows: Ints) -> tuple[Test, Candidate | None]:
    above, below, form = division.above, division.below, division.form
    codes, tops, bases = category.codes.codes[rows], above.values[rows], below.values[rows]
    size = len(category.codes.labels)
    common = tops.sum() / max(bases.sum(), 1e-9)
    test = kruskal((tops - common * bases) / np.sqrt(np.maximum(bases, 1.0)), codes, size)
    rates = _rates(tops, bases, codes, size)
    if test.effect < LEAST_EPSILON2 or int(np.isfinite(rates).sum()) < 2:
        return test, None
    first, last = int(np.nanargmax(rates)), int(np.nanargmin(rates))
    if not _are_apart(float(rates[first]), float(rates[last]), division):
        return test, None
    times = _times(float(rates[first]), float(rates[last]), form) if rates[last] > 0 else TIMES_OF_NOTHING
    largest = np.lexsort((tops, codes))[np.cumsum(np.bincount(codes, minlength=size))[[first, last]] - 1]
    kept = without_top(np.abs(tops - common * bases))
    kept[largest] = False
    without = _rates(tops[kept], bases[kept], codes[kept], size)
    if not without[first] > without[last]:
        return test, None
    share = float(max((codes == first).mean(), (codes == last).mean()))
    found = _candidate(subjects, division, category, test=test, times=times, share=share)
    return test, found._replace(group=f"{first} {last}")


def _are_apart(high: float, low: float, division: Division) -> bool:
    """Whether two rates differ enough to be told; a column of the table's own is looked at anyhow."""
    if division.rate is not None:
        return high - low >= LEAST_APART * max(abs(high), abs(low))
    return low > 0 and _times(high, low, division.form) >= LEAST_TIMES


def _times(high: float, low: float, form: Form) -> float:
    """Return how many times the lowest rate the highest is; of parts that are nearly all, what they lack counts."""
    times = high / low if low > 0 else 0.0
    return max(times, (1 - low) / (1 - high)) if form == "part" and high < 1 else times


def _rates(tops: Floats, bases: Floats, codes: Ints, size: int) -> Floats:
    """Return the rate of each group, NaN where its rows are too few or its base is nothing."""
    sums = np.bincount(codes, weights=tops, minlength=size)
    below = np.bincount(codes, weights=bases, minlength=size)
    fit = (np.bincount(codes, minlength=size) >= LEAST_GROUP) & (below > 0)
    return np.where(fit, sums / np.maximum(below, 1e-9), np.nan)


def _candidate(
    subjects: Subjects, division: Division, category: Category, *, test: Test, times: float, share: float
) -> Candidate:
    above, below, _, rate = division
    each = Measure(metric="ratio", column=above.column, column2=below.column, by=category.column)
    if rate is not None:
        each = rate.measure("mean", by=category.column)
    rows = Measure(metric="count", by=category.column)

    def word(facts: Facts) -> Wording | None:
        fact, counts = facts[each.fact_id], {key: count for _, key, count, _ in entries(facts[rows.fact_id])}
        parts = [
            part for part in entries(fact)
            if counts.get(part[1], 0) >= LEAST_GROUP and (part[2] > 0 or rate is not None)
        ]  # fmt: skip
        if len(parts) < 2 or not _are_apart(parts[0][2], parts[-1][2], division):
            return None
        if rate is not None:
            return _own_wording(rate, above, below, category, fact=fact, parts=parts)
        return _made_wording(division, category, fact=fact, parts=parts)

    effect = min(1.0, 0.35 + float(np.log(times)) / 3) * _worth(below, is_return=division.form == "return")
    effect *= NOT_ITS_OWN if rate is None and division.form != "return" else 1.0
    told_of = (above.column, below.column) if rate is None else rate.columns
    return Candidate(
        kind="rate", columns=(*told_of, category.column), measures=(each, rows), word=word,
        impact=min(1.0, 2 * share), effect=effect, n=test.n, p_value=test.p_value,
        statistics=(
            f"Kruskal–Wallis over deviations from the common rate {p_text(test.p_value)}, ε² = {test.effect:.2f}, "
            f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}"
        ),
        subject=(f"{above.key}", f"{below.key}"),
    )  # fmt: skip


def _made_wording(
    division: Division, category: Category, *, fact: Fact, parts: Sequence[tuple[int, Scalar, float, int]]
) -> Wording:
    """Return what is said of a rate that is no column of the table, by the names of its two amounts."""
    above, below, form, _ = division
    (first, top, highest, _), (last, bottom, lowest, _) = parts[0], parts[-1]
    is_share = _is_share(division, highest)
    shown = "percent" if is_share else ""
    high, low = entry_slot(fact, first, form=shown), entry_slot(fact, last, form=shown)
    best, worst = group(category.column, top), group(category.column, bottom)
    among_best, among_worst = among(category.column, top), among(category.column, bottom)
    if is_share:
        name = f"{above.name} as a share of {below.name}"
        headline = f"{above.name} {is_are(above.column)} {high} of {below.name} {among_best}, but {low} {among_worst}"
        if form == "part" and _times(highest, lowest, form) > highest / lowest:
            headline = (
                f"{above.name} {is_are(above.column)} only {low} of {below.name} {among_worst}, "
                f"against {high} {among_best}"
            )
    else:
        name = f"{above.name} per {one_of(below)}"
        headline = f"{name} is highest {among_best} with {high}, lowest {among_worst} with {low}"
        if _both_nameable(category, top, bottom):
            headline = f"{named_group(category.column, top)} has the highest {name}, {high}; {worst} the lowest, {low}"
    is_tie = not is_share and len(parts) > 2 and show(parts[1][2], fact.unit) == show(lowest, fact.unit)
    if is_tie:
        headline = f"{name} is {high} {among_best} and {low} everywhere else"
    detail = f"{name} by {column_slot(category.column)}: {listing(fact, form=shown, most=_LISTED)}."
    what = f"Learn from {best} what could raise {name} elsewhere, and ask why {worst} lies behind."
    if is_tie:
        what = f"Find out why {name} is higher {among_best}, and whether others could do the same."
    if is_unwelcome(above):
        are = is_are(above.column)
        what = f"Find out what {worst} does otherwise than {best}: {name} {are} lowest there."
        if words_of(above) & SPENT:
            what = f"Check whether {best} is worth the highest {name}; {worst} shows what is possible."
    if is_brought(below, above):
        what = f"Move some {above.name} from {best} to {worst} on trial, and watch whether {below.name} follow."
    ranges = "range" if is_are(above.column) == "are" else "ranges"
    story = f"{name} {ranges} from {low} {among_worst} to {high} {among_best}."
    if is_tie:
        story = f"{name} stands at {high} {among_best}, at {low} for all others."
    return Wording(headline, detail, owner(above.column, below.column, category.column), what, story=story)


def _is_share(division: Division, highest: float) -> bool:
    """Whether the rate reads as a share: one amount is a part of the other, or less of something that is counted."""
    above, below = division.above, division.below
    if division.form == "part":
        return True
    is_counted = counted(below) is not None and not is_time(below) and not is_time(above)
    is_less = above.unit is None and above.adds_up and highest < 1
    return division.form == "each" and is_counted and is_less and not words_of(above) & (EARNED | SPENT)


def _own_wording(
    rate: Quantity, above: Quantity, below: Quantity, category: Category, *, fact: Fact,
    parts: Sequence[tuple[int, Scalar, float, int]],
) -> Wording:  # fmt: skip
    """Return what is said of a rate by the name that the table gives it."""
    (first, top, _, _), (last, bottom, _, _) = parts[0], parts[-1]
    high, low, name = entry_slot(fact, first), entry_slot(fact, last), rate.average
    best, worst = group(category.column, top), group(category.column, bottom)
    headline = (
        f"{name} {is_are(rate.column)} highest {among(category.column, top)} with {high}, "
        f"lowest {among(category.column, bottom)} with {low}"
    )
    if _both_nameable(category, top, bottom):
        headline = f"{named_group(category.column, top)} has the highest {name}, {high}; {worst} the lowest, {low}"
    detail = (
        f"{name} by {column_slot(category.column)}: {listing(fact, most=_LISTED)}. "
        f"That is the sum of {above.name} over the sum of {below.name}."
    )
    what = f"Learn from {best} what could raise {rate.name} elsewhere, and ask why {worst} lies behind."
    if is_unwelcome(rate) or is_unwelcome(above):
        what = f"Find out what {worst} does otherwise than {best}: {rate.name} {is_are(rate.column)} lowest there."
    reach = f"from {low} {among(category.column, bottom)} to {high} {among(category.column, top)}"
    story = f"{name} {'range' if is_are(rate.column) == 'are' else 'ranges'} {reach}."
    return Wording(headline, detail, owner(rate.column, above.column, category.column), what, story=story)


def _worth(below: Quantity, *, is_return: bool) -> float:
    """Return less than 1 for what is only on the way to what counts, and for things where there is a measure."""
    if is_return:
        return 1.0
    if words_of(below) & BRINGING:
        return ON_THE_WAY
    return 1.0 if measured(below) is not None or counted(below) is None else BY_NUMBER


def _both_nameable(category: Category, top: Scalar, bottom: Scalar) -> bool:
    return is_nameable(category.column, top) and is_nameable(category.column, bottom)
