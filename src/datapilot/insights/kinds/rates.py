"""How much of one amount comes on each of another, by group: "Orders are 6% of sessions for Email, 0.8% for Social".

Test: Kruskal & Wallis over what each row has above or below the common rate, in units of the square root of its base
(a count varies with it); effect: epsilon squared. The order of first and last must not hang on the largest rows.
"""

import re
from collections.abc import Iterator
from itertools import permutations

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.natures import is_unwelcome
from datapilot.insights.nouns import singular
from datapilot.insights.owners import owner
from datapilot.insights.phrases import (
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
from datapilot.insights.statistics import Floats, Ints, Test, kruskal, spearman, without_top
from datapilot.insights.subjects import Category, Quantity, Subjects, is_code
from datapilot.words.labels import label
from datapilot.words.render import column_slot

# Things of which a reader says "per": words whose singular we know.
COUNTED = frozenset({
    "sessions", "visits", "orders", "units", "items", "users", "customers", "clients", "employees", "calls", "clicks",
    "impressions", "tickets", "days", "nights", "hours", "stores", "trips", "views", "patients", "students", "products",
    "shipments", "bookings", "leads", "emails", "messages", "requests", "visitors", "passengers", "members", "guests",
    "parts", "pieces", "contacts", "applications", "applicants", "claims", "policies", "subscribers", "transactions",
    "holders", "policyholders", "drivers",
    "invoices", "vehicles", "rooms", "beds", "seats", "runs", "games", "miles", "kilometers", "kilometres", "meetings",
    "conversions", "signups", "installs", "downloads", "purchases", "donations",
    "deals", "opportunities", "quotes", "households", "residents", "inhabitants",
})  # fmt: skip
EARNED = frozenset({"revenue", "sales", "umsatz", "turnover", "income", "ventas", "ingresos", "ertrag"})
SPENT = frozenset({"spend", "spending", "spent", "cost", "costs", "ausgaben", "kosten", "gasto", "budget"})
# What advertising and selling bring, and what they bring it from.
BROUGHT = frozenset({
    "conversions", "signups", "installs", "downloads", "purchases", "leads", "orders", "customers", "donations",
    "bookings", "clicks",
})  # fmt: skip
BRINGING = frozenset({"impressions", "clicks", "visits", "sessions", "views", "emails", "visitors"}) | SPENT
ON_THE_WAY = 0.95  # what a click costs, beside what a customer does
SEEN = frozenset({"impressions", "views"})
LEAST_RETURN_RHO = 0.1  # channels with large budgets may earn little
LEAST_RHO = 0.3  # between the two amounts, or neither comes on the other
LEAST_GROUP = 10  # rows
LEAST_EPSILON2 = 0.03
LEAST_TIMES = 1.3  # the highest rate against the lowest
MOST_GROUPS = 20
MOST_AMOUNTS = 5
_LISTED = 8


def find_rates(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of every rate of two amounts by every category."""
    amounts = [one for one in subjects.own_quantities if _is_amount(one)][:MOST_AMOUNTS]
    seen = set[str]().union(*map(_words, amounts))
    for above, below in permutations(amounts, 2):
        if not _comes_on(above, below):
            continue
        if "clicks" in seen and _words(below) & SEEN and _words(above) & (BROUGHT - {"clicks"}):
            continue  # what is shown brings clicks, and clicks bring the rest
        for category in subjects.categories:
            if category.is_personal or not 2 <= len(category.codes.labels) <= MOST_GROUPS or is_code(category.column):
                continue
            rows = np.flatnonzero(category.codes.codes >= 0)
            yield _tested(subjects, above, below, category, rows)


def _is_amount(quantity: Quantity) -> bool:
    """Whether a quantity adds up, is known of every row and never negative."""
    known = bool(np.isfinite(quantity.values).all())
    return quantity.adds_up and quantity.minus is None and known and float(quantity.values.min()) >= 0


def _comes_on(above: Quantity, below: Quantity) -> bool:
    """Whether a reader would divide the one by the other: money by things, or the rarer by the commoner thing."""
    if _is_return(above, below):
        return spearman(above.values, below.values).effect >= LEAST_RETURN_RHO
    if below.unit is not None or _counted(below) is None:
        return False
    is_money = above.unit is not None or bool(_words(above) & (SPENT | EARNED))
    if not is_money and float(above.values.sum()) >= float(below.values.sum()):
        return False
    if _is_brought(above, below) or _is_brought(below, above):
        return True  # what brings little is the finding
    return spearman(above.values, below.values).effect >= LEAST_RHO


def _words(quantity: Quantity) -> set[str]:
    return {*label(quantity.column).lower().split()}


def _is_brought(one: Quantity, other: Quantity) -> bool:
    """Whether one is what the other brings: conversions of clicks or of spend."""
    return bool(_words(one) & BROUGHT and _words(other) & BRINGING)


def _is_return(above: Quantity, below: Quantity) -> bool:
    """Whether one is the money that came back of the other, the money spent."""
    earned, spent = _words(above), _words(below)
    return above.unit == below.unit and bool(earned & EARNED and spent & SPENT) and not earned & SPENT


def _tested(
    subjects: Subjects, above: Quantity, below: Quantity, category: Category, rows: Ints
) -> tuple[Test, Candidate | None]:
    codes, tops, bases = category.codes.codes[rows], above.values[rows], below.values[rows]
    size = len(category.codes.labels)
    common = tops.sum() / max(bases.sum(), 1e-9)
    test = kruskal((tops - common * bases) / np.sqrt(np.maximum(bases, 1.0)), codes, size)
    rates = _rates(tops, bases, codes, size)
    if test.effect < LEAST_EPSILON2 or int(np.isfinite(rates).sum()) < 2:
        return test, None
    first, last = int(np.nanargmax(rates)), int(np.nanargmin(rates))
    if rates[last] <= 0 or rates[first] < LEAST_TIMES * rates[last]:
        return test, None
    largest = np.lexsort((tops, codes))[np.cumsum(np.bincount(codes, minlength=size))[[first, last]] - 1]
    kept = without_top(np.abs(tops - common * bases))
    kept[largest] = False
    without = _rates(tops[kept], bases[kept], codes[kept], size)
    if not without[first] > without[last]:
        return test, None
    times = float(rates[first] / rates[last])
    share = float(max((codes == first).mean(), (codes == last).mean()))
    found = _candidate(subjects, above, below, category, test=test, times=times, share=share)
    return test, found._replace(group=f"{first} {last}")


def _rates(tops: Floats, bases: Floats, codes: Ints, size: int) -> Floats:
    """Return the rate of each group, NaN where its rows are too few or its base is nothing."""
    sums = np.bincount(codes, weights=tops, minlength=size)
    below = np.bincount(codes, weights=bases, minlength=size)
    fit = (np.bincount(codes, minlength=size) >= LEAST_GROUP) & (below > 0)
    return np.where(fit, sums / np.maximum(below, 1e-9), np.nan)


def _candidate(
    subjects: Subjects, above: Quantity, below: Quantity, category: Category, *, test: Test, times: float, share: float
) -> Candidate:
    each = Measure(metric="ratio", column=above.column, column2=below.column, by=category.column)
    rows = Measure(metric="count", by=category.column)

    def word(facts: Facts) -> Wording | None:
        fact, counts = facts[each.fact_id], {key: count for _, key, count, _ in entries(facts[rows.fact_id])}
        parts = [part for part in entries(fact) if counts.get(part[1], 0) >= LEAST_GROUP and part[2] > 0]
        if len(parts) < 2 or parts[0][2] < LEAST_TIMES * parts[-1][2]:
            return None
        (first, top, highest, _), (last, bottom, _, _) = parts[0], parts[-1]
        is_part = above.unit is None and highest < 1 and not {*label(above.column).lower().split()} & (EARNED | SPENT)
        form = "percent" if is_part else ""
        high, low = entry_slot(fact, first, form=form), entry_slot(fact, last, form=form)
        name = f"{above.name} per {_one(below)}"
        headline = (
            f"{name} is highest {among(category.column, top)} with {high}, lowest {among(category.column, bottom)}"
        )
        headline += f" with {low}"
        if is_part:
            headline = (
                f"{above.name} are {high} of {below.name} {among(category.column, top)}, "
                f"but {low} {among(category.column, bottom)}"
            )
        elif _both_nameable(category, top, bottom):
            headline = f"{named_group(category.column, top)} has the highest {name}, {high}; {_bare(category, bottom)} "
            headline += f"the lowest, {low}"
        detail = f"{name} by {column_slot(category.column)}: {listing(fact, form=form, most=_LISTED)}."
        best, worst = group(category.column, top), group(category.column, bottom)
        what = f"Learn from {best} what could raise {name} elsewhere, and ask why {worst} lies behind."
        if is_unwelcome(above):
            are = is_are(above.column)
            what = f"Ask why {name} {are} highest for {best}, and price or plan for it; {worst} shows what is possible."
        if _is_brought(below, above):
            what = (
                f"Move a part of {above.name} from {best} to {worst} on trial, and watch whether {below.name} follow."
            )
        reach = f"from {low} {among(category.column, bottom)} to {high} {among(category.column, top)}"
        story = f"{name} {'range' if is_are(above.column) == 'are' else 'ranges'} {reach}."
        return Wording(headline, detail, owner(above.column, below.column, category.column), what, story=story)

    effect = min(1.0, 0.35 + float(np.log(times)) / 3) * (ON_THE_WAY if _words(below) & BRINGING else 1.0)
    return Candidate(
        kind="rate", columns=(above.column, below.column, category.column), measures=(each, rows), word=word,
        impact=min(1.0, 2 * share), effect=effect, n=test.n, p_value=test.p_value,
        statistics=(
            f"Kruskal–Wallis over deviations from the common rate {p_text(test.p_value)}, ε² = {test.effect:.2f}, "
            f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}"
        ),
        subject=(f"{above.key}", f"{below.key}"),
    )  # fmt: skip


def _one(quantity: Quantity) -> str:
    """Return the template "session" for a column of sessions."""
    said = label(quantity.column)
    counted = _counted(quantity)
    if counted is None or any(character.isnumeric() or character in "{}" for character in said):
        return column_slot(quantity.column)
    return said.replace(counted, singular(counted), 1)


def _counted(quantity: Quantity) -> str | None:
    """Return the plural that says what is counted: "sessions", "units" of "units produced"; None for what is none,
    or no word whose singular is known."""
    said = label(quantity.column)
    head = re.sub(r"( [a-z]+ed)+$", "", said)
    return head if head.split()[-1].lower() in COUNTED else None


def _both_nameable(category: Category, top: Scalar, bottom: Scalar) -> bool:
    return is_nameable(category.column, top) and is_nameable(category.column, bottom)


def _bare(category: Category, value: Scalar) -> str:
    return group(category.column, value)
