"""What is followed through time: records, totals and averages by whole period, of all rows and of large groups."""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.insights.statistics import Floats, Ints
from datapilot.insights.subjects.happenings import ends_of_status
from datapilot.insights.subjects.natures import is_event, is_open_value, is_reason
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects, names_parts_of_year
from datapilot.insights.subjects.timeline import Timeline
from datapilot.insights.wording.phrases import among, entry_slot, records
from datapilot.words.meanings import names_origin

_LEAST_PER_PERIOD = 3  # rows behind each mean
_LEAST_KNOWN = 0.8  # of the periods have so many
_FEWEST_KNOWN = 10
LEAST_FOLLOWED = 0.1  # of the records; smaller groups are too thin per period
MOST_FOLLOWED = 0.7  # larger ones repeat what all records show
_GROUPS_FOLLOWED = 6  # values of a category whose own series are looked at
MOST_WITHOUT = 0.2  # of the records, of what happened to few
_CENSORED = 0.1  # share of open ends above which recent durations are too short to compare
_VARIED = 0.15  # of the mean; the lengths of months alone vary by 0.03


class Series(NamedTuple):
    """One number per whole period that has enough records. `quantity=None` counts records; `of` says how a quantity
    is put together; `places` are the positions of the values among the timeline's periods."""

    timeline: Timeline
    values: Floats
    places: Ints
    quantity: Quantity | None
    of: Literal["count", "sum", "mean"]
    where: tuple[Filter, ...]
    share: float
    n: int
    mask: np.ndarray

    def measure(self, metric: str) -> Measure:
        filters = (self.timeline.whole, *self.where, *(self.quantity.filters if self.quantity else ()))
        keyed = metric == "each"
        if keyed and self.quantity is not None:
            return self.quantity.measure(
                self.of, where=(self.timeline.whole, *self.where), by=self.timeline.clock.column,
                grain=self.timeline.grain,
            )  # fmt: skip
        return Measure.model_validate({
            "metric": self.of if keyed else metric,
            "of": None if keyed else self.of,
            "column": self.quantity.column if self.quantity else None,
            "minus": self.quantity.minus if self.quantity else None,
            "by": self.timeline.clock.column, "grain": self.timeline.grain, "filters": filters,
        })  # fmt: skip

    def when(self, fact: Fact, index: int) -> str:
        """Return the template "in Mar 2024" for an entry by period."""
        return f"{self.timeline.at} {entry_slot(fact, index, 'key')}"

    @property
    def columns(self) -> tuple[str, ...]:
        own = self.quantity.columns if self.quantity else ()
        return tuple(dict.fromkeys((*own, *(one.column for one in self.where), self.timeline.clock.column)))

    @property
    def least_rows(self) -> int:
        """How many rows a period needs for its mean to be told."""
        return _least_rows(self.timeline.per_period(mask=self.mask))

    @property
    def about(self) -> str:
        """What is counted or measured, whatever the group: all groups rising together are one finding."""
        return f"{self.quantity.key}" if self.quantity else "records"

    @property
    def group(self) -> Scalar:
        """The value of a category whose records these are, "" for all records."""
        value = self.where[0].value if self.where else ""
        return value if not isinstance(value, tuple) else None

    def repeats(self, movement: str) -> str:
        """Return what would be told again: of a group the way of all, of all the way that totals go with each other."""
        if self.where:
            return movement
        return f"totals {movement.rpartition(' ')[2]}" if self.of != "mean" else ""

    @property
    def name(self) -> str:
        """Template: "records", "total revenue", "average cost for Hardware"."""
        who = ""
        if self.where:
            value = self.where[0].value
            label = value if not isinstance(value, tuple) else None
            if self.quantity is None:
                return records(self.where[0].column, label)
            who = f" {among(self.where[0].column, label)}"
        if self.quantity is None:
            return "records"
        if self.of == "mean":
            return (self.quantity.average if self.least_rows > 1 else self.quantity.name) + who
        return self.quantity.total + who


