"""Columns that say again what another one says: twins, parts of a date, echoes, balances, counts of the rows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from datapilot.insights.statistics import Floats, Ints, contingency, pearson
from datapilot.insights.subjects.cells import Codes
from datapilot.insights.subjects.subjects import FEWEST_VALUES, SAME_DIVISION, Category, Quantity
from datapilot.words.labels import label

MOST_FALLS, LEAST_RISES = 0.01, 0.3  # of the steps of a total so far: corrections, and days without any
RUNNING = 0.999  # of Pearson's r between what a column gains and another's amounts
SHORTENED = 4  # letters of a name that stand for the whole of it: tenur in tenursq
ECHO = 0.995  # of Pearson's r
FEWEST_CALLED_SO = 5  # values that follow in order, of two columns of which one is called the square of the other
TOLD_BY_PART = 0.99  # of the rows, in both directions
_WORKED_OUT = re.compile(r"(?:log|ln|l|sqrt|sq)[ _]?(?P<of>.+)|(?P<by>.+?)[ _]?(?:sq|squared|log)")


def without_twins(categories: tuple[Category, ...]) -> tuple[Category, ...]:
    """Leave out a category that divides the rows just as an earlier one does under other names."""
    kept: list[Category] = []
    for category in categories:
        alike = next((at for at, one in enumerate(kept) if _divide_alike(one.codes, category.codes)), None)
        if alike is None:
            kept.append(category)
        elif not _has_names(kept[alike]) and _has_names(category):
            kept[alike] = category  # the account's name rather than its number
    return tuple(kept)


def _has_names(category: Category) -> bool:
    return any(isinstance(one, str) and not one.isdigit() for one in category.codes.labels)


def _divide_alike(one: Codes, other: Codes) -> bool:
    if abs(len(one.labels) - len(other.labels)) > 1:
        return False
    both = (one.codes >= 0) & (other.codes >= 0)
    if both.sum() < FEWEST_VALUES:
        return False
    counts = contingency(one.codes[both], other.codes[both], len(one.labels), len(other.labels))
    agreeing = min(int(counts.max(axis=0).sum()), int(counts.max(axis=1).sum()))
    return agreeing >= SAME_DIVISION * int(both.sum())


def without_parts_of_time(categories: tuple[Category, ...], days: Iterable[Floats]) -> tuple[Category, ...]:
    """Leave out the columns that only spell a part of a date beside them: its month, its weekday."""
    parts = [part for one in days for part in _parts_of(one)]
    return tuple(one for one in categories if not any(_says_part(one.codes, part) for part in parts))


def _parts_of(days: Floats) -> Iterator[Ints]:
    known = np.isfinite(days)
    dates = np.floor(np.where(known, days, 0)).astype("int64").astype("datetime64[D]")
    months = dates.astype("datetime64[M]").astype(np.int64)
    for part in (months % 12, months // 3 % 4, months // 12 + 1970, (dates.astype(np.int64) + 3) % 7):
        yield np.where(known, part, -1)


def _says_part(codes: Codes, part: Ints) -> bool:
    both = (codes.codes >= 0) & (part >= 0)
    occurs = np.bincount(part[both]) > 0  # counted: sorting the parts for every category took as long as all the rest
    if both.sum() < FEWEST_VALUES or occurs.sum() < len(codes.labels):
        return False
    place = (np.cumsum(occurs) - 1)[part[both]]
    counts = contingency(codes.codes[both], place, len(codes.labels), int(occurs.sum()))
    is_told = counts.max(axis=0).sum() >= TOLD_BY_PART * both.sum()
    return bool(is_told and counts.max(axis=1).sum() >= TOLD_BY_PART * both.sum())


def echoes_marked(quantities: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    marked: list[Quantity] = []
    for quantity in quantities:
        runs = quantity.minus is None and any(
            _runs_up(quantity.values, other.values) for other in quantities if other is not quantity
        )  # steady growth gains in step with itself
        echoes = runs or any(
            _echo(earlier.values, quantity.values) or _is_worked_out(earlier, quantity)
            for earlier in marked if not earlier.is_echo
        )  # fmt: skip
        marked.append(replace(quantity, is_echo=echoes or quantity.is_echo))
    return tuple(marked)


def keeps_span(values: Floats, span: Floats) -> bool:
    """Whether a column holds the time between two dates, in whatever unit: the dates say it better, or contradict
    themselves."""
    both = np.isfinite(values) & np.isfinite(span)
    if both.sum() < FEWEST_VALUES or not np.ptp(values[both]) or not np.ptp(span[both]):
        return False
    return pearson(values[both], span[both]) > ECHO


def numbers_rows(values: Floats) -> bool:
    """Whether a column counts the rows, or the periods beside it: 0, 1, 2, … or 1, 2, 3, …"""
    return len(values) >= FEWEST_VALUES and values[0] in {0, 1} and bool((np.diff(values) == 1).all())


def _runs_up(values: Floats, steps: Floats) -> bool:
    """Whether a column is the running balance of another: each row adds that row's amount."""
    gained, step = np.diff(values), steps[1:]
    both = np.isfinite(gained) & np.isfinite(step)
    if both.sum() < FEWEST_VALUES or not np.ptp(step[both]) or not np.ptp(gained[both]):
        return False
    return pearson(gained[both], step[both]) > RUNNING


def runs_on(values: Floats, days: Floats, codes: Ints | None = None) -> bool:
    """Whether values go up and not down from date to date, for each of many by its code: what is a total so far."""
    known = np.isfinite(values) & np.isfinite(days)
    many = np.zeros(len(values), dtype=np.int64) if codes is None else codes
    rows = np.flatnonzero(known & (many >= 0))
    rows = rows[np.lexsort((days[rows], many[rows]))]
    steps = np.diff(values[rows])[np.diff(many[rows]) == 0]
    if len(steps) < FEWEST_VALUES:
        return False
    return float(np.mean(steps < 0)) <= MOST_FALLS and float(np.mean(steps > 0)) >= LEAST_RISES


def says_worked_out(name: str, names: set[str]) -> bool:
    """Whether a name is another one with a sign of what was done to it: "log wage", "lwage", "age sq"."""
    match = _WORKED_OUT.fullmatch(name)
    if match is None:
        return False
    stem, others = match["of"] or match["by"], names - {name}
    return stem in others or (len(stem) >= SHORTENED and any(one.startswith(stem) for one in others))


def _is_worked_out(one: Quantity, other: Quantity) -> bool:
    """Whether a column is another one in other clothes: its square, its logarithm."""
    most = int(one.places.max(initial=-1))
    if most + 1 < FEWEST_CALLED_SO or int(other.places.max(initial=-1)) != most:
        return False
    if one.minus is not None or other.minus is not None or not np.array_equal(one.is_known, other.is_known):
        return False
    if most + 1 < FEWEST_VALUES:
        written = [label(name.column).lower() for name in (one, other)]
        if not any(says_worked_out(name, {*written}) for name in written):
            return False
    known = one.is_known
    places, others = one.places[known], other.places[known]
    return bool(np.array_equal(places, others) or np.array_equal(places, most - others))


def _echo(values: Floats, others: Floats) -> bool:
    both = np.isfinite(values) & np.isfinite(others)
    if both.sum() < max(FEWEST_VALUES, 0.5 * len(values)):
        return False
    return abs(pearson(values[both], others[both])) > ECHO
