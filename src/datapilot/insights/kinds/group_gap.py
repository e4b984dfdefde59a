"""A group whose typical value differs from the rest: "Hardware averages 51 days from opened to closed, others 7".

Test: Kruskal & Wallis (1952) over the groups; effect: epsilon squared (Kelley 1935; Tomczak & Tomczak 2014). The
sentence says means when they agree with the ranks and do not hang on a single row, else medians. Dropped when most
strata of another category show the opposite (Simpson 1951).
"""

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.behind import find_behind
from datapilot.insights.candidate import Candidate, Facts, Telling, Wording
from datapilot.insights.gap_words import LEAST_GROUP, LEAST_SPREAD, half_of_them, with_totals, word_gap, word_spread
from datapilot.insights.kinds.against_plan import is_gap_to_plan
from datapilot.insights.series_tests import cautious_memory
from datapilot.insights.statistics import (
    Floats,
    Ints,
    Test,
    are_slices,
    independent_of_groups,
    independent_share,
    is_looked_up,
    kruskal,
    ranks,
    without_top,
)
from datapilot.insights.subjects.happenings import no_among_ends, said_by_ends, yes_of
from datapilot.insights.subjects.natures import (
    differs_by_nature,
    is_open_value,
    is_progress,
    is_status,
    is_verdict,
    is_watched,
    nature_of,
)
from datapilot.insights.subjects.panels import Panel
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects, is_code
from datapilot.insights.wording.phrases import entries, p_text, records, rows_text
from datapilot.words.labels import label
from datapilot.words.render import is_question

LEAST_EPSILON2 = 0.01
LEAST_IN_STRATUM = 10
LEAST_REVERSAL = 1.0  # standard errors in which a stratum must lie the other way round
MOST_STRATA = 20
LEAST_SIGMAS = 0.2  # Cohen's d of the group against the rest: below it the groups overlap almost wholly
NEARLY = 0.75
MOST_NAMES = 300
MOST_FATES = 3  # ends of a follow-up; a column of more is a log's kinds of events
LEFT_WITHOUT_ONE = 0.6  # of a gap of means, when the furthest row of a group is left out
PULLED = 0.25  # of the mean, that the median lies away from it
_BY_NATURE = 0.7
_NOT_AN_AIM = 0.85  # what nobody is known to work for
_BY_CONSTRUCTION = 0.5  # what one side never has at all
_BY_CHOICE = 0.4
Middle = Literal["median", "mean"]
_WAYS = frozenset({"mode", "method", "class", "type", "service", "option", "speed"})


def find_group_gaps(subjects: Subjects, panels: Sequence[Panel] = ()) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield every test of a quantity by a category, with the candidate it supports if any. In a panel each group is a
    series, whose values remember each other however its rows are ordered."""
    series = {panel.category.column: panel for panel in panels}
    said, looked_up = said_by_ends(subjects), _looked_up(subjects)
    for quantity in subjects.own_quantities:
        if quantity.rate_of is not None:
            continue  # told as a rate of all rows together
        if quantity.column in said or is_gap_to_plan(subjects, quantity):
            continue
        for category in (*subjects.categories, *_long_lists(subjects, quantity)):
            if category.column in quantity.columns or category.is_personal:
                continue
            is_told = yes_of(category) is not None or no_among_ends(category) is not None
            if is_told and not is_verdict(quantity):
                continue  # to whom something happened is told as how often it happens
            if quantity.column in subjects.comparisons.get(category.column, ()):
                continue  # the group says which of two quantities is greater
            if quantity.adds_up and subjects.is_crosstab:
                continue
            is_fate = quantity.minus is None and is_watched(quantity, category.column)
            if is_progress(quantity, category.column):
                continue
            if (is_fate and len(category.codes.labels) <= MOST_FATES) or quantity.column in looked_up:
                continue
            rows, size = compared(quantity, category)
            if size < 2:
                continue
            values, places, codes = quantity.values[rows], quantity.places[rows], category.codes.codes[rows]
            kept = independent_of_groups(places, codes)
            if category.column in series and series[category.column].tells(quantity):
                kept = min(kept, independent_share(1.0, _series_memory(series[category.column], quantity)))
            test = kruskal(places, codes, size, kept=kept)
            yield test, _candidate(subjects, quantity, category, values=values, places=places, codes=codes, test=test)
        if not (quantity.adds_up and subjects.is_crosstab) and quantity.column not in looked_up:
            yield from _by_choice(subjects, quantity)


def _by_choice(subjects: Subjects, quantity: Quantity) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test by every choice that is spread over columns, and what it supports of the column whose yes differs
    most from all others."""
    for choice in subjects.choices:
        rows, size = compared(quantity, choice.whole)
        if size < 2:
            continue
        values, places, codes = quantity.values[rows], quantity.places[rows], choice.whole.codes.codes[rows]
        test = kruskal(places, codes, size, kept=independent_of_groups(places, codes))
        told = choice.told(_most_different(values, places, codes))
        if told is None:
            yield test, None
            continue
        flag, yes = told
        own = flag.codes.codes[rows]
        yield test, _candidate(subjects, quantity, flag, values=values, places=places, codes=own, test=test, chosen=yes)


