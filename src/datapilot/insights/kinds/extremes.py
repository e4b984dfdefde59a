"""Values far from all others, and totals that rest on few records.

Outliers: distance in robust standard deviations (Iglewicz & Hoaglin 1993), on the logarithm where a quantity is
positive and skewed, so that an ordinary long tail is none. Concentration: the share of the total in the largest
tenth of the records. Both are counts of what is there; chance has no part in them.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Floats, robust_z
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, is_are, number, rows_text, without_sentinel
from datapilot.words.labels import label
from datapilot.words.render import value_slot

LEAST_Z = 8.0  # on normal data one value in 10^15 lies so far out
LEAST_LOG_Z = 5.5
MOST_OUTLIERS = 0.01  # of the values; more are a group of their own
LEAST_GAP = 1.3  # the nearest outlier's distance against the furthest ordinary value's
SAID = 0.97  # between the shares of a yes, with some and with none
MOST_SAYING = 12  # groups of such a column
LEAST_HELD = 0.5  # of the total in the largest tenth; an ordinary skewed amount has a third there
RUN_OUT = 0.02  # of the records without stock are worth a word
LEAST_ALONE = 0.2  # of the total in one record, which is then the finding
LEAST_ZEROS, MOST_ZEROS = 0.25, 0.9
_LEAST_ROWS = 30
_FEW_NEGATIVE = 0.05  # of the values of an amount: corrections
_MOSTLY = 0.3  # of the values are above zero; then a long tail of these is looked at on the logarithm
_SHOWN_ROWS = 5


class _Beyond(NamedTuple):
    """The values that stand apart on one side: the nearest of them, how far the furthest lies as a multiple of what
    counts at least, a few of their rows, and the part of the total that the largest value makes by itself."""

    edge: float
    is_high: bool
    far: float
    rows: tuple[int, ...]
    alone: float


class _Figures(NamedTuple):
    """What is computed of such values: None where it says nothing of the quantity. `counted` and `share` are of those
    beyond the edge, `one` is the part of the `whole` that the largest value alone makes."""

    extreme: Measure
    middle: Measure
    mean: Measure
    counted: Measure | None
    share: Measure | None
    one: Measure | None
    whole: Measure | None


def find_outliers(subjects: Subjects) -> Iterator[Candidate]:
    """Yield the quantities with a few values far from all others."""
    for quantity in subjects.own_quantities:
        present = np.flatnonzero(np.isfinite(quantity.values))
        values = quantity.values[present]
        if len(values) < _LEAST_ROWS or len(np.unique(values)) < 10:
            continue
        z = _distance(values)
        far = _apart(z)
        if len(far) == 0:
            continue
        high = values[far] > np.median(values)
        if not high.any():
            far_edge, is_high = float(values[far].max()), False
        else:
            far, is_high = far[high], True
            far_edge = float(values[far].min())
        order = far[np.argsort(-z[far])][:_SHOWN_ROWS]
        rows = tuple(sorted(int(row) for row in subjects.cells.rows[present[order]]))
        alone = float(values.max() / values.sum()) if is_high and quantity.adds_up and values.min() >= 0 else 0.0
        yield _outliers(quantity, _Beyond(far_edge, is_high, float(z.max()), rows, alone), len(values))


def _apart(distance: Floats) -> NDArray[np.int64]:
    """Return the few values beyond the widest gap among the furthest; none where distances grow without a gap."""
    most = min(max(3, int(MOST_OUTLIERS * len(distance))) + 1, len(distance))
    furthest = np.argpartition(-distance, most - 1)[:most]
    furthest = furthest[np.argsort(-distance[furthest], kind="stable")]
    ordered = distance[furthest]
    gaps = ordered[:-1] / np.maximum(ordered[1:], 0.1)
    widest = int(np.argmax(gaps))
    is_gap = gaps[widest] >= LEAST_GAP and ordered[widest] > 1
    return furthest[: widest + 1] if is_gap else furthest[:0]


def _distance(values: Floats) -> Floats:
    """Return each value's distance as a multiple of the least that counts."""
    positive = values > 0
    some = values[positive]
    is_amount = float(np.mean(values < 0)) <= _FEW_NEGATIVE and positive.mean() >= _MOSTLY
    if len(some) >= _LEAST_ROWS and is_amount and some.mean() > 1.2 * np.median(some):
        distance = np.zeros(len(values))
        distance[positive] = np.abs(robust_z(np.log(some))) / LEAST_LOG_Z
        return distance
    plain = np.abs(robust_z(values)) / LEAST_Z
    if positive.all():
        # A somewhat skewed quantity has a long side too: far is what is far on both scales.
        return np.minimum(plain, np.abs(robust_z(np.log(values))) / LEAST_LOG_Z)
    # What is won and lost has two long tails: the same on a scale that is a logarithm on either side of zero.
    middle = float(np.median(np.abs(values)))
    return np.minimum(plain, np.abs(robust_z(np.arcsinh(values / middle))) / LEAST_LOG_Z) if middle > 0 else plain


