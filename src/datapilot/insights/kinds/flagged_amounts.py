"""How much of an amount a yes or no holds, by group: "Only 44% of total hours are billable for Design, against 80% for
the rest".

Records do not say it: an entry of eight hours counts as much as one of one. Test: chi-square of independence over the
groups, with the amounts' own dispersion as for totals (mean of squares / mean); effect: how far the shares lie apart.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.engine.p_values import chi2_tail
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Ints, Test, without_top
from datapilot.insights.subjects.dividing import is_amount, is_time
from datapilot.insights.subjects.happenings import yes_of
from datapilot.insights.subjects.natures import is_adjective, said_of
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects, is_code
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    among,
    entries,
    fact_slot,
    group,
    is_are,
    listing,
    number,
    p_text,
    rows_text,
)
from datapilot.words.render import column_slot, is_question

MOST_AMOUNTS = 2
MOST_GROUPS = 12
LEAST_GROUP = 20  # records
LEAST_POINTS = 0.1  # between a group's share and that of all others
LEAST_SIDE = 0.05  # of the amount on either side, or nothing is divided
_LISTED = 8


def find_flagged_amounts(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of every amount that a yes or no divides, by every category."""
    amounts = [one for one in subjects.own_quantities if is_amount(one) and (one.adds_up or is_time(one))]
    amounts = sorted(amounts, key=lambda one: not is_time(one))[:MOST_AMOUNTS]
    groups = [
        one for one in subjects.categories
        if not one.is_personal and 2 < len(one.codes.labels) <= MOST_GROUPS and not is_code(one.column)
    ]  # fmt: skip
    for flag in subjects.categories:
        if not _divides(flag) or not is_adjective(flag.column):
            continue  # of things that are marked so, records are counted
        yes = flag.codes.codes == flag.codes.labels.index(True)
        for amount in amounts:
            held = float(amount.values[yes].sum() / max(amount.values.sum(), 1e-9))
            if not LEAST_SIDE <= held <= 1 - LEAST_SIDE:
                continue
            if any(float(amount.values[side].min()) == float(amount.values[side].max()) for side in (yes, ~yes)):
                continue
            for category in groups:
                yield from _by_group(subjects, amount, flag, category)


def _divides(flag: Category) -> bool:
    """Whether a column says yes or no of every record, and nothing that happened to it, which is told by how often."""
    labels = flag.codes.labels
    is_flag = len(labels) == len((True, False)) and all(isinstance(label, bool) for label in labels)
    return is_flag and bool((flag.codes.codes >= 0).all()) and yes_of(flag) is None and not is_question(flag.column)


def _by_group(
    subjects: Subjects, amount: Quantity, flag: Category, category: Category
) -> Iterator[tuple[Test, Candidate | None]]:
    rows = np.flatnonzero(category.codes.codes >= 0)
    codes, values = category.codes.codes[rows], amount.values[rows]
    sizes = np.bincount(codes, minlength=len(category.codes.labels))
    kept = sizes[codes] >= LEAST_GROUP
    rows, codes, values = rows[kept], codes[kept], values[kept]
    if len(np.unique(codes)) < len((True, False)):
        return
    yes = flag.codes.codes[rows] == flag.codes.labels.index(True)
    size = len(category.codes.labels)
    whole, part = (np.bincount(codes, weights=weights, minlength=size) for weights in (values, values * yes))
    share = part.sum() / whole.sum()
    spread = whole * share * (1 - share) * float((values**2).sum() / values.sum())
    distance = np.where(whole > 0, (part - whole * share) / np.sqrt(np.maximum(spread, 1e-9)), 0.0)
    groups = int((whole > 0).sum())
    at = int(np.argmax(np.abs(distance)))
    here, rest = _shares(values, yes, codes == at)
    test = Test(chi2_tail(float((distance**2).sum()), groups - 1), abs(here - rest), len(rows))
    fewer = without_top(values)
    less = _shares(values[fewer], yes[fewer], codes[fewer] == at)
    is_clear = abs(here - rest) >= LEAST_POINTS and (less[0] - less[1]) * np.sign(here - rest) >= LEAST_POINTS / 2
    yield test, _candidate(subjects, amount, flag, category, at=at, codes=codes, test=test) if is_clear else None


