"""A measure says what to compute; a fact is a measure with its value. Everything published is a fact."""

import hashlib
import json
from functools import cached_property
from typing import Literal

from datapilot.contracts.base import Contract, Scalar, Sparse

Metric = Literal[
    "count", "count_distinct", "missing_count", "missing_share", "duplicate_rows",
    "sum", "mean", "median", "min", "max", "std", "skew", "kurtosis", "quantile",
    "share_rows", "share_sum", "difference", "change", "ratio",
    "correlation", "association", "correlation_ratio", "slope", "outlier_count", "argmax", "argmin",
]  # fmt: skip
Grain = Literal[
    "minute", "hour", "day", "week", "month", "quarter", "year",
    "weekday", "hour_of_day", "month_of_year",
]  # fmt: skip
FilterOp = Literal[
    "eq", "ne", "in", "gt", "ge", "lt", "le", "between", "mentions", "not_mentions", "is_missing", "not_missing",
]  # fmt: skip
Aggregate = Literal["count", "count_distinct", "sum", "mean", "median", "min", "max", "std"]


class Filter(Sparse):
    """One condition on one column; several are joined by *and*.

    `value` is a scalar, a tuple for `in`, a (low, high) pair for `between` (both ends included), absent for the
    two `missing` ops. Dates and times are ISO 8601 text; a bare date as the high end of `between` means its whole day.
    `mentions` asks of a text whether it holds this word, or these words in a row, in capitals or not; a word ends
    where no letter, mark or digit follows. A missing cell satisfies no condition but `is_missing`. With `minus`,
    another column, the condition is on the days from the date `minus` to the date `column`, or on the number `column`
    less the number `minus`.
    """

    column: str
    minus: str | None = None
    op: FilterOp
    value: Scalar | tuple[Scalar, ...] = None


class Measure(Sparse):
    """What to compute, over which rows, split by what.

    - `column`, `column2`: what is measured; `column=None` with `count` means rows, with `missing_*` all cells.
    - `minus`: a date column taken from the date column `column`: what is measured is then the time between the two
      in days (fractions for times; from date to date where one of the two has no time of day; negative where `minus`
      is later), for every metric that takes a number.
    - `by`: one value per key of this column; with `grain` per period, with `bin_width` per bin (key = lower edge).
      Periods come in time order, bins ascending, categories by value descending (ties by key).
    - `limit`: with `by`, the first `limit` keys; all further ones are folded into one entry with `other` set.
    - `filters`: which rows; `baseline`: the rows compared against (all rows when empty).
    - `of`: the inner aggregate of `difference, change, ratio, argmax, argmin, slope`; `sum` unless said otherwise.
    - `q`: the quantile, 0-1.

    Definitions, each in one place for every engine:
    `duplicate_rows` = rows equal to an earlier one, or with `column` equal in every other column;
    `share_rows` = rows with `filters` / all rows, or with `by` the rows of each key / rows with `filters`;
    `share_sum` = the same with the sum of `column`; `difference` = of(filters) - of(baseline);
    `change` = of(filters) / of(baseline) - 1, or with `column2` that of the ratio of the two columns;
    `ratio` = of(filters) / of(baseline), or sum(column) / sum(column2) when `column2` is given, or values / distinct
    values of `column2` when it alone is given;
    `argmax`/`argmin` = the key of `by` whose `of(column)` is greatest/least;
    `correlation` = Pearson's r of `column` and `column2`; `association` = bias-corrected Cramer's V (Bergsma 2013);
    `correlation_ratio` = eta of the number `column` by the values of `column2` (Fisher 1925), 0-1: its square is the
    share of the number's variance that lies between the values; None where the number does not vary;
    `slope` = Theil-Sen slope per period of `of(column)` by `by` and `grain`; `outlier_count` = values more than
    3.5 x 1.4826 MAD from the median (Iglewicz & Hoaglin 1993), 0 where the MAD is 0;
    `skew`, `kurtosis` = bias-corrected sample moments G1, excess G2 (Joanes & Gill 1998).
    """

    metric: Metric
    column: str | None = None
    column2: str | None = None
    minus: str | None = None
    by: str | None = None
    grain: Grain | None = None
    bin_width: float | None = None
    limit: int | None = None
    filters: tuple[Filter, ...] = ()
    baseline: tuple[Filter, ...] = ()
    of: Aggregate | None = None
    q: float | None = None

    @cached_property
    def fact_id(self) -> str:
        """The id of this measure's fact: the same measure bears the same id in every run."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return "f_" + hashlib.sha256(canonical.encode()).hexdigest()[:8]


class KeyedValue(Sparse):
    """One entry of a measure with `by`. `key=None` stands for rows whose key is missing; `n` counts the rows behind
    `value`; `other` is how many keys a folded rest holds (then `key` is "Other")."""

    key: Scalar
    value: Scalar
    n: int = 0
    other: int | None = None


class Fact(Contract):
    """A measure with its value.

    `value` is a scalar (None where the measure is undefined, e.g. the mean of no rows), or a tuple of entries for a
    measure with `by`. `n` is how many rows, or cells for `missing_*` without a column, the value rests on.
    `unit` is None for plain numbers, `share` for a fraction 0-1 shown as percent, `rows`, `cells`, `days` for a
    measure with `minus`, or the column's own unit.
    """

    id: str
    measure: Measure
    value: Scalar | tuple[KeyedValue, ...]
    unit: str | None = None
    n: int