def all_series(subjects: Subjects, timeline: Timeline) -> Iterator[Series]:
    everyone = np.zeros(len(subjects.cells.rows), dtype=np.int64)
    yield from _series(subjects, timeline, everyone, {0: ()})
    for category in subjects.categories:
        if category.is_personal or _comes_with_age(category) or names_parts_of_year(category):
            continue
        followed = {
            code: (Filter(column=category.column, op="eq", value=category.codes.labels[code]),)
            for code in _followed(category)
        }
        yield from _series(subjects, timeline, category.codes.codes, followed)


def _followed(category: Category) -> list[int]:
    counts, rows = category.codes.counts[:_GROUPS_FOLLOWED], len(category.codes.codes)
    return [code for code, count in enumerate(counts) if LEAST_FOLLOWED <= float(count) / rows <= MOST_FOLLOWED]


def followed_groups(category: Category) -> int:
    """Return how many groups of a category have a series of their own."""
    return len(_followed(category))


def _comes_with_age(category: Category) -> bool:
    """Whether the latest records have come less far by the column, which is no change: what they ended as, or why,
    which only those say that have ended."""
    if float((category.codes.codes < 0).mean()) > MOST_WITHOUT:
        return is_event(category.column) or is_reason(category.column)
    return bool(ends_of_status(category)) and any(is_open_value(one) for one in category.codes.labels)


def _series(
    subjects: Subjects, timeline: Timeline, codes: Ints, followed: Mapping[int, tuple[Filter, ...]]
) -> Iterator[Series]:
    """Yield the series of the groups that are followed, whose rows are those of the code, and whose condition."""
    if not followed:
        return
    counted = timeline.per_group(codes)
    tallies = [
        (quantity, timeline.per_group(codes, mask=known), *added_up(quantity, timeline, codes))
        for quantity in subjects.own_quantities
        if quantity.minus is None or _open_share(subjects, quantity) <= _CENSORED
        for known in (quantity.is_known,)
    ]
    everywhere = np.arange(counted.shape[1])
    adds_up = not names_origin(timeline.clock.column)  # how many houses of a year are left is no course of events
    for code, where in followed.items():
        counts, mask = counted[code], codes == code
        share = float(mask.mean())
        # One record a period (a daily series of measurements) says nothing by its number.
        if adds_up and counts.max() > 1 and counts.sum() >= 3 * len(counts):
            yield Series(timeline, counts, everywhere, None, "count", where, share, int(counts.sum()), mask)
        for quantity, known, added, bases in tallies:
            rows, sums, base = known[code], added[code], bases[code]
            if adds_up and quantity.adds_up and (not where or not _is_priced(counts)):
                yield Series(timeline, sums, everywhere, quantity, "sum", where, share, int(rows.sum()), mask)
            places = np.flatnonzero((rows >= _least_rows(counts)) & (base > 0))
            is_told = len(places) >= max(_FEWEST_KNOWN, _LEAST_KNOWN * len(rows))
            if is_told and (not quantity.adds_up or _is_priced(counts)):
                means = sums[places] / base[places]
                yield Series(timeline, means, places, quantity, "mean", where, share, int(rows.sum()), mask)


def added_up(quantity: Quantity, timeline: Timeline, codes: Ints) -> tuple[Floats, Floats]:
    """Return what each code adds up in each period, and by what that is divided: its rows, or the base of a rate."""
    rate = quantity.rate_of
    if rate is None:
        known = quantity.is_known
        return timeline.per_group(codes, quantity.values, mask=known), timeline.per_group(codes, mask=known)
    known = np.isfinite(rate.tops) & np.isfinite(rate.bases)
    return timeline.per_group(codes, rate.tops, mask=known), timeline.per_group(codes, rate.bases, mask=known)


def _least_rows(counts: Floats) -> int:
    """Return how many rows a period needs for its mean: where each has one, that is the value itself."""
    return _LEAST_PER_PERIOD if counts.max() > 1 else 1


def _is_priced(counts: Floats) -> bool:
    """Whether periods hold records in varying number, so that their mean tells something else than their sum."""
    return float(np.std(counts)) >= _VARIED * float(np.mean(counts))


def _open_share(subjects: Subjects, quantity: Quantity) -> float:
    return next(one.missing_share for one in subjects.profile.columns if one.name == quantity.column)


def turned_back(values: Floats, *, up: bool) -> float:
    """Return the largest move against a direction."""
    path = values if up else -values
    return float((np.maximum.accumulate(path) - path).max())