def _outliers(quantity: Quantity, beyond: _Beyond, n: int) -> Candidate:
    figures = _figures_of(quantity, beyond)

    def word(facts: Facts) -> Wording | None:
        if number(facts, figures.extreme.fact_id) is None or number(facts, figures.middle.fact_id) is None:
            return None
        if figures.one is None or figures.whole is None:
            return _tell_values(quantity, beyond, figures, facts)
        if (number(facts, figures.one.fact_id) or 0.0) < LEAST_ALONE:
            return None
        part, total = fact_slot(facts[figures.one.fact_id]), fact_slot(facts[figures.whole.fact_id])
        return _tell_one_record(quantity, beyond, figures, facts, part=part, total=total)

    is_one_record = figures.one is not None
    return Candidate(
        kind="outlier", columns=quantity.columns, measures=tuple(one for one in figures if one is not None), word=word,
        impact=1.0 if is_one_record else 0.3,
        effect=min(1.0, 0.8 + beyond.alone) if is_one_record else min(1.0, 0.45 + beyond.far / 20), n=n,
        rows=beyond.rows,
        statistics=f"robust distance {beyond.far * LEAST_Z:.0f} sigma or more, {rows_text(n, is_sample=False)}",
        subject=(f"{quantity.key}",),
    )  # fmt: skip


def _figures_of(quantity: Quantity, beyond: _Beyond) -> _Figures:
    count = share = None
    if quantity.minus is None:
        condition = Filter(column=quantity.column, op="ge" if beyond.is_high else "le", value=beyond.edge)
        where = (condition, *quantity.filters)
        count = Measure(metric="count", filters=where)
        if quantity.adds_up and beyond.is_high and float(np.nanmin(quantity.values)) >= 0:
            share = Measure(metric="share_sum", column=quantity.column, filters=where, baseline=quantity.filters)
    one, whole = _alone(quantity, beyond.alone)
    extreme = quantity.measure("max" if beyond.is_high else "min")
    return _Figures(extreme, quantity.measure("median"), quantity.measure("mean"), count, share, one, whole)


def _tell_values(quantity: Quantity, beyond: _Beyond, figures: _Figures, facts: Facts) -> Wording:
    top, typical = fact_slot(facts[figures.extreme.fact_id]), fact_slot(facts[figures.middle.fact_id])
    side, half = ("largest", "below") if beyond.is_high else ("smallest", "above")
    what_of = quantity.name if quantity.name.endswith(" value") else f"value of {quantity.name}"
    return Wording(
        f"The {side} {what_of} is {top}, while half lie at or {half} {typical}",
        _stand_apart(quantity, beyond, figures, facts),
        owner(*quantity.columns, default="data"),
        f"Check the rows listed here for errors of entry or unit before using averages of {quantity.name}.",
        story=f"Of {quantity.name}, half of all values lie at or {half} {typical}, but the {side} is {top}.",
    )