def _long_lists(subjects: Subjects, quantity: Quantity) -> Iterator[Category]:
    """Yield the columns of many names (customers, machines) of whom one may take far longer than all others; that
    things differ in other amounts is what tells them apart."""
    if quantity.minus is not None:
        yield from (one for one in subjects.names if len(one.codes.labels) <= MOST_NAMES and not is_code(one.column))


def _looked_up(subjects: Subjects) -> frozenset[str]:
    """Return the quantities that a category gives each of its groups one of (the price of an item): by another column
    their averages only say which items there are more of."""
    return frozenset(
        quantity.column
        for quantity in subjects.own_quantities if quantity.minus is None
        for category in subjects.categories
        for rows, size in (compared(quantity, category),)
        if size and is_looked_up(quantity.values[rows], category.codes.codes[rows])
    )  # fmt: skip


def _series_memory(panel: Panel, quantity: Quantity) -> float:
    """Return how well a panel's series remember their last value, on average over the many."""
    found = [cautious_memory(one[np.isfinite(one)]) for one in panel.values(quantity) if np.isfinite(one).sum() > 1]
    return float(np.mean(found)) if found else 0.0


def _looks_equal(one: float, other: float) -> bool:
    """Whether both print alike in three digits: a reader would see no gap."""
    return f"{one:.3g}" == f"{other:.3g}"


def compared(quantity: Quantity, category: Category) -> tuple[Ints, int]:
    """Return the rows with a value in groups of at least LEAST_GROUP, and how many codes there are."""
    both = np.flatnonzero(quantity.is_known & (category.codes.codes >= 0))
    codes = category.codes.codes[both]
    sizes = np.bincount(codes, minlength=len(category.codes.labels))
    kept = sizes[codes] >= LEAST_GROUP
    size = len(sizes) if (sizes >= LEAST_GROUP).sum() >= 2 else 0
    return both[kept], size


def _candidate(
    subjects: Subjects,
    quantity: Quantity,
    category: Category,
    *,
    values: Floats,
    places: Ints,
    codes: Ints,
    test: Test,
    chosen: int | None = None,
) -> Candidate | None:
    """Return what is told of the group that differs most, or of the one `chosen`."""
    if test.effect < LEAST_EPSILON2:
        return None
    chosen = _most_different(values, places, codes) if chosen is None else chosen
    if (category.column, chosen) in subjects.named_before:
        return None
    inside = codes == chosen
    use_median = means_mislead(values, places, inside)
    if not _is_gap(values, inside, by_means=not use_median):
        return None
    chosen_label = category.codes.labels[chosen]
    if quantity.minus is not None and is_status(category.column) and is_open_value(chosen_label):
        return None  # those that take long are the ones still open
    metric: Middle = "median" if use_median else "mean"
    if _stands_apart(_group_values(values, codes, metric), chosen):
        telling = _tell_group(subjects, quantity, category, chosen=chosen, metric=metric, own=values[inside])
    else:
        telling = _tell_spread(quantity, category, metric)
    return Candidate(
        kind="group_difference" if quantity.minus is None else "duration_difference",
        columns=(*quantity.columns, category.column),
        measures=telling.measures,
        word=telling.word,
        impact=min(1.0, float(inside.mean()) * 2),
        effect=min(1.0, test.effect**0.5 * 1.4) * _weight(quantity, category, values, inside),
        n=test.n,
        p_value=test.p_value,
        statistics=(
            f"Kruskal–Wallis {p_text(test.p_value)}, ε² = {test.effect:.2f}, "
            f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}"
        ),
        subject=(f"{quantity.key}",),
        stands=lambda: not (
            are_slices(values, codes) or is_looked_up(values, codes) or _has_value_of_its_own(values, inside)
            or reverses(subjects, quantity, category, chosen)
        ),
    )  # fmt: skip