def _shares(values: np.ndarray, yes: np.ndarray, inside: np.ndarray) -> tuple[float, float]:
    """Return the part of the amount that is so, in a group and in all others."""
    here, rest = (
        float(values[side & yes].sum() / max(values[side].sum(), 1e-9)) for side in (inside, ~inside)
    )  # fmt: skip
    return here, rest


def _candidate(
    subjects: Subjects, amount: Quantity, flag: Category, category: Category, *, at: int, codes: Ints, test: Test
) -> Candidate:
    label: Scalar = category.codes.labels[at]
    so = Filter(column=flag.column, op="eq", value=True)
    where, others = (Filter(column=category.column, op=op, value=label) for op in ("eq", "ne"))
    own = amount.filters

    def share(*filters: Filter, by: str | None = None) -> Measure:
        return Measure(
            metric="ratio",
            column=amount.column,
            of="sum",
            by=by,
            filters=(*filters, so, *own),
            baseline=(*filters, *own),
        )

    rest, overall, each = share(others), share(), share(by=category.column)
    # Of no rows there is no sum, and so no share: that none is so is told by their number.
    is_none = not (flag.codes.codes[category.codes.codes == at] == flag.codes.labels.index(True)).any()
    here = Measure(metric="count", filters=(where, so)) if is_none else share(where)
    whole = amount.measure("sum", where=(where,))

    def word(facts: Facts) -> Wording | None:
        inner, outer = number(facts, here.fact_id), number(facts, rest.fact_id)
        if inner is None or outer is None or abs(inner - outer) < LEAST_POINTS / 2:
            return None
        only = "only " if inner < outer else ""
        if is_none and inner:
            return None
        only = "" if is_none else only
        inside, outside = (fact_slot(facts[one.fact_id], "percent") for one in (here, rest))
        inside = "none" if is_none else inside
        are = said_of(flag.column).replace("are", is_are(amount.column), 1)
        headline = (
            f"{only}{inside} of {amount.total} {are} {among(category.column, label)}, against {outside} for the rest"
        )
        detail = (
            f"Over all records it is {fact_slot(facts[overall.fact_id], 'percent')}; "
            f"{fact_slot(facts[whole.fact_id])} of {amount.name} lie {among(category.column, label)}."
        )
        if len(entries(facts[each.fact_id])) > len((here, rest)):
            detail += (
                f" By {column_slot(category.column)}: {listing(facts[each.fact_id], form='percent', most=_LISTED)}."
            )
        if is_none:
            headline = f"no {amount.name} {are} {among(category.column, label)}, against {outside} for the rest"
        so_here = f"{column_slot(flag.column)} {among(category.column, label)}"
        what = f"Ask why nothing is {so_here}: it may be agreed so, or only never be marked."
        if not is_none:
            what = (
                f"Ask what the rest of {amount.name} is {among(category.column, label)}, and whether "
                f"{group(category.column, label)} can come closer to the others."
            )
        story = f"Of {amount.total}, {inside} {are} {among(category.column, label)} and {outside} for the rest."
        return Wording(headline, detail, owner(amount.column, flag.column, category.column), what, story=story)

    return Candidate(
        kind="rate", columns=(amount.column, flag.column, category.column),
        measures=(here, rest, overall, each, whole), word=word, impact=min(1.0, 0.3 + float((codes == at).mean())),
        effect=min(1.0, 0.5 + test.effect), n=test.n, p_value=test.p_value,
        statistics=f"χ² of equal shares of the amount {p_text(test.p_value)}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=(f"{amount.key}", flag.column),
    )  # fmt: skip