def _tell_one_record(
    quantity: Quantity, beyond: _Beyond, figures: _Figures, facts: Facts, *, part: str, total: str
) -> Wording:
    top, typical = fact_slot(facts[figures.extreme.fact_id]), fact_slot(facts[figures.middle.fact_id])
    return Wording(
        f"A single record, whose {quantity.name} {is_are(quantity.column)} {top}, makes up {part} of {quantity.total} "
        f"({total})",
        f"Half of all values lie at or below {typical}. {_stand_apart(quantity, beyond, figures, facts)}",
        owner(*quantity.columns, default="data"),
        f"Check that one record first: if {top} is right, report {quantity.total} with and without it.",
        story=f"{part} of {quantity.total} is one record, of {top}.",
    )


def _stand_apart(quantity: Quantity, beyond: _Beyond, figures: _Figures, facts: Facts) -> str:
    """Return the average, how many values stand apart and what they hold of the total."""
    said = f"The average of {{{figures.mean.fact_id}|n}} values is {fact_slot(facts[figures.mean.fact_id])}."
    if figures.counted is not None:
        reach = "or more" if beyond.is_high else "or less"
        is_single = number(facts, figures.counted.fact_id) == 1
        noun, stands, makes = ("record", "stands", "makes") if is_single else ("records", "stand", "make")
        said += (
            f" {fact_slot(facts[figures.counted.fact_id])} {noun} of {value_slot(beyond.edge)} {reach} {stands} apart"
        )
        if figures.share is not None and number(facts, figures.share.fact_id) is not None:
            said += f" and {makes} up {fact_slot(facts[figures.share.fact_id])} of the total"
        said += "."
    return said + without_sentinel(quantity)


def _alone(quantity: Quantity, alone: float) -> tuple[Measure | None, Measure | None]:
    """Return the part of the total in the one largest value, and the total; None where that part is small."""
    values = quantity.values[quantity.is_known]
    largest = float(values.max())
    if alone < LEAST_ALONE or int((values == largest).sum()) > 1:
        return None, None
    value = int(largest) if largest.is_integer() else largest
    where = Filter(column=quantity.column, op="ge", value=value)
    share = Measure(
        metric="share_sum", column=quantity.column, filters=(where, *quantity.filters), baseline=quantity.filters
    )
    return share, quantity.measure("sum")


def find_concentrations(subjects: Subjects) -> Iterator[Candidate]:
    """Yield the totals of which the largest tenth of the records holds half or more, and heavy tails or zeros."""
    empty: list[np.ndarray] = []
    for quantity in subjects.own_quantities:
        values = quantity.values[np.isfinite(quantity.values)]
        if quantity.minus is not None or len(values) < 50 or values.min() < 0:
            continue
        zeros = float(np.mean(values == 0))
        if zeros >= LEAST_ZEROS:
            empty.append(quantity.values == 0)
            if any(np.array_equal(empty[-1], one) for one in empty[:-1]) or _is_said(subjects, empty[-1]):
                continue  # the same records have none of either, or did not buy at all
        if (RUN_OUT if is_stock(quantity.column) else LEAST_ZEROS) <= zeros <= MOST_ZEROS and len(
            np.unique(values)
        ) > 10:
            yield _zeros(quantity, zeros, len(values))
        elif quantity.adds_up:
            edge = float(f"{np.quantile(values, 0.9):.3g}")
            above = values >= edge
            held = float(values[above].sum() / values.sum()) if values.sum() > 0 else 0.0
            if float(values.max()) >= LEAST_ALONE * values.sum():
                continue  # that one record holds it, not a tenth of them
            if held >= LEAST_HELD and 0.02 <= above.mean() <= 0.15:
                yield _concentration(quantity, edge, held, len(values))


def _is_said(subjects: Subjects, empty: np.ndarray) -> bool:
    """Whether a column beside it says which records have none: who did not buy, or whose deal was lost, has no
    revenue."""
    for category in subjects.categories:
        codes, size = category.codes.codes, len(category.codes.labels)
        if size > MOST_SAYING or not (codes >= 0).all():
            continue
        inside, outside = (np.bincount(codes[rows], minlength=size) / max(rows.sum(), 1) for rows in (empty, ~empty))
        if np.abs(inside - outside).max() >= SAID:
            return True
    return False


