"""What happened to the records of a table: a yes, an end that a status came to, or an end beside others."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.statistics import is_looked_up
from datapilot.insights.subjects.natures import (
    bad_end_of,
    became,
    is_answer_code,
    is_event,
    is_outcome_value,
    is_status,
    is_welcome,
    rate_name,
)
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects
from datapilot.words.meanings import DO, name_words
from datapilot.words.render import column_slot, value_slot

_ON_HAND = frozenset({"stock", "inventory", "hand", "onhand", "available", "bestand", "lagerbestand"})
_NOT_ON_HAND = frozenset({
    "value", "cost", "price", "max", "maximum", "days", "turnover", "order", "ordered", "wert", "in", "out", "opening",
    "turns", "rate", "target",
})  # fmt: skip
_LEAST = frozenset({"reorder", "min", "minimum", "safety", "mindestbestand", "meldebestand"})
_AGAIN = frozenset({"reorder", "mindestbestand", "meldebestand"})
_NOES = frozenset({"no", "none", "never", "not", "nein"})
FEWEST_ROWS = 60
ALL, NONE = 0.98, 0.02
MOST_STATUSES, MOST_ENDS = 8, 2
FAILED = 400  # and above: what a server answers to a request that it could not serve
LISTED = 8


class Event(NamedTuple):
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
            if str(self.status).lower() in DO:
                return value  # died, survived
            return f"are {value}" if is_outcome_value(self.status) else f"have {column_slot(self.columns[0])} {value}"
        if self.is_short:
            return f"are below their {column_slot(self.columns[1])}"
        return became(self.columns[0]) if len(self.columns) == 1 else "are late"

    @property
    def is_late(self) -> bool:
        """Whether it is that a date came after another one."""
        return len(self.columns) > 1 and not self.is_short

    @property
    def is_short(self) -> bool:
        """Whether it is that less is there than ought to be."""
        return len(self.columns) > 1 and self.so.op == "lt"

    @property
    def is_welcome(self) -> bool:
        return len(self.columns) == 1 and is_welcome(str(self.status or self.columns[0]))

    def rate(self, *where: Filter) -> Measure:
        return Measure(metric="ratio", of="count", filters=(*where, self.so), baseline=(*where, self.is_known))


def events_of(subjects: Subjects) -> Iterator[Event]:
    """Yield what the categories tell, each yes or end by itself, then whether promised dates were kept."""
    for category in subjects.categories:
        codes, column, yes = category.codes.codes, category.column, yes_of(category)
        for code in ends_of_status(category) if yes is None else (yes,):
            label = category.codes.labels[code]
            so, is_known = Filter(column=column, op="eq", value=label), Filter(column=column, op="not_missing")
            yield Event((column,), codes == code, codes >= 0, so, is_known, label if yes is None else None)
        no = no_among_ends(category)
        if no is not None:
            is_not = Filter(column=column, op="ne", value=category.codes.labels[no])
            is_known = Filter(column=column, op="not_missing")
            yield Event((column,), (codes >= 0) & (codes != no), codes >= 0, is_not, is_known)
    for promised, happened in subjects.promises:
        late = subjects.cells.span(happened, promised)
        yield Event(
            (happened, promised), late > 0, np.isfinite(late),
            Filter(column=happened, minus=promised, op="gt", value=0),
            Filter(column=happened, minus=promised, op="not_missing"),
        )  # fmt: skip
    for there, least in islice(_stocks(subjects), 1):
        left = there.values - least.values
        yield Event(
            (there.column, least.column), left < 0, np.isfinite(left),
            Filter(column=there.column, minus=least.column, op="lt", value=0),
            Filter(column=there.column, minus=least.column, op="not_missing"),
        )  # fmt: skip


def _stocks(subjects: Subjects) -> Iterator[tuple[Quantity, Quantity]]:
    """Yield what is on hand with the least that ought to be, or at which is ordered again, as their names say."""
    plain = [(one, set(name_words(one.column))) for one in subjects.quantities if one.minus is None]
    least = [one for one, words in plain if words & _LEAST and (words & _AGAIN or words & _ON_HAND)]
    there = [one for one, words in plain if words & _ON_HAND and not words & (_LEAST | _NOT_ON_HAND)]
    yield from ((one, other) for one in there for other in least if one.unit == other.unit)


def yes_of(category: Category) -> int | None:
    """Return the code of "yes" where a column says of its records whether something happened, else None."""
    is_told = is_event(category.column) or is_status(category.column)
    return category.yes if len(category.codes.labels) == 2 and is_told and not category.is_personal else None


def no_among_ends(category: Category) -> int | None:
    """Return the code of "no" where a column of something that happens tells of what kind its yes was (readmitted: NO,
    within 30 days, later), else None."""
    said = [str(one).lower() for one in category.codes.labels]
    is_told = is_event(category.column) and not category.is_personal and 2 < len(said) <= MOST_STATUSES
    found = [code for code, one in enumerate(said) if one in _NOES]
    return found[0] if is_told and len(found) == 1 else None


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
    ends = [code for code, label in enumerate(category.codes.labels) if is_outcome_value(label)]
    if len(ends) == len(category.codes.labels) == len(("one", "other")):
        return (max(ends),)  # the rarer one: what all others came to is the same told once more
    # Who was hired is rare, and what all the others were looked at for.
    wanted = [code for code in ends[MOST_ENDS:] if is_welcome(str(category.codes.labels[code]))]
    return (*ends[:MOST_ENDS], *wanted[:1])


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
    is_told = yes_of(category) is not None or no_among_ends(category) is not None
    return is_told or bool(ends_of_status(category))