def _is_gap(values: Floats, inside: np.ndarray, *, by_means: bool) -> bool:
    """Whether the group differs enough from the others to be told; if only it can have any at all, it does not."""
    own, others = values[inside], values[~inside]
    if not others.any():
        return False
    if not by_means:
        return True
    sigma = float(values.std()) or 1.0
    mean, usual = float(own.mean()), float(others.mean())
    return abs((mean - usual) / sigma) >= LEAST_SIGMAS and not _looks_equal(mean, usual)


def _tell_group(
    subjects: Subjects, quantity: Quantity, category: Category, *, chosen: int, metric: Middle, own: Floats
) -> Telling:
    """Tell one group, whose values are `own`, from all others."""
    value = category.codes.labels[chosen]
    where = (Filter(column=category.column, op="eq", value=value),)
    one = quantity.measure(metric, where=where)
    rest = quantity.measure(metric, where=(Filter(column=category.column, op="ne", value=value),))
    each, totals = quantity.measure(metric, by=category.column), _totals(quantity, category)
    behind = find_behind(
        subjects, category.codes.codes == chosen, where, without=(*quantity.columns, category.column), total=quantity
    )
    middle = _middle(quantity, own, where) if metric == "mean" else None
    more = tuple(measure for measure in (totals, middle) if measure is not None)

    def word(facts: Facts) -> Wording | None:
        ids = (one.fact_id, rest.fact_id, each.fact_id)
        wording = word_gap(facts, quantity, category, value, behind=behind, ids=ids)
        if wording is not None and middle is not None:
            half = half_of_them(facts, middle, quantity, records(category.column, value))
            wording = wording._replace(detail=wording.detail + half)
        return with_totals(wording, facts[totals.fact_id] if totals else None, quantity, category, told=value)

    return Telling((one, rest, each, *more, *(behind.measures if behind else ())), word)


def _tell_spread(quantity: Quantity, category: Category, metric: Middle) -> Telling:
    """Tell all groups, from the highest to the lowest."""
    each, totals = quantity.measure(metric, by=category.column), _totals(quantity, category)

    def word(facts: Facts) -> Wording | None:
        fact = facts[each.fact_id]
        highest = max(entries(fact), key=lambda part: part[2], default=(0, None))[1]
        wording = word_spread(fact, quantity, category)
        return with_totals(wording, facts[totals.fact_id] if totals else None, quantity, category, told=highest)

    return Telling((each, *((totals,) if totals else ())), word)


def _totals(quantity: Quantity, category: Category) -> Measure | None:
    """Return what the groups have in all, of an amount that adds up."""
    return quantity.measure("sum", by=category.column) if quantity.adds_up and quantity.minus is None else None


def _middle(quantity: Quantity, values: Floats, where: tuple[Filter, ...]) -> Measure | None:
    """Return the median of the group where its mean is pulled away from it, else None."""
    mean, median = float(values.mean()), float(np.median(values))
    if not np.ptp(values):
        return None
    return quantity.measure("median", where=where) if abs(median - mean) >= PULLED * abs(mean) else None


def _weight(quantity: Quantity, category: Category, values: Floats, inside: np.ndarray) -> float:
    """Return what a gap is worth to a reader: less where things always differ, where the group has none at all, or
    where it is chosen for the time it takes ("ship mode" until "ship date")."""
    weight = 1.0 if values[inside].any() else _BY_CONSTRUCTION
    if quantity.minus is not None and _is_way_of(category.column, quantity.column):
        return _BY_CHOICE * weight
    if differs_by_nature(quantity):
        return _BY_NATURE * weight
    is_aim = nature_of(quantity) == "outcome" or is_question(quantity.column)
    return weight if is_aim else _NOT_AN_AIM * weight


def _is_way_of(column: str, done: str) -> bool:
    *what, way = label(column).lower().split() or [""]
    return way in _WAYS and bool(set(what) & set(label(done).lower().split()))


def _has_value_of_its_own(values: Floats, inside: np.ndarray) -> bool:
    """Whether the group is that of one value, which no other record has: a flag made from the quantity."""
    own = values[inside]
    return bool(own[0] != 0 and np.ptp(own) == 0 and not (values[~inside] == own[0]).any())