def is_stock(column: str) -> bool:
    """Whether a column says how much is left of a thing."""
    return bool({"stock", "inventory", "bestand", "lagerbestand"} & set(label(column).lower().split()))


def _zeros(quantity: Quantity, zeros: float, n: int) -> Candidate:
    none = (Filter(column=quantity.column, op="eq", value=0),)
    known = (Filter(column=quantity.column, op="not_missing"), *quantity.filters)
    share = Measure(metric="ratio", of="count", filters=none, baseline=known)
    mean, others = (
        quantity.measure("mean"),
        quantity.measure("mean", where=(Filter(column=quantity.column, op="gt", value=0),)),
    )

    def word(facts: Facts) -> Wording | None:
        if any(number(facts, one.fact_id) is None for one in (share, mean, others)):
            return None
        if is_stock(quantity.column):
            headline = (
                f"{fact_slot(facts[share.fact_id], 'percent')} of records have no {quantity.name} left; "
                f"the others average {fact_slot(facts[others.fact_id])}"
            )
            what = f"List the records without {quantity.name} and order what still sells."
            detail = f"The average of all {{{mean.fact_id}|n}} records is {fact_slot(facts[mean.fact_id])}."
            story = f"No {quantity.name} is left for {fact_slot(facts[share.fact_id], 'percent')} of records."
            return Wording(headline, detail, owner(quantity.column), what, story=story)
        headline = (
            f"{quantity.name} {is_are(quantity.column)} zero in "
            f"{fact_slot(facts[share.fact_id], 'percent')} of records; "
            f"the others average {fact_slot(facts[others.fact_id])}"
        )
        detail = f"Over all {{{mean.fact_id}|n}} values the average is {fact_slot(facts[mean.fact_id])}."
        what = f"Decide whether zero {quantity.name} means none or not recorded, and report the two apart."
        story = (
            f"{fact_slot(facts[share.fact_id], 'percent')} of records have zero {quantity.name}; where there is any, "
            f"it averages {fact_slot(facts[others.fact_id])}."
        )
        return Wording(headline, detail, "data", what, story=story)

    return Candidate(
        kind="distribution", columns=quantity.columns, measures=(share, mean, others), word=word,
        impact=1.0 if is_stock(quantity.column) else zeros,
        effect=1.0 if is_stock(quantity.column) else 0.3 + 0.3 * zeros, n=n, subject=(f"{quantity.key}",),
    )  # fmt: skip


def _concentration(quantity: Quantity, edge: float, held: float, n: int) -> Candidate:
    value = int(edge) if edge.is_integer() else edge
    large = (Filter(column=quantity.column, op="ge", value=value), *quantity.filters)
    known = (Filter(column=quantity.column, op="not_missing"), *quantity.filters)
    part = Measure(metric="share_sum", column=quantity.column, filters=large, baseline=quantity.filters)
    rows = Measure(metric="ratio", of="count", filters=large, baseline=known)
    middle, mean = quantity.measure("median"), quantity.measure("mean")

    def word(facts: Facts) -> Wording | None:
        if any(number(facts, one.fact_id) is None for one in (part, rows, middle, mean)):
            return None
        headline = (
            f"The largest {fact_slot(facts[rows.fact_id], 'percent')} of records hold "
            f"{fact_slot(facts[part.fact_id])} of {quantity.total}"
        )
        detail = (
            f"Large means {value_slot(value)} or more. Half of the records stay at or below "
            f"{fact_slot(facts[middle.fact_id])}, while the average is {fact_slot(facts[mean.fact_id])}."
        )
        what = f"Follow the large records one by one, and judge the rest by the median of {quantity.name}."
        story = (
            f"{fact_slot(facts[part.fact_id])} of {quantity.total} lies with the largest "
            f"{fact_slot(facts[rows.fact_id], 'percent')} of records."
        )
        return Wording(headline, detail, owner(quantity.column), what, story=story)

    return Candidate(
        kind="concentration", columns=quantity.columns, measures=(part, rows, middle, mean), word=word, impact=held,
        effect=min(1.0, held), n=n, subject=(f"{quantity.key}",),
    )  # fmt: skip