def _most_different(values: Floats, places: Ints, codes: Ints) -> int:
    """Return the group whose mean rank lies furthest from the middle, in standard errors."""
    rank = ranks(places)
    sizes = np.bincount(codes).astype(float)
    sums = np.bincount(codes, weights=rank)
    filled = sizes >= LEAST_GROUP
    n = len(values)
    distance = np.zeros(len(sizes))
    middle, spread = (n + 1) / 2, n / 12**0.5
    distance[filled] = np.abs(sums[filled] / sizes[filled] - middle) / (spread / np.sqrt(sizes[filled]))
    # A small group's error shrinks its distance only by its size; the share of the others it is told from counts too.
    distance[filled] *= np.sqrt(np.maximum(1 - sizes[filled] / n, 0)) ** -1
    means = np.bincount(codes, weights=values) / np.maximum(sizes, 1)
    # Among groups about as clearly apart, the one furthest in value is what a reader would name.
    clear = distance >= NEARLY * distance.max()
    return int(np.argmax(np.where(clear, np.abs(means - values.mean()), -1)))


def means_mislead(values: Floats, places: Ints, inside: np.ndarray) -> bool:
    """Whether the means' order contradicts the ranks', or turns round without the most extreme rows of a side."""
    rank = ranks(places)
    direction = np.sign(rank[inside].mean() - rank[~inside].mean())
    group_values, rest = values[inside], values[~inside]
    gaps = [group_values.mean() - rest.mean()]
    for side, other, sign in ((group_values, rest, 1), (rest, group_values, -1)):
        if len(side) > 2:
            trimmed = side[without_top(np.abs(side - np.median(values)))]
            gaps.append(sign * (trimmed.mean() - other.mean()))
            one_less = np.delete(side, np.argmax(np.abs(side - np.median(values))))
            if abs(one_less.mean() - other.mean()) < LEFT_WITHOUT_ONE * abs(gaps[0]):
                return True
            cut = np.quantile(side, [0.005, 0.995])
            gaps.append(sign * (np.clip(side, *cut).mean() - other.mean()))
    return any(np.sign(gap) != direction for gap in gaps)


def reverses(subjects: Subjects, quantity: Quantity, category: Category, chosen: int) -> bool:
    """Whether within two thirds of another category's strata the group differs the other way round."""
    codes = category.codes.codes
    known = np.flatnonzero(quantity.is_known & (codes >= 0))
    rank = ranks(quantity.places[known])
    inside = codes[known] == chosen
    overall = np.sign(rank[inside].mean() - rank[~inside].mean())
    for other in subjects.divisions:
        if other.column == category.column or len(other.codes.labels) > MOST_STRATA:
            continue
        strata = other.codes.codes[known]
        # Six sums per stratum: rows, ranks and their squares, of the group and of the others.
        place = np.where(strata >= 0, strata * 2 + inside, 2 * len(other.codes.labels))
        rows = np.bincount(place, minlength=2 * len(other.codes.labels) + 2)[: 2 * len(other.codes.labels)]
        sums = np.bincount(place, weights=rank, minlength=2 * len(other.codes.labels) + 2)[: len(rows)]
        squares = np.bincount(place, weights=rank * rank, minlength=2 * len(other.codes.labels) + 2)[: len(rows)]
        enough = (rows[0::2] >= LEAST_IN_STRATUM) & (rows[1::2] >= LEAST_IN_STRATUM)
        n, means = rows.reshape(-1, 2)[enough], (sums / np.maximum(rows, 1)).reshape(-1, 2)[enough]
        spread = np.maximum(squares.reshape(-1, 2)[enough] / n - means**2, 1e-9) / n
        distance = (means[:, 1] - means[:, 0]) / np.sqrt(spread.sum(axis=1))
        # Strata in which nothing differs do not contradict: there the gap is the mix, which is a finding too.
        if len(distance) >= 2 and float(np.sum(distance * overall < -LEAST_REVERSAL)) >= 2 * len(distance) / 3:
            return True
    return False


def _group_values(values: Floats, codes: Ints, metric: str) -> dict[int, float]:
    """Return each group's mean or median, by code."""
    sizes = np.bincount(codes)
    if metric == "mean":
        means = np.bincount(codes, weights=values) / np.maximum(sizes, 1)
        return {int(code): float(means[code]) for code in np.flatnonzero(sizes)}
    return {int(code): float(np.median(values[codes == code])) for code in np.flatnonzero(sizes)}


def _stands_apart(middles: dict[int, float], chosen: int) -> bool:
    """Whether a group is one of two, or first or last and as far from its neighbour as all others reach."""
    if len(middles) < LEAST_SPREAD:
        return True
    ordered = sorted(middles, key=lambda code: middles[code])
    reach = [middles[code] for code in ordered]
    if ordered[-1] == chosen:
        return reach[-1] - reach[-2] >= reach[-2] - reach[0]
    if ordered[0] == chosen:
        return reach[1] - reach[0] >= reach[-1] - reach[1]
    return False
